// Package docs holds the documentation, so that the program can show it.
package docs

import (
	"embed"
	"regexp"
	"strings"
	"unicode/utf8"
)

//go:embed *.md
var pages embed.FS

// Topic is one page, or a section FILE#HEADING of one, under the word that help knows it by.
type Topic struct{ Name, File, About string }

// Topics are the pages in the order of the table of contents.
func Topics() []Topic {
	return []Topic{
		{"tutorial", "tutorial.md", "Ten minutes with sample data"},
		{"search", "search.md", "The language of searches"},
		{"safety", "editing-and-safety.md", "What happens to a change, and what the program promises"},
		{"commands", "commands.md", "The commands for scripts, their output and exit codes"},
		{"recipes", "recipes.md", "Mail merge, clean-up, spreadsheet, address book"},
		{"configuration", "configuration.md", "Every setting, variable and file"},
		{"keys", "keys.md", "Every key of the screen"},
		{"plain-mode", "plain-mode.md", "Questions and answers in lines, for screen readers and slow lines"},
		{"accounts", "accounts.md", "API keys, sign-in, several accounts"},
		{"troubleshooting", "troubleshooting.md", "Messages, and what to do about them"},
		{"internals", "how-it-works.md", "Rate limit, local copy, journal"},
		{"query", "search.md", "The same as search"},
		{"formatting", "commands.md#Output", "Tables, TSV, CSV, JSON, jq and templates"},
		{"stable", "commands.md#What stays stable", "What scripts can rely on"},
		{"environment", "configuration.md#Environment", "The variables that the program reads"},
		{"exit-codes", "commands.md#Exit codes", "What the exit code of a command means"},
		{"api", "api.md", "What the program uses of the Lev API"},
	}
}

// Text is the page of a topic as plain text. ok is false for an unknown topic.
func Text(topic string) (text string, ok bool) {
	for _, t := range Topics() {
		if t.Name == topic {
			file, section, _ := strings.Cut(t.File, "#")
			page, err := pages.ReadFile(file)
			text := string(page)
			if section != "" {
				_, text, _ = strings.Cut(text, "\n## "+section+"\n")
				text, _, _ = strings.Cut(text, "\n## ")
			}
			return plain(text), err == nil
		}
	}
	return "", false
}

// plain is a page without the marks that a terminal does not need.
func plain(page string) string {
	link := regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	var out []string
	var rows [][]string
	code := false
	for line := range strings.SplitSeq(page, "\n") {
		if strings.HasPrefix(line, "```") {
			code = !code
			continue
		}
		if code {
			out = append(out, "    "+line)
			continue
		}
		if strings.HasPrefix(line, "|") {
			rows = append(rows, cells(link.ReplaceAllString(line, "$1")))
			continue
		}
		out, rows = append(out, table(rows)...), nil
		line = strings.NewReplacer("`", "", "<br>", "").Replace(link.ReplaceAllString(line, "$1"))
		if heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			line = strings.ToUpper(heading)
		}
		if !strings.HasPrefix(line, "<!--") {
			out = append(out, line)
		}
	}
	text := strings.Join(append(out, table(rows)...), "\n")
	return regexp.MustCompile(`\n{3,}`).ReplaceAllString(strings.TrimSpace(text), "\n\n") + "\n"
}

// cells are the parts of a table's line. A \| in one is no border.
func cells(line string) []string {
	const bar = "\x00"
	line = strings.NewReplacer(`\|`, bar, "`", "", "<br>", " ").Replace(strings.Trim(line, "|"))
	parts := strings.Split(line, "|")
	for i := range parts {
		parts[i] = strings.ReplaceAll(strings.TrimSpace(parts[i]), bar, "|")
	}
	return parts
}

// table is rows with their first column aligned, and without the line below the
// heading.
func table(rows [][]string) (lines []string) {
	const widest = 28
	wide := 0
	for _, row := range rows {
		wide = max(wide, min(utf8.RuneCountInString(row[0]), widest))
	}
	for _, row := range rows {
		if strings.HasPrefix(row[0], "---") {
			continue
		}
		first := "  " + row[0] + strings.Repeat(" ", max(0, wide-utf8.RuneCountInString(row[0])))
		lines = append(lines, strings.TrimRight(first+"  "+strings.Join(row[1:], "  "), " "))
	}
	return lines
}
