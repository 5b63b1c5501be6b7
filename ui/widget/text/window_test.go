package text

import "testing"

func TestWindowScrollsNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	v := Window{Text: "0123456789abcdefghij", Cell: 20}.Fit(10)
	if v.scroll != 11 || v.X() != 9 || !v.left || v.right {
		t.Errorf("at the end: %+v", v)
	}
	v.Cell, v.Under = 14, 1
	if v = v.Fit(10); v.scroll != 11 {
		t.Errorf("moving inside of the window scrolled to %d", v.scroll)
	}
	v.Cell = 11
	if v = v.Fit(10); v.scroll != 10 || v.X() != 1 {
		t.Errorf("left edge: %+v", v)
	}
	v.Cell = 0
	if v = v.Fit(10); v.scroll != 0 || v.left || !v.right {
		t.Errorf("at the start: %+v", v)
	}
	v = v.Fit(21)
	if v.scroll != 0 || v.left || v.right {
		t.Errorf("with room for all: %+v", v)
	}
}

func TestCellsNeverSplitsAWideCharacter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to int
		want     string
	}{{0, 6, "日本語"}, {1, 6, " 本語"}, {0, 5, "日本 "}, {1, 5, " 本 "}, {2, 3, " "}, {6, 9, "   "}, {4, 2, ""},
		{0, 8, "日本語  "}} {
		if got := cells("日本語", c.from, c.to); got != c.want {
			t.Errorf("cells %d to %d are %q, want %q", c.from, c.to, got, c.want)
		}
	}
}
