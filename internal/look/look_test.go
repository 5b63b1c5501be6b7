package look

import "testing"

func TestParse(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want Look
		err  string
	}{
		{"", Look{}, ""},
		{"#FF5f5f", Look{FG: "#ff5f5f"}, ""},
		{"red bold", Look{FG: "1", Bold: true}, ""},
		{"bright red on black", Look{FG: "9", BG: "0"}, ""},
		{"on #005f87 underline", Look{BG: "#005f87", Underline: true}, ""},
		{"15 faint reverse", Look{FG: "15", Faint: true, Invert: true}, ""},
		{"16", Look{}, `"16" is no color and no emphasis`},
		{"#ff5f5", Look{}, `"#ff5f5" is no color and no emphasis`},
		{"red blue", Look{}, `"blue" is no color and no emphasis`},
		{"red on", Look{}, `"on" has no color behind it`},
		{"on bold", Look{}, `"bold" stands where a color belongs`},
		{"bright", Look{}, `"bright" is no color and no emphasis`},
		{"\x1b[31m", Look{}, `"\x1b[31m" is no color and no emphasis`},
	}
	for _, c := range cases {
		got, err := Parse(c.text)
		if got != c.want && c.err == "" || err != nil && err.Error() != c.err || err == nil && c.err != "" {
			t.Errorf("%q: %+v, %v; want %+v, %q", c.text, got, err, c.want, c.err)
		}
	}
}
