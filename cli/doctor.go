package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/internal/redact"
)

// The states of a finding.
const (
	stateOK      = "ok"
	stateWarning = "warning"
	stateWrong   = "wrong"
)

// finding is one line of doctor.
type finding struct {
	Area  string `json:"area"`
	State string `json:"state"`
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"` // what to do about it
}

// examination collects findings. Everything in it may be given away: keys are
// redacted, the home folder is ~, and nobody is named.
type examination struct {
	app      *App
	redactor *redact.Redactor
	home     string
	findings []finding
}

func (e *examination) add(area, state, text, do string) {
	e.findings = append(e.findings, finding{area, state, e.safe(text), e.safe(do)})
}

func (e *examination) ok(area, text string)        { e.add(area, stateOK, text, "") }
func (e *examination) warn(area, text, do string)  { e.add(area, stateWarning, text, do) }
func (e *examination) wrong(area, text, do string) { e.add(area, stateWrong, text, do) }
func (e *examination) count(state string) (n int) {
	for _, f := range e.findings {
		if f.State == state {
			n++
		}
	}
	return n
}

// said reports whether a warning is among the findings already, be it with more
// words around it or with what to do apart.
func (e *examination) said(warning string) bool {
	warning = e.safe(warning)
	return slices.ContainsFunc(e.findings, func(f finding) bool {
		return f.State == stateWarning && (strings.Contains(f.Text, warning) || f.Do != "" && f.Text+": "+f.Do == warning)
	})
}

// safe takes out of a text what is nobody's business but the person's.
func (e *examination) safe(text string) string {
	text = e.redactor.Redact(text)
	if e.home != "" && e.home != string(filepath.Separator) {
		text = strings.ReplaceAll(text, e.home, "~")
	}
	return plain.Clean(text)
}

func (g *globals) doctorCommand() *cobra.Command {
	var asJSON, offline bool
	cmd := &cobra.Command{
		Use:     "doctor",
		Short:   "Examine configuration, key, network, service, terminal and files",
		GroupID: groupSetUp,
		Args:    noArgs,
		Long: `Examine what the program works with. Every line is ok, a warning, or wrong, and says what to do. The
result holds no key, no name and no address of a person, so it can be pasted into a ticket.

It makes up to four small requests to the service, none with --offline.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.doctor(cmd.Context(), asJSON, offline) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.Flags().BoolVar(&offline, "offline", false, "ask nothing of the network")
	return cmd
}

func (g *globals) doctor(ctx context.Context, asJSON, offline bool) error {
	a, g := g.app, g.withKeys()
	e := &examination{app: a, redactor: redact.New(), home: a.Input.Home}
	e.ok("program", "levcontacts "+a.Version+a.Build)
	s, err := g.start(ctx)
	var cfg *config.Config
	if err != nil {
		e.configuration(err)
	} else {
		cfg = s.Config
		e.settings(s)
		e.permissions(s)
		key, keyErr := e.key(ctx, s)
		if !offline {
			e.network(ctx, s, key, keyErr)
		}
		e.kept(ctx, s, keyErr)
	}
	e.terminal(cfg)
	if err := e.print(asJSON); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch {
	case s == nil:
		return silent(exitUsage)
	case e.count(stateWrong) > 0:
		return silent(exitFailed)
	}
	return nil
}

// configuration reports why the settings cannot be used.
func (e *examination) configuration(err error) {
	problems, ok := errors.AsType[config.Problems](err)
	if !ok {
		e.wrong("configuration", err.Error(), "")
		return
	}
	for _, p := range problems {
		e.wrong("configuration", p.Error(), "change it; levcontacts config edit opens the file")
	}
}

func (e *examination) print(asJSON bool) error {
	if asJSON {
		return e.app.encode(struct {
			Version  string    `json:"version"`
			Findings []finding `json:"findings"`
			Warnings int       `json:"warnings"`
			Wrong    int       `json:"wrong"`
		}{e.app.Version, e.findings, e.count(stateWarning), e.count(stateWrong)})
	}
	width := 0
	for _, f := range e.findings {
		width = max(width, plain.Width(f.Area))
	}
	for _, f := range e.findings {
		if err := e.app.line(plain.Fit(f.State, len(stateWarning), "") + "  " + plain.Fit(f.Area, width, "") + "  " + f.Text); err != nil {
			return err
		}
		if f.Do == "" {
			continue
		}
		if err := e.app.line(plain.Blank(len(stateWarning)+2+width+2) + f.Do); err != nil {
			return err
		}
	}
	return nil
}
