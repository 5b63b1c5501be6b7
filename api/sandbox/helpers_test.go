package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/contract"
)

// clock is a time that moves only when it is told to.
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

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// rig is a sandbox and someone who sends it requests.
type rig struct {
	t     testing.TB
	s     *Server
	door  http.Handler // the server behind the comparison with the documents
	clock *clock
	token string
}

// start makes a sandbox on the unlimited tier with a clock that stands still, unless the options say otherwise.
func start(t testing.TB, o Options) *rig {
	t.Helper()
	c := newClock()
	if o.Now == nil {
		o.Now = c.Now
	}
	if o.Tier == "" {
		o.Tier = "unlimited"
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	door := contract.Handler(t, contract.Version(o.Dialect), contract.Options{AnyRequest: true}, s)
	return &rig{t: t, s: s, door: door, clock: c, token: "lev_sk_test"}
}

// reply is a response, read.
type reply struct {
	status     int
	header     http.Header
	raw        string
	RequestID  string `json:"request_id"`
	Timestamp  string `json:"timestamp"`
	Data       json.RawMessage
	Pagination map[string]any
	Error      map[string]any
}

// send sends a request with the headers every request needs, and with more as "Name: value";
// "Name:" takes one away.
func (x *rig) send(method, path, body string, headers ...string) reply {
	x.t.Helper()
	r := httptest.NewRequest(method, BasePath+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+x.token)
	r.Header.Set("X-Origin-App", "sandbox-test")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		if value = strings.TrimSpace(value); value == "" {
			r.Header.Del(name)
		} else {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	x.door.ServeHTTP(w, r)
	got := reply{status: w.Code, header: w.Header(), raw: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil && w.Header().Get("Content-Encoding") == "" &&
		strings.HasPrefix(w.Header().Get("Content-Type"), jsonType) {
		x.t.Fatalf("%s %s: %v in %s", method, path, err, got.raw)
	}
	return got
}

func (x *rig) get(path string, headers ...string) reply {
	x.t.Helper()
	return x.send(http.MethodGet, path, "", headers...)
}

// object reads the data of a response with one resource.
func (x *rig) object(r reply, status int) map[string]any {
	x.t.Helper()
	if r.status != status {
		x.t.Fatalf("status %d, want %d: %s", r.status, status, r.raw)
	}
	var m map[string]any
	if err := json.Unmarshal(r.Data, &m); err != nil {
		x.t.Fatalf("data of %s: %v", r.raw, err)
	}
	return m
}

// rows reads the data of a list.
func (x *rig) rows(r reply) []map[string]any {
	x.t.Helper()
	if r.status != http.StatusOK {
		x.t.Fatalf("status %d: %s", r.status, r.raw)
	}
	var m []map[string]any
	if err := json.Unmarshal(r.Data, &m); err != nil {
		x.t.Fatalf("data of %s: %v", r.raw, err)
	}
	return m
}

func idsOf(rows []map[string]any) []int64 {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = int64(r["id"].(float64))
	}
	return ids
}

// walk follows cursors, or offsets with a sort, to the end.
func (x *rig) walk(path string, more func(page int)) (ids []int64, pages int) {
	x.t.Helper()
	cursor, offset := "", 0
	for {
		p := path
		switch {
		case strings.Contains(path, "sort="):
			p += fmt.Sprintf("&offset=%d", offset)
		case cursor != "":
			p += "&cursor=" + strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(cursor)
		}
		r := x.get(p)
		rows := x.rows(r)
		ids = append(ids, idsOf(rows)...)
		if pages++; pages > 10_000 {
			x.t.Fatal("the list does not end")
		}
		if r.Pagination["has_more"] != true {
			return ids, pages
		}
		offset += int(r.Pagination["limit"].(float64))
		cursor, _ = r.Pagination["next_cursor"].(string)
		if more != nil {
			more(pages)
		}
	}
}

// wantError checks status, type and message of an error answer in the typed shape.
func (x *rig) wantError(r reply, status int, kind, message string) {
	x.t.Helper()
	if r.status != status || r.Error["type"] != kind || r.Error["message"] != message || r.Error["status"] != float64(status) {
		x.t.Errorf("got %d %s, want %d %s %q", r.status, r.raw, status, kind, message)
	}
	if r.RequestID == "" {
		x.t.Errorf("no request id in %s", r.raw)
	}
}
