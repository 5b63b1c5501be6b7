package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/ansi"

	"levcontacts/internal/plain"
	"levcontacts/ui/keymap"
	"levcontacts/ui/theme"
	"levcontacts/work"
)

// spinnerAfter is how long something may take before the status line moves.
const spinnerAfter = 300 * time.Millisecond

// header is the first line: product, account, plain marks, and what is left of
// the rate limit.
func (m *Model) header(w int) string {
	th := m.theme
	left := " " + th.Paint(theme.Strong, "levcontacts")
	if who := m.who(); who != "" {
		left += "   " + plain.Cut(who, max(0, w-16), th.Glyphs.Ellipsis)
	}
	var marks []string
	for _, b := range m.badges() {
		marks = append(marks, th.Paint(theme.Badge, " "+b+" "))
	}
	right := strings.Join(marks, " ")
	if g := m.gaugeWords(); g != "" && ansi.StringWidth(left)+ansi.StringWidth(right)+len(g)+6 <= w {
		right += "   " + th.Paint(theme.Dim, g)
	}
	return spread(left, right+" ", w)
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

func (m *Model) gaugeWords() string {
	if m.gauge.Limit == 0 {
		return ""
	}
	return "list " + number(m.gauge.Left) + " of " + number(m.gauge.Limit) + " left this minute"
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
	return m.joinStatus(nonEmpty(parts), m.doingWords(), w)
}

// joinStatus puts the parts at the left edge and what is going on at the right.
// Where they do not all fit the last parts go first; how much is loaded is
// never cut, so what is going on gives way to it.
func (m *Model) joinStatus(parts []string, doing string, w int) string {
	sep := m.theme.Paint(theme.Dim, " "+m.theme.Glyphs.Dot+" ")
	n := len(parts)
	left := func() string { return " " + strings.Join(parts[:n], sep) }
	for n > 2 && ansi.StringWidth(left())+ansi.StringWidth(doing)+2 > w {
		n--
	}
	if room := w - ansi.StringWidth(left()) - 2; ansi.StringWidth(doing) > room {
		doing = ansi.Truncate(doing, max(0, room), m.theme.Glyphs.Ellipsis)
	}
	return spread(left(), doing+" ", w)
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
	if s.IsZero() {
		return "", ""
	}
	arrow := g.Up
	if s.Desc {
		arrow = g.Down
	}
	order = "by " + strings.ToLower(s.Field.Def().Label) + " " + arrow
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
	return []string{m.theme.Paint(theme.Attention, "from "+ago(m.shelf.asOf, m.o.Now()))}
}

// doingWords is what is going on: loading, waiting for the rate limit, offline.
func (m *Model) doingWords() string {
	th, now := m.theme, m.o.Now()
	loading, since := m.underWay()
	switch {
	case !m.shelf.retryAt.IsZero() && m.shelf.offline:
		words := "offline, trying again in " + lasting(m.shelf.retryAt.Sub(now))
		if m.scope() == keymap.List || m.scope() == keymap.Detail {
			words += " · " + m.keys.Key(keymap.Refresh) + " now"
		}
		return th.Paint(theme.Attention, words)
	case !m.shelf.retryAt.IsZero():
		return th.Paint(theme.Attention, "the service is asking us to slow down · "+lasting(m.shelf.retryAt.Sub(now)))
	case loading && m.gauge.Until.After(now) && m.gauge.Frozen:
		return th.Paint(theme.Attention, "the service is asking us to slow down · "+lasting(m.gauge.Until.Sub(now))+m.escStops())
	case loading && m.gauge.Until.After(now):
		return th.Paint(theme.Dim, "waiting for the rate limit · "+lasting(m.gauge.Until.Sub(now))+m.escStops())
	case m.runWords() != "":
		return th.Paint(theme.Accent, m.runWords()+" · "+m.keys.Key(keymap.Runs)+" stops it")
	case m.goingEnd:
		return th.Paint(theme.Accent, "loading to the end"+m.restWords()+m.escStops())
	case loading && now.Sub(since) >= spinnerAfter:
		frames := []rune(th.Glyphs.Spinner)
		frame := frames[int(now.Sub(since)/(120*time.Millisecond))%len(frames)]
		return th.Paint(theme.Dim, string(frame)+" loading")
	}
	return ""
}

func (m *Model) escStops() string { return " · esc stops" }

// restWords is how long the rest takes at this account's limits.
func (m *Model) restWords() string {
	left := m.shelf.total() - m.held()
	if left <= 0 {
		return ""
	}
	d := m.o.Backend.Estimate((left+m.pageLimit()-1)/m.pageLimit(), work.Screen)
	if d < 2*time.Second {
		return ""
	}
	return ", about " + lasting(d)
}

// underWay says that rows are being asked for, and since when.
func (m *Model) underWay() (bool, time.Time) {
	for _, c := range m.shelf.chains {
		if c != nil && c.ticket.Busy() {
			return true, c.ticket.Since()
		}
	}
	if m.shelf.contact.Busy() {
		return true, m.shelf.contact.Since()
	}
	return false, time.Time{}
}

// keepTicking runs the clock of the status line while it shows seconds, and
// waits for the person to be idle; otherwise nothing repaints.
func (m *Model) keepTicking() tea.Cmd {
	if m.ticking {
		return nil
	}
	now := m.o.Now()
	loading, since := m.underWay()
	var wait time.Duration
	switch {
	case loading && now.Sub(since) < spinnerAfter:
		wait = spinnerAfter
	case loading && !m.gauge.Until.After(now):
		wait = 120 * time.Millisecond
	case loading || !m.shelf.retryAt.IsZero() || m.bulk.ticket.Busy():
		wait = time.Second
	case m.o.Index && m.shelf.full() != nil && !m.shelf.full().done && m.shelf.full().err == nil:
		wait = max(time.Second, idleBefore-now.Sub(m.touched))
	default:
		return nil
	}
	m.ticking = true
	return m.o.After(wait, tickMsg{})
}

func (m *Model) onTick() tea.Cmd {
	m.ticking = false
	m.gauge = m.o.Backend.Gauge()
	return m.needMore()
}

// footer shows the keys that work here. Where they do not all fit, those in
// the middle go first: how to move, help and quit stay.
func (m *Model) footer(w int) string {
	var items []string
	width := 0
	actions := m.footerActions()
	for _, a := range actions {
		key := m.footerKey(a)
		items = append(items, m.theme.Paint(theme.Key, key)+" "+m.theme.Paint(theme.Dim, a.Label))
		width += plain.Width(key) + 1 + plain.Width(a.Label) + 3
	}
	for i := len(items) - 1; i > 0 && width > w; i-- {
		if n := actions[i].Name; n == keymap.Help || n == keymap.Quit {
			continue
		}
		width -= ansi.StringWidth(items[i]) + 3
		items = append(items[:i], items[i+1:]...)
	}
	return fitStyled(" "+strings.Join(items, "   "), w)
}

func (m *Model) footerKey(a keymap.Action) string {
	key := keymap.Short(a.Keys[0])
	if a.Name == keymap.MoveDown || a.Name == keymap.SearchDown {
		key = "↑↓"
	}
	if m.theme.Name == "ascii" {
		key = strings.NewReplacer("↑↓", "j/k", "↑", "up", "↓", "down", "←", "left", "→", "right").Replace(key)
	}
	return key
}

// footerActions are the labelled actions of the innermost scope; help and quit
// are never pushed out by the others.
func (m *Model) footerActions() []keymap.Action {
	var out []keymap.Action
	for _, a := range m.keys.In(m.scope()) {
		if a.Label != "" && len(a.Keys) > 0 && m.unable(a) == "" {
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
