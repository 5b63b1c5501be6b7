package edit

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// previewBulk shows the table of every change.
func (m *Model) previewBulk() []screen.Event {
	if len(m.contacts) == 0 {
		return []screen.Event{m.say(screen.Note,
			"mark the contacts again first: leave the form, and what you typed is kept as a draft")}
	}
	values := m.form.Draft()
	var items []work.BulkItem
	for _, c := range m.contacts {
		if p := model.Diff(c, values); !p.Empty() {
			items = append(items, work.BulkItem{ContactID: c.ID(), Name: c.Name(), Patch: p, State: work.ItemTodo})
		}
	}
	if len(items) == 0 {
		return []screen.Event{m.say(screen.Note, "nothing would change, so nothing is sent")}
	}
	var more []string
	if same := len(m.contacts) - len(items); same > 0 {
		more = append(more, text.Plural(same, "marked contact")+" already so, skipped")
	}
	m.showItems(items, more...)
	return nil
}

// BulkResult says whether the run that BulkAsked asked for has started. When it
// has not, the edit goes on with all that was typed.
func (m *Model) BulkResult(err error) (tea.Cmd, []screen.Event) {
	if m.kind != work.DraftBulk || m.state != saving {
		return nil, nil
	}
	m.request.Stop()
	if err == nil {
		cmd, events := m.end(Ended{Outcome: BulkStarted})
		if m.table != nil {
			events = append(events, TableDone{*m.table})
		}
		return cmd, events
	}
	m.state = previewing
	e := model.AsError("start the bulk edit", err)
	return nil, []screen.Event{screen.Say{Message: screen.Message{Owner: m.owner(), Level: screen.Failure,
		Text: "The bulk edit was not started. " + text.Error(e), Trace: text.Trace(e), Err: e}}}
}

// fieldWords names the fields of a draft: "title, city".
func fieldWords(d model.Draft) string {
	var names []string
	for _, f := range model.Fields() {
		if _, ok := d[f.ID]; ok {
			names = append(names, text.Label(f.Label))
		}
	}
	return strings.Join(names, ", ")
}
