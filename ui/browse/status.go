package browse

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Status is the line that never lies about how much there is, with what goes on
// at its right end; or the search bar.
func (m *Model) Status(w int, a screen.Activity) string {
	if m.search.open {
		return m.searchBar(w)
	}
	th := m.theme
	parts := []string{m.positionWords(), m.loadedWords()}
	if n := len(m.marks); n > 0 {
		parts = append(parts, th.Paint(theme.Accent, text.Number(n)+" marked"))
	}
	if q := strings.TrimSpace(m.search.input.Value()); q != "" {
		parts = append(parts, th.Paint(theme.Accent, "/ "+plain.Clean(q))+th.Paint(theme.Dim, m.searched()))
	}
	if words := m.filterWords(); words != "" {
		parts = append(parts, th.Paint(theme.Accent, words))
	}
	order, caveat := m.sortWords()
	age, checked := m.ageWords()
	parts = text.NonEmpty(append(parts, order, age, caveat))
	if whole := append(slices.Clone(parts), checked); checked != "" && m.fits(whole, a, w) {
		parts = whole
	}
	return m.joinStatus(parts, a, w)
}

// fits reports that the parts leave room for all that is to be said of what
// goes on.
func (m *Model) fits(parts []string, a screen.Activity, w int) bool {
	room := w - 2 - plain.Width(strings.Join(parts, " "+m.theme.Glyphs.Dot+" "))
	if len(a.Forms) > 0 {
		room -= plain.Width(a.Forms[0]) + 3
	}
	return room >= 0
}

// joinStatus puts the parts at the left edge and what goes on at the right.
// Where they do not all fit, what goes on is said more shortly and the last
// parts go; how much is loaded is never cut, and no word is.
func (m *Model) joinStatus(parts []string, a screen.Activity, w int) string {
	sep := m.theme.Paint(theme.Dim, " "+m.theme.Glyphs.Dot+" ")
	n := len(parts)
	left := func() string { return " " + strings.Join(parts[:n], sep) }
	for ; n >= min(2, len(parts)); n-- {
		room := w - plain.Width(left()) - 3
		if form, ok := within(a.Forms, room, n > 2); ok {
			return text.Spread(left(), m.theme.Paint(a.Role, m.theme.Signs(form))+" ", w)
		}
	}
	n = min(2, len(parts))
	if n == 2 && plain.Width(left()) > w {
		parts, n = parts[1:], 1 // how much is loaded matters more than where the cursor is
	}
	if n == 1 && plain.Width(left()) > w {
		parts[0] = strings.TrimSuffix(parts[0], " loaded")
	}
	return text.Spread(left(), "", w)
}

// within is the fullest form that fits into w cells. With good the shortest one
// does not count, unless it is the only one.
func within(forms []string, w int, good bool) (string, bool) {
	none := len(forms) == 0
	if good && len(forms) > 1 {
		forms = forms[:len(forms)-1]
	}
	for _, f := range forms {
		if plain.Width(f) <= w {
			return f, true
		}
	}
	return "", none && w >= -2
}

// positionWords is "12 of 1,284": the cursor among the rows shown.
func (m *Model) positionWords() string {
	rows := m.contacts.Rows()
	n := rows.Direct()
	switch {
	case rows.Len() == 0:
		return ""
	case m.onSimilar():
		return "similar " + text.Number(m.list.Cursor()-n+1) + " of " + text.Number(rows.Len()-n)
	}
	return text.Number(m.list.Cursor()+1) + " of " + text.Number(n)
}

// loadedWords is "200 of 1,284 loaded".
func (m *Model) loadedWords() string {
	held, total := m.contacts.Held(), m.contacts.Total()
	extra := ""
	if n := m.contacts.Extra(); n > 0 {
		extra = " + " + text.Number(n) + " not connected"
	}
	switch {
	case !m.contacts.Opened() && held == 0:
		return ""
	case total < 0 && m.contacts.Ended():
		return text.Number(held) + " loaded" + extra
	case total < 0:
		return text.Number(held) + " loaded, how many there are is not known" + extra
	case held > total && m.contacts.Complete():
		total = held
	}
	return text.Number(held) + " of " + text.Number(total) + " loaded" + extra
}

// sortWords names the order, and what it cannot promise.
func (m *Model) sortWords() (order, caveat string) {
	s, g := m.contacts.SortBy(), m.theme.Glyphs
	switch {
	case s.IsZero():
		return "", ""
	case m.contacts.Ranked():
		return m.theme.Paint(theme.Accent, "best match first"), ""
	}
	arrow := g.Up
	if s.Desc {
		arrow = g.Down
	}
	order = m.theme.Paint(theme.Accent, "by "+text.Label(s.Field.Def().Label)+" "+arrow)
	words := map[contacts.Sorts]string{
		contacts.SortsLoadedRefused: "only what is loaded: the service does not sort by it",
		contacts.SortsService:       "rows may shift while others edit",
		contacts.SortsLoaded:        "only what is loaded",
	}[m.contacts.Sorts()]
	if words != "" {
		caveat = m.theme.Paint(theme.Accent, words)
	}
	return order, caveat
}

// ageWords say how old the rows are when they are not of this run or the
// service cannot be reached, and otherwise when they were last checked.
func (m *Model) ageWords() (old, checked string) {
	at, now := m.contacts.AsOf(), m.o.Now()
	if m.contacts.Empty() {
		return "", ""
	}
	if at.IsZero() && m.contacts.Offline() {
		at = m.contacts.Checked()
	}
	switch last := m.contacts.Checked(); {
	case !at.IsZero():
		return m.theme.Paint(theme.Attention, "as of "+plain.Ago(at, now)), ""
	case last.IsZero():
		return "", ""
	case now.Sub(last) > 12*time.Hour:
		return m.theme.Paint(theme.Attention, "checked "+plain.Ago(last, now)), ""
	default:
		return "", m.theme.Paint(theme.Dim, "checked "+last.Format("15:04"))
	}
}

// counted is how long something may take before its seconds are counted.
const counted = time.Second

// took is how long something has taken, "" at its beginning.
func took(d time.Duration) string {
	if d < counted {
		return ""
	}
	return fmt.Sprintf(" · %d s", int(d/time.Second))
}

// Activity is what goes on in the list: loading, waiting for the rate limit,
// offline.
func (m *Model) Activity() screen.Activity {
	now, gauge, stops := m.o.Now(), m.contacts.Quota(), m.stopWords()
	loading, since := m.contacts.Busy()
	retryIn := text.Duration(m.contacts.RetryAt().Sub(now))
	frozen := text.Duration(gauge.Until.Sub(now))
	waits := loading && gauge.Until.After(now)
	is := func(rank screen.Rank, role theme.Role, forms ...string) screen.Activity {
		return screen.Activity{Rank: rank, Role: role, Forms: text.Distinct(forms...)}
	}
	switch {
	case !m.contacts.RetryAt().IsZero() && m.contacts.Offline():
		forms := []string{"offline, trying again in " + retryIn, "offline · " + retryIn}
		if !m.covered && !m.search.open {
			forms = append([]string{forms[0] + " · " + m.o.Keys.Key(keymap.Refresh) + " now"}, forms...)
		}
		return is(screen.RankOffline, theme.Attention, forms...)
	case !m.contacts.RetryAt().IsZero():
		return is(screen.RankLimit, theme.Attention, slowDown(retryIn, "")...)
	case waits && gauge.Frozen:
		return is(screen.RankLimit, theme.Attention, slowDown(frozen, stops)...)
	case waits:
		return is(screen.RankLimit, theme.Dim, "waiting for the rate limit · "+frozen+stops, "rate limit · "+frozen+stops,
			"rate limit · "+frozen, "wait "+frozen)
	case loading && m.contacts.Trouble() != "":
		again := "retrying"
		if d := now.Sub(since); d >= counted {
			again = fmt.Sprintf("retrying (%d s)", int(d/time.Second))
		}
		long, short := m.troubleWords()
		return is(screen.RankTrouble, theme.Attention, long+" · "+again+stops, short+" · "+again+stops, again+stops, again)
	case m.contacts.GoingToEnd():
		rest := m.restWords()
		a := is(screen.RankToEnd, theme.Accent,
			"loading to the end"+rest+stops, "loading"+rest+stops, "loading"+stops, "loading")
		a.Done, a.All = m.contacts.Held(), max(0, m.contacts.Total())
		return a
	case loading && now.Sub(since) >= contacts.Fast:
		frames := []rune(m.theme.Glyphs.Spinner)
		words := string(frames[int(now.Sub(since)/(120*time.Millisecond))%len(frames)]) + " loading"
		if now.Sub(since) < counted {
			return is(screen.RankLoading, theme.Dim, words)
		}
		return is(screen.RankLoading, theme.Dim, words+took(now.Sub(since))+stops, words+took(now.Sub(since)), words)
	}
	return screen.Activity{}
}

func slowDown(wait, stops string) []string {
	return []string{
		"the service is asking us to slow down · " + wait + stops, "asked to slow down · " + wait + stops,
		"asked to slow down · " + wait, "wait " + wait,
	}
}

// troubleWords are what went wrong with the last attempt, and the same in fewer
// words.
func (m *Model) troubleWords() (long, short string) {
	switch m.contacts.Trouble() {
	case model.KindNetwork.String():
		return "can't reach Lev", "no connection"
	case model.KindUnavailable.String():
		return "Lev has trouble", "trouble"
	case model.KindRateLimited.String():
		return "Lev asked to slow down", "asked to slow down"
	default:
		return "the last attempt failed", "failed"
	}
}

// stopWords say so where esc stops what goes on.
func (m *Model) stopWords() string {
	if m.Scope() == keymap.List && !m.covered && m.contacts.Stoppable() {
		return " · esc stops"
	}
	return ""
}

// restWords is how long the rest takes at this account's limits.
func (m *Model) restWords() string {
	d := m.contacts.RestTakes()
	if d == 0 {
		return ""
	}
	return ", about " + text.Duration(d)
}
