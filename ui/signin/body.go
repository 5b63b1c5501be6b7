package signin

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// margin is the blank cells before every line.
const margin = 2

// rank describes how long a line stays when there is too little room: the highest
// rank goes first, from the bottom up.
type rank uint8

const (
	rankRow   rank = iota // stays
	rankOther             // another field, more words about a failure
	rankHint              // help
	rankTitle
	rankIntro // goes all at once
	rankBlank
)

// line is one line of a page.
type line struct {
	text   string // clean
	role   theme.Role
	drawn  string // styled, instead of text
	indent int
	rank   rank
	para   int  // lines of one paragraph share it
	here   bool // the cursor of the page is here
	cursor int  // the cell of the text cursor, -1 for none
}

// body gathers the lines of a page.
type body struct {
	w      int
	t      theme.Theme
	indent int
	lines  []line
	para   int
}

// textW is the width that text may take.
func (b *body) textW() int { return max(1, min(b.w-2*margin+1, maxTextWidth)-b.indent) }

func (b *body) add(l line) {
	l.cursor = -1
	b.lines = append(b.lines, l)
}

func (b *body) blank() { b.add(line{rank: rankBlank}) }

func (b *body) title(s string) {
	b.para++
	b.add(line{text: plain.Cut(s, b.textW(), b.t.Glyphs.Ellipsis), role: theme.Strong, rank: rankTitle, para: b.para})
}

// say adds a paragraph of clean text.
func (b *body) say(r theme.Role, k rank, text string) {
	if text == "" {
		return
	}
	b.para++
	for _, s := range wrap(text, b.textW()) {
		b.add(line{text: s, role: r, indent: b.indent, rank: k, para: b.para})
	}
}

// wrap breaks clean text at blanks, and anywhere where a word is wider than the
// line: a name such as ca_file stays whole.
func wrap(s string, w int) []string { return strings.Split(ansi.Wrap(s, w, ""), "\n") }

// draw adds a line that is styled already.
func (b *body) draw(s string, k rank, here bool) {
	b.para++
	b.add(line{drawn: s, indent: b.indent, rank: k, para: b.para, here: here})
}

// cursorAt puts the text cursor on the line added last.
func (b *body) cursorAt(x int) { b.lines[len(b.lines)-1].cursor = x }

// labelled adds a label and a value, which may take several lines.
func (b *body) labelled(label, value string, r theme.Role, k rank) {
	b.para++
	b.indent = labelW
	for i, s := range wrap(value, b.textW()) {
		l := line{text: s, role: r, indent: labelW, rank: k, para: b.para}
		if i == 0 {
			l.indent = 0
			l.drawn = b.t.Paint(theme.Dim, plain.Fit(label, labelW, "")) + b.t.Paint(r, s)
		}
		b.add(l)
	}
	b.indent = 0
}

// fit makes the page exactly h lines of exactly w cells and says where the text
// cursor is, x -1 for nowhere.
func (b *body) fit(h int) (rows []string, x, y int) {
	lines := b.shortened(h)
	x = -1
	for i, l := range lines {
		s := l.drawn
		if s == "" {
			s = b.t.Paint(l.role, l.text)
		}
		rows = append(rows, text.Fit(plain.Blank(margin+l.indent)+s, b.w))
		if l.cursor >= 0 {
			x, y = l.cursor, i
		}
	}
	for len(rows) < h {
		rows = append(rows, plain.Blank(b.w))
	}
	return rows, x, y
}

// shortened leaves lines out until h are left. A paragraph that loses its end
// shows so; of what always stays, the part around the cursor is shown.
func (b *body) shortened(h int) []line {
	lines := slices.Clone(b.lines)
	for k := rankBlank; k > rankRow; k-- {
		if k == rankIntro && len(lines) > h {
			lines = slices.DeleteFunc(lines, func(l line) bool { return l.rank == k })
		}
		for i := len(lines) - 1; i >= 0 && len(lines) > h; i-- {
			if lines[i].rank != k {
				continue
			}
			if i > 0 && lines[i-1].para == lines[i].para && k != rankBlank {
				lines[i-1] = b.cut(lines[i-1])
			}
			lines = slices.Delete(lines, i, i+1)
		}
	}
	if len(lines) <= h {
		return lines
	}
	at := max(0, slices.IndexFunc(lines, func(l line) bool { return l.here }))
	from := max(0, min(at-h/2, len(lines)-h))
	return lines[from : from+h]
}

// cut marks a line as not the end of what there is to say.
func (b *body) cut(l line) line {
	sign := b.t.Glyphs.Ellipsis
	room := max(1, min(b.w-2*margin+1, maxTextWidth)-l.indent)
	if l.drawn != "" {
		l.drawn = plain.Cut(l.drawn, room-plain.Width(sign), "") + sign
		return l
	}
	l.text = plain.Cut(l.text, room-plain.Width(sign), "") + sign
	return l
}
