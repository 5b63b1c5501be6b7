//go:build unix

package desktop

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// machine is a Desktop that writes down what it was asked to do.
type machine struct {
	ran    [][]string
	copied []string
}

func (m *machine) desktop(system string, env map[string]string, programs ...string) Desktop {
	return Desktop{
		env:    func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		system: system,
		find: func(p string) (string, error) {
			if slices.Contains(programs, p) {
				return "/usr/bin/" + p, nil
			}
			return "", exec.ErrNotFound
		},
		run: func(argv []string, input string) error {
			if input != "" {
				m.copied = append(m.copied, input)
			}
			m.ran = append(m.ran, argv)
			return nil
		},
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, system, target string
		programs             []string
		env                  map[string]string
		want                 []string
		err                  error
	}{
		{"linux", "linux", "https://linkedin.com/in/x", []string{"xdg-open"}, nil, []string{"/usr/bin/xdg-open", "https://linkedin.com/in/x"}, nil},
		{"wsl", "linux", "http://a.com/", []string{"wslview"}, nil, []string{"/usr/bin/wslview", "http://a.com/"}, nil},
		{"mac", "darwin", "mailto:a@b.com", []string{"open"}, nil, []string{"/usr/bin/open", "mailto:a@b.com"}, nil},
		{"windows", "windows", "https://a.com", []string{"rundll32"}, nil, []string{"/usr/bin/rundll32", "url.dll,FileProtocolHandler", "https://a.com"}, nil},
		{"BROWSER", "linux", "https://a.com", []string{"xdg-open", "firefox"}, map[string]string{"BROWSER": "nothing:firefox --new %s:xdg-open"}, []string{"/usr/bin/firefox", "--new", "https://a.com"}, nil},
		{"BROWSER over ssh", "linux", "https://a.com", []string{"code"}, map[string]string{"BROWSER": "code", "SSH_TTY": "/dev/pts/1"}, []string{"/usr/bin/code", "https://a.com"}, nil},
		{"BROWSER is for the web", "linux", "mailto:a@b.com", []string{"xdg-open", "firefox"}, map[string]string{"BROWSER": "firefox"}, []string{"/usr/bin/xdg-open", "mailto:a@b.com"}, nil},
		{"a number", "linux", "tel:+12125550193", []string{"xdg-open", "firefox"}, map[string]string{"BROWSER": "firefox"},
			[]string{"/usr/bin/xdg-open", "tel:+12125550193"}, nil},
		{"an extension", "linux", "tel:+12125550193;ext=4", []string{"xdg-open"}, nil, []string{"/usr/bin/xdg-open",
			"tel:+12125550193;ext=4"}, nil},
		{"no number", "linux", "tel:call;me", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"no digits", "linux", "tel:+1$(id)", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"X21 apostrophe", "linux", "mailto:pat.o'neil@b.com", []string{"xdg-open"}, nil, []string{"/usr/bin/xdg-open", "mailto:pat.o%27neil@b.com"}, nil},
		{"X21 backquote and dollar", "linux", "mailto:a`id`$x|y@b.com", []string{"xdg-open"}, nil, []string{"/usr/bin/xdg-open", "mailto:a%60id%60%24x%7Cy@b.com"}, nil},
		{"X21 brackets", "linux", "mailto:a$(id)@b.com", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"X21 option", "linux", "mailto:-x", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"X21 several", "linux", "mailto:a@b.com?cc=c@d.com", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"to many", "linux", "mailto:?bcc=a@b.com,pat.o'neil@b.com", []string{"xdg-open"}, nil, []string{"/usr/bin/xdg-open",
			"mailto:?bcc=a@b.com,pat.o%27neil@b.com"}, nil},
		{"to many and more", "linux", "mailto:?bcc=a@b.com,c@d.com&body=x", []string{"xdg-open"}, nil,
			[]string{"/usr/bin/xdg-open", "mailto:?bcc=a@b.com,c@d.com%26body%3Dx"}, nil},
		{"to nobody", "linux", "mailto:?bcc=", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"X21 in a path", "linux", "https://a.com/$(id)`x`'|", []string{"xdg-open"}, nil, []string{"/usr/bin/xdg-open", "https://a.com/%24%28id%29%60x%60%27%7C"}, nil},
		{"no program", "linux", "https://a.com", nil, nil, nil, ErrOpener},
		{"over ssh", "linux", "https://a.com", []string{"xdg-open"}, map[string]string{"SSH_TTY": "/dev/pts/1"}, nil, ErrRemote},
		{"a file", "linux", "file:///etc/passwd", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"an option", "linux", "--version", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"a script", "linux", "javascript:alert(1)", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"no host", "linux", "https:evil", []string{"xdg-open"}, nil, nil, ErrAddress},
		{"not an address", "linux", "http://a b\x00", []string{"xdg-open"}, nil, nil, ErrAddress},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var m machine
			err := m.desktop(test.system, test.env, test.programs...).Open(test.target)
			if !errors.Is(err, test.err) {
				t.Fatalf("the error is %v, want %v", err, test.err)
			}
			if test.want == nil && len(m.ran) > 0 || test.want != nil && (len(m.ran) != 1 || !slices.Equal(m.ran[0], test.want)) {
				t.Errorf("it ran %q, want %q", m.ran, test.want)
			}
		})
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	var m machine
	if err := m.desktop("linux", nil, "xclip").Copy("schen@meridiancapital.com"); err != nil || !slices.Equal(m.copied, []string{"schen@meridiancapital.com"}) {
		t.Errorf("copied %q, error %v", m.copied, err)
	}
	if err := m.desktop("linux", map[string]string{"SSH_CONNECTION": "10.0.0.1 22"}).Copy("x"); !errors.Is(err, ErrRemote) || len(m.copied) != 1 {
		t.Errorf("over SSH the error is %v and %q was copied", err, m.copied)
	}
}

func TestPaste(t *testing.T) {
	t.Parallel()
	var m machine
	for name, test := range map[string]struct {
		system   string
		env      map[string]string
		programs []string
		want     string // what was run, or the text
		err      error
	}{
		"X11":      {"linux", nil, []string{"xsel", "xclip"}, "/usr/bin/xclip -out -selection clipboard", nil},
		"Wayland":  {"linux", map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, []string{"xclip", "wl-paste"}, "/usr/bin/wl-paste --no-newline", nil},
		"macOS":    {"darwin", nil, []string{"pbpaste"}, "/usr/bin/pbpaste", nil},
		"none":     {"linux", nil, nil, "", ErrCopier},
		"over SSH": {"linux", map[string]string{"SSH_TTY": "/dev/pts/1"}, []string{"xclip"}, "", ErrRemote},
	} {
		d := m.desktop(test.system, test.env, test.programs...)
		d.output = func(argv []string) (string, error) { return strings.Join(argv, " "), nil }
		if got, err := d.Paste(); got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: %q, %v, want %q, %v", name, got, err, test.want, test.err)
		}
	}
	d := m.desktop("windows", nil)
	d.pasting = func() (string, error) { return "text", nil }
	if got, err := d.Paste(); got != "text" || err != nil {
		t.Errorf("without a program: %q, %v", got, err)
	}
}

// X16: a child has no key and no file of ours.
func TestChildrenGetNothingOfOurs(t *testing.T) {
	if got := Environment([]string{"A=1", "LEV_API_KEY=lev_sk_x", "B=2"}); !slices.Equal(got, []string{"A=1", "B=2"}) {
		t.Errorf("the environment is %q", got)
	}
	t.Setenv("LEV_API_KEY", "lev_sk_x")
	if err := launch([]string{"sh", "-c", `test -z "$LEV_API_KEY" && test "$TERM" = dumb`}, ""); err != nil {
		t.Error(err)
	}
	stray, err := syscall.Dup(1) // without close-on-exec
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(stray)
	if err := launch([]string{"sh", "-c", fmt.Sprintf("! test -e /dev/fd/%d", stray)}, ""); err != nil {
		t.Errorf("a file stays open: %v", err)
	}
	if err := launch([]string{"sh", "-c", `test "$(cat)" = text`}, "text"); err != nil {
		t.Error(err)
	}
}

func TestLaunchTellsOfAFailure(t *testing.T) {
	t.Parallel()
	if err := launch([]string{"false"}, ""); err == nil {
		t.Error("a program that fails is no error")
	}
	if err := launch([]string{"true"}, ""); err != nil {
		t.Errorf("a program that works is an error: %v", err)
	}
	if err := launch([]string{"/no/such/program"}, ""); err == nil {
		t.Error("a program that is not there is no error")
	}
}
