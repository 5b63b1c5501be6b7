// Package stage runs one screen in a test, without a terminal and without the
// program around it: commands are run at once, overlays lie on a stack and take
// the keys, events are collected.
package stage

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Part is what a screen is for the program around it.
type Part interface {
	Update(tea.Msg) (tea.Cmd, []screen.Event)
}

// Stage is a screen under test.
type Stage struct {
	t      testing.TB
	part   Part
	Keys   keymap.Map
	Now    time.Time
	Events []screen.Event // all that were reported, also those about overlays
	Said   []screen.Message
	Copied []string
	// Covered holds back what waits until nothing else is open.
	Covered bool
	// Hold collects commands instead of running them; Release runs them.
	Hold    bool
	held    []tea.Cmd
	waiting []screen.Overlay
	stack   []screen.Overlay
}

// New makes a stage for a screen with the actions own; its clock stands at one moment until the test moves it.
func New(t testing.TB, own ...keymap.Action) *Stage {
	return &Stage{t: t, Keys: uitest.Keys(own...), Now: time.Date(2026, 11, 20, 15, 4, 0, 0, time.UTC)}
}

// Clock is the stage's time.
func (s *Stage) Clock() time.Time { return s.Now }

// Show puts the screen on the stage and runs what it begins with.
func (s *Stage) Show(p Part, begin tea.Cmd) {
	s.part = p
	s.Do(begin, nil)
}

// Send delivers a message to the screen.
func (s *Stage) Send(msg tea.Msg) { s.Do(s.part.Update(msg)) }

// Do takes what a method of the screen returned.
func (s *Stage) Do(cmd tea.Cmd, events []screen.Event) {
	for _, e := range events {
		s.Events = append(s.Events, e)
		switch e := e.(type) {
		case screen.Say:
			s.Said = append(s.Said, e.Message)
		case screen.Retract:
			s.retract(e.Owner)
		case screen.Open:
			s.open(e)
		case screen.Close:
			s.close(e.Overlay)
		}
	}
	if cmd == nil {
		return
	}
	if s.Hold {
		s.held = append(s.held, cmd)
		return
	}
	s.deliver(cmd())
}

// Release runs the commands that were held back.
func (s *Stage) Release() {
	s.Hold = false
	held := s.held
	s.held = nil
	for _, cmd := range held {
		s.deliver(cmd())
	}
}

func (s *Stage) deliver(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range msg {
			s.Do(cmd, nil)
		}
	default:
		s.Send(msg)
	}
}

func (s *Stage) retract(owner string) {
	var left []screen.Message
	for _, m := range s.Said {
		if m.Owner != owner {
			left = append(left, m)
		}
	}
	s.Said = left
}

func (s *Stage) open(e screen.Open) {
	covered := s.Covered || len(s.stack) > 0
	switch {
	case covered && e.When == screen.IfFree:
	case covered && e.When == screen.WhenFree:
		s.waiting = append(s.waiting, e.Overlay)
	default:
		s.stack = append(s.stack, e.Overlay)
	}
}

func (s *Stage) close(o screen.Overlay) {
	for _, list := range []*[]screen.Overlay{&s.stack, &s.waiting} {
		var left []screen.Overlay
		for _, x := range *list {
			if x != o {
				left = append(left, x)
			}
		}
		*list = left
	}
}

// Uncover opens what waited.
func (s *Stage) Uncover() {
	s.Covered = false
	if len(s.stack) == 0 && len(s.waiting) > 0 {
		s.stack, s.waiting = s.waiting[:1], s.waiting[1:]
	}
}

// Top is the overlay that takes the keys, nil for none.
func (s *Stage) Top() screen.Overlay {
	if len(s.stack) == 0 {
		return nil
	}
	return s.stack[len(s.stack)-1]
}

// Press gives keys to the top overlay, by the names that Bubble Tea has.
func (s *Stage) Press(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		s.Give(Key(k))
	}
}

// Type gives text to the top overlay, a key for every character.
func (s *Stage) Type(text string) {
	s.t.Helper()
	for _, r := range text {
		s.Give(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// Give gives a message to the top overlay and delivers what was chosen.
func (s *Stage) Give(msg tea.Msg) {
	s.t.Helper()
	top := s.Top()
	if top == nil {
		s.t.Fatalf("nothing is open for %v", msg)
	}
	r := top.Update(msg, s.Keys)
	if r.Closed {
		s.close(top)
	}
	if r.Copy != "" {
		s.Copied = append(s.Copied, r.Copy)
	}
	for _, m := range r.Chosen {
		s.Send(m)
	}
	s.Uncover()
}

// Screen is the text of the top overlay in w times h cells, "" for none.
func (s *Stage) Screen(w, h int) string {
	top := s.Top()
	if top == nil {
		return ""
	}
	return ansi.Strip(strings.Join(top.View(w, h, theme.Pick("dark", true)).Lines, "\n"))
}

// Text is everything that is on the screen: messages, and the top overlay.
func (s *Stage) Text() string {
	var b strings.Builder
	for _, m := range s.Said {
		b.WriteString(m.Text + " " + m.Trace + "\n")
	}
	return b.String() + s.Screen(100, 40)
}

// Want fails the test unless all parts are on the screen.
func (s *Stage) Want(parts ...string) {
	s.t.Helper()
	text := s.Text()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			s.t.Errorf("no %q in\n%s", p, text)
		}
	}
}

// WantNot fails the test when one of the parts is on the screen.
func (s *Stage) WantNot(parts ...string) {
	s.t.Helper()
	text := s.Text()
	for _, p := range parts {
		if strings.Contains(text, p) {
			s.t.Errorf("%q in\n%s", p, text)
		}
	}
}

// Of lists the events of one type.
func Of[E any](s *Stage) []E {
	var out []E
	for _, e := range s.Events {
		if e, ok := e.(E); ok {
			out = append(out, e)
		}
	}
	return out
}

// Key makes a key from the name that Bubble Tea has for it.
func Key(k string) tea.KeyPressMsg {
	named := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp,
		"down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
		"backspace": tea.KeyBackspace,
		"pgup":      tea.KeyPgUp, "pgdown": tea.KeyPgDown}
	var mod tea.KeyMod
	if rest, ok := strings.CutPrefix(k, "ctrl+"); ok {
		k, mod = rest, tea.ModCtrl
	}
	if rest, ok := strings.CutPrefix(k, "shift+"); ok {
		k, mod = rest, mod|tea.ModShift
	}
	switch code, ok := named[k]; {
	case ok:
		return tea.KeyPressMsg{Code: code, Mod: mod}
	case k == "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case mod != 0:
		return tea.KeyPressMsg{Code: []rune(k)[0], Mod: mod}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}
