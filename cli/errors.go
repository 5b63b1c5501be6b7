package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"levcontacts/config"
	"levcontacts/internal/plain"
	"levcontacts/model"
)

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartly      = 3
	exitNotAllowed  = 4
	exitNotFound    = 5
	exitUnavailable = 6
	exitInterrupted = 130
)

// usageError is a command line or a configuration that cannot be right.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// notAllowed is a request that the person's own settings forbid, or that has
// no key to be sent with.
type notAllowed struct{ error }

func (n notAllowed) Unwrap() error { return n.error }

// needsTerminal is the screen without one. It is one line, so that a script's
// log says what to do and nothing else.
type needsTerminal struct{}

func (needsTerminal) Error() string {
	return "the screen needs a terminal; in scripts use levcontacts list"
}

// noService is a list that is not found: what is there is not the service.
type noService struct {
	base, account string // as they are configured
	cause         *model.Error
}

// asNoService says so of the failure of a list's first page.
func asNoService(err error, cfg *config.Config) error {
	if e, ok := errors.AsType[*model.Error](err); ok && e.Kind == model.KindNotFound {
		return noService{cfg.BaseURL.Value, cfg.ActiveAccount.Value, e}
	}
	return err
}

func (n noService) Error() string { return n.headline() + ": " + n.cause.Error() }
func (n noService) Unwrap() error { return n.cause }

// headline takes the place of those of the error itself.
func (n noService) headline() string { return "there is no contacts service at " + n.base }

func (n noService) advice() string {
	if n.account != "" {
		return "check the base URL, and the account " + n.account
	}
	return "check the base URL"
}

// silent is an outcome that has been reported in full already.
type silent int

func (s silent) Error() string { return "" }

// exitCode is the code that the shell sees for an error.
func exitCode(err error) int {
	var quiet silent
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &quiet):
		return int(quiet)
	case errors.Is(err, context.Canceled), model.KindOf(err) == model.KindCanceled:
		return exitInterrupted
	case isA[usageError](err), isA[config.Problems](err), isA[needsTerminal](err):
		return exitUsage
	case errors.Is(err, config.ErrNoKey), isA[notAllowed](err):
		return exitNotAllowed
	case isA[noService](err): // as for a server that is not there
		return exitUnavailable
	}
	switch model.KindOf(err) {
	case model.KindUnauthorized, model.KindForbidden, model.KindPayment, model.KindRefused:
		return exitNotAllowed
	case model.KindNotFound:
		return exitNotFound
	case model.KindRateLimited, model.KindUnavailable, model.KindNetwork:
		return exitUnavailable
	}
	return exitFailed
}

func isA[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// report says on standard error what went wrong and what to do.
func (a *App) report(err error) {
	if err == nil || isA[silent](err) {
		return
	}
	if problems, ok := errors.AsType[config.Problems](err); ok {
		a.note("%s", problems.Error())
		return
	}
	if none, ok := errors.AsType[noService](err); ok {
		lines := append([]string{none.headline() + ": " + none.advice()}, details(none.cause)...)
		a.note("levcontacts: %s", strings.Join(lines, "\n  "))
		return
	}
	if u, ok := errors.AsType[unlisted](err); ok && u.cause != nil {
		a.note("levcontacts: %s", strings.Join(append([]string{u.Error()}, details(u.cause)...), "\n  "))
		return
	}
	if e, ok := errors.AsType[*model.Error](err); ok && e.Kind != model.KindCanceled {
		a.note("levcontacts: %s", strings.Join(a.explain(e), "\n  "))
		return
	}
	switch {
	case errors.Is(err, context.Canceled), model.KindOf(err) == model.KindCanceled:
		a.note("levcontacts: interrupted")
	case isA[usageError](err):
		a.note("levcontacts: %s\nlevcontacts --help shows what there is", err)
	default:
		a.note("levcontacts: %s", err)
	}
}

// explain says in a few lines what happened, what to do, and which request it
// was.
func (a *App) explain(e *model.Error) []string {
	lines := append([]string{e.Headline()}, details(e)...)
	if advice := a.advice(e); advice != "" {
		lines = slices.Insert(lines, 2+len(e.Fields), "what to do: "+advice)
	}
	return lines
}

// details are what is known of a failure beside its headline.
func details(e *model.Error) []string {
	detail := *e
	detail.RequestID = ""
	lines := []string{detail.Error()}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		lines = append(lines, field+": "+e.Fields[field])
	}
	if e.UpgradeURL != "" {
		lines = append(lines, "see "+e.UpgradeURL)
	}
	if e.RequestID != "" {
		lines = append(lines, "request "+e.RequestID)
	}
	return lines
}

// note writes to standard error. What came from the service or a file is made
// safe for the terminal that this may be, line by line.
func (a *App) note(format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		fmt.Fprintln(a.Err, indent+plain.Clean(strings.TrimLeft(line, " ")))
	}
}
