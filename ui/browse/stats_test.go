package browse

import "testing"

func TestFigures(t *testing.T) {
	t.Parallel()
	s := start(t, whole(60), 120, 40)
	s.keys("I")
	s.want("Figures of 60 contacts", "without phone number", "not changed for a year", "lender", "     40  ━━━", "sponsor",
		"NY",
		"meridiancapital.com")
	s.wantNot("of what is loaded")
	s.keys("esc")
	f := newFake(300)
	s = start(t, f, 120, 40)
	s.keys("I")
	s.want("of what is loaded; G in the list loads the rest")
}
