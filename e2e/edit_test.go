//go:build unix

package e2e

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// sarah is the first contact of the sample data.
const sarah = 78

// sent is the body of a write.
func sent(t *testing.T, e sandbox.Entry) map[string]any {
	t.Helper()
	var body map[string]any
	must(t, json.Unmarshal(e.Body, &body))
	return body
}

// wantSent compares the bodies of all writes to an endpoint that the service
// carried out.
func (r *rig) wantSent(endpoint string, want ...map[string]any) {
	r.t.Helper()
	var got []map[string]any
	for _, e := range r.requests(endpoint) {
		if e.Applied && !e.Replayed {
			got = append(got, sent(r.t, e))
		}
	}
	if !reflect.DeepEqual(got, want) {
		r.t.Errorf("%s carried out %v, want %v", endpoint, got, want)
	}
}

// listRow is the row of the list, without the details beside it, that holds a text.
func listRow(screen, text string) string {
	for row := range strings.Lines(screen) {
		if left, _, _ := strings.Cut(row, "│"); strings.Contains(left, text) {
			return left
		}
	}
	return ""
}

func TestEditsSendExactlyWhatChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.openAll()
	lists := len(r.requests("list"))

	p.press("enter")
	p.wait("edit field")
	p.toField("Title", "down")
	p.press("enter")
	p.wait("enter save   esc leave")
	p.send(" II")
	p.wait("Senior Vice President II")
	p.press("enter")
	p.wait("saved: title of Sarah Chen")
	r.wantSent("patch", map[string]any{"title": "Senior Vice President II"})
	if row := listRow(p.Screen(), "Sarah Chen"); !strings.Contains(row, "Senior Vice") {
		t.Errorf("the row is %q", row)
	}

	p.press("e")
	p.wait("Edit Sarah Chen")
	p.toField("First name", "tab")
	p.press("ctrl+x")
	p.send("Sally")
	p.toField("ZIP", "tab")
	p.press("ctrl+x")
	p.wait("2 changes")
	p.press("ctrl+s")
	p.until("what will change", func(s string) bool {
		return strings.Contains(s, "→  Sally") && strings.Contains(s, "→  (empty)") && strings.Contains(s, "show JSON")
	})
	p.press("J")
	p.wait(`"first_name": "Sally"`, `"zip": null`)
	p.press("enter")
	p.wait("saved: first name and ZIP of Sally Chen")
	r.wantSent("patch", map[string]any{"title": "Senior Vice President II"}, map[string]any{"first_name": "Sally", "zip": nil})
	if row := listRow(p.Screen(), "Sally Chen"); !strings.Contains(row, "lender") {
		t.Errorf("the list does not show the change:\n%s", p.Screen())
	}
	if got := len(r.requests("list")); got != lists {
		t.Errorf("the list was fetched again: %d requests, %d before the edits", got, lists)
	}
	held, _ := r.Service.Contact(sarah)
	if held["title"] != "Senior Vice President II" || held["first_name"] != "Sally" || held["zip"] != nil {
		t.Errorf("the service holds %v", held)
	}
	p.press("esc")
	p.wait("enter details")
	p.quit()
}

func TestNothingChangedSendsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.press("e")
	p.wait("Edit Sarah Chen")
	p.toField("Title", "tab")
	p.send("x")
	p.wait("1 change")
	p.press("backspace")
	p.gone("1 change")
	p.press("ctrl+s")
	p.wait("nothing has changed, so nothing is sent")
	p.press("esc")
	p.wait("enter details")
	if got := r.requests("patch"); len(got) != 0 {
		t.Errorf("sent %v", got)
	}
	p.quit()
}

func TestANewContactStaysInView(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{})
	p := r.open()
	p.press("n")
	p.wait("New contact")
	p.toField("First name", "tab")
	p.send("Nadia")
	p.toField("Last name", "tab")
	p.send("Petrosyan")
	p.press("ctrl+s")
	p.wait("type is required", "< choose >") // the cursor is there
	p.press("right")
	p.until("a type", func(s string) bool { return !strings.Contains(s, "type is required") })
	p.press("ctrl+s")
	p.wait("Petrosyan", "show JSON")
	p.press("enter")
	p.wait("Created Nadia Petrosyan")
	selected := func(text string) func(string) bool {
		return func(s string) bool {
			row := listRow(s, "Nadia Petrosyan")
			return strings.HasPrefix(row, "▌") && strings.Contains(row, text) && strings.Contains(s, "+ 1 not connected")
		}
	}
	p.until("the new contact, selected in the list", selected(""))
	created := r.requests("create")
	if len(created) != 1 || created[0].Header.Get("Idempotency-Key") == "" {
		t.Fatalf("creates: %v", created)
	}
	body := sent(t, created[0])
	if body["first_name"] != "Nadia" || body["last_name"] != "Petrosyan" || body["contact_type"] == nil || len(body) != 3 {
		t.Errorf("created with %v", body)
	}

	// The refresh is over when what colleagues have changed is there.
	shown := regexp.MustCompile(`│  ID +(\d+)`).FindStringSubmatch(p.Screen())
	if shown == nil {
		t.Fatalf("the details show no id:\n%s", p.Screen())
	}
	id, err := strconv.ParseInt(shown[1], 10, 64)
	must(t, err)
	r.Service.Update(id, map[string]any{"title": "Partner"})
	r.Service.Update(sarah, map[string]any{"last_name": "Lindqvist"})
	p.press("r")
	p.until("the new contact as it is now", selected("Partner"))
	p.press("g")
	p.wait("▌◆★ Sarah Lindqvist", "+ 1 not connected")
	p.press("/")
	p.send("petrosyan")
	p.until("the new contact, found in the list", func(s string) bool {
		return strings.Contains(listRow(s, "Nadia Petrosyan"), "Partner") && strings.Contains(s, "/ petrosyan")
	})
	p.press("esc")
	p.wait("▌◆★ Sarah Lindqvist")
	p.quit()
}

// A key that is revoked while an edit is open costs nothing that was typed.
func TestAKeyRevokedDuringAnEdit(t *testing.T) {
	t.Parallel()
	const next = "lev_sk_the_next_key_of_the_same_person"
	r := newRig(t, rigOptions{service: sandbox.Options{Keys: []sandbox.Key{{Token: secretFor(t)}, {Token: next}}}})
	p := r.openAll() // no page meets the revoked key first
	p.press("e")
	p.wait("Edit Sarah Chen")
	p.toField("Title", "tab")
	p.send(" III")
	r.Service.RevokeToken(r.Key)
	p.press("ctrl+s")
	p.wait("show JSON")
	p.press("enter")
	p.wait("Sign in again", "Senior Vice President III")
	p.showsRequest("get", 401)
	p.send("lev_sk_wrong")
	p.press("enter")
	p.wait("does not accept the key: Authentication required")
	for range len("lev_sk_wrong") {
		p.press("backspace")
	}
	p.send(next)
	p.press("enter")
	p.wait("saved: title of Sarah Chen")
	r.wantSent("patch", map[string]any{"title": "Senior Vice President III"})
	if strings.Contains(string(p.Raw()), next) {
		t.Error("the key that was typed is in the output")
	}
	p.quit()
}
