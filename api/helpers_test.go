package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/contract"
	"github.com/levcontacts/levcontacts/model"
)

const testToken = "lev_sk_TestKey0123456789abcdef"

// start is the injected time of every test.
func start() time.Time { return time.Date(2026, 3, 20, 15, 30, 45, 0, time.UTC) }

// rig is a client on a server, with everything that it did written down.
type rig struct {
	*Client
	url string

	mu        sync.Mutex
	requests  []seen
	exchanges []Exchange
	sleeps    []time.Duration
	learned   []Routes
}

type seen struct {
	method, path, query, body string
	header                    http.Header
}

// newRig serves handler over real HTTP. Sleeping takes no time.
func newRig(t *testing.T, handler http.HandlerFunc, change ...func(*Options)) *rig {
	t.Helper()
	r := &rig{}
	checked := contract.Options{AnyResponse: true} // many of these services answer wrongly on purpose
	srv := httptest.NewServer(contract.Handler(t, contract.Both, checked, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.requests = append(r.requests, seen{req.Method, req.URL.Path, req.URL.RawQuery, string(body), req.Header.Clone()})
		r.mu.Unlock()
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		handler(w, req)
	})))
	t.Cleanup(srv.Close)
	r.url = srv.URL
	r.Client = newTestClient(t, r, srv.URL, change...)
	return r
}

func newTestClient(t *testing.T, r *rig, url string, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		BaseURL: url + "/api/external/v2",
		Token:   func() string { return testToken },
		Origin:  "levcontacts/test", UserAgent: "levcontacts/test (test)",
		Now: start, NewID: func() string { return "new-id" }, Rand: func() float64 { return 0.5 },
		Sleep: func(ctx context.Context, d time.Duration) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.sleeps = append(r.sleeps, d)
			return ctx.Err()
		},
		OnExchange: func(e Exchange) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.exchanges = append(r.exchanges, e)
		},
		OnRoutes: func(s Routes) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.learned = append(r.learned, s)
		},
	}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return c
}

func (r *rig) log() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, s := range r.requests {
		out = append(out, s.method+" "+strings.TrimPrefix(s.path, "/api/external/v2"))
	}
	return out
}

func (r *rig) request(i int) seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests[i]
}

// answers serves one answer after the other, and the last one for ever.
func answers(list ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := list[min(n, len(list)-1)]
		n++
		mu.Unlock()
		h(w, r)
	}
}

func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			if headers[i+1] == "" {
				w.Header()[headers[i]] = nil
				continue
			}
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hangUp closes the connection without a response.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func contactJSON(id int64) string {
	return fmt.Sprintf(`{"id":%d,"contact_type":"lender_contact","first_name":"Sarah","last_name":null,"email":""}`, id)
}

func oneContact(id int64) string {
	return fmt.Sprintf(`{"request_id":"req-%d","timestamp":"2026-03-20T15:30:45Z","data":%s}`, id, contactJSON(id))
}

func listOf(ids ...int64) string {
	var rows []string
	for _, id := range ids {
		rows = append(rows, contactJSON(id))
	}
	return fmt.Sprintf(`{"request_id":"req-list","data":[%s],"pagination":{"total":%d,"limit":50,"has_more":false,"next_cursor":null}}`,
		strings.Join(rows, ","), len(ids))
}

func problemJSON(status int, kind, message string) string {
	b, _ := json.Marshal(map[string]any{"request_id": "req-err", "error": map[string]any{
		"status": status, "type": kind, "message": message, "details": map[string]any{}}})
	return string(b)
}

func firstPage() model.Request { return model.CursorList(model.ConnectedOnly, 50) }

func titlePatch() model.Patch {
	return model.NewPatch(model.Change{Field: model.FieldTitle, Before: model.TextValue("VP"), After: model.TextValue("SVP")})
}

func newPatch() model.Patch {
	return model.NewPatch(
		model.Change{Field: model.FieldType, After: model.TextValue(model.TypeLender)},
		model.Change{Field: model.FieldFirstName, After: model.TextValue("James")})
}

// failed is the *model.Error that err must be.
func failed(t *testing.T, err error, kind model.ErrorKind) *model.Error {
	t.Helper()
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		t.Fatalf("error is %v (%T), want a *model.Error", err, err)
	}
	if e.Kind != kind {
		t.Fatalf("kind is %s, want %s: %v", e.Kind, kind, err)
	}
	return e
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func equalLists[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func contains(t *testing.T, what, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("%s %q does not hold %q", what, got, want)
		}
	}
}
