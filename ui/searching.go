package ui

import (
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/model/search"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/list"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// searching is the search bar and what was typed into it.
type searching struct {
	open   bool
	input  textinput.Model
	query  search.Query
	err    error // the last text could not be read; query is the one before
	before int64 // contact to come back to when the search is cleared
	jump   bool  // the next result is a new search's: show its best match
}

func newSearching() searching {
	in := textinput.New()
	in.Prompt = ""
	in.SetVirtualCursor(false)
	return searching{input: in}
}

func (m *Model) openSearch() tea.Cmd {
	m.focus = paneList
	if m.search.query.Empty() {
		m.search.before = m.selected
	}
	m.search.open = true
	m.relayout()
	m.search.input.Focus()
	return nil
}

// searchMsg takes keys and pastes while the bar is open. Moving works among
// the results without leaving the bar.
func (m *Model) searchMsg(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if a, ok := m.keys.Find(key.String(), keymap.SearchBar); ok {
			switch a.Name {
			case keymap.SearchKeep:
				m.search.open = false
				m.search.input.Blur()
				return nil
			case keymap.SearchClear:
				return m.clearSearch()
			case keymap.SearchUp:
				return m.moveBy(-1)
			case keymap.SearchDown:
				return m.moveBy(1)
			case keymap.SearchRest:
				return m.goRest()
			}
		}
	}
	before := m.search.input.Value()
	var cmd tea.Cmd
	m.search.input, cmd = m.search.input.Update(msg)
	if m.search.input.Value() == before {
		return cmd
	}
	return tea.Batch(cmd, m.searchTyped())
}

// searchTyped searches for what stands in the bar now.
func (m *Model) searchTyped() tea.Cmd {
	q, err := search.Parse(m.search.input.Value())
	m.search.err = err
	if err != nil {
		return nil // the last good result stays
	}
	m.search.query = q
	m.search.jump = !q.Empty()
	if q.Empty() {
		m.selected = m.search.before
		return tea.Batch(m.recompute(), m.needMore())
	}
	return tea.Batch(m.reshape(), m.needMore())
}

// clearSearch ends the search and comes back to the contact it began at.
func (m *Model) clearSearch() tea.Cmd {
	m.search.open = false
	m.search.input.Reset()
	m.search.input.Blur()
	m.search.query, m.search.err, m.search.jump = search.Query{}, nil, false
	if m.search.before != 0 {
		m.selected = m.search.before
	}
	return tea.Batch(m.recompute(), m.needMore())
}

// goRest loads the rest of the list so that everything is searched.
func (m *Model) goRest() tea.Cmd {
	if c := m.shelf.full(); c != nil {
		c.err = nil
	}
	return m.fetch(chainFull, work.Screen)
}

// searchScope is how much was searched: " in 400 of 1,284", "" when all.
func (m *Model) searchScope() string {
	if m.shelf.complete() {
		return ""
	}
	total := m.shelf.total()
	if total < 0 {
		return " in " + number(m.held()) + " loaded"
	}
	return " in " + number(m.held()) + " of " + number(total)
}

// searchBar is the status line while typing: the text, then the truth about
// what was searched, in as many words as leave room for the text.
func (m *Model) searchBar(w int) string {
	th := m.theme
	right, room := m.searchSays(w)
	left := " " + th.Paint(theme.Accent, "/") + " "
	return spread(left+th.Paint(theme.Input, m.visibleInput(room)), right+" ", w)
}

// searchSays is what stands behind the typed text, and the cells left for that.
func (m *Model) searchSays(w int) (right string, left int) {
	th := m.theme
	typed := plain.Width(plain.Clean(m.search.input.Value()))
	room := w - 6 - min(max(typed+1, 8), max(8, w/2))
	if m.search.err != nil {
		right = th.Paint(theme.Danger, plain.Cut(plain.Clean(m.search.err.Error()), max(room, w/2), th.Glyphs.Ellipsis))
	} else if count, words, ok := m.foundWithin(room); ok {
		right = count + th.Paint(theme.Dim, th.Signs(words))
	}
	return right, max(4, w-ansi.StringWidth(right)-6)
}

// foundWithin says how many were found in how much, and what happens with the
// rest, as fully as fits into w cells.
func (m *Model) foundWithin(w int) (count, words string, ok bool) {
	count = number(m.rows().Len())
	scope, only := m.searchScope(), ""
	if m.search.query.Empty() {
		count, scope = "", strings.Replace(scope, " in ", "searches ", 1)
		if scope == "" {
			scope = many(m.held(), "contact")
		}
	} else {
		if m.shelf.complete() {
			scope = " of " + number(m.held())
		}
		if !m.view.filter.Empty() {
			only = ", only " + plain.Cut(plain.Clean(m.view.filter.Describe()), max(8, m.w/4), m.theme.Glyphs.Ellipsis)
		}
	}
	rest, soon := m.restOffer()
	for _, words = range []string{scope + only + rest + soon, scope + only + rest, scope + rest, scope + only, scope, ""} {
		if plain.Width(count)+plain.Width(words) <= w {
			return count, words, true
		}
	}
	return "", "", false
}

// restOffer says what happens with the part that is not loaded, and how long
// that takes.
func (m *Model) restOffer() (what, soon string) {
	c := m.shelf.full()
	if m.shelf.complete() || c == nil || c.done {
		return "", ""
	}
	if c.ticket.Busy() || m.o.Index && c.err == nil {
		return " · loading the rest", m.restWords()
	}
	return " · " + m.keys.Key(keymap.SearchRest) + " loads the rest", ""
}

// visibleInput is the end of the typed text that fits.
func (m *Model) visibleInput(room int) string {
	text := plain.Clean(m.search.input.Value())
	for plain.Width(text) > room {
		r := []rune(text)
		text = string(r[1:])
	}
	return text
}

// searchCursor is the terminal's own cursor in the bar.
func (m *Model) searchCursor(l layout) *tea.Cursor {
	_, room := m.searchSays(l.w)
	all, visible := plain.Clean(m.search.input.Value()), m.visibleInput(room)
	before := plain.Clean(string([]rune(m.search.input.Value())[:m.search.input.Position()]))
	x := 3 + max(0, plain.Width(before)-(plain.Width(all)-plain.Width(visible)))
	return tea.NewCursor(min(x, max(0, l.w-1)), l.status.y)
}

// highlight says which characters of a drawn cell the search found. Values
// that are not drawn as they are stored are left unmarked.
func (m *Model) highlight(p model.Packed, column string) []int {
	found, ok := search.Match(m.search.query, p)
	if !ok {
		return nil
	}
	if column == list.NameColumn {
		first := p.Get(model.FieldFirstName).String()
		shift := 0
		if first != "" {
			shift = utf8.RuneCountInString(first) + 1
		}
		at := positions(first, found[model.FieldFirstName], 0)
		return append(at, positions(p.Get(model.FieldLastName).String(), found[model.FieldLastName], shift)...)
	}
	f, ok := model.FieldByName(column)
	if !ok || f.Format == model.FormatType || f.Format == model.FormatTime || f.Format == model.FormatBool {
		return nil
	}
	return positions(p.Get(f.ID).String(), found[f.ID], 0)
}

// positions turns spans of bytes into positions of characters.
func positions(raw string, spans []search.Span, shift int) []int {
	if plain.Clean(raw) != raw {
		return nil
	}
	var out []int
	for _, s := range spans {
		from := utf8.RuneCountInString(raw[:s.Start])
		for i := range utf8.RuneCountInString(raw[s.Start:s.End]) {
			out = append(out, shift+from+i)
		}
	}
	return out
}
