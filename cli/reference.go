package cli

import (
	"fmt"
	"strings"

	"levcontacts/config"
)

// term is one line of a table for people: a name and what it means.
type term struct{ name, text string }

// exitCodes are the exit codes of every command.
func exitCodes() []term {
	code := func(n int, text string) term { return term{fmt.Sprint(n), text} }
	return []term{
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

// environment are the variables that the program reads.
func environment() []term {
	var out []term
	for _, s := range config.Settings() {
		if s.Env != "" {
			out = append(out, term{s.Env, s.Doc})
		}
	}
	return append(out,
		term{"XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME",
			"The folders below which the program keeps its files. On Windows APPDATA and LOCALAPPDATA stand in for them."},
		term{"VISUAL, EDITOR", "The editor of levcontacts config edit."},
		term{"HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "The proxy to reach the service by, and the hosts to reach without it."},
		term{"LC_ALL, LC_CTYPE, LANG", "Where they do not name UTF-8, the screen draws with plain characters."},
		term{"TERM, COLORTERM", "What the terminal can do. TERM=dumb has no screen."},
	)
}

// files are what the program keeps on disk.
func files() []term {
	return []term{
		{"$XDG_CONFIG_HOME/levcontacts/config.toml", "Settings. The program reads this file and never writes it by itself. Default: ~/.config."},
		{"$XDG_STATE_HOME/levcontacts/PROFILE/",
			"Drafts, the journal of writes and bulk runs. Nothing else has them: keep this folder. Default: ~/.local/state."},
		{"$XDG_CACHE_HOME/levcontacts/PROFILE/", "The local copy of the contacts. It can be deleted; it is fetched again. Default: ~/.cache."},
	}
}

// writeTerms writes entries for a terminal.
func writeTerms(b *strings.Builder, entries []term) {
	for _, e := range entries {
		fmt.Fprintf(b, "  %s\n      %s\n", e.name, strings.ReplaceAll(e.text, "`", ""))
	}
}
