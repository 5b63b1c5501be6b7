package form

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// input is one model field in a huh field: text in a huh.Input, a contact type
// in a huh.Select, yes or no in a huh.Confirm.
type input struct {
	def     model.Field
	text    *huh.Input
	choice  *huh.Select[string]
	confirm *huh.Confirm
	field   huh.Field // whichever of the three it is
	focused bool

	held string // what the huh field holds, bound to it
	yes  bool   // the same for a huh.Confirm

	// raw is the exact text that was put in, as loaded what the huh field made
	// of it. As long as the field still holds loaded, raw is what it means:
	// text with control characters is not changed by being looked at.
	raw, loaded string

	past   text.History
	picked bool // the whole text is selected: what is typed first replaces it
	view   text.Window
	quiet  string // the value as drawn while it is not edited, "" for none
	drawn  string // a focused choice or confirm as huh draws it
	hidden bool   // the value holds characters that are not shown
}

// choiceWidth is the widest option of a choice in cells.
const choiceWidth = 40

// emptyOption is the word for the empty value in the choice of a contact that
// exists. A choice once made cannot be taken back, only changed, so it is there
// only when nothing was chosen, or an older draft says so.
func emptyOption(base, typed string, touched bool) string {
	if strings.TrimSpace(base) == "" || touched && typed == "" {
		return emptyWord
	}
	return ""
}

// newInput makes the huh field for def. In a choice, none is the word for the
// empty value, "" to leave the empty value out; extra values that the documents
// do not name become options, so that they are not lost.
func newInput(def model.Field, lk *look, none string, extra ...string) *input {
	in := &input{def: def}
	switch def.Format {
	case model.FormatType, model.FormatTypes:
		in.choice = huh.NewSelect[string]().Inline(true).Options(typeOptions(def, none, extra)...).Value(&in.held)
		in.field = in.choice
	case model.FormatBool:
		in.confirm = huh.NewConfirm().Affirmative("yes").Negative("no").Value(&in.yes)
		in.field = in.confirm
	default:
		in.text = huh.NewInput().Prompt("").Value(&in.held)
		in.field = in.text
	}
	in.field.WithTheme(lk).WithKeyMap(huhKeys())
	if in.choice != nil {
		in.choice.WithWidth(choiceWidth + len("<  >"))
	}
	return in
}

func typeOptions(def model.Field, none string, extra []string) []huh.Option[string] {
	values := []string{model.TypeLender, model.TypeSponsor}
	if def.Format == model.FormatTypes {
		values = append(values, model.TypeLender+", "+model.TypeSponsor)
	}
	for _, e := range extra {
		if e != "" && !slices.Contains(values, e) {
			values = append(values, e)
		}
	}
	var out []huh.Option[string]
	for _, v := range values {
		label := plain.Cut(visible(def.Show(def.Parse(v))), choiceWidth, "")
		out = append(out, huh.NewOption(label, v))
	}
	if none != "" {
		out = append(out, huh.NewOption(none, ""))
	}
	return out
}

// load puts a value into the field; the cursor goes to its end.
func (in *input) load(raw string) {
	in.raw, in.picked, in.past = raw, false, text.History{}
	switch {
	case in.choice != nil:
		in.held = raw
		in.choice.Value(&in.held) // which holds its first option when raw is none of them
		in.raw = in.held
	case in.confirm != nil:
		in.yes = in.def.Parse(raw).True()
		in.raw = yesText(in.yes)
	default:
		in.held = "" // first, so that the cursor goes to the end
		in.text.Value(&in.held)
		in.held = typable(raw)
		in.text.Value(&in.held)
	}
	in.loaded = in.holds()
	in.sync()
}

// value is the exact text that the field means.
func (in *input) value() string {
	if h := in.holds(); h != in.loaded {
		return h
	}
	return in.raw
}

func (in *input) holds() string {
	if in.confirm != nil {
		return yesText(in.yes)
	}
	return in.held
}

func yesText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// typable is raw without what a text input drops by itself: such text is
// cleaned as it is everywhere on the screen.
func typable(raw string) string {
	drops := func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }
	if !strings.ContainsFunc(raw, drops) {
		return raw
	}
	return strings.ReplaceAll(plain.Clean(raw), string(utf8.RuneError), "")
}

func (in *input) focus() {
	in.focused = true
	in.field.Focus() // its command makes a cursor blink, and ours does not
	in.sync()
}

func (in *input) blur() {
	in.field.Blur()
	in.focused = false
	in.sync()
}

// update gives a key or a paste to the huh field. The only command that can
// come back asks the terminal for its clipboard; the answer is a
// tea.ClipboardMsg, which is a paste.
func (in *input) update(msg tea.Msg) tea.Cmd {
	if text.IsUndo(msg) {
		in.undo()
		return nil
	}
	before := in.held
	defer func() {
		if in.text != nil && in.held != before {
			in.past.Changed(before, msg)
		}
	}()
	if in.replace(msg) {
		return nil
	}
	switch m := msg.(type) {
	case tea.PasteMsg:
		return in.paste(m.Content)
	case tea.ClipboardMsg:
		return in.paste(m.Content)
	case tea.KeyPressMsg:
		if in.text != nil && key.Matches(m, textinput.DefaultKeyMap().Paste) {
			return tea.ReadClipboard
		}
	}
	return in.give(msg)
}

// undo takes the last change of the text back.
func (in *input) undo() {
	before, ok := in.past.Back()
	if !ok {
		return
	}
	in.held, in.picked = "", false // first, so that the cursor goes to the end
	in.text.Value(&in.held)
	in.held = before
	in.text.Value(&in.held)
	in.sync()
}

// replace ends the selection of the whole text and reports whether the key was
// only for that. What is typed or pasted takes the place of the text.
func (in *input) replace(msg tea.Msg) bool {
	if !in.picked {
		return false
	}
	key, isKey := msg.(tea.KeyPressMsg)
	in.picked = isKey && key.Text == "" && key.Mod == tea.ModCtrl && key.Code == 'v' // a paste follows
	wipes := isKey && (key.Code == tea.KeyBackspace || key.Code == tea.KeyDelete)
	if !isKey || key.Text != "" || wipes {
		in.held = ""
		in.text.Value(&in.held)
		in.sync()
	}
	return wipes
}

func (in *input) paste(s string) tea.Cmd {
	if in.text == nil {
		return nil
	}
	return in.give(tea.PasteMsg{Content: text.OneLine(s)})
}

func (in *input) give(msg tea.Msg) tea.Cmd {
	in.field.Update(msg) // what it asks for is to blink and to go on, both the frame's business
	in.sync()
	return nil
}

// cursorMark begins the cell that bubbles draws as the cursor. Text inputs have
// no other style, and no text in them can hold an escape character.
const cursorMark = "\x1b[7m"

// sync reads from the huh field what is to be drawn. Neither huh nor bubbles
// tells where the cursor is on the screen (bubbles counts characters, not
// cells), but an input without a width draws its whole text with the cursor in it.
func (in *input) sync() {
	if in.text == nil {
		in.syncChoice()
		return
	}
	before, _, found := strings.Cut(in.text.View(), cursorMark)
	if !found || !strings.HasPrefix(in.held, before) {
		before = in.held
	}
	v := &in.view
	v.Text = plain.Clean(in.held)
	v.Cell = min(plain.Width(plain.Clean(before)), plain.Width(v.Text))
	under, _ := ansi.FirstGraphemeCluster(in.held[len(before):], ansi.GraphemeWidth)
	v.Under = plain.Width(plain.Clean(under))
	in.view = v.Fit(v.W)
	in.quiet = visible(in.held)
	in.hidden = plain.Changed(in.value())
}

func (in *input) syncChoice() {
	in.drawn = ""
	if in.focused {
		in.drawn = in.field.View()
	}
	in.quiet = words(in.def, in.def.Parse(in.held))
	if in.confirm != nil {
		in.quiet = words(in.def, model.BoolValue(in.yes))
	}
}

func (in *input) setWidth(w int) {
	if w != in.view.W {
		in.view = in.view.Fit(w)
	}
}

// line draws the field being edited in exactly w cells.
func (in *input) line(w int, t theme.Theme) string {
	if in.text == nil {
		return plain.Fit(in.drawn, w, "")
	}
	in.setWidth(w)
	left, mid, right := in.view.Parts()
	if left {
		mid = t.Glyphs.Ellipsis + mid
	}
	if right {
		mid += t.Glyphs.Ellipsis
	}
	if in.picked {
		mid = strings.TrimRight(mid, " ")
		return t.Paint(theme.Selected, mid) + t.Paint(theme.Input, plain.Blank(w-plain.Width(mid)))
	}
	return t.Paint(theme.Input, plain.Fit(mid, w, ""))
}

// cursor is where the terminal's cursor belongs, relative to the field's first
// cell; nil in a field that is not typed into.
func (in *input) cursor() *tea.Cursor {
	if in.text == nil || !in.focused || in.view.W <= 0 {
		return nil
	}
	c := tea.NewCursor(in.view.X(), 0)
	c.Shape, c.Blink = tea.CursorBar, false
	return c
}

// help is what the field is for, and how it is changed when not by typing.
func (in *input) help() []string {
	switch {
	case in.choice != nil: // the options say what it is for
		return []string{"space to change"}
	case in.confirm != nil:
		return []string{"space to change", in.def.Help}
	default:
		return []string{in.def.Help}
	}
}
