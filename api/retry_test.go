package api

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func tooMany(seconds string) http.HandlerFunc {
	return says(429, `{"request_id":"req-429","error":{"status":429,"type":"rate_limit_exceeded","message":"Slow down","limit_type":"endpoint"`+seconds+`}}`)
}

func status(code int) http.HandlerFunc { return says(code, problemJSON(code, "x", "no")) }

func TestReadsAreTriedAgain(t *testing.T) {
	t.Parallel()
	const half, one, two = 500 * time.Millisecond, time.Second, 2 * time.Second
	good := says(200, oneContact(78))
	tests := []struct {
		name    string
		answers []http.HandlerFunc
		kind    model.ErrorKind // of the error, Unknown for success
		sleeps  []time.Duration
	}{
		{"500 502 503 then good", []http.HandlerFunc{status(500), status(502), status(503), good}, 0, []time.Duration{half, one, two}},
		{"504 for ever", []http.HandlerFunc{status(504)}, model.KindUnavailable, []time.Duration{half, one, two}},
		{"HTML from a gateway", []http.HandlerFunc{says(502, "<html>", "Content-Type", "text/html"), good}, 0, []time.Duration{half}},
		{"hangs up", []http.HandlerFunc{hangUp, hangUp, good}, 0, []time.Duration{half, one}},
		{"hangs up for ever", []http.HandlerFunc{hangUp}, model.KindNetwork, []time.Duration{half, one, two}},
		{"cut off", []http.HandlerFunc{cut(200), good}, 0, []time.Duration{half}},
		{"cut off refusal", []http.HandlerFunc{cut(500), good}, 0, []time.Duration{half}},
		{"503 says when", []http.HandlerFunc{says(503, "{}", "Retry-After", "7"), good}, 0, []time.Duration{7 * time.Second}},
		{"429 says when", []http.HandlerFunc{tooMany(`,"retry_after_seconds":12`), good}, 0, []time.Duration{12 * time.Second}},
		{"429 says nothing", []http.HandlerFunc{tooMany("")}, model.KindRateLimited, []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second}},
		{"429 within a minute", []http.HandlerFunc{tooMany(`,"retry_after_seconds":30`)}, model.KindRateLimited, []time.Duration{30 * time.Second, 30 * time.Second}},
		{"429 of a minute", []http.HandlerFunc{tooMany(`,"retry_after_seconds":60`), good}, 0, []time.Duration{time.Minute}},
		{"429 too long", []http.HandlerFunc{tooMany(`,"retry_after_seconds":61`)}, model.KindRateLimited, nil},
		{"501", []http.HandlerFunc{status(501)}, model.KindUnavailable, nil},
		{"401", []http.HandlerFunc{status(401)}, model.KindUnauthorized, nil},
		{"404", []http.HandlerFunc{status(404)}, model.KindNotFound, nil},
		{"nonsense", []http.HandlerFunc{says(200, "{")}, model.KindProtocol, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, answers(tt.answers...))
			_, _, err := r.Get(t.Context(), 78, work.Screen)
			equal(t, "kind", model.KindOf(err), tt.kind)
			equalLists(t, "sleeps", r.sleeps, tt.sleeps)
			equal(t, "requests", len(r.log()), len(tt.sleeps)+1)
			for i, x := range r.exchanges {
				equal(t, "attempt", x.Attempt, i+1)
			}
			if e, ok := errors.AsType[*model.Error](err); ok && e.Kind == model.KindRateLimited {
				equal(t, "scope", e.Scope, "endpoint")
				equal(t, "request id", e.RequestID, "req-429")
			}
		})
	}
}

// cut responds with a status and breaks off in the middle of the body.
func cut(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"data\":[", code)
			_ = conn.Close()
		}
	}
}

func TestJitter(t *testing.T) {
	t.Parallel()
	for random, want := range map[float64][]time.Duration{
		0:     {250 * time.Millisecond, 500 * time.Millisecond, time.Second},
		0.999: {749500 * time.Microsecond, 1499 * time.Millisecond, 2998 * time.Millisecond},
	} {
		r := newRig(t, status(500), func(o *Options) { o.Rand = func() float64 { return random } })
		_, _, err := r.Get(t.Context(), 78, work.Screen)
		failed(t, err, model.KindUnavailable)
		equalLists(t, "sleeps", r.sleeps, want)
	}
}

func TestWritesAreTriedAgainOnlyWhenThatIsSafe(t *testing.T) {
	t.Parallel()
	goodUpdate, goodCreate := says(200, oneContact(78)), says(201, oneContact(142))
	type outcome struct {
		requests int
		kind     model.ErrorKind
		unsure   bool
	}
	tests := []struct {
		name           string
		first          http.HandlerFunc
		update, create outcome
	}{
		{"429", tooMany(`,"retry_after_seconds":1`), outcome{2, 0, false}, outcome{2, 0, false}},
		{"503 in the service's words", status(503), outcome{2, 0, false}, outcome{2, 0, false}},
		{"503 with a time", says(503, "busy", "Retry-After", "1"), outcome{2, 0, false}, outcome{2, 0, false}},
		{"503 of a gateway", says(503, "upstream reset", "Content-Type", "text/plain"), outcome{2, 0, false}, outcome{1, model.KindUnavailable, true}},
		{"500", status(500), outcome{1, model.KindUnavailable, true}, outcome{1, model.KindUnavailable, true}},
		{"502", status(502), outcome{1, model.KindUnavailable, true}, outcome{1, model.KindUnavailable, true}},
		{"504", status(504), outcome{1, model.KindUnavailable, true}, outcome{1, model.KindUnavailable, true}},
		{"no answer", hangUp, outcome{2, 0, false}, outcome{1, model.KindNetwork, true}},
		{"cut off", cut(201), outcome{1, model.KindNetwork, true}, outcome{1, model.KindNetwork, true}},
		{"unreadable", says(201, "{"), outcome{1, model.KindProtocol, true}, outcome{1, model.KindProtocol, true}},
		{"422", status(422), outcome{1, model.KindValidation, false}, outcome{1, model.KindValidation, false}},
		{"409", status(409), outcome{1, model.KindConflict, false}, outcome{1, model.KindConflict, false}},
		{"401", status(401), outcome{1, model.KindUnauthorized, false}, outcome{1, model.KindUnauthorized, false}},
		{"403", status(403), outcome{1, model.KindForbidden, false}, outcome{1, model.KindForbidden, false}},
	}
	check := func(t *testing.T, r *rig, receipt Receipt, err error, want outcome) {
		t.Helper()
		equal(t, "requests", len(r.log()), want.requests)
		equal(t, "attempts", receipt.Attempts, want.requests)
		equal(t, "kind", model.KindOf(err), want.kind)
		equal(t, "unsure", receipt.Unknown, want.unsure)
		for i := range want.requests {
			equal(t, "key", r.request(i).header.Get("Idempotency-Key"), "the-key")
			equal(t, "body", r.request(i).body, r.request(0).body)
		}
	}
	for _, tt := range tests {
		t.Run("update "+tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, answers(tt.first, goodUpdate))
			_, receipt, err := r.Update(t.Context(), 78, titlePatch(), "the-key")
			check(t, r, receipt, err, tt.update)
		})
		t.Run("create "+tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, answers(tt.first, goodCreate))
			_, receipt, err := r.Create(t.Context(), newPatch(), nil, "the-key")
			check(t, r, receipt, err, tt.create)
		})
	}
}

func TestRefusalAfterSilenceStaysUnsure(t *testing.T) {
	t.Parallel()
	r := newRig(t, answers(hangUp, status(401)))
	_, receipt, err := r.Update(t.Context(), 78, titlePatch(), "k")
	failed(t, err, model.KindUnauthorized)
	equal(t, "receipt", receipt, Receipt{RequestID: "req-err", Status: 401, Attempts: 2, At: start(), Unknown: true})
}

// A kept connection that breaks must not make net/http send a create again by
// itself.
func TestCreateOnADyingConnectionIsSentOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodGet {
			says(200, listOf(1))(w, req)
			return
		}
		hangUp(w, req)
	})
	if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
		t.Fatal(err)
	}
	_, receipt, err := r.Create(t.Context(), newPatch(), nil, "k")
	failed(t, err, model.KindNetwork)
	equal(t, "unsure", receipt.Unknown, true)
	equalLists(t, "requests", r.log(), []string{"GET /build/contacts", "POST /build/contacts"})
}

// wireFunc is a network that does what a test wants.
type wireFunc func(*http.Request) (*http.Response, error)

func (f wireFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCreateThatNeverLeftIsTriedAgain(t *testing.T) {
	t.Parallel()
	srv := newRig(t, says(201, oneContact(142)))
	var once sync.Once
	r := &rig{}
	c := newTestClient(t, r, srv.url, func(o *Options) {
		o.Transport = wireFunc(func(req *http.Request) (*http.Response, error) {
			var err error
			once.Do(func() { err = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("no route to host")} })
			if err != nil {
				return nil, err
			}
			return http.DefaultTransport.RoundTrip(req)
		})
	})
	_, receipt, err := c.Create(t.Context(), newPatch(), nil, "k")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "attempts", receipt.Attempts, 2)
	equal(t, "requests", len(srv.log()), 1)
}

func TestContextStopsTheWait(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t, tooMany(`,"retry_after_seconds":50`), func(o *Options) {
		o.Sleep = func(ctx context.Context, _ time.Duration) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}
	})
	_, receipt, err := r.Update(ctx, 78, titlePatch(), "k")
	e := failed(t, err, model.KindCanceled)
	equal(t, "op", e.Op, "save contact 78")
	equal(t, "is canceled", errors.Is(err, context.Canceled), true)
	equal(t, "unsure", receipt.Unknown, false)
	equal(t, "attempts", receipt.Attempts, 1)
	equal(t, "requests", len(r.log()), 1)
}

func TestContextStopsTheRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t, func(_ http.ResponseWriter, req *http.Request) {
		cancel()
		<-req.Context().Done()
	})
	_, receipt, err := r.Update(ctx, 78, titlePatch(), "k")
	e := failed(t, err, model.KindCanceled)
	equal(t, "status", e.Status, 0)
	equal(t, "unsure", receipt.Unknown, true)
	equal(t, "error unsure", e.Unsure(), true)
	equal(t, "exchange", r.exchanges[0].Kind, model.KindCanceled)

	stopped, stop := context.WithCancel(t.Context())
	stop()
	before := len(r.log())
	_, err = r.List(stopped, firstPage(), work.Screen)
	failed(t, err, model.KindCanceled)
	equal(t, "requests", len(r.log()), before)
}

func TestStopInTheMiddleOfAnAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(201)
		_, _ = w.Write([]byte(`{"data":`))
		_ = http.NewResponseController(w).Flush()
		cancel()
		<-req.Context().Done()
	})
	_, receipt, err := r.Create(ctx, newPatch(), nil, "k")
	e := failed(t, err, model.KindCanceled)
	equal(t, "error unsure", e.Unsure(), true)
	equal(t, "unsure", receipt.Unknown, true)
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	silent := func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }
	stuck := func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"data":`))
		_ = http.NewResponseController(w).Flush()
		<-req.Context().Done()
	}
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{"no answer": {silent, "no response from 127.0.0.1"}, "half an answer": {stuck, "not complete within 20ms"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.handler, func(o *Options) { o.Timeout = 20 * time.Millisecond })
			_, _, err := r.Get(t.Context(), 78, work.Screen)
			e := failed(t, err, model.KindNetwork)
			contains(t, "message", e.Message, tt.want)
			equal(t, "attempts", len(r.exchanges), 4)
			_, receipt, err := r.Create(t.Context(), newPatch(), nil, "k")
			failed(t, err, model.KindNetwork)
			equal(t, "receipt", fmt.Sprint(receipt.Attempts, receipt.Unknown), "1 true")
		})
	}
}

func TestCallersDeadline(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := r.List(ctx, firstPage(), work.Screen)
	e := failed(t, err, model.KindCanceled)
	contains(t, "message", e.Message, "time allowed")
}

func TestRealSleep(t *testing.T) {
	t.Parallel()
	if err := sleep(t.Context(), time.Microsecond); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("sleep: %v", err)
	}
}
