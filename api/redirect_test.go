package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func TestTheKeyNeverLeavesItsOrigin(t *testing.T) {
	t.Parallel()
	var visits atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	t.Cleanup(other.Close)
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{
			other.URL + "/x", // another port
			"https://127.0.0.1/x", "//evil.example/x", "https://evil.example/\x1b[2J", "http://[::1]/", "ftp://127.0.0.1/", "javascript:alert(1)",
			strings.Replace(other.URL, "http://", "http://user:pass@", 1),
		} {
			r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Location"] = []string{strings.ReplaceAll(to, "\x1b", "%1b")}
				w.WriteHeader(code)
			})
			_, _, err := r.Get(t.Context(), 78, work.Screen)
			e := failed(t, err, model.KindProtocol)
			contains(t, "message", e.Message, "redirect to another server", "check the base URL")
			equal(t, "status", e.Status, code)
			_, receipt, err := r.Update(t.Context(), 78, titlePatch(), "k")
			failed(t, err, model.KindProtocol)
			equal(t, "unsure", receipt.Unknown, code < 307)
			_, err = r.List(t.Context(), firstPage(), work.Screen)
			failed(t, err, model.KindProtocol)
			equal(t, "requests", len(r.log()), 3)
		}
	}
	equal(t, "visits", visits.Load(), 0)
}

func TestSameOriginRedirects(t *testing.T) {
	t.Parallel()
	for _, code := range []int{301, 302, 303, 307, 308} {
		same := code == 307 || code == 308
		r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
			switch {
			case !strings.HasSuffix(req.URL.Path, "/"):
				w.Header().Set("Location", req.URL.Path+"/?"+req.URL.RawQuery)
				w.WriteHeader(code)
			case strings.Contains(req.URL.Path, "78"):
				says(200, oneContact(78))(w, req)
			default:
				says(200, listOf(1))(w, req)
			}
		})
		if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
			t.Fatalf("%d: %v", code, err)
		}
		equal(t, "query", r.request(1).query, "limit=50")
		equal(t, "key", r.request(1).header.Get("Authorization"), "Bearer "+testToken)
		equal(t, "exchanges", fmt.Sprint(r.exchanges[0].Status, r.exchanges[0].Kind, r.exchanges[1].Status), fmt.Sprint(code, " unknown 200"))
		_, receipt, err := r.Update(t.Context(), 78, titlePatch(), "k")
		if !same {
			e := failed(t, err, model.KindProtocol)
			contains(t, "message", e.Message, "redirect to a write")
			equal(t, "requests", len(r.log()), 3)
			equal(t, "unsure", receipt.Unknown, true)
			continue
		}
		if err != nil {
			t.Fatalf("%d: %v", code, err)
		}
		equal(t, "body", r.request(3).body, `{"title":"SVP"}`)
		equal(t, "method", r.request(3).method, "PATCH")
		equal(t, "key", r.request(3).header.Get("Idempotency-Key"), "k")
	}
}

// A change must not land on another contact.
func TestAWriteIsNotSentToAnotherContact(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "/79") {
			says(200, oneContact(79))(w, req)
			return
		}
		w.Header().Set("Location", strings.Replace(req.URL.Path, "/78", "/79", 1))
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	_, receipt, err := r.Update(t.Context(), 78, titlePatch(), "k")
	contains(t, "message", failed(t, err, model.KindProtocol).Message, "to another thing than was to be written")
	equal(t, "requests", len(r.log()), 1)
	equal(t, "unsure", receipt.Unknown, false)
}

// A change that is answered with nothing is looked at; a new contact cannot be.
func TestWritesAnsweredWithNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, says(http.StatusNoContent, ""))
	_, receipt, err := r.Create(t.Context(), newPatch(), nil, "k")
	failed(t, err, model.KindProtocol)
	equal(t, "requests for a new contact", len(r.log()), 1)
	equal(t, "a new contact is unsure", receipt.Unknown, true)
	for n, found := range []int{200, 404, 200, 404, 200, 404} {
		nothing := []http.HandlerFunc{says(http.StatusNoContent, ""), says(200, ""), says(200, `{"request_id":"req-1","data":null}`)}[n/2]
		r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
			if req.Method == http.MethodPatch {
				nothing(w, req)
				return
			}
			says(found, oneContact(78))(w, req)
		})
		c, receipt, err := r.Update(t.Context(), 78, titlePatch(), "k")
		equal(t, "requests", len(r.log()), 2)
		equal(t, "unsure", receipt.Unknown, found == 404)
		if found == 404 {
			failed(t, err, model.KindProtocol)
			continue
		}
		if err != nil || c.ID() != 78 || receipt.RequestID == "" {
			t.Errorf("contact %d, request %q, %v", c.ID(), receipt.RequestID, err)
		}
	}
}

func TestRedirectsThatLeadNowhere(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"":            "leads nowhere",
		"http://[::1": "cannot be read",
		"79":          "after 5 others", // and again
	} {
		r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(302)
		})
		_, _, err := r.Get(t.Context(), 78, work.Screen)
		contains(t, "message", failed(t, err, model.KindProtocol).Message, want)
		equal(t, "within bounds", len(r.log()) <= 6, true)
	}
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	for pair, want := range map[[2]string]bool{
		{"https://api.lev.com/a", "https://API.lev.com:443/b"}: true,
		{"http://localhost/a", "http://localhost:80/b"}:        true,
		{"https://api.lev.com", "http://api.lev.com"}:          false,
		{"https://api.lev.com", "https://api.lev.com:8443"}:    false,
		{"https://api.lev.com", "https://api.lev.com.evil.io"}: false,
	} {
		a, errA := http.NewRequest("GET", pair[0], nil)
		b, errB := http.NewRequest("GET", pair[1], nil)
		if errA != nil || errB != nil || sameOrigin(a.URL, b.URL) != want {
			t.Errorf("%v: want %v", pair, want)
		}
	}
}
