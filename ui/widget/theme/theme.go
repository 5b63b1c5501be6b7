// Package theme holds every colour and sign of the screen in one table, so
// that no pane names a colour of its own.
package theme

import (
	"fmt"
	"strconv"
	"strings"
)

// Role is what a piece of text is for. A theme gives each role a style.
type Role uint8

// The roles. Text is the terminal's own foreground. Accent is where you are,
// Attention what wants a look, Danger what failed or cannot be undone.
const (
	Text Role = iota
	Dim
	Strong
	Accent
	Attention
	Danger
	Good
	Rule
	Heading
	Key
	Selected      // the row or field under the cursor, pane focused
	SelectedQuiet // the same, pane not focused
	Match         // letters that a search found
	SelectedMatch // the same on the selected row, pane focused
	QuietMatch    // and not focused
	Input         // text being typed
	Badge         // DEMO, READ-ONLY, OFFLINE

	NumRoles = int(Badge) + 1
)

// Style draws text in one way. The zero Style draws it as it is.
type Style struct {
	open string
}

const reset = "\x1b[0m"

// Render draws s, which must be clean.
func (s Style) Render(text string) string {
	if s.open == "" || text == "" {
		return text
	}
	return s.open + text + reset
}

// Spec is the table entry behind a style. Colours are "#rrggbb", an ANSI
// number "0" to "15", or "" for the terminal's own.
type Spec struct {
	FG, BG                         string
	Bold, Faint, Underline, Invert bool
}

func (s Spec) style() Style {
	var codes []string
	for _, c := range []struct {
		on   bool
		code string
	}{{s.Bold, "1"}, {s.Faint, "2"}, {s.Underline, "4"}, {s.Invert, "7"}} {
		if c.on {
			codes = append(codes, c.code)
		}
	}
	if s.FG != "" {
		codes = append(codes, colour(s.FG, 38))
	}
	if s.BG != "" {
		codes = append(codes, colour(s.BG, 48))
	}
	if len(codes) == 0 {
		return Style{}
	}
	return Style{"\x1b[" + strings.Join(codes, ";") + "m"}
}

func colour(c string, base int) string {
	if strings.HasPrefix(c, "#") {
		n, _ := strconv.ParseUint(c[1:], 16, 32)
		return fmt.Sprintf("%d;2;%d;%d;%d", base, n>>16, n>>8&0xff, n&0xff)
	}
	n, _ := strconv.Atoi(c)
	if n >= 8 {
		return strconv.Itoa(base - 38 + 90 + n - 8)
	}
	return strconv.Itoa(base - 8 + n)
}

// Glyphs are the signs of the screen. Each has an ASCII form.
type Glyphs struct {
	Cursor, Primary, Empty, Ellipsis, Dot, Arrow, Up, Down, Rule, RuleH, Mark, NotConnected, Draft, Check, Warn, Spinner string
}

// Theme is a set of styles and signs. Make one with Pick.
type Theme struct {
	Name   string
	Dark   bool
	Glyphs Glyphs
	styles [NumRoles]Style
	specs  [NumRoles]Spec
}

// Style is the style of a role.
func (t Theme) Style(r Role) Style { return t.styles[r] }

// Spec is the table entry of a role, for a library that wants colours by name.
func (t Theme) Spec(r Role) Spec { return t.specs[r] }

// Paint draws clean text in a role.
func (t Theme) Paint(r Role, s string) string { return t.styles[r].Render(s) }

// Names are the values of the theme setting.
func Names() []string {
	return []string{"auto", "dark", "light", "high-contrast", "ansi16", "ascii"}
}

// Pick makes the theme of a setting. "auto", and any name that is not one of
// Names, follows the terminal's background.
func Pick(name string, darkBackground bool) Theme {
	t := Theme{Name: name, Dark: darkBackground, Glyphs: unicodeGlyphs()}
	switch name {
	case "dark":
		t.Dark, t.specs = true, darkSpecs()
	case "light":
		t.Dark, t.specs = false, lightSpecs()
	case "high-contrast":
		t.specs = highContrastSpecs(darkBackground)
	case "ansi16":
		t.specs = ansiSpecs()
	case "ascii":
		t.specs, t.Glyphs = plainSpecs(), asciiGlyphs()
	default:
		t.Name = "auto"
		if darkBackground {
			t.specs = darkSpecs()
		} else {
			t.specs = lightSpecs()
		}
	}
	for r, s := range t.specs {
		t.styles[r] = s.style()
	}
	return t
}

// Signs is text of the program's own with its signs, and the arrows that name
// keys, in the theme's form.
func (t Theme) Signs(s string) string {
	if t.Name != "ascii" {
		return s
	}
	return strings.NewReplacer("·", t.Glyphs.Dot, "…", t.Glyphs.Ellipsis, "↑", "up", "↓", "down", "←", "left", "→", "right").Replace(s)
}

func unicodeGlyphs() Glyphs {
	return Glyphs{Cursor: "▌", Primary: "★", Empty: "–", Ellipsis: "…", Dot: "·", Arrow: "→", Up: "▲", Down: "▼", Rule: "│", RuleH: "─",
		Mark: "●", NotConnected: "○", Draft: "✎", Check: "✓", Warn: "!", Spinner: "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"}
}

func asciiGlyphs() Glyphs {
	return Glyphs{Cursor: ">", Primary: "*", Empty: "-", Ellipsis: "~", Dot: "-", Arrow: "->", Up: "^", Down: "v", Rule: "|", RuleH: "-",
		Mark: "x", NotConnected: "o", Draft: "+", Check: "ok", Warn: "!", Spinner: `|/-\`}
}

func darkSpecs() [NumRoles]Spec {
	return [NumRoles]Spec{
		Dim:           {FG: "#98a1b3"},
		Strong:        {Bold: true},
		Accent:        {FG: "#7fb4ff"},
		Attention:     {FG: "#e8c069"},
		Danger:        {FG: "#ff8a8a"},
		Good:          {FG: "#8fd19e"},
		Rule:          {FG: "#6f7a90"},
		Heading:       {FG: "#98a1b3", Underline: false},
		Key:           {FG: "#c9d3e6", Bold: true},
		Selected:      {FG: "#ffffff", BG: "#2d4a7a", Bold: true},
		SelectedQuiet: {FG: "#e6ebf5", BG: "#333b4d"},
		Match:         {FG: "#e8c069", Bold: true, Underline: true},
		SelectedMatch: {FG: "#ffd98a", BG: "#2d4a7a", Bold: true, Underline: true},
		QuietMatch:    {FG: "#e8c069", BG: "#333b4d", Bold: true, Underline: true},
		Input:         {FG: "#ffffff"},
		Badge:         {FG: "#1a1b26", BG: "#e8c069", Bold: true},
	}
}

func lightSpecs() [NumRoles]Spec {
	return [NumRoles]Spec{
		Dim:           {FG: "#5b6472"},
		Strong:        {Bold: true},
		Accent:        {FG: "#1a56c4"},
		Attention:     {FG: "#855400"},
		Danger:        {FG: "#b3261e"},
		Good:          {FG: "#1f6b34"},
		Rule:          {FG: "#7d8696"},
		Heading:       {FG: "#5b6472"},
		Key:           {FG: "#2c3442", Bold: true},
		Selected:      {FG: "#0a1a33", BG: "#c4dafc", Bold: true},
		SelectedQuiet: {FG: "#1e2633", BG: "#e3e7ee"},
		Match:         {FG: "#855400", Bold: true, Underline: true},
		SelectedMatch: {FG: "#6b3f00", BG: "#c4dafc", Bold: true, Underline: true},
		QuietMatch:    {FG: "#704700", BG: "#e3e7ee", Bold: true, Underline: true},
		Input:         {FG: "#000000"},
		Badge:         {FG: "#ffffff", BG: "#855400", Bold: true},
	}
}

func highContrastSpecs(dark bool) [NumRoles]Spec {
	fg, bg, accent, warn, bad := "#ffffff", "#000000", "#66ccff", "#ffff00", "#ff9999"
	if !dark {
		fg, bg, accent, warn, bad = "#000000", "#ffffff", "#003d99", "#6b4400", "#990000"
	}
	return [NumRoles]Spec{
		Text: {FG: fg}, Dim: {FG: fg}, Strong: {FG: fg, Bold: true}, Accent: {FG: accent, Bold: true}, Attention: {FG: warn, Bold: true},
		Danger: {FG: bad, Bold: true}, Good: {FG: fg, Bold: true}, Rule: {FG: fg}, Heading: {FG: fg, Underline: true}, Key: {FG: accent, Bold: true},
		Selected: {FG: bg, BG: fg, Bold: true}, SelectedQuiet: {FG: fg, Bold: true, Underline: true}, Match: {FG: warn, Bold: true, Underline: true},
		SelectedMatch: {FG: bg, BG: fg, Bold: true, Underline: true}, QuietMatch: {FG: warn, Bold: true, Underline: true}, Input: {FG: fg}, Badge: {FG: bg, BG: fg, Bold: true},
	}
}

func ansiSpecs() [NumRoles]Spec {
	return [NumRoles]Spec{
		Dim: {Faint: true}, Strong: {Bold: true}, Accent: {FG: "6", Bold: true}, Attention: {FG: "3"}, Danger: {FG: "1", Bold: true}, Good: {FG: "2"},
		Rule: {Faint: true}, Heading: {Underline: true}, Key: {Bold: true}, Selected: {Invert: true}, SelectedQuiet: {Underline: true},
		Match: {FG: "3", Bold: true, Underline: true}, SelectedMatch: {Invert: true, Bold: true, Underline: true}, QuietMatch: {FG: "3", Bold: true, Underline: true},
		Badge: {Invert: true, Bold: true},
	}
}

func plainSpecs() [NumRoles]Spec {
	return [NumRoles]Spec{
		Strong: {Bold: true}, Accent: {Bold: true}, Attention: {Bold: true}, Danger: {Bold: true}, Heading: {Underline: true}, Key: {Bold: true},
		Selected: {Invert: true}, SelectedQuiet: {Underline: true}, Match: {Bold: true, Underline: true},
		SelectedMatch: {Invert: true, Bold: true, Underline: true}, QuietMatch: {Bold: true, Underline: true}, Badge: {Invert: true},
	}
}
