package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// helpScopes are the scopes that the help explains, in its order.
var helpScopes = [...]struct {
	scope keymap.Scope
	title string
}{
	{keymap.List, "List"}, {keymap.Detail, "Details"}, {keymap.Field, "Editing a field"}, {keymap.Form, "Form"},
	{keymap.Note, "Note"},
	{keymap.Preview, "Before a save"}, {keymap.Conflict, "When someone else changed it too"},
	{keymap.SearchBar, "Searching"}, {keymap.Menu, "Menus"}, {keymap.Viewer, "Reading"}, {keymap.Confirm, "Questions"},
	{keymap.Prompt, "Asked for a line"}, {keymap.Global, "Everywhere"},
}

// openHelp lists the keys of this screen first, then all others. The table of
// actions that decides what keys do is also what it is made from.
func (a *App) openHelp() []screen.Event {
	here := a.top().Scope()
	told := map[keymap.Name]bool{} // what the screens above have in common with this one is told once
	section := func(title string, scope keymap.Scope) []reader.Line {
		lines := []reader.Line{{Heading: true, Text: title}}
		return append(append(lines, helpLines(a.keys.In(scope), told, a.browse.Unable)...), reader.Line{})
	}
	var lines []reader.Line
	for _, s := range helpScopes {
		if s.scope == here {
			lines = section(s.title+" (this screen)", s.scope)
		}
	}
	for _, s := range helpScopes {
		if s.scope != here {
			lines = append(lines, section(s.title, s.scope)...)
		}
	}
	lines = append(lines, legend(a.theme.Glyphs)...)
	r := reader.Open(reader.Options{Title: "Help", Lines: lines, Columns: true,
		Key:  func(key string) tea.Msg { return keyHelpMsg{key} },
		Foot: "press a key for its details   keys that work on several screens stand with the first of them"})
	return []screen.Event{screen.Open{Overlay: r}}
}

// keyHelpMsg opens the details of a key.
type keyHelpMsg struct{ key string }

// openKeyHelp says what a key means on each screen, under which name the
// configuration binds it, and why it does not work now.
func openKeyHelp(keys keymap.Map, key string, unable func(keymap.Action) string) []screen.Event {
	var lines []reader.Line
	told := map[keymap.Name]bool{}
	for _, s := range helpScopes {
		act, ok := keys.Find(key, s.scope)
		if !ok || told[act.Name] {
			continue
		}
		told[act.Name] = true
		lines = append(lines, reader.Line{Heading: true, Text: s.title},
			reader.Line{Left: "does", Text: text.Capital(act.Help)},
			reader.Line{Left: "keys", Text: act.KeysText()},
			reader.Line{Left: "setting", Text: "[keys] " + string(act.Name)})
		if needs := needsText(act); needs != "" {
			lines = append(lines, reader.Line{Left: "needs", Text: needs})
		}
		if why := unable(act); why != "" {
			lines = append(lines, reader.Line{Left: "off now", Text: why, Role: theme.Attention})
		}
		lines = append(lines, reader.Line{})
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "no screen uses this key"}, {}}
	}
	lines = lines[:len(lines)-1]
	return []screen.Event{screen.Open{Overlay: reader.Open(reader.Options{
		Title: "Key " + keymap.Short(key), Lines: lines})}}
}

// needsText is what an action cannot work without.
func needsText(act keymap.Action) string {
	var needs []string
	for _, n := range []struct {
		need bool
		text string
	}{
		{act.Needs&keymap.NeedsContact != 0, "a contact under the cursor"},
		{act.Needs&keymap.NeedsMarks != 0, "marked contacts"},
		{act.Needs&keymap.NeedsRows != 0, "rows on the screen"},
		{act.Writes, "permission to change contacts"},
	} {
		if n.need {
			needs = append(needs, n.text)
		}
	}
	return strings.Join(needs, ", ")
}

func helpLines(actions []keymap.Action, told map[keymap.Name]bool, unable func(keymap.Action) string) []reader.Line {
	var lines []reader.Line
	for _, act := range actions {
		if told[act.Name] {
			continue
		}
		told[act.Name] = true
		line := reader.Line{Left: act.KeysText(), Text: text.Capital(act.Help)}
		if why := unable(act); why != "" && act.Writes {
			line.Text += " (" + why + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// legend explains the signs and the words of a search.
func legend(g theme.Glyphs) []reader.Line {
	lines := []reader.Line{
		{Heading: true, Text: "Signs"},
		{Left: g.Cursor, Text: "where you are"},
		{Left: g.Primary, Text: "primary contact of its company"},
		{Left: g.NotConnected, Text: "not connected, so not in the service's usual list"},
		{Left: g.Mark, Text: "marked"},
		{Left: g.Draft, Text: "has a draft that is not saved"},
		{Left: g.Changed, Text: "someone else has changed it, and you have not looked at it since"},
		{},
		{Heading: true, Text: "Search"},
	}
	for _, e := range search.Examples("") {
		lines = append(lines, reader.Line{Left: e.Query, Text: e.Finds})
	}
	for i, fields := range plain.Wrap(strings.Join(search.FieldWords(), ", "), 50) {
		lines = append(lines, reader.Line{Left: map[int]string{0: "fields"}[i], Text: fields})
	}
	return lines
}

// openLog shows the last requests, newest first.
func (a *App) openLog() []screen.Event {
	var lines []reader.Line
	all := a.o.Backend.Exchanges()
	for i := len(all) - 1; i >= 0; i-- {
		lines = append(lines, logLine(all[i]))
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "no request yet"}}
	}
	return []screen.Event{screen.Open{Overlay: reader.Open(reader.Options{
		Title: "Requests", Lines: lines, Copy: a.o.Backend.Report(),
		Foot: a.keys.Key(keymap.ViewerCopy) + " copies a report without keys and names",
	})}}
}

func logLine(x work.Exchange) reader.Line {
	role := theme.Text
	status := fmt.Sprint(x.Status)
	if x.Status == 0 {
		status = "no answer"
	}
	if x.Problem != "" || x.Status >= 400 || x.Status == 0 {
		role = theme.Danger
	}
	// The request ID comes before the path: support asks for it, and the path
	// may be long.
	what := text.Join("  ", plain.Clean(x.RequestID), plain.Clean(x.Problem), plain.Clean(x.Path))
	line := fmt.Sprintf("%-5s %-9s %5d ms  %s", x.Method, status, x.Took.Milliseconds(), what)
	return reader.Line{Left: x.At.Format("15:04:05"), Text: line, Role: role}
}

// runMsg carries out an action chosen in the palette.
type runMsg struct{ name keymap.Name }

// openPalette lists every action with its key; one that is not possible now
// says why.
func (a *App) openPalette() []screen.Event {
	var items []menu.Item
	for _, act := range a.keys.In(a.browse.Scope()) {
		if strings.HasPrefix(string(act.Name), "move.") || act.Name == keymap.Palette {
			continue
		}
		items = append(items, menu.Item{
			ID: string(act.Name), Text: text.Capital(act.Help), Detail: act.KeysText(), Off: a.browse.Unable(act), Msg: runMsg{act.Name},
		})
	}
	return []screen.Event{screen.Open{Overlay: menu.Open(menu.Options{Title: "Commands", Items: items, Typed: true})}}
}
