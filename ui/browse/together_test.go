package browse

import (
	"fmt"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func TestCopyOfMarkedContacts(t *testing.T) {
	t.Parallel()
	f := whole(60)
	f.Contacts[1] = f.Contacts[1].With(model.FieldEmail, model.NullValue())
	f.Contacts[2] = f.Contacts[2].With(model.FieldLastName, model.TextValue("Raman, CFA")).
		With(model.FieldPhones, model.PhonesValue([]model.Phone{{Raw: "(212) 555-0193"}}))
	f.WithCache(0, f.Opening.Info)
	f.Opening.Rows = model.PackAll(f.Contacts...)
	s := start(t, f, 120, 40)
	s.keys("space", "space", "space")
	for key, want := range map[string]string{
		"y": `Sarah Chen <chen0@meridiancapital.com>, "Priya Raman, CFA" <raman2@meridiancapital.com>`,
		"e": "chen0@meridiancapital.com, raman2@meridiancapital.com",
		"n": "Sarah Chen; James Rodriguez; Priya Raman, CFA",
		"p": "Priya Raman, CFA: (212) 555-0193",
	} {
		s.keys("y")
		s.want("Copy from 3 marked contacts", "without an e-mail address: James Rodriguez", "only Tomás Aguilar…")
		s.keys(key)
		if got, _ := happened[Copy](s); got.Text != want {
			t.Errorf("%s copies %q, want %q", key, got.Text, want)
		}
		s.events = nil
	}
	s.keys("y", "t")
	table, _ := happened[Copy](s)
	lines := strings.Split(table.Text, "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[0], "Name\t") || !strings.HasPrefix(lines[3], "Priya Raman, CFA\t") {
		t.Errorf("table %q", table.Text)
	}
	s.keys("y", "o")
	s.want("Copy from Tomás Aguilar")
}

func TestAMailToMarkedContacts(t *testing.T) {
	t.Parallel()
	f := whole(200)
	f.Contacts[1] = f.Contacts[1].With(model.FieldEmail, model.TextValue("not an address"))
	f.Opening.Rows = model.PackAll(f.Contacts...)
	s := start(t, f, 120, 40)
	s.keys("space", "space", "space", "o")
	s.want("write one mail to all 2 in BCC", "without an e-mail address: James Rodriguez")
	s.keys("m")
	if got, _ := happened[OpenTarget](s); got.Target != "mailto:?bcc=chen0@meridiancapital.com,raman2@meridiancapital.com" {
		t.Errorf("opens %q", got.Target)
	}

	s.keys("ctrl+x", "ctrl+a", "o")
	s.events = nil
	s.keys("1", "2", "3", "4", "esc")
	n, seen := 0, map[string]bool{}
	for _, e := range s.events {
		open, ok := e.(OpenTarget)
		if !ok {
			continue
		}
		if len(open.Target) > mailMost {
			t.Errorf("an address of %d characters", len(open.Target))
		}
		for _, a := range strings.Split(strings.TrimPrefix(open.Target, "mailto:?bcc="), ",") {
			n, seen[a] = n+1, true
		}
	}
	if n != 199 || len(seen) != 199 {
		t.Errorf("%d addresses, %d different", n, len(seen))
	}
}

func TestNobodyOfThemHasAnAddress(t *testing.T) {
	t.Parallel()
	f := whole(20)
	for i, c := range f.Contacts {
		f.Contacts[i] = c.With(model.FieldEmail, model.NullValue())
	}
	f.Opening.Rows = model.PackAll(f.Contacts...)
	s := start(t, f, 120, 40)
	s.keys("ctrl+a", "o")
	s.want("none of them has an", "Sarah Chen, James Rodriguez", fmt.Sprint("and ", 20-5, " more"))
	s.keys("m", "enter")
	if got, n := happened[OpenTarget](s); n > 0 {
		t.Errorf("opens %q", got.Target)
	}
}
