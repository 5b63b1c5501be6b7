package service

import (
	"context"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// noteSkew is how far the clock of the service may be from this one when a note
// is looked for by its text.
const noteSkew = 24 * time.Hour

// findNote looks what became of a write of a note. It notes nothing.
func (w *writer) findNote(ctx context.Context, e work.Entry, notes work.Notes) (r work.Resolution, note model.Note, err error) {
	in, _ := e.NoteWrite()
	r.Entry, r.Finding = e, work.FoundMissing
	if e.Kind == work.KindNoteCreate {
		known, err := w.knownNotes(ctx, e)
		if err != nil {
			return r, note, err
		}
		for _, n := range notes.Items {
			at, dated := n.CreatedAt()
			if model.SameNoteText(n.Text, in.Text) && !known[n.ID] && (!dated || !at.Before(e.Started.Add(-noteSkew))) {
				r.Finding, note = work.FoundSaved, n
			}
		}
		return r, note, nil
	}
	now, there := noteOf(notes, in.Before.ID)
	switch {
	case !there && notes.More:
	case !there && in.Delete, there && !in.Delete && model.SameNoteText(now.Text, in.Text):
		r.Finding, note = work.FoundSaved, now
		if in.Delete {
			note = in.Before
		}
	case !there:
		r.Finding = work.FoundGone
	case !model.SameNoteText(now.Text, in.Before.Text):
		r.Finding, note = work.FoundConflict, now
	}
	return r, note, nil
}

// knownNotes are the notes that other writes of this program made.
func (w *writer) knownNotes(ctx context.Context, but work.Entry) (map[string]bool, error) {
	made, err := w.st.Entries(ctx, work.EntryFilter{ContactID: but.ContactID, Kind: work.KindNoteCreate, Result: work.Done})
	if err != nil && len(made) == 0 {
		return nil, noJournal(w.op, err)
	}
	known := map[string]bool{}
	for _, e := range made {
		if in, _ := e.NoteWrite(); e.ID != but.ID && in.Before.ID != "" {
			known[in.Before.ID] = true
		}
	}
	return known, nil
}

// noteFound ends a write that the service shows.
func (w *writer) noteFound(ctx context.Context, e work.Entry, note model.Note) {
	in, _ := e.NoteWrite()
	w.note(ctx, e.ID, store.Outcome{Result: work.Done, Extra: in.Extra(note.ID), Message: "no response came; the notes show that the change was made"})
}

// lookNote looks at the notes of the contact of a claimed entry. The entry is
// ended or unknown again afterwards.
func (w *writer) lookNote(ctx context.Context, e work.Entry) (work.Resolution, error) {
	notes, err := w.s.fetchNotes(ctx, w.client, e.ContactID, work.Write)
	if model.KindOf(err) == model.KindNotFound {
		w.note(ctx, e.ID, store.Outcome{Result: work.Failed, Status: model.AsError("", err).Status,
			Message: "no response came, and the contact is not there any more"})
		return work.Resolution{Finding: work.FoundGone}, nil
	}
	if err != nil {
		w.stillUnknown(ctx, e, err)
		return work.Resolution{}, err
	}
	r, note, err := w.findNote(ctx, e, notes)
	if err != nil {
		w.stillUnknown(ctx, e, err)
		return work.Resolution{}, err
	}
	switch r.Finding {
	case work.FoundSaved:
		w.noteFound(ctx, e, note)
	case work.FoundGone:
		w.note(ctx, e.ID, store.Outcome{Result: work.Failed, Message: "no response came, and the note is not there any more"})
	case work.FoundConflict:
		w.note(ctx, e.ID, store.Outcome{Result: work.Failed, Message: "no response came, and somebody has changed the note since: not sent again"})
	default:
		w.note(ctx, e.ID, store.Outcome{Result: work.Unknown, Status: e.Status, RequestID: e.RequestID,
			Message: "no response came, and the notes do not show the change"})
	}
	return r, nil
}

// sendNoteAgain sends a claimed write of a note once more, unless the notes show
// it by now.
func (w *writer) sendNoteAgain(ctx context.Context, e work.Entry) (work.Saved, error) {
	r, err := w.lookNote(ctx, e)
	switch {
	case err != nil:
		return work.Saved{}, err
	case r.Finding == work.FoundSaved:
		return work.Saved{Nothing: true}, nil
	case r.Finding != work.FoundMissing:
		return work.Saved{}, refused(w.op, "the note was changed or deleted by someone else, so nothing was sent")
	}
	if e, err = w.st.ClaimEntry(ctx, e.ID); err != nil {
		return work.Saved{}, noJournal(w.op, err)
	}
	w.again = true
	saved, err := w.sendNote(ctx, e)
	return work.Saved{RequestID: saved.RequestID}, err
}
