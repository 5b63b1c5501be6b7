package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func (g *globals) companyCreate() *cobra.Command {
	var in work.NewCompany
	var yes, dry bool
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Create a company",
		Args:  cobra.ExactArgs(1),
		Long: `Create a company and write its id to standard output. When there is one of this name already, nothing is
sent and its id is written.`,
		Example: `  levcontacts company create 'Harbor Bank' --type lender`,
		RunE: func(cmd *cobra.Command, args []string) error {
			in.Name = strings.TrimSpace(args[0])
			switch {
			case in.Name == "":
				return usagef("a company needs a name")
			case in.Type != model.CompanyLender && in.Type != model.CompanySponsor:
				return usagef("--type is lender or sponsor")
			case dry:
				return g.app.encode(map[string]string{"name": in.Name, "company_type": in.Type})
			}
			return g.createCompany(cmd.Context(), in, yes)
		},
	}
	f := cmd.Flags()
	f.StringVar(&in.Type, "type", "", "lender or sponsor")
	f.BoolVarP(&yes, "yes", "y", false, "do not ask")
	f.BoolVar(&dry, "dry-run", false, "show what would be sent, and send nothing")
	return cmd
}

func (g *globals) createCompany(ctx context.Context, in work.NewCompany, yes bool) error {
	a := g.app
	if err := a.needsYes(yes, "a company is created"); err != nil {
		return err
	}
	session, s, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	if s.Config.ReadOnly.Value {
		return notAllowed{fmt.Errorf("nothing is changed: read_only is set (%s)", s.Config.ReadOnly.Origin)}
	}
	if !yes && !a.confirm(ctx, fmt.Sprintf("Create the company %q (%s)?", in.Name, in.Type)) {
		return errors.New("nothing was sent")
	}
	saved, err := session.CreateCompany(ctx, in)
	switch {
	case err != nil:
		return a.unsent(err)
	case saved.Nothing:
		a.note("levcontacts: there is a company of this name already; nothing was sent")
	default:
		a.note("levcontacts: created the company %s%s", in.Name, requestOf(saved.RequestID))
	}
	return a.line(strconv.FormatInt(saved.Company.ID, 10))
}
