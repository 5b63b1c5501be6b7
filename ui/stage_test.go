package ui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/model"
)

// stage runs a Model without a terminal: commands are run at once, in order,
// and timers only when the test says that time passes.
type stage struct {
	t   *testing.T
	a   *App
	f   *fake
	now time.Time
	ids int
	// timers are the messages that the program wanted later.
	timers []timer
	holds  bool      // answers to saves are kept in held
	held   []tea.Msg // those that are kept
	quits  bool      // the program has ended itself

	// With loose, commands are jobs that are carried out in any order.
	loose *rand.Rand
	jobs  []pendingCmd
}

type timer struct {
	at  time.Time
	msg tea.Msg
}

// passes lets time pass, with what the program wanted to happen meanwhile.
func (s *stage) passes(d time.Duration) {
	end := s.now.Add(d)
	for {
		next := -1
		for i, t := range s.timers {
			if !t.at.After(end) && (next < 0 || t.at.Before(s.timers[next].at)) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		t := s.timers[next]
		s.timers = slices.Delete(s.timers, next, next+1)
		s.now = t.at
		s.send(t.msg)
	}
	s.now = end
}

func start(t *testing.T, f *fake, w, h int, change ...func(*Options)) *stage {
	t.Helper()
	s := bare(t, f, w, h, change...)
	s.run(s.a.Init())
	return s
}

// bare is a stage whose program has not begun to read anything.
func bare(t *testing.T, f *fake, w, h int, change ...func(*Options)) *stage {
	t.Helper()
	s := &stage{t: t, f: f, now: time.Date(2026, 11, 20, 15, 4, 0, 0, time.UTC)}
	o := Options{Backend: f, Desktop: f, Now: func() time.Time { return s.now }, Theme: "dark", Version: "1.0.0", Account: f.account,
		After: func(d time.Duration, msg tea.Msg) tea.Cmd {
			s.timers = append(s.timers, timer{s.now.Add(d), msg})
			return nil
		},
		NewID: func() string { s.ids++; return fmt.Sprintf("id-%d", s.ids) }}
	for _, fn := range change {
		fn(&o)
	}
	s.a = New(o)
	s.send(tea.WindowSizeMsg{Width: w, Height: h})
	return s
}

func (s *stage) send(msg tea.Msg) {
	_, cmd := s.a.Update(msg)
	s.run(cmd)
}

// run carries out a command and what follows from it. Batches and sequences
// are unpacked; timers are kept aside.
func (s *stage) run(cmd tea.Cmd) {
	switch {
	case cmd == nil:
	case s.loose != nil:
		s.jobs = append(s.jobs, pendingCmd{cmd: cmd})
	default:
		s.deliver(cmd())
	}
}

func (s *stage) deliver(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			s.run(c)
		}
	default:
		if cmds, ok := sequence(msg); ok && s.loose != nil && len(cmds) > 0 {
			s.jobs = append(s.jobs, pendingCmd{cmd: cmds[0], then: cmds[1:]})
			return
		} else if ok {
			for _, c := range cmds {
				s.run(c)
			}
			return
		}
		if strings.HasPrefix(fmt.Sprintf("%T", msg), "tea.") {
			_, quits := msg.(tea.QuitMsg)
			s.quits = s.quits || quits
			return
		}
		if s.holds && isSave(msg) {
			s.held = append(s.held, msg)
			return
		}
		s.send(msg)
	}
}

// keys types: names of keys in angle brackets, everything else as text.
func (s *stage) keys(in ...string) {
	for _, k := range in {
		s.send(press(k))
	}
}

func (s *stage) typed(text string) {
	for _, r := range text {
		s.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func press(k string) tea.KeyPressMsg {
	named := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace}
	if c, ok := named[k]; ok {
		return tea.KeyPressMsg{Code: c}
	}
	if k == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if k == "shift+tab" {
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	}
	if rest, ok := strings.CutPrefix(k, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	r := []rune(k)[0]
	return tea.KeyPressMsg{Code: r, Text: k}
}

// field puts the cursor of the details on a field of the selected contact.
func (s *stage) field(f model.FieldID) {
	c, _ := s.a.browse.Selected()
	s.a.browse.FocusField(c, f)
}

func (s *stage) screen() string {
	lines := strings.Split(ansi.Strip(s.a.View().Content), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

func (s *stage) want(texts ...string) {
	s.t.Helper()
	screen := s.screen()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			s.t.Fatalf("no %q on the screen:\n%s", text, screen)
		}
	}
}

func (s *stage) wantNot(text string) {
	s.t.Helper()
	if screen := s.screen(); strings.Contains(screen, text) {
		s.t.Fatalf("%q is on the screen:\n%s", text, screen)
	}
}

func sizeMsg(w, h int) tea.WindowSizeMsg { return tea.WindowSizeMsg{Width: w, Height: h} }
