package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/work"
)

// matchBy are the ways to find the contact that a row is about.
var matchBy = [...]string{"id", "email", "linkedin_url", "phone"}

// matches are the contacts that the rows of a file may be about.
type matches struct {
	by    string
	found map[string][]model.Contact
	used  map[int64]int // numbers of the rows that are about a contact
}

// keysOf are the keys by which a contact is found.
func (m *matches) keysOf(c model.Contact) []string {
	if m.by == "id" {
		return []string{strconv.FormatInt(c.ID(), 10)}
	}
	identity := search.IdentityOf(c)
	switch m.by {
	case "email":
		return present(identity.Email)
	case "linkedin_url":
		return present(identity.Profile)
	}
	return identity.Phones
}

func present(key string) []string {
	if key == "" {
		return nil
	}
	return []string{key}
}

// keysOfRow are the keys of the contact that a row is about.
func (m *matches) keysOfRow(r row) []string {
	if m.by == "id" {
		id, err := parseID(r.id)
		if err != nil {
			return nil
		}
		return []string{strconv.FormatInt(id, 10)}
	}
	return m.keysOf(newContact(model.Diff(model.Contact{}, r.draft), r.extra))
}

// match finds the contacts that rows may be about, with as few requests as it
// takes: a few ids are asked for one by one, otherwise the local copy is read.
func (a *App) match(ctx context.Context, r *reader, rows []row, by string) (*matches, error) {
	m := &matches{by: by, found: map[string][]model.Contact{}, used: map[int64]int{}}
	wanted := map[string]bool{}
	for _, one := range rows {
		for _, key := range m.keysOfRow(one) {
			wanted[key] = true
		}
	}
	if len(wanted) == 0 {
		return m, nil
	}
	take := func(p model.Packed) error {
		if by == "id" && !wanted[strconv.FormatInt(p.ID(), 10)] {
			return nil
		}
		c, err := p.Unpack()
		if err == nil {
			m.add(c, wanted)
		}
		return err
	}
	defer r.tellSource()
	if by != "id" {
		return m, r.each(ctx, r.anyConnection(), model.MaxLimit, true, take)
	}
	if len(wanted) > fewIDs {
		if err := r.each(ctx, "yes", model.MaxLimit, true, take); err != nil {
			return m, err
		}
	}
	return m, m.rest(ctx, r, wanted, take)
}

// rest looks for the ids that were not met so far.
func (m *matches) rest(ctx context.Context, r *reader, wanted map[string]bool, take func(model.Packed) error) error {
	var ids []int64
	for key := range wanted {
		if id, err := parseID(key); err == nil && len(m.found[key]) == 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if len(ids) > fewIDs && !r.sync.Offline {
		return r.each(ctx, "no", model.MaxLimit, true, take)
	}
	return r.some(ctx, ids, func(_ int64, c model.Contact, err error) error {
		switch {
		case err == nil:
			m.add(c, wanted)
		case model.KindOf(err) != model.KindNotFound && !isA[offlineError](err):
			return err
		}
		return nil
	})
}

func (m *matches) add(c model.Contact, wanted map[string]bool) {
	for _, key := range m.keysOf(c) {
		if wanted[key] && !slices.ContainsFunc(m.found[key], func(o model.Contact) bool { return o.ID() == c.ID() }) {
			m.found[key] = append(m.found[key], c)
		}
	}
}

// anyConnection is the value of --connected for every contact that can be had.
func (r *reader) anyConnection() string {
	if r.sync.Offline {
		return "yes"
	}
	return "any"
}

// contactOf is the contact that a row is about; ok is false for none, and the
// error says why it cannot be told.
func (m *matches) contactOf(r row) (c model.Contact, ok bool, err error) {
	if m.by == "id" && r.id != "" {
		if _, err := parseID(r.id); err != nil {
			return c, false, fmt.Errorf("%q is not the id of a contact", r.id)
		}
	}
	var all []model.Contact
	for _, key := range m.keysOfRow(r) {
		for _, one := range m.found[key] {
			if !slices.ContainsFunc(all, func(o model.Contact) bool { return o.ID() == one.ID() }) {
				all = append(all, one)
			}
		}
	}
	switch {
	case len(all) > 1:
		var ids []string
		for _, one := range all {
			ids = append(ids, strconv.FormatInt(one.ID(), 10))
		}
		return c, false, fmt.Errorf("%d contacts have this %s: %s", len(all), m.by, strings.Join(ids, ", "))
	case len(all) == 0 && m.by == "id" && r.id != "":
		return c, false, fmt.Errorf("there is no contact with the id %s here", r.id)
	case len(all) == 0:
		return c, false, nil
	}
	if before, twice := m.used[all[0].ID()]; twice {
		return c, false, fmt.Errorf("row %d is about the same contact, %d", before, all[0].ID())
	}
	m.used[all[0].ID()] = r.number
	return all[0], true, nil
}

// compare finds out what a row changes in a contact. Only cells that differ from
// what was exported count; one that someone else has changed, too, is a
// conflict.
func compare(r row, c model.Contact) (patch model.Patch, conflicts, notes []string) {
	draft := model.Draft{}
	for at, column := range stampColumns(&phoneTexts{}) {
		cell, there := r.cellOf(column)
		if !there {
			continue
		}
		now := column.read(c)
		if column.plain(cell) == column.plain(now) {
			continue
		}
		asExported, known := stampSays(r.stamp, at, column, cell)
		if known && asExported {
			continue // someone else has changed it, and the file has not
		}
		if untouched, _ := stampSays(r.stamp, at, column, now); known && !untouched {
			conflicts = append(conflicts, fmt.Sprintf("%s is %s now, and %s in the file", column.name, strconv.Quote(now), strconv.Quote(cell)))
			continue
		}
		if t, phones := phoneTypeOf(column.name); phones {
			draft[model.FieldPhones] = joinLines(draft[model.FieldPhones], phoneEdits(t, cell))
			continue
		}
		f := column.field
		if text := withZeros(f, cell); text != cell {
			notes = append(notes, fmt.Sprintf("%s %s is taken as %s", f.Name, cell, text))
			cell = text
		}
		draft[f.ID] = cell
	}
	if typed, ok := r.draft[model.FieldPhones]; ok && r.phones == nil {
		draft[model.FieldPhones] = missingPhones(typed, c)
	}
	if draft[model.FieldPhones] == "" {
		delete(draft, model.FieldPhones)
	}
	return model.Diff(c, draft), conflicts, notes
}

// cellOf is the text of a column in a row; there is false where the row says
// nothing of it.
func (r row) cellOf(column stampColumn) (cell string, there bool) {
	if column.phones {
		t, _ := phoneTypeOf(column.name)
		cell, there = r.phones[t]
		return cell, there && strings.TrimSpace(cell) != ""
	}
	cell, there = r.draft[column.field.ID]
	return cell, there
}

// phoneEdits put the numbers of a cell in the place of those of their type.
func phoneEdits(kind, cell string) string {
	var lines []string
	for _, number := range strings.Split(cell, ";") {
		if number = strings.TrimSpace(number); number == "" {
			continue
		}
		p := model.ParsePhone(kind + ":" + number)
		if len(lines) == 0 {
			lines = append(lines, model.SetPhone(p))
		} else {
			lines = append(lines, model.AddPhone(p))
		}
	}
	return strings.Join(lines, "\n")
}

// missingPhones adds the phones of another program that a contact does not have.
func missingPhones(typed string, c model.Contact) string {
	held, _ := c.Phones()
	given, _ := model.ParsePhones(model.FieldPhones.Def().Parse(typed))
	lines := ""
	for _, p := range given {
		if !slices.ContainsFunc(held, p.SameNumber) {
			lines = joinLines(lines, model.AddPhone(p))
		}
	}
	return lines
}

func joinLines(a, b string) string { return strings.Trim(a+"\n"+b, "\n") }

// against looks at a row beside the contact it is about.
func (o importOptions) against(p *plannedRow) error {
	c, found, err := o.matches.contactOf(p.row)
	switch {
	case err != nil:
		p.Result, p.Message = rowWrong, err.Error()
		return nil
	case !found:
		return nil
	}
	p.ID, p.Name = c.ID(), c.Name()
	patch, conflicts, notes := compare(p.row, c)
	findings, wrong := findingsOf(p.row.changing(patch), false)
	switch {
	case wrong || len(p.wrong) > 0:
		p.Result, p.Message = rowWrong, strings.Join(append(findings, p.wrong...), "; ")
		return nil
	case len(conflicts) > 0:
		p.Result, p.Message = rowConflict, "someone else has changed it since the export: "+strings.Join(conflicts, "; ")
		return nil
	case patch.Empty():
		p.Result, p.Message = rowSame, strings.Join(notes, "; ")
		return nil
	}
	p.Result, p.patch = rowWouldUpdate, patch
	notes = append(notes, findings...)
	p.warned = len(notes) > 0
	p.Message = strings.Join(append([]string{changesText(patch)}, notes...), "; ")
	p.Body, err = patch.MarshalJSON()
	return err
}

// changing is the row with only the values that a patch changes.
func (r row) changing(p model.Patch) row {
	r.given.draft = model.Draft{}
	for _, change := range p.Changes() {
		r.given.draft[change.Field] = change.Field.Def().Text(change.After)
	}
	return r
}

// startUpdates stores the changes of a plan as a run, before the first is sent.
func (o importOptions) startUpdates(ctx context.Context, s Session, plan []plannedRow) (run work.BulkRun, err error) {
	var items []work.BulkItem
	for _, p := range plan {
		if p.Result == rowWouldUpdate {
			items = append(items, work.BulkItem{ContactID: p.ID, Name: p.Name, Patch: p.patch})
		}
	}
	if len(items) == 0 {
		return run, nil
	}
	return s.StartRun(ctx, "import "+o.path, "", items)
}

// updateRow sends the next change of the run, which is that of the row.
func (a *App) updateRow(ctx context.Context, s Session, run work.BulkRun, p plannedRow) outcome {
	out := p.outcome
	out.Body = nil
	item, _, _, err := s.StepRun(ctx, run.ID)
	if err != nil && item.State != work.ItemSent {
		e := model.AsError("import", err)
		out.stop = true
		if e.Kind == model.KindCanceled {
			return out
		}
		out.Result, out.Message, out.RequestID = rowFailed, e.Error(), e.RequestID
		return out
	}
	out.RequestID, out.stop = item.RequestID, err != nil
	switch item.State {
	case work.ItemDone:
		out.Result = rowUpdated
		if item.Message != "" {
			out.Message += "; " + item.Message
		}
	case work.ItemConflict:
		out.Result, out.Message = rowConflict, item.Message
	case work.ItemSkipped:
		out.Result, out.Message = rowSame, item.Message
	case work.ItemSent, work.ItemMissing:
		out.Result, out.Message = rowUnsure, "no answer came, so the change may have been made; levcontacts runs resume "+run.ID+" looks first"
	default:
		out.Result, out.Message = rowFailed, item.Message
	}
	return out
}
