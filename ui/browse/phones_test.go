package browse

import (
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

// later is a fake of a service with phones; the first contact has two.
func later(n int) *fake {
	f := whole(n)
	for i, c := range f.Contacts {
		f.Contacts[i] = c.WithExtra("phones", "[]")
	}
	f.Contacts[0] = f.Contacts[0].WithExtra("phones",
		`[{"id":"a","type":"office","raw":"212.555.0193","extension":"4"},{"id":"b","type":"mobile","raw":"+44 20 7946 0958"}]`)
	f.Opening.Rows = nil
	for _, c := range f.Contacts {
		f.Opening.Rows = append(f.Opening.Rows, c.Pack())
	}
	return f
}

func TestPhonesAreCopiedAndCalled(t *testing.T) {
	t.Parallel()
	s := start(t, later(6), 120, 40)
	s.want("Office  (212) 555-0193 ext 4", "Mobile  +44 20 7946 0958")
	for _, c := range []struct {
		keys []string
		want Copy
	}{
		{[]string{"y", "p"}, Copy{"(212) 555-0193 ext 4", "the office number"}},
		{[]string{"y", "P"}, Copy{"+12125550193", "the office number"}},
	} {
		s.keys(c.keys...)
		if got, _ := happened[Copy](s); got != c.want {
			t.Errorf("%v copies %+v", c.keys, got)
		}
	}
	s.keys("o")
	s.want("call office", "call mobile", "+44 20 7946 0958")
	s.keys("p")
	if got, _ := happened[OpenTarget](s); got.Target != "tel:+12125550193;ext=4" {
		t.Errorf("opens %q", got.Target)
	}
}

// A number is a column, and found however it is written.
func TestPhonesInTheList(t *testing.T) {
	t.Parallel()
	s := start(t, later(6), 220, 40)
	s.keys("c")
	s.typed("phones")
	s.keys("enter", "esc")
	s.want("Phone ", "NY     (212) 555-0193")
	for _, spelling := range []string{"2125550193", "(212) 555-0193", "212-555-0193", "+1 212 555 0193", "phone:0193"} {
		s.keys("/")
		s.typed(spelling)
		s.want("NY     (212) 555-0193")
		s.wantNot("James Rodriguez")
		s.keys("esc")
	}
	s.keys("p")
	if got, n := happened[EditField](s); n != 1 || got.Field != model.FieldPhones || got.Replace {
		t.Errorf("%d, %+v", n, got)
	}
}

// A service of March 2026 has no phones: that is said where somebody looks for
// them, and nowhere else.
func TestAServiceWithoutPhones(t *testing.T) {
	t.Parallel()
	s := start(t, whole(6), 120, 40)
	s.wantNot("Phones")
	s.keys("p")
	s.want("this service has no phones")
	if _, n := happened[EditField](s); n != 0 {
		t.Error("phones are edited all the same")
	}
	s.keys("c")
	s.typed("phones")
	s.want("this service has no phones")
	s.keys("enter")
	s.keys("esc", "/")
	s.typed("phone:212")
	s.want("Nothing matches phone:212", "this service has no phones")
}

// Phones of a shape that no document names are shown, and not edited.
func TestPhonesOfAnotherShape(t *testing.T) {
	t.Parallel()
	f := later(3)
	f.Contacts[0] = f.Contacts[0].WithExtra("phones", `{"office":"212"}`)
	f.Opening.Rows[0] = f.Contacts[0].Pack()
	s := start(t, f, 120, 40)
	s.want(`{"office":"212"}`)
	s.keys("p")
	s.want("these phones have a form that cannot be edited here")
}
