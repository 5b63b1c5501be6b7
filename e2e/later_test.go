//go:build unix

package e2e

import (
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
)

// The main job against the other reading of the documents: the collection at
// another place, an e-mail address that cannot be changed, and a company that a
// new contact must belong to.
func TestTheMainJobOfTheLaterDocuments(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectLater}})
	p := r.open()
	p.press("e")
	p.wait("ctrl+s save")
	p.toField("Email", "tab")
	p.press("ctrl+x")
	p.send("sarah@chen.example")
	p.press("ctrl+s")
	p.wait("show JSON", "sarah@chen.example")
	p.press("enter")
	p.wait("409 conflict · request", "not supported yet", "sarah@chen.example", "Edit Sarah Chen")
	p.press("esc")
	p.wait("What you typed is not saved")
	p.press("d")
	p.wait("enter details")

	p.press("n")
	p.wait("New contact")
	p.press("right")
	p.gone("< choose >")
	p.toField("Last name", "tab")
	p.send("Petrosyan")
	p.press("ctrl+s")
	p.wait("show JSON", "Petrosyan")
	p.press("enter")
	p.wait("The service wants a company for a new contact", "Aguilar Capital Partners")
	p.send("harbor po")
	p.wait("> harbor po")
	p.gone("Aguilar Capital Partners")
	p.press("enter")
	p.wait("Created Petrosyan", "+ 1 not connected")
	made := r.requests("create")
	for _, e := range made {
		if strings.Contains(e.Path, "/build/") && e.Status != 404 {
			t.Errorf("%s is answered with %d", e.Path, e.Status)
		}
	}
	last := made[len(made)-1]
	body := sent(t, last)
	if last.Status/100 != 2 || body["company_id"] != float64(1002) || body["last_name"] != "Petrosyan" || len(body) != 3 {
		t.Errorf("%d for %v", last.Status, body)
	}
	p.quit()
}
