// Package signin is the screen of the first start: look around with sample
// data, or connect an account. It leads through a key, what the service says
// about it, and where it is to be kept.
//
// The questions are fields of huh. Nothing here does I/O: a [Backend] is asked
// for everything outside, and nothing is stored before the person says where.
package signin

import (
	"context"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/request"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// Options are what the screen is started with.
type Options struct {
	Theme   string // a name from theme.Names
	Keys    keymap.Map
	Version string
	// BaseURL is the address that is tried unless the person writes another.
	BaseURL string
	// KeyFile is the path that a key goes to when it is kept in a file, for
	// the question whether it may; "" leaves the path out.
	KeyFile string
	// Notice is said on the first page, when there is something that the
	// person has to know before: a sentence or two, "" for nothing.
	Notice string
	Now    func() time.Time
	// Context ends every question when the program ends; nil never does.
	Context context.Context
	Backend Backend
}

// Attempt is what the person gave to connect with.
type Attempt struct {
	Key     Key
	BaseURL string // absolute, without a slash at the end
	// ActiveAccount is the slug for X-Active-Account, only ever set for a
	// session token; "" for none.
	ActiveAccount string
}

// Found is what the service says about a key it accepts.
type Found struct {
	Account work.Account // ReadOnly says why the key cannot write, "" when it can or when that is not known
	// Requests a minute, 0 when not known.
	AccountLimit, EndpointLimit int
	WriteKnown                  bool // the service said whether the key may write
}

// Where says where a key is kept.
type Where uint8

// The places. A key that is kept ThisRun is in no file and no keyring.
const (
	ThisRun Where = iota
	Keyring
	File
)

// Backend is the world outside. Its methods are called in the background, end
// early when their context does, and never repeat the key in what they answer.
type Backend interface {
	// Try asks the service whose key this is and what it may do. Failures are
	// *model.Error.
	Try(context.Context, Attempt) (Found, error)
	// KeyringAvailable says whether the system keyring can be written, and if
	// not, why, in a few words without a full stop.
	KeyringAvailable(context.Context) (ok bool, why string)
	// Keep stores the key, in Keyring or File, and writes the profile. What it
	// describes goes on from "kept in", such as a path. After an error neither
	// is stored, also when the context ended. It is not called for ThisRun.
	Keep(context.Context, Attempt, Where) (described string, err error)
}

// Choice is how the screen ended.
type Choice uint8

// The choices.
const (
	Quit Choice = iota
	Demo
	Connected
)

// Outcome is what the person decided. Everything but Choice is only set when
// that is Connected.
type Outcome struct {
	Choice  Choice
	Attempt Attempt
	Account work.Account
	Where   Where
}

// Model is the whole screen.
type Model struct {
	o     Options
	ctx   context.Context
	theme theme.Theme
	look  *look
	w, h  int
	page  page

	start  *chooser[Choice]
	fields [numFields]*field
	at     fieldID // the focused one
	place  *chooser[Where]
	file   *question

	problem *problem // under the field or choice it is about
	retryAt time.Time
	trying  request.Slot
	found   Found
	tried   Attempt // that Found is about
	probing request.Slot
	keyring keyringState
	keeping request.Slot
	kept    string // where the key is, in words
	ticking bool
	tick    func(time.Duration) tea.Cmd

	outcome Outcome
}

// keyringState is what the system keyring answered.
type keyringState struct {
	ok  bool
	why string // behind "cannot be used", "" for no reason
}

// New makes the screen. Nothing is asked of the backend yet.
func New(o Options) *Model {
	if o.Context == nil {
		o.Context = context.Background()
	}
	t := theme.Pick(o.Theme, true)
	m := &Model{o: o, ctx: o.Context, theme: t, look: &look{huhStyles(t)}, w: 80, h: 24, tick: tickAfter}
	m.start = newChooser(m.look, o.Keys, startChoices())
	m.fields = newFields(m.look, o.BaseURL)
	m.file = newQuestion(m.look, o.Keys)
	m.resize(80, 24)
	return m
}

// Init asks the terminal for its background.
func (m *Model) Init() tea.Cmd { return tea.RequestBackgroundColor }

// Outcome says how the screen ended; Quit as long as it has not.
func (m *Model) Outcome() Outcome { return m.outcome }

// Format keeps what was typed out of anything that prints the model.
func (m *Model) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "signin.Model") }

// Update takes a message.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		m.setTheme(theme.Pick(m.o.Theme, msg.IsDark()))
	case tea.KeyPressMsg:
		cmd = m.onKey(msg)
	case tea.PasteMsg:
		m.onPaste(msg.Content)
	case tea.ClipboardMsg:
		m.onPaste(msg.Content)
	case triedMsg:
		cmd = m.onTried(msg)
	case keyringMsg:
		m.onKeyring(msg)
	case keptMsg:
		m.onKept(msg)
	case tickMsg:
		m.ticking = false
	}
	return m, tea.Batch(cmd, m.keepTicking())
}

// resize takes the size of the terminal; one that says 0x0 counts as 80x24.
func (m *Model) resize(w, h int) {
	if w <= 0 || h <= 0 {
		w, h = 80, 24
	}
	m.w, m.h = w, h
}

func (m *Model) setTheme(t theme.Theme) {
	m.theme = t
	m.look.styles = huhStyles(t)
}

// spinnerAfter is how long something may take before the status line moves.
const spinnerAfter = 300 * time.Millisecond

// keepTicking runs the clock of the screen while it shows one.
func (m *Model) keepTicking() tea.Cmd {
	if m.ticking {
		return nil
	}
	now := m.o.Now()
	var wait time.Duration
	busy, since := m.underWay()
	switch {
	case busy && now.Sub(since) < spinnerAfter:
		wait = spinnerAfter
	case busy:
		wait = 120 * time.Millisecond
	case m.page == pageKey && m.retryAt.After(now):
		wait = time.Second
	default:
		return nil
	}
	m.ticking = true
	return m.tick(wait)
}

// underWay says that something outside is waited for on this page, and since
// when.
func (m *Model) underWay() (bool, time.Time) {
	switch {
	case m.trying.Busy():
		return true, m.trying.Since()
	case m.keeping.Busy():
		return true, m.keeping.Since()
	case m.probing.Busy() && m.page == pagePlace:
		return true, m.probing.Since()
	}
	return false, time.Time{}
}
