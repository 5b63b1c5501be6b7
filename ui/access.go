package ui

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/menu"
	"levcontacts/ui/widget/theme"
	"levcontacts/work"
)

// prompt asks for one line of text over the screen.
type prompt struct {
	title  string
	note   string
	trace  string // status and request id of what note is about
	hidden bool
	input  textinput.Model
	done   func(string) tea.Cmd
}

// ask opens a prompt; done gets the text on enter.
func (m *Model) ask(title string, hidden bool, done func(string) tea.Cmd) {
	in := textinput.New()
	in.Prompt = ""
	in.SetVirtualCursor(false)
	if hidden {
		in.EchoMode = textinput.EchoPassword
		in.EchoCharacter = '*'
	}
	in.Focus()
	m.prompt = &prompt{title: title, hidden: hidden, input: in, done: done}
}

func (m *Model) promptMsg(msg tea.Msg) tea.Cmd {
	p := m.prompt
	key, isKey := msg.(tea.KeyPressMsg)
	closes := isKey && m.keys.Is(key.String(), keymap.Prompt, keymap.PromptClose)
	if m.signing.Busy() {
		if closes {
			m.signing.Stop()
			p.again("stopped; the key was not taken", "")
		}
		return nil
	}
	if isKey {
		switch {
		case closes:
			m.prompt, m.afterSignIn = nil, nil
			if p.hidden {
				m.say(toastNote, "not signed in; "+m.keys.Key(keymap.Refresh)+" asks again")
			}
			return nil
		case m.keys.Is(key.String(), keymap.Prompt, keymap.PromptDone):
			if !p.hidden {
				m.prompt = nil
			}
			return p.done(p.input.Value())
		}
	}
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	return cmd
}

// again empties the prompt for another try and says what became of the last.
func (p *prompt) again(note, trace string) {
	p.input.Reset()
	p.note, p.trace = note, trace
}

func (p *prompt) shown() string {
	if p.hidden {
		return strings.Repeat("*", len([]rune(p.input.Value())))
	}
	return plain.Clean(p.input.Value())
}

// view draws the prompt in at most h lines of w cells and says which of them
// the text is on. Where there is little room the text stays longest. While what
// was typed is being tried, doing says so.
func (p *prompt) view(w, h int, th theme.Theme, doing string) (rows []string, inputAt int) {
	text := p.shown()
	for plain.Width(text) > w-6 {
		text = string([]rune(text)[1:])
	}
	title := "  " + th.Paint(theme.Strong, plain.Fit(p.title, w-2, th.Glyphs.Ellipsis))
	input := fitStyled("  "+th.Paint(theme.Accent, "> ")+th.Paint(theme.Input, text), w)
	keys, said := "  enter goes on   esc closes", []string{p.note, p.trace}
	if doing != "" {
		keys, said = "  esc stops", []string{doing}
	}
	foot := th.Paint(theme.Dim, plain.Fit(keys, w, ""))
	var notes []string
	for _, part := range nonEmpty(said) {
		for _, l := range wrapWhole(th.Signs(part), th.Signs(p.trace), w-4) {
			notes = append(notes, th.Paint(theme.Attention, plain.Fit("  "+l, w, th.Glyphs.Ellipsis)))
		}
	}
	switch blank := plain.Blank(w); {
	case len(notes)+7 <= h:
		if len(notes) > 0 {
			notes = append(notes, blank)
		}
		return append(append([]string{blank, title, blank, input, blank}, notes...), foot), 3
	case h < 3:
		return []string{input}, 0
	default:
		notes = notes[:min(len(notes), h-3)]
		return append(append([]string{title, input}, notes...), foot), 1
	}
}

func (p *prompt) cursorX(w int) int {
	if p.hidden {
		return min(4+p.input.Position(), w-2)
	}
	return min(4+plain.Width(plain.Clean(string([]rune(p.input.Value())[:p.input.Position()]))), w-2)
}

// onAccount takes what the service says about the account, or what it said in
// an earlier run when it does not answer now; what is wrong the list says.
func (m *Model) onAccount(msg accountMsg) {
	if msg.err != nil && msg.account.Name == "" {
		return
	}
	readOnly := m.account.ReadOnly
	m.account = msg.account
	if m.account.ReadOnly == "" {
		m.account.ReadOnly = readOnly
	}
	m.gauge = m.o.Backend.Gauge()
}

type signedInMsg struct {
	seq     uint64
	account work.Account
	err     error
}

// askSignIn opens the sign-in over the running program; the work goes on where
// it was, drafts untouched.
func (m *Model) askSignIn(err *model.Error, then func() tea.Cmd) {
	if m.prompt != nil {
		return
	}
	m.afterSignIn = then
	m.ask("Sign in again: paste a key", true, m.signIn)
	m.prompt.note, m.prompt.trace = plain.Clean(err.Message), technical(err)
}

func (m *Model) signIn(key string) tea.Cmd {
	if strings.TrimSpace(key) == "" {
		m.prompt.note = "paste the key first"
		return nil
	}
	ctx, seq := m.signing.Begin(m.ctx, m.o.Now())
	return trySignIn(ctx, m.o.Backend, strings.TrimSpace(key), seq)
}

// tryingKey is what the sign-in says while a key is tried, "" otherwise.
func (m *Model) tryingKey() string {
	if !m.signing.Busy() {
		return ""
	}
	return "trying the key" + m.theme.Glyphs.Ellipsis + taken(m.o.Now().Sub(m.signing.Since()))
}

func trySignIn(ctx context.Context, a Access, key string, seq uint64) tea.Cmd {
	return func() tea.Msg {
		account, err := a.SignIn(ctx, key)
		return signedInMsg{seq, account, err}
	}
}

func (m *Model) onSignedIn(msg signedInMsg) tea.Cmd {
	if !m.signing.Take(msg.seq) {
		return nil
	}
	if msg.err != nil {
		if m.prompt != nil {
			err := model.AsError("sign in", msg.err)
			said := plainly(err)
			if err.Kind == model.KindUnauthorized { // what to do next is what the prompt is for
				said = joinNonEmpty(": ", err.Headline(), plain.Clean(err.Message))
			}
			m.prompt.again(said, technical(err))
		}
		return nil
	}
	m.prompt = nil
	m.account = msg.account
	m.say(toastGood, "signed in")
	then := m.afterSignIn
	m.afterSignIn = nil
	cmds := []tea.Cmd{m.resumeLists()}
	if then != nil && m.edit.active() {
		cmds = append(cmds, then())
	}
	return tea.Batch(cmds...)
}

// onProfileMenu ends this screen for another profile's.
func (m *Model) onProfileMenu(it menu.Item) tea.Cmd {
	if it.ID == addProfile {
		m.ask("Name of the new profile", false, m.newProfile)
		return nil
	}
	if it.ID == m.account.Profile {
		return nil
	}
	m.next = it.ID
	return m.askQuit(false)
}

// addProfile stands for no profile: a name cannot hold a NUL.
const addProfile = "\x00add"

// newProfile goes on with a profile that does not exist yet; the first-run
// screen asks for its key.
func (m *Model) newProfile(name string) tea.Cmd {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' || r > unicode.MaxASCII {
			m.say(toastError, "a profile's name has letters, digits, - and _ only: "+plain.Clean(name))
			return nil
		}
	}
	m.next = name
	return m.askQuit(false)
}

// NextProfile is the profile that the person switched to, "" to end.
func (m *Model) NextProfile() string { return m.next }

// onContact takes a contact that was fetched by its id.
func (m *Model) onContact(msg contactMsg) tea.Cmd {
	if !m.shelf.contact.Take(msg.seq) {
		return nil
	}
	m.gauge = msg.gauge
	if msg.err != nil {
		m.sayError("get contact", msg.err)
		return nil
	}
	m.putContact(msg.contact)
	if msg.goes {
		m.selected = msg.id
	}
	return m.recompute()
}

// refetchKept asks again for a contact that was created here and is not in the
// default list, when it is the one on the screen.
func (m *Model) refetchKept() tea.Cmd {
	if !m.shelf.kept[m.selected] {
		return nil
	}
	ctx, seq := m.shelf.contact.Begin(m.ctx, m.o.Now())
	return fetchContact(ctx, m.o.Backend, m.selected, seq, false)
}

// The pauses between attempts while the service cannot be reached.
const (
	firstPause = 2 * time.Second
	lastPause  = time.Minute
)

// onPageError shows why rows did not come, and goes on by itself where waiting
// helps.
func (m *Model) onPageError(name chainName, c *chain, err *model.Error) tea.Cmd {
	if err.Kind == model.KindCanceled {
		return nil
	}
	if cmd, handled := m.onRefusedList(name, c, err); handled {
		return cmd
	}
	c.err = err
	m.goingEnd = false
	switch err.Kind {
	case model.KindNetwork, model.KindUnavailable:
		return m.tryAgain(err, name)
	case model.KindRateLimited:
		return m.retryIn(max(err.RetryAfter, time.Second), name)
	case model.KindUnauthorized:
		m.askSignIn(err, nil)
		return nil
	}
	if m.shelf.book.Len() > 0 {
		m.sayError("list contacts", err)
	}
	return nil
}

// tryAgain asks again after a pause that grows.
func (m *Model) tryAgain(err *model.Error, name chainName) tea.Cmd {
	m.shelf.offline = err.Kind == model.KindNetwork
	m.shelf.pause = min(max(firstPause, 2*m.shelf.pause), lastPause)
	return m.retryIn(max(m.shelf.pause, err.RetryAfter), name)
}

func (m *Model) retryIn(d time.Duration, name chainName) tea.Cmd {
	m.shelf.retryAt = m.o.Now().Add(d)
	return m.o.After(d, retryMsg{name})
}

func (m *Model) onRetry(msg retryMsg) tea.Cmd {
	if m.shelf.retryAt.IsZero() || m.o.Now().Before(m.shelf.retryAt) {
		return nil // the person was faster
	}
	m.shelf.retryAt = time.Time{}
	if !m.stopped() && m.shelf.offline {
		return m.refresh() // it was a save that found the way blocked
	}
	return m.resumeLists()
}

// stopped says that an error stopped one of the lists.
func (m *Model) stopped() bool {
	for _, c := range m.shelf.chains {
		if c != nil && c.err != nil {
			return true
		}
	}
	return false
}

// resumeLists goes on with every list that an error stopped.
func (m *Model) resumeLists() tea.Cmd {
	var cmds []tea.Cmd
	m.shelf.retryAt = time.Time{}
	for name, c := range m.shelf.chains {
		if c != nil && c.err != nil {
			c.err = nil
			cmds = append(cmds, m.fetch(chainName(name), work.Screen))
		}
	}
	return tea.Batch(cmds...)
}

// onRefusedList goes another way where the service does not do what a list
// asks for: sort here, or make a full pass.
func (m *Model) onRefusedList(name chainName, c *chain, err *model.Error) (tea.Cmd, bool) {
	if err.Kind != model.KindBadRequest && err.Kind != model.KindValidation {
		return nil, false
	}
	c.done = true
	switch name {
	case chainSorted:
		m.view.local = true
		m.shelf.chains[chainSorted] = nil
		m.say(toastNote, fmt.Sprintf("the service does not sort by %s; what is loaded is sorted here", inText(m.view.sort.Field.Def().Label)))
		return m.reshape(), true
	case chainRecent:
		m.shelf.info.NoSort = true
		return m.beginPass(work.Index), true
	case chainApart:
		m.say(toastError, "the service does not list contacts that are not connected: "+err.Message)
		m.view.filter = m.view.filter.With(model.FieldConnected)
		return m.reshape(), true
	case chainFull:
		if c.pass == work.PassResume {
			return m.beginPass(work.Screen), true // the place of an earlier run is not known any more
		}
	}
	c.done = false
	return nil, false
}
