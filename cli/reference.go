package cli

import (
	"fmt"
	"strings"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

// Term is one line of a table for people: a name and what it means.
type Term struct{ Name, Text string }

// ExitCodes are the exit codes of every command.
func ExitCodes() []Term {
	code := func(n int, text string) Term { return Term{fmt.Sprint(n), text} }
	return []Term{
		code(exitDone, "Done."),
		code(exitFailed, "Failed, or a question was answered with no."),
		code(exitUsage, "The command line or the configuration is wrong. Nothing was sent."),
		code(exitPartly, "Partly done: some rows or contacts failed. The output names them."),
		code(exitNotAllowed, "Not signed in, or not allowed: no key, a wrong key, a read-only key or profile."),
		code(exitNotFound, "There is no such contact, or the account may not see it."),
		code(exitUnavailable, "The service cannot be reached, or the rate limit is spent. The same command may work later."),
		code(exitInterrupted, "Interrupted by ctrl+c or a signal."),
	}
}

// Environment are the variables that the program reads.
func Environment() []Term {
	var out []Term
	for _, s := range config.Settings() {
		if s.Env != "" {
			out = append(out, Term{s.Env, s.Doc})
		}
	}
	return append(out,
		Term{"XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME",
			"The folders below which the program keeps its files. On Windows APPDATA and LOCALAPPDATA stand in for them."},
		Term{"VISUAL, EDITOR", "The editor of ctrl+g on the screen, of notes, and of levcontacts config edit."},
		Term{"LEVCONTACTS_PAGER, PAGER",
			"The program that long output on a terminal goes through. cat, or an empty value, is none."},
		Term{"BROWSER", "The program that opens web addresses."},
		Term{"COLUMNS", "How wide tables are, in place of the width of the terminal."},
		Term{"HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "The proxy to reach the service by, and the hosts to reach without it."},
		Term{"LC_ALL, LC_CTYPE, LANG", "Where they do not name UTF-8, the screen draws with plain characters."},
		Term{"LC_ALL, LC_TIME, LC_NUMERIC, LANG",
			"How dates and numbers are written for people. What scripts read does not depend on them."},
		Term{"TERM, COLORTERM",
			"What the terminal can do. With TERM=dumb the program asks and answers in lines (levcontacts help plain-mode)."},
	)
}

// Files are what the program keeps on disk.
func Files() []Term {
	return []Term{
		{"$XDG_CONFIG_HOME/levcontacts/config.toml", "Settings. The program reads this file and never writes it by itself. Default: ~/.config."},
		{"$XDG_CONFIG_HOME/levcontacts/saved.toml",
			"Profiles, views and the choice of profile that were saved on the screen or by a command."},
		{"$XDG_STATE_HOME/levcontacts/PROFILE/",
			"Drafts, the journal of writes and bulk runs. Nothing else has them: keep this folder. Default: ~/.local/state."},
		{"$XDG_CACHE_HOME/levcontacts/PROFILE/", "The local copy of the contacts. It can be deleted; it is fetched again. Default: ~/.cache."},
	}
}

// Searches shows the language of searches.
func Searches() []Term {
	var nobody model.Packed
	var out []Term
	for _, e := range search.Examples(nobody) {
		out = append(out, Term{e.Query, e.Finds + "."})
	}
	return out
}

// Fields are the fields of a contact, by their JSON names.
func Fields() []Term {
	var out []Term
	for _, f := range model.Fields() {
		text := f.Label + "."
		if f.Words != "" {
			text += " In searches: " + strings.ReplaceAll(f.Words, " ", ", ") + "."
		}
		out = append(out, Term{f.Name, text})
	}
	return out
}
