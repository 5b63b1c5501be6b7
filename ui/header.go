package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// header is the first line: product, account, badges, and what is left of the
// rate limit. Where there is little room the account is shortened first.
func (a *App) header(w int) string {
	who := text.Join(" "+a.theme.Glyphs.Dot+" ", plain.Clean(a.account.Profile), plain.Clean(a.account.Name))
	badges := badgesOf(a.account, a.browse.Offline(), a.changes.Unsent())
	if n := len(a.edits.refused()); n > 0 {
		badges = append(badges, text.Plural(n, "edit")+" NOT SAVED")
	}
	return drawHeader(w, a.theme, who, badges, quotaForms(a.browse.Quota()))
}

func drawHeader(w int, th theme.Theme, who string, badges, quota []string) string {
	product := " " + th.Paint(theme.Strong, "levcontacts")
	right := badgesWithin(badges, w, th)
	room := func() int { return w - plain.Width(product) - plain.Width(right) - 5 }
	for _, q := range quota {
		if plain.Width(who)+plain.Width(q)+4 <= room() {
			right += "   " + th.Paint(theme.Dim, q)
			break
		}
	}
	left, whole := product, plain.Width(who)
	if who = plain.Cut(who, room(), th.Glyphs.Ellipsis); who != "" && plain.Width(who) >= min(4, whole) {
		left += "   " + who
	}
	return text.Spread(left, right+" ", w)
}

// badgesWithin draws the badges. Where they do not all fit the first go: those
// that change what keys do stay.
func badgesWithin(badges []string, w int, th theme.Theme) string {
	draw := func() string {
		var out []string
		for _, b := range badges {
			out = append(out, th.Paint(theme.Badge, " "+b+" "))
		}
		return strings.Join(out, " ")
	}
	for len(badges) > 1 && plain.Width(draw()) >= w {
		badges = badges[1:]
	}
	return draw()
}

func badgesOf(account work.Account, offline bool, unsent int) []string {
	var out []string
	if account.Demo {
		out = append(out, "DEMO")
	}
	if account.ReadOnly != "" {
		out = append(out, "READ-ONLY")
	}
	if offline {
		out = append(out, "OFFLINE")
	}
	if unsent > 0 {
		out = append(out, text.Plural(unsent, "edit")+" NOT SENT")
	}
	return out
}

// quotaShort is the share of the rate limit, one in this many, from which on
// what is left of it is shown.
const quotaShort = 4

// quotaForms say what is left of the rate limit when that is little, the
// fullest first.
func quotaForms(g work.Quota) []string {
	if g.Limit == 0 || g.Left > g.Limit/quotaShort {
		return nil
	}
	left, limit := text.Number(g.Left), text.Number(g.Limit)
	short := left + " of " + limit
	return []string{short + " list requests left this minute", short + " requests left", left + "/" + limit + " left"}
}

// activity is the most important thing that goes on.
func (a *App) activity() screen.Activity {
	most := a.browse.Activity()
	others := []screen.Activity{a.bulk.Activity(), a.changes.Activity()}
	for _, e := range a.edits.all {
		others = append(others, e.Activity(a.browse.Quota(), saveTrouble(a.o.Backend.Exchanges(), e.Since())))
	}
	for _, other := range others {
		if other.Rank > most.Rank {
			most = other
		}
	}
	return a.edits.activity(most, !a.covered() && a.edits.queueOpens(a.o.Now()))
}

// saveTrouble is the kind of failure of the last request of a save that began
// at a moment, "" when it went well.
func saveTrouble(log []work.Exchange, since time.Time) string {
	if since.IsZero() {
		return ""
	}
	for _, x := range slices.Backward(log) {
		if x.At.Before(since) {
			break
		}
		if !strings.Contains(x.Path, "limit=") {
			return x.Problem
		}
	}
	return ""
}

// footer shows the keys that work here. Where they do not all fit, those with
// the lowest rank go first, and of these the last; the very first stays.
func (a *App) footer(w int) string {
	part := a.top()
	var items []string
	var actions []keymap.Action
	width := 1 - 3 // a blank before the first, three between two
	all := a.keys.In(part.Scope())
	if i := slices.IndexFunc(all, func(act keymap.Action) bool { return act.Name == keymap.HelpOver }); i >= 0 {
		all = append(slices.Delete(slices.Clone(all), i, i+1), all[i]) // last, as in the list
	}
	for _, act := range all {
		label := part.Label(act)
		if label == "" || len(act.Keys) == 0 || a.browse.Unable(act) != "" {
			continue
		}
		key := footerKey(act, a.theme)
		items, actions = append(items, a.theme.Paint(theme.Key, key)+" "+a.theme.Paint(theme.Dim, label)), append(actions, act)
		width += plain.Width(key) + 1 + plain.Width(label) + 3
	}
	drop := func(may func(keymap.Action) bool) {
		for i := len(items) - 1; i > 0 && width > w; i-- {
			if may(actions[i]) {
				width -= plain.Width(items[i]) + 3
				items, actions = slices.Delete(items, i, i+1), slices.Delete(actions, i, i+1)
			}
		}
	}
	for rank := range stays + 1 {
		drop(func(act keymap.Action) bool { return rankOf(act.Name) == rank })
	}
	return text.Fit(" "+strings.Join(items, "   "), w)
}

// The ranks of keys in the footer, the first to go first.
const (
	spare = iota // worth a place where there is much
	usual
	stays // the search, help, and the ways out
)

func rankOf(n keymap.Name) int {
	switch n {
	case keymap.Search, keymap.Help, keymap.HelpOver, keymap.Quit, keymap.FieldLeave, keymap.FormLeave, keymap.PreviewBack,
		keymap.ConflictBack, keymap.SearchClear, keymap.MenuClose, keymap.PromptClose:
		return stays
	case keymap.MarkToggle, keymap.CopyMenu, keymap.OpenMenu, keymap.ViewMenu, keymap.ColumnMenu, keymap.Undo,
		keymap.Palette, keymap.Refresh:
		return spare
	}
	return usual
}

func footerKey(act keymap.Action, th theme.Theme) string {
	key := keymap.Short(act.Keys[0])
	if act.Name == keymap.MoveDown || act.Name == keymap.SearchDown {
		key = "↑↓"
	}
	if th.Name == "ascii" {
		key = strings.ReplaceAll(key, "↑↓", "j/k")
	}
	return th.Signs(key)
}
