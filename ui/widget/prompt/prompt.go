// Package prompt asks for one line of text over the screen.
package prompt

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/input"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Options are what a prompt is opened with.
type Options struct {
	Title  string
	Note   string // what went wrong before
	Trace  string // status and request ID of what Note is about
	Text   string // what is there to begin with
	Done   string // what the key that submits does: "save", "" for go on
	Hidden bool
	Limit  int // of characters, 0 for the limit of an input
	// Check says what is wrong with a text, "" when nothing is. The prompt
	// then stays with what was typed. nil takes every text.
	Check func(string) string
	// Submit makes the message that a text means.
	Submit func(string) tea.Msg
	// Stays keeps the prompt open while the part that opened it works on the
	// text: it calls Wait, then Again or closes the prompt.
	Stays   bool
	OnStop  tea.Msg // the user does not want to wait any longer
	OnClose tea.Msg // it was left without a text
}

// Prompt is an open prompt: a screen.Overlay.
type Prompt struct {
	o           Options
	input       *input.Model
	note, trace string
	wrong       bool   // note is what Check said of the text
	waiting     string // what is being done with the text, "" for nothing
}

var _ screen.Overlay = (*Prompt)(nil)

// Open makes a prompt.
func Open(o Options) *Prompt {
	p := &Prompt{o: o, input: input.New(o.Limit, o.Hidden), note: o.Note, trace: o.Trace}
	p.input.SetValue(o.Text)
	return p
}

// Wait says what is being done with the text. Only the key that stops it is
// heard until Again.
func (p *Prompt) Wait(what string) { p.waiting = what }

// Again says what became of the text. With empty, another one is typed.
func (p *Prompt) Again(note, trace string, empty bool) {
	p.waiting, p.note, p.trace, p.wrong = "", note, trace, false
	if empty {
		p.input.SetValue("")
	}
}

// Update takes a key or a paste.
func (p *Prompt) Update(msg tea.Msg, keys keymap.Map) screen.Result {
	key, isKey := msg.(tea.KeyPressMsg)
	closes := isKey && keys.Is(key.String(), keymap.Prompt, keymap.PromptClose)
	switch {
	case p.waiting != "" && closes:
		return screen.Result{Chosen: messages(p.o.OnStop)}
	case p.waiting != "":
		return screen.Result{}
	case closes:
		return screen.Result{Closed: true, Chosen: messages(p.o.OnClose)}
	case isKey && keys.Is(key.String(), keymap.Prompt, keymap.PromptDone):
		return p.submit()
	}
	before := p.input.Value()
	cmd := p.input.Update(msg)
	switch {
	case p.input.Cut():
		p.note, p.wrong = "The text was too long: its end is left out.", true
	case p.input.Value() != before && p.wrong:
		p.note, p.wrong = "", false
	}
	return screen.Result{Cmd: cmd}
}

func (p *Prompt) submit() screen.Result {
	if p.o.Check != nil {
		if wrong := p.o.Check(p.input.Value()); wrong != "" {
			p.note, p.wrong = wrong, true
			return screen.Result{}
		}
	}
	return screen.Result{Closed: !p.o.Stays, Chosen: messages(p.o.Submit(p.input.Value()))}
}

func messages(msg tea.Msg) []tea.Msg {
	if msg == nil {
		return nil
	}
	return []tea.Msg{msg}
}

// Click does nothing: the text is the only part.
func (p *Prompt) Click(_, _ int) screen.Result { return screen.Result{} }

// Scroll does nothing.
func (p *Prompt) Scroll(int) {}

// Scope is where the keys of a prompt have their meaning.
func (p *Prompt) Scope() keymap.Scope { return keymap.Prompt }

// Label is what the footer says of an action.
func (p *Prompt) Label(a keymap.Action) string {
	switch {
	case p.waiting == "" && a.Name == keymap.PromptDone && p.o.Done != "":
		return p.o.Done
	case p.waiting == "":
		return a.Label
	case a.Name == keymap.PromptClose:
		return "stop"
	}
	return ""
}

// Width is the width a prompt would like to have.
func (p *Prompt) Width() int { return 66 }

// View draws the prompt. Where there is little room the text stays longest.
func (p *Prompt) View(w, h int, th theme.Theme) screen.Frame {
	title := "  " + th.Paint(theme.Strong, plain.Fit(th.Signs(p.o.Title), w-2, th.Glyphs.Ellipsis))
	line := "  " + th.Paint(theme.Accent, "> ") + p.input.View(max(1, w-6), th) + plain.Blank(min(2, w-5))
	keys, said := "  enter goes on   esc closes", []string{p.note, p.trace}
	if p.o.Done != "" {
		keys = "  enter " + p.o.Done + "   esc cancel"
	}
	if p.waiting != "" {
		keys, said = "  esc stops", []string{p.waiting}
	}
	foot := th.Paint(theme.Dim, plain.Fit(keys, w, ""))
	var notes []string
	for _, part := range text.NonEmpty(said) {
		for _, l := range text.WrapWhole(th.Signs(part), th.Signs(p.trace), w-4) {
			notes = append(notes, th.Paint(theme.Attention, plain.Fit("  "+l, w, th.Glyphs.Ellipsis)))
		}
	}
	frame := func(at int, lines ...string) screen.Frame {
		return screen.Frame{Lines: lines, Cursor: p.input.Cursor(4, at)}
	}
	switch blank := plain.Blank(w); {
	case len(notes)+7 <= h:
		if len(notes) > 0 {
			notes = append(notes, blank)
		}
		return frame(3, append(append([]string{blank, title, blank, line, blank}, notes...), foot)...)
	case h < 3:
		return frame(0, line)
	default:
		notes = notes[:min(len(notes), h-3)]
		return frame(1, append(append([]string{title, line}, notes...), foot)...)
	}
}
