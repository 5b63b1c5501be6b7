package facets

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func keys() keymap.Map { return keymap.New(keymap.Shared(), nil) }

func press(f *Facets, names ...string) (last screen.Result) {
	for _, name := range names {
		last = f.Update(uitest.Press(name), keys())
	}
	return last
}

func typed(f *Facets, text string) {
	for _, r := range text {
		f.Update(tea.KeyPressMsg{Code: r, Text: string(r)}, keys())
	}
}

func shown(f *Facets, w, h int) string {
	return ansi.Strip(strings.Join(f.View(w, h, theme.Pick("dark", true)).Lines, "\n"))
}

// groups are fields with so many values each.
func groups(sizes ...int) (out []Group) {
	for i, n := range sizes {
		g := Group{Title: fmt.Sprintf("Field %d", i)}
		for j := range n {
			text := fmt.Sprintf("value %d.%d", i, j)
			g.Values = append(g.Values, Value{Text: text, Count: 1000 / (j + 1), Msg: text})
		}
		out = append(out, g)
	}
	return out
}

func open(sizes ...int) *Facets {
	f := Open(Options{Title: "Filter by", Foot: "foot", Clear: "clear", OnClose: "closed"})
	f.SetGroups(groups(sizes...))
	return f
}

func TestColumns(t *testing.T) {
	t.Parallel()
	f := open(2, 30, 2, 2)
	s := shown(f, 118, 30)
	for _, want := range []string{"Field 0", "Field 3", "value 1.11", "18 more", "██████", "1,000"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
	small := shown(f, 40, 12)
	if strings.Contains(small, "value 1.3") || strings.Count(small, "\n") > 11 {
		t.Errorf("a small screen shows\n%s", small)
	}
	if f := Open(Options{Title: "T"}); !strings.Contains(shown(f, 60, 20), "counting…") {
		t.Error("nothing says that values are being counted")
	}
}

func TestChoosing(t *testing.T) {
	t.Parallel()
	f := open(2, 30, 2, 2)
	shown(f, 118, 30)
	if r := press(f, "down", "space"); len(r.Chosen) != 1 || r.Chosen[0] != "value 0.1" || r.Closed {
		t.Errorf("%+v", r)
	}
	press(f, "tab")
	if f.on != (place{1, 0}) {
		t.Errorf("tab goes to %v", f.on)
	}
	press(f, "shift+tab", "shift+tab")
	if f.on != (place{3, 0}) {
		t.Errorf("shift+tab goes to %v", f.on)
	}
	press(f, "home", "right")
	shown(f, 118, 30)
	if col, _, _ := f.drawn.find(f.on); col != 1 {
		t.Errorf("right goes to %v in column %d", f.on, col)
	}
	press(f, "left", "left")
	if f.on.group != 0 {
		t.Errorf("left goes to %v", f.on)
	}
	// The rest of a field is shown in place.
	f.on = place{1, theRest}
	press(f, "enter")
	if s := shown(f, 118, 30); !strings.Contains(s, f.value(f.on).Text) || strings.Contains(s, "18 more") {
		t.Errorf("at %v:\n%s", f.on, s)
	}
	press(f, "end")
	if s := shown(f, 60, 12); !strings.Contains(s, "value 3.1") {
		t.Errorf("the last value is not on\n%s", s)
	}
	// Typing finds values of all fields; what is typed is cleared first.
	typed(f, "1.2 value")
	if s := shown(f, 118, 30); !strings.Contains(s, "value 1.29") || strings.Contains(s, "Field 2") {
		t.Errorf("typed:\n%s", s)
	}
	typed(f, "9")
	typed(f, "x")
	if s := shown(f, 118, 30); !strings.Contains(s, "nothing matches") || len(press(f, "enter").Chosen) > 0 {
		t.Errorf("nothing matches:\n%s", s)
	}
	if r := press(f, "esc"); r.Closed {
		t.Error("esc closes before it clears the text")
	}
	if r := press(f, "esc"); !r.Closed || len(r.Chosen) != 1 || r.Chosen[0] != "closed" {
		t.Errorf("%+v", r)
	}
}

// The cursor stays on its value when the counts change, and what is chosen is
// always there.
func TestSetGroups(t *testing.T) {
	t.Parallel()
	f := open(2, 30)
	shown(f, 60, 20)
	press(f, "tab", "down")
	g := groups(2, 30)
	g[1].Values[1], g[1].Values[2] = g[1].Values[2], g[1].Values[1]
	g[1].Values[29].Checked = true
	f.SetGroups(g)
	if s := shown(f, 60, 20); f.value(f.on).Text != "value 1.1" || !strings.Contains(s, "value 1.29") {
		t.Errorf("on %q in\n%s", f.value(f.on).Text, s)
	}
	if r := press(f, "home", "enter"); len(r.Chosen) != 1 || r.Chosen[0] != "clear" {
		t.Errorf("the first line chooses %v", r.Chosen)
	}
	f.SetGroups(nil)
	if s := shown(f, 60, 20); !strings.Contains(s, "nothing matches") {
		t.Errorf("without values:\n%s", s)
	}
}

func TestClicks(t *testing.T) {
	t.Parallel()
	f := open(2, 30, 2, 2)
	lines := strings.Split(shown(f, 118, 30), "\n")
	for y, l := range lines {
		for _, want := range []string{"value 0.1", "value 1.3", "value 2.0"} {
			at := strings.Index(l, want)
			if at < 0 {
				continue
			}
			if r := f.Click(plain.Width(l[:at]), y); len(r.Chosen) != 1 || r.Chosen[0] != want {
				t.Errorf("%s: %+v", want, r)
			}
		}
	}
	for _, at := range [][2]int{{-1, -1}, {5, 0}, {5, 100}, {500, 5}} {
		if r := f.Click(at[0], at[1]); len(r.Chosen) > 0 {
			t.Errorf("a click at %v chooses %v", at, r.Chosen)
		}
	}
}

// Whatever the size, every line has the width, and the cursor is on the screen.
func TestSizes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"dark", "ascii"} {
		for w := 6; w < 200; w += 23 {
			for h := 2; h < 50; h += 5 {
				f := open(2, 30, 1, 5, 2, 2, 2)
				f.groups[2].Values[0].Note, f.groups[2].Values[0].Text = "asks the service", "日本語"
				for range 12 {
					frame := f.View(w, h, theme.Pick(name, true))
					if len(frame.Lines) > h {
						t.Fatalf("%dx%d: %d lines", w, h, len(frame.Lines))
					}
					sign := false
					for _, l := range frame.Lines {
						if n := plain.Width(l); n != w {
							t.Fatalf("%dx%d: a line of %d cells %q", w, h, n, ansi.Strip(l))
						}
						sign = sign || strings.Contains(ansi.Strip(l), theme.Pick(name, true).Glyphs.Cursor)
					}
					if !sign && h > 3 {
						t.Fatalf("%dx%d: the cursor at %v is not on\n%s", w, h, f.on, shown(f, w, h))
					}
					press(f, "down")
				}
			}
		}
	}
}
