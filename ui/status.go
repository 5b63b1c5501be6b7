package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// header is the first line: product, account, plain marks, and what is left of
// the rate limit. Where there is little room the account is shortened first.
func (m *Model) header(w int) string {
	th := m.theme
	product := " " + th.Paint(theme.Strong, "levcontacts")
	marks := m.marksWithin(w)
	right := marks
	who := m.who()
	room := func() int { return w - ansi.StringWidth(product) - ansi.StringWidth(right) - 5 }
	for _, g := range m.gaugeForms() {
		if plain.Width(who)+plain.Width(g)+4 <= room() {
			right += "   " + th.Paint(theme.Dim, g)
			break
		}
	}
	left := product
	if who = plain.Cut(who, room(), th.Glyphs.Ellipsis); plain.Width(who) >= min(4, plain.Width(m.who())) && who != "" {
		left += "   " + who
	}
	return spread(left, right+" ", w)
}

// marksWithin are the plain marks. Where they do not all fit the first go: those
// that change what keys do stay.
func (m *Model) marksWithin(w int) string {
	badges := m.badges()
	draw := func() string {
		var marks []string
		for _, b := range badges {
			marks = append(marks, m.theme.Paint(theme.Badge, " "+b+" "))
		}
		return strings.Join(marks, " ")
	}
	for len(badges) > 1 && ansi.StringWidth(draw()) >= w {
		badges = badges[1:]
	}
	return draw()
}

// who is the profile and the account.
func (m *Model) who() string {
	parts := []string{}
	for _, s := range []string{m.account.Profile, m.account.Name} {
		if s != "" {
			parts = append(parts, plain.Clean(s))
		}
	}
	return strings.Join(parts, " "+m.theme.Glyphs.Dot+" ")
}

func (m *Model) badges() []string {
	var out []string
	if m.account.Demo {
		out = append(out, "DEMO")
	}
	if m.account.ReadOnly != "" {
		out = append(out, "READ-ONLY")
	}
	if m.shelf.offline {
		out = append(out, "OFFLINE")
	}
	if n := m.unsent(); n > 0 {
		out = append(out, many(n, "edit")+" NOT SENT")
	}
	return out
}

// gaugeForms say what is left of the rate limit, the fullest first.
func (m *Model) gaugeForms() []string {
	if m.gauge.Limit == 0 {
		return nil
	}
	left, limit := number(m.gauge.Left), number(m.gauge.Limit)
	short := left + " of " + limit + " left"
	return []string{"list " + short + " this minute", short + " this minute", short, left + "/" + limit + " left"}
}

// spread puts one styled text at the left edge and one at the right, cutting
// the left one when there is no room for both.
func spread(left, right string, w int) string {
	lw, rw := ansi.StringWidth(left), ansi.StringWidth(right)
	if rw >= w {
		return fitStyled(right, w)
	}
	if lw+rw > w {
		left = fitStyled(left, w-rw)
		lw = w - rw
	}
	return left + plain.Blank(w-lw-rw) + right
}

// status is the line that never lies about how much there is.
func (m *Model) status(w int) string {
	if m.search.open {
		return m.searchBar(w)
	}
	th := m.theme
	parts := []string{m.positionWords(), m.loadedWords()}
	if n := len(m.marks.ids); n > 0 {
		parts = append(parts, th.Paint(theme.Accent, number(n)+" marked"))
	}
	if q := strings.TrimSpace(m.search.input.Value()); q != "" {
		parts = append(parts, th.Paint(theme.Accent, "/ "+plain.Clean(q))+th.Paint(theme.Dim, m.searchScope()))
	}
	if !m.view.filter.Empty() {
		parts = append(parts, th.Paint(theme.Accent, "only "+plain.Clean(m.view.filter.Describe())))
	}
	order, caveat := m.sortWords()
	parts = append(append(append(parts, order), m.ageWords()...), caveat)
	return m.joinStatus(nonEmpty(parts), m.doing(), w)
}

// joinStatus puts the parts at the left edge and what is going on at the right.
// Where they do not all fit, what is going on is said more shortly and the last
// parts go; how much is loaded is never cut, and no word is.
func (m *Model) joinStatus(parts []string, d doing, w int) string {
	sep := m.theme.Paint(theme.Dim, " "+m.theme.Glyphs.Dot+" ")
	n := len(parts)
	left := func() string { return " " + strings.Join(parts[:n], sep) }
	for ; n >= min(2, len(parts)); n-- {
		room := w - ansi.StringWidth(left()) - 3
		if form, ok := d.within(room, n > 2); ok {
			return spread(left(), m.theme.Paint(d.role, m.theme.Signs(form))+" ", w)
		}
	}
	n = min(2, len(parts))
	if n == 2 && ansi.StringWidth(left()) > w {
		parts, n = parts[1:], 1 // how much is loaded matters more than where the cursor is
	}
	if n == 1 && ansi.StringWidth(left()) > w {
		parts[0] = strings.TrimSuffix(parts[0], " loaded")
	}
	return spread(left(), "", w)
}

func nonEmpty(in []string) []string {
	out := in[:0]
	for _, s := range in {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// positionWords is "12 of 1,284": the cursor among the rows shown.
func (m *Model) positionWords() string {
	n := m.rows().Len()
	if n == 0 {
		return ""
	}
	return number(m.list.Cursor()+1) + " of " + number(n)
}

// loadedWords is "200 of 1,284 loaded".
func (m *Model) loadedWords() string {
	held, total := m.held(), m.shelf.total()
	extra := ""
	if n := m.apartKept(); n > 0 {
		extra = " + " + number(n) + " not connected"
	}
	switch {
	case !m.shelf.opened && held == 0:
		return ""
	case total < 0 && m.activeChain() != nil && m.activeChain().done:
		return number(held) + " loaded" + extra
	case total < 0:
		return number(held) + " loaded, how many there are is not known" + extra
	case held > total && m.shelf.complete():
		total = held
	}
	return number(held) + " of " + number(total) + " loaded" + extra
}

// sortWords names the order, and what it cannot promise.
func (m *Model) sortWords() (order, caveat string) {
	s, g := m.view.sort, m.theme.Glyphs
	switch {
	case s.IsZero():
		return "", ""
	case m.search.query.Ranked():
		return m.theme.Paint(theme.Accent, "best match first"), ""
	}
	arrow := g.Up
	if s.Desc {
		arrow = g.Down
	}
	order = "by " + inText(s.Field.Def().Label) + " " + arrow
	switch {
	case m.allHeld():
	case m.view.local:
		caveat = m.theme.Paint(theme.Accent, "only what is loaded: the service does not sort by it")
	case m.view.sorted(&m.shelf):
		caveat = m.theme.Paint(theme.Accent, "rows may shift while others edit")
	default:
		caveat = m.theme.Paint(theme.Accent, "only what is loaded")
	}
	return m.theme.Paint(theme.Accent, order), caveat
}

// ageWords says how old the rows are when they are not of this run.
func (m *Model) ageWords() []string {
	if m.shelf.asOf.IsZero() || m.shelf.book.Len() == 0 {
		return nil
	}
	return []string{m.theme.Paint(theme.Attention, "from "+plain.Ago(m.shelf.asOf, m.o.Now()))}
}

// footer shows the keys that work here. Where they do not all fit, those in
// the middle go first: the first, help and the ways out stay.
func (m *Model) footer(w int) string {
	var items []string
	width := 1 - 3 // a blank before the first, three between two
	actions := m.footerActions()
	for _, a := range actions {
		key := m.footerKey(a)
		items = append(items, m.theme.Paint(theme.Key, key)+" "+m.theme.Paint(theme.Dim, m.label(a)))
		width += plain.Width(key) + 1 + plain.Width(m.label(a)) + 3
	}
	drop := func(may func(keymap.Action) bool) {
		for i := len(items) - 1; i > 0 && width > w; i-- {
			if may(actions[i]) {
				width -= ansi.StringWidth(items[i]) + 3
				items, actions = slices.Delete(items, i, i+1), slices.Delete(actions, i, i+1)
			}
		}
	}
	drop(func(a keymap.Action) bool { return !staysInFooter(a) })
	drop(func(keymap.Action) bool { return true })
	return fitStyled(" "+strings.Join(items, "   "), w)
}

func staysInFooter(a keymap.Action) bool {
	switch a.Name {
	case keymap.Help, keymap.Quit, keymap.FieldLeave, keymap.FormLeave, keymap.PreviewBack, keymap.ConflictBack,
		keymap.SearchClear, keymap.MenuClose, keymap.PromptClose:
		return true
	}
	return false
}

// label is what the footer says of an action now, "" for nothing.
func (m *Model) label(a keymap.Action) string {
	e := &m.edit
	switch a.Name {
	case keymap.Help:
		if m.viewer != nil {
			return "" // it closes what is read, as esc does
		}
	case keymap.MenuClose:
		switch {
		case m.menu != nil && m.menu.ID == menuLeave:
			return "keep editing"
		case m.menu != nil && m.menu.ID == menuFacet:
			return "back"
		case m.viewer != nil && m.viewer.Searching():
			return "end search"
		}
	case keymap.MoveDown, keymap.ViewerSearch, keymap.ViewerCopy:
		if m.viewer != nil && m.viewer.Searching() {
			return ""
		}
	case keymap.ViewerDiscard:
		return ""
	case keymap.FieldLeave, keymap.FormLeave:
		switch {
		case e.saving.Ending():
			return ""
		case e.saving.Busy():
			return "stop"
		}
	case keymap.FieldSave, keymap.FormSave, keymap.FormNext:
		if e.saving.Busy() {
			return ""
		}
	case keymap.PreviewJSON:
		if e.preview != nil && e.preview.ShowsJSON() {
			return "show fields"
		}
	case keymap.PreviewBack:
		if e.onlyLooked() {
			return "leave it"
		}
	case keymap.PreviewSave:
		switch {
		case e.undoes != "":
			return "undo it"
		case e.kind == work.DraftCreate:
			return "create"
		case e.kind == work.DraftBulk:
			return "start"
		}
	}
	return a.Label
}

func (m *Model) footerKey(a keymap.Action) string {
	key := keymap.Short(a.Keys[0])
	if a.Name == keymap.MoveDown || a.Name == keymap.SearchDown {
		key = "↑↓"
	}
	if m.theme.Name == "ascii" {
		key = strings.ReplaceAll(key, "↑↓", "j/k")
	}
	return m.theme.Signs(key)
}

// footerActions are the labelled actions of the innermost scope; help and quit
// are never pushed out by the others.
func (m *Model) footerActions() []keymap.Action {
	var out []keymap.Action
	for _, a := range m.keys.In(m.scope()) {
		if m.label(a) != "" && len(a.Keys) > 0 && m.unable(a) == "" {
			out = append(out, a)
		}
	}
	return out
}

// fitStyled cuts a line with styles in it to w cells and fills it with blanks.
func fitStyled(s string, w int) string {
	if ansi.StringWidth(s) > w {
		s = ansi.Truncate(s, w, "") + "\x1b[0m"
	}
	return s + plain.Blank(w-ansi.StringWidth(s))
}
