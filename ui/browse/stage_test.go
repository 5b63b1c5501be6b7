package browse

import (
	"context"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// fake is a backend in memory.
type fake struct {
	*uitest.Service
	view     work.View // of the last run
	views    []work.View
	stored   []work.View
	exported []model.Packed
}

func newFake(n int) *fake { return &fake{Service: uitest.NewService(n)} }

// whole is a fake whose contacts are all in the local copy.
func whole(n int) *fake {
	f := newFake(n)
	f.WithCache(n, uitest.Synced(n))
	return f
}

func (f *fake) Views(context.Context) ([]work.View, error)  { return f.views, f.Call("views") }
func (f *fake) LastView(context.Context) (work.View, error) { return f.view, nil }
func (f *fake) SaveView(_ context.Context, v work.View) error {
	f.views = append(f.views, v)
	return f.Call("save")
}

func (f *fake) RemoveView(_ context.Context, name string) error {
	if err := f.Call("remove"); err != nil {
		return err
	}
	f.views = slices.DeleteFunc(f.views, func(v work.View) bool { return v.Name == name })
	return nil
}

func (f *fake) RememberView(_ context.Context, v work.View) error {
	f.stored = append(f.stored, v)
	return f.Call("remember")
}

func (f *fake) ExportContacts(_ context.Context, rows []model.Packed, file string) (string, error) {
	f.exported = rows
	return "/home/jo/" + file, f.Call("export")
}

// stage runs a Model below a stack of overlays, as the program does.
type stage struct {
	*uitest.Clock
	t      *testing.T
	m      *Model
	f      *fake
	w, h   int
	top    []screen.Overlay
	said   []screen.Message
	events []screen.Event
	wait   bool // commands are kept in later
	later  []tea.Cmd
}

func start(t *testing.T, f *fake, w, h int, change ...func(*Options)) *stage {
	t.Helper()
	s := &stage{Clock: uitest.NewClock(), t: t, f: f}
	o := Options{Backend: f, Now: s.Now, After: s.After, Keys: uitest.Keys(Actions()...), Theme: theme.Pick("dark", true)}
	for _, fn := range change {
		fn(&o)
	}
	s.m = New(o)
	s.size(w, h)
	s.run(s.m.Init())
	return s
}

func pages(n int) func(*Options) { return func(o *Options) { o.PageSize = n } }

// size gives the panes what a terminal leaves between header and status line.
func (s *stage) size(w, h int) {
	s.w, s.h = w, h
	body := screen.Rect{W: w, H: max(0, h-2)}
	switch {
	case h >= 16:
		body.Y = 2
	case h >= 4:
		body.Y = 1
	}
	body.H = max(0, body.H-body.Y)
	s.handle(s.m.SetSize(body, 0))
}

func (s *stage) run(cmd tea.Cmd) {
	if s.wait {
		s.later = append(s.later, cmd)
		return
	}
	uitest.Run(cmd, s.send)
}

// arrive runs the commands that were kept, in order.
func (s *stage) arrive() {
	s.wait = false
	for len(s.later) > 0 {
		cmd := s.later[0]
		s.later = s.later[1:]
		s.run(cmd)
	}
}

func (s *stage) send(msg tea.Msg) {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		if n := len(s.top); n > 0 {
			r := s.top[n-1].Update(msg, s.m.o.Keys)
			if r.Closed {
				s.top = s.top[:n-1]
			}
			s.run(r.Cmd)
			for _, chosen := range r.Chosen {
				s.send(chosen)
			}
			return
		}
	}
	s.handle(s.m.Update(msg))
}

func (s *stage) handle(cmd tea.Cmd, events []screen.Event) {
	s.run(cmd)
	for _, e := range events {
		s.events = append(s.events, e)
		switch e := e.(type) {
		case screen.Say:
			s.said = append(s.said, e.Message)
		case screen.Retract:
			s.said = slices.DeleteFunc(s.said, func(m screen.Message) bool { return m.Owner == e.Owner })
		case screen.Open:
			if e.When == screen.Now || len(s.top) == 0 && !s.m.search.open {
				s.top = append(s.top, e.Overlay)
			}
		case Replay:
			for _, msg := range e.Msgs {
				s.send(msg)
			}
		case Back:
			if words := s.m.MarksStay(); words != "" {
				s.said = append(s.said, screen.Message{Text: words})
			}
		}
	}
}

func (s *stage) keys(in ...string) {
	for _, k := range in {
		s.send(uitest.Press(k))
	}
}

func (s *stage) typed(text string) {
	for _, r := range text {
		s.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func (s *stage) tick() { s.handle(s.m.Tick()) }

func (s *stage) status() string { return ansi.Strip(s.m.Status(s.w, s.m.Activity())) }

// picture is the panes and the status line.
func (s *stage) picture() string {
	lines := append(slices.Clone(s.m.View(Look{}).Lines), s.m.Status(s.w, s.m.Activity()))
	for i, l := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(l), " ")
	}
	return strings.Join(lines, "\n")
}

// screen is the picture, what lies over it, and what was said.
func (s *stage) screen() string {
	out := s.picture()
	if n := len(s.top); n > 0 {
		w := 58
		if s.top[n-1].Width() == 0 {
			w = s.w - 2
		}
		f := s.top[n-1].View(w, max(1, s.h-3), s.m.theme)
		out += "\n" + ansi.Strip(strings.Join(f.Lines, "\n"))
	}
	for _, m := range s.said {
		out += "\n" + m.Text + " " + m.Trace
	}
	return out
}

func (s *stage) want(texts ...string) {
	s.t.Helper()
	for _, words := range texts {
		if all := s.screen(); !strings.Contains(all, words) {
			s.t.Fatalf("no %q on the screen:\n%s", words, all)
		}
	}
}

func (s *stage) wantNot(text string) {
	s.t.Helper()
	if all := s.screen(); strings.Contains(all, text) {
		s.t.Fatalf("%q is on the screen:\n%s", text, all)
	}
}

func happened[E screen.Event](s *stage) (last E, n int) {
	for _, e := range s.events {
		if is, ok := e.(E); ok {
			last = is
			n++
		}
	}
	return last, n
}
