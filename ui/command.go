package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/question"
	"github.com/levcontacts/levcontacts/ui/widget/reader"
	"github.com/levcontacts/levcontacts/ui/widget/text"
)

// Command is a program of the user's own that is run for a contact.
type Command struct {
	Name   string
	Key    string
	Scopes []keymap.Scope
	// Run is the program and its arguments, where {email} stands for a field and
	// {{ for a brace.
	Run   []string
	Ask   bool
	Show  bool // its output, in the reader
	Reads bool // read-only does not turn it off
}

// commandPrefix begins the names of the actions of commands.
const commandPrefix = "command."

// commandActions are the user's commands among the actions.
func commandActions(all []Command) []keymap.Action {
	out := make([]keymap.Action, len(all))
	for i, c := range all {
		out[i] = keymap.Action{Name: keymap.Name(commandPrefix + c.Name), Scopes: c.Scopes, Keys: []string{c.Key},
			Help: "your command: " + plain.Clean(c.Name), Writes: !c.Reads, Needs: keymap.NeedsContact}
	}
	return out
}

// runCommandMsg runs a command that the user was asked about.
type runCommandMsg struct {
	command Command
	argv    []string
	contact model.Contact
}

// commandDoneMsg is what a command has to say at its end.
type commandDoneMsg struct {
	command Command
	output  string
	err     error
}

// runOwn runs a command of the user's own for the selected contact. known is
// false for an action that is none.
func runOwn(a *App, n keymap.Name) (cmd tea.Cmd, known bool) {
	i := slices.IndexFunc(a.o.Commands, func(c Command) bool { return commandPrefix+c.Name == string(n) })
	if i < 0 {
		return nil, false
	}
	command := a.o.Commands[i]
	if why := a.browse.Unable(a.keys.Get(n)); why != "" {
		a.say(screen.Note, why)
		return nil, true
	}
	c, ok := a.browse.Selected()
	if !ok {
		return nil, true
	}
	argv, why := filled(command.Run, c)
	if why != "" {
		a.say(screen.Note, command.Name+" was not run: "+why)
		return nil, true
	}
	msg := runCommandMsg{command, argv, c}
	if command.Ask {
		a.ask(question.Options{Title: "Run " + plain.Clean(command.Name) + " for " + text.Name(c) + "?", Yes: msg,
			Lines: []string{plain.Clean(strings.Join(argv, " "))}})
		return nil, true
	}
	return startOwn(a, msg), true
}

func startOwn(a *App, msg runCommandMsg) tea.Cmd {
	a.say(screen.Note, "Running "+msg.command.Name+" for "+text.Name(msg.contact))
	return execute(a.o.Context, a.o.Desktop, msg)
}

func execute(ctx context.Context, d Desktop, msg runCommandMsg) tea.Cmd {
	return func() tea.Msg {
		out, err := d.Run(ctx, msg.argv, environment(msg.contact))
		return commandDoneMsg{msg.command, out, err}
	}
}

// ownDone shows what a command said.
func ownDone(msg commandDoneMsg) []screen.Event {
	if msg.err != nil {
		e := &model.Error{Op: "run " + msg.command.Name, Message: msg.err.Error() + "\n" + msg.output}
		return []screen.Event{screen.Say{Message: screen.Message{Level: screen.Failure, Err: e,
			Text: "Your command " + msg.command.Name + " failed: " + msg.err.Error()}}}
	}
	if !msg.command.Show {
		return []screen.Event{screen.Say{Message: screen.Message{Level: screen.Good,
			Text: text.Join(": ", "Your command "+msg.command.Name+" is done", plain.FirstWords(msg.output, 60))}}}
	}
	var lines []reader.Line
	for line := range strings.Lines(msg.output) {
		line = strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "    ")
		lines = append(lines, reader.Line{Text: plain.Clean(line)})
	}
	if len(lines) == 0 {
		lines = []reader.Line{{Text: "No output"}}
	}
	return []screen.Event{screen.Open{When: screen.IfFree, Overlay: reader.Open(reader.Options{
		Title: "Output of " + plain.Clean(msg.command.Name), Lines: lines, Copy: msg.output,
		Foot: "y copy   / search   esc close"})}}
}

// filled are the arguments with the fields of a contact in them. why says what
// keeps the command from running: a value that a program would take for an
// option of its own.
func filled(run []string, c model.Contact) (argv []string, why string) {
	pairs := []string{"{{", "{", "{name}", value(c.Name())}
	for _, f := range model.Fields() {
		pairs = append(pairs, "{"+f.Name+"}", value(f.Text(c.Get(f.ID))))
	}
	fill := strings.NewReplacer(pairs...)
	for i, word := range run {
		arg := word
		if i > 0 {
			arg = fill.Replace(word)
		}
		if strings.HasPrefix(arg, "-") && !strings.HasPrefix(word, "-") {
			return nil, plain.Clean(word) + " of this contact begins with -, as an option does"
		}
		argv = append(argv, arg)
	}
	return argv, ""
}

// environment are the fields of a contact as variables.
func environment(c model.Contact) []string {
	env := []string{"LEV_CONTACT_NAME=" + value(c.Name())}
	for _, f := range model.Fields() {
		env = append(env, "LEV_CONTACT_"+strings.ToUpper(f.Name)+"="+value(f.Text(c.Get(f.ID))))
	}
	return env
}

// value is text without what no argument can hold.
func value(s string) string { return strings.ReplaceAll(s, "\x00", "") }

// CommandFields are the names that can stand in braces in a command.
func CommandFields() []string {
	names := []string{"name"}
	for _, f := range model.Fields() {
		names = append(names, f.Name)
	}
	return names
}
