package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// target checks how the contacts to change are named; many says that it is by
// what they match.
func (o updateOptions) target(args []string) (many bool, err error) {
	many = o.search != "" || len(o.filter) > 0
	switch {
	case many && len(args) > 0:
		return many, usagef("--search and --filter choose the contacts, and ids are given, too")
	case !many && len(args) == 0:
		return many, usagef("levcontacts update needs the id of a contact, - or --search; levcontacts help update shows how")
	case o.since != "" && (many || len(args) > 1 || args[0] == "-"):
		return many, usagef("--if-unchanged-since is for one contact")
	case o.show && (many || len(args) > 1):
		return many, usagef("--print is for one contact")
	}
	return many, nil
}

// updateMany changes several contacts as a run, after it has shown what changes.
func (a *App) updateMany(ctx context.Context, r *reader, ids []int64, draft model.Draft, o updateOptions) error {
	contacts, missing, err := a.contactsToChange(ctx, r, ids, o)
	if err != nil {
		return err
	}
	var items []work.BulkItem
	same := 0
	for _, c := range contacts {
		patch := model.Diff(c, draft)
		if err := laterThere(c, patch); err != nil {
			return err
		}
		if patch.Empty() {
			same++
			continue
		}
		items = append(items, work.BulkItem{ContactID: c.ID(), Name: c.Name(), Patch: patch})
	}
	r.tellSource()
	if same > 0 {
		a.inform("levcontacts: %s these values already", haveText(same))
	}
	err = a.changeMany(ctx, r.session, o.title(), items, o.dry, o.yes)
	if err == nil && missing > 0 {
		return silent(exitPartly)
	}
	return err
}

func haveText(n int) string {
	if n == 1 {
		return "1 contact has"
	}
	return fmt.Sprintf("%d contacts have", n)
}

// title is what the run is called.
func (o updateOptions) title() string {
	if o.search+strings.Join(o.filter, "") == "" {
		return "update"
	}
	return strings.TrimSpace("update " + o.search + " " + strings.Join(o.filter, " "))
}

// contactsToChange reads the contacts that are named or match.
func (a *App) contactsToChange(ctx context.Context, r *reader, ids []int64, o updateOptions) (out []model.Contact, missing int, err error) {
	if len(ids) > 0 {
		err = r.some(ctx, ids, func(id int64, c model.Contact, err error) error {
			if model.KindOf(err) == model.KindNotFound {
				missing++
				a.note("levcontacts: contact %d was not found, or is not visible to this key", id)
				return nil
			}
			out = append(out, c)
			return err
		})
		return out, missing, err
	}
	l, err := parseChoice(nil, o.filter, "yes")
	if err != nil {
		return nil, 0, err
	}
	if err := l.search(o.search); err != nil {
		return nil, 0, usagef("--search: %w", err)
	}
	_, err = l.held(ctx, r, collector{&out})
	return out, 0, err
}

// collector keeps contacts instead of printing them.
type collector struct{ contacts *[]model.Contact }

func (c collector) print(one model.Contact) error {
	*c.contacts = append(*c.contacts, one)
	return nil
}

func (c collector) end() error  { return nil }
func (c collector) stop() error { return nil }
