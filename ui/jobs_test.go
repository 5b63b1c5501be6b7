package ui

import (
	"strconv"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// job is something that people do all day: the keys that it needs, where "text"
// stands for a text that is typed, and the most that it may need beside it.
type job struct {
	name   string
	w, h   int
	before []string // keys that lead to where the job begins; they do not count
	keys   []string
	text   string
	most   int
	want   []string
}

func jobs() []job {
	return []job{
		{"find a person and copy the e-mail", 120, 40, nil, []string{"/", "text", "enter", "y", "e"}, "raman", 4,
			[]string{"Copied the e-mail address: raman2@meridiancapital.com"}},
		{"fix a title by its letter", 80, 24, nil, []string{"t", "text", "enter"}, "Head of Debt", 2,
			[]string{"saved: title of Sarah Chen", "Head of Debt"}},
		{"fix a title from the details", 120, 40, []string{"enter"}, []string{"t", "text", "enter"}, "Head of Debt", 2,
			[]string{"saved: title of Sarah Chen", "Head of Debt"}},
		{"edit one field in the form", 120, 40, nil, []string{"e", "tab", "tab", "tab", "ctrl+u", "text", "ctrl+s", "enter"},
			"Head of Debt",
			7, []string{"saved: title of Sarah Chen"}},
		{"lenders in Texas", 120, 40, nil, []string{"f", "space", "text", "enter", "esc"}, "tx", 4,
			[]string{"only lender · TX", "1 of 20"}},
		{"newest changes first", 120, 40, nil, []string{"s", "8"}, "", 2, []string{"by updated ▼", "\n 1 of "}},
		{"write what is shown to a file", 120, 40, nil, []string{"W", "enter"}, "", 2, []string{"60 contacts written to"}},
		{"edit many", 120, 40, nil, []string{"ctrl+a", "E", "tab", "tab", "tab", "text", "ctrl+s", "enter"}, "Head of Debt",
			7,
			[]string{"Bulk edit"}},
		{"throw away a mistyped field", 120, 40, []string{"t", "x", "y"}, []string{"ctrl+r", "esc"}, "", 2,
			[]string{"Senior Vice President"}},
		{"next contact in narrow details", 80, 24, []string{"enter"}, []string{"J"}, "", 1,
			[]string{"James Rodriguez", "Title         Managing Director"}},
		{"previous contact in narrow details", 80, 24, []string{"j", "enter"}, []string{"K"}, "", 1, []string{"Sarah Chen"}},
		{"undo", 120, 40, nil, []string{"u", "enter"}, "", 2, []string{"Title         Vice President"}},
	}
}

// titleEntry is a saved change of a title.
func titleEntry(c model.Contact) work.Entry {
	return work.Entry{ID: "entry", Kind: work.KindUpdate, ContactID: c.ID(), Name: c.Name(), Result: work.Done,
		Changes: []model.Change{{Field: model.FieldTitle, Before: model.TextValue("Vice President"),
			After: c.Get(model.FieldTitle)}}}
}

// The keys that common jobs need, counted: none may need more than it did.
func TestKeysPerJob(t *testing.T) {
	t.Parallel()
	for _, j := range jobs() {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(60)
			for i, c := range f.Contacts {
				if i%3 == 0 {
					f.Contacts[i] = c.With(model.FieldState, model.TextValue("TX"))
				}
			}
			f.entries = []work.Entry{titleEntry(f.Contacts[0])}
			s := start(t, f, j.w, j.h)
			s.keys(j.before...)
			n := 0
			for _, k := range j.keys {
				if k == "text" {
					s.typed(j.text)
					continue
				}
				s.keys(k)
				n++
			}
			t.Log(j.name + ": " + strconv.Itoa(n) + " keys and what is typed")
			if n > j.most {
				t.Errorf("%d keys, and %d are enough", n, j.most)
			}
			s.want(j.want...)
		})
	}
}
