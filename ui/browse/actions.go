package browse

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/contacts"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
)

// Actions is everything that can be done in the list, the details and the
// search bar, in the order of the footer.
func Actions() []keymap.Action { return screen.Metadata(actions()) }

func actions() []screen.Bound[*Model] {
	var all []screen.Bound[*Model]
	parts := [][]screen.Bound[*Model]{moveActions(), contactActions(), noteActions(), fieldActions(), markActions(),
		listActions(), searchActions()}
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// bind makes an action of a method that may have a command.
func bind(a keymap.Action, do func(*Model) tea.Cmd) screen.Bound[*Model] {
	return screen.Bound[*Model]{Action: a, Do: func(m *Model) (tea.Cmd, []screen.Event) { return m.done(do(m)) }}
}

// quiet makes a command of a method that has none.
func quiet(do func(*Model)) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		do(m)
		return nil
	}
}

// withContact makes a command of what is done with the selected contact.
func withContact(do func(*Model, model.Contact)) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		if c, ok := m.Selected(); ok {
			do(m, c)
		}
		return nil
	}
}

func moveActions() []screen.Bound[*Model] {
	both := []keymap.Scope{keymap.List, keymap.Detail}
	var moves []screen.Bound[*Model]
	for _, a := range keymap.Moves() {
		moves = append(moves, bind(a, func(m *Model) tea.Cmd { return m.move(a.Name) }))
	}
	return append(moves,
		bind(keymap.Action{
			Name: keymap.DetailOpen, Scopes: []keymap.Scope{keymap.List}, Keys: []string{"enter", "l", "right"},
			Label: "details", Help: "from the list to the details", Needs: keymap.NeedsContact,
		}, quiet((*Model).openDetail)),
		bind(keymap.Action{
			Name: keymap.FieldEdit, Scopes: []keymap.Scope{keymap.Detail}, Keys: []string{"enter", "l", "right"},
			Label: "edit field", Help: "edit the field or the note under the cursor", Writes: true, Needs: keymap.NeedsContact,
		}, withContact((*Model).editField)),
		bind(keymap.Action{
			Name: keymap.ContactNext, Scopes: []keymap.Scope{keymap.Detail}, Keys: []string{"J", "ctrl+n"},
			Label: "next contact", Help: "next contact, on the same field", Needs: keymap.NeedsContact,
		}, func(m *Model) tea.Cmd { return m.moveBy(1) }),
		bind(keymap.Action{
			Name: keymap.ContactPrev, Scopes: []keymap.Scope{keymap.Detail}, Keys: []string{"K", "ctrl+p"},
			Help: "previous contact, on the same field", Needs: keymap.NeedsContact,
		}, func(m *Model) tea.Cmd { return m.moveBy(-1) }),
		bind(keymap.Action{
			Name: keymap.Back, Scopes: both, Keys: []string{"esc", "h", "left"}, Help: "back; never quits",
		}, (*Model).back),
		bind(keymap.Action{
			Name: keymap.PaneNext, Scopes: both, Keys: []string{"tab"}, Help: "next pane",
		}, quiet((*Model).otherPane)),
		bind(keymap.Action{
			Name: keymap.PanePrev, Scopes: both, Keys: []string{"shift+tab"}, Help: "previous pane",
		}, quiet((*Model).otherPane)),
	)
}

// quickFields are the fields that a letter edits, from the list and the details.
var quickFields = [...]struct {
	key   string
	field model.FieldID
}{
	{"t", model.FieldTitle}, {"d", model.FieldDepartment}, {"m", model.FieldEmail}, {"i", model.FieldLinkedIn},
	{"F", model.FieldFirstName}, {"a", model.FieldAddress}, {"C", model.FieldCity}, {"S", model.FieldState},
	{"z", model.FieldZip}, {"T", model.FieldType}, {"p", model.FieldPhones},
}

// fieldActions edit one field each: what is typed first replaces its value.
func fieldActions() []screen.Bound[*Model] {
	var out []screen.Bound[*Model]
	for _, q := range quickFields {
		def := q.field.Def()
		out = append(out, bind(keymap.Action{
			Name: keymap.Name("edit." + def.Name), Scopes: []keymap.Scope{keymap.List, keymap.Detail}, Keys: []string{q.key},
			Help: quickHelp(def), Writes: true, Needs: keymap.NeedsContact,
		}, withContact(func(m *Model, c model.Contact) { m.editQuick(c, q.field) })))
	}
	return out
}

func quickHelp(f model.Field) string {
	if f.List() {
		return "edit the " + text.Label(f.Label) + ": add, change, remove, move"
	}
	return "edit " + text.Label(f.Label) + "; typing replaces it"
}

func contactActions() []screen.Bound[*Model] {
	both := []keymap.Scope{keymap.List, keymap.Detail}
	return []screen.Bound[*Model]{
		bind(keymap.Action{
			Name: keymap.ContactEdit, Scopes: both, Keys: []string{"e"}, Label: "edit",
			Help: "edit the whole contact in a form", Writes: true, Needs: keymap.NeedsContact,
		}, withContact(func(m *Model, c model.Contact) { m.beginEdit(EditContact{c}) })),
		bind(keymap.Action{
			Name: keymap.ContactNew, Scopes: both, Keys: []string{"n"}, Label: "new", Help: "new contact", Writes: true,
		}, quiet(func(m *Model) { m.beginEdit(NewContact{}) })),
		bind(keymap.Action{
			Name: keymap.ContactCopy, Scopes: both, Keys: []string{"N"}, Help: "new contact as a copy of this one",
			Writes: true, Needs: keymap.NeedsContact,
		}, withContact(func(m *Model, c model.Contact) { m.beginEdit(CopyContact{c}) })),
		bind(keymap.Action{
			Name: keymap.CopyMenu, Scopes: both, Keys: []string{"y"}, Label: "copy",
			Help: "copy parts of the contact, or of all that are marked", Needs: keymap.NeedsContact,
		}, withContact((*Model).copyAction)),
		bind(keymap.Action{
			Name: keymap.OpenMenu, Scopes: both, Keys: []string{"o"}, Label: "open",
			Help:  "open LinkedIn, write a mail or call; one mail to all marked",
			Needs: keymap.NeedsContact,
		}, withContact((*Model).openAction)),
	}
}

func markActions() []screen.Bound[*Model] {
	list, both := []keymap.Scope{keymap.List}, []keymap.Scope{keymap.List, keymap.Detail}
	return []screen.Bound[*Model]{
		bind(keymap.Action{
			Name: keymap.MarkToggle, Scopes: list, Keys: []string{"space"}, Label: "mark",
			Help: "mark or unmark", Needs: keymap.NeedsContact,
		}, (*Model).toggleMark),
		bind(keymap.Action{
			Name: keymap.MarkRange, Scopes: list, Keys: []string{"V"}, Help: "mark from the last mark to here",
			Needs: keymap.NeedsContact | keymap.NeedsRows,
		}, quiet((*Model).markRange)),
		bind(keymap.Action{
			Name: keymap.MarkAll, Scopes: list, Keys: []string{"ctrl+a"}, Help: "mark all shown", Needs: keymap.NeedsRows,
		}, quiet((*Model).markAll)),
		bind(keymap.Action{
			Name: keymap.MarkNone, Scopes: list, Keys: []string{"ctrl+x"}, Label: "clear marks",
			Help: "clear the marks; again brings them back",
		}, quiet((*Model).clearMarks)),
		bind(keymap.Action{
			Name: keymap.BulkEdit, Scopes: both, Keys: []string{"E"}, Label: "edit marked",
			Help:   "edit all marked contacts together",
			Writes: true, Needs: keymap.NeedsMarks,
		}, quiet(func(m *Model) { m.beginEdit(BulkEdit{m.Marked()}) })),
		bind(keymap.Action{
			Name: "edit.table", Scopes: both, Keys: []string{"ctrl+g"},
			Help: "edit all marked contacts as a table in your editor", Writes: true, Needs: keymap.NeedsMarks,
		}, quiet(func(m *Model) { m.beginEdit(EditTable{m.Marked()}) })),
		bind(keymap.Action{
			Name: keymap.MarkExport, Scopes: both, Keys: []string{"W"}, Label: "write",
			Help: "write the marked contacts, or all shown, to a file: CSV, JSON or vCards",
		}, quiet((*Model).exportRows)),
	}
}

func listActions() []screen.Bound[*Model] {
	both := []keymap.Scope{keymap.List, keymap.Detail}
	return []screen.Bound[*Model]{
		bind(keymap.Action{
			Name: keymap.Search, Scopes: both, Keys: []string{"/"}, Label: "search", Help: "search as you type",
		}, quiet((*Model).openSearch)),
		bind(keymap.Action{
			Name: keymap.SortMenu, Scopes: both, Keys: []string{"s"}, Label: "sort", Help: "choose the sort",
		}, quiet((*Model).openSortMenu)),
		bind(keymap.Action{
			Name: keymap.FilterMenu, Scopes: both, Keys: []string{"f"}, Label: "filter",
			Help: "filter by type, state, city, title, company and more, with counts",
		}, (*Model).openFilters),
		bind(keymap.Action{
			Name: keymap.ViewMenu, Scopes: both, Keys: []string{"v"}, Label: "views", Help: "named views",
		}, func(m *Model) tea.Cmd { return readViews(m.o.Context, m.o.Backend) }),
		bind(keymap.Action{
			Name: keymap.ColumnMenu, Scopes: both, Keys: []string{"c"}, Label: "columns", Help: "choose columns",
		}, quiet((*Model).openColumnMenu)),
		bind(keymap.Action{
			Name: keymap.Refresh, Scopes: both, Keys: []string{"r"}, Label: "refresh", Help: "refresh",
		}, (*Model).refresh),
		bind(keymap.Action{
			Name: keymap.Stats, Scopes: both, Keys: []string{"I"}, Help: "figures: types, states, companies, months, gaps",
			Needs: keymap.NeedsRows,
		}, (*Model).showStats),
	}
}

func searchActions() []screen.Bound[*Model] {
	bar := []keymap.Scope{keymap.SearchBar}
	return []screen.Bound[*Model]{
		bind(keymap.Action{
			Name: keymap.SearchKeep, Scopes: bar, Keys: []string{"enter"}, Label: "keep", Help: "keep the search",
		}, quiet((*Model).keepSearch)),
		bind(keymap.Action{
			Name: keymap.SearchClear, Scopes: bar, Keys: []string{"esc"}, Label: "clear", Help: "clear the search",
		}, (*Model).clearSearch),
		bind(keymap.Action{
			Name: keymap.SearchUp, Scopes: bar, Keys: []string{"up", "ctrl+p"}, Help: "one up in the results",
		}, func(m *Model) tea.Cmd { return m.moveBy(-1) }),
		bind(keymap.Action{
			Name: keymap.SearchDown, Scopes: bar, Keys: []string{"down", "ctrl+n"}, Label: "move",
			Help: "one down in the results",
		}, func(m *Model) tea.Cmd { return m.moveBy(1) }),
		bind(keymap.Action{
			Name: keymap.SearchRest, Scopes: bar, Keys: []string{"ctrl+g"},
			Help: "load the rest of the list, so that all of it is searched",
		}, func(m *Model) tea.Cmd { return m.contacts.FetchRest() }),
		bind(keymap.Action{
			Name: keymap.SearchSyntax, Scopes: bar, Keys: []string{"tab"}, Label: "examples",
			Help: "what can be typed, with examples from your contacts",
		}, quiet((*Model).openExamples)),
		bind(keymap.Action{
			Name: keymap.SearchSimilar, Scopes: []keymap.Scope{keymap.SearchBar, keymap.List}, Keys: []string{"ctrl+t"},
			Help: "show similar contacts below those that a search finds, or hide them",
		}, (*Model).toggleSimilar),
	}
}

// Run carries out an action by its name: one that was chosen in the palette.
func (m *Model) Run(name keymap.Name) (tea.Cmd, []screen.Event) {
	if m.holds(name) {
		m.held = append(m.held, runMsg{name: name})
		return m.done(nil)
	}
	b, ok := screen.Lookup(m.actions, name)
	if !ok {
		return m.done(nil)
	}
	if why := m.Unable(b.Action); why != "" {
		m.say(screen.Note, why)
		return m.done(nil)
	}
	return b.Do(m)
}

// runMsg is an action that waited.
type runMsg struct {
	contacts.Part
	name keymap.Name
}

func (msg runMsg) handle(m *Model) tea.Cmd { return m.run(msg.name) }

// run is Run within another call from outside.
func (m *Model) run(name keymap.Name) tea.Cmd {
	before := m.events
	m.events = nil
	cmd, events := m.Run(name)
	m.events = append(before, events...)
	return cmd
}

// Unable says why an action is not possible now, "" when it is.
func (m *Model) Unable(a keymap.Action) string {
	if a.Writes && m.readOnly != "" {
		return "read-only: " + m.readOnly
	}
	needs := a.Needs
	if b, ok := screen.Lookup(m.actions, a.Name); ok {
		needs = b.Needs
	}
	switch {
	case needs&keymap.NeedsContact != 0 && !m.hasSelected():
		return "no contact is selected"
	case needs&keymap.NeedsMarks != 0 && len(m.marks) == 0:
		return "nothing is marked; " + m.o.Keys.Key(keymap.MarkToggle) + " marks a contact"
	case needs&keymap.NeedsRows != 0 && m.contacts.Rows().Len() == 0:
		return "no contact is shown"
	}
	return ""
}

// beginEdit asks for an edit; what was said of the marks goes.
func (m *Model) beginEdit(e screen.Event) {
	m.emit(screen.Retract{Owner: ownerMarks})
	m.emit(e)
}

func (m *Model) editField(c model.Contact) {
	row, ok := m.detail.Row()
	switch {
	case !ok:
	case row.Folded():
		m.detail.Unfold()
	case row.OfNotes():
		if note, own := m.ownNote(); own {
			m.beginEdit(EditNote{Contact: c, Note: note})
		}
	case row.Extra != "" || !row.Field.Def().Update:
		m.say(screen.Note, fixedWords(row))
	case uneditable(c, row.Field) != "":
		m.say(screen.Note, uneditable(c, row.Field))
	default:
		m.beginEdit(EditField{Contact: c, Field: row.Field})
	}
}

// editQuick edits a field that was chosen by its letter. From the list it comes
// back to the list.
func (m *Model) editQuick(c model.Contact, f model.FieldID) {
	if why := cmp.Or(lackingIn(c, f), uneditable(c, f)); why != "" {
		m.say(screen.Note, why)
		return
	}
	m.backToList = m.focus == paneList
	m.openDetail()
	m.detail.MoveToField(f)
	m.beginEdit(EditField{Contact: c, Field: f, Replace: !f.Def().List()})
}

// lackingIn says that a contact cannot have a field because its service has none.
func lackingIn(c model.Contact, f model.FieldID) string {
	if !f.Def().Later || c.HasLater() {
		return ""
	}
	return "this service has no " + text.Label(f.Def().Label)
}

// uneditable says that a value has a shape that no document names.
func uneditable(c model.Contact, f model.FieldID) string {
	if _, ok := model.ParsePhones(c.Get(f)); f.Def().List() && !ok {
		return "these " + text.Label(f.Def().Label) + " have a form that cannot be edited here"
	}
	return ""
}
