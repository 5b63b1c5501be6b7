package browse

import (
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// How much is loaded is never cut, whatever else the status has to say: half a
// number would be another one.
func TestTheStatusNeverCutsANumber(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	s := start(t, f, 120, 40)
	f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.keys("r")
	whole := regexp.MustCompile(`^ 1 of 250 · 250 of 1,284 loaded( · as of a moment ago)?(  *o.*)?$`)
	for w, want := range map[int]string{20: " 250 of 1,284 loaded", 19: " 250 of 1,284"} {
		s.size(w, 5)
		if got := strings.TrimRight(s.status(), " "); got != want {
			t.Errorf("width %d: %q", w, got)
		}
	}
	for w := 36; w < 120; w++ {
		s.size(w, 20)
		if got := strings.TrimRight(s.status(), " "); !whole.MatchString(got) {
			t.Fatalf("width %d: %q", w, got)
		}
	}
	s.want("offline, trying again in 2 s")
}

// The order stays in a status that has no room for what it cannot promise.
func TestTheOrderStaysOnNarrowScreens(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 60, 24)
	s.keys("s", "6")
	s.want("loaded · by city ▲")
	s.wantNot("rows may")
}

// Whatever the width, what goes on is said in whole words, in as many as there
// is room for.
func TestWaitingIsSaidInWholeWords(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.keys("s", "6")
	known := map[string]bool{}
	for _, w := range strings.Fields("1 of 200 · 250 1,284 loaded by city ▲ rows may shift while others edit waiting " +
		"for the rate limit 23 s esc stops wait the service is asking us to slow down asked") {
		known[strings.Trim(w, ",")] = true
	}
	limit := func(frozen bool) screen.Activity {
		if frozen {
			return screen.Activity{Forms: slowDown("23 s", " · esc stops")}
		}
		return screen.Activity{Forms: []string{
			"waiting for the rate limit · 23 s · esc stops", "rate limit · 23 s · esc stops", "rate limit · 23 s", "wait 23 s",
		}}
	}
	for w := 30; w <= 140; w++ {
		s.size(w, 20)
		for _, frozen := range []bool{false, true} {
			line := s.m.Status(w, limit(frozen))
			for _, word := range strings.Fields(stripped(line)) {
				if !known[strings.Trim(word, ",")] {
					t.Errorf("width %d: %q in %q", w, word, stripped(line))
				}
			}
			if w >= 44 && !strings.Contains(line, "23 s") {
				t.Errorf("width %d: no seconds in %q", w, stripped(line))
			}
		}
	}
}

func stripped(s string) string { return regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(s, "") }

// What is typed into the search, and how much it covers, are both on screens of
// any width.
func TestSearchOnNarrowScreens(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.keys("/")
	s.want("searches 250 of 1,284 · ctrl+g loads the rest")
	s.typed("rod lender")
	s.want("/ rod lender", "42 in 250 of 1,284 · ctrl+g loads the rest")
	for w := 20; w < 120; w++ {
		s.size(w, 10)
		line := s.status()
		if !strings.Contains(line, "lender") || w >= 35 && !strings.Contains(line, "42 in 250 of 1,284") ||
			w >= 36 && !strings.Contains(line, "/ rod lender") {
			t.Errorf("width %d: %q", w, line)
		}
		end := len([]rune(line[:strings.Index(line, "lender")])) + len("lender")
		if at := s.m.StatusCursor(w); at == nil || at.X != end || at.Y != 0 {
			t.Errorf("width %d: cursor %+v in %q", w, at, line)
		}
	}
	s.keys("ctrl+g")
	s.want("450 of 1,284", "/ rod lender")
	if s.keys("esc"); s.m.StatusCursor(80) != nil {
		t.Error("a cursor without a bar")
	}
}

// B6: a long paste into the search is cut to what a search may have, with a
// word, and the next frame is drawn at once.
func TestALongSearch(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 80, 24)
	s.keys("/")
	long := []string{strings.Repeat("a", 100_000), strings.Repeat("日本é ", 30_000), strings.Repeat("x\n", 5000)}
	for _, text := range long {
		s.keys("ctrl+u")
		s.said = nil
		begin := time.Now()
		s.send(tea.PasteMsg{Content: text})
		checkFrame(t, s)
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("%v for one paste", took)
		}
		if n := len([]rune(s.m.search.input.Value())); n != searchLimit {
			t.Errorf("%d characters are searched", n)
		}
		s.want("a search has at most 1,000 characters")
		s.said = nil
		s.typed("b")
		s.want("a search has at most 1,000 characters")
		if at := s.m.StatusCursor(80); at == nil || at.X > 79 {
			t.Errorf("cursor %+v", at)
		}
	}
	// At the beginning of a long text, its beginning is shown.
	s.keys("home")
	if line := s.status(); !strings.HasPrefix(line, " / x x x") {
		t.Errorf("%q", line)
	}
}

// A search that cannot be read says why, and what was found before stays.
func TestASearchThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("/")
	s.typed("/chen(")
	s.want("(at ", "Sarah Chen")
}

// A list that takes long says for how long, and when attempts fail.
func TestLongLoadIsExplained(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(1284), 120, 40)
	s.wait = true
	s.keys("r")
	after := func(d time.Duration) {
		s.Pass(d, s.send)
		s.tick()
	}
	after(500 * time.Millisecond)
	s.want("⠼ loading")
	s.wantNot("esc stops")
	after(2 * time.Second)
	s.want("loading · 2 s · esc stops")
	s.f.Failed(s.Now(), "/contacts?limit=200", "network")
	after(time.Second)
	s.want("can't reach Lev · retrying (3 s) · esc stops")
	s.size(76, 24)
	s.want("no connection · retrying (3 s)")
	s.keys("enter") // in the details esc goes back to the list
	s.wantNot("esc stops")
	s.keys("esc", "esc")
	s.want("stopped; what was loaded stays")
	s.wantNot("retrying")
	s.size(120, 40)
	s.keys("G")
	s.want("loading to the end, about 18 s · esc stops")
}

// What was typed is on the screen before the search for it begins.
func TestTypedTextIsDrawnBeforeItIsSearched(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40, func(o *Options) { o.DrawFirst = time.Hour })
	s.wait = true
	s.keys("/", "c")
	s.want("/ c", "Priya Raman")
}

func TestUnknownTotalIsSaid(t *testing.T) {
	t.Parallel()
	f := newFake(0)
	f.Refuse["page"] = &model.Error{Kind: model.KindCanceled}
	s := start(t, f, 100, 24)
	s.handle(s.m.Put(uitest.Person(1), false))
	s.want("1 loaded, how many there are is not known")
}

// The theme for terminals that know only ASCII says everything in it.
func TestASCIIOnly(t *testing.T) {
	t.Parallel()
	f := newFake(1284)
	for i := range f.Contacts {
		f.Contacts[i] = f.Contacts[i].With(model.FieldFirstName, model.TextValue("Ann"))
	}
	s := start(t, f, 120, 40, func(o *Options) { o.Theme = theme.Pick("ascii", true) })
	check := func(name string) {
		t.Helper()
		for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}} {
			s.size(size[0], size[1])
			said := s.said
			s.said = nil
			for _, l := range strings.Split(s.screen(), "\n") {
				if i := strings.IndexFunc(l, func(r rune) bool { return r > 0x7e }); i >= 0 {
					t.Errorf("%s: %q in %q", name, l[i:], l)
				}
			}
			s.said = said
		}
	}
	check("list")
	for _, keys := range [][]string{{"/", "a", "n"}, {"esc", "enter"}, {"s"}, {"f"}, {"c"}, {"v"}, {"y"}, {"o"}} {
		s.keys(keys...)
		check(keys[0])
		if len(s.top) > 0 {
			s.keys("esc")
		}
	}
	s.keys("esc")
	s.wait = true
	s.keys("r")
	s.Pass(3*time.Second, s.send)
	check("loading")
	s.f.Failed(s.Now(), "/contacts?limit=200", "network")
	s.tick()
	check("trouble")
}

// How old the rows are is always on the screen, and a refresh answers with what
// it found.
func TestTheAgeIsOnTheScreen(t *testing.T) {
	t.Parallel()
	f := whole(60)
	s := start(t, f, 120, 40)
	s.want("checked 15:04")
	s.Pass(7*time.Minute, s.send)
	s.keys("r")
	s.want("Up to date", "checked 15:11")
	f.Contacts[3] = f.Contacts[3].With(model.FieldTitle, model.TextValue("CEO")).
		With(model.FieldUpdated, model.TextValue("2026-11-20T15:10:00Z"))
	f.Sorted = append([]model.Contact{f.Contacts[3]}, f.Contacts...)
	s.keys("j", "r")
	s.want("1 contact changed", "\n 2 of 60")
	f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.keys("r")
	s.Pass(65*time.Minute, func(tea.Msg) {})
	s.want("as of 1 hour ago", "offline")
}

// Contacts that were not loaded yet are no changes.
func TestARefreshOfPartOfTheList(t *testing.T) {
	t.Parallel()
	f := newFake(700)
	s := start(t, f, 120, 40)
	if s.m.contacts.Complete() {
		t.Fatal("everything is loaded")
	}
	f.Contacts[3] = f.Contacts[3].With(model.FieldTitle, model.TextValue("CEO"))
	s.keys("r", "G")
	s.want("1 contact changed", "700 of 700 loaded")
	s.keys("r")
	s.want("Up to date")
}

// The screen asks by itself what has changed: one request, at the priority that
// never uses the reserve, and the cursor stays.
func TestTheScreenRefreshesItself(t *testing.T) {
	t.Parallel()
	f := whole(60)
	s := start(t, f, 120, 40, func(o *Options) { o.RefreshEvery = 5 * time.Minute })
	s.keys("j", "j")
	before := len(f.Pages)
	for range 3 {
		due := s.m.Wake()
		if got := due.Sub(s.Now()); got != 5*time.Minute {
			t.Fatalf("the next refresh is due in %v", got)
		}
		s.Pass(5*time.Minute, s.send)
		s.tick()
		s.tick()
	}
	if n := len(f.Pages) - before; n != 3 {
		t.Fatalf("%d requests in 15 minutes", n)
	}
	for _, p := range f.Pages[before:] {
		if p.Priority != work.Index || p.List.Sort().Field != model.FieldUpdated {
			t.Errorf("asked %+v", p)
		}
	}
	s.want("\n 3 of 60", "checked 15:19")
	s.wantNot("Up to date")
	f.Refuse["page"] = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.Pass(5*time.Minute, s.send)
	s.tick()
	if s.want("as of"); !s.m.Offline() {
		t.Error("not offline")
	}
	// Never without a whole copy, and never when it is off.
	for _, s := range []*stage{start(t, whole(60), 120, 40), start(t, newFake(1284), 120, 40, func(o *Options) { o.RefreshEvery = time.Minute })} {
		before := len(s.f.Pages)
		s.Pass(time.Hour, s.send)
		s.tick()
		if len(s.f.Pages) != before {
			t.Error("asked by itself")
		}
	}
}
