package browse

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/input"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/list"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// searchLimit is how many characters a search may have.
const searchLimit = 1000

// searching is the search bar and what was typed into it.
type searching struct {
	open   bool
	input  *input.Model
	err    error // the text cannot be read; the query before it stands
	before int64 // contact to come back to when the search is given up
	chosen bool  // the user went to another of its hits
}

func (m *Model) openSearch() {
	if m.query().Empty() {
		m.search.before = m.selected
	}
	m.search.open = true
	m.focusOn(paneList)
}

func (m *Model) keepSearch() { m.search.open = false }

// typed takes keys and pastes while the bar is open.
func (m *Model) typed(msg tea.Msg) tea.Cmd {
	before := m.search.input.Value()
	cmd := m.search.input.Update(msg)
	after := m.search.input.Value()
	key, isKey := msg.(tea.KeyPressMsg)
	full := isKey && key.Text != "" && after == before && utf8.RuneCountInString(after) >= searchLimit
	if full || m.search.input.Cut() {
		m.say(screen.Note, "a search has at most "+text.Number(searchLimit)+" characters; the rest is left out")
	}
	if after == before {
		return cmd
	}
	return tea.Batch(cmd, m.searchTyped())
}

// searchTyped searches for what stands in the bar now.
func (m *Model) searchTyped() tea.Cmd {
	q, err := m.parser().Parse(m.search.input.Value())
	m.search.err, m.search.chosen = err, false
	if err != nil {
		return nil // the last good result stays
	}
	if q.Empty() {
		return m.showAll()
	}
	m.land = landing{top: true}
	return m.take(m.contacts.Search(q))
}

// clearSearch ends the search. One that is given up while it is typed comes
// back to the contact it began at; one that was kept, or in which the user chose a
// contact, has found it.
func (m *Model) clearSearch() tea.Cmd {
	if (!m.search.open || m.search.chosen) && m.hasSelected() {
		m.search.before = m.selected
	}
	m.keepSearch()
	m.search.input.SetValue("")
	m.search.err = nil
	return m.showAll()
}

func (m *Model) showAll() tea.Cmd {
	m.land = landing{back: m.search.before}
	return m.take(m.contacts.Search(search.Query{}))
}

// searched is how much was searched: " in 400 of 1,284", "" when all.
func (m *Model) searched() string {
	if m.contacts.Complete() {
		return ""
	}
	held, total := text.Number(m.contacts.Held()), m.contacts.Total()
	if total < 0 {
		return " in " + held + " loaded"
	}
	return " in " + held + " of " + text.Number(total)
}

// searchBar is the status line while typing: the text, then the truth about
// what was searched, in as many words as leave room for the text.
func (m *Model) searchBar(w int) string {
	right, room := m.searchSays(w)
	left := " " + m.theme.Paint(theme.Accent, "/") + " "
	return text.Spread(left+m.search.input.View(room, m.theme), right+" ", w)
}

// StatusCursor is the terminal's cursor in the search bar, relative to the
// status line as drawn last; nil when the bar is closed.
func (m *Model) StatusCursor(w int) *tea.Cursor {
	if !m.search.open {
		return nil
	}
	c := m.search.input.Cursor(3, 0)
	c.X = min(c.X, max(0, w-1))
	return c
}

// searchSays is what stands behind the typed text, and the cells left for that.
func (m *Model) searchSays(w int) (right string, left int) {
	th := m.theme
	typed := plain.Width(plain.Clean(m.search.input.Value()))
	room := w - 6 - min(max(typed+1, 8), max(8, w/2))
	if m.search.err != nil {
		right = th.Paint(theme.Danger, plain.Cut(plain.Clean(m.search.err.Error()), max(room, w/2), th.Glyphs.Ellipsis))
	} else if hint := m.hint(); hint != "" {
		count := text.Number(m.contacts.Rows().Direct()) + " · "
		hint = plain.Cut(hint, max(room, w/2)-plain.Width(count), th.Glyphs.Ellipsis)
		right = th.Signs(count) + th.Paint(theme.Attention, hint)
	} else if count, words, ok := m.foundWithin(room, w); ok {
		right = count + th.Paint(theme.Dim, th.Signs(words))
	}
	return right, max(4, w-plain.Width(right)-6)
}

// foundWithin says how many were found in how much, and what happens with the
// rest, as fully as fits into room cells of a line of w.
func (m *Model) foundWithin(room, w int) (count, words string, ok bool) {
	count = text.Number(m.contacts.Rows().Direct())
	scope, only := m.searched(), ""
	if m.query().Empty() {
		words, ok = m.looksAt(room)
		return "", words, ok
	}
	if m.contacts.Complete() {
		scope = " of " + text.Number(m.contacts.Held())
	}
	if !m.contacts.FilterBy().Empty() {
		only = ", " + plain.Cut(m.filterWords(), max(13, w/4+5), m.theme.Glyphs.Ellipsis)
	}
	scope += m.notesHeld()
	rest, soon := m.restOffer()
	for _, words = range []string{scope + only + rest + soon, scope + only + rest, scope + rest, scope + only, scope, ""} {
		if plain.Width(count)+plain.Width(words) <= room {
			return count, words, true
		}
	}
	return "", "", false
}

// looksAt says what a search looks at, before anything is typed.
func (m *Model) looksAt(room int) (words string, ok bool) {
	scope := strings.Replace(m.searched(), " in ", "searches ", 1)
	if scope == "" {
		scope = text.Plural(m.contacts.Held(), "contact")
	}
	rest, soon := m.restOffer()
	for _, words = range []string{
		search.LooksAt + " · " + scope + rest + soon, search.LooksAt + " · " + scope + rest,
		"all text · " + scope + rest + soon, "all text · " + scope + rest, "all text · " + scope, scope + rest, scope,
	} {
		if plain.Width(words) <= room {
			return words, true
		}
	}
	return "", false
}

// hint is advice about what is typed, "" for none.
func (m *Model) hint() string {
	if hints := m.query().Hints(); len(hints) > 0 {
		return plain.Clean(hints[0].Text)
	}
	return ""
}

// similarWords are what the rule above the similar contacts says.
func (m *Model) similarWords() string {
	rows := m.contacts.Rows()
	words := text.Number(rows.Len()-rows.Direct()) + " similar"
	if rows.Direct() == 0 {
		words = "nothing matches · " + words
	}
	return words
}

// restOffer says what happens with the part that is not loaded, and how long
// that takes.
func (m *Model) restOffer() (what, soon string) {
	switch m.contacts.Rest() {
	case contacts.RestComing:
		return " · loading the rest", m.restWords()
	case contacts.RestOnRequest:
		return " · " + m.o.Keys.Key(keymap.SearchRest) + " loads the rest", ""
	}
	return "", ""
}

// highlight says which characters of a drawn cell the search found. Values
// that are not drawn as they are stored are left unmarked.
func (m *Model) highlight(p model.Packed, column string) []int {
	found := m.contacts.Match(p)
	if len(found) == 0 {
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
	if !ok || f.Later || f.Format == model.FormatType || f.Format == model.FormatTime || f.Format == model.FormatBool {
		return nil
	}
	return positions(p.Get(f.ID).String(), found[f.ID], 0)
}

// positions turns spans of bytes into positions of characters.
func positions(raw string, spans []search.Span, shift int) []int {
	if len(raw) > mostHighlighted || plain.Clean(raw) != raw {
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

// mostHighlighted is how many bytes a value may have whose hits are marked.
const mostHighlighted = 4096
