//go:build unix

package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/internal/term"
)

// screen is what a terminal shows of a printf format.
func screen(t *testing.T, cols, rows int, format string) term.Frame {
	t.Helper()
	th := darkTheme()
	terminal, err := term.Start(t.Context(), term.Options{Path: "printf", Args: []string{format}, Cols: cols, Rows: rows,
		Foreground: th.foreground, Background: th.background})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	if _, err := terminal.Wait(); err != nil {
		t.Fatal(err)
	}
	return terminal.Frame()
}

// element is one shape or text of an SVG file.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

// elements reads an SVG file, and so proves that it is well formed.
func elements(t *testing.T, svg []byte) []element {
	t.Helper()
	var out []element
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attrs: make(map[string]string)}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			out = append(out, e)
		case xml.CharData:
			out[max(0, len(out)-1)].text += strings.TrimSpace(string(token))
		}
	}
}

// drawn lists what a picture has inside the window, as "name x y width height
// style text" without what is empty.
func drawn(t *testing.T, f term.Frame) []string {
	t.Helper()
	svg := drawPicture(picture{caption: "test", theme: darkTheme()}, f)
	styles := make(map[string]string)
	for _, rule := range regexp.MustCompile(`(?m)^\.(c\d+)\{(.*)\}$`).FindAllSubmatch(svg, -1) {
		styles[string(rule[1])] = string(rule[2])
	}
	var out []string
	for _, e := range elements(t, svg) {
		if e.attrs["class"] == "" {
			continue
		}
		var parts []string
		for _, s := range []string{e.name, e.attrs["x"], e.attrs["y"], e.attrs["width"], e.attrs["height"], e.attrs["d"],
			e.attrs["textLength"], e.attrs["text-anchor"], styles[e.attrs["class"]], e.text} {
			if s != "" {
				parts = append(parts, s)
			}
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

func TestRow(t *testing.T) {
	t.Parallel()
	const hide = `\033[?25l`
	for name, c := range map[string]struct {
		format string
		want   []string
	}{
		"nothing": {hide, nil},
		"words stand alone": {hide + `one  two`, []string{
			"text 0 15 27 fill:#d7dae0 one", "text 45 15 27 fill:#d7dae0 two"}},
		"what XML needs": {hide + `a<b`, []string{"text 0 15 27 fill:#d7dae0 a<b"}},
		"two signs":      {hide + `a->b`, []string{"text 0 15 18 fill:#d7dae0 a-", "text 18 15 18 fill:#d7dae0 >b"}},
		"styles": {hide + `\033[1mb\033[0;3mi\033[0;31mr\033[0;38;5;1mr\033[0;38;2;1;2;3mx`, []string{
			"text 0 15 fill:#d7dae0;font-weight:700 b", "text 9 15 fill:#d7dae0;font-style:italic i",
			"text 18 15 fill:#f2777a r", "text 27 15 fill:#f2777a r", "text 36 15 fill:#010203 x"}},
		"faint":   {hide + `\033[2mf`, []string{"text 0 15 fill:#898c92 f"}},
		"reverse": {hide + `\033[7mr`, []string{"rect 0 9 20 fill:#d7dae0", "text 0 15 fill:#16181d r"}},
		"background of a wide character": {hide + `\033[44m日\033[m`, []string{
			"rect 0 18 20 fill:#78a9f0", "text 9 15 middle fill:#d7dae0 日"}},
		"lines": {hide + `\033[4mu v\033[0;9ms`, []string{
			"rect 0 17 27 1 fill:#d7dae0", "rect 27 10 9 1 fill:#d7dae0",
			"text 0 15 fill:#d7dae0 u", "text 18 15 18 fill:#d7dae0 vs"}},
		"concealed":        {hide + `\033[8msecret`, nil},
		"horizontal line":  {hide + `───`, []string{"rect 0 10 27 1 fill:#d7dae0"}},
		"vertical line":    {hide + `│`, []string{"rect 4 0 1 20 fill:#d7dae0"}},
		"heavy line":       {hide + `┃`, []string{"rect 4 0 2 20 fill:#d7dae0"}},
		"junction":         {hide + `├`, []string{"rect 4 10 5 1 fill:#d7dae0", "rect 4 0 1 20 fill:#d7dae0"}},
		"rounded corner":   {hide + `╭`, []string{"path M4.5 20V14.5Q4.5 10.5 8.5 10.5H9 fill:none;stroke:#d7dae0"}},
		"left half block":  {hide + `▌`, []string{"rect 0 0 4 20 fill:#d7dae0"}},
		"left eighth":      {hide + `▏`, []string{"rect 0 0 1 20 fill:#d7dae0"}},
		"lower half block": {hide + `▄`, []string{"rect 0 10 9 10 fill:#d7dae0"}},
		"quadrants":        {hide + `▚`, []string{"rect 0 0 4 10 fill:#d7dae0", "rect 4 10 5 10 fill:#d7dae0"}},
		"block cursor":     {`ab\b`, []string{"rect 9 9 20 fill:#d7dae0", "text 0 15 fill:#d7dae0 a", "text 9 15 fill:#16181d b"}},
		"bar cursor":       {`a\033[6 q`, []string{"text 0 15 fill:#d7dae0 a", "rect 9 0 2 20 fill:#d7dae0"}},
		"line cursor":      {`a\033[4 q`, []string{"text 0 15 fill:#d7dae0 a", "rect 9 18 9 2 fill:#d7dae0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := drawn(t, screen(t, 12, 2, c.format))
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("drawn is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestEveryBlockStaysInItsCell(t *testing.T) {
	t.Parallel()
	for r := '─'; r <= '▟'; r++ {
		for _, b := range blocks(r) {
			if b.x < 0 || b.y < 0 || b.width < 1 || b.height < 1 || b.x+b.width > 8 || b.y+b.height > 8 {
				t.Errorf("%c: %+v", r, b)
			}
			if b.cover <= 0 || b.cover > 1 {
				t.Errorf("%c: covers %v", r, b.cover)
			}
		}
		if r >= '▀' && blocks(r) == nil {
			t.Errorf("%c is not drawn", r)
		}
	}
}

func TestWindowHoldsAllCells(t *testing.T) {
	t.Parallel()
	f := screen(t, 80, 24, "x")
	all := elements(t, drawPicture(picture{caption: "a <caption>", theme: darkTheme()}, f))
	if got, want := all[0].attrs["viewBox"], "0 0 756 538"; got != want {
		t.Errorf("the view box is %s, want %s", got, want)
	}
	if all[1].name != "title" || all[1].text != "a <caption>" {
		t.Errorf("the caption is %+v", all[1])
	}
}

func TestFilm(t *testing.T) {
	t.Parallel()
	first, second := screen(t, 10, 3, "same\nfirst"), screen(t, 10, 3, "same\nsecond")
	svg := drawFilm(picture{theme: darkTheme()}, []shot{{first, 300 * time.Millisecond}, {second, 100 * time.Millisecond}, {first, 600 * time.Millisecond}})
	var rows, frames, uses int
	for _, e := range elements(t, svg) {
		switch {
		case e.attrs["class"] == "f":
			frames++
		case e.name == "use":
			uses++
		case strings.HasPrefix(e.attrs["id"], "r"):
			rows++
		}
	}
	if rows != 3 || frames != 3 || uses != 6 {
		t.Errorf("%d rows, %d frames, %d uses of rows; want 3, 3, 6", rows, frames, uses)
	}
	for _, want := range []string{
		"@keyframes k0{0%{visibility:visible}30%{visibility:hidden}}",
		"@keyframes k1{0%{visibility:hidden}30%{visibility:visible}40%{visibility:hidden}}",
		"@keyframes k2{0%{visibility:hidden}40%{visibility:visible}100%{visibility:hidden}}",
		"animation-duration:1.00s", "prefers-reduced-motion",
	} {
		if !bytes.Contains(svg, []byte(want)) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestThemesAreReadable(t *testing.T) {
	t.Parallel()
	luminance := func(c color.Color) float64 {
		r, g, b, _ := c.RGBA()
		linear := func(v uint32) float64 {
			s := float64(v) / 0xffff
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	contrast := func(a, b color.Color) float64 {
		la, lb := luminance(a), luminance(b)
		return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
	}
	for name, th := range map[string]theme{"dark": darkTheme(), "light": lightTheme()} {
		if got := contrast(th.foreground, th.background); got < 7 {
			t.Errorf("%s: text has a contrast of %.1f, want 7", name, got)
		}
		if got := contrast(th.barText, th.bar); got < 4.5 {
			t.Errorf("%s: the title has a contrast of %.1f, want 4.5", name, got)
		}
		for i := 1; i <= 6; i++ {
			if got := contrast(th.palette[i], th.background); got < 4.5 {
				t.Errorf("%s: colour %d has a contrast of %.1f, want 4.5", name, i, got)
			}
		}
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	terminal, err := term.Start(t.Context(), term.Options{Path: "sh", Args: []string{"-c", "stty raw -echo; cat >/dev/null"}})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	names := make(map[string]bool)
	for _, p := range pictures() {
		if names[p.name] || p.name == "" || p.caption == "" || p.cols == 0 || p.rows == 0 {
			t.Errorf("picture %q is there twice or incomplete", p.name)
		}
		names[p.name] = true
		if len(p.steps) == 0 || len(p.steps[0].shows) == 0 {
			t.Errorf("%s does not wait for the program to start", p.name)
		}
		for i, s := range p.steps {
			for _, key := range s.keys {
				if err := terminal.Press(key); err != nil {
					t.Errorf("%s, step %d: %v", p.name, i+1, err)
				}
			}
			if p.film && s.hold == 0 {
				t.Errorf("%s, step %d is never seen", p.name, i+1)
			}
		}
	}
}

// program gives testdata/program.sh the name that says what it is to do. It is not
// written here: a file just written cannot be run while another test starts a
// program.
func program(t *testing.T, does string) string {
	t.Helper()
	script, err := filepath.Abs("testdata/program.sh")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), does)
	if err := os.Symlink(script, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTakeFilm(t *testing.T) {
	t.Parallel()
	path := program(t, "echo")
	p := picture{name: "film", cols: 60, rows: 3, theme: darkTheme(), film: true, steps: []step{
		{shows: []string{"--demo " + demoTime}, hold: time.Second},
		{keys: []string{"j"}, text: "typed", shows: []string{"jtyped"}, hold: time.Second},
	}}
	out := t.TempDir()
	if err := take(t.Context(), path, t.TempDir(), out, p); err != nil {
		t.Fatal(err)
	}
	svg, err := os.ReadFile(filepath.Join(out, "film.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(svg, []byte(`class="f"`)); got != 6 {
		t.Errorf("%d frames, want 6: the start and one after each letter", got)
	}
}

func TestTakePicture(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("rsvg-convert"); err != nil {
		t.Skip("rsvg-convert is not installed")
	}
	p := picture{name: "still", cols: 20, rows: 2, theme: lightTheme(), steps: []step{{shows: []string{"ready"}}}}
	out := t.TempDir()
	if err := take(t.Context(), program(t, "ready"), t.TempDir(), out, p); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(out, "still.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	size, err := png.DecodeConfig(file)
	if err != nil || size.Width != 2*(20*cellWidth+2*padding) || size.Height != 2*(barHeight+2*cellHeight+padding) {
		t.Errorf("the PNG is %dx%d, %v", size.Width, size.Height, err)
	}
}

func TestTakeErrors(t *testing.T) {
	t.Parallel()
	p := picture{name: "still", cols: 20, rows: 2, theme: darkTheme(), steps: []step{{shows: []string{"ready"}}, {shows: []string{"never"}}}}
	for does, want := range map[string]string{
		"ends":  `step 2: wait for the screen to show "never"`,
		"fails": "broken",
		"emoji": "cannot draw",
	} {
		err := take(t.Context(), program(t, does), t.TempDir(), t.TempDir(), p)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", does, err, want)
		}
	}
	if err := run(t.Context(), "sh", "nothing", t.TempDir()); err == nil {
		t.Error("a picture that does not exist: no error")
	}
}
