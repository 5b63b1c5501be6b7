package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
)

// seeded are the first contacts of a sandbox, as the service sends them.
func seeded(t *testing.T, n int) (out []model.Contact) {
	t.Helper()
	server, err := sandbox.New(sandbox.Options{Contacts: n, Tier: "unlimited"})
	if err != nil {
		t.Fatal(err)
	}
	for offset := 0; offset < n; offset += 200 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/contacts?limit=200&sort=created_at&offset=%d", sandbox.BasePath, offset), nil)
		r.Header.Set("Authorization", "Bearer lev_sk_test")
		r.Header.Set("X-Origin-App", "test")
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		var page struct{ Data []model.Contact }
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK {
			t.Fatal(w.Code, err, w.Body)
		}
		out = append(out, page.Data...)
	}
	return out
}

// Every field that a contact and a vCard both have comes back byte for byte.
func TestVCardRoundTrip(t *testing.T) {
	t.Parallel()
	both := []model.FieldID{model.FieldFirstName, model.FieldLastName, model.FieldTitle, model.FieldDepartment, model.FieldEmail, model.FieldLinkedIn,
		model.FieldPhoto, model.FieldAddress, model.FieldAddress2, model.FieldCity, model.FieldState, model.FieldZip, model.FieldType}
	contacts := seeded(t, 1000)
	odd := contacts[0].With(model.FieldAddress, model.TextValue(`1 Main St; Suite 4, back\yard`)).With(model.FieldAddress2, model.TextValue("Floor 3; left")).
		With(model.FieldLastName, model.TextValue("Smith; Jones")).With(model.FieldTitle, model.TextValue("VP\nDebt; Ümläute über alles, und noch einmal so viele Wörter, damit gefaltet wird"))
	contacts = append(contacts, odd)
	text := ""
	numbers := 0
	for _, c := range contacts {
		text += model.VCard(c)
	}
	cards, err := model.ParseVCards(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(cards) != len(contacts) {
		t.Fatalf("%d cards of %d contacts", len(cards), len(contacts))
	}
	for i, c := range contacts {
		card := cards[i]
		if card.ID != c.ID() || len(card.Left) > 0 {
			t.Errorf("contact %d: id %d, left %q", c.ID(), card.ID, card.Left)
		}
		for _, f := range both {
			if got, want := card.Draft[f], c.Get(f).String(); got != want {
				t.Errorf("contact %d: %s is %q, was %q", c.ID(), f.Name(), got, want)
			}
		}
		phones, ok := c.Phones()
		if !ok {
			t.Fatal(c.ID())
		}
		back := model.NewContact(0, map[model.FieldID]model.Value{model.FieldPhones: model.FieldPhones.Def().Parse(card.Draft[model.FieldPhones])})
		again, _ := back.Phones()
		if len(again) != len(phones) {
			t.Errorf("contact %d: %+v of %+v", c.ID(), again, phones)
			continue
		}
		for k, p := range phones {
			numbers++
			raw := p.Raw
			if raw == "" {
				raw = p.E164
			}
			if again[k].Raw != raw || again[k].Type != p.Type || again[k].Extension != p.Extension {
				t.Errorf("contact %d: %+v of %+v", c.ID(), again[k], p)
			}
		}
	}
	if numbers < 500 {
		t.Errorf("%d phone numbers", numbers)
	}
}
