package ui

import (
	"slices"
	"strings"
	"time"

	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/theme"
)

// toastKind says how a message is shown and how long it stays.
type toastKind uint8

const (
	toastNone  toastKind = iota
	toastNote            // something to know
	toastGood            // something was done
	toastError           // stays until it is dismissed
)

// toast is the one message at the foot of the screen.
type toast struct {
	kind  toastKind
	text  string
	trace string // status and request id
	err   *model.Error
	at    time.Time
	// offline is set on a message that is untrue once the service is back.
	offline bool
	// edit is set on a message about the edit that is open; it goes with it.
	edit bool
	// marks is set on a message about the marks as they are.
	marks bool
}

// noteStays is how long a message is left alone before a key takes it away;
// errors stay until they are dismissed.
const noteStays = 3 * time.Second

// ageToast takes a message away that has been there for a while, when the
// person goes on.
func (m *Model) ageToast() {
	if (m.toast.kind == toastNote || m.toast.kind == toastGood) && m.o.Now().Sub(m.toast.at) > noteStays {
		m.dismiss()
	}
}

// Notice is a message from outside the screen for the person to see once, such
// as that the copy on disk cannot be used any more.
type Notice string

// say shows a message.
func (m *Model) say(kind toastKind, text string) {
	m.show(toast{kind: kind, text: plain.Clean(text), at: m.o.Now()})
}

// sayError shows a failure with what to do and the request id.
func (m *Model) sayError(op string, err error) {
	e := model.AsError(op, err)
	m.show(toast{kind: toastError, err: e, text: plainly(e), trace: technical(e), at: m.o.Now()})
}

// errorsKept is how many errors wait under another message.
const errorsKept = 3

// show puts a message on the screen. An error that nobody dismissed comes back
// when the message goes.
func (m *Model) show(t toast) {
	if old := m.toast; old.kind == toastError && (old.text != t.text || old.trace != t.trace) {
		m.errors = append(m.errors, old)
		m.errors = m.errors[max(0, len(m.errors)-errorsKept):]
	}
	m.toast = t
	m.relayout()
}

// dismiss takes the message away.
func (m *Model) dismiss() {
	m.toast = toast{}
	if n := len(m.errors); n > 0 {
		m.toast, m.errors = m.errors[n-1], m.errors[:n-1]
	}
	m.relayout()
}

// dismissAny takes the messages away that are gone by now, also those that wait.
func (m *Model) dismissAny(gone func(toast) bool) {
	m.errors = slices.DeleteFunc(m.errors, gone)
	if gone(m.toast) {
		m.dismiss()
	}
}

// dismissMarks takes away what was said about the marks: they change now, or the
// person goes on to something else.
func (m *Model) dismissMarks() { m.dismissAny(func(t toast) bool { return t.marks }) }

// dismissOffline takes the messages away that are untrue once the service is back.
func (m *Model) dismissOffline() {
	m.dismissAny(func(t toast) bool { return t.offline })
}

// plainly is a failure in plain words: what happened, what the service said,
// what to do. Of a failure here, such as with a file, its own words say it all.
func plainly(e *model.Error) string {
	if e.Kind == model.KindUnknown && e.Status == 0 && e.Message != "" {
		return capital(plain.Clean(e.Message))
	}
	what := plain.Clean(e.Headline())
	if e.Message != "" {
		what += ": " + plain.Clean(e.Message)
	}
	return joinNonEmpty(" · ", what, e.Advice())
}

// technical is the status and the request id, "" when there are none.
func technical(e *model.Error) string {
	var parts []string
	if e.Status != 0 {
		parts = append(parts, number(e.Status))
	}
	if e.RequestID != "" {
		parts = append(parts, "request "+plain.Clean(e.RequestID))
	}
	return strings.Join(parts, " · ")
}

// toastLines are the lines of the message at a width, at most three.
func (m *Model) toastLines(w int) []string {
	if m.toast.kind == toastNone || w <= 4 {
		return nil
	}
	lines := m.wrapToast("", w)
	if m.toast.kind == toastError {
		full := m.wrapToast(m.keys.Key("message.dismiss")+" dismisses, "+m.keys.Key("message.copy")+" copies", w)
		for len(lines) < len(full) {
			lines = append(lines, "") // the same height wherever those keys are not heard
		}
		if scope := m.scope(); scope == keymap.List || scope == keymap.Detail {
			lines = full
		}
	}
	role, sign := theme.Attention, m.theme.Glyphs.Dot
	switch m.toast.kind {
	case toastGood:
		role, sign = theme.Good, m.theme.Glyphs.Check
	case toastError:
		role, sign = theme.Danger, m.theme.Glyphs.Warn
	}
	for i, l := range lines {
		if i > 0 {
			sign = plain.Blank(plain.Width(sign))
		}
		lines[i] = m.theme.Paint(role, plain.Fit(" "+sign+" "+l, w, ""))
	}
	return lines
}

// wrapToast breaks a message, with what its keys do behind it, into at most
// three lines. Where that is too little the keys go first, then the end of the
// text: the request id stays.
func (m *Model) wrapToast(keys string, w int) []string {
	const most = 3
	t, dot := m.toast, m.theme.Signs(" · ")
	t.text, t.trace, keys = m.theme.Signs(t.text), m.theme.Signs(t.trace), m.theme.Signs(keys)
	for _, tail := range []string{keys, ""} {
		if lines := wrapWhole(joinNonEmpty(dot, t.text, t.trace, tail), t.trace, w-4); len(lines) <= most {
			return lines
		}
	}
	trace := wrapWhole(t.trace, t.trace, w-4)
	if t.trace == "" || len(trace) >= most {
		trace = nil
	}
	lines := plain.Wrap(t.text, w-4)
	if room := most - len(trace); len(lines) > room {
		lines = append(lines[:room-1], plain.Cut(strings.Join(lines[room-1:], " "), w-4, m.theme.Glyphs.Ellipsis))
	}
	return append(lines, trace...)
}
