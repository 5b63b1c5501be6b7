package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/dustin/go-humanize"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/work"
)

// settings reports what was resolved.
func (e *examination) settings(s *Start) {
	cfg := s.Config
	if cfg.FileExists {
		e.ok("configuration", "in order: "+cfg.ConfigFile.Value)
	} else {
		e.ok("configuration", "in order; there is no file at "+cfg.ConfigFile.Value)
	}
	e.ok("profile", fmt.Sprintf("%s (%s), one of %d", cfg.Profile.Value, cfg.Profile.Origin, len(cfg.Profiles)))
	e.ok("service address", fmt.Sprintf("%s (%s)", cfg.BaseURL.Value, cfg.BaseURL.Origin))
	if cfg.ReadOnly.Value {
		e.warn("writing", fmt.Sprintf("off: read_only is set (%s)", cfg.ReadOnly.Origin), "")
	}
}

// permissions looks whether other people of the machine can open what is kept.
func (e *examination) permissions(s *Start) {
	cfg := s.Config
	profile := cfg.Profile.Value
	found := false
	for _, path := range []string{
		cfg.Paths.Config, cfg.Paths.State, cfg.Paths.Cache, cfg.Paths.StateDir(profile), cfg.Paths.CacheDir(profile),
		cfg.Paths.KeyFile(profile), cfg.LogFile.Value, keyFileOf(cfg),
	} {
		if path == "" {
			continue
		}
		if warning := config.PermissionWarning(path); warning != "" {
			found = true
			text, do, _ := strings.Cut(warning, ": ")
			e.warn("permissions", text, do)
		}
	}
	if !found {
		e.ok("permissions", "nobody else can open the files and folders of the program")
	}
}

func keyFileOf(cfg *config.Config) string {
	if cfg.APIKeyFile.Value == "-" {
		return ""
	}
	return cfg.APIKeyFile.Value
}

// key reports where the key comes from, and gives it.
func (e *examination) key(ctx context.Context, s *Start) (config.Credential, error) {
	if !s.Demo {
		for _, r := range s.Credentials.Describe(ctx, s.Config) {
			if r.State == "not set" || r.State == "not reached" {
				continue
			}
			text := string(r.Source)
			if r.Detail != "" {
				text += " (" + r.Detail + ")"
			}
			if r.InUse {
				e.ok("key source", text+": "+r.State)
			} else {
				e.warn("key source", text+": "+r.State, "")
			}
		}
	}
	key, err := s.Key(ctx)
	switch {
	case errors.Is(err, config.ErrNoKey): // why not is in the lines before
		e.wrong("key", fmt.Sprintf("%s for profile %s at %s", config.ErrNoKey, s.Config.Profile.Value, originOf(s.Config.BaseURL.Value)),
			"run levcontacts auth login, or set LEV_API_KEY")
		return key, err
	case err != nil:
		e.wrong("key", err.Error(), "")
		return key, err
	}
	e.redactor.Add(key.Token.Reveal())
	// The masked form is made to be shown, and would be redacted like a key.
	e.findings = append(e.findings, finding{"key", stateOK, fmt.Sprintf("%s from %s", key.Token, key.Source), ""})
	for _, w := range key.Warnings {
		if !e.said(w) {
			e.warn("key", w, "")
		}
	}
	return key, nil
}

// kept looks at the local copy, the journal and the drafts.
func (e *examination) kept(ctx context.Context, s *Start, keyErr error) {
	if s.Demo {
		e.ok("local copy", "--demo keeps nothing on disk")
		return
	}
	if keyErr != nil {
		return // whose rows they are depends on the key
	}
	state, err := e.app.copyState(ctx, s)
	switch {
	case err != nil:
		e.warn("local copy", err.Error(), "levcontacts cache clear makes room for a new one")
	case !state.On:
		e.ok("local copy", "off (cache = false)")
	case state.Problem != "":
		e.warn("local copy", state.Problem, "the program works without; levcontacts cache clear makes room for a new one")
	case state.Bytes == 0:
		e.ok("local copy", "none yet; it is made when the screen is opened")
	default:
		text := fmt.Sprintf("%s contacts, %s", grouped(state.Rows), humanize.Bytes(uint64(max(0, state.Bytes))))
		if state.SyncedAt != nil {
			text += ", complete " + plain.Ago(*state.SyncedAt, s.Now())
		}
		e.ok("local copy", text)
	}
	e.journal(ctx, s)
}

// journal counts the writes whose outcome is not known.
func (e *examination) journal(ctx context.Context, s *Start) {
	if size, err := folderSize(s.Config.Paths.StateDir(s.Config.Profile.Value)); err != nil || size == 0 {
		e.ok("journal", "nothing was written from here yet")
		return
	}
	session, err := e.app.Connect(ctx, s)
	if err != nil {
		e.warn("journal", err.Error(), "")
		return
	}
	defer session.Close()
	entries, err := session.History(ctx, historyMost)
	if err != nil {
		e.warn("journal", err.Error(), "")
		return
	}
	unknown := 0
	for _, w := range entries {
		if w.Result == work.Unknown {
			unknown++
		}
	}
	if unknown > 0 {
		e.warn("journal", fmt.Sprintf("%d writes got no answer", unknown), "open the screen: it looks each of them up")
		return
	}
	e.ok("journal", fmt.Sprintf("%d writes, the outcome of every one is known", len(entries)))
}

// terminal reports what the screen would be drawn on. The configuration is nil
// where it is not in order.
func (e *examination) terminal(cfg *config.Config) {
	env := func(name string) string {
		if e.app.Input.Env == nil {
			return ""
		}
		value, _ := e.app.Input.Env(name)
		return value
	}
	term := env("TERM")
	switch {
	case !e.app.OutTTY || !e.app.InTTY:
		e.ok("terminal", "none: standard input or output is a pipe or a file; the screen needs one, the commands do not")
	case term == "dumb" || term == "":
		e.warn("terminal", fmt.Sprintf("TERM is %q: the screen cannot be drawn, and plain mode takes its place", term),
			"set TERM to what your terminal is, such as xterm-256color")
	case e.app.Width > 0 && e.app.Width < 40:
		e.warn("terminal", fmt.Sprintf("%s, %d columns wide", term, e.app.Width), "from 60 columns more of a contact is shown, from 100 list and details side by side")
	default:
		e.ok("terminal", fmt.Sprintf("%s, %d columns", term, e.app.Width))
	}
	if e.app.OutTTY {
		e.ok("colours", colorsOf(env))
	}
	e.characters(firstOf(env("LC_ALL"), env("LC_CTYPE"), env("LANG")), cfg != nil && cfg.Theme.Value == "ascii")
	e.clipboard(env)
}

// characters reports whether letters of every language can be drawn. plain says
// that the screen draws its own marks without.
func (e *examination) characters(locale string, plain bool) {
	if strings.Contains(strings.ToLower(locale), "utf") {
		e.ok("characters", locale)
		return
	}
	text, do := fmt.Sprintf("the locale %q is not UTF-8: letters beyond English may be drawn wrong", locale), "set LANG to one such as en_US.UTF-8 or C.UTF-8"
	if plain {
		text += "; lines and marks are drawn with plain characters"
	} else {
		do += ", or theme = \"ascii\""
	}
	e.warn("characters", text, do)
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// colorsOf says in words how many colours the environment promises.
func colorsOf(env func(string) string) string {
	if env("NO_COLOR") != "" {
		return "none (NO_COLOR)"
	}
	var list []string
	for _, name := range []string{"TERM", "COLORTERM", "TERM_PROGRAM", "TMUX", "WT_SESSION"} {
		if v := env(name); v != "" {
			list = append(list, name+"="+v)
		}
	}
	switch colorprofile.Env(append(list, "CLICOLOR_FORCE=1")) {
	case colorprofile.TrueColor:
		return "16 million"
	case colorprofile.ANSI256:
		return "256"
	case colorprofile.ANSI:
		return "16"
	}
	return "none"
}

// clipboard says which of the two ways to a clipboard there may be.
func (e *examination) clipboard(env func(string) string) {
	switch {
	case env("SSH_CONNECTION") != "" || env("SSH_TTY") != "":
		e.ok("clipboard", "over SSH, through the terminal (OSC 52)")
	case env("TERM_PROGRAM") == "Apple_Terminal":
		e.ok("clipboard", "the machine's own; this terminal has no OSC 52")
	default:
		e.ok("clipboard", "the machine's own where there is one, and the terminal's (OSC 52)")
	}
	if env("TMUX") != "" {
		e.warn("clipboard", "tmux passes OSC 52 on only if it is told to", "tmux set -g set-clipboard on")
	}
}

// since is a time for a finding, to the millisecond.
func since(start, now time.Time) string {
	return fmt.Sprintf("%d ms", now.Sub(start).Milliseconds())
}
