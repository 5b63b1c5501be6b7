package keymap

// Table is every action of the program with its usual keys. The footer, the
// help, the palette, the README's key table and the names that a
// configuration file may bind are all made from it. Within a scope the order
// is the order of the footer.
func Table() []Action {
	var all []Action
	for _, part := range [][]Action{moveActions(), contactActions(), viewActions(), programActions(), editActions(), overlayActions()} {
		all = append(all, part...)
	}
	return all
}

func moveActions() []Action {
	both := []Scope{List, Detail, Viewer, Menu}
	return []Action{
		{Name: MoveUp, Scopes: both, Keys: []string{"up", "k"}, Label: "", Help: "one up"},
		{Name: MoveDown, Scopes: both, Keys: []string{"down", "j"}, Label: "move", Help: "one down"},
		{Name: MoveHalfUp, Scopes: both, Keys: []string{"ctrl+u"}, Help: "half a screen up"},
		{Name: MoveHalfDown, Scopes: both, Keys: []string{"ctrl+d"}, Help: "half a screen down"},
		{Name: MovePageUp, Scopes: both, Keys: []string{"pgup", "ctrl+b"}, Help: "one screen up"},
		{Name: MovePageDown, Scopes: both, Keys: []string{"pgdown", "ctrl+f"}, Help: "one screen down"},
		{Name: MoveTop, Scopes: both, Keys: []string{"g", "home"}, Help: "to the first"},
		{Name: MoveBottom, Scopes: both, Keys: []string{"G", "end"}, Help: "to the very last, loading on the way"},
		{Name: DetailOpen, Scopes: []Scope{List}, Keys: []string{"enter", "l", "right"}, Label: "details", Help: "from the list to the details"},
		{Name: FieldEdit, Scopes: []Scope{Detail}, Keys: []string{"enter", "l", "right"}, Label: "edit field", Help: "edit the field under the cursor in place", Writes: true},
		{Name: Back, Scopes: []Scope{List, Detail}, Keys: []string{"esc", "h", "left"}, Help: "one step back; never quits"},
		{Name: PaneNext, Scopes: []Scope{List, Detail}, Keys: []string{"tab"}, Help: "the next pane"},
		{Name: PanePrev, Scopes: []Scope{List, Detail}, Keys: []string{"shift+tab"}, Help: "the pane before"},
	}
}

func contactActions() []Action {
	both := []Scope{List, Detail}
	return []Action{
		{Name: ContactEdit, Scopes: both, Keys: []string{"e"}, Label: "edit", Help: "edit the whole contact in a form", Writes: true},
		{Name: ContactNew, Scopes: both, Keys: []string{"n"}, Label: "new", Help: "new contact", Writes: true},
		{Name: ContactCopy, Scopes: both, Keys: []string{"N"}, Help: "new contact as a copy of this one", Writes: true},
		{Name: CopyMenu, Scopes: both, Keys: []string{"y"}, Help: "copy a field, the e-mail, the address, JSON or vCard"},
		{Name: OpenMenu, Scopes: both, Keys: []string{"o"}, Help: "open LinkedIn or write a mail"},
		{Name: Undo, Scopes: both, Keys: []string{"u"}, Help: "undo the last saved change, after showing it", Writes: true},
		{Name: MarkToggle, Scopes: []Scope{List}, Keys: []string{"space"}, Help: "mark or unmark"},
		{Name: MarkRange, Scopes: []Scope{List}, Keys: []string{"V"}, Help: "mark from the last mark to here"},
		{Name: MarkAll, Scopes: []Scope{List}, Keys: []string{"ctrl+a"}, Help: "mark all shown"},
		{Name: MarkNone, Scopes: []Scope{List}, Keys: []string{"ctrl+x"}, Help: "clear the marks"},
		{Name: BulkEdit, Scopes: both, Keys: []string{"E"}, Help: "edit all marked contacts together", Writes: true},
		{Name: MarkExport, Scopes: both, Keys: []string{"W"}, Help: "write all marked contacts to a CSV and a JSON file"},
	}
}

func viewActions() []Action {
	both := []Scope{List, Detail}
	return []Action{
		{Name: Search, Scopes: both, Keys: []string{"/"}, Label: "search", Help: "search as you type"},
		{Name: SortMenu, Scopes: both, Keys: []string{"s"}, Label: "sort", Help: "choose the sort"},
		{Name: FilterMenu, Scopes: both, Keys: []string{"f"}, Label: "filter", Help: "choose filters"},
		{Name: ViewMenu, Scopes: both, Keys: []string{"v"}, Help: "named views"},
		{Name: ColumnMenu, Scopes: both, Keys: []string{"c"}, Help: "choose columns"},
		{Name: Refresh, Scopes: both, Keys: []string{"r"}, Help: "refresh"},
	}
}

func programActions() []Action {
	both := []Scope{List, Detail}
	return []Action{
		{Name: Drafts, Scopes: both, Keys: []string{"D"}, Help: "drafts that were not saved"},
		{Name: History, Scopes: both, Keys: []string{"H"}, Help: "history of writes"},
		{Name: Runs, Scopes: both, Keys: []string{"B"}, Help: "bulk edits: progress, stop, resume"},
		{Name: Log, Scopes: both, Keys: []string{"L"}, Help: "log of requests and writes"},
		{Name: Profiles, Scopes: both, Keys: []string{"P"}, Help: "switch the profile"},
		{Name: Palette, Scopes: both, Keys: []string{":"}, Help: "command palette"},
		{Name: Help, Scopes: []Scope{List, Detail, Viewer}, Keys: []string{"?"}, Label: "help", Help: "help for this screen"},
		{Name: MouseToggle, Scopes: both, Keys: []string{"M"}, Help: "give the mouse back to the terminal, or take it again"},
		{Name: Dismiss, Scopes: both, Keys: []string{"x"}, Help: "dismiss the message"},
		{Name: ErrorDetails, Scopes: both, Keys: []string{"X"}, Help: "copy the details of the last error"},
		{Name: Quit, Scopes: []Scope{List, Detail}, Keys: []string{"q"}, Label: "quit", Help: "quit"},
		{Name: ForceQuit, Scopes: []Scope{Global}, Keys: []string{"ctrl+c"}, Help: "quit; asks when an edit is open"},
		{Name: Suspend, Scopes: []Scope{Global}, Keys: []string{"ctrl+z"}, Help: "put the program aside, as any other in a shell"},
	}
}

func editActions() []Action {
	return []Action{
		{Name: FormSave, Scopes: []Scope{Form}, Keys: []string{"ctrl+s"}, Label: "save", Help: "show what will change, then save"},
		{Name: FormNext, Scopes: []Scope{Form}, Keys: []string{"tab", "down", "enter"}, Label: "next field", Help: "next field"},
		{Name: FormPrev, Scopes: []Scope{Form}, Keys: []string{"shift+tab", "up"}, Help: "previous field"},
		{Name: FormClear, Scopes: []Scope{Form, Field}, Keys: []string{"ctrl+x"}, Help: "clear the field; again to take it back"},
		{Name: FormRevert, Scopes: []Scope{Form, Field}, Keys: []string{"ctrl+r"}, Help: "undo changes to this field; again to take it back"},
		{Name: FormMode, Scopes: []Scope{Form}, Keys: []string{"ctrl+t"}, Help: "bulk edit: do not change, set or clear the field"},
		{Name: FormTwin, Scopes: []Scope{Form, Preview}, Keys: []string{"ctrl+o"}, Help: "new contact: open the likely duplicate; your draft is kept"},
		{Name: FormLeave, Scopes: []Scope{Form}, Keys: []string{"esc"}, Label: "leave", Help: "leave; asks when something was typed"},
		{Name: FieldSave, Scopes: []Scope{Field}, Keys: []string{"enter", "ctrl+s"}, Label: "save", Help: "save the field"},
		{Name: FieldLeave, Scopes: []Scope{Field}, Keys: []string{"esc"}, Label: "leave", Help: "leave the field; what was typed is kept as a draft"},
		{Name: PreviewSave, Scopes: []Scope{Preview}, Keys: []string{"enter", "ctrl+s"}, Label: "save", Help: "save these changes"},
		{Name: PreviewJSON, Scopes: []Scope{Preview}, Keys: []string{"J"}, Label: "show JSON", Help: "show exactly what is sent"},
		{Name: PreviewBack, Scopes: []Scope{Preview}, Keys: []string{"esc"}, Label: "keep editing", Help: "keep editing"},
		{Name: ConflictTheirs, Scopes: []Scope{Conflict}, Keys: []string{"t"}, Label: "theirs", Help: "keep their value"},
		{Name: ConflictMine, Scopes: []Scope{Conflict}, Keys: []string{"m"}, Label: "mine", Help: "save my value over it"},
		{Name: ConflictOriginal, Scopes: []Scope{Conflict}, Keys: []string{"o"}, Label: "original", Help: "go back to the original"},
		{Name: ConflictNext, Scopes: []Scope{Conflict}, Keys: []string{"down", "tab"}, Help: "next conflict"},
		{Name: ConflictPrev, Scopes: []Scope{Conflict}, Keys: []string{"up", "shift+tab"}, Help: "previous conflict"},
		{Name: ConflictDone, Scopes: []Scope{Conflict}, Keys: []string{"enter"}, Label: "continue", Help: "continue when all are decided"},
		{Name: ConflictBack, Scopes: []Scope{Conflict}, Keys: []string{"esc"}, Label: "keep editing", Help: "keep editing"},
	}
}

func overlayActions() []Action {
	return []Action{
		{Name: SearchKeep, Scopes: []Scope{SearchBar}, Keys: []string{"enter"}, Label: "keep", Help: "keep the search"},
		{Name: SearchClear, Scopes: []Scope{SearchBar}, Keys: []string{"esc"}, Label: "clear", Help: "clear the search"},
		{Name: SearchUp, Scopes: []Scope{SearchBar}, Keys: []string{"up", "ctrl+p"}, Help: "one up in the results"},
		{Name: SearchDown, Scopes: []Scope{SearchBar}, Keys: []string{"down", "ctrl+n"}, Label: "move", Help: "one down in the results"},
		{Name: SearchRest, Scopes: []Scope{SearchBar}, Keys: []string{"ctrl+g"}, Help: "load the rest of the list, so that all of it is searched"},
		{Name: MenuPick, Scopes: []Scope{Menu}, Keys: []string{"enter", "space"}, Label: "choose", Help: "choose"},
		{Name: MenuClose, Scopes: []Scope{Menu, Viewer}, Keys: []string{"esc", "q"}, Label: "close", Help: "close"},
		{Name: ViewerSearch, Scopes: []Scope{Viewer}, Keys: []string{"/"}, Label: "search", Help: "search here"},
		{Name: ViewerCopy, Scopes: []Scope{Viewer}, Keys: []string{"y"}, Label: "copy", Help: "copy what is shown"},
		{Name: ViewerDiscard, Scopes: []Scope{Viewer}, Keys: []string{"d"}, Label: "discard", Help: "discard a draft, after asking"},
		{Name: ConfirmYes, Scopes: []Scope{Confirm}, Keys: []string{"y"}, Label: "yes", Help: "yes"},
		{Name: ConfirmNo, Scopes: []Scope{Confirm}, Keys: []string{"n", "esc", "enter"}, Label: "no", Help: "no"},
		{Name: PromptDone, Scopes: []Scope{Prompt}, Keys: []string{"enter"}, Label: "go on", Help: "go on with what was typed"},
		{Name: PromptClose, Scopes: []Scope{Prompt}, Keys: []string{"esc"}, Label: "close", Help: "close"},
	}
}
