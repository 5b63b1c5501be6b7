package browse

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// keysOf are the keys with which an action is reached from the list.
func keysOf(a keymap.Action) []string {
	if slices.Contains(a.Scopes, keymap.List) {
		return a.Keys[:1]
	}
	if slices.Contains(a.Scopes, keymap.Detail) {
		return []string{"enter", a.Keys[0]}
	}
	return nil
}

// B2: a key that is typed ahead means what it would have meant after a pause,
// for every action that needs a contact, and for what is typed after it.
func TestTypeAheadActsOnTheResult(t *testing.T) {
	t.Parallel()
	orders := map[string]struct {
		first []string
		ask   func(*stage)
	}{
		"search":          {nil, func(s *stage) { s.keys("/"); s.typed("raman"); s.keys("enter") }},
		"search bar":      {nil, func(s *stage) { s.keys("/"); s.typed("raman"); s.keys("down", "enter") }},
		"search, nothing": {nil, func(s *stage) { s.keys("/"); s.typed("zzzz"); s.keys("enter") }},
		"filter": {nil, func(s *stage) {
			s.keys("f")
			s.send(valueMsg{field: model.FieldType, value: model.TypeSponsor})
			s.keys("esc")
		}},
		"sort":  {nil, func(s *stage) { s.keys("s", "1") }},
		"clear": {[]string{"s", "1", "j", "/", "w", "e", "i"}, func(s *stage) { s.keys("esc") }},
	}
	for name, order := range orders {
		for _, a := range Actions() {
			after := keysOf(a)
			if a.Needs&(keymap.NeedsContact|keymap.NeedsRows) == 0 && !movesInList(a.Name) || after == nil {
				continue
			}
			t.Run(name+", "+string(a.Name), func(t *testing.T) {
				t.Parallel()
				play := func(ahead bool) *stage {
					s := start(t, whole(60), 120, 40)
					s.keys(order.first...)
					s.events, s.wait = nil, ahead
					order.ask(s)
					s.keys(after...)
					s.keys("j", "j", "x")
					s.arrive()
					return s
				}
				paused, ahead := play(false), play(true)
				if got, want := ahead.screen(), paused.screen(); got != want {
					t.Errorf("typed ahead:\n%s\n--- after a pause:\n%s", got, want)
				}
				if got, want := asked(ahead), asked(paused); !reflect.DeepEqual(got, want) {
					t.Errorf("typed ahead: %v\nafter a pause: %v", got, want)
				}
			})
		}
	}
}

// asked names what the program was asked for.
func asked(s *stage) []string {
	var out []string
	for _, e := range s.events {
		switch e := e.(type) {
		case screen.Say, screen.Open, screen.Retract, Replay, Synced:
		case EditContact:
			out = append(out, "edit "+e.Contact.Name())
		case CopyContact:
			out = append(out, "copy "+e.Contact.Name())
		case EditField:
			out = append(out, "field of "+e.Contact.Name())
		default:
			out = append(out, fmt.Sprintf("%T", e))
		}
	}
	return out
}

// What the palette chooses waits as a key does.
func TestThePaletteWaitsToo(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.wait = true
	s.keys("/")
	s.typed("raman")
	s.keys("enter")
	s.handle(s.m.Run(keymap.ContactEdit))
	s.send(tea.PasteMsg{Content: "ignored"})
	if _, n := happened[EditContact](s); n != 0 {
		t.Fatal("did not wait")
	}
	s.arrive()
	if e, n := happened[EditContact](s); n != 1 || e.Contact.Name() != "Priya Raman" {
		t.Errorf("%d edits, of %q", n, e.Contact.Name())
	}
}

// While the service has yet to send sorted rows, the rows on the screen can be
// used, and a key means the contact that is marked there.
func TestASlowServiceHoldsNoKeys(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.wait = true
	s.keys("s", "1", "j", "e")
	e, n := happened[EditContact](s)
	if n != 1 || e.Contact.Name() != "James Rodriguez" {
		t.Errorf("%d edits, of %q", n, e.Contact.Name())
	}
	s.want("James Rodriguez")
}

// places are the states in which any key may be pressed.
func places() map[string]func(*testing.T) *stage {
	return map[string]func(*testing.T) *stage{
		"rows":       func(t *testing.T) *stage { return start(t, newFake(300), 120, 40) },
		"no account": func(t *testing.T) *stage { return start(t, newFake(0), 120, 40) },
		"no match": func(t *testing.T) *stage {
			s := start(t, whole(60), 120, 40)
			s.keys("/")
			s.typed("zzzzz")
			s.keys("enter")
			return s
		},
		"no match, bar open": func(t *testing.T) *stage {
			s := start(t, whole(60), 80, 24)
			s.keys("/")
			s.typed("zzzzz")
			return s
		},
		"loading": func(t *testing.T) *stage {
			s := start(t, newFake(60), 120, 40)
			s.m, s.wait = New(s.m.o), true
			s.size(120, 40)
			return s
		},
		"cache in parts": func(t *testing.T) *stage {
			s := start(t, whole(60), 60, 12)
			s.m, s.wait = New(s.m.o), true
			s.size(60, 12)
			return s
		},
		"failed": func(t *testing.T) *stage {
			f := newFake(60)
			f.Refuse["page"] = &model.Error{Kind: model.KindForbidden, Status: 403, Message: "no"}
			return start(t, f, 120, 40)
		},
		"one row": func(t *testing.T) *stage { return start(t, newFake(1), 40, 10) },
		"tiny":    func(t *testing.T) *stage { return start(t, newFake(30), 3, 2) },
	}
}

// B1: every action holds in every state, and one that cannot be done says why.
func TestEveryActionInEveryState(t *testing.T) {
	t.Parallel()
	for name, begin := range places() {
		for _, a := range Actions() {
			t.Run(name+", "+string(a.Name), func(t *testing.T) {
				t.Parallel()
				for _, detail := range []bool{false, true} {
					s := begin(t)
					if detail {
						s.m.focusOn(paneDetail)
					}
					why := s.m.Unable(a)
					s.handle(s.m.Run(a.Name))
					if why != "" && !slices.ContainsFunc(s.said, func(m screen.Message) bool { return m.Text == why }) {
						t.Errorf("%q is not said: %v", why, s.said)
					}
					if a.Needs&keymap.NeedsContact != 0 && s.m.selected == 0 && why != "no contact is selected" {
						t.Errorf("no contact, and %q", why)
					}
					s.screen()
					s.arrive()
					s.screen()
				}
			})
		}
	}
}

// Random keys in random states, with answers that come at random moments. The
// seed is in the name of the test.
func TestRandomKeys(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, a := range uitest.Keys(Actions()...).In(keymap.List) {
		keys = append(keys, a.Keys...)
	}
	keys = append(keys, "/", "/", "z", "r", "enter", "esc", "1", "2", "0", "backspace", "down", "ctrl+g")
	seed := uint64(time.Now().UnixNano())
	for name, begin := range places() {
		t.Run(fmt.Sprintf("%s, seed %d", name, seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			s := begin(t)
			for range 250 {
				switch r.IntN(12) {
				case 0:
					s.wait = !s.wait
				case 1:
					s.arrive()
				case 2:
					s.Pass(time.Duration(r.IntN(3000))*time.Millisecond, s.send)
					s.tick()
				case 3:
					s.size(1+r.IntN(140), 1+r.IntN(44))
				case 4:
					at := tea.Mouse{X: r.IntN(s.w), Y: r.IntN(s.h), Button: tea.MouseLeft}
					if len(s.top) == 0 {
						s.send(tea.MouseClickMsg(at))
					}
				default:
					s.keys(keys[r.IntN(len(keys))])
				}
				checkFrame(t, s)
			}
		})
	}
}

// checkFrame checks that the panes and the status line are exactly as large as
// they have to be, and that nothing in them drives a terminal.
func checkFrame(t *testing.T, s *stage) {
	t.Helper()
	lines := s.m.View(Look{}).Lines
	if len(lines) != s.m.body.H {
		t.Fatalf("%dx%d: %d lines, want %d", s.w, s.h, len(lines), s.m.body.H)
	}
	lines = append(lines, s.m.Status(s.w, s.m.Activity()))
	for i, l := range lines {
		if n := width(l); n != s.w {
			t.Fatalf("%dx%d: line %d has %d cells: %q", s.w, s.h, i, n, l)
		}
		if strings.ContainsAny(l, "\x07\u202e\u009b") || strings.Contains(l, "]52;") {
			t.Fatalf("%dx%d: something that drives a terminal is in line %d", s.w, s.h, i)
		}
	}
}

// One step back leaves the details, then stops loading, then the search; what is
// left is the program's. Nothing quits.
func TestBack(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.keys("space", "/")
	s.typed("raman")
	s.keys("enter", "enter")
	if s.keys("esc"); s.m.Scope() != keymap.List {
		t.Error("still in the details")
	}
	s.wait = true
	s.keys("r", "esc")
	s.wait = false
	s.want("stopped; what was loaded stays", "/ raman")
	s.keys("esc")
	s.wantNot("/ raman")
	if _, n := happened[Back](s); n != 0 {
		t.Fatal("a step back was not needed yet")
	}
	s.want("1 marked")
	s.keys("esc", "esc")
	s.want("1 marked", "ctrl+x clears the marks") // a stray esc costs no marks
	if _, n := happened[Back](s); n != 2 {
		t.Errorf("%d steps back", n)
	}
}

// Keys of the program come back, also from the details; text in the search bar
// is text.
func TestKeysOfTheProgram(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.keys("?", "enter", "q", "H", "F", "/", "q")
	var names []keymap.Name
	for _, e := range s.events {
		if a, ok := e.(Asked); ok {
			names = append(names, a.Action.Name)
		}
	}
	if !slices.Equal(names, []keymap.Name{keymap.Help, keymap.Quit, keymap.History}) || s.m.search.input.Value() != "q" {
		t.Errorf("asked for %v, searching %q", names, s.m.search.input.Value())
	}
}

// A read-only account can do everything but write.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.m.SetReadOnly("started with --read-only")
	s.keys("space", "e", "n", "N", "E", "enter", "enter")
	if got := asked(s); len(got) != 0 {
		t.Errorf("asked for %v", got)
	}
	s.want("read-only: started with --read-only")
	s.said = nil
	s.keys("W", "y")
	s.wantNot("read-only")
}

// What the user wants to edit is told with the contact that is marked.
func TestEditsAreAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.keys("j", "e", "n", "N", "u", "enter", "j", "enter", "esc", "k", "space", "j", "space", "E")
	want := []string{
		"edit James Rodriguez", "browse.NewContact", "copy James Rodriguez", "browse.Asked",
		"field of James Rodriguez", "browse.BulkEdit",
	}
	if got := asked(s); !slices.Equal(got, want) {
		t.Errorf("asked for %v", got)
	}
	bulk, _ := happened[BulkEdit](s)
	field, _ := happened[EditField](s)
	if len(bulk.Contacts) != 2 || bulk.Contacts[0].ID() != uitest.Person(0).ID() || field.Field == model.FieldType {
		t.Errorf("%d contacts, field %v", len(bulk.Contacts), field.Field)
	}
	s.keys("enter", "G", "enter")
	s.want("the service sets this field")
}
