//go:build unix

package survive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// Two programs on one profile edit, create, put off and fetch at the same time,
// and one is killed in the end. Every draft, every write and every row is there
// afterwards, once.
func TestTwoProgramsAtOnce(t *testing.T) {
	t.Parallel()
	const contacts = 60
	r := rigFor(t, sandbox.Options{Contacts: contacts, Latency: 15 * time.Millisecond}, nil)
	people := [2]*person{r.open(t), r.open(t)}
	var did [2]day
	var errs [2]error
	var both sync.WaitGroup
	for i, p := range people {
		both.Go(func() { errs[i] = did[i].do(p, i) })
	}
	both.Wait()
	must(t, errors.Join(errs[:]...))
	must(t, people[0].quit())
	must(t, people[1].Kill())
	_, err := people[1].Wait()
	must(t, err)

	drafts := append(did[0].drafts, did[1].drafts...)
	bodies := append(did[0].bodies, did[1].bodies...)
	must(t, r.wantState(t.Context(), drafts, len(bodies)))
	must(t, r.wantCopy(t.Context(), contacts))
	var sent []map[string]any
	for _, e := range append(r.applied("patch"), r.applied("create")...) {
		var body map[string]any
		must(t, json.Unmarshal(e.Body, &body))
		sent = append(sent, body)
	}
	for _, body := range bodies {
		if !slices.ContainsFunc(sent, func(s map[string]any) bool { return reflect.DeepEqual(s, body) }) {
			t.Errorf("%v was saved, and the service was sent %v", body, sent)
		}
	}
	if len(sent) != len(bodies) {
		t.Errorf("the service carried out %d writes, want %d", len(sent), len(bodies))
	}

	next := r.open(t)
	must(t, next.WaitFor(fmt.Sprintf("of %d loaded", contacts), fmt.Sprintf("%d drafts", len(drafts))))
	must(t, next.quit())
}

// day is what one person has done.
type day struct {
	drafts []model.Draft
	bodies []map[string]any
}

// do edits every other contact: some edits are saved, some put off; then it
// creates one.
func (w *day) do(p *person, who int) error {
	if who == 1 {
		if err := p.Press("j"); err != nil {
			return err
		}
	}
	for n := range 6 {
		title := fmt.Sprintf("Title %d of %d", n, who)
		if err := p.retitle(title, n%3 == 2); err != nil {
			return fmt.Errorf("person %d, edit %d: %w", who, n, err)
		}
		if n%3 == 2 {
			w.drafts = append(w.drafts, model.Draft{model.FieldTitle: title})
		} else {
			w.bodies = append(w.bodies, map[string]any{"title": title})
		}
		if err := p.Press("j", "j"); err != nil {
			return err
		}
	}
	body := map[string]any{"contact_type": model.TypeLender, "first_name": fmt.Sprintf("Twin%d", who), "last_name": "Together"}
	w.bodies = append(w.bodies, body)
	return p.createPerson(body)
}

// retitle edits the title of the selected contact, and saves or puts it off.
func (p *person) retitle(title string, putOff bool) error {
	a := p.do().press("e").wait("ctrl+s save").to(model.FieldTitle, "tab").press("ctrl+x").send(title).wait(title)
	if putOff {
		return a.press("esc").wait("What you typed is not saved").press("l").wait("Kept as a draft", inList).err
	}
	return a.press("ctrl+s").wait("show JSON", title).press("enter").wait("saved: title", inList).err
}

// createPerson makes a contact with a name.
func (p *person) createPerson(body map[string]any) error {
	a := p.do().press("n").wait("New contact", "choose").press("space").wait("< lender >")
	for _, f := range []model.FieldID{model.FieldFirstName, model.FieldLastName} {
		a.to(f, "tab").send(text(body[f.Name()])).wait(text(body[f.Name()]))
	}
	return a.press("ctrl+s").wait("show JSON").press("enter").wait("✓ Created", inList).err
}

// wantState looks at drafts and journal.
func (r *rig) wantState(ctx context.Context, drafts []model.Draft, writes int) error {
	st, err := r.state(ctx, r.stateDir())
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	if aside, _ := st.Quarantined(); aside != "" {
		return errors.New("the drafts and the journal were damaged: " + aside)
	}
	kept, err := st.Drafts(ctx)
	if err != nil {
		return err
	}
	for _, want := range drafts {
		same := func(d work.Draft) bool { return maps.Equal(d.Values, want) }
		if !slices.ContainsFunc(kept, same) {
			return fmt.Errorf("the draft %v is not among %v", want, kept)
		}
	}
	entries, err := st.Entries(ctx, work.EntryFilter{})
	if err != nil {
		return err
	}
	if len(kept) != len(drafts) || len(entries) != writes {
		return fmt.Errorf("%d drafts and %d writes are kept, want %d and %d", len(kept), len(entries), len(drafts), writes)
	}
	keys := map[string]bool{}
	for _, e := range entries {
		if e.Result != work.Done || keys[e.Key] {
			return fmt.Errorf("%s of %s is %s, with the key %s", e.Kind, e.Name, e.Result, e.Key)
		}
		keys[e.Key] = true
	}
	return nil
}

// wantCopy compares the copy with the service, row by row.
func (r *rig) wantCopy(ctx context.Context, contacts int) error {
	id, err := r.copyIdentity(ctx)
	if err != nil {
		return err
	}
	cache, err := store.OpenCache(ctx, r.cacheDir(), id, time.Now)
	if err != nil {
		return err
	}
	defer func() { _ = cache.Close() }()
	if aside := cache.Quarantined(); aside != "" {
		return errors.New("the copy was damaged: " + aside)
	}
	reader, err := cache.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close(ctx) }()
	rows, err := reader.Next(ctx, 2*contacts)
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	for _, row := range rows {
		held, there := r.Service.Contact(row.ID())
		switch {
		case seen[row.ID()]:
			return fmt.Errorf("contact %d is in the copy twice", row.ID())
		case !there:
			return fmt.Errorf("contact %d is in the copy only", row.ID())
		case row.Get(model.FieldTitle).String() != text(held["title"]):
			return fmt.Errorf("the title of contact %d is %q in the copy and %v at the service", row.ID(), row.Get(model.FieldTitle).String(), held["title"])
		}
		seen[row.ID()] = true
	}
	if len(rows) != contacts {
		return fmt.Errorf("%d contacts are in the copy, want %d", len(rows), contacts)
	}
	return nil
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

// copyIdentity is whose the rows of the copy are, as the program noted it.
func (r *rig) copyIdentity(ctx context.Context) (id store.Identity, err error) {
	db, err := sql.Open("sqlite", "file:"+r.cacheFile())
	if err != nil {
		return id, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var key string
	if err := db.QueryRowContext(ctx, "SELECT identity FROM meta").Scan(&key); err != nil {
		return id, err
	}
	var parts [2]string
	err = json.Unmarshal([]byte(key), &parts)
	return store.Identity{BaseURL: parts[0], Account: parts[1]}, err
}
