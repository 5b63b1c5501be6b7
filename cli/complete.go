package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

const (
	// completions is how many contacts the tab key offers at most.
	completions = 50
	// completionLimit is how long it may take; then there is nothing to offer.
	completionLimit = 2 * time.Second
)

// completeOneContact completes the id of a contact, the first argument of a
// command.
func (g *globals) completeOneContact(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return g.completeID(cmd, args, typed)
}

// completeID offers the contacts of the local copy whose ids begin with what is
// typed, those that were changed last first, without those that are given already.
func (g *globals) completeID(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(cmd.Context(), completionLimit)
	defer cancel()
	var out []cobra.Completion
	if book := g.bookToComplete(ctx, typed); book != nil {
		snap := book.Snapshot()
		slots, _ := search.Sort(ctx, snap, nil, model.Sort{Field: model.FieldUpdated, Desc: true}) // none when it takes too long
		for _, slot := range slots[:min(len(slots), completions)] {
			if c, err := snap.At(int(slot)).Unpack(); err == nil && !slices.Contains(args, strconv.FormatInt(c.ID(), 10)) {
				out = append(out, cobra.CompletionWithDesc(strconv.FormatInt(c.ID(), 10), plain.Clean(c.Name())))
			}
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// bookToComplete reads what begins as typed out of the local copy; nil is none.
func (g *globals) bookToComplete(ctx context.Context, typed string) *model.Book {
	var book model.Book
	if strings.Trim(typed, "0123456789") != "" || !g.walkToComplete(ctx, func(p model.Packed) {
		if strings.HasPrefix(strconv.FormatInt(p.ID(), 10), typed) {
			book.Put(p)
		}
	}) {
		return nil
	}
	return &book
}

// walkToComplete gives the contacts of the local copy, as far as there is one and
// it can be had without a word: nothing is sent, written or asked of the person.
func (g *globals) walkToComplete(ctx context.Context, yield func(model.Packed)) (ok bool) {
	if g.demo {
		return false
	}
	quiet := *g.app
	quiet.Err = io.Discard
	s, err := quiet.startWith(g.input())
	if err != nil || !s.Config.Cache.Value || !s.keyAtHand(ctx) {
		return false
	}
	if size, err := folderSize(s.Config.Paths.CacheDir(s.Config.Profile.Value)); err != nil || size == 0 {
		return false
	}
	s.Config.LogFile.Value = ""
	session, err := quiet.Connect(ctx, s)
	if err != nil {
		return false
	}
	defer session.Close()
	opening, err := session.OpenCopy(ctx)
	if err != nil || opening.Info.Problem != "" {
		return false
	}
	return nil == walkCopy(ctx, session, opening, func(rows []model.Packed) error {
		for _, p := range rows {
			yield(p)
		}
		return ctx.Err()
	})
}

// keyAtHand says that the key can be had without reading standard input and
// without running a program, which may ask for a password.
func (s *Start) keyAtHand(ctx context.Context) bool {
	for _, r := range s.Credentials.Describe(ctx, s.Config) {
		if r.InUse {
			return r.Source != config.SourceStdin && r.Source != config.SourceCommand
		}
	}
	return false
}

// completeFields completes the last one of a list of fields. A shell replaces
// the whole word, so that the others are part of every proposal.
func completeFields(_ *cobra.Command, _ []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
	before, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, last = typed[:i+1], typed[i+1:]
	}
	for _, name := range columnNames() {
		if strings.HasPrefix(name, last) && !slices.Contains(strings.Split(before, ","), name) {
			out = append(out, before+name)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeSort completes a field, with or without the - before it.
func completeSort(_ *cobra.Command, _ []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
	name, descending := strings.CutPrefix(typed, "-")
	for _, field := range documentedNames() {
		switch {
		case !strings.HasPrefix(field, name):
		case descending:
			out = append(out, "-"+field)
		default:
			out = append(out, field)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// complete gives a flag its completion. An unknown flag is a mistake of the
// caller's, found by the first run of any test.
func complete(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(fmt.Sprintf("completion of --%s: %v", flag, err))
	}
}
