// Package question asks yes or no over the screen. The usual answer is no.
package question

import (
	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Options are what a question is opened with.
type Options struct {
	Title string
	Lines []string
	Yes   tea.Msg // delivered on yes
	No    tea.Msg // delivered on no, nil for nothing
}

// Question is an open question: a screen.Overlay.
type Question struct {
	o    Options
	keys keymap.Map
}

var _ screen.Overlay = (*Question)(nil)

// Open makes a question. The keys are for the line that names them.
func Open(o Options, keys keymap.Map) *Question { return &Question{o: o, keys: keys} }

// Update takes the answer.
func (q *Question) Update(msg tea.Msg, keys keymap.Map) screen.Result {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return screen.Result{}
	}
	answer := func(msg tea.Msg) screen.Result {
		if msg == nil {
			return screen.Result{Closed: true}
		}
		return screen.Result{Closed: true, Chosen: []tea.Msg{msg}}
	}
	switch {
	case keys.Is(key.String(), keymap.Confirm, keymap.ConfirmYes):
		return answer(q.o.Yes)
	case keys.Is(key.String(), keymap.Confirm, keymap.ConfirmNo):
		return answer(q.o.No)
	}
	return screen.Result{}
}

// Click does nothing: an answer is a key.
func (q *Question) Click(_, _ int) screen.Result { return screen.Result{} }

// Scroll does nothing.
func (q *Question) Scroll(int) {}

// Typing reports that letters are text here.
func (*Question) Typing() bool { return false }

// Scope is where the answers have their keys.
func (q *Question) Scope() keymap.Scope { return keymap.Confirm }

// Label is what the footer says of an action.
func (q *Question) Label(a keymap.Action) string { return a.Label }

// Width is the width a question would like to have.
func (q *Question) Width() int { return 58 }

// View draws the question; where there is little room the question itself and
// its answers stay.
func (q *Question) View(w, h int, th theme.Theme) screen.Frame {
	var lines []string
	for _, l := range q.o.Lines {
		for _, part := range plain.Wrap(th.Signs(l), w-4) {
			lines = append(lines, plain.Fit("  "+part, w, th.Glyphs.Ellipsis))
		}
	}
	title := "  " + th.Paint(theme.Strong, plain.Fit(th.Signs(q.o.Title), w-2, th.Glyphs.Ellipsis))
	answer := text.Fit("  "+th.Paint(theme.Key, q.keys.Key(keymap.ConfirmYes))+" yes    "+
		th.Paint(theme.Key, q.keys.Key(keymap.ConfirmNo))+" no (also esc, enter)", w)
	if len(lines)+6 > h {
		lines = lines[:max(0, min(len(lines), h-2))]
		return screen.Frame{Lines: append(append([]string{title}, lines...), answer)}
	}
	blank := plain.Blank(w)
	return screen.Frame{Lines: append(append([]string{blank, title, blank}, lines...), blank, answer, blank)}
}
