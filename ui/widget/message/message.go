// Package message holds the sentences to the user at the foot of the screen:
// one is shown, failures wait below it until somebody dismisses them.
package message

import (
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

const (
	// noteStays is how long a note is left alone before a key removes it.
	noteStays = 3 * time.Second
	// failuresKept is how many failures wait under the message on the screen.
	failuresKept = 3
	// maxLines is how many lines a message may take.
	maxLines = 3
)

type shown struct {
	screen.Message
	at time.Time
}

// Stack is the message on the screen, last, over the failures that nobody has
// dismissed. The zero Stack is empty.
type Stack struct{ all []shown }

// Show puts a message on the screen. A failure that is still there comes back
// when the message goes; a note does not.
func (s *Stack) Show(m screen.Message, now time.Time) {
	m.Text = plain.Clean(m.Text)
	if m.Err != nil && m.Text == "" {
		m.Text, m.Trace = text.Error(m.Err), text.Trace(m.Err)
	}
	s.all = slices.DeleteFunc(s.all, func(old shown) bool {
		return old.Level != screen.Failure || old.Text == m.Text && old.Trace == m.Trace
	})
	s.all = s.all[max(0, len(s.all)-failuresKept):]
	s.all = append(s.all, shown{m, now})
}

// Follow is Show for a note about the background: what was just said of something the
// user did is read first, and the note comes up when it goes.
func (s *Stack) Follow(m screen.Message, now time.Time) {
	top, ok := s.top()
	s.Show(m, now)
	if ok && top.Level != screen.Failure && now.Sub(top.at) <= noteStays {
		s.all = append(s.all, top)
	}
}

// Has reports that a message of an owner is on the screen or waits.
func (s Stack) Has(owner string) bool {
	return slices.ContainsFunc(s.all, func(m shown) bool { return m.Owner == owner })
}

// Dismiss removes the message on the screen.
func (s *Stack) Dismiss() {
	if n := len(s.all); n > 0 {
		s.all = s.all[:n-1]
	}
}

// Retract removes every message of an owner.
func (s *Stack) Retract(owner string) {
	s.all = slices.DeleteFunc(s.all, func(m shown) bool { return owner != "" && m.Owner == owner })
}

// Age removes a note that has been read by now: the user goes on.
func (s *Stack) Age(now time.Time) {
	if m, ok := s.top(); ok && m.Level != screen.Failure && now.Sub(m.at) > noteStays {
		s.Dismiss()
	}
}

// Empty reports that there is no message.
func (s Stack) Empty() bool { return len(s.all) == 0 }

// Failure is the failure on the screen, nil when there is none.
func (s Stack) Failure() *model.Error {
	m, _ := s.top()
	return m.Err
}

func (s Stack) top() (shown, bool) {
	if len(s.all) == 0 {
		return shown{}, false
	}
	return s.all[len(s.all)-1], true
}

// Lines draws the message in at most three lines of w cells. keys says how a
// failure is dismissed and copied; heard reports that those keys work now.
// The height does not depend on heard.
func (s Stack) Lines(w int, th theme.Theme, keys string, heard bool) []string {
	m, ok := s.top()
	if !ok || w <= 4 {
		return nil
	}
	lines := wrap(m.Message, "", w, th)
	if m.Level == screen.Failure {
		full := wrap(m.Message, keys, w, th)
		for len(lines) < len(full) {
			lines = append(lines, "")
		}
		if heard {
			lines = full
		}
	}
	role, sign := theme.Attention, th.Glyphs.Dot
	switch m.Level {
	case screen.Good:
		role, sign = theme.Good, th.Glyphs.Check
	case screen.Failure:
		role, sign = theme.Danger, th.Glyphs.Warn
	}
	for i, l := range lines {
		if i > 0 {
			sign = plain.Blank(plain.Width(sign))
		}
		lines[i] = th.Paint(role, plain.Fit(" "+sign+" "+l, w, ""))
	}
	return lines
}

// wrap breaks a message and its keys into lines. Where there are too many, the
// keys go first, then the end of the text: the request ID stays.
func wrap(m screen.Message, keys string, w int, th theme.Theme) []string {
	said, trace, dot := th.Signs(m.Text), th.Signs(m.Trace), th.Signs(" · ")
	for _, tail := range []string{th.Signs(keys), ""} {
		if lines := text.WrapWhole(text.Join(dot, said, trace, tail), trace, w-4); len(lines) <= maxLines {
			return lines
		}
	}
	under := text.WrapWhole(trace, trace, w-4)
	if trace == "" || len(under) >= maxLines {
		under = nil
	}
	lines := plain.Wrap(said, w-4)
	if room := maxLines - len(under); len(lines) > room {
		lines = append(lines[:room-1], plain.Cut(strings.Join(lines[room-1:], " "), w-4, th.Glyphs.Ellipsis))
	}
	return append(lines, under...)
}
