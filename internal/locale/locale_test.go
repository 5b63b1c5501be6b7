package locale

import (
	"testing"
	"time"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 9, 15, 4, 0, 0, time.UTC)
	for _, c := range []struct{ name, date, moment, number string }{
		{"", "9 Mar 2026", "9 Mar 15:04", "1,284,000"},
		{"C", "9 Mar 2026", "9 Mar 15:04", "1,284,000"},
		{"C.UTF-8", "9 Mar 2026", "9 Mar 15:04", "1,284,000"},
		{"en_US.UTF-8", "Mar 9, 2026", "Mar 9 15:04", "1,284,000"},
		{"en_GB.UTF-8", "9 Mar 2026", "9 Mar 15:04", "1,284,000"},
		{"de_DE.UTF-8", "9 Mar 2026", "9 Mar 15:04", "1.284.000"},
		{"de_CH@euro", "9 Mar 2026", "9 Mar 15:04", "1’284’000"},
		{"sv_SE", "2026-03-09", "03-09 15:04", "1\u00a0284\u00a0000"},
		{"ja-JP", "2026-03-09", "03-09 15:04", "1,284,000"},
		{"eo", "2026-03-09", "03-09 15:04", "1,284,000"},
	} {
		l := Named(c.name, c.name)
		if l.Date(at) != c.date || l.Moment(at) != c.moment || l.Number(1284000) != c.number {
			t.Errorf("%q: %s, %s, %s; want %s, %s, %s", c.name, l.Date(at), l.Moment(at), l.Number(1284000), c.date, c.moment,
				c.number)
		}
	}
	if l := Named("en_US", "de_DE"); l.Date(at) != "Mar 9, 2026" || l.Number(-1284) != "-1.284" || l.Number(284) != "284" {
		t.Errorf("mixed: %s, %s", l.Date(at), l.Number(-1284))
	}
}
