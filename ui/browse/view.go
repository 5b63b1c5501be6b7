package browse

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/detail"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/list"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Look is what browsing cannot know when it draws.
type Look struct {
	// Editor is the field that is edited in place, nil for none.
	Editor detail.Editor
	// EditorCursor is where its cursor is after it was drawn, relative to its
	// first cell; nil hides it.
	EditorCursor func() *tea.Cursor
}

// View draws list and details, exactly in their place.
func (m *Model) View(look Look) screen.Frame {
	l := m.layout()
	rows := m.list.View(m.contacts.Rows(), m.theme, m.listLook(look))
	about := m.detail.View(m.theme, m.detailLook(look))
	f := screen.Frame{Cursor: m.editorCursor(l, look)}
	if look.Editor == nil {
		f.Cursor = m.rowCursor(l, look)
	}
	switch {
	case !l.both() && l.detail.W > 0:
		f.Lines = about
	case !l.both():
		f.Lines = rows
	case l.beside:
		rule := m.theme.Paint(theme.Rule, m.theme.Glyphs.Rule)
		f.Lines = make([]string, m.body.H)
		for i := range f.Lines {
			f.Lines[i] = rows[i] + rule + about[i]
		}
	default:
		rule := m.theme.Paint(theme.Rule, strings.Repeat(m.theme.Glyphs.RuleH, l.rule.W))
		f.Lines = append(append(append(f.Lines, rows...), rule), about...)
	}
	return f
}

// rowCursor is the terminal's cursor on the selected row, where a screen reader
// and a magnifier follow it; nil when there is no row.
func (m *Model) rowCursor(l layout, look Look) *tea.Cursor {
	x, y := l.list.X, l.list.Y+m.list.CursorLine()
	switch {
	case m.contacts.Rows().Len() == 0:
		return nil
	case m.focus == paneDetail && l.detail.W > 0:
		_, line := m.detail.EditorAt(m.theme, m.detailLook(look))
		x, y = l.detail.X, l.detail.Y+line
	case l.list.W <= 0:
		return nil
	}
	return tea.NewCursor(x-m.body.X, y-m.body.Y)
}

// editorCursor is the terminal's cursor in the field edited in place.
func (m *Model) editorCursor(l layout, look Look) *tea.Cursor {
	if look.Editor == nil || look.EditorCursor == nil || l.detail.W <= 0 {
		return nil
	}
	c := look.EditorCursor()
	if c == nil {
		return nil
	}
	x, y := m.detail.EditorAt(m.theme, m.detailLook(look))
	moved := *c
	moved.X += l.detail.X - m.body.X + x
	moved.Y += l.detail.Y - m.body.Y + y
	return &moved
}

func (m *Model) listLook(l Look) list.Look {
	look := list.Look{
		Focused: m.focus == paneList && l.Editor == nil,
		Stale:   !m.contacts.AsOf().IsZero(),
		Sort:    m.contacts.SortBy(),
		Empty:   m.emptyWords(),
		Rule:    m.similarWords(),

		Companies: m.companies,
	}
	if m.contacts.Ranked() {
		look.Sort = model.Sort{} // the best match comes first, whatever was chosen
	}
	if len(m.marks) > 0 {
		look.Marked = func(id int64) bool { return m.marks[id] }
	}
	if len(m.drafts) > 0 {
		look.Drafted = func(id int64) bool { _, ok := m.drafts[id]; return ok }
	}
	if len(m.changed) > 0 {
		look.Changed = func(id int64) bool { return m.changed[id] }
	}
	if !m.query().Empty() {
		look.Highlight = m.highlight
	}
	return look
}

func (m *Model) detailLook(l Look) detail.Look {
	look := detail.Look{Focused: m.focus == paneDetail || l.Editor != nil, Editor: l.Editor}
	if l.Editor == nil {
		look.Note = m.drafts[m.selected]
	}
	if asOf := m.contacts.AsOf(); !asOf.IsZero() && m.contacts.Offline() {
		look.Age = "as of " + plain.Ago(asOf, m.o.Now())
	}
	return look
}

// emptyWords is the sentence for a list without rows, and its next key.
func (m *Model) emptyWords() []string {
	key := m.o.Keys.Key
	switch err := m.contacts.Err(); {
	case err != nil:
		trace := text.Trace(err)
		words := append([]string{text.Error(err)}, text.WrapWhole(trace, trace, m.list.TextWidth())...)
		return append(text.NonEmpty(words), key(keymap.Refresh)+" tries again")
	case m.contacts.Awaited():
		words := []string{"Loading contacts" + m.theme.Glyphs.Ellipsis}
		if m.contacts.Trouble() != "" {
			long, _ := m.troubleWords()
			words = append(words, text.Capital(long)+" · retrying"+m.theme.Glyphs.Ellipsis)
		}
		return words
	case !m.query().Empty():
		words := []string{"Nothing matches " + plain.Clean(m.search.input.Value()) + m.searched(), m.lackingSearched()}
		return append(text.NonEmpty(words), "esc clears the search")
	case !m.contacts.FilterBy().Empty():
		words := "No contact is " + m.contacts.FilterBy().Describe() + m.searched()
		return []string{words, key(keymap.FilterMenu) + " changes the filter"}
	default:
		return []string{"There are no contacts in this account yet.", key(keymap.ContactNew) + " creates the first one."}
	}
}
