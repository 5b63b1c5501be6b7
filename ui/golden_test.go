package ui

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// scenes are the states of the screen that have a picture in testdata.
func scenes() map[string]func(*stage) {
	return map[string]func(*stage){
		"list":   func(s *stage) { s.keys("j") },
		"detail": func(s *stage) { s.keys("enter", "j") },
		"inline": func(s *stage) {
			s.keys("enter")
			s.field(model.FieldTitle)
			s.keys("enter")
			s.typed(" II")
		},
		"form":    func(s *stage) { s.keys("e", "tab", "tab", "tab"); s.typed(" II") },
		"diff":    func(s *stage) { s.keys("e", "tab", "tab", "tab"); s.typed(" II"); s.keys("tab", "ctrl+x", "ctrl+s") },
		"json":    func(s *stage) { s.keys("e", "tab", "tab", "tab"); s.typed(" II"); s.keys("ctrl+s", "J") },
		"error":   refusedSave,
		"refused": refusedField,
		"help":    func(s *stage) { s.keys("?") },
		"search":  func(s *stage) { s.keys("/"); s.typed("rod lender") },
		"similar": func(s *stage) { s.keys("/"); s.typed("rodrigez") },
		"facets":  func(s *stage) { s.keys("f", "down", "enter") },
		"sort":    func(s *stage) { s.keys("s") },
		"leave":   func(s *stage) { s.keys("n"); s.typed("x"); s.keys("tab"); s.typed("Ann"); s.keys("esc") },
		"new":     func(s *stage) { s.keys("n") },
		"palette": func(s *stage) { s.keys(":"); s.typed("undo") },
		"offline": offline,

		"conflict": conflict,
		"undo": func(s *stage) {
			s.f.entries = []work.Entry{titleEntry(s.f.Contacts[0])}
			s.keys("u")
		},
		"bulk form": func(s *stage) { s.keys("space", "space", "E", "tab", "tab", "tab"); s.typed("Head of Debt") },
		"bulk preview": func(s *stage) {
			s.keys("space", "space", "E", "tab", "tab", "tab")
			s.typed("Head of Debt")
			s.keys("ctrl+s")
		},
		"marks":  func(s *stage) { s.keys("space", "space", "space") },
		"drafts": func(s *stage) { s.keys("t"); s.typed("x"); s.keys("esc", "D") },
		"history": func(s *stage) {
			s.f.entries = []work.Entry{titleEntry(s.f.Contacts[0])}
			s.keys("H")
		},
		"columns":     func(s *stage) { s.keys("c") },
		"views":       func(s *stage) { s.keys("v") },
		"copy":        func(s *stage) { s.keys("enter", "y") },
		"profiles":    func(s *stage) { s.keys("P") },
		"log":         func(s *stage) { s.f.Failed(s.now, "/contacts?limit=50", "network"); s.keys("L") },
		"form help":   func(s *stage) { s.keys("e", "f1") },
		"examples":    func(s *stage) { s.keys("/", "tab") },
		"not a field": func(s *stage) { s.keys("enter", "G", "enter") },
		"read-only": func(s *stage) {
			s.a.setAccount(work.Account{Profile: "demo", ReadOnly: "the key may not write"})
			s.keys("e")
		},
		"quit":    func(s *stage) { s.keys("e"); s.typed("x"); s.keys("tab"); s.typed("x"); s.keys("ctrl+c") },
		"nothing": func(s *stage) { s.keys("/"); s.typed("zzzz"); s.keys("enter") },
	}
}

// sizes are the terminals of the pictures.
func sizes() [][2]int { return [][2]int{{80, 24}, {120, 40}, {200, 50}, {60, 20}, {40, 10}} }

func conflict(s *stage) {
	theirs := s.f.Contacts[0].With(model.FieldTitle, model.TextValue("Chief Credit Officer"))
	s.f.conflict = &theirs
	s.keys("e", "tab", "tab", "tab")
	s.typed(" II")
	s.keys("ctrl+s", "enter")
}

func refusedSave(s *stage) {
	s.f.Refuse["save"] = &model.Error{Kind: model.KindValidation, Status: 422, Type: "validation_error", Message: "title is too long",
		Fields: map[string]string{"title": "title is too long"}, RequestID: "e1f2a3b4-c5d6-7890-4567-901234567890"}
	s.keys("e", "tab", "tab", "tab")
	s.typed(" II")
	s.keys("ctrl+s", "enter")
}

func refusedField(s *stage) {
	s.f.Refuse["save"] = &model.Error{Kind: model.KindConflict, Status: 409, Type: "conflict", Message: "email cannot be changed",
		Fields: map[string]string{"email": "changing a contact's email is not supported yet"}, RequestID: "e1f2a3b4-c5d6-7890-4567-901234567890"}
	s.keys("enter")
	s.field(model.FieldEmail)
	s.keys("enter")
	s.typed("m")
	s.keys("enter")
}

func offline(s *stage) {
	s.f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused", Method: "GET"}
	s.keys("r")
}

func TestScreens(t *testing.T) {
	t.Parallel()
	for name, play := range scenes() {
		for _, size := range sizes() {
			t.Run(fmt.Sprintf("%s-%dx%d", strings.ReplaceAll(name, " ", "-"), size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				s := start(t, newFake(1284), size[0], size[1])
				play(s)
				golden.RequireEqual(t, s.screen())
			})
		}
	}
}

// The colors of every state in every theme, as the terminal gets them.
func TestColors(t *testing.T) {
	t.Parallel()
	looks := map[string]func(*stage){
		"dark": nil, "high-contrast": nil, "ascii": nil,
		"light": func(s *stage) { s.send(tea.BackgroundColorMsg{Color: color.White}) },
		"16":    func(s *stage) { s.send(tea.ColorProfileMsg{Profile: colorprofile.ANSI}) },
	}
	for name, play := range scenes() {
		for look, learn := range looks {
			t.Run(strings.ReplaceAll(name, " ", "-")+"-"+look, func(t *testing.T) {
				t.Parallel()
				s := start(t, newFake(60), 80, 24, func(o *Options) {
					o.Theme = look
					if learn != nil {
						o.Theme = "auto"
					}
				})
				if learn != nil {
					learn(s)
				}
				play(s)
				golden.RequireEqual(t, strings.ReplaceAll(s.a.View().Content, "\x1b", "^"))
			})
		}
	}
}

func TestEmptyAccount(t *testing.T) {
	t.Parallel()
	for _, size := range sizes() {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			golden.RequireEqual(t, start(t, newFake(0), size[0], size[1]).screen())
		})
	}
}

// Every scene fills the terminal exactly, whatever its size, also in themes
// without colours and with names that try to break it.
func TestGeometry(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[31m日本語\u202e\nDana\x07👨‍👩‍👧‍👦 " + strings.Repeat("e\u0301\u0301\u0301\u0301\u0301\u0301", 30)
	for name, play := range scenes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(60)
			for i := range f.Contacts {
				if i%3 == 0 {
					f.Contacts[i] = f.Contacts[i].With(model.FieldLastName, model.TextValue(hostile)).With(model.FieldEmail, model.TextValue(hostile)).
						With(model.FieldLinkedIn, model.TextValue("https://evil.example/\x1b]52;c;x\x07"))
				}
			}
			s := start(t, f, 120, 40, func(o *Options) { o.Theme = "ascii" })
			play(s)
			for _, size := range [][2]int{{1, 1}, {3, 2}, {20, 5}, {40, 10}, {60, 20}, {80, 24}, {99, 36}, {100, 24}, {200, 60}, {300, 100}} {
				_, cmd := s.a.Update(sizeMsg(size[0], size[1]))
				_ = cmd
				checkFrame(t, s, size[0], size[1])
			}
		})
	}
}

func checkFrame(t *testing.T, s *stage, w, h int) {
	t.Helper()
	v := s.a.View()
	lines := strings.Split(v.Content, "\n")
	if len(lines) != h {
		t.Errorf("%dx%d: %d lines", w, h, len(lines))
	}
	for i, l := range lines {
		if n := plain.Width(l); n != w {
			t.Errorf("%dx%d: line %d has %d cells: %q", w, h, i, n, ansi.Strip(l))
		}
	}
	if strings.ContainsAny(ansi.Strip(v.Content), "\x07\x1b\u202e\u009b") || strings.Contains(v.Content, "]52;") {
		t.Errorf("%dx%d: something that drives a terminal is in the frame", w, h)
	}
}
