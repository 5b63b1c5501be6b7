package service_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

func TestGaugeAndEstimate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Tier: "standard"})
	began, asleep := w.clock.Now(), func() {}
	p := w.start(func(o *service.Options) {
		o.API.Sleep = func(ctx context.Context, d time.Duration) error {
			asleep()
			return w.clock.Sleep(ctx, d)
		}
	})
	want(t, "full", p.Quota(), work.Quota{Limit: 20, Left: 20})
	p.anID()
	want(t, "after one", p.Quota(), work.Quota{Limit: 20, Left: 19})
	want(t, "a few more", p.Estimate(5, work.Screen), 0)
	want(t, "background leaves the reserve", p.Estimate(19, work.Index) > 0 && p.Estimate(19, work.Screen) == 0, true)
	w.faults("429=7s@list:1")
	var paused work.Quota
	asleep = func() { paused = p.Quota() }
	p.anID()
	want(t, "frozen during the pause", paused.Frozen && paused.Until.Equal(began.Add(7*time.Second)), true)
	want(t, "thawed", p.Quota().Frozen, false)
}

// What a save waits for is told beside what the list waits for.
func TestGaugeTellsOfSaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Tier: "unlimited"})
	var paused []work.Quota
	asleep := func() {}
	p := w.start(func(o *service.Options) {
		o.API.Sleep = func(ctx context.Context, d time.Duration) error {
			asleep()
			return w.clock.Sleep(ctx, d)
		}
	})
	base := p.contact(p.anID())
	began := w.clock.Now()
	asleep = func() { paused = append(paused, p.Quota()) }
	w.faults("429=7s@patch:1")
	_, err := p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Principal"})})
	must(t, err)
	want(t, "pauses", len(paused) > 0, true)
	want(t, "until when", paused[0].SaveUntil.Sub(began), 7*time.Second)
	want(t, "asked by the service", paused[0].SaveFrozen, true)
	want(t, "the list waits for nothing", paused[0].Until, time.Time{})
	want(t, "afterwards", p.Quota().SaveUntil, time.Time{})
}

// The person is told that a request is tried again, while it is.
func TestGaugeTellsOfFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Tier: "unlimited"})
	var paused []work.Quota
	asleep := func() {}
	p := w.start(func(o *service.Options) {
		o.API.Sleep = func(ctx context.Context, d time.Duration) error {
			asleep()
			return w.clock.Sleep(ctx, d)
		}
	})
	id := p.anID()
	asleep = func() { paused = append(paused, p.Quota()) }
	w.cutBefore(http.MethodGet, 1)
	w.faults("503@get:1")
	_, err := p.Contact(t.Context(), id)
	must(t, err)
	var told []string
	for _, g := range paused {
		told = append(told, fmt.Sprintf("%d: %d", g.Failed, g.Status))
	}
	want(t, "in the pauses", strings.Join(told, ", "), "1: 0, 2: 503")
	want(t, "after the answer", p.Quota().Failed, 0)
}

func TestExchangesAndReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 300, Tier: "unlimited"})
	p := w.start(func(o *service.Options) {
		o.Redact = func(s string) string { return strings.ReplaceAll(s, "req-hidden", "[redacted]") }
	})
	c := p.contact(p.anID())
	p.pass()
	_, err := p.Save(t.Context(), work.Save{ID: c.ID(), Base: c, Patch: set(c, map[model.FieldID]string{model.FieldTitle: "Secret title"})})
	must(t, err)
	w.faults("500@get")
	_, err = p.Contact(t.Context(), c.ID())
	wantKind(t, err, model.KindUnavailable)

	all := p.Exchanges()
	last := all[len(all)-1]
	want(t, "path", last.Path, fmt.Sprintf("%s/contacts/%d", sandbox.BasePath, c.ID()))
	want(t, "outcome", fmt.Sprintf("%d %s %t %t", last.Status, last.Problem, last.Attempt > 1, last.RequestID != ""), "500 unavailable true true")
	want(t, "the first went well", all[0].Problem+fmt.Sprint(all[0].Status), "200")

	r := p.Report()
	for _, part := range []string{"0.1.0-test", "default", w.server.URL, "build", "/contacts/{id}", "limit=200", "cursor=…", "PATCH", last.RequestID, "unavailable"} {
		if !strings.Contains(r, part) {
			t.Errorf("the report does not say %q:\n%s", part, r)
		}
	}
	for _, secret := range []string{fmt.Sprintf("/contacts/%d", c.ID()), c.Name(), "Secret title", testKey, "eyJ"} {
		if strings.Contains(r, secret) {
			t.Errorf("the report says %q:\n%s", secret, r)
		}
	}
	for range 600 {
		p.anID()
	}
	want(t, "kept", len(p.Exchanges()), 500)
	want(t, "newest last", !p.Exchanges()[499].At.Before(p.Exchanges()[0].At), true)
	want(t, "reported", strings.Contains(p.Report(), "the last 50 of 500 requests"), true)
}

// views is a configuration file with views.
type views struct{ kept []work.View }

func (v *views) Views() ([]work.View, error) { return v.kept, nil }

func (v *views) SaveView(one work.View) error {
	v.kept = append(v.kept, one)
	return nil
}

func (v *views) RemoveView(name string) error {
	v.kept = slices.DeleteFunc(v.kept, func(one work.View) bool { return one.Name == name })
	return nil
}

func TestViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	file := &views{}
	p := w.start(func(o *service.Options) { o.Views = file })
	last, err := p.LastView(t.Context())
	must(t, err)
	want(t, "none yet", last.Filter+last.Search, "")
	v := work.View{Name: "lenders", Search: "chen", Filter: "type:lender", Sort: model.Sort{Field: model.FieldCity, Desc: true}, Columns: []string{"name", "city"}}
	must(t, p.SaveView(t.Context(), v))
	must(t, p.RememberView(t.Context(), v))
	must(t, p.Close())
	p = w.start(func(o *service.Options) { o.Views = file })
	all, err := p.Views(t.Context())
	must(t, err)
	want(t, "named", all[0].Name, "lenders")
	last, err = p.LastView(t.Context())
	must(t, err)
	v.Name = ""
	want(t, "as it was shown", fmt.Sprint(last), fmt.Sprint(v))
	demo := w.start(inMemory)
	v.Name = "mine"
	must(t, demo.SaveView(t.Context(), v))
	v.Search = "li"
	must(t, demo.SaveView(t.Context(), v))
	must(t, demo.RememberView(t.Context(), work.View{}))
	got, err := demo.Views(t.Context())
	must(t, err)
	if len(got) != 1 || got[0].Search != "li" {
		t.Errorf("without a file the views of this run are %+v", got)
	}
}

// The cached rows of a large book are there in the time of a few frames.
func BenchmarkOpenCopy(b *testing.B) {
	dir := b.TempDir()
	identity := store.Identity{BaseURL: "http://127.0.0.1"}
	cache, err := store.OpenCache(b.Context(), filepath.Join(dir, "cache"), identity, time.Now)
	must(b, err)
	rows := make([]model.Packed, 100_000)
	for i := range rows {
		rows[i] = model.NewContact(int64(i+1), map[model.FieldID]model.Value{model.FieldEmail: model.TextValue(fmt.Sprintf("person%d@example.com", i))}).Pack()
	}
	must(b, cache.Put(b.Context(), rows...))
	must(b, cache.Close())
	id := 0
	for b.Loop() {
		s, err := service.New(service.Options{
			API: apiOptions("http://127.0.0.1:1"),
			OpenCache: func(ctx context.Context) (*store.Cache, error) {
				return store.OpenCache(ctx, filepath.Join(dir, "cache"), identity, time.Now)
			},
			OpenState: func(ctx context.Context) (*store.State, error) {
				return store.OpenState(ctx, filepath.Join(dir, "state"), identity, time.Now, func() string { id++; return fmt.Sprint(id) })
			},
		})
		must(b, err)
		o, err := s.OpenCopy(b.Context())
		must(b, err)
		want(b, "rows", len(o.Rows), 100)
		must(b, s.Close())
	}
}

func apiOptions(base string) api.Options {
	return api.Options{BaseURL: base, Token: func() string { return testKey }, Origin: "levcontacts/test"}
}
