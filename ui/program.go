package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/browse"
	"levcontacts/ui/screen"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/question"
	"levcontacts/ui/widget/text"
)

// Actions is the table of all actions: the footer, the help, the README, the
// palette and the names that a configuration file can bind are made from it.
func Actions() []keymap.Action {
	return slices.Concat(browse.Actions(), screen.Metadata(programActions()), keymap.Table())
}

// programActions are the actions of the program, where the list and the
// details take the keys, and those that work everywhere.
func programActions() []screen.Bound[*App] {
	both := []keymap.Scope{keymap.List, keymap.Detail}
	global := []keymap.Scope{keymap.Global}
	return []screen.Bound[*App]{
		{Action: keymap.Action{Name: keymap.Drafts, Scopes: both, Keys: []string{"D"}, Help: "drafts that were not saved"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return a.changes.OpenDrafts() }},
		{Action: keymap.Action{Name: keymap.History, Scopes: both, Keys: []string{"H"}, Help: "changes that were sent"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return a.changes.OpenHistory() }},
		{Action: keymap.Action{Name: keymap.Runs, Scopes: both, Keys: []string{"B"}, Help: "bulk edits: progress, stop, resume"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return a.bulk.Open() }},
		{Action: keymap.Action{Name: keymap.Log, Scopes: both, Keys: []string{"L"}, Help: "log of requests"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.openLog() }},
		{Action: keymap.Action{Name: keymap.Profiles, Scopes: both, Keys: []string{"P"}, Help: "switch the profile"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return a.signin.OpenProfiles() }},
		{Action: keymap.Action{Name: keymap.Palette, Scopes: both, Keys: []string{":"}, Help: "command palette"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.openPalette() }},
		{Action: keymap.Action{Name: keymap.Help, Scopes: append(both, keymap.Viewer), Keys: []string{"?"}, Label: "help",
			Help: "help for this screen", Exit: true},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.openHelp() }},
		{Action: keymap.Action{Name: keymap.MouseToggle, Scopes: both, Keys: []string{"M"}, Help: "mouse on or off"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return nil, a.toggleMouse() }},
		{Action: keymap.Action{Name: keymap.Dismiss, Scopes: both, Keys: []string{"x"}, Help: "dismiss the message"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { a.messages.Dismiss(); return nil, nil }},
		{Action: keymap.Action{Name: keymap.ErrorDetails, Scopes: both, Keys: []string{"X"},
			Help: "copy the details of the last error"},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return a.copyError(), nil }},
		{Action: keymap.Action{Name: keymap.Quit, Scopes: both, Keys: []string{"q"}, Label: "quit", Help: "quit", Exit: true},
			Do: func(a *App) (tea.Cmd, []screen.Event) { return a.askQuit(), nil }},
		{Action: keymap.Action{Name: keymap.ForceQuit, Scopes: global, Keys: []string{"ctrl+c"},
			Help: "quit; asks when an edit is open"},
			Do: (*App).interrupt},
		{Action: keymap.Action{Name: keymap.Suspend, Scopes: global, Keys: []string{"ctrl+z"}, Help: "suspend to the shell"},
			Do: (*App).suspend},
	}
}

// onKey gives a key to the part that takes the keys. ctrl+c reaches the
// program from everywhere.
func (a *App) onKey(msg tea.KeyPressMsg) tea.Cmd {
	a.messages.Age(a.o.Now())
	if act, ok := a.keys.Find(msg.String(), keymap.Global); ok {
		return a.run(act.Name)
	}
	if a.covered() || a.browse.Holding() {
		return a.toTop(msg)
	}
	if act, ok := a.keys.Find(msg.String(), a.browse.Scope()); ok {
		if _, mine := screen.Lookup(programActions(), act.Name); mine {
			return a.run(act.Name)
		}
	}
	return a.apply(a.browse.Update(msg))
}

// run carries out an action by its name.
func (a *App) run(n keymap.Name) tea.Cmd {
	b, mine := screen.Lookup(programActions(), n)
	if !mine {
		return a.apply(a.browse.Run(n))
	}
	return a.apply(b.Do(a))
}

// unable says why an action is not possible now, "" when it is.
func (a *App) unable(act keymap.Action) string { return a.browse.Unable(act) }

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
	if msg.Button != tea.MouseLeft {
		return nil
	}
	n := len(a.overlays)
	if n == 0 {
		return a.toMouse(msg)
	}
	o := a.overlays[n-1]
	_, box := a.overlayFrame(o)
	if !box.Has(msg.X, msg.Y) {
		return a.toOverlay(o, o.Click(screen.Outside))
	}
	return a.toOverlay(o, o.Click(msg.Y-box.Y-1))
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
	if n := len(a.overlays); n > 0 {
		a.overlays[n-1].Scroll(by)
		return nil
	}
	return a.toMouse(msg)
}

// toMouse gives the mouse to what it points at; coordinates are those of the
// body.
func (a *App) toMouse(msg tea.Msg) tea.Cmd {
	if e := a.editing(); e != nil {
		return a.apply(e.Update(msg))
	}
	return a.apply(a.browse.Update(msg))
}

// quitMsg ends the program after its question was answered.
type quitMsg struct{}

func (a *App) interrupt() (tea.Cmd, []screen.Event) {
	if n := len(a.overlays); n > 0 && a.quitAsked {
		return a.quit(), nil
	}
	return a.askQuit(), nil
}

func (a *App) suspend() (tea.Cmd, []screen.Event) {
	if a.o.CanSuspend != nil && !a.o.CanSuspend() {
		return nil, []screen.Event{screen.Say{Message: screen.Message{Text: "No shell to return to."}}}
	}
	return tea.Sequence(a.keepDrafts(), tea.Suspend), nil
}

// askQuit quits, after a question when an edit is open or a bulk edit runs.
// Text is kept as a draft either way, and the rest of a bulk edit can be sent
// later, except in a demo.
func (a *App) askQuit() tea.Cmd {
	if a.quitting {
		return tea.Quit
	}
	title, lines := "", []string{}
	if e := a.editing(); e != nil && e.Dirty() {
		title = "An edit is open. Quit?"
		lines = []string{"What you typed is kept as a draft and is here", "again at the next start."}
	}
	if run, running := a.bulk.Running(); running {
		title = "A bulk edit is running. Quit?"
		lines = append([]string{"It stops at " + run + " and can be resumed:", a.keys.Key(keymap.Runs) + " lists the bulk edits."}, lines...)
	}
	if title == "" {
		return a.quit()
	}
	if a.account.Demo {
		lines = []string{"This is sample data: nothing of it is kept."}
	}
	a.quitAsked = true
	a.open(screen.Open{Overlay: question.Open(question.Options{Title: title, Lines: lines, Yes: quitMsg{}, No: stayMsg{}}, a.keys)})
	return nil
}

func (a *App) quit() tea.Cmd {
	a.quitting = true
	return tea.Sequence(a.keepDrafts(), tea.Quit)
}

// keepDrafts writes what is being typed.
func (a *App) keepDrafts() tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range a.edits {
		cmds = append(cmds, e.KeepDraft())
	}
	return tea.Batch(cmds...)
}

// copiedMsg is the end of a copy to the machine's clipboard.
type copiedMsg struct {
	what, shown string
	err         error
}

func (m copiedMsg) message() screen.Message {
	words := "Copied " + m.what + ": " + m.shown
	if m.err != nil { // there is no clipboard here: the terminal has it
		words = "Copied " + m.what + " through the terminal: " + m.shown
	}
	return screen.Message{Level: screen.Good, Text: words}
}

// copyText puts text on both clipboards there may be: the terminal's, which
// also works over SSH, and the machine's.
func (a *App) copyText(s, what string) tea.Cmd {
	if s == "" {
		a.say(screen.Note, what+" is empty; nothing was copied")
		return nil
	}
	d, shown := a.o.Desktop, plain.FirstWords(s, 60)
	return tea.Batch(tea.SetClipboard(s), func() tea.Msg { return copiedMsg{what, shown, d.Copy(s)} })
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
	return a.copyText(a.errorReport(err), "the details")
}

func (a *App) errorReport(e *model.Error) string {
	return text.Join("\n", e.Headline(), e.Error(), e.Method+" "+e.URL, a.o.Backend.Report())
}
