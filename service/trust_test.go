package service_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// titleSave is a save of a contact's title with a draft.
func titleSave(base model.Contact, title, draft string) work.Save {
	return work.Save{ID: base.ID(), Base: base, DraftID: draft, Patch: set(base, map[model.FieldID]string{model.FieldTitle: title})}
}

// settleAll does what a start does: it looks up what is unknown.
func (p *program) settleAll() {
	p.w.t.Helper()
	open, err := p.Unresolved(p.w.t.Context())
	must(p.w.t, err)
	for _, e := range open {
		_, err := p.Resolve(p.w.t.Context(), e)
		must(p.w.t, err)
	}
}

// What the user gave up is never sent, however the save had failed, and the
// journal says so.
func TestDiscardedChangeIsNeverSent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		faults []string // of one save after the other
		drop   bool
		result work.Result
	}{
		{"S1a bad gateway, discarded", []string{"502@patch"}, true, work.Discarded},
		{"S1b no response, discarded", []string{"reset@patch"}, true, work.Discarded},
		{"S1c no response, then forbidden", []string{"reset@patch", "403@patch"}, false, work.Failed},
		{"S1c no response, then refused", []string{"reset@patch", "refuse=title@patch"}, false, work.Failed},
		{"S1c no response, then payment", []string{"reset@patch", "402@patch"}, false, work.Failed},
		{"no response, then signed out, discarded", []string{"reset@patch", "401@patch"}, true, work.Discarded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
			p := w.start()
			base := p.contact(p.anID())
			must(t, p.KeepDraft(t.Context(), typed(w, "d", "WRONG")))
			for _, fault := range tt.faults {
				if strings.HasPrefix(fault, "reset") {
					w.cutBefore(http.MethodPatch, 1000)
				} else {
					w.hook(nil)
					w.faults(fault)
				}
				if _, err := p.Save(t.Context(), titleSave(base, "WRONG", "d")); err == nil {
					t.Fatalf("%s: saved", fault)
				}
			}
			if tt.drop {
				must(t, p.DiscardDraft(t.Context(), "d"))
			}
			w.hook(nil)
			w.faults("")
			sent := w.asked("patch")
			must(t, p.Close())
			for range 2 {
				p = w.start()
				p.settleAll()
				must(t, p.Close())
			}
			p = w.start()
			want(t, "sent afterwards", w.asked("patch")-sent, 0)
			want(t, "result", p.journal()[0].Result, tt.result)
			_, err := p.SendNow(t.Context(), p.journal()[0].ID)
			wantKind(t, err, model.KindRefused)
			_, err = p.Save(t.Context(), titleSave(base, "Right", "e"))
			must(t, err)
			want(t, "a later change", string(w.last("patch").Body), `{"title":"Right"}`)
		})
	}
}

// An edit that is discarded while its save is under way is not sent again.
func TestDiscardStopsASaveUnderWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
	p := w.start()
	base := p.contact(p.anID())
	must(t, p.KeepDraft(t.Context(), typed(w, "d", "WRONG")))
	began := make(chan struct{})
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		if r.Method != http.MethodPatch {
			return nil
		}
		if !after {
			close(began)
		}
		<-r.Context().Done()
		return r.Context().Err()
	})
	done := make(chan error, 1)
	go func() {
		_, err := p.Save(t.Context(), titleSave(base, "WRONG", "d"))
		done <- err
	}()
	<-began
	must(t, p.DiscardDraft(t.Context(), "d"))
	wantKind(t, <-done, model.KindCanceled)
	e := p.journal()[0]
	want(t, "result", e.Result, work.Discarded)
	want(t, "words", strings.Contains(e.Message, work.OutcomeUnknownText), true)
	want(t, "drafts", p.draftTitles(), "")
}

// A draft that is discarded while the write of it is looked up, or sent once
// more, takes the write with it.
func TestDiscardStopsALookup(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(p *program, ctx context.Context, e work.Entry) error{
		"look": func(p *program, ctx context.Context, e work.Entry) error { _, err := p.Resolve(ctx, e); return err },
		"send": func(p *program, ctx context.Context, e work.Entry) error { _, err := p.SendNow(ctx, e.ID); return err },
	} {
		stopsALookup(t, name+", discarded", take, func(p *program, _ work.Draft) error { return p.DiscardDraft(t.Context(), "d") })
		stopsALookup(t, name+", taken back", take, func(p *program, d work.Draft) error {
			return p.KeepDraft(t.Context(), work.Draft{ID: "d", TakenBack: true, Updated: d.Updated.Add(time.Second)})
		})
	}
}

func stopsALookup(t *testing.T, name string, take func(*program, context.Context, work.Entry) error,
	end func(*program, work.Draft) error) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
		p := w.start()
		base := p.contact(p.anID())
		draft := typed(w, "d", "WRONG")
		must(t, p.KeepDraft(t.Context(), draft))
		w.faults("502@patch")
		_, _ = p.Save(t.Context(), titleSave(base, "WRONG", "d"))
		w.faults("")
		open := p.journal()[0]
		want(t, "unknown", open.Result, work.Unknown)
		sent := w.asked("patch")
		began := make(chan struct{})
		w.hook(func(r *http.Request, _ []byte, after bool) error {
			if after {
				return nil
			}
			close(began)
			<-r.Context().Done()
			return r.Context().Err()
		})
		done := make(chan error, 1)
		go func() { done <- take(p, t.Context(), open) }()
		<-began
		must(t, end(p, draft))
		wantKind(t, <-done, model.KindCanceled)
		want(t, "result", p.journal()[0].Result, work.Discarded)
		want(t, "sent", w.asked("patch")-sent, 0)
		want(t, "drafts", p.draftTitles(), "")
	})
}

// A kind of write that this version does not know is refused, never taken for
// an update.
func TestUnknownKindOfWriteIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 3})
	p := w.start()
	base := p.contact(p.anID())
	must(t, p.KeepDraft(t.Context(), typed(w, "d", "Y"))) // opens the state
	e, err := p.state.Begin(t.Context(), work.Entry{Kind: "archive", ContactID: base.ID()}, store.Claim{})
	must(t, err)
	must(t, p.state.Finish(t.Context(), e.ID, store.Outcome{Result: work.Unknown}))
	_, err = p.Resolve(t.Context(), e)
	wantKind(t, err, model.KindRefused, `"archive"`)
	_, err = p.SendNow(t.Context(), e.ID)
	wantKind(t, err, model.KindRefused, `"archive"`)
	save := titleSave(base, "Y", "")
	save.Undoes = e.ID
	_, err = p.Save(t.Context(), save)
	wantKind(t, err, model.KindRefused, `"archive"`)
	_, err = p.Save(t.Context(), titleSave(base, "Y", ""))
	must(t, err)
	want(t, "left as it is", p.journal()[1].Result, work.Unknown)
}

// X1: the look before a change is a few seconds old at most when the change
// goes, and is repeated before every retry.
func TestChangeMeetsALateColleague(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, fault string
		busy        int // changes of others in this minute
	}{
		{"429 on the change", "429=40s@patch:1", 0},
		{"503 on the change", "503=3s@patch:1", 0},
		{"the connection breaks", "reset@patch:1", 0},
		{"the rate limit makes it wait", "", 10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Contacts: 20, Tier: "free"})
			slept := func() {}
			p := w.start(func(o *service.Options) {
				o.API.Sleep = func(ctx context.Context, d time.Duration) error {
					slept()
					return w.clock.Sleep(ctx, d)
				}
			})
			_, err := p.Account(t.Context())
			must(t, err)
			page, err := p.Page(t.Context(), work.PageRequest{List: model.CursorList(model.ConnectedOnly, 20), Feed: work.FeedRows})
			must(t, err)
			base := page.Contacts()[19]
			for i := range tt.busy {
				if i == 5 { // so that the looks are not what waits
					w.clock.add(30 * time.Second)
				}
				c := page.Contacts()[i]
				s := titleSave(c, "Busy", "")
				s.Base, s.BaseAt = c, w.clock.Now()
				_, err := p.Save(t.Context(), s)
				must(t, err)
			}
			w.faults(tt.fault)
			slept = func() { w.sandbox.Update(base.ID(), map[string]any{"title": "Theirs"}) }
			s := titleSave(base, "Mine", "")
			s.BaseAt = w.clock.Now()
			saved, err := p.Save(t.Context(), s)
			must(t, err)
			want(t, "conflicts", len(saved.Conflicts), 1)
			want(t, "theirs", saved.Theirs.Get(model.FieldTitle).String(), "Theirs")
			want(t, "title", w.value(base.ID(), model.FieldTitle), any("Theirs"))
			want(t, "result", p.journal()[0].Result, work.Failed)
		})
	}
}

// X2: two programs on one profile see each other's change of a contact.
func TestTwoProgramsChangeOneContact(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) (w *world, p, q *program, base model.Contact) {
		w = newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
		p, q = w.start(), w.start()
		return w, p, q, p.contact(p.anID())
	}
	conflict := func(t *testing.T, w *world, saved work.Saved, err error) {
		t.Helper()
		must(t, err)
		want(t, "conflicts", len(saved.Conflicts), 1)
		want(t, "title", w.value(saved.Theirs.ID(), model.FieldTitle), any("of p"))
		want(t, "changes", w.applied("patch"), 1)
	}
	t.Run("one after the other, both just looked", func(t *testing.T) {
		t.Parallel()
		w, p, q, base := start(t)
		of := func(title string) work.Save {
			s := titleSave(base, title, "")
			s.BaseAt = w.clock.Now()
			return s
		}
		mine := of("of q")
		_, err := p.Save(t.Context(), of("of p"))
		must(t, err)
		saved, err := q.Save(t.Context(), mine)
		conflict(t, w, saved, err)
	})
	t.Run("the other writes after the look", func(t *testing.T) {
		t.Parallel()
		w, p, q, base := start(t)
		once := false
		w.hook(func(r *http.Request, _ []byte, after bool) error {
			if r.Method == http.MethodGet && after && !once {
				once = true
				_, err := p.Save(t.Context(), titleSave(base, "of p", ""))
				return err
			}
			return nil
		})
		saved, err := q.Save(t.Context(), titleSave(base, "of q", ""))
		conflict(t, w, saved, err)
	})
	t.Run("while the other is sending", func(t *testing.T) {
		t.Parallel()
		w, p, q, base := start(t)
		var second error
		w.hook(func(r *http.Request, _ []byte, after bool) error {
			if r.Method == http.MethodPatch && after {
				_, second = q.Save(t.Context(), titleSave(base, "of q", ""))
			}
			return nil
		})
		_, err := p.Save(t.Context(), titleSave(base, "of p", ""))
		must(t, err)
		wantKind(t, second, model.KindRefused, "another running program")
		want(t, "cause", errors.Is(second, work.ErrElsewhere), true)
		w.hook(nil)
		saved, err := q.Save(t.Context(), titleSave(base, "of q", ""))
		conflict(t, w, saved, err)
	})
}

// An edit is discarded at every moment of its save, with every kind of network:
// nothing is sent after DiscardDraft returned, then or at a later start.
func TestDiscardAtEveryMoment(t *testing.T) {
	t.Parallel()
	moments := []string{"before the save", "GET sent", "GET answered", "PATCH sent", "PATCH answered", "pause", "after the save"}
	networks := []string{"", "502@patch", "503=2s@patch", "429=20s@patch", "reset@patch", "lost-answer@patch", "truncated@patch", "reset@get:2-9"}
	for _, moment := range moments {
		for _, network := range networks {
			t.Run(moment+" "+network, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited"})
				var once sync.Once
				var p *program
				dropped := make(chan error, 1)
				begun := make(chan struct{})
				drop := func(ctx context.Context) {
					once.Do(func() {
						go func() {
							close(begun)
							dropped <- p.DiscardDraft(t.Context(), "d")
						}()
						<-begun
						if ctx != nil {
							<-ctx.Done() // the discard stops what is under way
						}
					})
				}
				p = w.start(func(o *service.Options) {
					o.API.Sleep = func(ctx context.Context, d time.Duration) error {
						if moment == "pause" {
							drop(ctx)
						}
						return w.clock.Sleep(ctx, d)
					}
				})
				base := p.contact(p.anID())
				must(t, p.KeepDraft(t.Context(), typed(w, "d", "WRONG")))
				if moment == "before the save" {
					drop(nil)
					must(t, <-dropped)
					dropped <- nil
				} else {
					w.faults(network)
					w.hook(func(r *http.Request, _ []byte, after bool) error {
						if moment == r.Method+map[bool]string{false: " sent", true: " answered"}[after] {
							drop(r.Context())
							return r.Context().Err()
						}
						return nil
					})
					_, _ = p.Save(t.Context(), titleSave(base, "WRONG", "d"))
				}
				drop(nil) // also where the moment never came
				must(t, <-dropped)
				sent := w.asked("patch")
				w.hook(nil)
				w.faults("")
				p.settleAll()
				must(t, p.Close())
				p = w.start()
				p.settleAll()
				want(t, "sent after it was discarded", w.asked("patch")-sent, 0)
				want(t, "drafts", p.draftTitles(), "")
				for _, e := range p.journal() {
					want(t, "still open", e.Result.Open(), false)
				}
			})
		}
	}
}
