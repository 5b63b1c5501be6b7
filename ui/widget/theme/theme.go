// Package theme holds every color and sign of the screen in one table, so
// that no pane names a color of its own.
package theme

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/levcontacts/levcontacts/internal/look"
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

// Spec is the table entry behind a style.
type Spec = look.Look

func styleOf(s Spec) Style {
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
		codes = append(codes, color(s.FG, 38))
	}
	if s.BG != "" {
		codes = append(codes, color(s.BG, 48))
	}
	if len(codes) == 0 {
		return Style{}
	}
	return Style{"\x1b[" + strings.Join(codes, ";") + "m"}
}

func color(c string, base int) string {
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
	Cursor, Primary, Empty, Ellipsis, Dot, Arrow, Up, Down, Rule, RuleH, Mark, NotConnected, Draft, Changed, Check, Warn,
	Spinner string
}

// Theme is a set of styles and signs. Make one with Pick.
type Theme struct {
	Name   string
	Dark   bool
	Glyphs Glyphs
	styles [NumRoles]Style
	specs  [NumRoles]Spec
	from   Options
}

// Style is the style of a role.
func (t Theme) Style(r Role) Style { return t.styles[r] }

// Spec is the table entry of a role, for a library that wants colors by name.
func (t Theme) Spec(r Role) Spec { return t.specs[r] }

// Paint draws clean text in a role.
func (t Theme) Paint(r Role, s string) string { return t.styles[r].Render(s) }

// Roles are the names of the roles, in their order, for the configuration.
func Roles() []string { return slices.Clone(roleNames[:]) }

var roleNames = [NumRoles]string{
	"text", "dim", "strong", "accent", "attention", "danger", "good", "rule", "heading", "key", "selected",
	"selected-quiet", "match", "selected-match", "quiet-match", "input", "badge",
}

// Names are the values of the theme setting.
func Names() []string {
	return []string{"auto", "dark", "light", "high-contrast", "red-green-safe", "blue-yellow-safe", "ansi16", "ascii"}
}

// Depth is how many colors a terminal has.
type Depth uint8

// The depths: all colors or 256 of them, 16, or none.
const (
	Many Depth = iota
	Few
	None
)

// Options are what a theme is made of.
type Options struct {
	Name string // one of Names; any other follows the terminal's background
	// Light says that the terminal's background is light, for the themes that
	// follow it.
	Light bool
	Depth Depth
	// Looks replace the looks of roles by their names, as in the
	// configuration. What cannot be read is left out: the configuration has
	// been checked.
	Looks map[string]string
	// Still says that nothing moves by itself: the spinner is one sign.
	Still bool
}

// Learn is the theme once the terminal has said something about its colors.
func (t Theme) Learn(msg tea.Msg) Theme {
	o := t.from
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		o.Light = !msg.IsDark()
	case tea.ColorProfileMsg:
		switch {
		case msg.Profile >= colorprofile.ANSI256:
			o.Depth = Many
		case msg.Profile == colorprofile.ANSI:
			o.Depth = Few
		default:
			o.Depth = None
		}
	}
	return New(o)
}

// Pick makes the theme of a setting on a terminal with all colors.
func Pick(name string, darkBackground bool) Theme {
	return New(Options{Name: name, Light: !darkBackground})
}

// New makes a theme. Every theme but ascii is the one made for 16 colors where
// there are no more: a terminal that maps colors to the nearest of its own
// makes danger and attention one color.
func New(o Options) Theme {
	t := Theme{Name: o.Name, Dark: !o.Light, Glyphs: unicodeGlyphs(), from: o}
	switch o.Name {
	case "dark":
		t.Dark, t.specs = true, darkSpecs()
	case "light":
		t.Dark, t.specs = false, lightSpecs()
	case "high-contrast":
		t.specs = highContrastSpecs(t.Dark)
	case "red-green-safe":
		t.specs = redGreenSafeSpecs(t.Dark)
	case "blue-yellow-safe":
		t.specs = blueYellowSafeSpecs(t.Dark)
	case "ansi16":
		t.specs = ansiSpecs()
	case "ascii":
		t.specs, t.Glyphs = plainSpecs(), asciiGlyphs()
	default:
		t.Name, t.specs = "auto", lightSpecs()
		if t.Dark {
			t.specs = darkSpecs()
		}
	}
	switch {
	case o.Depth == None:
		t.specs = plainSpecs()
	case o.Depth == Few && o.Name != "ascii":
		t.specs = ansiSpecs()
	}
	for name, words := range o.Looks {
		r := slices.Index(roleNames[:], name)
		if l, err := look.Parse(words); err == nil && r >= 0 {
			t.specs[r] = l
		}
	}
	for r, s := range t.specs {
		t.styles[r] = styleOf(s)
	}
	if o.Still {
		t.Glyphs.Spinner = t.Glyphs.Dot
	}
	return t
}

// Signs is text of the program's own with its signs, and the arrows that name
// keys, in the theme's form.
func (t Theme) Signs(s string) string {
	if t.Name != "ascii" {
		return s
	}
	return ASCII(s)
}

// ASCII is text of the program's own with ASCII in the place of its signs, and
// words in the place of the arrows that name keys.
func ASCII(s string) string {
	g := asciiGlyphs()
	return strings.NewReplacer(" → ", " -> ", "◆", g.Changed, "━", "#", "·", g.Dot, "…", g.Ellipsis, "↵", "|",
		"↑", "up", "↓", "down", "←", "left", "→", "right").Replace(s)
}

func unicodeGlyphs() Glyphs {
	return Glyphs{Cursor: "▌", Primary: "★", Empty: "–", Ellipsis: "…", Dot: "·", Arrow: "→", Up: "▲", Down: "▼", Rule: "│", RuleH: "─",
		Mark: "●", NotConnected: "○", Draft: "✎", Changed: "◆", Check: "✓", Warn: "!", Spinner: "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"}
}

func asciiGlyphs() Glyphs {
	return Glyphs{Cursor: ">", Primary: "*", Empty: "-", Ellipsis: "~", Dot: "-", Arrow: "->", Up: "^", Down: "v", Rule: "|", RuleH: "-",
		Mark: "x", NotConnected: "o", Draft: "+", Changed: "#", Check: "ok", Warn: "!", Spinner: `|/-\`}
}
