package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

const (
	noFileComp = cobra.ShellCompDirectiveNoFileComp
	// openComp is for a word that goes on, such as state=.
	openComp = noFileComp | cobra.ShellCompDirectiveNoSpace
)

// fileFlags are the flags that name files.
func fileFlags() []string {
	return []string{"json", "output", "errors", "config", "log-file", "api-key-file", "input", "file"}
}

// noFiles keeps a shell from offering files where none is meant.
func noFiles(cmd *cobra.Command) {
	nothing := cobra.FixedCompletions(nil, noFileComp)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		_, done := cmd.GetFlagCompletionFunc(f.Name)
		if isFile := slices.Contains(fileFlags(), f.Name) && f.Value.Type() != "bool"; !done && !isFile && f.Name != "help" {
			complete(cmd, f.Name, nothing)
		}
	})
	for _, sub := range cmd.Commands() {
		noFiles(sub)
	}
}

// completeView offers the named views of the profile.
func (g *globals) completeView(*cobra.Command, []string, string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
	cfg, err := config.Load(g.input())
	if err == nil {
		for _, v := range cfg.Views {
			out = append(out, cobra.CompletionWithDesc(v.Name, oneLine(v.Filter)))
		}
	}
	return out, noFileComp
}

// valuesOfField offers values of a field: its own where there are few, otherwise
// those of the local copy, the most frequent first.
func (g *globals) valuesOfField(ctx context.Context, f model.Field, typed string) []string {
	switch f.Format {
	case model.FormatType:
		return []string{"lender", "sponsor"}
	case model.FormatBool:
		return []string{"yes", "no"}
	}
	ctx, cancel := context.WithTimeout(ctx, completionLimit)
	defer cancel()
	counts, begin := map[string]int{}, search.Fold(typed)
	g.walkToComplete(ctx, func(p model.Packed) {
		if text := p.Get(f.ID).String(); strings.HasPrefix(search.Fold(text), begin) && text != "" &&
			plain.Clean(text) == text {
			counts[text]++
		}
	})
	texts := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return texts[:min(len(texts), completions)]
}

// completeValue offers values of a field.
func (g *globals) completeValue(f model.Field) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return g.valuesOfField(cmd.Context(), f, typed), noFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// completePair offers FIELD= and then values of the field, the last one of a list
// with commas.
func (g *globals) completePair(known func(name string) bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
		name, values, valued := strings.Cut(typed, "=")
		if !valued {
			for _, f := range model.Fields() {
				if known(f.Name) && strings.HasPrefix(f.Name, typed) {
					out = append(out, cobra.CompletionWithDesc(f.Name+"=", f.Label))
				}
			}
			return out, openComp
		}
		f, ok := fieldLike(name)
		if !ok {
			return nil, noFileComp
		}
		before, last := name+"=", values
		if i := strings.LastIndexByte(values, ','); i >= 0 {
			before, last = before+values[:i+1], values[i+1:]
		}
		for _, text := range g.valuesOfField(cmd.Context(), f, last) {
			if !strings.ContainsAny(text, `,"`) {
				out = append(out, before+text)
			}
		}
		return out, openComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// filterable says that a filter can name a field.
func filterable(name string) bool {
	_, err := search.ParseFilter(name + "=x")
	return err == nil
}

// settable says that a contact can be made with a field.
func settable(name string) bool {
	f, ok := model.FieldByName(name)
	return ok && f.Create
}

// completeQuery offers the fields that a search can name.
func completeQuery(_ *cobra.Command, _ []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
	for _, name := range append(documentedNames(), "has", "no") {
		if strings.HasPrefix(name, typed) && typed != "" {
			out = append(out, name+":")
		}
	}
	return out, openComp
}
