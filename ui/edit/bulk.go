package edit

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/ui/screen"
	"levcontacts/ui/widget/form"
	"levcontacts/ui/widget/text"
	"levcontacts/work"
)

// previewBulk shows the table of every change.
func (m *Model) previewBulk() []screen.Event {
	if len(m.contacts) == 0 {
		return []screen.Event{m.say(screen.Note,
			"mark the contacts again first: leave the form, and what you typed is kept as a draft")}
	}
	values := m.form.Draft()
	m.items = nil
	var shown []form.Item
	for _, c := range m.contacts {
		if p := model.Diff(c, values); !p.Empty() {
			m.items = append(m.items, work.BulkItem{ContactID: c.ID(), Name: c.Name(), Patch: p, State: work.ItemTodo})
			shown = append(shown, form.Item{Name: c.Name(), Patch: p})
		}
	}
	n := len(m.items)
	if n == 0 {
		return []screen.Event{m.say(screen.Note, "nothing would change, so nothing is sent")}
	}
	head := []string{text.Plural(n, "contact") + " will change, about " +
		text.Duration(m.o.Backend.EstimateChanges(n)) + " at this account's limits"}
	if same := len(m.contacts) - n; same > 0 {
		head = append(head, text.Plural(same, "marked contact")+" already so, skipped")
	}
	m.state = previewing
	m.preview = form.NewPreview(form.PreviewOptions{Title: "Change " + text.Plural(n, "contact"), Items: shown,
		Head: head, Keys: m.o.Keys})
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
		return m.end(Ended{Outcome: BulkStarted})
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
