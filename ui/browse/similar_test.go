package browse

import (
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/uitest"
)

// misspelled is 60 contacts, one of which is called Ramen instead of Raman.
func misspelled() *fake {
	f := newFake(0)
	f.Contacts = uitest.NewService(60).Contacts
	f.Contacts[5] = f.Contacts[5].With(model.FieldLastName, model.TextValue("Ramen"))
	f.WithCache(60, uitest.Synced(60))
	return f
}

// Similar contacts stand below a rule when few match, and are neither counted nor
// marked nor edited with the others.
func TestSimilarWhenNothingMatches(t *testing.T) {
	t.Parallel()
	s := start(t, misspelled(), 120, 40)
	s.keys("/")
	s.typed("rodrigez")
	s.want("── nothing matches · 10 similar ──", "James Rodriguez", "0 of 60")
	s.keys("enter")
	s.want("similar 1 of 10")
	for _, key := range []string{"ctrl+a", "space", "V"} {
		s.said = nil
		s.keys(key)
		if n := len(s.m.Marked()); n != 0 {
			t.Fatalf("%s marks %d similar contacts", key, n)
		}
	}
	s.keys("space")
	s.want("Similar contacts are not marked")
	s.keys("e")
	if e, n := happened[EditContact](s); n != 1 || !strings.HasPrefix(e.Contact.Name(), "James Rodriguez") {
		t.Errorf("edits %d, %q", n, e.Contact.Name())
	}
	s.keys("esc")
	s.wantNot("similar 1")
	s.want("of 60")
}

func TestSimilarOnRequest(t *testing.T) {
	t.Parallel()
	f := misspelled()
	s := start(t, f, 120, 40)
	s.keys("/")
	s.typed("raman")
	s.want("10 of 60")
	s.wantNot("similar")
	s.keys("ctrl+t")
	s.want("10 of 60", "── 1 similar ──", "Dana Ramen")
	s.keys("enter", "G")
	s.want("similar 1 of 1")
	s.keys("g", "V", "G", "V", "ctrl+x", "ctrl+x", "ctrl+a")
	s.want("Marked all 10 shown", "10 marked")
	s.keys("E")
	e, _ := happened[BulkEdit](s)
	for _, c := range e.Contacts {
		if strings.Contains(c.Name(), "Ramen") {
			t.Error("a similar contact is edited with the others")
		}
	}
	if len(e.Contacts) != 10 {
		t.Errorf("%d contacts are edited", len(e.Contacts))
	}
	if s.keys("W", "enter"); len(f.exported) != 10 {
		t.Errorf("%d contacts are written", len(f.exported))
	}
	s.keys("ctrl+t")
	s.wantNot("similar ──")
	s.keys("ctrl+t", "esc", "/")
	s.typed("dana")
	s.want("10 of 60")
	s.wantNot("similar ──") // a new search begins without them
	s.keys("esc", "ctrl+t")
	s.want("Similar contacts are shown below")
	s.keys("/")
	s.typed("zzzzzz")
	s.keys("ctrl+t")
	s.want("No contact is similar to zzzzzz", "Nothing matches zzzzzz")
}

// The contacts that match are drawn before similar ones are looked for.
func TestSimilarComeAfterwards(t *testing.T) {
	t.Parallel()
	s := start(t, misspelled(), 120, 40)
	s.keys("/")
	s.typed("rame")
	s.wait = true
	s.typed("n")
	s.later, s.wait = s.later[:1], false
	cmd := s.later[0]
	s.later, s.wait = nil, true
	uitest.Run(cmd, s.send)
	s.want("1 of 60", "Dana Ramen")
	s.wantNot("similar")
	s.arrive()
	s.want("── 10 similar ──", "1 of 60")
}

// A similar contact that the user went to is still there when pages come.
func TestSimilarStayWhenRowsCome(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(600), 120, 40)
	s.keys("/")
	s.typed("rodrigez")
	s.keys("down", "down", "enter")
	selected := s.m.selected
	s.wait = true
	s.run(s.m.contacts.FetchRest())
	s.arrive()
	if s.m.selected != selected || selected == 0 {
		t.Errorf("selected %d, then %d", selected, s.m.selected)
	}
}

// What the bar says before, while and after something is typed that is no field.
func TestSearchBarSaysWhatItLooksAt(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("/")
	s.want("names, e-mail, phones, title, company, place and all other text · 60 contacts")
	s.typed("foo:raman")
	s.want(`no field "foo", taken as text`)
	s.keys("ctrl+u")
	s.size(60, 20)
	s.want("all text · 60 contacts")
}

// The syntax is one key away, with the contact on the screen for its examples.
func TestExamplesOfSearches(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("j", "j", "/", "tab")
	s.want("What can be typed", "raman new", "has:phone no:email", "names, e-mail", "updated")
	s.keys("down", "enter")
	s.want("/ pri raman", "10 of 60", "Priya Raman")
	s.keys("tab", "esc")
	s.want("/ pri raman")
}

// A contact that the user went to in a search stays selected without it.
func TestChosenInASearch(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("j", "/")
	s.typed("raman")
	s.keys("down", "down", "esc")
	s.want("15 of 60")
	s.keys("/")
	s.typed("raman")
	s.keys("down")
	s.typed(" p")
	s.keys("esc")
	s.want("15 of 60")
}
