// Package keymap turns keys into named actions. A key means what the innermost
// scope says: the top overlay, then the text being typed, then the focused
// pane, then the program.
package keymap

import (
	"slices"
	"strings"
)

// Name names an action; configuration binds keys to it.
type Name string

// The actions.
const (
	MoveUp           Name = "move.up"
	MoveDown         Name = "move.down"
	MoveHalfUp       Name = "move.half-up"
	MoveHalfDown     Name = "move.half-down"
	MovePageUp       Name = "move.page-up"
	MovePageDown     Name = "move.page-down"
	MoveTop          Name = "move.top"
	MoveBottom       Name = "move.bottom"
	DetailOpen       Name = "detail.open"
	FieldEdit        Name = "field.edit"
	Back             Name = "go.back"
	PaneNext         Name = "pane.next"
	PanePrev         Name = "pane.previous"
	ContactNext      Name = "contact.next"
	ContactPrev      Name = "contact.previous"
	ContactEdit      Name = "contact.edit"
	ContactNew       Name = "contact.new"
	ContactCopy      Name = "contact.duplicate"
	CopyMenu         Name = "contact.copy"
	OpenMenu         Name = "contact.open"
	Undo             Name = "contact.undo"
	MarkToggle       Name = "mark.toggle"
	MarkRange        Name = "mark.range"
	MarkAll          Name = "mark.all"
	MarkNone         Name = "mark.none"
	BulkEdit         Name = "mark.edit"
	MarkExport       Name = "mark.export"
	Search           Name = "list.search"
	SortMenu         Name = "list.sort"
	FilterMenu       Name = "list.filter"
	ViewMenu         Name = "list.views"
	ColumnMenu       Name = "list.columns"
	Refresh          Name = "list.refresh"
	Drafts           Name = "show.drafts"
	NotSaved         Name = "show.not-saved"
	History          Name = "show.history"
	News             Name = "show.changed"
	Stats            Name = "show.figures"
	Runs             Name = "show.bulk"
	Log              Name = "show.log"
	Profiles         Name = "show.profiles"
	Palette          Name = "show.palette"
	Help             Name = "show.help"
	HelpOver         Name = "show.help-over"
	Dismiss          Name = "message.dismiss"
	ErrorDetails     Name = "message.copy"
	Quit             Name = "program.quit"
	ForceQuit        Name = "program.interrupt"
	Suspend          Name = "program.suspend"
	Repaint          Name = "program.repaint"
	MouseToggle      Name = "mouse.toggle"
	FormNext         Name = "form.next"
	FormPrev         Name = "form.previous"
	FormSave         Name = "form.save"
	FormClear        Name = "form.clear"
	FormRevert       Name = "form.revert"
	FormMode         Name = "form.mode"
	FormUp           Name = "form.up"
	FormDown         Name = "form.down"
	FieldNext        Name = "field.next"
	FieldPrev        Name = "field.previous"
	FormTwin         Name = "form.twin"
	FormCompany      Name = "form.company"
	FormLeave        Name = "form.leave"
	NoteSave         Name = "note.save"
	NoteEditor       Name = "note.editor"
	FieldSave        Name = "field.save"
	FieldLeave       Name = "field.leave"
	PreviewSave      Name = "preview.save"
	PreviewJSON      Name = "preview.json"
	PreviewBack      Name = "preview.back"
	ConflictTheirs   Name = "conflict.theirs"
	ConflictMine     Name = "conflict.mine"
	ConflictOriginal Name = "conflict.original"
	ConflictNext     Name = "conflict.next"
	ConflictPrev     Name = "conflict.previous"
	ConflictDone     Name = "conflict.done"
	ConflictBack     Name = "conflict.back"
	SearchKeep       Name = "search.keep"
	SearchClear      Name = "search.clear"
	SearchUp         Name = "search.up"
	SearchDown       Name = "search.down"
	SearchRest       Name = "search.rest"
	SearchSyntax     Name = "search.examples"
	SearchSimilar    Name = "search.similar"
	MenuPick         Name = "menu.choose"
	MenuClose        Name = "menu.close"
	ViewerPick       Name = "viewer.open"
	ViewerSearch     Name = "viewer.search"
	ViewerCopy       Name = "viewer.copy"
	ViewerDiscard    Name = "viewer.discard"
	ConfirmYes       Name = "confirm.yes"
	ConfirmNo        Name = "confirm.no"
	PromptDone       Name = "prompt.done"
	PromptClose      Name = "prompt.close"
)

// Scope is where a key has its meaning.
type Scope string

// The scopes.
const (
	Global    Scope = "global"
	List      Scope = "list"
	Detail    Scope = "detail"
	Field     Scope = "field"
	Form      Scope = "form"
	Note      Scope = "note"
	Preview   Scope = "preview"
	Conflict  Scope = "conflict"
	SearchBar Scope = "search"
	Menu      Scope = "menu"
	Viewer    Scope = "viewer"
	Confirm   Scope = "confirm"
	Prompt    Scope = "prompt"
)

// Action is one entry of the table.
type Action struct {
	Name   Name
	Scopes []Scope
	Keys   []string // as Bubble Tea names them: "ctrl+s", "space", "pgdown"
	Label  string   // one or two words for the footer, "" to leave it out there
	Help   string   // one line for the help, the palette and the README
	Writes bool     // changes contacts, so it is off when read-only
	Needs  Needs    // what must be there for it
}

// Needs is what an action cannot work without.
type Needs uint8

// The needs. They can be combined.
const (
	NeedsContact Needs = 1 << iota // a selected contact
	NeedsMarks                     // marked contacts
	NeedsRows                      // rows on the screen
)

// Map is the table with a person's own keys in it. Make one with New.
type Map struct {
	actions []Action
	byKey   map[Scope]map[string]int
}

// New binds a table of actions; remap gives the keys of an action by its name and
// replaces the usual ones. Names that do not exist are ignored here: the
// configuration has reported them.
func New(table []Action, remap map[string][]string) Map {
	m := Map{actions: slices.Clone(table), byKey: map[Scope]map[string]int{}}
	for i := range m.actions {
		a := &m.actions[i]
		if keys, ok := remap[string(a.Name)]; ok {
			a.Keys = keys
		}
		for _, s := range a.Scopes {
			if m.byKey[s] == nil {
				m.byKey[s] = map[string]int{}
			}
			for _, k := range a.Keys {
				m.byKey[s][k] = i
			}
		}
	}
	return m
}

// Find says which action a key means, asking the scopes in order.
func (m Map) Find(key string, scopes ...Scope) (Action, bool) {
	for _, s := range scopes {
		if i, ok := m.byKey[s][key]; ok {
			return m.actions[i], true
		}
	}
	return Action{}, false
}

// Is says that a key means the named action in a scope.
func (m Map) Is(key string, s Scope, n Name) bool {
	a, ok := m.Find(key, s)
	return ok && a.Name == n
}

// In lists the actions of a scope in table order.
func (m Map) In(s Scope) []Action {
	var out []Action
	for _, a := range m.actions {
		if slices.Contains(a.Scopes, s) {
			out = append(out, a)
		}
	}
	return out
}

// Get is the action with a name; the zero Action when there is none.
func (m Map) Get(n Name) Action {
	for _, a := range m.actions {
		if a.Name == n {
			return a
		}
	}
	return Action{}
}

// Key is the first key of an action in the short form a footer shows.
func (m Map) Key(n Name) string {
	a := m.Get(n)
	if len(a.Keys) == 0 {
		return ""
	}
	return Short(a.Keys[0])
}

// Short is a key as the screen writes it.
func Short(key string) string {
	switch key {
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	case "pgdown":
		return "pgdn"
	default:
		return key
	}
}

// KeysText is all keys of an action in short form, for help and the README.
func (a Action) KeysText() string {
	short := make([]string, len(a.Keys))
	for i, k := range a.Keys {
		short[i] = Short(k)
	}
	return strings.Join(short, " ")
}
