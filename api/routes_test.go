package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// onPath serves handlers by path below the base URL, and miss for the rest.
func onPath(miss http.HandlerFunc, handlers map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h, ok := handlers[strings.TrimPrefix(r.URL.Path, "/api/external/v2")]; ok {
			h(w, r)
			return
		}
		miss(w, r)
	}
}

func misses() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"html":   says(404, "<html><body>Not Found</body></html>", "Content-Type", "text/html"),
		"json":   says(404, `{"detail":"Not Found"}`),
		"lev":    says(404, problemJSON(404, "not_found", "Route not found")),
		"405":    says(405, ""),
		"empty":  says(404, ""),
		"router": http.NotFound,
	}
}

// An address without a path is a common mistake and no reason to send what no
// server understands.
func TestAddressWithoutAPath(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"", "/", "//"} {
		paths := make(chan string, 9)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			paths <- r.URL.Path
			http.NotFound(w, r)
		}))
		t.Cleanup(server.Close)
		c, err := New(Options{BaseURL: server.URL + end, Token: func() string { return "lev_sk_test_0123456789" }, Origin: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Check(t.Context()); model.KindOf(err) != model.KindNotFound {
			t.Errorf("%q: %v", end, err)
		}
		equal(t, "path", <-paths, "/me")
	}
}

func TestBothPathStyles(t *testing.T) {
	t.Parallel()
	collection := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			says(201, oneContact(142))(w, r)
			return
		}
		says(200, listOf(1, 2))(w, r)
	}
	for name, miss := range misses() {
		for _, style := range []Routes{RoutesBuild, RoutesPlain} {
			t.Run(name+" "+style.String(), func(t *testing.T) {
				t.Parallel()
				r := newRig(t, onPath(miss, map[string]http.HandlerFunc{style.collection(): collection}))
				equal(t, "routes before", r.Routes(), RoutesUnknown)
				for range 2 {
					page, err := r.List(t.Context(), firstPage(), work.Screen)
					if err != nil {
						t.Fatal(err)
					}
					equal(t, "rows", len(page.Rows), 2)
				}
				if _, _, err := r.Create(t.Context(), newPatch(), nil, "k"); err != nil {
					t.Fatal(err)
				}
				want := []string{"GET /build/contacts", "GET /build/contacts", "POST /build/contacts"}
				if style == RoutesPlain {
					want = []string{"GET /build/contacts", "GET /contacts", "GET /contacts", "POST /contacts"}
				}
				equalLists(t, "requests", r.log(), want)
				equal(t, "routes", r.Routes(), style)
				equalLists(t, "learned", r.learned, []Routes{style})
			})
		}
	}
}

func TestCreateProbesWithTheSameKeyAndBody(t *testing.T) {
	t.Parallel()
	r := newRig(t, onPath(http.NotFound, map[string]http.HandlerFunc{"/contacts": says(201, oneContact(142))}))
	_, receipt, err := r.Create(t.Context(), newPatch(), nil, "one-key")
	if err != nil {
		t.Fatal(err)
	}
	equalLists(t, "requests", r.log(), []string{"POST /build/contacts", "POST /contacts"})
	equal(t, "body", r.request(1).body, r.request(0).body)
	for i := range 2 {
		equal(t, "key", r.request(i).header.Get("Idempotency-Key"), "one-key")
	}
	equal(t, "receipt", receipt, Receipt{RequestID: "req-142", Status: 201, Attempts: 2, At: start()})
}

func TestNeitherRouteExists(t *testing.T) {
	t.Parallel()
	for name, miss := range misses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, miss)
			_, err := r.List(t.Context(), firstPage(), work.Screen)
			e := failed(t, err, model.KindNotFound)
			base := r.url + "/api/external/v2"
			contains(t, "message", e.Message, base+"/build/contacts", base+"/contacts", "check the base URL")
			equal(t, "routes", r.Routes(), RoutesUnknown)
			equal(t, "learned", len(r.learned), 0)
			_, receipt, err := r.Create(t.Context(), newPatch(), nil, "k")
			failed(t, err, model.KindNotFound)
			equal(t, "unsure", receipt.Unknown, false)
			equal(t, "attempts", receipt.Attempts, 2)
		})
	}
}

func TestNeitherRouteKeepsWhatTheServiceSays(t *testing.T) {
	t.Parallel()
	r := newRig(t, says(404, problemJSON(404, "not_found", "Account acme not found")))
	_, err := r.List(t.Context(), firstPage(), work.Screen)
	e := failed(t, err, model.KindNotFound)
	contains(t, "message", e.Message, "Account acme not found")
	equal(t, "request id", e.RequestID, "req-err")
}

func TestKnownStyleIsTriedFirstAndCorrected(t *testing.T) {
	t.Parallel()
	r := newRig(t, onPath(http.NotFound, map[string]http.HandlerFunc{"/build/contacts": says(200, listOf(1))}),
		func(o *Options) { o.Routes = RoutesPlain })
	for range 2 {
		if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
			t.Fatal(err)
		}
	}
	equalLists(t, "requests", r.log(), []string{"GET /contacts", "GET /build/contacts", "GET /build/contacts"})
	equalLists(t, "learned", r.learned, []Routes{RoutesBuild})
}

func TestKnownStyleThatWorksIsNotNews(t *testing.T) {
	t.Parallel()
	r := newRig(t, onPath(http.NotFound, map[string]http.HandlerFunc{"/contacts": says(200, listOf(1))}),
		func(o *Options) { o.Routes = RoutesPlain })
	if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
		t.Fatal(err)
	}
	equalLists(t, "requests", r.log(), []string{"GET /contacts"})
	equal(t, "learned", len(r.learned), 0)
}

func TestNotFoundAboutSomethingElseIsNoRouteMiss(t *testing.T) {
	t.Parallel()
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/api/external/v2/build/contacts" {
			says(200, listOf(1))(w, r)
			return
		}
		says(404, problemJSON(404, "not_found", "Company not found"))(w, r)
	}
	r := newRig(t, handler)
	if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
		t.Fatal(err)
	}
	_, _, err := r.Create(t.Context(), newPatch(), nil, "k")
	e := failed(t, err, model.KindNotFound)
	equal(t, "message", e.Message, "Company not found")
	_, _, err = r.Get(t.Context(), 9, work.Screen)
	e = failed(t, err, model.KindNotFound)
	equal(t, "url", e.URL, r.url+"/api/external/v2/contacts/9")
	equalLists(t, "requests", r.log(), []string{"GET /build/contacts", "POST /build/contacts", "GET /contacts/9"})
}

// A check in front of the router answers any path alike, and teaches nothing.
func TestRefusalsThatTeachNoStyle(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]Routes{401: RoutesUnknown, 403: RoutesUnknown, 429: RoutesUnknown, 500: RoutesUnknown, 422: RoutesPlain, 400: RoutesPlain} {
		r := newRig(t, onPath(http.NotFound, map[string]http.HandlerFunc{"/contacts": says(status, problemJSON(status, "x", "no"))}))
		if _, err := r.List(t.Context(), firstPage(), work.Screen); err == nil {
			t.Errorf("%d: no error", status)
		}
		if r.Routes() != want {
			t.Errorf("after %d the routes are %s, want %s", status, r.Routes(), want)
		}
	}
}
