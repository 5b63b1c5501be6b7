package signin

import (
	"context"
	"errors"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
)

// page is what the screen asks at the moment.
type page uint8

const (
	pageStart page = iota
	pageKey
	pageFound
	pagePlace
	pageFile
	pageKept
)

func (m *Model) is(msg tea.KeyPressMsg, s keymap.Scope, n keymap.Name) bool {
	return m.o.Keys.Is(msg.String(), s, n)
}

func (m *Model) onKey(msg tea.KeyPressMsg) tea.Cmd {
	if msg.String() == "ctrl+c" || m.is(msg, keymap.Global, keymap.ForceQuit) {
		return m.end(Outcome{})
	}
	switch m.page {
	case pageStart:
		return m.startKey(msg)
	case pageKey:
		return m.fieldsKey(msg)
	case pageFound:
		return m.foundKey(msg)
	case pagePlace:
		return m.placeKey(msg)
	case pageFile:
		return m.fileKey(msg)
	default:
		if m.is(msg, keymap.Prompt, keymap.PromptDone) {
			return m.connect(m.place.held)
		}
		return nil
	}
}

// end leaves the screen and whatever is under way.
func (m *Model) end(o Outcome) tea.Cmd {
	m.trying.Stop()
	m.probing.Stop()
	m.keeping.Stop()
	m.outcome = o
	return tea.Quit
}

func (m *Model) connect(where Where) tea.Cmd {
	return m.end(Outcome{Choice: Connected, Attempt: m.tried, Account: m.found.Account, Where: where})
}

func (m *Model) startKey(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.is(msg, keymap.List, keymap.Quit):
		return m.end(Outcome{})
	case m.is(msg, keymap.Menu, keymap.MenuPick):
		if m.start.held == Connected {
			m.page = pageKey
			return nil
		}
		return m.end(Outcome{Choice: m.start.held})
	}
	m.start.update(msg)
	return nil
}

// fieldsKey is a key on the page with the fields. While a key is being tried
// only esc counts.
func (m *Model) fieldsKey(msg tea.KeyPressMsg) tea.Cmd {
	f := m.fields[m.at]
	switch {
	case m.is(msg, keymap.Prompt, keymap.PromptClose):
		if m.trying.Busy() {
			m.trying.Stop()
			return nil
		}
		m.page = pageStart
	case m.trying.Busy():
	case m.is(msg, keymap.Prompt, keymap.PromptDone):
		return m.try()
	case m.is(msg, keymap.Form, keymap.FormNext):
		m.step(1)
	case m.is(msg, keymap.Form, keymap.FormPrev):
		m.step(-1)
	case m.is(msg, keymap.Form, keymap.FormClear):
		f.set("")
		m.typed()
	case m.is(msg, keymap.Form, keymap.FormRevert):
		if f.first != "" {
			f.set(f.first)
			m.typed()
		}
	case key.Matches(msg, textinput.DefaultKeyMap().Paste):
		return tea.ReadClipboard // the answer is a paste
	case f.give(msg):
		m.typed()
	}
	return nil
}

// onPaste takes a paste where something can be typed. A key is only taken by
// the field that does not show it.
func (m *Model) onPaste(text string) {
	if m.page != pageKey || m.trying.Busy() {
		return
	}
	f := m.fields[m.at]
	if line, _ := onOneLine(text, true); !f.hidden && readKey(line, m.o.Now()).kind != kindOther {
		f.strayed = true
		return
	}
	whole := map[fieldID]func(string) bool{
		fieldKey:     func(s string) bool { return readKey(s, m.o.Now()).kind != kindOther },
		fieldURL:     func(s string) bool { return strings.Contains(s, "://") },
		fieldAccount: func(string) bool { return false },
	}[m.at]
	if f.paste(text, whole) {
		f.checked = true
		m.typed()
	}
}

// typed takes away what was said about the text before.
func (m *Model) typed() { m.problem, m.retryAt = nil, time.Time{} }

// read is what the key field comes to now.
func (m *Model) read() reading { return readKey(m.fields[fieldKey].held, m.o.Now()) }

// asksAccount says that the account can be named: only who signs in as a
// person can belong to several.
func (m *Model) asksAccount() bool { return m.read().kind == kindSession }

func (m *Model) shown(id fieldID) bool { return id != fieldAccount || m.asksAccount() }

// step goes to the next or the previous field.
func (m *Model) step(by int) {
	to := m.at
	for {
		to = fieldID((int(to) + by + numFields) % numFields)
		if m.shown(to) {
			break
		}
	}
	m.fields[m.at].checked = m.fields[m.at].held != ""
	m.focus(to)
}

func (m *Model) focus(id fieldID) {
	m.fields[m.at].blur()
	m.at = id
	m.fields[id].focus()
}

// lookAt says what is wrong with a field.
func (m *Model) lookAt(id fieldID) finding {
	text := m.fields[id].held
	switch id {
	case fieldKey:
		return m.read().finding
	case fieldURL:
		_, f := readURL(text)
		return f
	default:
		_, f := readSlug(text)
		return f
	}
}

// try sends the key to the service, if everything that was typed can be sent.
func (m *Model) try() tea.Cmd {
	for id := range fieldID(numFields) {
		if !m.shown(id) {
			continue
		}
		m.fields[id].checked = true
		if m.lookAt(id).refused {
			m.focus(id)
			return nil
		}
	}
	m.problem, m.retryAt = nil, time.Time{}
	base, _ := readURL(m.fields[fieldURL].held)
	m.tried = Attempt{Key: NewKey(m.read().key), BaseURL: base}
	if m.asksAccount() {
		m.tried.ActiveAccount, _ = readSlug(m.fields[fieldAccount].held)
	}
	ctx, seq := m.trying.Begin(m.ctx, m.o.Now())
	return tryKey(ctx, m.o.Backend, m.tried, seq)
}

func (m *Model) onTried(msg triedMsg) tea.Cmd {
	if !m.trying.Take(msg.seq) {
		return nil
	}
	if msg.err != nil {
		e := model.AsError("try the key", msg.err)
		p := problemOf(e, m.read().kind)
		if p.at != m.at && (e.Kind == model.KindUnauthorized || e.Kind == model.KindNotFound || e.Kind == model.KindProtocol) {
			m.focus(p.at)
		}
		m.problem = &p
		if e.Kind == model.KindRateLimited {
			m.retryAt = m.o.Now().Add(e.RetryAfter)
		}
		return nil
	}
	m.found = withoutKey(msg.found, m.tried.Key.Reveal())
	m.page = pageFound
	m.keyring, m.place = keyringState{}, nil
	ctx, seq := m.probing.Begin(m.ctx, m.o.Now())
	return askKeyring(ctx, m.o.Backend, seq)
}

// withoutKey takes the key out of what a service says about it.
func withoutKey(f Found, key string) Found {
	a := &f.Account
	for _, s := range []*string{&a.Name, &a.User, &a.Role, &a.Tier, &a.ReadOnly} {
		*s = hide(*s, key)
	}
	scopes := make([]string, len(a.Scopes))
	for i, s := range a.Scopes {
		scopes[i] = hide(s, key)
	}
	a.Scopes = scopes
	return f
}

func (m *Model) onKeyring(msg keyringMsg) {
	if !m.probing.Take(msg.seq) {
		return
	}
	m.keyring = keyringState{ok: msg.ok}
	if why := strings.TrimSuffix(strings.TrimSpace(m.safe(msg.why)), "."); why != "" {
		m.keyring.why = ": " + why
	}
	m.place = newChooser(m.look, m.o.Keys, placeChoices(msg.ok))
}

func (m *Model) foundKey(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.is(msg, keymap.Prompt, keymap.PromptDone):
		m.page = pagePlace
	case m.is(msg, keymap.Prompt, keymap.PromptClose):
		m.page = pageKey
	}
	return nil
}

// placeKey is a key where the person says where to keep the key. While it is
// being stored esc asks for an early end, and the answer is waited for: only it
// tells whether the key is stored.
func (m *Model) placeKey(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.is(msg, keymap.Menu, keymap.MenuClose):
		if m.keeping.Busy() {
			m.keeping.Interrupt()
			return nil
		}
		m.problem = nil
		m.page = pageFound
	case m.keeping.Busy() || m.place == nil:
	case m.is(msg, keymap.Menu, keymap.MenuPick):
		m.problem = nil
		switch m.place.held {
		case ThisRun:
			return m.connect(ThisRun)
		case File:
			m.file.yes = false
			m.page = pageFile
		default:
			return m.keep(m.place.held)
		}
	default:
		m.place.update(msg)
	}
	return nil
}

func (m *Model) fileKey(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.is(msg, keymap.Confirm, keymap.ConfirmYes), m.is(msg, keymap.Prompt, keymap.PromptDone) && m.file.yes:
		m.page = pagePlace
		return m.keep(File)
	case m.is(msg, keymap.Confirm, keymap.ConfirmNo), m.is(msg, keymap.Prompt, keymap.PromptDone), m.is(msg, keymap.Prompt, keymap.PromptClose):
		m.page = pagePlace
	default:
		m.file.field.Update(msg)
	}
	return nil
}

func (m *Model) keep(where Where) tea.Cmd {
	ctx, seq := m.keeping.Begin(m.ctx, m.o.Now())
	return keepKey(ctx, m.o.Backend, m.tried, where, seq)
}

// placeName is the chosen place within a sentence.
func (m *Model) placeName() string {
	return map[Where]string{Keyring: "in the system keyring", File: "in a file"}[m.place.held]
}

func (m *Model) onKept(msg keptMsg) {
	if !m.keeping.Take(msg.seq) {
		return
	}
	if msg.err != nil {
		p := problem{headline: "The key could not be kept " + m.placeName(), message: msg.err.Error(), advice: "It is not stored. Try again, or choose another place."}
		if errors.Is(msg.err, context.Canceled) {
			p = problem{headline: "Stopped", advice: "The key is not stored."}
		}
		m.problem = &p
		return
	}
	m.kept = m.safe(msg.described)
	m.page = pageKept
}
