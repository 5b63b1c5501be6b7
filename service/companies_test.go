package service_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Companies come from the local copy while it is young, those used lately first,
// also in the next run.
func TestCompaniesAreHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 2000, Tier: "enterprise", Dialect: sandbox.DialectLater})
	p := w.start()
	all, err := p.Companies(t.Context(), time.Hour, work.Screen)
	must(t, err)
	want(t, "more than a page", len(all.Items) > 200, true)
	want(t, "recent", all.Recent, 0)
	asked := w.asked("companies")
	again, err := p.Companies(t.Context(), time.Hour, work.Screen)
	must(t, err)
	want(t, "held", len(again.Items), len(all.Items))
	want(t, "asked", w.asked("companies"), asked)
	one, err := p.Company(t.Context(), all.Items[7].ID)
	must(t, err)
	want(t, "one", one.Name, all.Items[7].Name)

	values := model.Diff(model.Contact{}, model.Draft{model.FieldType: model.TypeSponsor, model.FieldLastName: "Byron"})
	_, err = p.Create(t.Context(), work.Create{Values: values, Extra: map[string]json.RawMessage{"company_id": json.RawMessage("1005")}})
	must(t, err)
	must(t, p.Close())
	p = w.start()
	again, err = p.Companies(t.Context(), 24*time.Hour, work.Screen)
	must(t, err)
	want(t, "the one that was used", again.Items[0].ID, int64(1005))
	want(t, "recent", again.Recent, 1)

	name, derived := again.Names().Of(model.NewContact(1,
		map[model.FieldID]model.Value{model.FieldEmail: model.TextValue("a@MeridianCapital.com")}))
	want(t, "by the domain", name, "Meridian Capital")
	want(t, "derived", derived, true)
	name, _ = again.Names().Of(model.NewContact(1,
		map[model.FieldID]model.Value{model.FieldEmail: model.TextValue("a@gmail.com")}))
	want(t, "of a public domain", name, "")
}

func TestCompaniesThatDoNotExistAreAskedForOnce(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3, Dialect: sandbox.DialectMarch}, func(t *testing.T, w *world, p *program) {
		for range 3 {
			all, err := p.Companies(t.Context(), 0, work.Screen)
			must(t, err)
			want(t, "lacking", all.Lacking, true)
		}
		_, err := p.Company(t.Context(), 5)
		wantKind(t, err, model.KindRefused)
		_, err = p.CreateCompany(t.Context(), work.NewCompany{Name: "Acme", Type: model.CompanyLender})
		wantKind(t, err, model.KindRefused)
		want(t, "requests", len(w.sandbox.Requests()), 1)
	})
}

// A company is never made twice.
func TestCompanyIsCreatedOnce(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 3, Tier: "unlimited", Dialect: sandbox.DialectLater}, func(t *testing.T, w *world, p *program) {
		in := work.NewCompany{Name: " Acme  Bridge ", Type: model.CompanyLender}
		_, err := p.CreateCompany(t.Context(), work.NewCompany{Name: " ", Type: model.CompanyLender})
		wantKind(t, err, model.KindRefused)
		_, err = p.CreateCompany(t.Context(), work.NewCompany{Name: "x", Type: "bank"})
		wantKind(t, err, model.KindRefused)

		w.silence(http.MethodPost)
		_, err = p.CreateCompany(t.Context(), in)
		want(t, "nobody knows", errors.Is(err, work.ErrOutcomeUnknown), true)
		w.hook(nil)
		saved, err := p.CreateCompany(t.Context(), work.NewCompany{Name: "acme bridge", Type: model.CompanyLender})
		must(t, err)
		want(t, "found", saved.Nothing, true)
		want(t, "journal", p.journal()[0].Result, work.Done)

		w.silence(http.MethodPost)
		_, err = p.CreateCompany(t.Context(), work.NewCompany{Name: "Beta", Type: model.CompanySponsor})
		want(t, "nobody knows", errors.Is(err, work.ErrOutcomeUnknown), true)
		w.hook(nil)
		open, err := p.Unresolved(t.Context())
		must(t, err)
		r, err := p.Resolve(t.Context(), open[0])
		must(t, err)
		want(t, "finding", r.Finding, work.FoundSaved)
		all, err := p.Companies(t.Context(), 0, work.Screen)
		must(t, err)
		n := 0
		for _, c := range all.Items {
			if c.Name == "Acme  Bridge" || c.Name == "Beta" {
				n++
			}
		}
		want(t, "companies", n, 2)
	})
}
