package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/detail"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/list"
	"levcontacts/ui/widget/theme"
)

// onSize takes the size of the terminal; one that says 0x0 counts as 80x24.
func (m *Model) onSize(w, h int) tea.Cmd {
	if w <= 0 || h <= 0 {
		w, h = 80, 24
	}
	m.resize(w, h)
	return m.needMore()
}

func (m *Model) resize(w, h int) {
	m.w, m.h = w, h
	m.relayout()
}

// layout is where everything is now.
func (m *Model) layout() layout {
	return arrange(m.w, m.h, m.focus == paneDetail, len(m.toastLines(m.w)))
}

// relayout gives every part its place; it is called when something that
// decides about places has changed.
func (m *Model) relayout() {
	l := m.layout()
	m.list.SetSize(l.list.w, l.list.h)
	m.detail.SetSize(l.detail.w, l.detail.h)
	m.edit.resize(l.body.w, l.body.h)
}

func (m *Model) setTheme(t theme.Theme) {
	m.theme = t
	m.edit.setTheme(t)
}

// View draws the screen.
func (m *Model) View() tea.View {
	l := m.layout()
	lines := make([]string, m.h)
	put := func(r rect, rows []string) {
		for i, s := range rows {
			if i < r.h && r.y+i < m.h {
				lines[r.y+i] = s
			}
		}
	}
	put(l.header, []string{m.header(l.w)})
	var cursor *tea.Cursor
	if body, cur, ok := m.edit.body(m, l.body); ok {
		put(l.body, body)
		cursor = cur
	} else {
		put(l.body, m.panes(l))
		cursor = m.inlineCursor(l)
	}
	put(l.message, m.toastLines(l.w))
	put(l.status, []string{m.status(l.w)})
	put(l.footer, []string{m.footer(l.w)})
	if m.search.open {
		cursor = m.searchCursor(l)
	}
	for i, s := range lines {
		if s == "" {
			lines[i] = plain.Blank(m.w)
		}
	}
	if c, over := m.overlays(lines, l); over {
		cursor = c
	}
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	if !m.noMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.WindowTitle = m.windowTitle()
	v.Cursor = cursor
	return v
}

func (m *Model) windowTitle() string {
	if p := plain.Clean(m.account.Profile); p != "" {
		return "levcontacts " + p
	}
	return "levcontacts"
}

// panes draws list and detail, each exactly in its place.
func (m *Model) panes(l layout) []string {
	rows := m.list.View(m.rows(), m.theme, m.listLook())
	about := m.detail.View(m.theme, m.detailLook())
	switch {
	case !l.bothPanes() && l.detail.w > 0:
		return about
	case !l.bothPanes():
		return rows
	case l.beside():
		out := make([]string, l.body.h)
		rule := m.theme.Paint(theme.Rule, m.theme.Glyphs.Rule)
		for i := range out {
			out[i] = rows[i] + rule + about[i]
		}
		return out
	default:
		out := append([]string{}, rows...)
		out = append(out, m.theme.Paint(theme.Rule, strings.Repeat(m.theme.Glyphs.RuleH, l.rule.w)))
		return append(out, about...)
	}
}

func (m *Model) listLook() list.Look {
	look := list.Look{
		Focused: m.focus == paneList && !m.edit.active(),
		Stale:   !m.shelf.asOf.IsZero(),
		Sort:    m.view.sort,
		Empty:   m.emptyWords(),
	}
	if m.search.query.Ranked() {
		look.Sort = model.Sort{} // the best match comes first, whatever was chosen
	}
	if len(m.marks.ids) > 0 {
		look.Marked = func(id int64) bool { return m.marks.ids[id] }
	}
	if len(m.drafts) > 0 {
		look.Drafted = func(id int64) bool { _, ok := m.drafts[id]; return ok }
	}
	if !m.search.query.Empty() {
		look.Highlight = m.highlight
	}
	return look
}

func (m *Model) detailLook() detail.Look {
	look := detail.Look{Focused: m.focus == paneDetail || m.edit.inline != nil}
	if d, ok := m.drafts[m.selected]; ok && !m.edit.active() {
		look.Note = m.draftNote(d)
	}
	if !m.shelf.asOf.IsZero() && m.shelf.offline {
		look.Age = "as of " + plain.Ago(m.shelf.asOf, m.o.Now())
	}
	if m.edit.inline != nil {
		look.Editor = m.edit.inline
	}
	return look
}

// emptyWords is the sentence for a list without rows, and its next key.
func (m *Model) emptyWords() []string {
	c := m.activeChain()
	switch {
	case c != nil && c.err != nil:
		words := append([]string{plainly(c.err)}, wrapWhole(technical(c.err), technical(c.err), m.list.TextWidth())...)
		return append(nonEmpty(words), m.keys.Key(keymap.Refresh)+" tries again")
	case !m.shelf.opened || (c == nil || !c.begun) && !m.shelf.complete() || m.view.ticket.Busy():
		words := []string{"Loading contacts" + m.theme.Glyphs.Ellipsis}
		if m.trouble != "" {
			long, _ := m.troubleWords()
			words = append(words, capital(long)+", trying again"+m.theme.Glyphs.Ellipsis)
		}
		return words
	case !m.search.query.Empty():
		return []string{"Nothing matches " + plain.Clean(m.search.input.Value()) + m.searchScope(), "esc clears the search"}
	case !m.view.filter.Empty():
		return []string{"No contact is " + m.view.filter.Describe() + m.searchScope(), m.keys.Key("list.filter") + " changes the filter"}
	default:
		return []string{"There are no contacts in this account yet.", m.keys.Key("contact.new") + " creates the first one."}
	}
}

// overlay lays a box over the screen: dim rule around it, the rest untouched.
func (m *Model) overlay(lines []string, box []string, x, y, w int) {
	for i, s := range box {
		if y+i < 0 || y+i >= len(lines) {
			continue
		}
		base := lines[y+i]
		right := ansi.Cut(base, x+w, m.w)
		pad := plain.Blank(m.w - x - w - ansi.StringWidth(right)) // a wide character was cut in two
		lines[y+i] = fitStyled(fitStyled(ansi.Cut(base, 0, x), x)+"\x1b[0m"+s+"\x1b[0m"+pad+right, m.w)
	}
}

// frame puts a box around lines of w cells.
func (m *Model) frame(rows []string, w int) []string {
	tl, tr, bl, br, h, v := "╭", "╮", "╰", "╯", "─", "│"
	if m.theme.Name == "ascii" {
		tl, tr, bl, br, h, v = "+", "+", "+", "+", "-", "|"
	}
	paint := func(s string) string { return m.theme.Paint(theme.Rule, s) }
	out := []string{paint(tl + strings.Repeat(h, w) + tr)}
	for _, r := range rows {
		out = append(out, paint(v)+r+paint(v))
	}
	return append(out, paint(bl+strings.Repeat(h, w)+br))
}

// overlays draws what lies over the screen and says where its cursor is.
func (m *Model) overlays(lines []string, l layout) (*tea.Cursor, bool) {
	inner := func(want int) int { return max(10, min(want, l.w-4)) }
	switch {
	case m.confirm != nil:
		w := inner(58)
		m.place(lines, m.confirm.view(w, max(1, l.h-3), m.theme, m.keys), w)
		return nil, true
	case m.prompt != nil:
		w := inner(66)
		rows, at := m.prompt.view(w, max(1, l.h-3), m.theme, m.tryingKey())
		x, y := m.place(lines, rows, w)
		return tea.NewCursor(x+1+m.prompt.cursorX(w), y+1+at), true
	case m.menu != nil:
		w := inner(62)
		rows := m.menu.View(w, max(1, l.h-4), m.theme)
		x, y := m.place(lines, rows, w)
		if cx, cy, ok := m.menu.Cursor(); ok {
			return tea.NewCursor(x+1+cx, y+1+cy), true
		}
		return nil, true
	case m.viewer != nil:
		w := max(1, l.w-2)
		rows := m.viewer.View(w, max(1, l.h-3), m.theme)
		x, y := m.place(lines, rows, w)
		if cx, cy, ok := m.viewer.Cursor(); ok {
			return tea.NewCursor(x+1+cx, y+1+cy), true
		}
		return nil, true
	}
	return nil, false
}

// place centres a framed box above the footer and says where it begins.
func (m *Model) place(lines, rows []string, w int) (x, y int) {
	box := m.frame(rows, w)
	x = max(0, (m.w-w-2)/2)
	y = max(0, (m.h-1-len(box))/2)
	m.overlay(lines, box, x, y, w+2)
	return x, y
}

// boxAt is the place of the open menu, for the mouse.
func (m *Model) boxAt(rows, w int) (x, y int) {
	return max(0, (m.w-w-2)/2) + 1, max(0, (m.h-3-rows)/2) + 1
}

func nameOf(c model.Contact) string { return plain.Clean(c.Name()) }
