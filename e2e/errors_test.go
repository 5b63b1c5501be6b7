//go:build unix

package e2e

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// A change that is refused is still in the form, says why and with which
// request, and can be saved when the cause is gone.
func TestARefusedChangeKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults   string
		endpoint string // of the request that is refused
		status   int
		shown    []string
	}{
		"403":              {"403@patch", "patch", 403, []string{"not allowed", "403 forbidden"}},
		"404":              {"404@patch", "patch", 404, []string{"Contact not found", "404 not_found"}},
		"404 at the check": {"404@get", "get", 404, []string{"Contact not found", "404 not_found"}},
		"409":              {"409@patch", "patch", 409, []string{"conflicts with an earlier one", "409 conflict"}},
		"422":              {"422@patch", "patch", 422, []string{"The contact was not accepted", "422 validation_error"}},
		"422 of a field":   {"refuse=title@patch", "patch", 422, []string{"title was not accepted", "422 validation_error"}},
		"500":              {"500@patch", "patch", 500, []string{"The service has trouble", "500 internal_error"}},
		"402":              {"402@patch", "patch", 402, []string{"no credits left", "402 payment_required"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			p := r.open()
			p.typeChange()
			r.fails(c.faults)
			p.confirmSave()
			p.showsRequest(c.endpoint, c.status)
			p.wait(c.shown...)
			p.wait("Edit Sarah Chen", "Senior Vice President IV", "New Rochelle")
			if _, ok := r.last(c.endpoint, 200); ok && c.endpoint == "patch" {
				t.Error("the change was carried out")
			}
			r.fails("")
			p.confirmSave()
			p.wait("saved: title and city of Sarah Chen")
			r.wantSent("patch", map[string]any{"title": "Senior Vice President IV", "city": "New Rochelle"})
			p.quit()
		})
	}
}

// typeChange types into two fields of the first contact's form.
func (p *person) typeChange() {
	p.t.Helper()
	p.press("e")
	p.wait("Edit Sarah Chen")
	p.toField("Title", "tab")
	p.send(" IV")
	p.toField("City", "tab")
	p.press("ctrl+x")
	p.send("New Rochelle")
	p.wait("2 changes", "Senior Vice President IV", "New Rochelle")
}

func (p *person) confirmSave() {
	p.t.Helper()
	p.press("ctrl+s")
	p.wait("show JSON")
	p.press("enter")
}

// The message stands beside the field that the service named.
func TestARefusalStandsBesideItsField(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.typeChange()
	r.fails("refuse=title@patch")
	p.confirmSave()
	p.wait("title was not accepted")
	rows := strings.Split(p.Screen(), "\n")
	for i, row := range rows {
		if strings.Contains(row, "Senior Vice President IV") && !strings.Contains(rows[i+1], "title was not accepted") {
			t.Errorf("the message is not under the field:\n%s", p.Screen())
		}
	}
	p.press("ctrl+c")
	p.wait("An edit is open")
	p.press("y")
	p.exits(0)
}

func TestARefusedFieldInPlaceKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.press("enter")
	p.wait("edit field")
	p.toField("Department", "down")
	p.press("enter")
	p.wait("enter save   esc leave")
	p.send(" East")
	r.fails("refuse=department@patch")
	p.press("enter")
	p.showsRequest("patch", 422)
	p.wait("department was not", "Originations East")
	r.fails("")
	p.press("enter")
	p.wait("saved: department of Sarah Chen")
	r.wantSent("patch", map[string]any{"department": "Originations East"})
	p.press("esc")
	p.wait("enter details")
	p.quit()
}

// A service that asks to slow down is obeyed, and the save goes on by itself.
func TestASaveWaitsWhenTheServiceAsks(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]string{"429": "429=1s@patch:1", "503": "503=1s@patch:1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			p := r.open()
			p.typeChange()
			r.fails(faults)
			p.confirmSave()
			p.wait("saved: title and city of Sarah Chen")
			all := r.requests("patch")
			if len(all) != 2 || all[0].Applied || all[0].Header.Get("Idempotency-Key") != all[1].Header.Get("Idempotency-Key") {
				t.Errorf("patches: %v", all)
			}
			p.quit()
		})
	}
}

func TestARefusedCreateKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options rigOptions
		status  int
		shown   string
	}{
		"403": {rigOptions{service: sandbox.Options{Keys: []sandbox.Key{{Token: "", NoCreate: true}}}}, 403, "User not authorized to create contact"},
		"422": {rigOptions{around: withoutType}, 422, "contact_type is required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i := range c.options.service.Keys {
				c.options.service.Keys[i].Token = secretFor(t)
			}
			r := newRig(t, c.options)
			p := r.open()
			p.typeNew()
			p.confirmSave()
			p.showsRequest("create", c.status)
			p.wait(c.shown, "New contact", "Nadia", "Petrosyan")
			p.press("esc")
			p.wait("What you typed is not saved")
			p.press("l")
			p.wait("Kept as a draft")
			p.quit()
		})
	}
}

// typeNew types a new contact.
func (p *person) typeNew() {
	p.t.Helper()
	p.press("n")
	p.wait("New contact")
	p.toField("Type", "tab")
	p.press("right")
	p.gone("< choose >")
	p.toField("First name", "tab")
	p.send("Nadia")
	p.toField("Last name", "tab")
	p.send("Petrosyan")
	p.wait("Nadia", "Petrosyan")
}

// withoutType loses contact_type on the way, so that the service answers with
// its documented message.
func withoutType(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodPost {
			body, _ := io.ReadAll(q.Body)
			body = bytes.Replace(body, []byte(`"contact_type":`), []byte(`"department":`), 1)
			q.Body = io.NopCloser(bytes.NewReader(body))
			q.ContentLength = int64(len(body))
		}
		next.ServeHTTP(w, q)
	})
}

// Without a network what was typed stays, is said not to be sent, and goes out
// when the person saves again.
func TestASaveWithoutANetwork(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.typeChange()
	r.Door.Shut()
	p.confirmSave()
	p.wait("can't reach Lev", "OFFLINE", "Senior Vice President IV", "New Rochelle")
	if n := len(r.requests("patch")); n != 0 {
		t.Fatalf("%d requests came through a closed door", n)
	}
	r.Door.Open()
	p.confirmSave()
	p.wait("saved: title and city of Sarah Chen")
	p.gone("OFFLINE")
	r.wantSent("patch", map[string]any{"title": "Senior Vice President IV", "city": "New Rochelle"})
	p.quit()
}

// What is wrong with a list is said where the rows would be.
func TestAListThatFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults string
		status int
		shown  []string
	}{
		"401":        {"401@list", 401, []string{"Sign in again", "Authentication required"}},
		"403":        {"403@list", 403, []string{"not allowed"}},
		"500":        {"500@list", 500, []string{"The service has trouble", "tries again"}},
		"html":       {"html@list", 0, []string{"not what the service documents", "instead of JSON: Sign in to the"}},
		"wrong type": {"wrong-type@list", 0, []string{"not what the service documents"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			r.fails(c.faults)
			p := r.start(term.Options{})
			p.wait(c.shown...)
			if c.status != 0 {
				p.showsRequest("list", c.status)
			}
			if c.status == 401 {
				p.press("esc")
				p.gone("Sign in again")
			}
			r.fails("")
			p.press("r")
			p.waitLoaded()
			p.quit()
		})
	}
}

// A list that has to wait goes on by itself.
func TestAListThatWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ faults, shown string }{
		"429":       {"429=2s@list:1", "asking us to slow down · "},
		"503":       {"503=1s@list:1", ""},
		"reset":     {"reset@list:1", ""},
		"truncated": {"truncated@list:1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{})
			r.fails(c.faults)
			p := r.start(term.Options{})
			p.wait(c.shown)
			p.waitLoaded()
			p.quit()
		})
	}
}

// The answers that never end a list are noticed, said once, and no loop.
func TestAListThatNeverEnds(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"repeat-cursor", "no-cursor", "empty-page"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{service: sandbox.Options{Contacts: 1000}, config: "page_size = 50\nindex = \"off\"\n"})
			r.fails(fault + "@list:2-")
			p := r.open()
			p.press("G")
			p.waitPlace("the last row held", func(at place) bool { return at.At == at.Rows })
			p.until("a word about it", func(s string) bool { return strings.Contains(s, "!") && strings.Contains(s, "dismisses") })
			p.press("g")
			p.waitPlace("the first row", func(at place) bool { return at.At == 1 })
			p.press("G")
			p.waitPlace("the last row held", func(at place) bool { return at.At == at.Rows })
			if n := len(r.requests("list")); n > 4 {
				t.Errorf("%d list requests", n)
			}
			p.quit()
		})
	}
}

// The documents refuse a cursor together with a sort; it is never sent.
func TestACursorNeverGoesWithASort(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{service: sandbox.Options{Contacts: 600}, config: "page_size = 50\nindex = \"off\"\n"})
	p := r.open()
	p.press("j", "j")
	p.press("s")
	p.wait("Sort by")
	p.press("6")
	p.wait("by city")
	p.press("G")
	p.waitAll()
	p.press("r")
	p.press("s")
	p.wait("Sort by")
	p.press("0")
	p.gone("by city")
	before := len(r.requests("list"))
	p.press("G", "r")
	r.eventually("the list to be asked for again", func() bool { return len(r.requests("list")) > before })
	p.quit()
	sorted := 0
	for _, e := range r.requests("list") {
		if strings.Contains(e.Query, "sort=") {
			sorted++
		}
		if strings.Contains(e.Query, "sort=") && strings.Contains(e.Query, "cursor=") {
			t.Errorf("sent %s", e.Query)
		}
		if e.Status != 200 {
			t.Errorf("%s was answered with %d", e.Query, e.Status)
		}
	}
	if sorted < 10 {
		t.Errorf("only %d sorted requests: the sort went elsewhere", sorted)
	}
}
