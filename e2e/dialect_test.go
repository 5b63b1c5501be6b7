//go:build unix

package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// Whichever of the documents a service follows, the program finds out by
// itself, and knows it at the next start.
func TestEveryDialect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options sandbox.Options
		list    string // the path that answers
		wrong   int    // requests to the other path at the first start
	}{
		"march":              {sandbox.Options{Dialect: sandbox.DialectMarch}, "/build/contacts", 0},
		"march, older error": {sandbox.Options{Dialect: sandbox.DialectMarch, ErrorShape: sandbox.ErrorCoded}, "/build/contacts", 0},
		"later":              {sandbox.Options{Dialect: sandbox.DialectLater}, "/contacts", 1},
		"later, older error": {sandbox.Options{Dialect: sandbox.DialectLater, ErrorShape: sandbox.ErrorCoded}, "/contacts", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{service: c.options, config: "index = \"off\"\n"})
			p := r.open()
			if wrong := r.wrongRoutes(c.list); wrong != c.wrong {
				t.Errorf("%d requests to a path that is not there, want %d", wrong, c.wrong)
			}
			p.press("e")
			p.wait("Edit Sarah Chen")
			p.toField("Title", "tab")
			p.send(" V")
			r.fails("422@patch")
			p.confirmSave()
			p.showsRequest("patch", 422)
			p.wait("The contact was not accepted", "Senior Vice President V")
			r.fails("")
			p.confirmSave()
			p.wait("saved: title of Sarah Chen")
			p.quit()
			again := r.open()
			if wrong := r.wrongRoutes(c.list); wrong != c.wrong {
				t.Errorf("%d requests to a path that is not there after the second start, want %d", wrong, c.wrong)
			}
			again.quit()
		})
	}
}

// wrongRoutes counts requests for the list at another path than the one there is.
func (r *rig) wrongRoutes(right string) int {
	n := 0
	for _, e := range r.Service.Requests() {
		if strings.HasSuffix(e.Path, "/contacts") && e.Path != right {
			n++
		}
	}
	return n
}

// An address that is not the service's is named, with both paths tried.
func TestAnAddressWithoutContacts(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{around: func(http.Handler) http.Handler { return http.NotFoundHandler() }})
	p := r.start(term.Options{})
	p.until("both addresses", func(s string) bool {
		left := strings.ReplaceAll(s, "\n", " ")
		return strings.Contains(left, "/build/contacts") && strings.Contains(left, "404")
	})
	p.quit()
}

func TestTheKeyTravelsOnlyInItsHeader(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{around: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if got := q.Header.Get("Authorization"); got != "Bearer "+secretFor(t) {
				t.Errorf("%s %s has the header %q", q.Method, q.URL, got)
			}
			if strings.Contains(q.URL.String(), secretFor(t)) {
				t.Errorf("the key is in the address %s", q.URL)
			}
			next.ServeHTTP(w, q)
		})
	}})
	p := r.open()
	p.press("L")
	p.wait("/build/contacts")
	p.press("esc")
	p.gone("/build/contacts")
	p.quit()
	log, err := os.ReadFile(filepath.Join(r.Home, "log"))
	must(t, err)
	if id := r.requests("list")[0].RequestID; !strings.Contains(string(log), "/build/contacts") || !strings.Contains(string(log), id) {
		t.Errorf("the log does not tell of the request %s:\n%s", id, log)
	}
}
