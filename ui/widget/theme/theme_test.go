package theme

import (
	"fmt"
	"math"
	"strconv"
	"testing"
)

func luminance(hex string) float64 {
	n, _ := strconv.ParseUint(hex[1:], 16, 32)
	lin := func(v uint64) float64 {
		c := float64(v) / 255
		if c <= 0.03928 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(n>>16) + 0.7152*lin(n>>8&0xff) + 0.0722*lin(n&0xff)
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// The ratios are those of the Web Content Accessibility Guidelines: 4.5:1 for
// text, 3:1 for what is only decoration or said elsewhere too.
func TestContrast(t *testing.T) {
	t.Parallel()
	backgrounds := map[bool][]string{
		true:  {"#000000", "#1a1b26", "#1e1e1e", "#282c34"},
		false: {"#ffffff", "#fafafa", "#f5f5f0"},
	}
	for _, name := range []string{"dark", "light", "high-contrast"} {
		for dark, bgs := range backgrounds {
			th := Pick(name, dark)
			if th.Dark != dark {
				continue
			}
			for r, s := range th.specs {
				if s.FG == "" {
					continue
				}
				want := 4.5
				if Role(r) == Dim || Role(r) == Rule {
					want = 3
				}
				on := bgs
				if s.BG != "" {
					on = []string{s.BG}
				}
				for _, bg := range on {
					if got := contrast(s.FG, bg); got < want {
						t.Errorf("%s role %d: %s on %s is %.2f:1, want %.1f:1", name, r, s.FG, bg, got, want)
					}
				}
			}
		}
	}
}

// A selection that is only a background disappears without colour; each theme
// must leave something else.
func TestSelectionIsNotColourAlone(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		th := Pick(name, true)
		s := th.Spec(Selected)
		if !s.Bold && !s.Invert && !s.Underline {
			t.Errorf("%s: the selected row is marked by colour alone", name)
		}
		if th.Glyphs.Cursor == "" {
			t.Errorf("%s: no cursor sign", name)
		}
	}
}

func TestASCIITheme(t *testing.T) {
	t.Parallel()
	for _, r := range fmt.Sprintf("%+v", Pick("ascii", true).Glyphs) {
		if r > 0x7e {
			t.Errorf("ascii theme has %q", r)
		}
	}
}

func TestStyleCodes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		spec Spec
		want string
	}{
		{Spec{}, "x"},
		{Spec{Bold: true}, "\x1b[1mx\x1b[0m"},
		{Spec{FG: "#010203", BG: "#0a0b0c"}, "\x1b[38;2;1;2;3;48;2;10;11;12mx\x1b[0m"},
		{Spec{FG: "1", BG: "9"}, "\x1b[31;101mx\x1b[0m"},
		{Spec{FG: "15", BG: "0"}, "\x1b[97;40mx\x1b[0m"},
	}
	for _, c := range cases {
		if got := c.spec.style().Render("x"); got != c.want {
			t.Errorf("%+v: %q, want %q", c.spec, got, c.want)
		}
	}
}
