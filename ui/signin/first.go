// Package signin connects accounts. First is the screen of a start without a
// key: look around with sample data, or connect an account. It leads through a
// key, what the service says about it, and where it is stored. Again signs
// in over the running program and switches profiles.
//
// Nothing here does I/O: a [Backend] or [Access] is asked for everything outside,
// and nothing is stored before the user says where.
package signin

import (
	"context"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// FirstOptions are what the screen is started with.
type FirstOptions struct {
	Theme   string            // a name from theme.Names
	Colors  map[string]string // the looks of roles that the user chose
	Still   bool              // nothing moves by itself
	Keys    keymap.Map
	Version string
	// BaseURL is the address that is tried unless the user writes another.
	BaseURL string
	// KeyFile is the path that a key goes to when it is stored in a file, for
	// the question whether it may; "" leaves the path out.
	KeyFile string
	// Profile names the profile that has no key, when the user chose it; "" at
	// the very first start. Back is the profile to go back to, "" for none.
	Profile, Back string
	// Notice is said on the first page, when there is something that the
	// person has to know before: a sentence or two, "" for nothing.
	Notice string
	Now    func() time.Time
	// Context ends every question when the program ends; nil never does.
	Context context.Context
	Backend Backend
}

// Attempt is what the user gave to connect with.
type Attempt struct {
	Key     redact.Secret
	BaseURL string // absolute, without a slash at the end
	// ActiveAccount is the slug for X-Active-Account, only ever set for a
	// session token; "" for none.
	ActiveAccount string
}

// Found is what the service says about a key it accepts.
type Found struct {
	Account work.Account // ReadOnly is why the key cannot write, "" when it can or when that is not known
	// Requests a minute, 0 when not known.
	AccountLimit, EndpointLimit int
	WriteKnown                  bool // the service said whether the key may write
}

// Where describes where a key is stored.
type Where uint8

// The places. A key that is stored ThisRun is in no file and no keyring.
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
	// KeyringAvailable reports whether the system keyring can be written, and if
	// not, why, briefly without a full stop.
	KeyringAvailable(context.Context) (ok bool, why string)
	// Keep stores the key, in Keyring or File, and writes the profile. What it
	// describes continues from "kept in", such as a path. After an error neither
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
	Back // to the profile before
)

// Outcome is what the user decided. Everything but Choice is only set when
// that is Connected.
type Outcome struct {
	Choice  Choice
	Attempt Attempt
	Account work.Account
	Where   Where
}

// First is the whole screen.
type First struct {
	o     FirstOptions
	ctx   context.Context
	theme theme.Theme
	w, h  int
	page  page

	start  *chooser
	fields [numFields]*field
	at     fieldID // the focused one
	place  *chooser
	file   bool // the choice on the page about a file; no by default

	problem  *problem // under the field or choice it is about
	retryAt  time.Time
	checking request.Slot
	found    Found
	attempt  Attempt // that Found is about
	probing  request.Slot
	keyring  keyringState
	storing  request.Slot
	storedIn string // where the key is, in words
	ticking  bool
	tick     func(time.Duration) tea.Cmd

	outcome Outcome
}

// keyringState is what the system keyring answered.
type keyringState struct {
	ok  bool
	why string // behind "cannot be used", "" for no reason
}

// NewFirst makes the screen. Nothing is asked of the backend yet.
func NewFirst(o FirstOptions) *First {
	if o.Context == nil {
		o.Context = context.Background()
	}
	return &First{o: o, ctx: o.Context, theme: theme.New(theme.Options{Name: o.Theme, Looks: o.Colors, Still: o.Still}),
		w: 80, h: 24, tick: tickAfter,
		start: &chooser{choices: startChoices(o.Profile, o.Back)}, fields: newFields(o.BaseURL)}
}

// Init asks the terminal for its background.
func (m *First) Init() tea.Cmd { return tea.RequestBackgroundColor }

// Outcome describes how the screen ended; Quit as long as it has not.
func (m *First) Outcome() Outcome { return m.outcome }

// Format keeps what was typed out of anything that prints the model.
func (m *First) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "signin.First") }

// Update takes a message.
func (m *First) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg, tea.ColorProfileMsg:
		m.theme = m.theme.Learn(msg)
	case tea.KeyPressMsg:
		cmd = m.onKey(keymap.Usual(msg))
	case tea.PasteMsg:
		m.onPaste(msg.Content)
	case tea.ClipboardMsg:
		m.onPaste(msg.Content)
	case checkedMsg:
		cmd = m.onChecked(msg)
	case keyringMsg:
		m.onKeyring(msg)
	case storedMsg:
		m.onStored(msg)
	case tickMsg:
		m.ticking = false
	}
	return m, tea.Batch(cmd, m.keepTicking())
}

// resize takes the size of the terminal; one that says 0x0 counts as 80x24.
func (m *First) resize(w, h int) {
	if w <= 0 || h <= 0 {
		w, h = 80, 24
	}
	m.w, m.h = w, h
}

// spinnerAfter is how long something may take before the status line moves.
const spinnerAfter = 300 * time.Millisecond

// keepTicking runs the clock of the screen while it shows one.
func (m *First) keepTicking() tea.Cmd {
	if m.ticking {
		return nil
	}
	now := m.o.Now()
	var wait time.Duration
	busy, since := m.busy()
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

// busy reports whether something outside is waited for on this page, and since
// when.
func (m *First) busy() (bool, time.Time) {
	switch {
	case m.checking.Busy():
		return true, m.checking.Since()
	case m.storing.Busy():
		return true, m.storing.Since()
	case m.probing.Busy() && m.page == pagePlace:
		return true, m.probing.Since()
	}
	return false, time.Time{}
}

// What comes back from outside. None of these holds the key.
type (
	checkedMsg struct {
		seq   uint64
		found Found
		err   error
	}
	keyringMsg struct {
		seq uint64
		ok  bool
		why string
	}
	storedMsg struct {
		seq       uint64
		described string
		err       error
	}
	tickMsg struct{}
)

func checkKey(ctx context.Context, b Backend, a Attempt, seq uint64) tea.Cmd {
	return func() tea.Msg {
		found, err := b.Try(ctx, a)
		return checkedMsg{seq, found, err}
	}
}

func askKeyring(ctx context.Context, b Backend, seq uint64) tea.Cmd {
	return func() tea.Msg {
		ok, why := b.KeyringAvailable(ctx)
		return keyringMsg{seq, ok, why}
	}
}

func storeKey(ctx context.Context, b Backend, a Attempt, where Where, seq uint64) tea.Cmd {
	return func() tea.Msg {
		described, err := b.Keep(ctx, a, where)
		return storedMsg{seq, described, err}
	}
}

func tickAfter(d time.Duration) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return tickMsg{} })
}
