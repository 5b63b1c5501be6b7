package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/reader"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// The viewers, by what they show.
const (
	viewHelp    = "help"
	viewLog     = "log"
	viewHistory = "history"
	viewDrafts  = "drafts"
	viewRuns    = "runs"
	viewRun     = "run"
	viewEntry   = "entry"
)

func (m *Model) openViewer(v reader.Model) { m.viewer = &v }

// openHelp lists the keys of this screen first, then all others. It is made
// from the table that also decides what the keys do.
func (m *Model) openHelp() {
	here := keymap.List
	if m.focus == paneDetail {
		here = keymap.Detail
	}
	var lines []reader.Line
	add := func(title string, scope keymap.Scope) {
		lines = append(lines, reader.Line{Heading: true, Text: title})
		for _, a := range m.keys.In(scope) {
			text := capital(a.Help)
			if why := m.unable(a); why != "" && a.Writes {
				text += " (" + why + ")"
			}
			lines = append(lines, reader.Line{Left: a.KeysText(), Text: text})
		}
		lines = append(lines, reader.Line{})
	}
	titles := scopeTitles()
	add(titles[here]+" (this screen)", here)
	for _, s := range []keymap.Scope{keymap.List, keymap.Detail, keymap.Field, keymap.Form, keymap.Preview, keymap.Conflict, keymap.SearchBar, keymap.Menu, keymap.Viewer} {
		if s != here {
			add(titles[s], s)
		}
	}
	lines = append(lines, m.legend()...)
	v := reader.New(viewHelp, "Help", lines)
	v.Foot = "/ search here   esc close"
	m.openViewer(v)
}

func scopeTitles() map[keymap.Scope]string {
	return map[keymap.Scope]string{
		keymap.List: "List", keymap.Detail: "Details", keymap.Field: "Editing a field", keymap.Form: "Form", keymap.Preview: "Before a save",
		keymap.Conflict: "When somebody else changed it too", keymap.SearchBar: "Searching", keymap.Menu: "Menus", keymap.Viewer: "Reading",
	}
}

// legend explains the signs and the words of a search.
func (m *Model) legend() []reader.Line {
	g := m.theme.Glyphs
	return []reader.Line{
		{Heading: true, Text: "Signs"},
		{Left: g.Cursor, Text: "where you are"},
		{Left: g.Primary, Text: "primary contact of its company"},
		{Left: g.NotConnected, Text: "not connected, so not in the service's usual list"},
		{Left: g.Mark, Text: "marked"},
		{Left: g.Draft, Text: "has a draft that is not saved"},
		{},
		{Heading: true, Text: "Search"},
		{Left: "chen lender", Text: "both words, letters in order, accents and case do not matter"},
		{Left: `"new york"`, Text: "exactly these words"},
		{Left: "^sar", Text: "a field that begins so"},
		{Left: "!sponsor", Text: "without this word"},
		{Left: "city:dallas", Text: "only in this field: name, email, title, department, city, state, zip, type, primary, connected, updated, …"},
		{Left: "/vp|director/", Text: "a regular expression"},
	}
}

// openLog shows the last requests, newest first.
func (m *Model) openLog() {
	v := reader.New(viewLog, "Requests", m.logLines())
	v.Foot = m.keys.Key(keymap.ViewerCopy) + " copies a report without keys and names   esc close"
	m.openViewer(v)
}

func (m *Model) logLines() []reader.Line {
	all := m.o.Backend.Exchanges()
	if len(all) == 0 {
		return []reader.Line{{Text: "no request yet"}}
	}
	lines := make([]reader.Line, 0, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		lines = append(lines, m.logLine(all[i]))
	}
	return lines
}

func (m *Model) logLine(x work.Exchange) reader.Line {
	role := theme.Text
	status := fmt.Sprint(x.Status)
	if x.Status == 0 {
		status = "no answer"
	}
	if x.Problem != "" || x.Status >= 400 || x.Status == 0 {
		role = theme.Danger
	}
	// The request id comes before the path: it is what support asks for, and
	// the path may be long.
	what := joinNonEmpty("  ", plain.Clean(x.RequestID), plain.Clean(x.Problem), plain.Clean(x.Path))
	text := fmt.Sprintf("%-5s %-9s %5d ms  %s", x.Method, status, x.Took.Milliseconds(), what)
	return reader.Line{Left: x.At.Format("15:04:05"), Text: text, Role: role}
}

// viewerText is what copying in a viewer means: the log gives the report.
func (m *Model) viewerText(v reader.Model) string {
	if v.ID == viewLog {
		return m.o.Backend.Report()
	}
	return v.Text()
}

// onPicked acts on enter in a viewer whose lines mean something.
func (m *Model) onPicked(id string, l reader.Line) tea.Cmd {
	switch id {
	case viewDrafts:
		m.viewer = nil
		return m.openDraft(l.ID)
	case viewHistory:
		return m.openEntry(l.ID)
	case viewEntry:
		m.viewer = nil
		return m.entryAction(l.ID)
	case viewRuns:
		return m.openRun(l.ID)
	case viewRun:
		m.viewer = nil
		return m.runAction(l.ID)
	}
	return nil
}

// joinNonEmpty joins the parts that say something.
func joinNonEmpty(sep string, parts ...string) string { return strings.Join(nonEmpty(parts), sep) }
