package edit

import (
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

// Actions are what can be done in an edit, for the help, the README and the
// configuration.
func Actions() []keymap.Action { return screen.Metadata(actions()) }

// actions are the actions of an edit beside those of its form, its preview and
// its conflict view.
func actions() []screen.Bound[*Model] {
	return []screen.Bound[*Model]{
		{Action: keymap.Action{
			Name: keymap.FormTwin, Scopes: []keymap.Scope{keymap.Form, keymap.Preview}, Keys: []string{"ctrl+o"},
			Help: "new contact: open the likely duplicate; your draft is kept",
		}, Do: (*Model).openDuplicate},
		{Action: keymap.Action{
			Name: keymap.FormCompany, Scopes: []keymap.Scope{keymap.Form, keymap.Preview}, Keys: []string{"ctrl+g"},
			Help: "new contact: choose its company by name, or create one",
		}, Do: (*Model).chooseCompany},
	}
}

// Label is what the footer says of an action now, "" to leave it out.
func (m *Model) Label(a keymap.Action) string {
	busy := m.state == saving || m.state == keeping
	switch a.Name {
	case keymap.FieldLeave, keymap.FormLeave:
		switch {
		case m.request.Ending() || m.state == keeping:
			return ""
		case busy:
			return "stop"
		}
	case keymap.FieldSave, keymap.FormSave, keymap.NoteSave:
		if busy || m.o.ReadOnly != "" {
			return ""
		}
	case keymap.FieldNext:
		if busy || !m.field.Def().List() {
			return ""
		}
	case keymap.FormNext, keymap.NoteEditor:
		if busy {
			return ""
		}
	case keymap.FormCompany:
		if m.kind == work.DraftCreate && m.company.read && m.unknownCompanies() == "" && !busy {
			return "company"
		}
	case keymap.FormTwin:
		if len(m.dups.found) > 0 && !busy {
			return "duplicate"
		}
	case keymap.PreviewJSON:
		if m.preview != nil && m.preview.ShowsJSON() {
			return "show fields"
		}
	case keymap.PreviewBack:
		if m.onlyShown() || m.table != nil {
			return "leave it"
		}
	case keymap.PreviewSave:
		switch {
		case m.o.ReadOnly != "":
			return ""
		case m.undoes != "":
			return "undo it"
		case m.kind == work.DraftCreate:
			return "create"
		case m.kind == work.DraftBulk:
			return "start"
		}
	}
	return a.Label
}
