package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/work"
)

// companiesFresh is how old the local copy of the companies may be.
const companiesFresh = 24 * time.Hour

// companyColumn is the column with the company of a contact, which is no field of
// it: as the service says, or as the e-mail domain does.
const companyColumn = "company"

func (g *globals) companyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "company",
		Short:   "List the companies of the account, show one, create one",
		GroupID: groupContacts,
	}
	cmd.AddCommand(g.companyList(), g.companyGet(), g.companyCreate())
	return onlyCommands(cmd)
}

func (g *globals) companyList() *cobra.Command {
	var asJSON, fresh bool
	var word string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the companies, those used lately first",
		Args:  cobra.NoArgs,
		Long: `List the companies of the account by name, those that were chosen lately first. The names are kept in the
local copy for a day; --fresh asks the service.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			session, _, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			all, err := g.app.companies(cmd.Context(), session, fresh)
			if err != nil {
				return err
			}
			all.Items = slices.DeleteFunc(slices.Clone(all.Items), func(c model.Company) bool {
				return !strings.Contains(search.Fold(c.Name), search.Fold(word))
			})
			return g.app.printCompanies(all, asJSON)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&asJSON, "json", false, "a JSON array, as the service gave them")
	f.BoolVar(&fresh, "fresh", false, "ask the service, whatever the local copy holds")
	f.StringVar(&word, "name", "", "only companies with this `TEXT` in their name")
	return paged(cmd)
}

// companies are the companies, or an error that says that there are none here.
func (a *App) companies(ctx context.Context, s Session, fresh bool) (work.Companies, error) {
	age := companiesFresh
	if fresh {
		age = 0
	}
	all, err := s.Companies(ctx, age, work.Screen)
	if err == nil && all.Lacking {
		err = notAllowed{errors.New("this service is of March 2026 and has no companies")}
	}
	return all, err
}

func (a *App) printCompanies(all work.Companies, asJSON bool) error {
	if asJSON {
		return a.encode(append([]model.Company{}, all.Items...))
	}
	if all.More {
		a.note("levcontacts: there are more companies than these %d", len(all.Items))
	}
	var table [][]string
	for _, c := range all.Items {
		table = append(table, []string{strconv.FormatInt(c.ID, 10), c.Name, c.Website, c.City, c.State})
	}
	return a.records([]string{"id", "name", "website", "city", "state"}, table)
}

func (g *globals) companyGet() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "get NAME|ID",
		Short: "Show one company",
		Args:  oneArg("the name or the number of a company"),
		RunE: func(cmd *cobra.Command, args []string) error {
			session, _, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			id, err := g.app.findCompany(cmd.Context(), session, args[0], true)
			if err != nil {
				return err
			}
			c, err := session.Company(cmd.Context(), id)
			if err != nil {
				return err
			}
			if asJSON {
				return g.app.encode(c)
			}
			return g.app.printCompany(c)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a JSON object, as the service gave it")
	return cmd
}

// printCompany writes every part of a company that is not empty.
func (a *App) printCompany(c model.Company) error {
	list, err := members([]byte(c.JSON))
	if err != nil {
		return err
	}
	var table [][]string
	for _, m := range list {
		v, err := model.ParseValue(m.value)
		if err == nil && !v.Empty() {
			table = append(table, []string{m.name, v.String()})
		}
	}
	return a.aligned(table)
}

// findCompany is the number of a company that is named by it or by its name. again
// asks the service anew when the local copy has no such company.
func (a *App) findCompany(ctx context.Context, s Session, text string, again bool) (int64, error) {
	text = strings.TrimSpace(text)
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		if id <= 0 {
			return 0, usagef("%q is not the number of a company", text)
		}
		return id, nil
	}
	all, err := a.companies(ctx, s, false)
	if err != nil {
		return 0, err
	}
	found, near := companiesNamed(all.Items, text)
	if len(found) == 0 && again {
		if all, err = a.companies(ctx, s, true); err != nil {
			return 0, err
		}
		found, near = companiesNamed(all.Items, text)
	}
	switch {
	case len(found) == 1:
		return found[0].ID, nil
	case len(found) > 1:
		return 0, usagef("%d companies are called %q: %s", len(found), text, companyNames(found))
	case len(near) > 0:
		return 0, usagef("no company is called %q; did you mean %s?", text, companyNames(near))
	}
	return 0, &model.Error{Kind: model.KindNotFound, Op: "look for the company", Message: fmt.Sprintf("no company is called %q", text)}
}

// companiesNamed are the companies of a name, and those whose names hold it.
func companiesNamed(all []model.Company, text string) (found, near []model.Company) {
	want := search.Fold(strings.Join(strings.Fields(text), " "))
	for _, c := range all {
		switch name := search.Fold(strings.Join(strings.Fields(c.Name), " ")); {
		case want == "":
		case name == want, c.Domain() == want:
			found = append(found, c)
		case strings.Contains(name, want) || strings.Contains(want, cmp.Or(name, "\x00")):
			near = append(near, c)
		}
	}
	return found, near
}

func companyNames(list []model.Company) string {
	var names []string
	for _, c := range list[:min(len(list), 5)] {
		names = append(names, fmt.Sprintf("%s (%d)", c.Name, c.ID))
	}
	return strings.Join(names, ", ")
}

// addCompany puts a company that was given by name or number into a new contact.
func (a *App) addCompany(ctx context.Context, s Session, text string, extra map[string]json.RawMessage) error {
	if text == "" {
		return nil
	}
	id, err := a.findCompany(ctx, s, text, true)
	if err == nil {
		extra[companyMember] = json.RawMessage(strconv.FormatInt(id, 10))
	}
	return err
}

// resolveCompanies finds the numbers of the companies that rows name. A name that
// no company has makes its row wrong; a service without companies takes none.
func (a *App) resolveCompanies(ctx context.Context, s Session, rows []row) error {
	known, asked := map[string]int64{}, false
	for i := range rows {
		r := &rows[i]
		if _, numbered := r.extra[companyMember]; r.company == "" || numbered || r.id != "" {
			continue
		}
		id, met := known[r.company]
		if !met {
			var err error
			id, err = a.findCompany(ctx, s, r.company, !asked)
			asked = true
			var lacking notAllowed
			switch {
			case errors.As(err, &lacking):
				a.note("levcontacts: the column company is left out: %s", err)
				return nil
			case model.KindOf(err) == model.KindNotFound, errors.As(err, new(usageError)):
				if why := oneLine(err.Error()); r.foreign {
					r.notes = append(r.notes, why)
				} else {
					r.wrong = append(r.wrong, why)
				}
				continue
			case err != nil:
				return err
			}
			known[r.company] = id
		}
		r.extra[companyMember] = json.RawMessage(strconv.FormatInt(id, 10))
	}
	return nil
}
