package service

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

const (
	// maxCompanyPages is how many pages of companies are read.
	maxCompanyPages = 25
	// recentCompanies is how many companies that were used lately are remembered.
	recentCompanies = 8
	factRecent      = "recent-companies" // JSON, ids, the latest first
)

// Companies are the companies by name, those used lately first: those of the
// local copy when they are at most maxAge old, otherwise as the service has them.
// A service that has none is asked once and never again; that is no error. With
// an error the held ones come along, whatever their age. The priority is that of
// the requests.
func (s *Service) Companies(ctx context.Context, maxAge time.Duration, p work.Priority) (work.Companies, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Companies{}, err
	}
	defer leave()
	held := s.heldCompanies(ctx)
	if s.lacks(ctx, factNoCompanies) {
		held.Lacking = true
		return held, nil
	}
	if !held.FetchedAt.IsZero() && s.o.Now().Sub(held.FetchedAt) <= maxAge {
		return held, nil
	}
	client, err := s.remote(ctx)
	if err != nil {
		return held, err
	}
	fresh, err := s.fetchCompanies(ctx, client, p)
	if api.MissingRoute(err, "company") {
		s.learnLack(ctx, factNoCompanies)
		held.Lacking = true
		return held, nil
	}
	if err != nil {
		return held, err
	}
	return fresh, nil
}

// HeldCompanies are the companies of the local copy. It sends nothing.
func (s *Service) HeldCompanies(ctx context.Context) (work.Companies, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Companies{}, err
	}
	defer leave()
	held := s.heldCompanies(ctx)
	held.Lacking = s.lacks(ctx, factNoCompanies)
	return held, ctx.Err()
}

func (s *Service) heldCompanies(ctx context.Context) (out work.Companies) {
	s.copy.use(ctx, func(c *store.Cache) (err error) {
		out.Items, out.FetchedAt, err = c.Companies(ctx)
		return err
	})
	s.orderCompanies(ctx, &out)
	return out
}

func (s *Service) fetchCompanies(ctx context.Context, client *api.Client, p work.Priority) (work.Companies, error) {
	out := work.Companies{FetchedAt: s.o.Now()}
	seen := map[string]bool{}
	for cursor := ""; ; {
		page, err := client.Companies(ctx, cursor, p)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, page.Items...)
		cursor = page.NextCursor
		if out.More = cursor != "" && !seen[cursor]; !out.More || len(seen)+1 >= maxCompanyPages {
			break
		}
		seen[cursor] = true
	}
	s.copy.use(context.WithoutCancel(ctx), func(c *store.Cache) error {
		return c.PutCompanies(context.WithoutCancel(ctx), out.Items, true, out.FetchedAt)
	})
	s.orderCompanies(ctx, &out)
	return out, nil
}

// orderCompanies puts those used lately first and the others by name.
func (s *Service) orderCompanies(ctx context.Context, c *work.Companies) {
	recent := s.recentCompanies(ctx)
	rank := func(id int64) int {
		if i := slices.Index(recent, id); i >= 0 {
			return i
		}
		return len(recent)
	}
	slices.SortStableFunc(c.Items, func(a, b model.Company) int {
		return cmp.Or(cmp.Compare(rank(a.ID), rank(b.ID)), cmp.Compare(search.Fold(a.Name), search.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	c.Recent = 0
	for c.Recent < len(c.Items) && rank(c.Items[c.Recent].ID) < len(recent) {
		c.Recent++
	}
}

func (s *Service) recentCompanies(ctx context.Context) (ids []int64) {
	if json.Unmarshal([]byte(s.fact(ctx, factRecent)), &ids) != nil {
		return nil
	}
	return ids
}

// useCompany remembers that a company was chosen.
func (s *Service) useCompany(ctx context.Context, id int64) {
	ids := append([]int64{id}, slices.DeleteFunc(s.recentCompanies(ctx), func(old int64) bool { return old == id })...)
	if raw, err := json.Marshal(ids[:min(len(ids), recentCompanies)]); err == nil && id > 0 {
		s.setFact(ctx, factRecent, string(raw))
	}
}

// Company reads one company.
func (s *Service) Company(ctx context.Context, id int64) (model.Company, error) {
	const op = "get company"
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return model.Company{}, err
	}
	defer leave()
	if s.lacks(ctx, factNoCompanies) {
		return model.Company{}, refused(op, noCompaniesText)
	}
	client, err := s.remote(ctx)
	if err != nil {
		return model.Company{}, err
	}
	company, err := client.Company(ctx, id, work.Screen)
	if api.MissingRoute(err, "company") {
		s.learnLack(ctx, factNoCompanies)
		return company, refused(op, noCompaniesText)
	}
	return company, err
}

const noCompaniesText = "this service has no companies"

// CreateCompany makes a company. It is in the journal before it is sent. One of
// the same name is looked for first, so that a company is never made twice: it
// is the answer then, and nothing is sent. The errors are those of Save.
func (s *Service) CreateCompany(ctx context.Context, in work.NewCompany) (work.CompanySaved, error) {
	const op = "create company"
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.CompanySaved{}, err
	}
	defer leave()
	in.Name = strings.TrimSpace(in.Name)
	switch {
	case in.Name == "":
		return work.CompanySaved{}, refused(op, "a company needs a name")
	case in.Type != model.CompanyLender && in.Type != model.CompanySponsor:
		return work.CompanySaved{}, refused(op, "a company is lender or sponsor")
	case s.lacks(ctx, factNoCompanies):
		return work.CompanySaved{}, refused(op, noCompaniesText)
	}
	w, err := s.writer(ctx, op, createLock)
	if err != nil {
		return work.CompanySaved{}, err
	}
	defer w.release()
	found, there, err := w.companyNamed(ctx, in.Name)
	if err != nil {
		return work.CompanySaved{}, err
	}
	open, err := w.st.Entries(ctx, work.EntryFilter{Kind: work.KindCompanyCreate, Result: work.Unknown})
	if err != nil && len(open) == 0 {
		return work.CompanySaved{}, noJournal(op, err)
	}
	var e work.Entry
	for _, old := range open {
		if was, _ := old.NewCompany(); old.Elsewhere || !sameName(was.Name, in.Name) {
			continue
		}
		if e, err = w.st.ClaimEntry(ctx, old.ID); err != nil {
			return work.CompanySaved{}, noJournal(op, err)
		}
		if there {
			w.companyFound(ctx, e)
		}
	}
	switch {
	case there:
		return work.CompanySaved{Company: found, Nothing: true}, nil
	case e.ID != "":
		w.again = true
	default:
		e, err = w.st.Begin(ctx, work.Entry{Kind: work.KindCompanyCreate, Name: in.Name, Extra: in.Extra()}, store.Claim{})
		if err != nil {
			return work.CompanySaved{}, noJournal(op, err)
		}
	}
	return w.sendCompany(ctx, e)
}

func sameName(a, b string) bool {
	return search.Fold(strings.Join(strings.Fields(a), " ")) == search.Fold(strings.Join(strings.Fields(b), " "))
}

// companyNamed looks for a company among all that the service has.
func (w *writer) companyNamed(ctx context.Context, name string) (c model.Company, there bool, err error) {
	all, err := w.s.fetchCompanies(ctx, w.client, work.Screen)
	if api.MissingRoute(err, "company") {
		w.s.learnLack(ctx, factNoCompanies)
		return c, false, refused(w.op, noCompaniesText)
	}
	if err != nil {
		return c, false, err
	}
	i := slices.IndexFunc(all.Items, func(c model.Company) bool { return sameName(c.Name, name) })
	if i < 0 {
		return c, false, nil
	}
	return all.Items[i], true, nil
}

func (w *writer) companyFound(ctx context.Context, e work.Entry) {
	w.note(ctx, e.ID, store.Outcome{Result: work.Done, Message: "no response came; the service has the company"})
}

// sendCompany sends a create that is in the journal, and notes what became of it.
func (w *writer) sendCompany(ctx context.Context, e work.Entry) (work.CompanySaved, error) {
	in, _ := e.NewCompany()
	company, receipt, err := w.client.CreateCompany(ctx, in.Name, in.Type, e.Key)
	if err != nil {
		_, err = w.finish(ctx, e, model.Contact{}, receipt, err)
		return work.CompanySaved{}, err
	}
	w.note(ctx, e.ID, store.Outcome{Result: work.Done, Status: receipt.Status, RequestID: receipt.RequestID})
	w.s.copy.use(context.WithoutCancel(ctx), func(c *store.Cache) error {
		return c.PutCompanies(context.WithoutCancel(ctx), []model.Company{company}, false, w.s.o.Now())
	})
	w.s.useCompany(ctx, company.ID)
	return work.CompanySaved{Company: company, RequestID: receipt.RequestID}, nil
}

// lookCompany looks for the company of a claimed entry.
func (w *writer) lookCompany(ctx context.Context, e work.Entry) (work.Resolution, error) {
	in, _ := e.NewCompany()
	_, there, err := w.companyNamed(ctx, in.Name)
	switch {
	case err != nil:
		w.stillUnknown(ctx, e, err)
		return work.Resolution{}, err
	case there:
		w.companyFound(ctx, e)
		return work.Resolution{Finding: work.FoundSaved}, nil
	}
	w.note(ctx, e.ID, store.Outcome{Result: work.Unknown, Status: e.Status, RequestID: e.RequestID,
		Message: "no response came, and the service has no company of this name"})
	return work.Resolution{Finding: work.FoundMissing}, nil
}

// sendCompanyAgain sends a claimed create once more, unless the service has the
// company by now.
func (w *writer) sendCompanyAgain(ctx context.Context, e work.Entry) (work.Saved, error) {
	r, err := w.lookCompany(ctx, e)
	if err != nil || r.Finding == work.FoundSaved {
		return work.Saved{Nothing: err == nil}, err
	}
	if e, err = w.st.ClaimEntry(ctx, e.ID); err != nil {
		return work.Saved{}, noJournal(w.op, err)
	}
	w.again = true
	saved, err := w.sendCompany(ctx, e)
	return work.Saved{RequestID: saved.RequestID}, err
}

// usedCompany remembers the company of a contact that was created.
func (s *Service) usedCompany(ctx context.Context, extra map[string]json.RawMessage) {
	var id int64
	if json.Unmarshal(extra["company_id"], &id) == nil {
		s.useCompany(ctx, id)
	}
}
