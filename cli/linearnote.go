package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// notes lists the notes on a contact, newest first; one can be added, changed
// and deleted.
func (l *linear) notes(c model.Contact) error {
	for {
		notes, err := l.app.notesOf(l.ctx, l.session, c.ID())
		if err != nil {
			return err
		}
		var texts []string
		for _, n := range notes.Items {
			texts = append(texts, noteLine(n))
		}
		if len(texts) == 0 {
			l.say("There are no notes on %s.", c.Name())
		}
		n, err := l.pick("Which note?", append(texts, "a new note")...)
		if err != nil {
			return err
		}
		if n == len(texts) {
			err = l.writeNote(c, model.Note{}, "", "")
		} else {
			err = l.note(c, notes.Items[n])
		}
		if err := l.done(err); err != nil {
			return err
		}
	}
}

func noteLine(n model.Note) string {
	parts := []string{}
	if t, ok := n.CreatedAt(); ok {
		parts = append(parts, shortTime(t))
	}
	if n.Author != "" {
		parts = append(parts, n.Author)
	}
	if n.Edited() {
		parts = append(parts, "edited")
	}
	return strings.Join(append(parts, n.Text), ", ")
}

func (l *linear) note(c model.Contact, n model.Note) error {
	l.app.tellText("", n.Text)
	what, err := l.pick("What with it?", "change it", "delete it")
	if err != nil || what == 0 && err == nil {
		if err != nil {
			return err
		}
		return l.writeNote(c, n, "", "")
	}
	if !l.mayWrite() {
		return nil
	}
	return l.sendNote(work.NoteWrite{ContactID: c.ID(), Name: c.Name(), Before: n, Delete: true})
}

// noteDraft goes on with a note that was not saved.
func (l *linear) noteDraft(d work.Draft) error {
	l.say("The text so far:")
	l.app.tellText("", d.Values[model.FieldNotes])
	c := d.Base
	if c.ID() == 0 {
		c = model.NewContact(d.ContactID, nil)
	}
	return l.writeNote(c, d.Note, d.ID, d.Values[model.FieldNotes])
}

// writeNote asks for the text of a note, a line at a time, and saves it.
func (l *linear) writeNote(c model.Contact, before model.Note, draftID, text string) error {
	if !l.mayWrite() {
		return nil
	}
	d := work.Draft{ID: draftID, Kind: work.DraftNote, ContactID: c.ID(), Base: c, Note: before, Field: model.FieldNotes,
		Open: true}
	if d.ID == "" {
		d.ID = newID()
	}
	l.say("The text of the note, line by line; an empty line ends it.")
	if text != "" {
		l.say("An empty line at once keeps the text so far.")
	}
	var lines []string
	for {
		line, err := l.ask(fmt.Sprintf("%d:", len(lines)+1))
		if err != nil {
			if len(lines) > 0 {
				l.say("What you typed is kept as a draft.")
			}
			return err
		}
		if line == "" {
			break
		}
		lines = append(lines, line)
		text = strings.Join(lines, "\n")
		d.Values = model.Draft{model.FieldNotes: text}
		l.keep(&d)
	}
	if text == "" {
		l.say("Nothing was written.")
		return nil
	}
	err := l.sendNote(work.NoteWrite{ContactID: c.ID(), Name: c.Name(), Before: before, Text: text, DraftID: d.ID})
	if errors.Is(err, errBack) {
		l.say("The note is kept as a draft.")
		return nil
	}
	return err
}

// sendNote shows a write of a note, asks and sends it. errBack is a no.
func (l *linear) sendNote(w work.NoteWrite) error {
	l.app.tellNote(w)
	ok, err := l.yes(noteQuestion(w))
	switch {
	case err != nil:
		return err
	case !ok:
		return errBack
	}
	saved, err := l.session.SaveNote(l.ctx, w)
	if errors.Is(err, work.ErrOutcomeUnknown) {
		l.say("%s Saving it again looks first whether it arrived.", work.OutcomeUnknownText)
	}
	if err != nil {
		return err
	}
	rules, _ := w.Kind().Rules()
	return l.noteSaved(saved, strings.ToUpper(rules.Past[:1])+rules.Past[1:])
}

func (l *linear) noteSaved(s work.NoteSaved, done string) error {
	switch {
	case s.Conflict:
		l.say("Nothing was sent: someone else changed the note meanwhile. It is now:")
		l.app.tellText("", s.Theirs.Text)
	case s.Nothing:
		l.say("The service had it so already; nothing was sent.")
	default:
		l.say("%s%s.", done, requestOf(s.RequestID))
	}
	return nil
}
