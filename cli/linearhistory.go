package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/locale"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// shortTime is a moment of the journal for a person.
func shortTime(t time.Time) string { return locale.Current().Moment(t.Local()) }

func (l *linear) history() error { return l.entries(func(work.Entry) bool { return true }) }

// entries lists what was written from here, newest first, and shows one.
func (l *linear) entries(wanted func(work.Entry) bool) error {
	all, err := l.session.History(l.ctx, historyMost)
	if err != nil {
		return err
	}
	var list []work.Entry
	for _, e := range all {
		if wanted(e) {
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		l.say("No changes yet.")
		return nil
	}
	for from := 0; from < len(list); from += linearPage {
		texts := []string{}
		page := list[from:min(from+linearPage, len(list))]
		for _, e := range page {
			texts = append(texts, entryText(e))
		}
		if from+linearPage < len(list) {
			texts = append(texts, fmt.Sprintf("older changes (%s left)", grouped(len(list)-from-len(page))))
		}
		n, err := l.pick("Which change?", texts...)
		if err != nil {
			return err
		}
		if n < len(page) {
			return l.entry(page[n])
		}
	}
	return nil
}

func entryText(e work.Entry) string {
	rules, _ := e.Kind.Rules()
	result := string(e.Result)
	if e.Undone {
		result = "undone"
	}
	parts := []string{shortTime(e.Started), result, rules.Noun, e.Name}
	if e.Kind == work.KindUpdate || e.Kind == work.KindUndo {
		parts = append(parts, fieldNames(e))
	}
	return strings.Join(parts, ", ")
}

// entry shows one write and offers what can be done about it.
func (l *linear) entry(e work.Entry) error {
	l.say("%s", entryText(e))
	l.app.tellChanges(e.Patch())
	if w, ok := e.NoteWrite(); ok {
		l.app.tellNote(w)
	}
	if e.Message != "" || e.RequestID != "" {
		l.say("%s", strings.TrimPrefix(e.Message+requestOf(e.RequestID), " · "))
	}
	rules, _ := e.Kind.Rules()
	switch {
	case e.Elsewhere:
		l.say("Another running program is sending this.")
	case e.Result.Open():
		return l.look(e)
	case e.Undone:
		l.say("This was undone already.")
	case e.Result != work.Done:
		l.say("It was not saved, so there is nothing to undo.")
	case rules.NoUndo != "":
		l.say("It cannot be undone: %s.", rules.NoUndo)
	case l.mayWrite():
		return l.undo(e)
	}
	return nil
}

// undo takes a write back, after showing what that changes.
func (l *linear) undo(e work.Entry) error {
	if e.Kind.OfNote() {
		ok, err := l.yes("Undo this?")
		if err != nil || !ok {
			return err
		}
		saved, err := l.session.UndoNote(l.ctx, e.ID)
		if err != nil {
			return err
		}
		return l.noteSaved(saved, "Undone")
	}
	base, values := e.Reverse(model.Contact{})
	edit := l.newEdit(work.DraftEdit, base)
	edit.draft.Values, edit.undoes = values, e.ID
	l.say("Undo would change:")
	_, err := edit.review()
	if err != nil {
		_ = edit.discard() // there is nothing in it that was typed
	}
	return err
}

// look finds out what became of a write that got no response.
func (l *linear) look(e work.Entry) error {
	l.say("%s", work.OutcomeUnknownText)
	ok, err := l.yes("Look whether it arrived?")
	if err != nil || !ok {
		return err
	}
	r, err := l.session.Resolve(l.ctx, e)
	if err != nil {
		return err
	}
	if len(r.Candidates) > 0 {
		var texts []string
		for _, c := range r.Candidates {
			texts = append(texts, candidateText(c))
		}
		n, err := l.pick("Which of these is it? b leaves it open", texts...)
		if err != nil {
			return err
		}
		return l.session.Settle(l.ctx, e.ID, r.Candidates[n].ID())
	}
	switch {
	case r.Finding == work.FoundSaved:
		l.say("It did arrive.")
	case r.Finding == work.FoundConflict:
		l.say("It did not arrive, and someone else changed the contact since. It was not sent again.")
	case r.Finding == work.FoundGone:
		l.say("It did not arrive, and the contact is not there any more.")
	case !r.Entry.Result.Open():
		l.say("It did not arrive; what you typed is a draft.")
	default:
		return l.sendAgain(e)
	}
	return nil
}

func (l *linear) sendAgain(e work.Entry) error {
	ok, err := l.yes("It did not arrive. Send it again?")
	if err != nil || !ok {
		return err
	}
	saved, err := l.session.SendNow(l.ctx, e.ID)
	switch {
	case err != nil:
		return err
	case len(saved.Conflicts) > 0:
		l.say("Nothing was sent: someone else changed the contact meanwhile.")
	default:
		l.app.tellNotTaken(saved.NotTaken)
		l.say("Saved%s.", requestOf(saved.RequestID))
	}
	return nil
}
