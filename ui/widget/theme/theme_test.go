package theme

import (
	"cmp"
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
	for _, name := range []string{"dark", "light", "high-contrast", "red-green-safe", "blue-yellow-safe"} {
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
				if Role(r) == Rule {
					want = 3
				}
				on := bgs
				if s.BG != "" {
					on = []string{s.BG}
				}
				worst := 21.0
				for _, bg := range on {
					worst = min(worst, contrast(s.FG, bg))
				}
				if worst < want {
					t.Errorf("%s dark %v %s: %.2f:1, want %.1f:1", name, dark, roleNames[r], worst, want)
				}
				t.Logf("%-16s dark %-5v %-14s %s on %-7s %5.2f:1", name, dark, roleNames[r], s.FG, cmp.Or(s.BG, "all"), worst)
			}
		}
	}
}

// lab is a color in CIELAB as somebody sees it: by the matrix of Machado,
// Oliveira and Fernandes for a kind of color blindness, nil for none.
func lab(hex string, seen *[9]float64) [3]float64 {
	n, _ := strconv.ParseUint(hex[1:], 16, 32)
	lin := func(v uint64) float64 {
		c := float64(v) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	c := [3]float64{lin(n >> 16), lin(n >> 8 & 0xff), lin(n & 0xff)}
	if m := seen; m != nil {
		c = [3]float64{m[0]*c[0] + m[1]*c[1] + m[2]*c[2], m[3]*c[0] + m[4]*c[1] + m[5]*c[2],
			m[6]*c[0] + m[7]*c[1] + m[8]*c[2]}
		for i := range c {
			c[i] = min(1, max(0, c[i]))
		}
	}
	f := func(v float64) float64 {
		if v > 0.008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16.0/116
	}
	x := f((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.95047)
	y := f(0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2])
	z := f((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// Accent, attention, danger and good differ in every theme, and in those for
// color-blind people also as these people see them.
func TestSignsDiffer(t *testing.T) {
	t.Parallel()
	protan := &[9]float64{0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998}
	deutan := &[9]float64{0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881}
	tritan := &[9]float64{1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900}
	const least = 18 // of a distance of which 2.3 can just be seen
	for name, eyes := range map[string][]*[9]float64{
		"dark": {nil}, "light": {nil}, "red-green-safe": {nil, protan, deutan}, "blue-yellow-safe": {nil, tritan},
	} {
		for _, dark := range []bool{true, false} {
			th := Pick(name, dark)
			signs := []Role{Accent, Attention, Danger, Good}
			for i, a := range signs {
				for _, b := range signs[i+1:] {
					for n, eye := range eyes {
						x, y := lab(th.specs[a].FG, eye), lab(th.specs[b].FG, eye)
						if d := math.Hypot(math.Hypot(x[0]-y[0], x[1]-y[1]), x[2]-y[2]); d < least {
							t.Errorf("%s dark %v: %s and %s are %.0f apart (eyes %d), want %d", name, dark, roleNames[a],
								roleNames[b], d, n, least)
						}
					}
				}
			}
		}
	}
	for _, th := range []Theme{Pick("ansi16", true), New(Options{Name: "light", Depth: Few}), Pick("high-contrast", true)} {
		if th.specs[Attention] == th.specs[Danger] || th.specs[Selected] == th.specs[SelectedQuiet] {
			t.Errorf("%s: attention and danger, or both kinds of selection, look the same", th.Name)
		}
	}
}

// A terminal with 16 colors gets the theme that is made for them, one without
// any the one that does not need them; a person's own looks stand over both.
func TestDepthAndLooks(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		few := New(Options{Name: name, Depth: Few})
		if want := ansiSpecs(); name != "ascii" && few.specs != want {
			t.Errorf("%s on 16 colors: %+v", name, few.specs)
		}
		none := New(Options{Name: name, Depth: None, Looks: map[string]string{"danger": "red bold", "heading": "junk", "x": "red"}})
		for r, s := range none.specs {
			if (s.FG != "" || s.BG != "") != (Role(r) == Danger) {
				t.Errorf("%s without colors: role %s is %+v", name, roleNames[r], s)
			}
		}
	}
	if n := len(Roles()); n != NumRoles || Roles()[Badge] != "badge" {
		t.Errorf("%d names of roles", n)
	}
}

// A selection that is only a background disappears without color; each theme
// must leave something else.
func TestSelectionIsNotColorAlone(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		th := Pick(name, true)
		s := th.Spec(Selected)
		if !s.Bold && !s.Invert && !s.Underline {
			t.Errorf("%s: the selected row is marked by color alone", name)
		}
		if th.Glyphs.Cursor == "" {
			t.Errorf("%s: no cursor sign", name)
		}
	}
}

func TestNothingMovesWhereItShallBeStill(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		th := New(Options{Name: name, Still: true})
		if th = th.Learn(nil); th.Glyphs.Spinner != th.Glyphs.Dot {
			t.Errorf("%s: the spinner is %q", name, th.Glyphs.Spinner)
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
		if got := styleOf(c.spec).Render("x"); got != c.want {
			t.Errorf("%+v: %q, want %q", c.spec, got, c.want)
		}
	}
}
