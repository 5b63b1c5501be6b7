package edit

import (
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// onRefused shows why a save failed where the user can act on it and keeps
// every typed character.
func (m *Model) onRefused(err *model.Error) (tea.Cmd, []screen.Event) {
	if err.Kind == model.KindCanceled && !m.note.deletes {
		return m.keep(typingOn), []screen.Event{m.say(screen.Note,
			"Stopped. Your text is kept. Saving again checks first whether it got through.")}
	}
	if m.note.deletes {
		return m.notDeleted(err)
	}
	unknown := errors.Is(err, work.ErrOutcomeUnknown)
	m.draft.problem, m.draft.notSent = err.Headline(), err.Kind == model.KindNetwork && !unknown
	if unknown {
		m.draft.problem = strings.TrimSuffix(work.OutcomeUnknownText, ".")
	}
	if cannotTell(err) {
		told := *err
		told.Message = "We never got an answer, so the contact may already exist. " +
			"Check in Lev, then save again to create it."
		err = &told
	}
	m.form.Refuse(err)
	var events []screen.Event
	switch {
	case wantsCompany(m.kind, err):
		events = append(events, m.askCompany())
	case err.Kind == model.KindUnauthorized:
		events = append(events, screen.SignIn{Err: err, Retry: RetryMsg{m.own()}, Asked: true})
	case err.Kind == model.KindForbidden && readOnlyWords(err.Message):
		events = append(events, screen.ReadOnly{Reason: "the service says the key may not write"})
	case unknown:
		words := work.OutcomeUnknownText +
			" What you typed is kept as a draft; saving again checks first whether it got through."
		events = append(events, screen.Say{Message: screen.Message{Owner: m.owner(), Level: screen.Failure,
			Text: words, Trace: text.Trace(err), Err: err}})
	case err.Kind == model.KindNetwork:
		events = append(events, m.say(screen.Failure,
			"Not sent: the service cannot be reached. What you typed is kept as a draft; save again when it is back."))
	}
	if err.Kind == model.KindNetwork {
		events = append(events, Unreachable{err})
	}
	return m.keep(typingOn), events
}

// savedWords tell what became of a save.
func (m *Model) savedWords(s work.Saved) (screen.Level, string) {
	c := s.Contact
	if c.ID() == 0 {
		c = m.patch.Apply(m.base)
	}
	name := text.Name(c)
	switch {
	case len(s.NotTaken) > 0:
		var parts []string
		for _, c := range s.NotTaken {
			def := c.Field.Def()
			parts = append(parts, fmt.Sprintf("%s is %q, not %q", text.Label(def.Label),
				plain.Clean(def.Show(c.Theirs)), plain.Clean(def.Show(c.My))))
		}
		return screen.Failure, "Saved, but the service holds another value: " + strings.Join(parts, "; ")
	case s.Nothing:
		return screen.Good, name + " had these values already; nothing was sent"
	case m.undoes != "":
		return screen.Good, "undone and saved: " + text.Fields(m.patch) + " of " + name
	case m.kind == work.DraftCreate && !c.Connected():
		return screen.Good, "Created " + name + ". Not connected yet, so Lev doesn't list it; it stays here."
	case m.kind == work.DraftCreate:
		return screen.Good, "Created " + name
	}
	return screen.Good, "saved: " + text.Fields(m.patch) + " of " + name + " · " + m.o.Keys.Key(keymap.Undo) +
		" undoes it"
}
