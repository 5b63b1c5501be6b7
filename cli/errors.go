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
	lines := []string{e.Headline()}
	detail := *e
	detail.RequestID = ""
	lines = append(lines, detail.Error())
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		lines = append(lines, field+": "+e.Fields[field])
	}
	if advice := a.advice(e); advice != "" {
		lines = append(lines, "what to do: "+advice)
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
