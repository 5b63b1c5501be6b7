//go:build unix

package term

import (
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// Cell is one place on the screen.
type Cell struct {
	// Content is what is drawn: one character with all that belongs to it. It
	// is empty where the wide character to the left reaches.
	Content string
	Width   int // in cells: 1, 2 for a wide character, 0 where one reaches

	// Foreground and Background are nil for the terminal's own colors, and an
	// ansi.BasicColor or ansi.IndexedColor for those of its palette.
	Foreground, Background color.Color

	Bold, Faint, Italic, Underline, Reverse, Conceal, Strikethrough bool

	Link string // where an OSC 8 link leads, or empty
}

// CursorShape is how the cursor is drawn.
type CursorShape int

// The shapes a program can ask for.
const (
	CursorBlock CursorShape = iota
	CursorUnderline
	CursorBar
)

// Cursor is where typing goes. X and Y count cells from 0 at the top left.
type Cursor struct {
	X, Y    int
	Visible bool
	Shape   CursorShape
}

// Frame is the whole screen at one moment.
type Frame struct {
	Cols, Rows             int
	Cells                  []Cell // row after row
	Cursor                 Cursor
	Foreground, Background color.Color // the terminal's own, or those the program set with OSC 10 and 11
	Title                  string      // of the window
}

// Row returns the cells of row y.
func (f Frame) Row(y int) []Cell { return f.Cells[y*f.Cols : (y+1)*f.Cols] }

// Frame returns the screen with all its colors and attributes.
func (t *Terminal) Frame() Frame {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := Frame{
		Cols: t.emu.Width(), Rows: t.emu.Height(),
		Foreground: t.emu.ForegroundColor(), Background: t.emu.BackgroundColor(),
		Title: t.seen.title,
	}
	at := t.emu.CursorPosition()
	f.Cursor = Cursor{X: at.X, Y: at.Y, Visible: !t.seen.isSet(modeShowCursor), Shape: t.seen.shape}
	f.Cells = make([]Cell, 0, f.Cols*f.Rows)
	for y := range f.Rows {
		for x := range f.Cols {
			f.Cells = append(f.Cells, newCell(t.emu.CellAt(x, y)))
		}
	}
	return f
}

func newCell(c *uv.Cell) Cell {
	has := func(attr uint8) bool { return c.Style.Attrs&attr != 0 }
	return Cell{
		Content: c.Content, Width: c.Width,
		Foreground: c.Style.Fg, Background: c.Style.Bg,
		Bold: has(uv.AttrBold), Faint: has(uv.AttrFaint), Italic: has(uv.AttrItalic),
		Reverse: has(uv.AttrReverse), Conceal: has(uv.AttrConceal), Strikethrough: has(uv.AttrStrikethrough),
		Underline: c.Style.Underline != uv.UnderlineNone,
		Link:      c.Link.URL,
	}
}

// Screen returns the screen as plain text: one line a row, blanks at the end of
// a row removed, all rows there, also empty ones.
func (t *Terminal) Screen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text()
}

// text is Screen with t.mu held.
func (t *Terminal) text() string {
	rows := make([]string, t.emu.Height())
	var b strings.Builder
	for y := range rows {
		b.Reset()
		writeRow(&b, t.emu, y)
		rows[y] = strings.TrimRight(b.String(), " ")
	}
	return strings.Join(rows, "\n")
}

func writeRow(b *strings.Builder, emu *vt.Emulator, y int) {
	for x := range emu.Width() {
		b.WriteString(emu.CellAt(x, y).Content) // empty where a wide character reaches
	}
}
