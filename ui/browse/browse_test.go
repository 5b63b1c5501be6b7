package browse

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

func width(s string) int { return plain.Width(s) }

func (s *stage) requests() int { return s.f.Calls["page"] + s.f.Calls["get"] }

func (s *stage) name() string {
	c, _ := s.m.Selected()
	return c.Name()
}

func TestLookingMakesNoRequest(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	before := s.requests()
	s.keys("j", "j", "k", "enter", "j", "j", "esc", "s", "esc", "f", "esc", "y", "esc", "c", "esc", "v", "esc")
	s.size(80, 24)
	s.size(120, 40)
	s.keys("/")
	s.typed("chen")
	s.keys("down", "enter", "esc")
	if now := s.requests(); now != before {
		t.Errorf("looking around made %d requests", now-before)
	}
}

// Somebody who holds pgdn is never at an end that is not the end.
func TestPrefetch(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(3000), 120, 40)
	for range 60 {
		s.keys("pgdown")
		rows := s.m.contacts.Rows().Len()
		if left := rows - s.m.list.Offset() - s.m.list.Height(); left <= 0 && rows < 3000 {
			t.Fatalf("at the end of %d loaded rows", rows)
		}
	}
	s.keys("G")
	s.want("3,000 of 3,000 · 3,000 of 3,000 loaded")
	s.keys("g")
	s.want("1 of 3,000")
}

func TestSelectionIsAnID(t *testing.T) {
	t.Parallel()
	f := newFake(300)
	s := start(t, f, 120, 40)
	s.keys("j", "j", "j")
	id, line := s.m.selected, s.m.list.Cursor()-s.m.list.Offset()
	first := uitest.Person(5000).With(model.FieldKey, model.IntValue(7))
	f.Contacts = append([]model.Contact{first}, f.Contacts...)
	s.keys("r")
	if now := s.m.list.Cursor() - s.m.list.Offset(); s.m.selected != id || now != line {
		t.Errorf("after a refresh contact %d on line %d is selected, want %d on %d", s.m.selected, now, id, line)
	}
	s.keys("/")
	s.typed("zhang")
	s.keys("esc")
	if s.m.selected != id {
		t.Errorf("clearing the search left contact %d selected, want %d", s.m.selected, id)
	}
	s.keys("/")
	s.typed("zhang")
	s.keys("down")
	chosen := s.m.selected
	if s.keys("esc"); s.m.selected != chosen || chosen == id {
		t.Errorf("clearing the search left contact %d selected, want %d, which was chosen in it", s.m.selected, chosen)
	}
}

// A search that is cleared over a sorted list comes back to where it began,
// although the order is made again first.
func TestClearingASearchOfASortedList(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("s", "1", "j", "j")
	id := s.m.selected
	s.keys("/")
	s.typed("zhang")
	s.wait = true
	s.keys("esc")
	s.handle(s.m.Put(uitest.Person(3), false)) // rows come meanwhile
	s.arrive()
	if s.m.selected != id {
		t.Errorf("%d is selected, want %d", s.m.selected, id)
	}
}

// The best match stays selected while rows come in, until the next key.
func TestBetterMatchesComeIn(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("/")
	s.typed("raman")
	better := uitest.Person(2).With(model.FieldLastName, model.TextValue("Aaraman")).With(model.FieldFirstName,
		model.TextValue("Raman"))
	s.handle(s.m.Put(better, false))
	if rows := s.m.contacts.Rows(); rows.At(0).ID() != s.m.selected {
		t.Errorf("%d is selected, and the best match is %d", s.m.selected, rows.At(0).ID())
	}
	s.keys("enter", "j")
	id := s.m.selected
	s.handle(s.m.Put(uitest.Person(14).With(model.FieldFirstName, model.TextValue("Raman")), false))
	if s.m.selected != id {
		t.Errorf("%d is selected, and the cursor was on %d", s.m.selected, id)
	}
}

func TestOfflineAndBack(t *testing.T) {
	t.Parallel()
	f := newFake(300)
	s := start(t, f, 120, 40)
	f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.keys("r")
	s.want("trying again in 2 s · r now", "Sarah Chen")
	s.m.SetCovered(true)
	s.wantNot("r now")
	s.m.SetCovered(false)
	s.keys("j", "/")
	s.typed("raman")
	s.want("Priya Raman")
	s.keys("esc")
	delete(f.Refuse, "page")
	s.keys("r")
	s.wantNot("offline")
	if _, n := happened[BackOnline](s); n != 1 || s.m.Offline() {
		t.Errorf("back %d times", n)
	}
}

func TestEmptyLists(t *testing.T) {
	t.Parallel()
	start(t, newFake(0), 100, 24).want("There are no contacts in this account yet.", "n creates the first one.")
	s := start(t, whole(300), 120, 40)
	s.keys("/")
	s.typed("zzzqq")
	s.want("Nothing matches zzzqq", "esc clears the search")
	f := newFake(60)
	f.Refuse["page"] = &model.Error{Kind: model.KindForbidden, Status: 403, Message: "not for you", RequestID: "r-1"}
	start(t, f, 120, 40).want("not for you", "403 · request r-1", "r tries again")
	s = start(t, newFake(60), 80, 24)
	s.m, s.wait = New(s.m.o), true
	s.f.Opening = work.Opening{}
	s.run(s.m.Init())
	s.want("Loading contacts…")
	cmd := s.later[0]
	uitest.Run(cmd, s.send)
	s.f.Failed(s.Now(), "/contacts?limit=50", "network")
	s.tick()
	s.want("Loading contacts…", "Can't reach Lev · retrying…")
	s.wantNot("esc stops")
}

// What is loaded is said with an age when an earlier run fetched it.
func TestAgeOfTheRows(t *testing.T) {
	t.Parallel()
	f := whole(300)
	f.Opening.AccountName = "Meridian Partners"
	f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s := start(t, f, 120, 40)
	s.want("as of 1 hour ago", "Sarah Chen", "trying again in 2 s")
	if a, _ := happened[AccountSeen](s); a.Name != "Meridian Partners" {
		t.Errorf("account %q", a.Name)
	}
	delete(f.Refuse, "page")
	s.keys("r")
	s.wantNot("as of")
}

func TestCreatedContactStaysInView(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	made := uitest.Person(900).With(model.FieldConnected, model.BoolValue(false))
	made = made.With(model.FieldFirstName, model.TextValue("Ann"))
	s.handle(s.m.Put(made, true))
	s.handle(s.m.GoTo(made.ID()))
	s.want("+ 1 not connected", "○", "Ann Chen 900")
	s.f.NotConnected = []model.Contact{made}
	s.keys("r")
	if s.m.selected != made.ID() {
		t.Error("the new contact lost the selection after a refresh")
	}
}

func TestGoTo(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.NotConnected = []model.Contact{uitest.Person(900)}
	s := start(t, f, 120, 40)
	s.handle(s.m.GoTo(uitest.Person(7).ID()))
	if s.name() != uitest.Person(7).Name() || f.Calls["get"] != 0 {
		t.Errorf("%q after %d requests", s.name(), f.Calls["get"])
	}
	s.handle(s.m.GoTo(uitest.Person(900).ID()))
	if s.name() != uitest.Person(900).Name() || f.Calls["get"] != 1 {
		t.Errorf("%q after %d requests", s.name(), f.Calls["get"])
	}
	s.handle(s.m.GoTo(4))
	s.want("Contact not found")
}

// editor is a field edited in place.
type editor struct{}

func (editor) Lines(w, _ int) []string { return []string{strings.Repeat("~", w), "enter saves"} }

// While a field is edited in place the details keep its contact, whatever comes.
func TestEditingInPlace(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	id := uitest.Person(2).ID()
	s.m.FocusField(uitest.Person(2), model.FieldTitle)
	if f, ok, _ := s.m.Field(); f != model.FieldTitle || !ok {
		t.Errorf("the cursor is on %v", f)
	}
	s.m.SetEditing(true)
	s.keys("/")
	s.typed("wei")
	s.keys("enter")
	s.send(tea.MouseClickMsg{X: 5, Y: 6, Button: tea.MouseLeft})
	if c, _ := s.m.Selected(); c.ID() != id {
		t.Errorf("the details show %q", c.Name())
	}
	look := Look{Editor: editor{}, EditorCursor: func() *tea.Cursor { return tea.NewCursor(2, 0) }}
	f := s.m.View(look)
	if c := f.Cursor; c == nil || !strings.Contains(ansi.Strip(f.Lines[c.Y]), "~") || c.X < 75 {
		t.Errorf("cursor %+v", f.Cursor)
	}
	s.m.SetEditing(false)
	if s.name() == uitest.Person(2).Name() {
		t.Error("the list and the details still differ")
	}
}

// The terminal's cursor stands on the selected row, in the list and in the details,
// wherever they stand.
func TestTheCursorIsOnTheSelectedRow(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}, {60, 40}} {
		s := start(t, newFake(60), size[0], size[1])
		s.keys("j", "j")
		f := s.m.View(Look{})
		if c := f.Cursor; c == nil || c.X != 0 || !strings.Contains(ansi.Strip(f.Lines[c.Y]), s.m.theme.Glyphs.Cursor) {
			t.Errorf("%v: in the list the cursor is %+v", size, c)
		}
		s.keys("enter", "j")
		f = s.m.View(Look{})
		if c := f.Cursor; c == nil || !strings.HasPrefix(ansi.Strip(plain.Slice(f.Lines[c.Y], c.X, size[0])),
			s.m.theme.Glyphs.Cursor) {
			t.Errorf("%v: in the details the cursor is %+v", size, c)
		}
	}
	if c := start(t, newFake(0), 80, 24).m.View(Look{}).Cursor; c != nil {
		t.Errorf("without a row the cursor is %+v", c)
	}
}

func TestDraftsAreShown(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	s.m.SetDrafts(map[int64]string{uitest.Person(0).ID(): "a draft waits here; e opens it"})
	s.want("a draft waits here; e opens it", theme.Pick("dark", true).Glyphs.Draft)
	s.keys("j")
	s.wantNot("a draft waits here")
}

// The wheel scrolls the pane under it; clicks select, sort and open.
func TestMouse(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	click := func(x, y int) { s.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	click(5, 5)
	if s.want("3 of 60"); s.m.Scope() != keymap.List {
		t.Error("one click opened the details")
	}
	s.Pass(100*time.Millisecond, s.send)
	if click(5, 5); s.m.Scope() != keymap.Detail {
		t.Error("a double click does not open")
	}
	s.send(tea.MouseWheelMsg{X: 20, Y: 8, Button: tea.MouseWheelDown})
	s.want("4 of 60")
	s.send(tea.MouseWheelMsg{X: 100, Y: 8, Button: tea.MouseWheelDown})
	if f, _, _ := s.m.Field(); f != model.FieldTitle {
		t.Errorf("the wheel moved to %v", f)
	}
	click(5, 2)
	s.want("by last name ▲")
	// A double click beside the open search bar keeps the search: the keys go
	// where the focus is.
	s.keys("/")
	s.typed("chen")
	click(5, 4)
	if click(5, 4); s.m.Scope() != keymap.Detail {
		t.Errorf("the keys go to %s", s.m.Scope())
	}
}

// Whatever the size, panes and status line fill their place exactly, also with
// names that try to break it.
func TestGeometry(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[31m日本語\u202e\nDana\x07👨‍👩‍👧‍👦 " + strings.Repeat("e\u0301\u0301\u0301\u0301\u0301\u0301", 30)
	f := newFake(60)
	for i := range f.Contacts {
		if i%3 == 0 {
			for _, field := range []model.FieldID{model.FieldLastName, model.FieldEmail} {
				f.Contacts[i] = f.Contacts[i].With(field, model.TextValue(hostile))
			}
			f.Contacts[i] = f.Contacts[i].With(model.FieldLinkedIn, model.TextValue("https://evil.example/\x1b]52;c;x\x07"))
		}
	}
	for _, keys := range [][]string{{"j"}, {"enter", "j"}, {"/", "r", "o", "d"}, {"space", "s", "6"}} {
		s := start(t, f, 120, 40, func(o *Options) { o.Theme = theme.Pick("ascii", true) })
		s.keys(keys...)
		for _, size := range [][2]int{
			{1, 1}, {3, 2}, {20, 5}, {40, 10}, {60, 20}, {80, 24}, {99, 36}, {100, 24}, {200, 60}, {300, 100},
		} {
			s.size(size[0], size[1])
			checkFrame(t, s)
		}
	}
}

// A message that comes and goes takes from the details first and moves no row
// but the one that it needs the line of.
func TestMessagesMoveNoRow(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}, {80, 40}, {60, 12}} {
		s := start(t, newFake(300), size[0], size[1], pages(100))
		line := func() int { return s.m.layout().list.Y + 1 + s.m.list.Cursor() - s.m.list.Offset() }
		messages := func(n int) {
			body := s.m.body
			body.H += s.m.messages - n
			s.handle(s.m.SetSize(body, n))
		}
		s.keys("G")
		for range 120 {
			before, rule := line(), s.m.layout().rule
			messages(1)
			l := s.m.layout()
			if last := l.list.Y + l.list.H - 1; line() != min(before, last) || l.rule.Y != rule.Y {
				t.Fatalf("%v: the message moved the row from line %d to %d", size, before, line())
			}
			with := line()
			messages(0)
			if s.m.reselect(); line() != with {
				t.Fatalf("%v: the row is on line %d after the message, was on %d", size, line(), with)
			}
			s.keys("k")
		}
	}
}

// Messages of the lists have owners, so that they end with what they are about.
func TestMessagesEnd(t *testing.T) {
	t.Parallel()
	f := newFake(300)
	s := start(t, f, 120, 40)
	f.Refuse["page"] = &model.Error{Kind: model.KindForbidden, Status: 403, Message: "not now", RequestID: "r-9"}
	s.keys("r")
	s.want("not now", "403 · request r-9")
	if err := s.m.LastError(); err == nil || err.RequestID != "r-9" {
		t.Errorf("last error %v", err)
	}
	delete(f.Refuse, "page")
	s.keys("r")
	s.wantNot("not now")
	f.Refuse["page"] = &model.Error{Kind: model.KindUnauthorized, Status: 401}
	s.keys("r")
	if in, n := happened[screen.SignIn](s); n != 1 || in.Asked {
		t.Errorf("%d sign-ins: %+v", n, in)
	}
}
