package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// held is a server that answers when it is let go.
type held struct {
	arrived chan struct{}
	release chan struct{}
	gone    chan struct{}
}

func newHeld() *held {
	return &held{make(chan struct{}, 16), make(chan struct{}), make(chan struct{}, 16)}
}

func (h *held) serve(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h.arrived <- struct{}{}
		select {
		case <-h.release:
			says(200, body)(w, r)
		case <-r.Context().Done():
			h.gone <- struct{}{}
		}
	}
}

// waiting is how many callers wait for the only list under way.
func (r *rig) waiting() int {
	r.lists.mu.Lock()
	defer r.lists.mu.Unlock()
	for _, f := range r.lists.byKey {
		return f.waiting
	}
	return 0
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not happen", what)
		}
	}
}

func TestIdenticalReadsAreJoined(t *testing.T) {
	t.Parallel()
	h := newHeld()
	r := newRig(t, h.serve(listOf(1, 2)))
	var wg sync.WaitGroup
	pages := make([]model.Page, 5)
	for i := range pages {
		wg.Go(func() {
			page, err := r.List(t.Context(), firstPage(), work.Screen)
			if err != nil {
				t.Error(err)
			}
			pages[i] = page
		})
	}
	eventually(t, "joining", func() bool { return r.waiting() == len(pages) })
	close(h.release)
	wg.Wait()
	equal(t, "requests", len(r.log()), 1)
	pages[0].Rows[0] = model.NewContact(99, nil).Pack()
	for _, page := range pages[1:] {
		equal(t, "first row", page.Contacts()[0].ID(), 1)
	}
	if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
		t.Fatal(err)
	}
	equal(t, "requests after the answer", len(r.log()), 2)
}

func TestDifferentReadsAreNotJoined(t *testing.T) {
	t.Parallel()
	h := newHeld()
	var mu sync.Mutex
	token := "token-one"
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		if strings.Contains(req.URL.Path, "78") {
			h.serve(oneContact(78))(w, req)
			return
		}
		h.serve(listOf(1))(w, req)
	}, func(o *Options) {
		o.Token = func() string { mu.Lock(); defer mu.Unlock(); return token }
	})
	var wg sync.WaitGroup
	list := func(ask model.Request) {
		wg.Go(func() {
			if _, err := r.List(t.Context(), ask, work.Screen); err != nil {
				t.Error(err)
			}
		})
		<-h.arrived
	}
	list(firstPage())
	list(firstPage().WithLimit(51))
	wg.Go(func() {
		if _, _, err := r.Get(t.Context(), 78, work.Screen); err != nil {
			t.Error(err)
		}
	})
	<-h.arrived
	mu.Lock()
	token = "token-two" // a new sign-in does not wait for the response to the old one
	mu.Unlock()
	list(firstPage())
	close(h.release)
	wg.Wait()
	equal(t, "requests", len(r.log()), 4)
}

func TestOneCallerGivingUpLeavesTheOthers(t *testing.T) {
	t.Parallel()
	h := newHeld()
	r := newRig(t, h.serve(listOf(1)))
	first, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var firstErr error
	wg.Go(func() { _, firstErr = r.List(first, firstPage(), work.Index) })
	<-h.arrived
	wg.Go(func() {
		if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "joining", func() bool { return r.waiting() == 2 })
	cancel()
	eventually(t, "leaving", func() bool { return r.waiting() == 1 })
	close(h.release)
	wg.Wait()
	equal(t, "requests", len(r.log()), 1)
	e := failed(t, firstErr, model.KindCanceled)
	equal(t, "op", e.Op, "list contacts")
}

func TestLastCallerGivingUpStopsTheRequest(t *testing.T) {
	t.Parallel()
	h := newHeld()
	r := newRig(t, h.serve(listOf(1)))
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			_, err := r.List(ctx, firstPage(), work.Index)
			if model.KindOf(err) != model.KindCanceled {
				t.Errorf("error %v", err)
			}
		})
	}
	<-h.arrived
	eventually(t, "joining", func() bool { return r.waiting() == 2 })
	cancel()
	wg.Wait()
	<-h.gone
	equal(t, "under way", r.waiting(), 0)
	close(h.release)
	if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func TestPanicReachesTheCaller(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, &rig{}, "http://127.0.0.1:1", func(o *Options) {
		o.Transport = wireFunc(func(*http.Request) (*http.Response, error) { panic("boom") })
	})
	defer func() {
		contains(t, "panic", fmt.Sprint(recover()), "boom", "singleflight_test.go")
	}()
	_, _ = c.List(t.Context(), firstPage(), work.Screen)
	t.Error("no panic")
}

// fakeLimiter lets requests out one by one and writes down who asked.
type fakeLimiter struct {
	mu      sync.Mutex
	asked   []string
	limited []string
	unsent  []string
	turn    func(ctx context.Context, n int) error
}

func (g *fakeLimiter) Wait(ctx context.Context, endpoint string, p work.Priority) error {
	g.mu.Lock()
	g.asked = append(g.asked, fmt.Sprint(endpoint, " ", p))
	n := len(g.asked)
	g.mu.Unlock()
	if g.turn != nil {
		return g.turn(ctx, n)
	}
	return nil
}

func (g *fakeLimiter) Limited(endpoint, scope string, retryAfter time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limited = append(g.limited, fmt.Sprint(endpoint, " ", scope, " ", retryAfter))
}

func (g *fakeLimiter) Unsent(endpoint string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.unsent = append(g.unsent, endpoint)
}

func (g *fakeLimiter) questions() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.asked)
}

func TestRateLimiterIsAskedBeforeEveryAttempt(t *testing.T) {
	t.Parallel()
	g := &fakeLimiter{}
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		switch {
		case strings.HasSuffix(req.URL.Path, "/build/contacts"):
			http.NotFound(w, req)
		case strings.HasSuffix(req.URL.Path, "/contacts") && req.Method == "GET":
			says(200, listOf(1))(w, req)
		case strings.HasSuffix(req.URL.Path, "/me"):
			tooMany(`,"retry_after_seconds":70`)(w, req)
		case req.Method == "POST":
			says(201, oneContact(142))(w, req)
		case req.Method == "PATCH":
			says(200, oneContact(78))(w, req)
		default:
			status(500)(w, req)
		}
	}, func(o *Options) { o.RateLimiter = g })
	_, err := r.List(t.Context(), firstPage(), work.Next)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = r.Get(t.Context(), 78, work.Index)
	failed(t, err, model.KindUnavailable)
	_, err = r.Me(t.Context())
	e := failed(t, err, model.KindRateLimited)
	equal(t, "retry after", e.RetryAfter, 70*time.Second)
	if _, _, err = r.Create(t.Context(), newPatch(), nil, "k"); err != nil {
		t.Fatal(err)
	}
	if _, _, err = r.Update(t.Context(), 78, titlePatch(), "k"); err != nil {
		t.Fatal(err)
	}
	equalLists(t, "asked", g.asked, []string{"list 2", "list 2", "get 3", "get 3", "get 3", "get 3", "me 1", "create 0", "update 0"})
	equalLists(t, "limited", g.limited, []string{"me endpoint 1m10s"})
	equal(t, "requests", len(r.log()), len(g.asked))
}

func TestWaitingForATurn(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	g := &fakeLimiter{turn: func(turn context.Context, _ int) error {
		cancel()
		<-turn.Done()
		return turn.Err()
	}}
	r := newRig(t, says(200, ""), func(o *Options) { o.RateLimiter = g })
	_, receipt, err := r.Update(ctx, 78, titlePatch(), "k")
	e := failed(t, err, model.KindCanceled)
	equal(t, "op", e.Op, "save contact 78")
	equal(t, "receipt", receipt, Receipt{})
	equal(t, "requests", len(r.log()), 0)
	equal(t, "exchanges", len(r.exchanges), 0)
}

func TestRateLimiterThatRefuses(t *testing.T) {
	t.Parallel()
	own := &model.Error{Kind: model.KindRateLimited, Message: "budget spent"}
	for _, tt := range []struct {
		err  error
		kind model.ErrorKind
	}{{own, model.KindRateLimited}, {errors.New("disk full"), model.KindRefused}} {
		r := newRig(t, says(200, ""), func(o *Options) {
			o.RateLimiter = &fakeLimiter{turn: func(context.Context, int) error { return tt.err }}
		})
		_, err := r.List(t.Context(), firstPage(), work.Index)
		e := failed(t, err, tt.kind)
		equal(t, "op", e.Op, "list contacts")
		equal(t, "requests", len(r.log()), 0)
	}
	equal(t, "the limiter's own error", own.Op, "")
}

// What the user asks for does not wait as the background work that it joins.
func TestJoiningRaisesThePriority(t *testing.T) {
	t.Parallel()
	g := &fakeLimiter{turn: func(ctx context.Context, n int) error {
		if n > 1 {
			return nil
		}
		<-ctx.Done() // background work waits for ever
		return ctx.Err()
	}}
	r := newRig(t, says(200, listOf(1)), func(o *Options) { o.RateLimiter = g })
	var wg sync.WaitGroup
	for i, p := range []work.Priority{work.Index, work.Screen} {
		wg.Go(func() {
			if _, err := r.List(t.Context(), firstPage(), p); err != nil {
				t.Error(err)
			}
		})
		eventually(t, "a question", func() bool { return g.questions() > i })
	}
	wg.Wait()
	equalLists(t, "asked", g.asked, []string{"list 3", "list 1"})
	equal(t, "requests", len(r.log()), 1)
}
