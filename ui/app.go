// Package ui is the program on the screen. The App is its root: it holds the
// session, routes keys and messages to the screens below it, and carries out
// what their events say. Update and View do no I/O.
package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/ui/browse"
	"github.com/levcontacts/levcontacts/ui/bulk"
	"github.com/levcontacts/levcontacts/ui/changes"
	"github.com/levcontacts/levcontacts/ui/edit"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/signin"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/message"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// Backend is everything the screens ask for.
type Backend interface {
	browse.Backend
	edit.Backend
	bulk.Backend
	changes.Backend
	signin.Access
	Account(context.Context) (work.Account, error)
	// Report is a text about the program and its last requests without keys
	// and names.
	Report() string
}

// Options are what the program is started with.
type Options struct {
	Backend Backend
	Desktop Desktop
	Now     func() time.Time
	// Commands are the user's own.
	Commands []Command
	// Remap gives actions other keys, by name.
	Remap map[string][]string
	Theme string // a name from theme.Names
	// Colors are the looks of roles that the person chose, by their names.
	Colors  map[string]string
	Still   bool // nothing moves by itself
	Version string
	// PageSize is the number of rows a page; 0 sizes the first page to the
	// screen and fetches 200 at a time after it.
	PageSize int
	// Index lets the rest of the list be fetched in the background.
	Index bool
	// RefreshEvery is how often the service is asked what has changed, 0 for
	// never.
	RefreshEvery time.Duration
	Account      work.Account // what is known before the service was asked
	View         work.View    // the view to start with
	Placed       bool         // the view was asked for: the last one does not come back
	Contact      int64        // the contact to start on, 0 for the first
	NewID        func() string
	// After delivers a message later; nil means by the machine's clock.
	After func(time.Duration, tea.Msg) tea.Cmd
	// DrawFirst is how long work that fills the machine waits, so that what
	// was just typed is drawn before it.
	DrawFirst time.Duration
	// Context ends every request when the program ends.
	Context context.Context
	// CanSuspend reports that a shell can continue the program after ctrl+z;
	// nil means that one can.
	CanSuspend func() bool
}

// Desktop is the user's machine outside the terminal.
type Desktop interface {
	// Copy puts text on the machine's clipboard; an error means that there is
	// none, as over SSH.
	Copy(text string) error
	// Open opens a web or mail address in the machine's own program.
	Open(target string) error
	// EditText opens a file in the user's editor, in place of the screen; with ""
	// for a path, a new file with a text. done makes the message of what is in
	// the file afterward.
	EditText(path, text string, done func(Edited) tea.Msg) tea.Cmd
	// Remove deletes a file of EditText.
	Remove(path string) error
	// Run runs a program without a shell, with env besides the environment, and
	// gives what it says.
	Run(ctx context.Context, argv, env []string) (output string, err error)
}

// Edited is a file as the editor left it. With Err, Path may be "".
type Edited struct {
	Path, Text string
	Err        error
}

// App is the root of the model tree.
type App struct {
	o       Options
	keys    keymap.Map
	theme   theme.Theme
	w, h    int
	account work.Account

	browse  *browse.Model
	edits   edits
	bulk    *bulk.Model
	changes *changes.Model
	signin  *signin.Again

	overlays overlays
	messages message.Stack

	noMouse  bool
	clock    clock
	quitting quitting
	refused  bool // writes are off because the service refused one
	leftover leftover
}

// quitting is how far the end of the program is.
type quitting struct {
	asked  bool      // the question before it is open
	drafts []string  // edits whose drafts are being written first
	next   string    // profile to continue with
	typed  []tea.Msg // keys from before the question, which they do not answer
}

// clock is the next repaint that somebody asked for.
type clock struct {
	seq uint64
	due time.Time // zero for none
}

type tickMsg struct{ seq uint64 }

// Notice is a message from outside the screen, such as that the local copy
// cannot be used.
type Notice string

// New makes the program. Nothing is asked of the backend before Init.
func New(o Options) *App {
	if o.Context == nil {
		o.Context = context.Background()
	}
	if o.After == nil {
		o.After = func(d time.Duration, msg tea.Msg) tea.Cmd {
			return tea.Tick(d, func(time.Time) tea.Msg { return msg })
		}
	}
	a := &App{o: o, keys: keymap.New(append(Actions(), commandActions(o.Commands)...), o.Remap), w: 80, h: 24,
		account: o.Account}
	a.theme = theme.New(theme.Options{Name: o.Theme, Looks: o.Colors, Still: o.Still})
	a.edits = newEdits()
	a.browse = browse.New(browse.Options{
		Backend: o.Backend, Now: o.Now, After: o.After, Context: o.Context, DrawFirst: o.DrawFirst,
		PageSize: o.PageSize, Index: o.Index, RefreshEvery: o.RefreshEvery, Keys: a.keys, Theme: a.theme,
		View: o.View, Placed: o.Placed, Contact: o.Contact,
	})
	a.bulk = bulk.New(bulk.Options{Backend: o.Backend, Keys: a.keys, Now: o.Now, Context: o.Context})
	a.changes = changes.New(changes.Options{Backend: o.Backend, Keys: a.keys, Now: o.Now, Context: o.Context})
	a.signin = signin.NewAgain(signin.AgainOptions{Backend: o.Backend, Keys: a.keys, Now: o.Now, Context: o.Context})
	a.setAccount(o.Account)
	a.settle()
	return a
}

// Init reads the local copy, the account, and what is left from earlier runs.
// The first frame waits for none of it.
func (a *App) Init() tea.Cmd {
	return tea.Batch(askColors(), a.browse.Init(),
		a.changes.Init(), a.bulk.Init(), askAccount(a.o.Context, a.o.Backend))
}

// Update takes a message and routes it to the part it is for.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := tea.Batch(a.route(msg), a.settleSaves())
	a.overlays.free(func(over string) bool {
		// A save on its way may answer what is asked, as about an earlier attempt.
		return a.coveredFor(over) || over == "" && len(a.edits.saving()) > 0
	})
	return a, tea.Batch(cmd, a.settle(), a.schedule())
}

func (a *App) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.w, a.h = sizeOf(msg)
	case tea.BackgroundColorMsg, tea.ColorProfileMsg:
		a.setTheme(a.theme.Learn(msg))
	case tea.ResumeMsg, uv.DarkColorSchemeEvent, uv.LightColorSchemeEvent:
		return askColors() // another terminal, or other colors of it
	case tea.KeyPressMsg:
		return a.onKey(msg)
	case tea.PasteMsg:
		return a.toTop(msg)
	case tea.MouseClickMsg:
		return a.onClick(msg)
	case tea.MouseWheelMsg:
		return a.onWheel(msg)
	case browse.Msg:
		return a.apply(a.browse.Update(msg))
	case edit.Msg:
		return a.toEdits(msg)
	case bulk.Msg:
		return a.apply(a.bulk.Update(msg))
	case changes.Msg:
		return a.apply(a.changes.Update(msg))
	case signin.Msg:
		return a.apply(a.signin.Update(msg))
	case tableMsg:
		return a.apply(nil, onTable(msg))
	case accountMsg:
		a.onAccount(msg)
	case runCommandMsg:
		return startOwn(a, msg)
	case commandDoneMsg:
		return a.apply(nil, ownDone(msg))
	case runMsg:
		return a.run(msg.name)
	case keyHelpMsg:
		return a.apply(nil, openKeyHelp(a.keys, msg.key, a.browse.Unable))
	case stopSaveMsg:
		a.edits.stop(msg.id)
	case queueClosedMsg:
		a.edits.queue = nil
	case quitMsg:
		return a.quit()
	case loseMsg:
		return tea.Quit
	case stayMsg:
		typed := a.quitting.typed
		a.quitting.asked, a.quitting.typed = false, nil
		return a.replay(typed)
	case doneMsg:
		a.messages.Show(screen.Message(msg), a.o.Now())
	case Notice:
		a.say(screen.Note, text.Capital(string(msg)))
	case tickMsg:
		return a.onTick(msg)
	default:
		return a.toTop(msg) // of a library, such as those of a form's fields
	}
	return nil
}

// sizeOf is the size of the terminal; one that says it has none is 80x24.
func sizeOf(msg tea.WindowSizeMsg) (w, h int) {
	if msg.Width <= 0 || msg.Height <= 0 {
		return 80, 24
	}
	return msg.Width, msg.Height
}

// top is the part that takes the keys.
func (a *App) top() screen.Part {
	if o := a.overlays.top(); o != nil {
		return o
	}
	if e := a.edits.top(); e != nil {
		return e
	}
	return a.browse
}

// covered reports that something is open that takes the keys.
func (a *App) covered() bool { return a.coveredFor("") }

// coveredFor reports the same for what belongs to an edit: that one does not
// count.
func (a *App) coveredFor(over string) bool {
	if e := a.edits.top(); e != nil {
		return a.overlays.top() != nil || over == "" || e.ID() != over
	}
	return a.overlays.top() != nil || over != "" || a.browse.Scope() == keymap.SearchBar
}

// toTop gives a message to the part that takes the keys.
func (a *App) toTop(msg tea.Msg) tea.Cmd {
	if o := a.overlays.top(); o != nil {
		return a.toOverlay(o, o.Update(msg, a.keys))
	}
	if e := a.edits.top(); e != nil {
		return a.apply(e.Update(msg))
	}
	return a.apply(a.browse.Update(msg))
}

// toOverlay carries out what a message meant to an overlay. What was chosen is
// delivered at once, so that the next key finds the result.
func (a *App) toOverlay(o screen.Overlay, r screen.Result) tea.Cmd {
	if r.Closed {
		a.overlays.close(o)
	}
	cmds := []tea.Cmd{r.Cmd}
	for _, msg := range r.Chosen {
		cmds = append(cmds, a.route(msg))
	}
	if r.Copy != "" {
		cmds = append(cmds, a.copyText(r.Copy, "the text"))
	}
	return tea.Batch(cmds...)
}

// toEdits gives a message to the edit that it belongs to.
func (a *App) toEdits(msg edit.Msg) tea.Cmd {
	for _, e := range a.edits.all {
		if e.ID() == msg.Edit() {
			return a.apply(e.Update(msg))
		}
	}
	return a.apply(nil, edit.Late(msg))
}

// schedule asks for the next repaint that a part wants; otherwise nothing
// repaints.
func (a *App) schedule() tea.Cmd {
	wake := screen.Earliest(screen.Earliest(a.browse.Wake(), a.bulk.Wake()), a.signin.Wake())
	for _, e := range a.edits.all {
		wake = screen.Earliest(wake, e.Wake())
	}
	if wake.IsZero() || !a.clock.due.IsZero() && !wake.Before(a.clock.due) {
		return nil
	}
	a.clock.seq++
	a.clock.due = wake
	return a.o.After(max(0, wake.Sub(a.o.Now())), tickMsg{a.clock.seq})
}

func (a *App) onTick(msg tickMsg) tea.Cmd {
	if msg.seq != a.clock.seq {
		return nil // an earlier one was asked for since
	}
	a.clock.due = time.Time{}
	a.signin.Tick()
	return a.apply(a.browse.Tick())
}

// askColors asks the terminal for its background, and to tell when its colors
// change.
func askColors() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, tea.Raw(ansi.SetModeLightDark))
}

func (a *App) setTheme(t theme.Theme) {
	a.theme = t
	a.browse.SetTheme(a.theme)
	for _, e := range a.edits.all {
		e.SetTheme(a.theme)
	}
}

func (a *App) say(l screen.Level, words string) {
	a.messages.Show(screen.Message{Level: l, Text: words}, a.o.Now())
}

// NextProfile is the profile that the user switched to, "" to end.
func (a *App) NextProfile() string { return a.quitting.next }

// OpenDrafts are the drafts of the edits that are open, for the program to
// write when it is ended from outside.
func (a *App) OpenDrafts() []work.Draft {
	var out []work.Draft
	for _, e := range a.edits.all {
		if d, ok := e.Draft(); ok {
			out = append(out, d)
		}
	}
	return out
}
