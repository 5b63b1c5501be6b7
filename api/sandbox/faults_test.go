package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func withFaults(t testing.TB, spec string, o Options) *rig {
	t.Helper()
	o.Contacts, o.Faults = 100, mustFaults(t, spec)
	return start(t, o)
}

// overHTTP sends one request over a real connection of its own.
func (x *rig) overHTTP(method, path, body string) (status int, got string, err error) {
	x.t.Helper()
	srv := httptest.NewServer(x.s)
	defer srv.Close()
	r, err := http.NewRequest(method, srv.URL+BasePath+path, strings.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+x.token)
	r.Header.Set("X-Origin-App", "sandbox-test")
	r.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(b), err
}

func TestStatusFaults(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]struct {
		status        int
		kind, message string
	}{
		"400@get": {400, "bad_request", "The request could not be read"},
		"401@get": {401, "unauthorized", "Authentication required"},
		"402@get": {402, "payment_required", "The account has no credits left"},
		"403@get": {403, "forbidden", "This key is not allowed to do that"},
		"404@get": {404, "not_found", "Contact not found"},
		"409@get": {409, "conflict", "The request conflicts with an earlier one"},
		"418@get": {418, "bad_request", "I'm a teapot"},
		"422@get": {422, "validation_error", "The contact was not accepted"},
		"429@get": {429, "rate_limit_exceeded", "Rate limit reached; retry after 1 seconds"},
		"500@get": {500, "internal_error", "Internal Server Error"},
		"503@get": {503, "service_unavailable", "The service is temporarily unavailable"},
	} {
		x := withFaults(t, spec, Options{})
		x.wantError(x.get("/contacts/78"), want.status, want.kind, want.message)
		if r := x.get("/contacts"); r.status != 200 {
			t.Errorf("%s: the list is %d", spec, r.status)
		}
	}
}

func TestFaultsSayHowLongToWait(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "429=7s@get:1,503=1m@get:2,503@get:3", Options{})
	r := x.get("/contacts/78")
	if r.Error["retry_after_seconds"] != 7.0 || r.Error["limit_type"] != "requests_per_minute" || r.header.Get("Retry-After") != "7" {
		t.Errorf("429: %s", r.raw)
	}
	if r = x.get("/contacts/78"); r.status != 503 || r.header.Get("Retry-After") != "60" {
		t.Errorf("503: %s %v", r.raw, r.header)
	}
	if r = x.get("/contacts/78"); r.status != 503 || r.header.Get("Retry-After") != "" {
		t.Errorf("503 without a wait: %s %v", r.raw, r.header)
	}
	x.object(x.get("/contacts/78"), 200)
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "refuse=email@patch:1", Options{})
	r := x.send("PATCH", "/contacts/78", `{"email":"x"}`)
	x.wantError(r, 422, "validation_error", "email was not accepted")
	if r.Error["details"].(map[string]any)["email"] != "email was not accepted" {
		t.Errorf("details: %s", r.raw)
	}
	x.object(x.send("PATCH", "/contacts/78", `{"email":"x"}`), 200)
}

func TestRevokeFault(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "revoke@*:3", Options{})
	x.object(x.get("/contacts/78"), 200)
	x.object(x.get("/me"), 200)
	for range 2 {
		x.wantError(x.get("/contacts/78"), 401, "unauthorized", "Authentication required")
	}
	x.token = "lev_sk_new"
	x.object(x.get("/contacts/78"), 200)
}

func TestTheFirstRuleAnswers(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "500@get:2-,404@get", Options{})
	if a, b := x.get("/contacts/78").status, x.get("/contacts/78").status; a != 404 || b != 500 {
		t.Errorf("%d, %d", a, b)
	}
	x.s.SetFaults(nil)
	x.object(x.get("/contacts/78"), 200)
	x.s.SetFaults(mustFaults(t, "500@get:1"))
	if r := x.get("/contacts/78"); r.status != 500 {
		t.Errorf("new rules count from now: %d", r.status)
	}
}

func TestHTMLAndWrongType(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "html@get:1,wrong-type@get:2", Options{})
	r := x.get("/contacts/78")
	if r.status != 200 || !strings.HasPrefix(r.raw, "<!DOCTYPE html>") || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("html: %d %v %s", r.status, r.header, r.raw)
	}
	if r = x.get("/contacts/78"); r.header.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.Contains(r.raw, `"id":78`) {
		t.Errorf("wrong type: %v %s", r.header, r.raw)
	}
}

func TestNulls(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "nulls@*", Options{})
	for _, c := range []map[string]any{
		x.object(x.get("/contacts/78"), 200),
		x.rows(x.get("/contacts?limit=1"))[0],
		x.object(x.send("PATCH", "/contacts/78", `{"title":"x"}`), 200),
	} {
		if len(c) != 21 || c["id"] != 78.0 || c["is_primary"] != true || c["is_connected"] != true {
			t.Errorf("got %v", c)
		}
		for name, v := range c {
			if v != nil && name != "id" && !strings.HasPrefix(name, "is_") {
				t.Errorf("%s is %v", name, v)
			}
		}
	}
}

func TestListFaults(t *testing.T) {
	t.Parallel()
	page := func(x *rig, cursor any) reply {
		if c, ok := cursor.(string); ok {
			return x.get("/contacts?limit=3&cursor=" + url.QueryEscape(c))
		}
		return x.get("/contacts?limit=3")
	}
	for spec, want := range map[string]struct {
		ids    []int64
		cursor any // nil, or what it stands for
	}{
		"repeat-cursor@list:2":  {[]int64{297, 349, 400}, int64(213)},
		"duplicate-rows@list:2": {[]int64{213, 297, 297, 349, 400}, int64(400)},
		"empty-page@list:2":     {[]int64{}, int64(400)},
		"no-cursor@list:2":      {[]int64{297, 349, 400}, nil},
	} {
		x := withFaults(t, spec, Options{})
		first := page(x, nil)
		second := page(x, first.Pagination["next_cursor"])
		if got := idsOf(x.rows(second)); !slices.Equal(got, want.ids) {
			t.Errorf("%s: %v, want %v", spec, got, want.ids)
		}
		if second.Pagination["has_more"] != true {
			t.Errorf("%s: has_more is %v", spec, second.Pagination["has_more"])
		}
		var stands any
		if c, ok := second.Pagination["next_cursor"].(string); ok {
			id, _ := readCursor(c)
			stands = id
		}
		if stands != want.cursor {
			t.Errorf("%s: next_cursor stands for %v, want %v", spec, stands, want.cursor)
		}
	}
	x := withFaults(t, "repeat-cursor@list:1,duplicate-rows@list:2", Options{})
	again := page(x, page(x, nil).Pagination["next_cursor"])
	if got := idsOf(x.rows(again)); !slices.Equal(got, []int64{78, 78, 142, 213}) {
		t.Errorf("a repeated first cursor leads to %v", got)
	}
	sorted := withFaults(t, "duplicate-rows@list:2", Options{})
	one := idsOf(sorted.rows(sorted.get("/contacts?sort=email&limit=3")))
	two := idsOf(sorted.rows(sorted.get("/contacts?sort=email&limit=3&offset=3")))
	if len(two) != 5 || two[0] != one[2] || two[1] != two[2] {
		t.Errorf("sorted: %v then %v", one, two)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "reset@patch:1", Options{})
	_, _, err := x.overHTTP("PATCH", "/contacts/78", `{"title":"x"}`)
	if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	if c, _ := x.s.Contact(78); c["title"] == "x" {
		t.Error("the request was carried out")
	}
	if e := x.s.Requests()[0]; e.Status != 0 || e.Applied || e.Endpoint != "patch" {
		t.Errorf("log: %+v", e)
	}
}

func TestLostAnswer(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "lost-answer@patch:1", Options{})
	_, _, err := x.overHTTP("PATCH", "/contacts/78", `{"title":"x"}`)
	if err == nil {
		t.Error("there is an answer")
	}
	if c, _ := x.s.Contact(78); c["title"] != "x" {
		t.Error("the request was not carried out")
	}
	if e := x.s.Requests()[0]; e.Status != 0 || !e.Applied {
		t.Errorf("log: %+v", e)
	}
	// Sent again with the same key, a lost write is answered and not done twice.
	x = withFaults(t, "lost-answer@create:1", Options{})
	srv := httptest.NewServer(x.s)
	t.Cleanup(srv.Close)
	total := func() int { return len(x.s.book.overlay) }
	for range 2 {
		r, _ := http.NewRequest("POST", srv.URL+BasePath+"/contacts", io.NopCloser(strings.NewReader(`{"contact_type":"sponsor"}`)))
		r.Header = http.Header{
			"Authorization": {"Bearer lev_sk_x"}, "X-Origin-App": {"t"}, "Content-Type": {"application/json"}, "Idempotency-Key": {"k"},
		}
		if a, err := http.DefaultTransport.RoundTrip(r); err == nil {
			_ = a.Body.Close()
		}
	}
	if total() != 1 {
		t.Errorf("%d contacts were created", total())
	}
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "truncated@list:1", Options{})
	status, body, err := x.overHTTP("GET", "/contacts", "")
	if status != 200 || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(body, `{"request_id"`) || json.Valid([]byte(body)) {
		t.Errorf("got %d, %d bytes, %v", status, len(body), err)
	}
}

func TestSlowAndLatency(t *testing.T) {
	t.Parallel()
	var waits []time.Duration
	x := withFaults(t, "slow=5s@get:2,slow=1s@*:2", Options{
		Latency: 80 * time.Millisecond,
		Sleep: func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			return nil
		},
	})
	x.get("/contacts/78")
	x.get("/contacts/78")
	x.get("/nowhere")
	if want := []time.Duration{80 * time.Millisecond, 6080 * time.Millisecond, 80 * time.Millisecond}; !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v", waits, want)
	}
}

func TestInterruptedWait(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1, Latency: time.Hour, Sleep: func(context.Context, time.Duration) error { return errors.New("gone") }})
	if _, _, err := x.overHTTP("PATCH", "/contacts/78", `{"title":"x"}`); err == nil {
		t.Error("there is an answer")
	}
	if c, _ := x.s.Contact(78); c["title"] != "x" {
		t.Error("latency comes before the work")
	}
}

func TestFaultsComeAfterTheRateLimit(t *testing.T) {
	t.Parallel()
	x := withFaults(t, "500@me:11", Options{Tier: "free"})
	for range 10 {
		x.get("/me")
	}
	if r := x.get("/me"); r.status != 429 {
		t.Errorf("got %d", r.status)
	}
	x.clock.advance(time.Minute)
	if r := x.get("/me"); r.status != 500 {
		t.Errorf("got %d", r.status)
	}
}

func TestConnectionCutWithoutHijacking(t *testing.T) {
	t.Parallel()
	defer func() {
		if got := recover(); got != http.ErrAbortHandler {
			t.Errorf("panic with %v", got)
		}
	}()
	withFaults(t, "reset@*", Options{}).get("/contacts")
}
