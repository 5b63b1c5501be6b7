//go:build unix

package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

// sizes are the terminals in which phones are edited.
func sizes() map[string]term.Options {
	return map[string]term.Options{"120x40": {}, "80x24": {Cols: 80, Rows: 24}}
}

// wantBodies compares the bodies of all changes that the service carried out, byte
// by byte.
func (r *rig) wantBodies(want ...string) {
	r.t.Helper()
	var got []string
	for _, e := range r.requests("patch") {
		if e.Applied {
			got = append(got, string(e.Body))
		}
	}
	if !slices.Equal(got, want) {
		r.t.Errorf("sent\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A number is added in place, one is changed in the form, one is removed and the
// removal undone: the exact body of each.
func TestPhonesAreEdited(t *testing.T) {
	t.Parallel()
	const office, mobile = `{"type":"office","raw":"(212) 555-0193","country":"US"}`,
		`{"type":"mobile","raw":"917.555.0101","extension":"4"}`
	for name, dialect := range map[string]sandbox.Dialect{"later": sandbox.DialectLater, "both": sandbox.DialectBoth} {
		for size, o := range sizes() {
			t.Run(name+" "+size, func(t *testing.T) {
				t.Parallel()
				r := newRig(t, rigOptions{service: sandbox.Options{Dialect: dialect, Contacts: 40}})
				p := r.start(o)
				p.waitLoaded()
				p.press("p")
				p.wait("Office  (212) 555-0193", "becomes +1 212 555 0193")
				p.press("down")
				p.send("917.555.0101 x4")
				p.wait("Mobile  917.555.0101 x4", "becomes +1 917 555 0101 ext")
				p.press("enter")
				p.wait("phones: replaces the only number", "(new)", "Mobile (917) 555-0101 ext 4", "enter save")
				p.press("enter")
				p.wait("saved: phones of Sarah Chen")
				p.press("esc") // so that the next one is another
				p.gone("saved: phones")

				p.press("e")
				p.wait("Edit Sarah Chen")
				p.toField("Phones", "tab")
				p.press("ctrl+x")
				p.wait("removed")
				p.send("+1 646 555 0100")
				p.wait("becomes +1 646 555 0100")
				p.press("ctrl+s")
				p.wait("phones: replaces all 2 numbers", "Office (212) 555-0193", "Office (646) 555-0100",
					"Mobile (917) 555-0101 ext")
				p.press("J")
				p.wait(`"raw": "+1 646 555 0100"`)
				p.press("enter")
				p.wait("saved: phones of Sarah Chen")
				p.press("esc") // so that the next one is another
				p.gone("saved: phones")

				p.press("p")
				p.wait("becomes +1 646 555 0100")
				p.press("down", "ctrl+x")
				p.wait("removed")
				p.press("enter")
				p.wait("phones: replaces all 2 numbers", "(removed)")
				p.press("enter")
				p.wait("saved: phones of Sarah Chen")
				p.press("u")
				p.wait("Undo for Sarah Chen", "(new)", "Mobile (917) 555-0101 ext 4")
				p.press("enter")
				p.wait("undone and saved: phones of Sarah Chen")
				newOffice, heldMobile := `{"type":"office","raw":"+1 646 555 0100"}`,
					`{"type":"mobile","raw":"917.555.0101","country":"US","extension":"4"}`
				heldOffice := `{"type":"office","raw":"+1 646 555 0100","country":"US"}`
				r.wantBodies(`{"phones":[`+office+`,`+mobile+`]}`, `{"phones":[`+newOffice+`,`+heldMobile+`]}`,
					`{"phones":[`+heldOffice+`]}`, `{"phones":[`+heldOffice+`,`+mobile+`]}`)
				p.quit()
			})
		}
	}
}

// Someone else changed the numbers meanwhile; and the service refuses a number at
// its row.
func TestPhonesInConflictAndRefused(t *testing.T) {
	t.Parallel()
	for size, o := range sizes() {
		t.Run(size, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectLater, Contacts: 40}})
			p := r.start(o)
			p.waitLoaded()
			p.press("p")
			p.wait("becomes +1 212 555 0193")
			p.press("down")
			p.must(p.Paste("mobile: 917 555 0101\nfax: call me\n"))
			p.wait("Mobile  917 555 0101", "Fax     call me", "no phone number yet")
			r.Service.Update(sarah, map[string]any{"phones": []any{map[string]any{"type": "office", "raw": "(332) 555-0100"}}})
			p.press("enter")
			p.wait("enter save")
			p.press("enter")
			p.wait("1 conflict left", "original  Office  (212) 555-0193", "theirs    Office  (332) 555-0100",
				"Mobile  (917) 555-0101")
			p.press("m", "enter")
			p.wait("phones: replaces the only number")
			p.press("enter")
			p.wait("Fax     call me", "the number is not a phone")
			p.showsRequest("patch", 422)
			p.press("ctrl+x")
			p.wait("Mobile  917 555 0101")
			p.press("enter")
			p.wait("enter save")
			p.press("enter")
			p.wait("saved: phones of Sarah Chen")
			r.wantBodies(`{"phones":[{"type":"office","raw":"(212) 555-0193"},{"type":"mobile","raw":"917 555 0101"}]}`)
			p.quit()
		})
	}
}

// A contact is found by its number in any spelling.
func TestContactsAreFoundByPhone(t *testing.T) {
	t.Parallel()
	for size, o := range sizes() {
		t.Run(size, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectLater, Contacts: 40}})
			r.Service.Update(142, map[string]any{"phones": []any{map[string]any{"type": "office", "raw": "(917) 555-8642",
				"e164": "+19175558642"}}})
			p := r.start(o)
			p.waitAll()
			for _, spelling := range []string{"9175558642", "(917) 555-8642", "917.555.8642", "+1 917 555 8642",
				"phone:555-8642"} {
				p.press("/")
				p.send(spelling)
				p.wait("James Rodriguez")
				p.gone("Sarah Chen")
				p.press("esc")
				p.wait("Sarah Chen")
			}
			p.quit()
		})
	}
}

// The address in two lines, the photo and both types are fields as any other; an
// e-mail address that the service does not change is said before the next save.
func TestTheOtherLaterFields(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectBoth, Contacts: 40}})
	p := r.open()
	p.press("e")
	p.wait("Edit Sarah Chen")
	p.toField("All types", "tab")
	p.press("right", "right")
	p.wait("lender, sponsor")
	p.toField("Street 2", "tab")
	p.press("ctrl+x")
	p.send("Floor 18")
	p.toField("Photo URL", "shift+tab")
	p.press("ctrl+x")
	p.send("https://x.example/78.png")
	p.confirmSave()
	p.wait("saved: ", "Street 2      Floor 18", "Photo URL     x.example/78.png", "All types     lender, sponsor")
	r.wantBodies(`{"address2":"Floor 18","contact_types":["lender_contact","sponsor"],"photo_url":"https://x.example/78.png"}`)
	p.quit()

	fixed := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectLater, Contacts: 40}})
	p = fixed.open()
	p.press("m")
	p.send("new@example.com")
	p.press("enter")
	p.wait("supported yet", "address: create a new contact")
	p.press("esc")
	p.wait("Kept as a draft")
	p.press("e")
	p.wait("Edit Sarah Chen")
	p.toField("Email", "tab")
	p.wait("this service does not change an e-mail address: create a new contact")
	p.press("esc")
	p.wait("What you typed is not saved")
	p.press("d")
	p.gone("What you typed is not saved", "Edit Sarah Chen")
	p.quit()
}

func (p *person) must(err error) {
	p.t.Helper()
	must(p.t, err)
}

// A service of March 2026 is asked for nothing that it does not have, and every
// key does something or says why not.
func TestAServiceOfMarchHasNoDeadKeys(t *testing.T) {
	t.Parallel()
	for size, o := range sizes() {
		t.Run(size, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, rigOptions{service: sandbox.Options{Dialect: sandbox.DialectMarch, Contacts: 40}})
			p := r.start(o)
			p.waitAll()
			p.press("p")
			p.wait("this service has no phones")
			p.press("c")
			p.send("phones")
			p.wait("this service has no phones")
			p.press("esc")
			p.gone("Columns")
			p.press("/")
			p.send("has:phone")
			p.wait("Nothing matches", "this service has no phones")
			p.press("esc")
			p.wait("Sarah Chen")
			p.quit()
			lost := map[string]int{}
			for _, e := range r.Service.Requests() {
				if e.Status == 404 || e.Status == 405 {
					lost[e.Method+" "+e.Path]++
				}
			}
			for path, n := range lost {
				if n > 1 {
					t.Errorf("%s does not exist and was asked for %d times", path, n)
				}
			}
		})
	}
}
