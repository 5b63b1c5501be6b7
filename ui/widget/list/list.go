// Package list draws the contacts as rows and columns. It draws only what is
// visible, so that a key costs the same with ten rows and with a million.
package list

import (
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// Rows is what the list shows: a sequence of contacts.
type Rows interface {
	Len() int
	At(i int) model.Packed
}

// Look is what the pane cannot know by itself about a row and about the
// screen. Nil functions mean none.
type Look struct {
	Focused bool
	Marked  func(id int64) bool
	Drafted func(id int64) bool
	// Changed says that someone else has changed a contact, unseen so far.
	Changed func(id int64) bool
	Stale   bool // rows are older than the service's and say so by a sign
	Sort    model.Sort
	// Highlight gives the positions, in characters of the drawn text, that a
	// search found in a column.
	Highlight func(p model.Packed, column string) []int
	Empty     []string // lines shown when there are no rows
	Rule      string   // what the rule of SetRule says
	Companies work.CompanyNames
}

// Model is the pane: where the cursor is and how large the pane is. It is a
// value; methods that change it have a pointer.
type Model struct {
	w, h    int
	cursor  int
	offset  int // line at the top; the rows and the rule are lines
	rule    int // row above which the rule stands, from 1; 0 for none
	names   []string
	sort    model.FieldID // shown whatever the width, FieldKey for none
	columns []placed
}

// New makes a pane with the named columns; none means the usual ones.
func New(columns []string) Model {
	m := Model{}
	m.SetColumns(columns)
	return m
}

// Columns are the names of the chosen columns, in order of importance.
func (m Model) Columns() []string { return m.names }

// Shown are the names of the columns that there is room for.
func (m Model) Shown() []string {
	out := make([]string, len(m.columns))
	for i, c := range m.columns {
		out[i] = c.Name
	}
	return out
}

// SetColumns chooses the columns; none means the usual ones.
func (m *Model) SetColumns(names []string) {
	if len(names) == 0 {
		names = DefaultColumns()
	}
	m.names = names
	m.layout()
}

// SetSize gives the pane its size in cells, heading included.
func (m *Model) SetSize(w, h int) {
	if w == m.w && h == m.h {
		return
	}
	m.w, m.h = w, h
	m.layout()
	m.reveal()
}

// signs is the room left of the first column: cursor, mark, primary sign.
const signs = 4

// SetSort says by which field the rows are in order, FieldKey for none: people look
// for the order where the values are.
func (m *Model) SetSort(f model.FieldID) {
	if f != m.sort {
		m.sort = f
		m.layout()
	}
}

func (m *Model) layout() { m.columns = place(withSort(m.names, m.sort), m.sort, m.TextWidth()) }

// Height is the number of rows that fit under the heading.
func (m Model) Height() int { return max(0, m.h-1) }

// TextWidth is the number of cells of a line that stands in place of the rows.
func (m Model) TextWidth() int { return max(1, m.w-signs-1) }

// Cursor is the position of the selected row.
func (m Model) Cursor() int { return m.cursor }

// CursorLine is the line of the pane that the selected row is drawn on, the
// heading being line 0.
func (m Model) CursorLine() int { return m.lineOf(m.cursor) - m.offset + 1 }

// Offset is the position of the first row on the screen.
func (m Model) Offset() int { return m.rowOn(m.offset) }

// SetRule puts a line between the rows, above the one at a position; -1 for none.
func (m *Model) SetRule(above int) {
	line := m.lineOf(m.cursor) - m.offset
	m.rule = max(0, above+1)
	m.offset = max(0, m.lineOf(m.cursor)-line)
	m.reveal()
}

// lineOf is the line of a row, with the rule as a line of its own.
func (m Model) lineOf(pos int) int {
	if m.rule > 0 && pos >= m.rule-1 {
		return pos + 1
	}
	return pos
}

// rowOn is the row on a line, the one below for the rule.
func (m Model) rowOn(line int) int {
	if m.rule > 0 && line >= m.rule {
		return line - 1
	}
	return line
}

// linesOf is how many lines n rows take.
func (m Model) linesOf(n int) int {
	if m.rule > 0 {
		return n + 1
	}
	return n
}

// MoveTo puts the cursor on a position of n rows and scrolls as little as
// needed to show it.
func (m *Model) MoveTo(pos, n int) {
	m.cursor = min(max(0, pos), max(0, n-1))
	m.reveal()
	m.offset = min(m.offset, max(0, m.linesOf(n)-1))
}

// Anchor puts the cursor on a position and keeps it on the same line of the
// screen, so that rows that come or go above it do not move it.
func (m *Model) Anchor(pos, n int) {
	line := m.lineOf(m.cursor) - m.offset
	m.cursor = min(max(0, pos), max(0, n-1))
	m.offset = max(0, m.lineOf(m.cursor)-line)
	m.reveal()
	if room := m.linesOf(n) - m.Height(); room <= 0 {
		m.offset = 0
	} else {
		m.offset = min(m.offset, room+slack)
	}
	m.reveal()
}

// slack is how many lines may stay empty under the last row rather than that
// rows move: as many as a message takes that has gone.
const slack = 3

// Scroll moves the window without leaving the cursor behind.
func (m *Model) Scroll(by, n int) {
	m.offset = min(max(0, m.offset+by), max(0, m.linesOf(n)-m.Height()))
	line := min(max(m.lineOf(m.cursor), m.offset), max(m.offset, m.offset+m.Height()-1))
	m.cursor = min(m.rowOn(line), max(0, n-1))
	m.reveal()
}

// RowAt is the position drawn on a line of the pane, heading being line 0.
func (m Model) RowAt(line, n int) (int, bool) {
	at := m.offset + line - 1
	pos := m.rowOn(at)
	return pos, line >= 1 && pos < n && m.lineOf(pos) == at
}

// ColumnAt is the column drawn at a cell of the pane.
func (m Model) ColumnAt(x int) (Column, bool) {
	at := signs
	for _, c := range m.columns {
		if x >= at && x < at+c.width {
			return c.Column, true
		}
		at += c.width + gap
	}
	return Column{}, false
}

func (m *Model) reveal() {
	h := max(1, m.Height())
	line := m.lineOf(m.cursor)
	top := line
	if m.rule > 0 && m.cursor == m.rule-1 && h > 1 {
		top-- // the rule belongs to the row below it
	}
	if top < m.offset {
		m.offset = top
	}
	if line >= m.offset+h {
		m.offset = line - h + 1
	}
}

// View draws the pane: exactly h lines of exactly w cells.
func (m Model) View(rows Rows, th theme.Theme, look Look) []string {
	if m.h <= 0 || m.w <= 0 {
		return nil
	}
	lines := make([]string, 0, m.h)
	lines = append(lines, m.heading(th, look))
	n := rows.Len()
	for line := m.offset; line < m.linesOf(n) && len(lines) < m.h; line++ {
		i := m.rowOn(line)
		if m.lineOf(i) != line {
			lines = append(lines, m.ruleLine(th, look.Rule))
			continue
		}
		lines = append(lines, m.row(rows.At(i), i == m.cursor, th, look))
	}
	if n == 0 {
		lines = append(lines, "")
		for _, text := range look.Empty {
			for _, l := range plain.Wrap(th.Signs(text), m.TextWidth()) {
				lines = append(lines, plain.Blank(signs)+l)
			}
		}
	}
	for i := range lines {
		if n == 0 && i > 0 {
			lines[i] = th.Paint(theme.Dim, plain.Fit(lines[i], m.w, ""))
		}
	}
	for len(lines) < m.h {
		lines = append(lines, plain.Blank(m.w))
	}
	if m.w <= signs {
		for i := range lines { // not even the signs fit
			lines[i] = plain.Cut(lines[i], m.w, "")
		}
	}
	return lines[:m.h]
}

// ruleLine is a thin line with words in it.
func (m Model) ruleLine(th theme.Theme, words string) string {
	h := th.Glyphs.RuleH
	s := plain.Fit(plain.Blank(signs-2)+h+h+" "+words+" ", m.w, "")
	s = strings.TrimRight(s, " ") + " "
	return th.Paint(theme.Dim, plain.Fit(s+strings.Repeat(h, max(0, m.w-plain.Width(s)-1)), m.w, ""))
}

func (m Model) heading(th theme.Theme, look Look) string {
	s := plain.Blank(signs)
	for i, c := range m.columns {
		if i > 0 {
			s += plain.Blank(gap)
		}
		text := c.Heading
		if !look.Sort.IsZero() && look.Sort.Field == c.Field {
			arrow := th.Glyphs.Up
			if look.Sort.Desc {
				arrow = th.Glyphs.Down
			}
			text = plain.Cut(text, max(1, c.width-2), "") + " " + arrow
		}
		if c.right {
			s += plain.FitRight(text, c.width, "")
		} else {
			s += plain.Fit(text, c.width, "")
		}
	}
	return th.Paint(theme.Heading, plain.Fit(s, m.w, ""))
}
