package signin

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/prompt"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// Access is what a running program asks for to sign in and to switch accounts.
type Access interface {
	// SignIn tries a key against the service and, when it is good, uses it
	// from now on and stores it where the profile keeps its key.
	SignIn(ctx context.Context, key string) (work.Account, error)
	// Profiles answers at once.
	Profiles() []string
}

// AgainOptions are what a sign-in over the program is made with.
type AgainOptions struct {
	Backend Access
	Keys    keymap.Map
	Now     func() time.Time
	Context context.Context // ends every request; nil never does
}

// The events.
type (
	// SignedIn reports that a new key is in use. The App delivers every Retry to
	// the part that it belongs to, and continues with what the old key stopped.
	SignedIn struct {
		Account work.Account
		Retry   []tea.Msg
	}
	// SwitchProfile ends the program for another profile's, which may be new.
	SwitchProfile struct{ Name string }
)

// Owner owns the messages of this package.
const Owner = "sign-in"

// Msg is a message of this package to a running program.
type Msg interface{ isSignIn() }

type own struct{}

func (own) isSignIn() {}

type (
	submitMsg struct {
		own
		key redact.Secret
	}
	againMsg struct {
		own
		seq     uint64
		account work.Account
		err     error
	}
	stopMsg    struct{ own }
	closedMsg  struct{ own }
	profileMsg struct {
		own
		name string
	}
	addProfileMsg struct{ own }
)

// Again signs in over the running program and switches profiles.
type Again struct {
	o        AgainOptions
	account  work.Account
	prompt   *prompt.Prompt // nil when it is not open
	err      *model.Error   // why the old key was refused, nil for nothing
	retry    []tea.Msg
	checking request.Slot
}

// NewAgain makes the model.
func NewAgain(o AgainOptions) *Again {
	if o.Context == nil {
		o.Context = context.Background()
	}
	return &Again{o: o}
}

// SetAccount describes whose account is open.
func (m *Again) SetAccount(a work.Account) { m.account = a }

// Pending reports whether the service refused the key in use.
func (m *Again) Pending() bool { return m.err != nil }

// Ask asks for a new key. What no one waits for opens nothing over what is
// being typed: a message says how to sign in. What the refusal stopped continues
// after the sign-in.
func (m *Again) Ask(e screen.SignIn) []screen.Event {
	m.err = e.Err
	if m.err == nil {
		m.err = &model.Error{Kind: model.KindUnauthorized}
	}
	if e.Retry != nil {
		m.retry = append(m.retry, e.Retry)
	}
	switch {
	case m.prompt != nil:
		return nil
	case e.Asked:
		return m.Open()
	}
	return []screen.Event{screen.Retract{Owner: Owner},
		screen.Say{Message: screen.Message{Owner: Owner, Level: screen.Failure, Err: m.err,
			Text: text.Join(": ", plain.Clean(m.err.Headline()), plain.Clean(m.err.Message)) + " · " +
				m.o.Keys.Key(keymap.Refresh) + " signs in again",
			Trace: text.Trace(m.err)}}}
}

// Open opens the prompt for a key, as the user asked.
func (m *Again) Open() []screen.Event {
	if m.prompt != nil {
		return nil
	}
	o := prompt.Options{Title: "Sign in again: paste a key", Hidden: true, Stays: true, Limit: maxKey,
		Check:  func(s string) string { return refusal(readKey(s, m.o.Now())) },
		Submit: func(s string) tea.Msg { return submitMsg{key: redact.NewSecret(readKey(s, m.o.Now()).key)} },
		OnStop: stopMsg{}, OnClose: closedMsg{}}
	if m.err != nil {
		o.Note, o.Trace = plain.Clean(m.err.Message), text.Trace(m.err)
	}
	m.prompt = prompt.Open(o)
	return []screen.Event{screen.Retract{Owner: Owner}, screen.Open{Overlay: m.prompt}}
}

func refusal(r reading) string {
	if r.finding.refused {
		return r.finding.text
	}
	return ""
}

// Update takes a message of this package.
func (m *Again) Update(msg tea.Msg) (tea.Cmd, []screen.Event) {
	switch msg := msg.(type) {
	case submitMsg:
		return m.try(msg.key), nil
	case againMsg:
		return nil, m.onChecked(msg)
	case stopMsg:
		m.checking.Stop()
		m.prompt.Again("Stopped. The key was not taken.", "", true)
	case closedMsg:
		m.prompt, m.retry, m.err = nil, nil, nil // the next refusal asks again
		return nil, []screen.Event{screen.Say{Message: screen.Message{Owner: Owner,
			Text: "Not signed in; " + m.o.Keys.Key(keymap.Refresh) + " asks again"}}}
	case profileMsg:
		if msg.name != m.account.Profile {
			return nil, []screen.Event{SwitchProfile{msg.name}}
		}
	case addProfileMsg:
		return nil, []screen.Event{screen.Open{Overlay: prompt.Open(prompt.Options{Title: "Name of the new profile",
			Limit: 100,
			Check: checkProfile, Submit: func(s string) tea.Msg { return profileMsg{name: trim(s)} }})}}
	}
	return nil, nil
}

func (m *Again) try(key redact.Secret) tea.Cmd {
	ctx, seq := m.checking.Begin(m.o.Context, m.o.Now())
	m.Tick()
	b := m.o.Backend
	return func() tea.Msg {
		account, err := b.SignIn(ctx, key.Reveal())
		return againMsg{seq: seq, account: account, err: err}
	}
}

// Tick describes how long the key has been tried.
func (m *Again) Tick() {
	if !m.checking.Busy() || m.prompt == nil {
		return
	}
	words := "checking the key…"
	if took := m.o.Now().Sub(m.checking.Since()); took >= time.Second {
		words += " · " + seconds(took)
	}
	m.prompt.Wait(words)
}

// Wake is when Tick has something new to say.
func (m *Again) Wake() screen.Wake {
	if !m.checking.Busy() {
		return time.Time{}
	}
	return m.o.Now().Add(time.Second)
}

func (m *Again) onChecked(msg againMsg) []screen.Event {
	if !m.checking.Take(msg.seq) {
		return nil
	}
	if msg.err != nil {
		err := model.AsError("sign in", msg.err)
		said := text.Error(err)
		if err.Kind == model.KindUnauthorized { // what to do next is what the prompt is for
			said = text.Join(": ", err.Headline(), plain.Clean(err.Message))
		}
		m.prompt.Again(said, text.Trace(err), err.Kind == model.KindUnauthorized)
		return nil
	}
	done := SignedIn{Account: msg.account, Retry: m.retry}
	closes := screen.Close{Overlay: m.prompt}
	m.prompt, m.err, m.retry, m.account = nil, nil, nil, msg.account
	return []screen.Event{closes, screen.Retract{Owner: Owner},
		screen.Say{Message: screen.Message{Owner: Owner, Level: screen.Good, Text: "Signed in"}}, done}
}

// Actions are the actions of this package.
func Actions() []keymap.Action {
	return []keymap.Action{{Name: keymap.Profiles, Scopes: []keymap.Scope{keymap.List, keymap.Detail},
		Keys: []string{"P"}, Help: "switch the profile"}}
}

// Run carries out an action; known is false for one of another package.
func (m *Again) Run(n keymap.Name) (cmd tea.Cmd, events []screen.Event, known bool) {
	if n != keymap.Profiles {
		return nil, nil, false
	}
	return nil, m.profiles(), true
}

// profiles lists the accounts that can be switched to. Of the others only the
// name is known before they are asked.
func (m *Again) profiles() []screen.Event {
	if m.account.Demo {
		return []screen.Event{screen.Say{Message: screen.Message{Owner: Owner,
			Text: "This is sample data; start without --demo for your own accounts"}}}
	}
	names := m.o.Backend.Profiles()
	if !slices.Contains(names, m.account.Profile) {
		names = append([]string{m.account.Profile}, names...) // it lives in the environment only
	}
	var items []menu.Item
	for _, p := range names {
		it := menu.Item{ID: p, Text: plain.Clean(p), Msg: profileMsg{name: p}}
		if p == m.account.Profile {
			it.Checked = true
			it.Detail = text.Join(" · ", plain.Clean(m.account.Name), plain.Clean(m.account.BaseURL))
		}
		items = append(items, it)
	}
	items = append(items, menu.Item{Text: "add an account…", Msg: addProfileMsg{}})
	mm := menu.Open(menu.Options{Title: "Profiles", Items: items})
	mm.Select(m.account.Profile)
	return []screen.Event{screen.Open{Overlay: mm}}
}

func trim(s string) string { return strings.TrimSpace(s) }

// checkProfile describes what is wrong with the name of a new profile, "" when
// nothing is.
func checkProfile(name string) string {
	name = trim(name)
	if name == "" {
		return "Type a name first."
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' || r > unicode.MaxASCII {
			return "A profile's name has letters, digits, - and _ only."
		}
	}
	return ""
}
