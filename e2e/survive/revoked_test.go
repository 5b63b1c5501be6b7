//go:build unix

package survive

import (
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
)

// The service carries a write out and loses the answer, and by the next try the
// key is revoked. The person signs in again over what is open; it is there and
// saved, once.
func TestKeyRevokedBetweenTwoTries(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		endpoint string
		faults   string
		typed    func(*acts) *acts // up to the key that saves
		asked    func(*acts) *acts // from it to the question for a key
		ends     func(*acts) *acts
	}{
		"a form": {"patch", "lost-answer@patch:1,revoke@get:2",
			func(a *acts) *acts {
				a.press("e").wait("Edit "+sarahName).to(model.FieldDepartment, "tab").press("ctrl+x").send("Workouts").wait("Workouts")
				return a.press("ctrl+s").wait("show JSON")
			},
			func(a *acts) *acts { return a },
			func(a *acts) *acts { return a.wait(inList, "had these values already") },
		},
		"a field in place": {"patch", "lost-answer@patch:1,revoke@get:2",
			func(a *acts) *acts {
				a.press("enter").wait("edit field").to(model.FieldDepartment, "down").press("enter").wait("enter save   esc leave")
				return a.send(" Workouts").wait("Workouts")
			},
			func(a *acts) *acts { return a },
			func(a *acts) *acts { return a.wait(inList, "had these values already") },
		},
		"a new contact": {"create", "lost-answer@create:1,revoke@list:1",
			func(a *acts) *acts {
				a.press("n").wait("choose").press("space").wait("< lender >").to(model.FieldFirstName, "tab").send("Nadia")
				return a.to(model.FieldLastName, "tab").send("Workouts").wait("Workouts").press("ctrl+s").wait("show JSON")
			},
			func(a *acts) *acts {
				return a.wait("cannot be reached").press("ctrl+s").wait("show JSON").press("enter")
			},
			func(a *acts) *acts {
				return a.wait("Is this the contact?", "Nadia Workouts").press("enter").wait("That is the contact you created", inList)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const next = "lev_sk_survive_the_next_key"
			r := rigFor(t, sandbox.Options{Contacts: 60}, nil)
			r.keepSecret(next)
			p := r.open(t)
			must(t, c.typed(p.do()).err)
			must(t, r.fails(c.faults))
			must(t, c.ends(c.asked(p.do().press("enter")).wait("Sign in again", "Workouts").send(next).wait("*****").press("enter")).err)
			if n := len(r.applied(c.endpoint)); n != 1 {
				t.Errorf("it was carried out %d times", n)
			}
			if c.endpoint == "patch" {
				held, _ := r.Service.Contact(sarah)
				if department, _ := held[model.FieldDepartment.Name()].(string); department != "Workouts" && department != "Originations Workouts" {
					t.Errorf("the service holds %q", department)
				}
			}
			must(t, p.quit())
			must(t, r.wantState(t.Context(), nil, 1))
		})
	}
}
