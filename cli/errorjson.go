package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/model"
)

// failure is an error as a command with --json writes it to standard error, for
// programs. The names do not change.
type failure struct {
	Kind       string            `json:"kind"`      // usage, not_allowed, not_found, unavailable, interrupted, partly, failed
	ExitCode   int               `json:"exit_code"` // of the command
	Message    string            `json:"message"`
	Advice     string            `json:"advice,omitempty"`
	Status     int               `json:"status,omitempty"` // of the answer
	Type       string            `json:"type,omitempty"`   // as the service says
	Fields     map[string]string `json:"fields,omitempty"`
	RetryAfter float64           `json:"retry_after_seconds,omitempty"`
	RequestID  string            `json:"request_id,omitempty"`
}

// failureKind is the word for an exit code.
func failureKind(code int) string {
	switch code {
	case exitUsage:
		return "usage"
	case exitPartly:
		return "partly"
	case exitNotAllowed:
		return "not_allowed"
	case exitNotFound:
		return "not_found"
	case exitUnavailable:
		return "unavailable"
	case exitInterrupted:
		return "interrupted"
	}
	return "failed"
}

// failureOf describes an error for programs.
func (a *App) failureOf(err error) failure {
	code := exitCode(err)
	f := failure{Kind: failureKind(code), ExitCode: code, Message: strings.Join(linesOf(err), "; ")}
	e, ok := errors.AsType[*model.Error](err)
	switch {
	case code == exitInterrupted:
		f.Message = "interrupted"
	case ok:
		f.Message = strings.Join([]string{e.Headline(), cmp.Or(e.Message, e.Op)}, ": ")
		f.Advice, f.Status, f.Type, f.Fields = a.advice(e), e.Status, e.Type, e.Fields
		f.RetryAfter, f.RequestID = e.RetryAfter.Seconds(), e.RequestID
	case isA[usageError](err):
		f.Advice = "levcontacts --help shows what there is"
	}
	return f
}

// reportJSON writes an error as one line of JSON.
func (a *App) reportJSON(err error) {
	raw, e := json.Marshal(map[string]failure{"error": a.failureOf(err)})
	if e != nil {
		a.report(err)
		return
	}
	a.noteLines([]string{redact.Shapes(string(raw))})
}

// wantsJSON reports whether the command line asks for JSON, in whichever of the
// ways its commands have.
func wantsJSON(root *cobra.Command, args []string) bool {
	for _, arg := range args {
		switch arg {
		case "--":
			return false
		case "--json", "--jsonl", "--json=true", "--jsonl=true":
			cmd, _, err := root.Find(args)
			if err != nil {
				return true
			}
			f := cmd.Flags().Lookup(strings.TrimSuffix(strings.TrimPrefix(arg, "--"), "=true"))
			return f == nil || f.Value.Type() == "bool"
		}
	}
	return false
}
