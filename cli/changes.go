package cli

import (
	"encoding/json"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// tellChanges shows a change, old to new, on standard error.
func (a *App) tellChanges(p model.Patch) {
	for _, c := range p.Changes() {
		if c.Field == model.FieldPhones {
			a.tellPhones(c, widestName(p))
			continue
		}
		a.note("  %s  %s -> %s", plain.Fit(c.Field.Name(), widestName(p), ""), shown(c.Field, c.Before), shown(c.Field, c.After))
	}
}

// tellValues shows a new contact on standard error.
func (a *App) tellValues(p model.Patch, extra map[string]json.RawMessage) {
	for _, c := range p.Changes() {
		a.note("  %s  %s", plain.Fit(c.Field.Name(), widestName(p), ""), shown(c.Field, c.After))
	}
	for _, m := range newContact(model.Patch{}, extra).Extras() {
		a.note("  %s  %s", m.Name, m.JSON)
	}
}

func widestName(p model.Patch) (width int) {
	for _, c := range p.Changes() {
		width = max(width, len(c.Field.Name()))
	}
	return width
}
