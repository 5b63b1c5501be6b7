package service_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/work"
)

// X8: a create that may exist is asked about, whatever clocks and names say.
func TestCreateThatMayExistIsAskedAbout(t *testing.T) {
	t.Parallel()
	values := func(d model.Draft) model.Patch { return model.Diff(model.Contact{}, d) }
	for _, tt := range []struct {
		name   string
		values model.Patch
		ahead  time.Duration // of this machine's clock
		made   map[string]any
	}{
		{"the clock is 30 minutes ahead", newPerson("Jane", "Doe", "jane@doe.example"), 30 * time.Minute, nil},
		{"the clock is a week ahead", newPerson("Jane", "Doe", "jane@doe.example"), 7 * 24 * time.Hour, nil},
		{"the clock is a day behind", newPerson("Jane", "Doe", "jane@doe.example"), -24 * time.Hour, nil},
		{"no name and no e-mail", values(model.Draft{model.FieldType: model.TypeSponsor, model.FieldCity: "Reno"}), 0, nil},
		{"an accent in two characters", newPerson("Rene\u0301", "Doe", ""), 0, map[string]any{"first_name": "Ren\u00e9"}},
		{"another case", newPerson("jane", "doe", ""), 0, map[string]any{"first_name": "JANE", "last_name": "Doe"}},
		{"blanks and dots are tidied", newPerson(" J.  ", "O'Doe", ""), 0, map[string]any{"first_name": "J", "last_name": "O’Doe"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Contacts: 30, Tier: "unlimited"})
			p := w.start(func(o *service.Options) { o.Now = func() time.Time { return w.clock.Now().Add(tt.ahead) } })
			in := work.Create{Values: tt.values, Key: "11111111-1111-4111-8111-111111111111"}
			w.cutAfter(http.MethodPost, 1)
			_, err := p.Create(t.Context(), in)
			wantKind(t, err, model.KindNetwork)
			want(t, "nobody knows", errors.Is(err, work.ErrOutcomeUnknown), true)
			w.hook(nil)
			if tt.made != nil {
				made, err := p.Resolve(t.Context(), p.journal()[0])
				must(t, err)
				w.sandbox.Update(made.Candidates[0].ID(), tt.made)
			}
			w.later()
			saved, err := p.Create(t.Context(), in)
			must(t, err)
			want(t, "asked about", len(saved.Candidates), 1)
			want(t, "requests", w.asked("create"), 1)
		})
	}
}

// A create that was discarded may have been made all the same.
func TestDiscardedCreateIsLookedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 30, Tier: "unlimited"})
	p := w.start()
	typeJane(t, w, p)
	w.cutAfter(http.MethodPost, 1)
	_, err := p.Create(t.Context(), jane())
	wantKind(t, err, model.KindNetwork)
	w.hook(nil)
	must(t, p.DiscardDraft(t.Context(), "d1"))
	want(t, "result", p.journal()[0].Result, work.Discarded)
	again := jane()
	again.DraftID, again.Key = "d2", "22222222-2222-4222-8222-222222222222"
	saved, err := p.Create(t.Context(), again)
	must(t, err)
	want(t, "asked about", len(saved.Candidates), 1)
	want(t, "made", w.janes(), 1)
}

// X9: programs that create the same rows at once make each once.
func TestProgramsCreateTheSameAtOnce(t *testing.T) {
	t.Parallel()
	const programs, rows = 3, 4
	w := newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
	var all sync.WaitGroup
	for range programs {
		p := w.start(func(o *service.Options) {
			o.API.Sleep, o.Budget.Sleep = nil, w.clock.Sleep // another program is waited for in real time
		})
		all.Go(func() {
			for i := range rows {
				in := work.Create{Values: newPerson("Row", fmt.Sprint(i), ""), Key: fmt.Sprintf("11111111-1111-4111-8111-%012d", i)}
				saved, err := p.Create(t.Context(), in)
				if err != nil || saved.Contact.ID() == 0 {
					t.Errorf("row %d: %v %v", i, saved.Contact.ID(), err)
				}
			}
		})
	}
	all.Wait()
	want(t, "requests", w.asked("create"), rows)
	want(t, "made", w.applied("create"), rows)
}

// X11: what is undone is what the service made of the change.
func TestUndoAfterAServiceThatTidies(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3}, func(t *testing.T, w *world, p *program) {
		id := p.anID()
		w.sandbox.Update(id, map[string]any{"title": "Director", "city": "Reno"})
		base := p.contact(id)
		w.hook(func(r *http.Request, body []byte, after bool) error {
			if r.Method == http.MethodPatch && !after {
				tidy := strings.Replace(string(body), "PRINCIPAL", "Principal", 1)
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(tidy)), int64(len(tidy))
			}
			return nil
		})
		_, err := p.Save(t.Context(), work.Save{ID: id, Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "PRINCIPAL", model.FieldCity: ""})})
		must(t, err)
		want(t, "title", w.value(id, model.FieldTitle), any("Principal"))
		e := p.journal()[0]
		saved, err := p.Save(t.Context(), work.Save{ID: id, Patch: e.Patch().Inverse(), Undoes: e.ID})
		must(t, err)
		want(t, "conflicts", len(saved.Conflicts), 0)
		want(t, "title", w.value(id, model.FieldTitle), any("Director"))
		want(t, "city", w.value(id, model.FieldCity), any("Reno"))
	})
}

// A change of a bulk edit that did not arrive is looked up at the next start and
// sent again on request only.
func TestBulkItemOfADeadProgram(t *testing.T) {
	t.Parallel()
	for _, byRun := range []bool{true, false} {
		w := newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
		p := w.start()
		run, err := p.StartRun(t.Context(), "title", "", p.retitle("M"))
		must(t, err)
		dead := false
		w.hook(func(r *http.Request, _ []byte, _ bool) error {
			if r.Method == http.MethodPatch && !dead {
				dead = true
				p.die()
			}
			if dead {
				return errCut
			}
			return nil
		})
		if _, err := p.finish(run.ID); err == nil {
			t.Fatal("a dead program finished")
		}
		w.hook(nil)
		p = w.start()
		if !byRun {
			open, err := p.Unresolved(t.Context())
			must(t, err)
			r, err := p.Resolve(t.Context(), open[0])
			must(t, err)
			want(t, "finding", r.Finding, work.FoundMissing)
			want(t, "result", r.Entry.Result, work.Failed)
		}
		end, err := p.finish(run.ID)
		must(t, err)
		want(t, "state", end.State, work.RunDone)
		want(t, "missing", end.Counts[work.ItemMissing], 1)
		want(t, "sent", w.asked("patch"), 2)
		p.settleAll()
		want(t, "sent unasked", w.asked("patch"), 2)

		_, err = p.RetryItems(t.Context(), run.ID)
		must(t, err)
		end, err = p.finish(run.ID)
		must(t, err)
		want(t, "done", end.Counts[work.ItemDone], 3)
		want(t, "sent", w.applied("patch"), 3)
	}
}
