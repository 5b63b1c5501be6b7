package signin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	words "github.com/levcontacts/levcontacts/ui/widget/text"
)

// page is what the screen asks at the moment.
type page uint8

const (
	pageStart page = iota
	pageKey
	pageFound
	pagePlace
	pageFile
	pageStored
)

func (m *First) is(msg tea.KeyPressMsg, s keymap.Scope, n keymap.Name) bool {
	return m.o.Keys.Is(msg.String(), s, n)
}

func (m *First) onKey(msg tea.KeyPressMsg) tea.Cmd {
	if m.is(msg, keymap.Global, keymap.Repaint) {
		return tea.ClearScreen
	}
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
			return m.connect(m.place.selected().(Where))
		}
		return nil
	}
}

// end leaves the screen and whatever is under way.
func (m *First) end(o Outcome) tea.Cmd {
	m.checking.Stop()
	m.probing.Stop()
	m.storing.Stop()
	m.outcome = o
	return tea.Quit
}

func (m *First) connect(where Where) tea.Cmd {
	return m.end(Outcome{Choice: Connected, Attempt: m.attempt, Account: m.found.Account, Where: where})
}

func (m *First) startKey(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.is(msg, keymap.List, keymap.Quit):
		return m.end(Outcome{})
	case m.o.Back != "" && m.is(msg, keymap.Prompt, keymap.PromptClose):
		return m.end(Outcome{Choice: Back})
	case m.is(msg, keymap.Menu, keymap.MenuPick):
		if m.start.selected() == Connected {
			m.page = pageKey
			return nil
		}
		return m.end(Outcome{Choice: m.start.selected().(Choice)})
	}
	m.start.update(msg, m.o.Keys)
	return nil
}

// fieldsKey is a key on the page with the fields. While a key is being tried
// only esc counts.
func (m *First) fieldsKey(msg tea.KeyPressMsg) tea.Cmd {
	f := m.fields[m.at]
	switch {
	case m.is(msg, keymap.Prompt, keymap.PromptClose):
		if m.checking.Busy() {
			m.checking.Stop()
			return nil
		}
		m.page = pageStart
	case m.checking.Busy():
	case m.is(msg, keymap.Prompt, keymap.PromptDone):
		return m.check()
	case m.is(msg, keymap.Form, keymap.FormNext):
		m.step(1)
	case m.is(msg, keymap.Form, keymap.FormPrev):
		m.step(-1)
	case m.is(msg, keymap.Form, keymap.FormRevert):
		if f.first != "" {
			f.set(f.first)
			m.typed()
		}
	case msg.String() == "ctrl+v":
		return tea.ReadClipboard // the response is a paste
	case f.forward(msg):
		m.typed()
	}
	return nil
}

// onPaste takes a paste where something can be typed. A key is only taken by
// the field that does not show it.
func (m *First) onPaste(text string) {
	if m.page != pageKey || m.checking.Busy() {
		return
	}
	f := m.fields[m.at]
	if line, _ := words.JoinLines(text); !f.hidden && readKey(line, m.o.Now()).kind != kindOther {
		f.misplacedKey = true
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
func (m *First) typed() { m.problem, m.retryAt = nil, time.Time{} }

// read is what the key field comes to now.
func (m *First) read() reading { return readKey(m.fields[fieldKey].text(), m.o.Now()) }

// asksAccount reports whether the account can be named: only who signs in as a
// person can belong to several.
func (m *First) asksAccount() bool { return m.read().kind == kindSession }

func (m *First) shown(id fieldID) bool { return id != fieldAccount || m.asksAccount() }

// step goes to the next or the previous field.
func (m *First) step(by int) {
	to := m.at
	for {
		to = fieldID((int(to) + by + numFields) % numFields)
		if m.shown(to) {
			break
		}
	}
	m.fields[m.at].checked = m.fields[m.at].text() != ""
	m.at = to
}

// checkField describes what is wrong with a field.
func (m *First) checkField(id fieldID) finding {
	text := m.fields[id].text()
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

// check sends the key to the service, if everything that was typed can be sent.
func (m *First) check() tea.Cmd {
	for id := range fieldID(numFields) {
		if !m.shown(id) {
			continue
		}
		m.fields[id].checked = true
		if m.checkField(id).refused {
			m.at = id
			return nil
		}
	}
	m.problem, m.retryAt = nil, time.Time{}
	base, _ := readURL(m.fields[fieldURL].text())
	m.attempt = Attempt{Key: redact.NewSecret(m.read().key), BaseURL: base}
	if m.asksAccount() {
		m.attempt.ActiveAccount, _ = readSlug(m.fields[fieldAccount].text())
	}
	ctx, seq := m.checking.Begin(m.ctx, m.o.Now())
	return checkKey(ctx, m.o.Backend, m.attempt, seq)
}

func (m *First) onChecked(msg checkedMsg) tea.Cmd {
	if !m.checking.Take(msg.seq) {
		return nil
	}
	if msg.err != nil {
		e := model.AsError("try the key", msg.err)
		p := problemOf(e, m.read().kind)
		if p.at != m.at && (e.Kind == model.KindUnauthorized || e.Kind == model.KindNotFound ||
			e.Kind == model.KindProtocol) {
			m.at = p.at
		}
		m.problem = &p
		if e.Kind == model.KindRateLimited {
			m.retryAt = m.o.Now().Add(e.RetryAfter)
		}
		return nil
	}
	m.found = withoutKey(msg.found, m.attempt.Key.Reveal())
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

func (m *First) onKeyring(msg keyringMsg) {
	if !m.probing.Take(msg.seq) {
		return
	}
	m.keyring = keyringState{ok: msg.ok}
	if why := strings.TrimSuffix(strings.TrimSpace(m.safe(msg.why)), "."); why != "" {
		m.keyring.why = ": " + why
	}
	m.place = &chooser{choices: placeChoices(msg.ok)}
}

func (m *First) foundKey(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.is(msg, keymap.Prompt, keymap.PromptDone):
		m.page = pagePlace
	case m.is(msg, keymap.Prompt, keymap.PromptClose):
		m.page = pageKey
	}
	return nil
}

// placeKey is a key where the user says where to keep the key. While it is
// being stored esc asks for an early end, and the response is waited for: only it
// tells whether the key is stored.
func (m *First) placeKey(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.is(msg, keymap.Menu, keymap.MenuClose):
		if m.storing.Busy() {
			m.storing.Interrupt()
			return nil
		}
		m.problem = nil
		m.page = pageFound
	case m.storing.Busy() || m.place == nil:
	case m.is(msg, keymap.Menu, keymap.MenuPick):
		m.problem = nil
		switch where := m.place.selected().(Where); where {
		case ThisRun:
			return m.connect(ThisRun)
		case File:
			m.file = false
			m.page = pageFile
		default:
			return m.store(where)
		}
	default:
		m.place.update(msg, m.o.Keys)
	}
	return nil
}

func (m *First) fileKey(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.is(msg, keymap.Confirm, keymap.ConfirmYes), m.is(msg, keymap.Prompt, keymap.PromptDone) && m.file:
		m.page = pagePlace
		return m.store(File)
	case m.is(msg, keymap.Confirm, keymap.ConfirmNo), m.is(msg, keymap.Prompt, keymap.PromptDone),
		m.is(msg, keymap.Prompt, keymap.PromptClose):
		m.page = pagePlace
	case slices.Contains([]string{"left", "right", "up", "down", "tab", "h", "j", "k", "l", "space"}, msg.String()):
		m.file = !m.file
	}
	return nil
}

func (m *First) store(where Where) tea.Cmd {
	ctx, seq := m.storing.Begin(m.ctx, m.o.Now())
	return storeKey(ctx, m.o.Backend, m.attempt, where, seq)
}

// placeName is the chosen place within a sentence.
func (m *First) placeName() string {
	return map[Where]string{Keyring: "in the system keyring", File: "in a file"}[m.place.selected().(Where)]
}

func (m *First) onStored(msg storedMsg) {
	if !m.storing.Take(msg.seq) {
		return
	}
	if msg.err != nil {
		p := problem{headline: "The key could not be stored " + m.placeName(), message: msg.err.Error(),
			advice: "It is not stored. Try again, or choose another place."}
		if errors.Is(msg.err, context.Canceled) {
			p = problem{headline: "Stopped", advice: "The key is not stored."}
		}
		m.problem = &p
		return
	}
	m.storedIn = m.safe(msg.described)
	m.page = pageStored
}
