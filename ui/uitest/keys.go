package uitest

import (
	"slices"

	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// Keys are the actions of a screen, those of the widgets, and stand-ins for
// the actions of other screens that a sentence may name or a key may ask for.
func Keys(own ...keymap.Action) keymap.Map { return Remapped(nil, own...) }

// Remapped are Keys with other keys for some actions.
func Remapped(remap map[string][]string, own ...keymap.Action) keymap.Map {
	both, global := []keymap.Scope{keymap.List, keymap.Detail}, []keymap.Scope{keymap.Global}
	others := []keymap.Action{
		{Name: keymap.Undo, Scopes: both, Keys: []string{"u"}, Writes: true},
		{Name: keymap.Drafts, Scopes: both, Keys: []string{"D"}},
		{Name: keymap.History, Scopes: both, Keys: []string{"H"}},
		{Name: keymap.Runs, Scopes: both, Keys: []string{"B"}},
		{Name: keymap.ContactEdit, Scopes: both, Keys: []string{"e"}, Writes: true},
		{Name: keymap.Refresh, Scopes: both, Keys: []string{"r"}},
		{Name: keymap.MarkToggle, Scopes: both, Keys: []string{"space"}},
		{Name: keymap.BulkEdit, Scopes: both, Keys: []string{"E"}, Writes: true},
		{Name: keymap.FormTwin, Scopes: []keymap.Scope{keymap.Form, keymap.Preview}, Keys: []string{"ctrl+o"}},
		{Name: keymap.Profiles, Scopes: both, Keys: []string{"P"}},
		{Name: keymap.Help, Scopes: append(both, keymap.Viewer), Keys: []string{"?"}, Label: "help"},
		{Name: keymap.Quit, Scopes: both, Keys: []string{"q"}, Label: "quit"},
		{Name: keymap.ForceQuit, Scopes: global, Keys: []string{"ctrl+c"}},
	}
	all := slices.Concat(own, keymap.Shared(), others)
	seen := map[keymap.Name]bool{}
	return keymap.New(slices.DeleteFunc(all, func(a keymap.Action) bool {
		again := seen[a.Name]
		seen[a.Name] = true
		return again
	}), remap)
}
