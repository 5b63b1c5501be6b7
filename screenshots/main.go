//go:build unix

//go:generate go run .

// Command screenshots makes the pictures in this folder from the real program.
//
// It builds levcontacts, runs it on its sample data in a terminal of its own
// with the clock standing still, presses the keys listed in script.go, and draws
// the cells of the screen as SVG; rsvg-convert makes the PNG files of them. Run
// it with
//
//	go generate ./screenshots
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

const (
	// demoTime is the moment at which the program's clock stands still.
	demoTime = "2026-11-20T15:04:00Z"

	// quiet is how long the screen must not have changed before it is drawn.
	quiet = 150 * time.Millisecond

	// filmLimit is the most bytes the moving picture may have.
	filmLimit = 1_000_000

	// pngScale makes text sharp on dense screens.
	pngScale = "2"
)

func main() {
	program := flag.String("program", "", "take pictures of this `file` instead of building levcontacts")
	only := flag.String("only", "", "make only the picture of this `name`")
	out := flag.String("out", ".", "write the pictures to this `folder`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *program, *only, *out); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

// run makes all pictures, or the one called only, in the folder out.
func run(ctx context.Context, program, only, out string) error {
	if err := checkTools(ctx); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "levcontacts-screenshots-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	if program == "" {
		if program, err = term.Build(ctx, temp, ".."); err != nil {
			return err
		}
	}
	if program, err = filepath.Abs(program); err != nil {
		return err
	}
	wanted := slices.DeleteFunc(pictures(), func(p picture) bool { return only != "" && p.name != only })
	if len(wanted) == 0 {
		return fmt.Errorf("there is no picture called %q", only)
	}
	for _, p := range wanted {
		if err := take(ctx, program, filepath.Join(temp, p.name), out, p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// checkTools makes sure that what the PNG files are made with is there. Without
// the font they would be made all the same, and be ugly.
func checkTools(ctx context.Context) error {
	if _, err := exec.LookPath("rsvg-convert"); err != nil {
		return errors.New("rsvg-convert is not installed; on Debian it is in the package librsvg2-bin")
	}
	found, err := exec.CommandContext(ctx, "fc-list", fontFamily).Output()
	if err != nil {
		return fmt.Errorf("ask fc-list (on Debian in the package fontconfig) for fonts: %w", err)
	}
	if len(found) == 0 {
		return fmt.Errorf("the font %s is not installed; on Debian it is in the package fonts-jetbrains-mono", fontFamily)
	}
	return nil
}

// take makes one picture in the folder out. home is a folder for the program's
// own files, new for every picture so that none shows what another one left.
func take(ctx context.Context, program, home, out string, p picture) error {
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	args := append([]string{"--demo"}, p.args...)
	env := []string{"HOME=" + home, "TZ=UTC", "LEVCONTACTS_DEMO_TIME=" + demoTime}
	if p.account {
		var done func()
		var err error
		if args, env, done, err = changedAccount(ctx, program, home); err != nil {
			return err
		}
		defer done()
	}
	t, err := term.Start(ctx, term.Options{
		Path: program, Args: args, Dir: home, Cols: p.cols, Rows: p.rows, Env: env,
		Foreground: p.theme.foreground, Background: p.theme.background,
	})
	if err != nil {
		return err
	}
	defer t.Close()
	shots, err := perform(t, p)
	if err != nil {
		return err
	}
	if p.film {
		return writeFilm(out, p, shots)
	}
	return writePicture(ctx, out, p, shots[len(shots)-1].frame)
}

// changedAccount is an account whose contacts are held, and of which a colleague
// has changed three since.
func changedAccount(ctx context.Context, program, home string) (args, env []string, done func(), err error) {
	service, err := sandbox.New(sandbox.Options{Contacts: 250, Tier: "unlimited"})
	if err != nil {
		return nil, nil, nil, err
	}
	server := httptest.NewServer(service)
	env = []string{"HOME=" + home, "TZ=UTC", "LEV_BASE_URL=" + server.URL + sandbox.BasePath,
		"LEV_API_KEY=lev_sk_pictures_0000000000000000"}
	fill := exec.CommandContext(ctx, program, "list", "--all", "--fields", "id")
	fill.Env = env
	ids, err := fill.Output()
	if err != nil {
		server.Close()
		return nil, nil, nil, fmt.Errorf("read the contacts: %w", err)
	}
	for i, change := range []map[string]any{{"title": "Executive Vice President"}, {"city": "Charlotte", "state": "NC"},
		{"department": "Capital Markets"}} {
		id, err := strconv.ParseInt(strings.Fields(string(ids))[3*i+2], 10, 64) // below the heading
		if err != nil || !service.Update(id, change) {
			server.Close()
			return nil, nil, nil, fmt.Errorf("change contact %d: %w", id, err)
		}
	}
	return nil, env, server.Close, nil
}

// shot is what the screen showed, and for how long a film shows it.
type shot struct {
	frame term.Frame
	hold  time.Duration
}

// perform does all steps of a picture. A film gets a shot of every step and of
// every typed character; any other picture needs only the last.
func perform(t *term.Terminal, p picture) ([]shot, error) {
	var shots []shot
	for i, s := range p.steps {
		if err := s.do(t, func() error {
			if !p.film {
				return nil
			}
			if err := t.WaitQuiet(quiet); err != nil {
				return err
			}
			shots = append(shots, shot{frame: t.Frame(), hold: typingTime})
			return nil
		}); err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
		if err := t.WaitQuiet(quiet); err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
		shots = append(shots, shot{frame: t.Frame(), hold: s.hold})
	}
	return shots, nil
}

// do presses the keys of a step, types its text, and waits for what it is to
// show. typed is called after each character but the last.
func (s step) do(t *term.Terminal, typed func() error) error {
	if len(s.keys) > 0 {
		if err := t.Press(s.keys...); err != nil {
			return err
		}
	}
	letters := []rune(s.text)
	for i, r := range letters {
		if err := t.Send(string(r)); err != nil {
			return err
		}
		if i == len(letters)-1 {
			break
		}
		if err := typed(); err != nil {
			return err
		}
	}
	if err := t.WaitFor(s.shows...); err != nil {
		return err
	}
	return t.WaitGone(s.hides...)
}

func writePicture(ctx context.Context, out string, p picture, f term.Frame) error {
	if shown, found := emoji(f); found {
		return fmt.Errorf("the screen shows %s, which rsvg-convert cannot draw", shown)
	}
	path := filepath.Join(out, p.name)
	if err := os.WriteFile(path+".svg", drawPicture(p, f), 0o644); err != nil {
		return err
	}
	convert := exec.CommandContext(ctx, "rsvg-convert", "--zoom", pngScale, "--output", path+".png", path+".svg")
	if said, err := convert.CombinedOutput(); err != nil {
		return fmt.Errorf("rsvg-convert: %w\n%s", err, said)
	}
	return nil
}

// emoji finds a character of the blocks that only coloured fonts have.
func emoji(f term.Frame) (string, bool) {
	at := slices.IndexFunc(f.Cells, func(c term.Cell) bool {
		r, _ := utf8.DecodeRuneInString(c.Content)
		return r >= 0x1F000 && r < 0x20000
	})
	if at < 0 {
		return "", false
	}
	return f.Cells[at].Content, true
}

func writeFilm(out string, p picture, shots []shot) error {
	svg := drawFilm(p, shots)
	if len(svg) >= filmLimit {
		return fmt.Errorf("the film has %d bytes, which is not less than %d: shorten its script", len(svg), filmLimit)
	}
	return os.WriteFile(filepath.Join(out, p.name+".svg"), svg, 0o644)
}
