package menu

import (
	"cmp"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Width is the width a menu would like to have.
func (m *Menu) Width() int { return cmp.Or(m.o.Width, 62) }

// View draws the menu. Where there is little room the choices stay longest.
func (m *Menu) View(w, h int, th theme.Theme) screen.Frame {
	var f screen.Frame
	room := max(1, h-1)
	fits := func(n, least int) bool {
		if room-n < least {
			return false
		}
		room -= n
		return true
	}
	typed := m.input != nil && fits(1, 1)
	title := fits(1, 1)
	gap := fits(1, 3)
	foot := m.o.Foot != "" && fits(2, 3)
	if title {
		f.Lines = append(f.Lines, m.titleLine(w, room, th))
	}
	if typed {
		f.Lines = append(f.Lines, "  "+th.Paint(theme.Accent, "> ")+m.input.View(w-4, th))
		f.Cursor = m.input.Cursor(4, len(f.Lines)-1)
	}
	if gap {
		f.Lines = append(f.Lines, plain.Blank(w))
	}
	m.head = len(f.Lines)
	m.follow(room)
	if !typed && len(m.shown) > 0 {
		f.Cursor = tea.NewCursor(1, m.head+m.cursor-m.offset) // a screen reader follows it
	}
	for i := m.offset; i < len(m.shown) && i < m.offset+room; i++ {
		f.Lines = append(f.Lines, m.line(m.items[m.shown[i]], i == m.cursor, w, th))
	}
	if len(m.shown) == 0 {
		f.Lines = append(f.Lines, th.Paint(theme.Dim, plain.Fit("   nothing matches", w, "")))
	}
	if foot {
		f.Lines = append(f.Lines, plain.Blank(w),
			th.Paint(theme.Dim, plain.Fit(" "+th.Signs(m.o.Foot), w, th.Glyphs.Ellipsis)))
	}
	return f
}

// follow scrolls so that the cursor is on the screen.
func (m *Menu) follow(room int) {
	if m.cursor < m.offset {
		m.offset = m.cursor
	}
	if m.cursor >= m.offset+room {
		m.offset = m.cursor - room + 1
	}
	if m.offset == 1 && m.cursor == 1 && room > 1 {
		m.offset = 0
	}
	m.offset = max(0, min(m.offset, len(m.shown)-room))
}

// titleLine says also where the cursor is when not every choice is shown.
func (m *Menu) titleLine(w, room int, th theme.Theme) string {
	where := ""
	if len(m.shown) > room {
		where = fmt.Sprintf(" %d of %d ", m.cursor+1, len(m.shown))
	}
	if plain.Width(where) > w/2 {
		where = ""
	}
	title := plain.Fit(m.o.Title, w-1-plain.Width(where), th.Glyphs.Ellipsis)
	return " " + th.Paint(theme.Strong, title) + th.Paint(theme.Dim, where)
}

func (m *Menu) line(it Item, here bool, w int, th theme.Theme) string {
	if it.Heading {
		return th.Paint(theme.Heading, plain.Fit(" "+it.Text, w, th.Glyphs.Ellipsis))
	}
	sign, check := " ", "  "
	if here {
		sign = th.Glyphs.Cursor
	}
	if it.Checked {
		check = th.Glyphs.Mark + " "
	}
	key := plain.Fit(it.Key, 2, "")
	if !slices.ContainsFunc(m.items, func(it Item) bool { return it.Key != "" }) {
		key = ""
	}
	detail := it.Detail
	if it.Off != "" {
		detail = it.Off
	}
	detail = th.Signs(detail)
	left := " " + sign + key + check + it.Text
	dw := min(plain.Width(detail), max(0, w-plain.Width(left)-3))
	left = plain.Fit(left, w-dw-1, th.Glyphs.Ellipsis)
	detail = plain.Cut(detail, dw, th.Glyphs.Ellipsis)
	pad := plain.Blank(w - plain.Width(left) - plain.Width(detail))
	switch {
	case here:
		return th.Paint(theme.Selected, left+detail+pad)
	case it.Off != "":
		return th.Paint(theme.Dim, left+detail+pad)
	default:
		return left + th.Paint(theme.Dim, detail) + pad
	}
}
