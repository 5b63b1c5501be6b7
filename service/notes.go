package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// maxNotePages is how many pages of notes are read of one contact.
const maxNotePages = 5

// Notes are the notes on a contact: those of the local copy when they are at most
// maxAge old, otherwise as the service has them. A service that has none is
// asked once and never again; that is no error. With an error the held ones come
// along, whatever their age. The priority is that of a request.
func (s *Service) Notes(ctx context.Context, contact int64, maxAge time.Duration, p work.Priority) (work.Notes, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Notes{ContactID: contact}, err
	}
	defer leave()
	held := s.heldNotes(ctx, contact)
	if s.lacks(ctx, factNoNotes) {
		held.Lacking = true
		return held, nil
	}
	if !held.FetchedAt.IsZero() && s.o.Now().Sub(held.FetchedAt) <= maxAge {
		return held, nil
	}
	client, err := s.remote(ctx)
	if err != nil {
		return held, err
	}
	fresh, err := s.fetchNotes(ctx, client, contact, p)
	if api.MissingRoute(err, "contact") {
		s.learnLack(ctx, factNoNotes)
		held.Lacking = true
		return held, nil
	}
	if err != nil {
		return held, err
	}
	return fresh, nil
}

func (s *Service) heldNotes(ctx context.Context, contact int64) work.Notes {
	out := work.Notes{ContactID: contact}
	s.copy.use(ctx, func(c *store.Cache) (err error) {
		out.Items, out.FetchedAt, err = c.Notes(ctx, contact)
		return err
	})
	return out
}

// HeldNotes are the notes of the local copy by contact, with their age.
func (s *Service) HeldNotes(ctx context.Context) (map[int64]work.Notes, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var out map[int64]work.Notes
	s.copy.use(ctx, func(c *store.Cache) (err error) {
		out, err = c.AllNotes(ctx)
		return err
	})
	return out, ctx.Err()
}

// fetchNotes reads the notes on a contact and keeps them.
func (s *Service) fetchNotes(ctx context.Context, client *api.Client, contact int64, p work.Priority) (work.Notes, error) {
	out := work.Notes{ContactID: contact, FetchedAt: s.o.Now()}
	seen := map[string]bool{}
	for cursor := ""; ; {
		page, err := client.Notes(ctx, contact, cursor, p)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, page.Items...)
		cursor = page.NextCursor
		if out.More = cursor != "" && !seen[cursor]; !out.More {
			break
		}
		if seen[cursor] = true; len(seen) >= maxNotePages {
			break
		}
	}
	model.SortNotes(out.Items)
	s.keepNotes(ctx, out)
	return out, nil
}

func (s *Service) keepNotes(ctx context.Context, n work.Notes) {
	ctx = context.WithoutCancel(ctx)
	s.copy.use(ctx, func(c *store.Cache) error { return c.PutNotes(ctx, n.ContactID, n.Items, n.FetchedAt) })
}

// SaveNote writes, changes or deletes a note. It is in the journal before it is
// sent. An earlier attempt of the same write that got no response is looked for
// first, so that a note is never written twice. A note that someone else has
// changed since Before is a conflict, with which nothing is sent. The errors are
// those of Save; a note or a contact that is not there any more is KindNotFound.
func (s *Service) SaveNote(ctx context.Context, in work.NoteWrite) (work.NoteSaved, error) {
	op := noteOp(in)
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.NoteSaved{}, err
	}
	defer leave()
	switch {
	case !in.Delete && strings.TrimSpace(in.Text) == "":
		return work.NoteSaved{}, refused(op, "a note must not be blank")
	case s.lacks(ctx, factNoNotes):
		return work.NoteSaved{}, refused(op, noNotesText)
	}
	in.Name = cmp.Or(in.Name, contactLock(in.ContactID)) // "contact 78"
	w, err := s.writer(ctx, op, contactLock(in.ContactID))
	if err != nil {
		return work.NoteSaved{}, err
	}
	defer w.release()
	ctx, end := s.sending.begin(ctx, in.DraftID)
	defer end()
	for range maxRounds {
		saved, err := w.saveNote(ctx, in)
		if !errors.Is(err, store.ErrChanged) {
			return saved, err
		}
	}
	return work.NoteSaved{}, elsewhere(op)
}

const noNotesText = "this service has no notes"

func noteOp(in work.NoteWrite) string {
	switch in.Kind() {
	case work.KindNoteDelete:
		return fmt.Sprintf("delete a note on contact %d", in.ContactID)
	case work.KindNoteUpdate:
		return fmt.Sprintf("change a note on contact %d", in.ContactID)
	}
	return fmt.Sprintf("add a note to contact %d", in.ContactID)
}

// UndoNote takes a write of a note back: an added note is deleted, a changed one
// gets its old text, a deleted one is written anew.
func (s *Service) UndoNote(ctx context.Context, entryID string) (work.NoteSaved, error) {
	const op = "undo a change of a note"
	inner, st, leave, err := s.enterState(ctx, op)
	if err != nil {
		return work.NoteSaved{}, err
	}
	defer leave()
	e, err := st.Entry(inner, entryID)
	if errors.Is(err, store.ErrNotFound) {
		return work.NoteSaved{}, refused(op, "the change to undo is not in the journal any more")
	}
	if err != nil {
		return work.NoteSaved{}, noJournal(op, err)
	}
	was, ok := e.NoteWrite()
	switch {
	case !ok:
		return work.NoteSaved{}, refused(op, "the change to undo is not one of a note")
	case e.Undone:
		return work.NoteSaved{}, refused(op, "this change was undone already")
	case e.Result != work.Done:
		return work.NoteSaved{}, refused(op, "it is not known that the change was made")
	}
	back := work.NoteWrite{ContactID: e.ContactID, Name: e.Name, Undoes: e.ID, Text: was.Before.Text}
	switch e.Kind {
	case work.KindNoteCreate:
		back.Delete, back.Text = true, ""
		back.Before = model.Note{ID: was.Before.ID, Text: was.Text}
	case work.KindNoteUpdate:
		back.Before = model.Note{ID: was.Before.ID, Text: was.Text}
	}
	return s.SaveNote(ctx, back)
}

// saveNote is one round of SaveNote. The error is store.ErrChanged when another
// program wrote to the contact meanwhile.
func (w *writer) saveNote(ctx context.Context, in work.NoteWrite) (work.NoteSaved, error) {
	claim, err := w.claim(ctx, store.Claim{ContactID: in.ContactID})
	if err != nil {
		return work.NoteSaved{}, err
	}
	open, err := w.openNotes(ctx, in)
	if err != nil {
		return work.NoteSaved{}, err
	}
	again := ""
	if in.Before.ID != "" || len(open) > 0 {
		notes, err := w.s.fetchNotes(ctx, w.client, in.ContactID, work.Write)
		if err != nil {
			return work.NoteSaved{}, w.noteError(ctx, err)
		}
		for _, e := range open {
			saved, done, err := w.settleNote(ctx, e, notes)
			if err != nil {
				return work.NoteSaved{}, err
			}
			if done {
				return saved, noJournal(w.op, w.st.DiscardDraft(ctx, in.DraftID))
			}
			again = e.ID
		}
		if saved, sent, err := w.compareNote(ctx, in, notes); !sent || err != nil {
			return saved, err
		}
	}
	var e work.Entry
	if again != "" {
		w.again = true
		e, err = w.st.ClaimEntry(ctx, again)
	} else {
		e, err = w.st.Begin(ctx, work.Entry{Kind: in.Kind(), ContactID: in.ContactID, Name: in.Name, Extra: in.Extra(in.Before.ID),
			Key: in.Key, DraftID: in.DraftID, Undoes: in.Undoes}, claim)
	}
	if errors.Is(err, store.ErrChanged) {
		return work.NoteSaved{}, err
	}
	if err != nil {
		return work.NoteSaved{}, noJournal(w.op, err)
	}
	return w.sendNote(ctx, e)
}

// openNotes are the earlier attempts of the same write that got no response, the
// oldest first.
func (w *writer) openNotes(ctx context.Context, in work.NoteWrite) (same []work.Entry, err error) {
	open, err := w.st.Entries(ctx, work.EntryFilter{ContactID: in.ContactID, Kind: in.Kind(), Result: work.Unknown})
	if err != nil && len(open) == 0 {
		return nil, noJournal(w.op, err)
	}
	for i := len(open) - 1; i >= 0; i-- {
		e := open[i]
		was, ok := e.NoteWrite()
		if ok && !e.Elsewhere && was.Before.ID == in.Before.ID && model.SameNoteText(was.Text, in.Text) {
			same = append(same, e)
		}
	}
	return same, nil
}

// settleNote ends an earlier attempt if the service shows it. done says that it
// was carried out.
func (w *writer) settleNote(ctx context.Context, e work.Entry, notes work.Notes) (saved work.NoteSaved, done bool, err error) {
	r, note, err := w.findNote(ctx, e, notes)
	if err != nil || r.Finding != work.FoundSaved {
		return saved, false, err
	}
	if e, err = w.st.ClaimEntry(ctx, e.ID); err != nil && !finishedAlready(err) {
		return saved, false, noJournal(w.op, err)
	}
	w.noteFound(ctx, e, note)
	return work.NoteSaved{Note: note, Nothing: true}, true, nil
}

// compareNote compares the note that is to change with the one that the service
// has. sent is false when there is nothing to send.
func (w *writer) compareNote(ctx context.Context, in work.NoteWrite, notes work.Notes) (saved work.NoteSaved, send bool, err error) {
	if in.Before.ID == "" {
		return saved, true, nil
	}
	now, there := noteOf(notes, in.Before.ID)
	drop := func() error { return noJournal(w.op, w.st.DiscardDraft(ctx, in.DraftID)) }
	switch {
	case !there && in.Delete:
		return work.NoteSaved{Note: in.Before, Nothing: true}, false, drop()
	case !there && !notes.More:
		return saved, false, &model.Error{Kind: model.KindNotFound, Op: w.op, Message: "the note is not there any more"}
	case there && !in.Delete && model.SameNoteText(now.Text, in.Text):
		return work.NoteSaved{Note: now, Nothing: true}, false, drop()
	case there && !model.SameNoteText(now.Text, in.Before.Text):
		return work.NoteSaved{Note: now, Theirs: now, Conflict: true}, false, nil
	}
	return saved, true, nil
}

func noteOf(notes work.Notes, id string) (model.Note, bool) {
	for _, n := range notes.Items {
		if n.ID == id {
			return n, true
		}
	}
	return model.Note{}, false
}

// sendNote sends a write that is in the journal, and notes what became of it.
func (w *writer) sendNote(ctx context.Context, e work.Entry) (work.NoteSaved, error) {
	in, _ := e.NoteWrite()
	note := in.Before
	var receipt api.Receipt
	var err error
	switch e.Kind {
	case work.KindNoteDelete:
		receipt, err = w.client.DeleteNote(ctx, e.ContactID, in.Before.ID, e.Key)
	case work.KindNoteUpdate:
		note, receipt, err = w.client.UpdateNote(ctx, e.ContactID, in.Before.ID, in.Text, e.Key)
	default:
		note, receipt, err = w.client.CreateNote(ctx, e.ContactID, in.Text, e.Key)
	}
	if err != nil {
		_, err = w.finish(ctx, e, model.Contact{}, receipt, err)
		return work.NoteSaved{}, w.noteError(ctx, err)
	}
	w.note(ctx, e.ID, store.Outcome{Result: work.Done, Status: receipt.Status, RequestID: receipt.RequestID, Extra: in.Extra(note.ID)})
	w.keepNote(ctx, e, note)
	return work.NoteSaved{Note: note, RequestID: receipt.RequestID}, nil
}

// noteError learns from a failure that the service has no notes.
func (w *writer) noteError(ctx context.Context, err error) error {
	if !api.MissingRoute(err, "contact", "note") {
		return err
	}
	w.s.learnLack(ctx, factNoNotes)
	e := refused(w.op, noNotesText)
	e.Cause = err
	return e
}

// keepNote brings the held notes up to date after a write.
func (w *writer) keepNote(ctx context.Context, e work.Entry, note model.Note) {
	held := w.s.heldNotes(ctx, e.ContactID)
	if held.FetchedAt.IsZero() {
		return
	}
	items := make([]model.Note, 0, len(held.Items)+1)
	for _, n := range held.Items {
		if n.ID != note.ID {
			items = append(items, n)
		}
	}
	if e.Kind != work.KindNoteDelete {
		items = append(items, note)
	}
	model.SortNotes(items)
	held.Items = items
	w.s.keepNotes(ctx, held)
}
