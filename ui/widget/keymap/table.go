package keymap

import "slices"

// Shared is what all screens have in common: moving, and the actions of the
// widgets. Every screen adds the table of its own actions.
func Shared() []Action { return slices.Concat(Moves(), Widgets()) }

// Moves are the movements in lists, details, menus and readers.
func Moves() []Action {
	all := []Scope{List, Detail, Viewer, Menu}
	return []Action{
		{Name: MoveUp, Scopes: all, Keys: []string{"up", "k"}, Help: "one up"},
		{Name: MoveDown, Scopes: all, Keys: []string{"down", "j"}, Label: "move", Help: "one down"},
		{Name: MoveHalfUp, Scopes: all, Keys: []string{"ctrl+u"}, Help: "half a page up"},
		{Name: MoveHalfDown, Scopes: all, Keys: []string{"ctrl+d"}, Help: "half a page down"},
		{Name: MovePageUp, Scopes: all, Keys: []string{"pgup", "ctrl+b"}, Help: "one page up"},
		{Name: MovePageDown, Scopes: all, Keys: []string{"pgdown", "ctrl+f"}, Help: "one page down"},
		{Name: MoveTop, Scopes: all, Keys: []string{"g", "home"}, Help: "to the first"},
		{Name: MoveBottom, Scopes: all, Keys: []string{"G", "end"}, Help: "to the very last, loading on the way"},
	}
}

// Widgets are the actions of forms, previews, conflicts, menus, readers,
// questions and prompts. The widget that takes the keys carries them out.
func Widgets() []Action { return slices.Concat(formActions(), overlayActions()) }

func formActions() []Action {
	return []Action{
		{Name: FormSave, Scopes: []Scope{Form}, Keys: []string{"ctrl+s"}, Label: "save",
			Help: "show what will change, then save"},
		{Name: FormNext, Scopes: []Scope{Form}, Keys: []string{"tab", "down", "enter"}, Label: "next field",
			Help: "next field"},
		{Name: FormPrev, Scopes: []Scope{Form}, Keys: []string{"shift+tab", "up"}, Help: "previous field"},
		{Name: FormClear, Scopes: []Scope{Form, Field}, Keys: []string{"ctrl+x"},
			Help: "clear the field; again to take it back"},
		{Name: FormRevert, Scopes: []Scope{Form, Field, Note}, Keys: []string{"ctrl+r"},
			Help: "undo changes to this field; again to take it back"},
		{Name: FormMode, Scopes: []Scope{Form, Field}, Keys: []string{"ctrl+t"},
			Help: "phone: the next type; bulk edit: do not change, set or clear the field"},
		{Name: FormUp, Scopes: []Scope{Form, Field}, Keys: []string{"alt+up", "ctrl+up"}, Help: "phone: move it up"},
		{Name: FormDown, Scopes: []Scope{Form, Field}, Keys: []string{"alt+down", "ctrl+down"},
			Help: "phone: move it down"},
		{Name: FormLeave, Scopes: []Scope{Form, Note}, Keys: []string{"esc"}, Label: "leave",
			Help: "leave; asks when something was typed"},
		{Name: NoteSave, Scopes: []Scope{Note}, Keys: []string{"ctrl+s"}, Label: "save", Help: "save the note"},
		{Name: NoteEditor, Scopes: []Scope{Note}, Keys: []string{"ctrl+o"}, Label: "editor",
			Help: "write the note in your own editor, as VISUAL or EDITOR name it"},
		{Name: FieldSave, Scopes: []Scope{Field}, Keys: []string{"enter", "ctrl+s"}, Label: "save",
			Help: "save the field"},
		{Name: FieldNext, Scopes: []Scope{Field}, Keys: []string{"tab", "down"}, Label: "next number",
			Help: "phones: next number"},
		{Name: FieldPrev, Scopes: []Scope{Field}, Keys: []string{"shift+tab", "up"}, Help: "phones: previous number"},
		{Name: FieldLeave, Scopes: []Scope{Field}, Keys: []string{"esc"}, Label: "leave",
			Help: "leave the field; what was typed is kept as a draft"},
		{Name: PreviewSave, Scopes: []Scope{Preview}, Keys: []string{"enter", "ctrl+s"}, Label: "save",
			Help: "save these changes"},
		{Name: PreviewJSON, Scopes: []Scope{Preview}, Keys: []string{"J"}, Label: "show JSON",
			Help: "show exactly what is sent"},
		{Name: PreviewBack, Scopes: []Scope{Preview}, Keys: []string{"esc"}, Label: "keep editing",
			Help: "keep editing"},
		{Name: ConflictTheirs, Scopes: []Scope{Conflict}, Keys: []string{"t"}, Label: "theirs",
			Help: "keep their value"},
		{Name: ConflictMine, Scopes: []Scope{Conflict}, Keys: []string{"m"}, Label: "mine",
			Help: "save my value over it"},
		{Name: ConflictOriginal, Scopes: []Scope{Conflict}, Keys: []string{"o"}, Label: "original",
			Help: "go back to the original"},
		{Name: ConflictNext, Scopes: []Scope{Conflict}, Keys: []string{"down", "tab"}, Help: "next conflict"},
		{Name: ConflictPrev, Scopes: []Scope{Conflict}, Keys: []string{"up", "shift+tab"}, Help: "previous conflict"},
		{Name: ConflictDone, Scopes: []Scope{Conflict}, Keys: []string{"enter"}, Label: "continue",
			Help: "continue when all are decided"},
		{Name: ConflictBack, Scopes: []Scope{Conflict}, Keys: []string{"esc"}, Label: "keep editing",
			Help: "keep editing"},
	}
}

func overlayActions() []Action {
	return []Action{
		{Name: MenuPick, Scopes: []Scope{Menu}, Keys: []string{"enter", "space"}, Label: "choose", Help: "choose"},
		{Name: ViewerPick, Scopes: []Scope{Viewer}, Keys: []string{"enter"}, Label: "open", Help: "open the line"},
		{Name: MenuClose, Scopes: []Scope{Menu, Viewer}, Keys: []string{"esc", "q"}, Label: "close", Help: "close"},
		{Name: ViewerSearch, Scopes: []Scope{Viewer}, Keys: []string{"/"}, Label: "search", Help: "search here"},
		{Name: ViewerCopy, Scopes: []Scope{Viewer}, Keys: []string{"y"}, Label: "copy", Help: "copy what is shown"},
		{Name: ViewerDiscard, Scopes: []Scope{Viewer}, Keys: []string{"d"}, Label: "discard",
			Help: "discard a draft, after asking"},
		{Name: ConfirmYes, Scopes: []Scope{Confirm}, Keys: []string{"y"}, Label: "yes", Help: "yes"},
		{Name: ConfirmNo, Scopes: []Scope{Confirm}, Keys: []string{"n", "esc", "enter"}, Label: "no", Help: "no"},
		{Name: PromptDone, Scopes: []Scope{Prompt}, Keys: []string{"enter"}, Label: "go on",
			Help: "go on with what was typed"},
		{Name: PromptClose, Scopes: []Scope{Prompt}, Keys: []string{"esc"}, Label: "close", Help: "close"},
	}
}
