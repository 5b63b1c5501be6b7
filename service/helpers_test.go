package service_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/api/contract"
	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

const testKey = "lev_sk_test_0123456789abcdef"

// clock moves only when somebody sleeps on it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 20, 15, 30, 45, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.add(d)
	return nil
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(max(d, 0))
}

// world is a service over HTTP, a clock, and the folder of a profile.
type world struct {
	t       *testing.T
	clock   *clock
	sandbox *sandbox.Server
	server  *httptest.Server
	dir     string

	mu       sync.Mutex
	ids      int
	problems []string
	// onSend, when set, is asked before a request goes out and after its answer
	// came; an error takes the answer's place.
	onSend func(r *http.Request, body []byte, after bool) error
}

func newWorld(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	w := &world{t: t, clock: newClock(), dir: t.TempDir()}
	o.Now, o.Sleep = w.clock.Now, w.clock.Sleep
	var err error
	if w.sandbox, err = sandbox.New(o); err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewServer(contract.Handler(t, contract.Version(o.Dialect), contract.Options{}, w.sandbox))
	t.Cleanup(w.server.Close)
	return w
}

func (w *world) newID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", w.ids)
}

// RoundTrip makes the world the network.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	hook := w.onSend
	w.mu.Unlock()
	if hook == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if err := hook(r, body, false); err != nil {
		return nil, err
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := hook(r, body, true); err != nil {
		res.Body.Close()
		return nil, err
	}
	return res, nil
}

func (w *world) hook(fn func(r *http.Request, body []byte, after bool) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.onSend = fn
}

// program is one run of the program.
type program struct {
	*service.Service
	w     *world
	cache *store.Cache
	state *store.State
}

func (w *world) options(p *program) service.Options {
	identity := store.Identity{BaseURL: w.server.URL}
	return service.Options{
		API: api.Options{BaseURL: w.server.URL + sandbox.BasePath, Token: func() string { return testKey }, Origin: "levcontacts/test",
			Transport: w, Sleep: w.clock.Sleep, Rand: func() float64 { return 0.5 }},
		Budget: budget.Options{Path: filepath.Join(w.dir, "budget")},
		OpenCache: func(ctx context.Context) (c *store.Cache, err error) {
			c, err = store.OpenCache(ctx, filepath.Join(w.dir, "cache"), identity, w.clock.Now)
			p.cache = c
			return c, err
		},
		OpenState: func(ctx context.Context) (s *store.State, err error) {
			s, err = store.OpenState(ctx, filepath.Join(w.dir, "state"), identity, w.clock.Now, w.newID, store.Unsynced)
			p.state = s
			return s, err
		},
		OnProblem: func(text string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.problems = append(w.problems, text)
		},
		Profile: "default", Version: "0.1.0-test", ExportDir: w.dir, Now: w.clock.Now, NewID: w.newID,
	}
}

// start begins a run; change may alter its options.
func (w *world) start(change ...func(*service.Options)) *program {
	w.t.Helper()
	p := &program{w: w}
	o := w.options(p)
	for _, fn := range change {
		fn(&o)
	}
	s, err := service.New(o)
	must(w.t, err)
	p.Service = s
	w.t.Cleanup(func() { s.Close() })
	return p
}

// die ends a run as kill does: the files are let go of, and nothing is noted in
// them any more.
func (p *program) die() {
	if p.state != nil {
		p.state.Close()
	}
	if p.cache != nil {
		p.cache.Close()
	}
}

// inMemory keeps drafts and journal in memory, and no copy.
func inMemory(o *service.Options) { o.OpenCache, o.OpenState = nil, nil }

// inMemoryWorld runs a test with one program that keeps nothing on disk.
func inMemoryWorld(t *testing.T, o sandbox.Options, fn func(t *testing.T, w *world, p *program)) {
	t.Helper()
	w := newWorld(t, o)
	fn(t, w, w.start(inMemory))
}

func (w *world) said() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.problems)
}

func (w *world) faults(spec string) {
	w.t.Helper()
	f, err := sandbox.ParseFaults(spec)
	must(w.t, err)
	w.sandbox.SetFaults(f)
}

// asked counts the requests that reached the service, by endpoint.
func (w *world) asked(endpoint string) (n int) {
	for _, e := range w.sandbox.Requests() {
		if e.Endpoint == endpoint {
			n++
		}
	}
	return n
}

func (w *world) last(endpoint string) sandbox.Entry {
	w.t.Helper()
	for _, e := range slices.Backward(w.sandbox.Requests()) {
		if e.Endpoint == endpoint {
			return e
		}
	}
	w.t.Fatalf("nothing was asked of %s", endpoint)
	return sandbox.Entry{}
}

// refused429 fails when the service had to refuse a request for its rate.
func (w *world) no429() {
	w.t.Helper()
	for _, e := range w.sandbox.Requests() {
		if e.Status == 429 {
			w.t.Fatalf("429 for %s %s", e.Method, e.Path)
		}
	}
}

func (w *world) value(id int64, field model.FieldID) any {
	w.t.Helper()
	c, ok := w.sandbox.Contact(id)
	if !ok {
		w.t.Fatalf("the service has no contact %d", id)
	}
	return c[field.Name()]
}

// contact is one as the program gets it.
func (p *program) contact(id int64) model.Contact {
	p.w.t.Helper()
	c, err := p.Contact(p.w.t.Context(), id)
	must(p.w.t, err)
	return c
}

// anID is a contact of the service.
func (p *program) anID() int64 {
	p.w.t.Helper()
	page, err := p.Page(p.w.t.Context(), work.PageRequest{List: model.CursorList(model.ConnectedOnly, 1), Feed: work.FeedRows})
	must(p.w.t, err)
	return page.Contacts()[0].ID()
}

// pass reads the whole list and ends it.
func (p *program) pass() (rows int, gone []int64, known bool) {
	t := p.w.t
	t.Helper()
	r := model.CursorList(model.ConnectedOnly, model.MaxLimit)
	for {
		page, err := p.Page(t.Context(), work.PageRequest{List: r, Feed: work.FeedFull, Priority: work.Index})
		must(t, err)
		rows += len(page.Rows)
		next, stop := r.After(page, len(page.Rows))
		if stop != model.More {
			break
		}
		r = next
	}
	gone, known, err := p.EndPass(t.Context())
	must(t, err)
	return rows, gone, known
}

// held is every row of the copy.
func (p *program) held() (work.CacheInfo, []model.Packed) {
	t := p.w.t
	t.Helper()
	o, err := p.OpenCopy(t.Context())
	must(t, err)
	rows := o.Rows
	for next := o.Next; next != 0; {
		var more []model.Packed
		more, next, err = p.LoadCopy(t.Context(), next)
		must(t, err)
		rows = append(rows, more...)
	}
	return o.Info, rows
}

func (p *program) journal() []work.Entry {
	p.w.t.Helper()
	all, err := p.History(p.w.t.Context(), 0)
	must(p.w.t, err)
	return all
}

// set is a patch made as the screen makes it: over the contact as it was shown.
func set(base model.Contact, values map[model.FieldID]string) model.Patch {
	return model.Diff(base, values)
}

var errCut = errors.New("connection cut by the test")

// cutAfter loses the answers of a method's requests, n of them.
func (w *world) cutAfter(method string, n int) {
	var mu sync.Mutex
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		mu.Lock()
		defer mu.Unlock()
		if r.Method == method && after && n > 0 {
			n--
			return errCut
		}
		return nil
	})
}

// silence loses the answer of the first request with a method and everything
// after it, so that nothing can be looked up either.
func (w *world) silence(method string) {
	var mu sync.Mutex
	silent := false
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		mu.Lock()
		defer mu.Unlock()
		if silent || r.Method == method && after {
			silent = true
			return errCut
		}
		return nil
	})
}

// later makes what was sent so old that the list must show it.
func (w *world) later() { w.clock.add(3 * time.Minute) }

// cutBefore loses a method's requests on the way, n of them.
func (w *world) cutBefore(method string, n int) {
	var mu sync.Mutex
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		mu.Lock()
		defer mu.Unlock()
		if r.Method == method && !after && n > 0 {
			n--
			return errCut
		}
		return nil
	})
}

// applied counts the requests that the service carried out.
func (w *world) applied(endpoint string) (n int) {
	for _, e := range w.sandbox.Requests() {
		if e.Endpoint == endpoint && e.Applied {
			n++
		}
	}
	return n
}

func newPerson(first, last, email string) model.Patch {
	return model.Diff(model.Contact{}, model.Draft{model.FieldType: model.TypeSponsor, model.FieldFirstName: first, model.FieldLastName: last, model.FieldEmail: email})
}

// during calls fn when a change has arrived at the service, before its
// answer is read.
func (w *world) during(fn func()) {
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		if r.Method == http.MethodPatch && after {
			fn()
		}
		return nil
	})
}
