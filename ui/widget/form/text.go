package form

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// TextOptions are what a Text opens with.
type TextOptions struct {
	Title string
	Field model.FieldID // what the text is
	Base  string        // the text as it was when the edit began
	Typed string        // what was typed over it before
	Keep  bool          // Typed counts, also when it is ""
	Theme theme.Theme
	Keys  keymap.Map
}

// Text is the editor of one text of several lines: a huh.Text. Make one with
// NewText.
type Text struct {
	o       TextOptions
	look    *look
	area    *huh.Text
	held    string // what the huh field holds, bound to it
	raw     string // the exact text that was put in, and what the huh field made of it: see input
	loaded  string
	stash   *string // what restoring replaced
	blank   bool    // a save of blank text was refused
	server  *refusal
	frozen  bool
	w, h    int
	cursorX int // in the text as drawn last, with -1 for none
	cursorY int
}

// NewText opens an editor. It draws nothing before it has a size.
func NewText(o TextOptions) *Text {
	x := &Text{o: o, look: newLook(o.Theme), cursorX: -1}
	x.area = huh.NewText().ExternalEditor(false).Value(&x.held)
	x.area.WithTheme(x.look).WithKeyMap(huhKeys())
	x.area.Focus() // its command makes a cursor blink, and ours does not
	text := o.Base
	if o.Typed != "" || o.Keep {
		text = o.Typed
	}
	x.Load(text)
	return x
}

// Load replaces the text; the cursor goes to its end.
func (x *Text) Load(raw string) {
	raw = strings.ReplaceAll(raw, "\r\n", "\n")
	lines := strings.Split(raw, "\n")
	for i, line := range lines {
		if line = typable(line); plain.Changed(line) {
			line = plain.Clean(line)
		}
		lines[i] = line
	}
	x.held = strings.Join(lines, "\n")
	x.area.Value(&x.held)
	x.area.Update(nil) // it scrolls to the cursor then
	x.raw, x.loaded = raw, x.held
}

// Value is the exact text.
func (x *Text) Value() string {
	if x.held != x.loaded {
		return x.held
	}
	return x.raw
}

// SetSize gives the editor its pane in cells.
func (x *Text) SetSize(w, h int) {
	x.w, x.h = max(0, w), max(0, h)
}

// SetTheme changes the colors and signs.
func (x *Text) SetTheme(t theme.Theme) { x.o.Theme, x.look.styles = t, huhStyles(t) }

// SetNotes does nothing: nothing is said of a text.
func (x *Text) SetNotes([]string) {}

// SetFixed does nothing: the service changes notes.
func (x *Text) SetFixed([]model.FieldID) {}

// Draft is what was typed, empty when nothing was.
func (x *Text) Draft() model.Draft {
	if x.Value() == strings.ReplaceAll(x.o.Base, "\r\n", "\n") {
		return model.Draft{}
	}
	return model.Draft{x.o.Field: x.Value()}
}

// Patch is what a save would change.
func (x *Text) Patch() model.Patch {
	if model.SameNoteText(x.o.Base, x.Value()) {
		return model.Patch{}
	}
	return model.NewPatch(model.Change{Field: x.o.Field, Before: model.TextValue(x.o.Base),
		After: model.TextValue(strings.TrimSpace(x.Value()))})
}

// Dirty reports that leaving would lose something.
func (x *Text) Dirty() bool { return !x.Patch().Empty() }

// Refusals say why the text cannot be sent as it is.
func (x *Text) Refusals() map[model.FieldID]string {
	if strings.TrimSpace(x.Value()) != "" {
		return nil
	}
	return map[model.FieldID]string{x.o.Field: blankText}
}

const blankText = "it must not be blank"

// Refuse shows why a save failed. The text can be typed into again; nil takes
// it away.
func (x *Text) Refuse(e *model.Error) {
	x.server = nil
	if e != nil {
		said := refusalOf(e)
		x.server, x.frozen = &said, false
	}
}

// Freeze makes the editor a still picture while the text is being saved, or lets
// it go again.
func (x *Text) Freeze(on bool) {
	if on {
		x.server = nil
	}
	x.frozen = on
}

// Field is what the text is.
func (x *Text) Field() model.FieldID { return x.o.Field }

// Focus does nothing: there is one field.
func (x *Text) Focus(model.FieldID) {}

// Pick does nothing: what is typed goes into the text.
func (x *Text) Pick() {}

// Lines draw the editor in w cells, for a pane around it.
func (x *Text) Lines(w, _ int) []string {
	x.w = w
	return x.View()
}

// Update takes keys and pastes.
func (x *Text) Update(msg tea.Msg) (tea.Cmd, Intent) {
	if x.frozen {
		return nil, None
	}
	before := x.Value()
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if cmd, intent, taken := x.key(msg); taken {
			return cmd, intent
		}
	case tea.PasteMsg:
		x.insert(msg.Content)
	case tea.ClipboardMsg:
		x.insert(msg.Content)
	default:
		return nil, None
	}
	if x.Value() == before {
		return nil, None
	}
	x.server, x.blank = nil, false
	return nil, Changed
}

func (x *Text) key(msg tea.KeyPressMsg) (cmd tea.Cmd, intent Intent, taken bool) {
	a, _ := x.o.Keys.Find(msg.String(), keymap.Note)
	switch a.Name {
	case keymap.NoteSave:
		if x.blank = len(x.Refusals()) > 0; x.blank {
			return nil, None, true
		}
		return nil, SaveAsked, true
	case keymap.FormLeave:
		return nil, LeaveAsked, true
	case keymap.NoteEditor:
		return nil, EditorAsked, true
	case keymap.FormRevert:
		x.revert()
		return nil, Changed, true
	}
	switch msg.String() {
	case "ctrl+v":
		return tea.ReadClipboard, None, true
	case "ctrl+g": // would select text that is not drawn as selected
		return nil, None, true
	case "enter", "ctrl+m", "ctrl+j":
		x.area.Update(tea.PasteMsg{Content: "\n"}) // the key stops at a hundred lines
		return nil, None, false
	}
	msg.Mod &^= shiftOf(msg)
	x.area.Update(msg)
	return nil, None, false
}

// shiftOf is the modifier that would begin a selection.
func shiftOf(msg tea.KeyPressMsg) tea.KeyMod {
	switch msg.Code {
	case tea.KeyUp, tea.KeyDown, tea.KeyLeft, tea.KeyRight, tea.KeyHome, tea.KeyEnd:
		return tea.ModShift
	}
	return 0
}

// insert puts pasted text at the cursor.
func (x *Text) insert(pasted string) {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(pasted, "\r\n", "\n"), "\r", "\n"), "\n")
	for i, line := range lines {
		lines[i] = plain.Clean(typable(line))
	}
	x.area.Update(tea.PasteMsg{Content: strings.Join(lines, "\n")})
}

// revert brings back the text as it was; again, what was typed.
func (x *Text) revert() {
	now := x.Value()
	switch {
	case x.Dirty():
		x.stash = &now
		x.Load(x.o.Base)
	case x.stash != nil:
		x.Load(*x.stash)
	}
}

// View draws the editor: exactly its height in lines of exactly its width.
func (x *Text) View() []string {
	if x.w == 0 || x.h == 0 {
		return nil
	}
	t := x.o.Theme
	var out []string
	add := func(s string) { out = append(out, plain.Fit(s, x.w, "")) }
	if x.h >= 3 {
		state := ""
		switch {
		case x.frozen:
			state = "saving" + t.Glyphs.Ellipsis
		case x.server != nil:
			state = "not saved"
		}
		add(titleLine(x.o.Title, state, x.w, t))
	}
	if x.h >= gapFrom {
		add("")
	}
	if x.server != nil {
		for _, n := range x.server.lines(x.w-4, max(0, x.h-len(out)-leastBody), t) {
			add("  " + t.Paint(n.role, n.text))
		}
	}
	foot := x.foot()
	room := max(1, x.h-len(out)-len(foot))
	width := max(1, min(x.w-4, textWidth))
	top := len(out)
	for _, l := range x.drawn(width, room) {
		add("  " + t.Paint(theme.Input, l))
	}
	if x.cursorX >= 0 {
		x.cursorX, x.cursorY = x.cursorX+2, x.cursorY+top
	}
	for _, n := range foot {
		add("  " + t.Paint(n.role, n.text))
	}
	for len(out) < x.h {
		add("")
	}
	return out[:x.h]
}

// textWidth is how wide lines of text become at most: longer ones are hard to
// read.
const textWidth = 100

// drawn is the text in w times h cells, and where the cursor is in it.
func (x *Text) drawn(w, h int) []string {
	x.area.WithWidth(w)
	x.area.Lines(h)
	x.area.Update(nil)
	x.cursorX = -1
	var out []string
	for y, line := range strings.Split(x.area.View(), "\n") {
		if before, _, found := strings.Cut(line, cursorMark); found {
			x.cursorX, x.cursorY = min(plain.Width(plain.Clean(ansi.Strip(before))), w), y
		}
		if y < h {
			out = append(out, plain.Fit(plain.Clean(ansi.Strip(line)), w, ""))
		}
	}
	for len(out) < h {
		out = append(out, plain.Blank(w))
	}
	return out
}

// foot is what helps, below the text.
func (x *Text) foot() []line {
	t, w := x.o.Theme, x.w-4
	if x.blank {
		return flagged(blankText, theme.Danger, w, 1, t)
	}
	parts := []string{does(x.o.Keys, keymap.NoteSave, "saves"), does(x.o.Keys, keymap.NoteEditor, "opens your editor")}
	switch {
	case x.o.Base != "" && x.Dirty():
		parts = append(parts, does(x.o.Keys, keymap.FormRevert, "restores"))
	case x.stash != nil:
		parts = append(parts, does(x.o.Keys, keymap.FormRevert, "brings back what you typed"))
	}
	return []line{{plain.Cut(joined(t, parts...), w, t.Glyphs.Ellipsis), theme.Dim}}
}

// Cursor is where the terminal's cursor belongs, relative to the pane as drawn
// last; nil when nothing can be typed.
func (x *Text) Cursor() *tea.Cursor {
	if x.frozen || x.cursorX < 0 {
		return nil
	}
	c := tea.NewCursor(x.cursorX, x.cursorY)
	c.Shape, c.Blink = tea.CursorBar, false
	return c
}
