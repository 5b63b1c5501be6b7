package edit

import (
	"levcontacts/ui/screen"
	"levcontacts/ui/widget/keymap"
	"levcontacts/work"
)

// Actions are what can be done in an edit, for the help, the README and the
// configuration.
func Actions() []keymap.Action { return screen.Metadata(actions()) }

// actions are the actions of an edit in the order of the footer. An action
// without Do is carried out by the form, the preview or the conflict view that
// has the keys.
func actions() []screen.Bound[*Model] {
	in := func(n keymap.Name, scope keymap.Scope, label, help string, keys ...string) screen.Bound[*Model] {
		return screen.Bound[*Model]{Action: keymap.Action{Name: n, Scopes: []keymap.Scope{scope}, Keys: keys,
			Label: label, Help: help}}
	}
	both := func(b screen.Bound[*Model], also keymap.Scope) screen.Bound[*Model] {
		b.Scopes = append(b.Scopes, also)
		return b
	}
	duplicate := both(in(keymap.FormTwin, keymap.Form, "",
		"new contact: open the likely duplicate; your draft is kept", "ctrl+o"), keymap.Preview)
	duplicate.Do = (*Model).openDuplicate
	return []screen.Bound[*Model]{
		in(keymap.FormSave, keymap.Form, "save", "show what will change, then save", "ctrl+s"),
		in(keymap.FormNext, keymap.Form, "next field", "next field", "tab", "down", "enter"),
		in(keymap.FormPrev, keymap.Form, "", "previous field", "shift+tab", "up"),
		both(in(keymap.FormClear, keymap.Form, "", "clear the field; again to take it back", "ctrl+x"), keymap.Field),
		both(in(keymap.FormRevert, keymap.Form, "", "undo changes to this field; again to take it back", "ctrl+r"),
			keymap.Field),
		in(keymap.FormMode, keymap.Form, "", "bulk edit: do not change, set or clear the field", "ctrl+t"),
		duplicate,
		in(keymap.FormLeave, keymap.Form, "leave", "leave; asks when something was typed", "esc"),
		in(keymap.FieldSave, keymap.Field, "save", "save the field", "enter", "ctrl+s"),
		in(keymap.FieldLeave, keymap.Field, "leave", "leave the field; what was typed is kept as a draft", "esc"),
		in(keymap.PreviewSave, keymap.Preview, "save", "save these changes", "enter", "ctrl+s"),
		in(keymap.PreviewJSON, keymap.Preview, "show JSON", "show exactly what is sent", "J"),
		in(keymap.PreviewBack, keymap.Preview, "keep editing", "keep editing", "esc"),
		in(keymap.ConflictTheirs, keymap.Conflict, "theirs", "keep their value", "t"),
		in(keymap.ConflictMine, keymap.Conflict, "mine", "save my value over it", "m"),
		in(keymap.ConflictOriginal, keymap.Conflict, "original", "go back to the original", "o"),
		in(keymap.ConflictNext, keymap.Conflict, "", "next conflict", "down", "tab"),
		in(keymap.ConflictPrev, keymap.Conflict, "", "previous conflict", "up", "shift+tab"),
		in(keymap.ConflictDone, keymap.Conflict, "continue", "continue when all are decided", "enter"),
		in(keymap.ConflictBack, keymap.Conflict, "keep editing", "keep editing", "esc"),
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
	case keymap.FieldSave, keymap.FormSave:
		if busy || m.o.ReadOnly != "" {
			return ""
		}
	case keymap.FormNext:
		if busy {
			return ""
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
		if m.onlyShown() {
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
