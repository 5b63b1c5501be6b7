// Package detail draws one contact with all its fields and a cursor over them.
package detail

import (
	"fmt"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// labelWidth is the width of the column of labels where there is room for it,
// and underX where lines begin that are too wide for the column of values.
const (
	labelWidth = 13
	underX     = 4
)

// Editor is a field being edited in place: what is drawn instead of its value.
type Editor interface {
	// Lines are the input, of at most w cells, and the lines under it. Where one
	// of those has more cells, up to whole, all of them begin further left.
	Lines(w, whole int) []string
}

// Look is what the pane cannot know about the screen.
type Look struct {
	Focused bool
	Editor  Editor // nil when no field is edited
	Note    string // one line under the head, such as a draft that waits
	Age     string // how old the shown values are, "" when they are current
}

// Model is the pane.
type Model struct {
	w, h    int
	contact model.Contact
	has     bool
	all     []Row           // every row
	rows    []Row           // what is shown of them: see fold
	open    map[string]bool // groups whose empty fields are shown, of this contact
	wanted  string          // name of the row that the user went to last
	cursor  int
	offset  int
	under   int // lines under the field that is edited: they only become more

	companies work.CompanyNames
	notes     Notes
}

// SetSize gives the pane its size in cells.
func (m *Model) SetSize(w, h int) { m.w, m.h = w, h }

// Show puts a contact into the pane; the cursor stays on its field.
func (m *Model) Show(c model.Contact, now time.Time) {
	if !m.has || m.contact.ID() != c.ID() {
		m.offset, m.open = 0, map[string]bool{}
	}
	m.contact, m.has, m.all = c, true, m.withNotes(m.withCompany(rowsOf(c, now)), now)
	m.rows = fold(m.all, m.open)
	m.find()
}

// Clear empties the pane.
func (m *Model) Clear() { m.contact, m.has, m.all, m.rows = model.Contact{}, false, nil, nil }

// Contact is the contact shown, and whether there is one.
func (m Model) Contact() (model.Contact, bool) { return m.contact, m.has }

// Row is the row under the cursor, and whether there is one.
func (m Model) Row() (Row, bool) {
	if m.cursor >= len(m.rows) {
		return Row{}, false
	}
	return m.rows[m.cursor], true
}

// Text is the row's value as the server gave it, and a list as it is typed.
func (m Model) Text(r Row) string {
	if r.Extra != "" {
		raw, _ := m.contact.Extra(r.Extra)
		return raw
	}
	if text, below := r.below(); below {
		return text
	}
	return r.Field.Def().Text(m.contact.Get(r.Field))
}

// Move moves the cursor over the fields.
func (m *Model) Move(by int) { m.goTo(m.cursor + by) }

func (m *Model) goTo(i int) {
	m.cursor = min(max(0, i), max(0, len(m.rows)-1))
	if r, ok := m.Row(); ok {
		m.wanted = r.Name()
	}
}

// MoveToField puts the cursor on a documented field, which is shown then even
// when it is empty.
func (m *Model) MoveToField(f model.FieldID) {
	m.wanted = f.Name()
	if m.find(); m.cursor < len(m.rows) && m.rows[m.cursor].Folded() {
		m.unfold(m.wanted)
	}
}

// frame is the pane before it is cut to its height: its lines, and on which
// line the cursor's row begins and ends.
type frame struct {
	lines      []string
	owner      []int // row that each line belongs to, -1 for none
	start, end int
	valueX     int
}

func (m *Model) frame(th theme.Theme, look Look) frame {
	labels := labelWidth
	if m.w < 3*labelWidth {
		labels = max(4, m.w/3)
	}
	f := frame{valueX: labels + 3}
	if look.Editor == nil {
		m.under = 0
	}
	add := func(row int, s string) {
		f.lines = append(f.lines, s)
		f.owner = append(f.owner, row)
	}
	for _, l := range m.head(th, look) {
		add(-1, l)
	}
	vw := max(4, m.w-f.valueX-1)
	for i, r := range m.rows {
		if r.group != "" || r.apart {
			add(-1, "")
		}
		if r.group != "" {
			add(-1, "  "+th.Paint(theme.Heading, plain.Cut(r.group, max(0, m.w-3), th.Glyphs.Ellipsis)))
		}
		here := i == m.cursor
		var values []string
		if here && look.Editor != nil {
			values = m.edited(look.Editor.Lines(vw, m.w-underX), len(r.styled(vw, true, th)))
		} else {
			values = r.styled(vw, here && look.Focused, th)
		}
		if here {
			f.start = len(f.lines)
		}
		for n, v := range values {
			sign, label := "  ", ""
			if n == 0 {
				label = r.label
			}
			style := theme.Dim
			if here && look.Focused {
				style = theme.Accent
				if n == 0 {
					sign = th.Paint(theme.Accent, th.Glyphs.Cursor) + " "
				}
			}
			lead := sign + th.Paint(style, plain.Fit(label, labels, th.Glyphs.Ellipsis)) + " "
			if n > 0 && widest(values[1:]) > vw {
				lead = plain.Blank(underX)
			}
			add(i, lead+v)
		}
		if here {
			f.end = len(f.lines)
		}
	}
	return f
}

// edited are the lines of a field that is edited. The rows below stand under
// them, and do not come up again while it is edited.
func (m *Model) edited(lines []string, before int) []string {
	m.under = max(m.under, before-1, len(lines)-1)
	for len(lines) <= m.under {
		lines = append(lines, "")
	}
	return lines
}

func widest(lines []string) int {
	w := 0
	for _, l := range lines {
		w = max(w, plain.Width(l))
	}
	return w
}

// head is the name, and what no row says: that the service does not list the
// contact, how old the values are, and what else is known of them.
func (m Model) head(th theme.Theme, look Look) []string {
	cut := func(s string) string { return plain.Cut(s, m.w-3, th.Glyphs.Ellipsis) }
	out := []string{"  " + th.Paint(theme.Strong, cut(clean(m.contact.Name())))}
	if !m.contact.Connected() {
		out = append(out, "  "+th.Paint(theme.Dim, cut(th.Glyphs.NotConnected+" not connected")))
	}
	for _, s := range []string{look.Age, look.Note} {
		if s != "" {
			out = append(out, "  "+th.Paint(theme.Attention, cut(s)))
		}
	}
	return out
}

// View draws the pane: exactly h lines of exactly w cells. It scrolls so that
// the row under the cursor is visible, and its editor with it.
func (m *Model) View(th theme.Theme, look Look) []string {
	if m.w <= 0 || m.h <= 0 {
		return nil
	}
	if !m.has {
		return blankLines(m.w, m.h)
	}
	f := m.frame(th, look)
	body := m.body(f)
	m.scroll(f, body)
	out := make([]string, 0, m.h)
	for i := m.offset; i < len(f.lines) && len(out) < body; i++ {
		out = append(out, fitStyled(f.lines[i], m.w))
	}
	out = append(out, blankLines(m.w, body-len(out))...)
	if body < m.h {
		return append(out, m.more(f, body, th))
	}
	mark := func(i int, sign string) { out[i] = fitStyled(out[i], max(0, m.w-1)) + th.Paint(theme.Dim, sign) }
	if m.offset > 0 {
		mark(0, th.Glyphs.Up)
	}
	if m.offset+body < len(f.lines) && (body > 1 || m.offset == 0) {
		mark(body-1, th.Glyphs.Down)
	}
	return out
}

// signFrom is the height from which there is a line to say how much more there is.
const signFrom = 7

// body is how many lines of the pane hold the contact.
func (m *Model) body(f frame) int {
	if len(f.lines) > m.h && m.h >= signFrom {
		return m.h - 1
	}
	return m.h
}

// more is the line under a contact that does not fit: how many fields there are
// above and below.
func (m *Model) more(f frame, body int, th theme.Theme) string {
	above, below := map[int]bool{}, map[int]bool{}
	for i, row := range f.owner {
		switch {
		case row < 0:
		case i < m.offset:
			above[row] = true
		case i >= m.offset+body:
			below[row] = true
		}
	}
	var parts []string
	switch {
	case len(above) > 0:
		parts = append(parts, fmt.Sprintf("%s %d more", th.Glyphs.Up, len(above)))
	case m.offset > 0: // only the name, which is no field
		parts = append(parts, th.Glyphs.Up+" more")
	}
	if len(below) > 0 {
		parts = append(parts, fmt.Sprintf("%s %d more", th.Glyphs.Down, len(below)))
	}
	return fitStyled("  "+th.Paint(theme.Dim, plain.Cut(strings.Join(parts, "   "), m.w-3, "")), m.w)
}

func (m *Model) scroll(f frame, body int) {
	top := f.start
	if m.cursor == 0 {
		top = 0
	} else if top > 0 && f.owner[top-1] == -1 {
		top-- // the heading of a group comes into view with its first row
	}
	if f.end > m.offset+body {
		m.offset = f.end - body
	}
	if top < m.offset {
		m.offset = max(top, f.end-body)
	}
	m.offset = min(m.offset, f.start) // of a row that is higher than the pane its beginning
	m.offset = min(m.offset, max(0, len(f.lines)-body))
}

// EditorAt is where the editor's first cell is within the pane.
func (m *Model) EditorAt(th theme.Theme, look Look) (x, y int) {
	f := m.frame(th, look)
	return f.valueX, f.start - m.offset
}

// RowAt puts the cursor on the row drawn on a line of the pane and says
// whether there is one.
func (m *Model) RowAt(line int, th theme.Theme, look Look) bool {
	f := m.frame(th, look)
	i := m.offset + line
	if line < 0 || line >= m.body(f) || i >= len(f.owner) || f.owner[i] < 0 {
		return false
	}
	m.goTo(f.owner[i])
	return true
}

func blankLines(w, n int) []string {
	var out []string
	for range n {
		out = append(out, plain.Blank(w))
	}
	return out
}
