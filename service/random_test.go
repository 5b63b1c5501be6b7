package service_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// lives plays a person, a colleague, a bad network and sudden deaths, and checks
// every write at the moment it arrives.
type lives struct {
	t      *testing.T
	w      *world
	p      *program
	rand   *rand.Rand
	shown  map[string]string // by contact, field and new value: the value that was shown as the old one
	drafts int
	fate   string // of the next write: "", before, after, death before, death after
}

func TestRandomLives(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Contacts: 4, Tier: "unlimited", Seed: seed + 1})
			l := &lives{t: t, w: w, p: w.start(), rand: rand.New(rand.NewPCG(seed, 0)), shown: map[string]string{}}
			w.hook(l.onSend)
			for range 30 {
				w.clock.add(time.Minute)
				switch l.rand.IntN(6) {
				case 0:
					l.colleague()
				case 1:
					l.create()
				case 2:
					l.settle()
				default:
					l.save()
				}
			}
			l.fate = ""
			w.later()
			l.settle()
			open, err := l.p.Unresolved(t.Context())
			must(t, err)
			want(t, "unresolved in the end", len(open), 0)
			names := map[string]bool{}
			for _, e := range w.sandbox.Requests() {
				if e.Endpoint == "create" && e.Applied {
					want(t, string(e.Body)+" created before", names[string(e.Body)], false)
					names[string(e.Body)] = true
				}
			}
		})
	}
}

func (l *lives) onSend(r *http.Request, body []byte, after bool) error {
	if r.Method == http.MethodGet {
		return nil
	}
	if r.Method == http.MethodPatch && !after {
		l.check(r.URL.Path, body)
	}
	when, dies := strings.CutPrefix(l.fate, "death ")
	if l.fate == "" || (when == "after") != after {
		return nil
	}
	if dies {
		l.p.die()
	}
	return errCut
}

// check is about a change that arrives: it was shown, and what it replaces too.
func (l *lives) check(path string, body []byte) {
	id, err := strconv.ParseInt(path[strings.LastIndexByte(path, '/')+1:], 10, 64)
	must(l.t, err)
	now, _ := l.w.sandbox.Contact(id)
	var fields map[string]string
	must(l.t, json.Unmarshal(body, &fields))
	for name, value := range fields {
		before, ok := l.shown[fmt.Sprint(id, name, value)]
		if !ok {
			l.t.Errorf("contact %d: %s=%s was never shown", id, name, value)
		}
		if was := text(now[name]); was != before && was != value {
			l.t.Errorf("contact %d: %s was %q when %q replaced it, and %q was shown", id, name, was, value, before)
		}
	}
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// field is one of three, so that the two meet often.
func (l *lives) field() model.FieldID {
	return []model.FieldID{model.FieldTitle, model.FieldCity, model.FieldDepartment}[l.rand.IntN(3)]
}

func (l *lives) word() string { return fmt.Sprintf("w%d", l.rand.IntN(1_000_000)) }

func (l *lives) id() int64 {
	page, err := l.p.Page(l.t.Context(), work.PageRequest{List: model.CursorList(model.ConnectedOnly, 4), Feed: work.FeedRows})
	must(l.t, err)
	return page.Contacts()[l.rand.IntN(len(page.Rows))].ID()
}

func (l *lives) colleague() {
	l.w.sandbox.Update(l.id(), map[string]any{l.field().Name(): l.word()})
}

func (l *lives) bad() string {
	return []string{"", "", "", "before", "after", "death before", "death after"}[l.rand.IntN(7)]
}

// again begins a new run where the last one died.
func (l *lives) again() {
	if strings.HasPrefix(l.fate, "death") {
		l.p.die() // also when nothing was sent
		l.p = l.w.start()
	}
	l.fate = ""
}

func (l *lives) save() {
	base := l.p.contact(l.id())
	patch := set(base, map[model.FieldID]string{l.field(): l.word(), l.field(): l.word()})
	if l.rand.IntN(3) == 0 {
		l.colleague()
	}
	for range 3 {
		for _, c := range patch.Changes() {
			l.shown[fmt.Sprint(base.ID(), c.Field.Name(), c.After)] = c.Before.String()
		}
		l.fate = l.bad()
		saved, err := l.p.Save(l.t.Context(), work.Save{ID: base.ID(), Base: base, Patch: patch})
		l.again()
		switch {
		case err != nil:
			continue // the person tries again
		case len(saved.Conflicts) == 0:
			return
		}
		changes := patch.Changes() // the person wants their own all the same
		for i, c := range changes {
			changes[i].Before = saved.Theirs.Get(c.Field)
		}
		patch = model.NewPatch(changes...)
	}
}

func (l *lives) create() {
	l.drafts++
	id := fmt.Sprint("draft", l.drafts)
	in := work.Create{Values: newPerson("New", fmt.Sprint("Person", l.drafts), id+"@example.com"), DraftID: id, Key: l.w.newID()}
	must(l.t, l.p.KeepDraft(l.t.Context(), work.Draft{ID: id, Kind: work.DraftCreate, Key: in.Key, Updated: l.w.clock.Now(), Values: model.Draft{model.FieldEmail: id}}))
	for range 3 {
		l.fate = l.bad()
		saved, err := l.p.Create(l.t.Context(), in)
		l.again()
		if err != nil {
			continue
		}
		if len(saved.Candidates) > 0 {
			must(l.t, l.p.Settle(l.t.Context(), saved.EntryID, saved.Candidates[0].ID()))
		}
		return
	}
}

// settle is what the screen does at a start.
func (l *lives) settle() {
	open, err := l.p.Unresolved(l.t.Context())
	must(l.t, err)
	for _, e := range open {
		r, err := l.p.Resolve(l.t.Context(), e)
		if errors.Is(err, work.ErrCannotLook) {
			continue // asked again later
		}
		must(l.t, err)
		if r.Finding == work.FoundMissing && r.Entry.Result == work.Unknown {
			if l.rand.IntN(2) == 0 {
				must(l.t, l.p.Forget(l.t.Context(), e.ID))
				continue
			}
			_, err := l.p.SendNow(l.t.Context(), e.ID)
			must(l.t, err)
		}
		if len(r.Candidates) > 0 {
			must(l.t, l.p.Settle(l.t.Context(), e.ID, r.Candidates[0].ID()))
		}
	}
}
