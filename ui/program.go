package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/browse"
	"github.com/levcontacts/levcontacts/ui/bulk"
	"github.com/levcontacts/levcontacts/ui/changes"
	"github.com/levcontacts/levcontacts/ui/edit"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/signin"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/question"
	"github.com/levcontacts/levcontacts/ui/widget/text"
)

// Actions is the table of all actions: the footer, the help, the README, the
// palette and the names that a configuration file can bind are made from it.
func Actions() []keymap.Action {
	return slices.Concat(browse.Actions(), changes.Actions(), bulk.Actions(), signin.Actions(),
		screen.Metadata(programActions()), keymap.Widgets(), edit.Actions())
}

// programActions are the actions of the program, where the list and the
// details take the keys, and those that work everywhere.
func programActions() []screen.Bound[*App] {
	both := []keymap.Scope{keymap.List, keymap.Detail}
	global := []keymap.Scope{keymap.Global}
	return []screen.Bound[*App]{
		{Action: keymap.Action{Name: keymap.NotSaved, Scopes: both, Keys: []string{"b"}, Help: "back to the edit that was not saved"},
			Do: func(a *App) (tea.Cmd, []screen.Event) {
				if all := a.edits.notSaved(); len(all) > 0 {
					a.toFront(all[len(all)-1])
					return nil, nil
				}
				return nil, []screen.Event{screen.Say{Message: screen.Message{Text: "No edit waits to be saved again."}}}
			}},
		{Action: keymap.Action{Name: keymap.Log, Scopes: both, Keys: []string{"L"}, Help: "log of requests"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.openLog() }},
		{Action: keymap.Action{Name: keymap.Palette, Scopes: both, Keys: []string{":"}, Label: "commands",
			Help: "command palette"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.openPalette() }},
		{Action: keymap.Action{Name: keymap.Help, Scopes: append(both, keymap.Viewer), Keys: []string{"?", "f1"},
			Label: "help",
			Help:  "help for this screen"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.openHelp() }},
		{Action: keymap.Action{Name: keymap.HelpOver, Scopes: []keymap.Scope{keymap.Form, keymap.Field, keymap.Preview,
			keymap.Conflict, keymap.SearchBar, keymap.Menu}, Keys: []string{"f1"}, Label: "help",
			Help: "help, also where letters are typed"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.openHelp() }},
		{Action: keymap.Action{Name: keymap.MouseToggle, Scopes: both, Keys: []string{"M"}, Help: "mouse on or off"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.toggleMouse() }},
		{Action: keymap.Action{Name: keymap.Dismiss, Scopes: both, Keys: []string{"x"}, Help: "dismiss the message"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { a.messages.Dismiss(); return nil, nil }},
		{Action: keymap.Action{Name: keymap.ErrorDetails, Scopes: both, Keys: []string{"X"},
			Help: "copy the details of the last error"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return a.copyError(), nil }},
		{Action: keymap.Action{Name: keymap.Quit, Scopes: both, Keys: []string{"q"}, Label: "quit", Help: "quit"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return a.askQuit(), nil }},
		{Action: keymap.Action{Name: keymap.ForceQuit, Scopes: global, Keys: []string{"ctrl+c"},
			Help: "quit; asks when an edit is open"},
			Do: (*App).interrupt},
		{Action: keymap.Action{Name: keymap.Suspend, Scopes: global, Keys: []string{"ctrl+z"}, Help: "suspend to the shell"},
			Do: (*App).suspend},
		{Action: keymap.Action{Name: keymap.Repaint, Scopes: global, Keys: []string{"ctrl+l"}, Help: "draw the screen again"},
			Do: func(*App) (tea.Cmd, []screen.Event) { return tea.ClearScreen, nil }},
	}
}

// onKey gives a key to the part that takes the keys. ctrl+c reaches the
// program from everywhere.
func (a *App) onKey(msg tea.KeyPressMsg) tea.Cmd {
	a.messages.Age(a.o.Now())
	a.edits.pressed++
	msg = keymap.Usual(msg)
	if latin, ok := keymap.OnLatin(msg); ok && !typing(a.top()) {
		msg = latin
	}
	if act, ok := a.keys.Find(msg.String(), keymap.Global); ok {
		return a.run(act.Name)
	}
	if a.keys.Is(msg.String(), a.top().Scope(), keymap.HelpOver) {
		return a.run(keymap.HelpOver)
	}
	if a.signin.Pending() && !a.covered() && a.keys.Is(msg.String(), a.browse.Scope(), keymap.Refresh) {
		return a.apply(nil, a.signin.Open())
	}
	return a.toTop(msg)
}

// typing reports that letters are text for a part.
func typing(part screen.Part) bool {
	t, ok := part.(interface{ Typing() bool })
	return !ok || t.Typing()
}

// run carries out an action by its name.
func (a *App) run(n keymap.Name) tea.Cmd {
	if b, mine := screen.Lookup(programActions(), n); mine {
		return a.apply(b.Do(a))
	}
	for _, part := range []interface {
		Run(keymap.Name) (tea.Cmd, []screen.Event, bool)
	}{a.changes, a.bulk, a.signin} {
		if cmd, events, known := part.Run(n); known {
			return a.apply(cmd, events)
		}
	}
	if cmd, mine := runOwn(a, n); mine {
		return cmd
	}
	return a.apply(a.browse.Run(n))
}

// toggleMouse gives the mouse to the terminal, which selects text with it, or
// takes it back.
func (a *App) toggleMouse() []screen.Event {
	a.noMouse = !a.noMouse
	words := "Mouse on."
	if a.noMouse {
		words = "Mouse off: select text with it. " + a.keys.Key(keymap.MouseToggle) + " turns it on."
	}
	return []screen.Event{screen.Say{Message: screen.Message{Text: words}}}
}

func (a *App) onClick(msg tea.MouseClickMsg) tea.Cmd {
	a.edits.pressed++
	if msg.Button != tea.MouseLeft {
		return nil
	}
	o := a.overlays.top()
	if o == nil {
		return a.toMouse(msg)
	}
	_, box := a.overlayFrame(o)
	if !box.Has(msg.X, msg.Y) {
		return a.toOverlay(o, o.Click(-1, -1))
	}
	return a.toOverlay(o, o.Click(msg.X-box.X-1, msg.Y-box.Y-1))
}

// wheelLines is how far one notch of the wheel scrolls.
const wheelLines = 3

func (a *App) onWheel(msg tea.MouseWheelMsg) tea.Cmd {
	by := wheelLines
	if msg.Button == tea.MouseWheelUp {
		by = -wheelLines
	} else if msg.Button != tea.MouseWheelDown {
		return nil
	}
	if o := a.overlays.top(); o != nil {
		o.Scroll(by)
		return nil
	}
	return a.toMouse(msg)
}

// toMouse gives the mouse to what it points at. An edit has the coordinates of
// the body.
func (a *App) toMouse(msg tea.Msg) tea.Cmd {
	e := a.edits.top()
	if e == nil {
		return a.apply(a.browse.Update(msg))
	}
	body := a.layout().body
	switch m := msg.(type) {
	case tea.MouseClickMsg:
		m.X, m.Y = m.X-body.X, m.Y-body.Y
		msg = m
	case tea.MouseWheelMsg:
		m.X, m.Y = m.X-body.X, m.Y-body.Y
		msg = m
	}
	return a.apply(e.Update(msg))
}

// The answers to the questions before quitting.
type (
	quitMsg struct{}
	stayMsg struct{}
	loseMsg struct{} // quit although a draft cannot be written
)

// interrupt quits when it comes twice, and does not wait for a draft when it comes again.
func (a *App) interrupt() (tea.Cmd, []screen.Event) {
	if a.quitting.asked && len(a.quitting.drafts) == 0 {
		return a.quit(), nil
	}
	return a.askQuit(), nil
}

func (a *App) suspend() (tea.Cmd, []screen.Event) {
	if a.o.CanSuspend != nil && !a.o.CanSuspend() {
		return nil, []screen.Event{screen.Say{Message: screen.Message{Text: "No shell to return to."}}}
	}
	return tea.Sequence(a.edits.keep(), tea.Suspend), nil
}

// askQuit quits, after a question when an edit is open or a bulk edit runs.
// Text is kept as a draft either way, and the rest of a bulk edit can be sent
// later, except in a demo.
func (a *App) askQuit() tea.Cmd {
	if len(a.quitting.drafts) > 0 {
		return tea.Quit
	}
	title, lines := "", []string{}
	if e := a.edits.top(); e != nil && e.Dirty() {
		title = "An edit is open. Quit?"
		lines = []string{"What you typed is kept as a draft and is here", "again at the next start."}
	}
	if n := len(a.edits.saving()); n > 0 {
		title = text.Plural(n, "save") + " on the way. Quit?"
		lines = []string{"What is not saved by then is kept as a draft, and the", "next start checks what has arrived."}
	}
	if t, more := a.bulk.Leaving(); t != "" {
		title, lines = t, append(more, lines...)
	}
	if title == "" {
		return a.quit()
	}
	if a.account.Demo {
		lines = []string{"This is sample data: nothing of it is kept."}
	}
	a.quitting.asked = true
	a.ask(question.Options{Title: title, Lines: lines, Yes: quitMsg{}, No: stayMsg{}})
	return nil
}

// quit ends the program once everything that was typed is on disk.
func (a *App) quit() tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range a.edits.all {
		if keep := e.Keep(); keep != nil {
			a.quitting.drafts = append(a.quitting.drafts, e.ID())
			cmds = append(cmds, keep)
		}
	}
	if len(a.quitting.drafts) == 0 {
		return tea.Quit
	}
	return tea.Batch(cmds...)
}

// lossQuestion asks before quitting although a draft cannot be written.
func lossQuestion(err error) question.Options {
	return question.Options{
		Title: "What you typed cannot be kept. Quit and lose it?", Lines: []string{text.Capital(plain.Clean(err.Error()))},
		Yes: loseMsg{}, No: stayMsg{},
	}
}

// ask asks a question at once.
func (a *App) ask(o question.Options) {
	a.overlays.push(screen.Open{Overlay: question.Open(o, a.keys)}, true)
}

// left goes on with quitting after a draft was written or forgotten as it asked, or has
// ended.
func (a *App) left(draftID string, asked bool) tea.Cmd {
	if len(a.quitting.drafts) == 0 || !asked {
		return nil
	}
	a.quitting.drafts = slices.DeleteFunc(a.quitting.drafts, func(id string) bool { return id == draftID })
	if len(a.quitting.drafts) > 0 {
		return nil
	}
	return tea.Quit
}

// doneMsg is what a command of the program has to say at its end.
type doneMsg screen.Message

// copyText puts text on both clipboards there may be: the terminal's, which
// also works over SSH, and the machine's.
func (a *App) copyText(s, what string) tea.Cmd {
	if s == "" {
		a.say(screen.Note, what+" is empty; nothing was copied")
		return nil
	}
	d, shown := a.o.Desktop, plain.FirstWords(s, 60)
	return tea.Batch(tea.SetClipboard(s), func() tea.Msg {
		words := "Copied " + what + ": " + shown
		if d.Copy(s) != nil { // there is no clipboard here: the terminal has it
			words = "Copied " + what + " through the terminal: " + shown
		}
		return doneMsg{Level: screen.Good, Text: words}
	})
}

// copyError copies the details of the failure on the screen.
func (a *App) copyError() tea.Cmd {
	err := a.messages.Failure()
	if err == nil {
		err = a.browse.LastError()
	}
	if err == nil {
		a.say(screen.Note, "there is no error to copy")
		return nil
	}
	return a.copyText(text.Join("\n", err.Headline(), err.Error(), err.Method+" "+err.URL, a.o.Backend.Report()), "the details")
}
