//go:build unix

package main

import (
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/levcontacts/levcontacts/internal/term"
)

// dialog answers the questions of plain mode with lines, one after the other.
func dialog(t *testing.T, tt *term.Terminal, lines ...string) {
	t.Helper()
	must(t, tt.WaitFor("What now?"))
	for _, line := range lines {
		must(t, tt.Send(line+"\n"))
	}
}

// wantLinear looks whether what was written says some texts, in their order, and
// never moves the cursor, erases or draws over anything.
func wantLinear(t *testing.T, tt *term.Terminal, texts ...string) {
	t.Helper()
	raw := string(tt.Raw())
	if at := strings.IndexFunc(raw, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' || r == 0x7f ||
			r >= 0x80 && r < 0xa0
	}); at >= 0 {
		t.Errorf("byte %d of the output is a control character: %q", at, raw[max(0, at-40):min(len(raw), at+20)])
	}
	if strings.Contains(strings.ReplaceAll(raw, "\r\n", "\n"), "\r") {
		t.Errorf("a carriage return without a line feed: %q", raw)
	}
	rest := raw
	for _, text := range texts {
		_, after, found := strings.Cut(rest, text)
		if !found {
			t.Fatalf("it does not say %q in its place:\n%s", text, raw)
		}
		rest = after
	}
}

func TestLinearJobs(t *testing.T) {
	t.Parallel()
	jobs := []struct {
		name  string
		lines []string
		says  []string
	}{
		{"list", []string{"1", "", "b"}, []string{"1  Sarah Chen, lender", "20 of 30 contacts", "  21  ", "30 of 30 contacts",
			"That is all"}},
		{"search", []string{"2", "chen", "1", "b", "b"}, []string{"Search for", "match", "Sarah Chen",
			"Sarah Chen, contact 78", "Title: "}},
		{"search is typed again", []string{"2", "/[/", "nobodyatall"}, []string{"type it again", "No contact matches"}},
		{"read", []string{"3", "78", "3", "b"}, []string{"Sarah Chen, contact 78", "First name: Sarah", "Empty: ",
			"Sarah Chen, contact 78"}},
		{"read what is not there", []string{"3", "999999", "3", "x"}, []string{"Not found, or not visible",
			"is not the id of a contact", "What now?"}},
		{"edit", []string{"3", "78", "1", "title", "Director", "s", "j", "y", "3", "b"},
			[]string{"Which field?", `-> "Director"`, "Save this?", `{"title":"Director"}`, "Save this?", "Saved · request",
				"Title: Director"}},
		{"edit is left as a draft", []string{"3", "78", "1", "title", "Director", "b", "1", "b", "6", "1", "1", "s", "y"},
			[]string{"What with what you typed?", "It is kept as a draft", "Sarah Chen, title", "Which draft?", "Save this?",
				"Saved"}},
		{"create", []string{"4", "2", "Ada", "Lovelace", "", "", "no address", "ada@example.com", "", "", "", "", "", "",
			"y"},
			[]string{"A new contact", "First name", "A new contact:", "Ada", "Create it?"}},
		{"undo", []string{"3", "78", "1", "title", "Director", "s", "y", "b", "5", "1", "y", "5", "b"},
			[]string{"Saved", "done, change, Sarah Chen", "Which change?", "Undo would change:", "Save this?",
				"Undone and saved", "undone, change, Sarah Chen"}},
		{"note", []string{"3", "78", "2", "1", "Call on Monday", "at nine", "", "y", "1", "1", "Call on Tuesday", "", "y",
			"1", "2", "y", "b", "b", "5", "1", "y"},
			[]string{"+ Call on Monday", "+ at nine", "Add this note?", "Added a note · request", "Call on Monday↵at nine",
				"- Call on Monday", "+ Call on Tuesday",
				"Changed a note", "Delete this note for good?", "Deleted a note", "done, deletion of a note", "Undo this?",
				"Undone"}},
		{"phones", []string{"3", "78", "1", "phones", "a", "mobile: 212 555 0100", "", "s", "y", "3", "b"},
			[]string{"office: ", "a adds one", "Save this?", "Saved · request",
				"Phones: office (212) 555-0193, mobile (212) 555-0100"}},
		{"an answer that is none", []string{"99", "hello", "?"}, []string{`There is no choice "99"`,
			`There is no choice "hello"`, "list contacts"}},
		{"an arrow key", []string{"\x1b[A", "7"}, []string{"cannot be read", "type it again", "Plain mode is chosen by"}},
	}
	for _, job := range jobs {
		t.Run(job.name, func(t *testing.T) {
			t.Parallel()
			tt := newStage(t).start("--plain")
			dialog(t, tt, append(slices.Clone(job.lines), "q")...)
			if !slices.Contains(job.lines, "q") {
				must(t, tt.Send("q\nq\n\x04"))
			}
			wantEnd(t, tt, 0)
			wantLinear(t, tt, append(job.says, "Bye.")...)
		})
	}
}

func TestLinearEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]struct {
		do   func(*term.Terminal) error
		code int
	}{
		"q":      {func(tt *term.Terminal) error { return tt.Send("q\n") }, 0},
		"ctrl+d": {func(tt *term.Terminal) error { return tt.Send("\x04") }, 0},
		"ctrl+c": {func(tt *term.Terminal) error { return tt.Send("\x03") }, 130},
		"hangup": {func(tt *term.Terminal) error { return tt.Signal(syscall.SIGHUP) }, 130},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt := newStage(t).start("--plain")
			must(t, tt.WaitFor("What now?"))
			must(t, end.do(tt))
			wantEnd(t, tt, end.code)
			wantLinear(t, tt, "levcontacts", "What now?")
		})
	}
}

// What was typed before the end comes back, on the screen too.
func TestLinearKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{"ctrl+c": "\x03", "ctrl+d": "\x04"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			tt := s.start("--plain")
			dialog(t, tt, "3", "78", "1", "title", "Director")
			must(t, tt.Send("?\n"))
			must(t, tt.WaitFor("Title: Director"))
			must(t, tt.WaitFunc("the next question",
				func(screen string) bool { return strings.HasSuffix(strings.TrimSpace(screen), "? list):") }))
			must(t, tt.Send(end))
			_, err := tt.Wait()
			must(t, err)
			wantLinear(t, tt, "What you typed is kept as a draft")

			tt = s.start("--plain")
			must(t, tt.WaitFor("1 draft was not saved"))
			dialog(t, tt, "6", "1", "1", "s", "y")
			must(t, tt.WaitFor("Saved · request"))
			must(t, tt.Send("q\n"))
			wantEnd(t, tt, 0)
		})
	}
}

// Each way to ask for plain mode.
func TestLinearIsChosen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ env, args []string }{
		"flag":        {nil, []string{"--plain"}},
		"environment": {[]string{"ACCESSIBLE=1"}, nil},
		"dumb":        {[]string{"TERM=dumb"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt := newStage(t, c.env...).start(c.args...)
			dialog(t, tt, "q")
			wantEnd(t, tt, 0)
			wantLinear(t, tt, "plain mode", "Bye.")
		})
	}
}

// Without a key it asks what to do.
func TestLinearWithoutKey(t *testing.T) {
	t.Parallel()
	s := newStage(t, "LEV_API_KEY=")
	tt := s.start("--plain")
	dialog(t, tt, "2")
	must(t, tt.WaitFor("sample data."))
	must(t, tt.Send("q\n"))
	wantEnd(t, tt, 0)
	wantLinear(t, tt, "There is no API key yet", "look at sample data", "sample data.", "Bye.")
}
