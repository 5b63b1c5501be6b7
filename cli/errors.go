package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
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
	exitInterrupted = Interrupted
)

// Interrupted is the exit code of a program that was told to end.
const Interrupted = 130

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
	case isA[noService](err), isA[offlineError](err): // as for a server that is not there
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
		a.tell(strings.Split(problems.Error(), "\n"))
		return
	}
	e, failed := errors.AsType[*model.Error](err)
	failed = failed && e.Kind != model.KindCanceled
	none, missing := errors.AsType[noService](err)
	filter, refused := errors.AsType[unlisted](err)
	switch {
	case missing:
		a.tell(append([]string{none.headline() + ": " + none.advice()}, details(none.cause)...))
	case refused && filter.cause != nil:
		a.tell(append([]string{filter.Error()}, details(filter.cause)...))
	case failed:
		a.tell(a.explain(e))
	case errors.Is(err, context.Canceled), model.KindOf(err) == model.KindCanceled:
		a.note("levcontacts: interrupted")
	default:
		a.tell(linesOf(err))
		if isA[usageError](err) {
			a.note("levcontacts --help shows what there is")
		}
	}
}

// tell writes the lines of one message to standard error.
func (a *App) tell(lines []string) {
	for i := range lines {
		lines[i] = "  " + shownBreaks(lines[i])
	}
	lines[0] = "levcontacts: " + strings.TrimLeft(lines[0], " ")
	a.noteLines(lines)
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

// advice says what to do next, in words of the command line. Where the error
// itself says so, it is "".
func (a *App) advice(e *model.Error) string {
	if e.RetryAfter > 0 {
		until := a.Now().Add(e.RetryAfter)
		layout := "15:04"
		if until.YearDay() != a.Now().YearDay() {
			layout = "Jan 2 15:04"
		}
		return fmt.Sprintf("wait %d s (until %s), then run the same command again", int((e.RetryAfter+time.Second-1)/time.Second), until.Format(layout))
	}
	switch e.Kind {
	case model.KindUnauthorized:
		return "levcontacts auth login, or give another key (LEV_API_KEY, --api-key-file)"
	case model.KindForbidden:
		if e.Method == http.MethodGet {
			return "ask for a key with read access, or for the role"
		}
	case model.KindNotFound:
		if e.Method == http.MethodPost {
			return "check the base URL, and that what the new contact refers to is there"
		}
		return "it may have been removed or moved to another account; levcontacts list shows what there is"
	case model.KindValidation:
		return "change the value and run the command again"
	case model.KindRateLimited:
		return "wait a minute, then run the same command again"
	case model.KindUnavailable:
		return "run the same command again in a moment"
	case model.KindNetwork:
		return "check the connection and the base URL"
	case model.KindRefused:
		return ""
	}
	return e.Advice()
}
