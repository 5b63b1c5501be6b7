package service

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"levcontacts/api"
	"levcontacts/model"
	"levcontacts/store"
	"levcontacts/work"
)

// triesKept is how far back the earlier tries of a create are looked for: much
// longer than the day for which the service remembers an idempotency key.
const triesKept = 30 * 24 * time.Hour

// Create makes a contact. It is in the journal before it is sent. When an
// earlier try with the same draft or key may have made the contact, that is
// looked up first: likely ones are in Saved.Candidates and nothing is sent,
// unless Anyway. One that did make it is answered from the journal. The errors
// are those of Save.
func (s *Service) Create(ctx context.Context, in work.Create) (work.Saved, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Saved{}, err
	}
	defer leave()
	in.Key = cmp.Or(in.Key, s.o.NewID())
	w, err := s.writer(ctx, "create contact", createLock)
	if err != nil {
		return work.Saved{}, err
	}
	defer w.release()
	draft, err := s.keptDraft(ctx, w.st, in.DraftID)
	if err != nil {
		return work.Saved{}, w.unkept(err)
	}
	tries, err := w.tries(ctx, in.Key, draft)
	if err != nil {
		return work.Saved{}, err
	}
	for _, e := range tries {
		switch {
		case e.Result == store.Done:
			return w.madeEarlier(ctx, e, in)
		case e.Result == store.Failed || in.Anyway:
		case e.Holder == store.Elsewhere:
			return work.Saved{}, refused(w.op, "another running program is sending it")
		default:
			if saved, err := w.askAbout(ctx, e); err != nil || len(saved.Candidates) > 0 {
				return saved, err
			}
		}
	}
	e, again, err := w.beginCreate(ctx, in, draft, tries)
	if err != nil {
		return work.Saved{}, err
	}
	w.again = again
	answer, receipt, err := w.client.Create(ctx, in.Values, in.Extra, e.IdempotencyKey)
	if err == nil {
		answer = answer.Over(in.Values.Apply(model.Contact{}))
	}
	w.finish(ctx, e, answer, receipt, err)
	if err != nil {
		return work.Saved{}, err
	}
	s.draftSent(ctx, w.st, in.DraftID)
	return work.Saved{Contact: answer, NotTaken: model.NotTaken(in.Values, answer), RequestID: receipt.RequestID}, nil
}

// tries are the earlier writes of the same new contact, the newest first.
func (w *writer) tries(ctx context.Context, key, draft string) ([]store.Entry, error) {
	all, err := w.st.Entries(ctx, store.Filter{Kind: store.KindCreate, Since: w.s.o.Now().Add(-triesKept)})
	if err != nil {
		return nil, w.unkept(err)
	}
	return slices.DeleteFunc(all, func(e store.Entry) bool {
		return e.IdempotencyKey != key && (draft == "" || e.Draft != draft)
	}), nil
}

// madeEarlier answers a create that was carried out before.
func (w *writer) madeEarlier(ctx context.Context, e store.Entry, in work.Create) (work.Saved, error) {
	if !sameCreate(e, in) {
		return work.Saved{}, refused(w.op, "what was typed before was created as contact %d: change that one", e.ContactID)
	}
	made, err := e.Answer.Unpack()
	if err != nil {
		if made, _, err = w.client.Get(ctx, e.ContactID, work.Write); err != nil {
			return work.Saved{}, err
		}
	}
	if in.DraftID != "" {
		err = w.s.DropDraft(ctx, in.DraftID)
	}
	return work.Saved{Contact: made, RequestID: e.RequestID}, err
}

// askAbout looks whether a try whose answer never came made the contact. Where
// the service cannot tell, the person is told, once, that asking again sends it
// again.
func (w *writer) askAbout(ctx context.Context, e store.Entry) (work.Saved, error) {
	found, sure, err := w.look(ctx, e)
	switch {
	case err != nil:
		return work.Saved{}, err
	case len(found) > 0:
		return work.Saved{Candidates: found, EntryID: e.ID}, nil
	case !sure && w.s.warned.news(e.ID):
		e := refused(w.op, "%s: look for it in the list, and save once more to send it again", work.ErrCannotLook)
		e.Cause = work.ErrCannotLook
		return work.Saved{}, e
	}
	return work.Saved{}, nil
}

// beginCreate puts a create into the journal. The same content as before, if
// the service has not refused it, is sent with the same key, so that the service
// takes both for one; other content needs another key. again says that the entry
// is that of a try without an answer.
func (w *writer) beginCreate(ctx context.Context, in work.Create, draft string, tries []store.Entry) (e store.Entry, again bool, err error) {
	key := in.Key
	if len(tries) > 0 {
		key = w.s.o.NewID()
	}
	open := ""
	for _, e := range tries {
		unsure := e.Result == store.Unknown || e.Result == store.Pending
		if open == "" && sameCreate(e, in) && !refusedContent(e.Status) {
			key = e.IdempotencyKey
			if unsure {
				open = e.ID
				continue
			}
		}
		if unsure {
			w.note(ctx, e.ID, store.Outcome{Result: store.Failed, Message: "the answer never came, and the contact was not found when it was sent again"})
		}
	}
	if open != "" {
		e, err = w.st.ClaimEntry(ctx, open)
	} else {
		e, err = w.st.Begin(ctx, store.Entry{Kind: store.KindCreate, Name: newName(in.Values), Changes: in.Values.Changes(),
			Extra: extraText(in.Extra), IdempotencyKey: key, Draft: draft})
	}
	if err != nil {
		return e, false, w.unkept(err)
	}
	return e, open != "", nil
}

// refusedContent says that the service understood the write and will not have
// it; such an answer it remembers under the idempotency key.
func refusedContent(status int) bool {
	switch status {
	case 400, 404, 409, 422:
		return true
	}
	return false
}

// sameCreate says that an entry sent just what is wanted.
func sameCreate(e store.Entry, in work.Create) bool {
	return sameChange(model.NewPatch(e.Changes...), in.Values) && maps.Equal(e.Extra, extraText(in.Extra))
}

func extraText(extra map[string]json.RawMessage) map[string]string {
	if len(extra) == 0 {
		return nil
	}
	out := make(map[string]string, len(extra))
	for name, raw := range extra {
		out[name] = string(raw)
	}
	return out
}

// newName is what to call a contact that has no id yet.
func newName(values model.Patch) string {
	c := values.Apply(model.Contact{})
	if !c.HasName() && c.Get(model.FieldEmail).Empty() {
		return "new contact"
	}
	return c.Name()
}

// lookBack is how much earlier than a write a contact may seem to be made: the
// clocks of the service and of this machine differ.
const lookBack = 10 * time.Minute

// lookPages bounds how many pages of one list are looked through.
const lookPages = 3

// look finds contacts that a create whose answer never came may have made: with
// the same e-mail address or name, and created since. New contacts are not
// connected at first, so both lists are looked through. sure is false when the
// service cannot be asked in a way that would show one.
func (w *writer) look(ctx context.Context, e store.Entry) (found []model.Contact, sure bool, err error) {
	sure = true
	l := looker{client: w.client, want: model.NewPatch(e.Changes...).Apply(model.Contact{}), since: e.StartedAt.Add(-lookBack)}
	for _, c := range []model.Connection{model.NotConnected, model.ConnectedOnly} {
		ok, err := l.list(ctx, c)
		if err != nil {
			return nil, false, err
		}
		sure = sure && ok
	}
	w.s.copy.put(ctx, l.found...)
	return l.found, sure, nil
}

// looker looks for one contact.
type looker struct {
	client *api.Client
	want   model.Contact
	since  time.Time
	found  []model.Contact
}

// list looks through one list, newest first, in whatever order the service
// offers. sure says that the contact would have been met.
func (l *looker) list(ctx context.Context, c model.Connection) (sure bool, err error) {
	for _, r := range []model.Request{
		model.SortedList(c, model.Sort{Field: model.FieldCreated, Desc: true}, 0, model.MaxLimit),
		model.SortedList(c, model.Sort{Field: model.FieldUpdated, Desc: true}, 0, model.MaxLimit),
		model.CursorList(c, model.MaxLimit),
	} {
		sure, err = l.pages(ctx, r)
		if kind := model.KindOf(err); kind != model.KindBadRequest && kind != model.KindValidation {
			return sure, err
		}
	}
	return false, nil // not even the plain list is to be had
}

func (l *looker) pages(ctx context.Context, r model.Request) (sure bool, err error) {
	for range lookPages {
		page, err := l.client.List(ctx, r, work.Screen)
		if err != nil {
			return false, err
		}
		for _, c := range page.Contacts() {
			if r.Connection() == model.NotConnected && c.Get(model.FieldConnected).True() {
				return false, nil // the service does not heed the filter
			}
			at, err := time.Parse(time.RFC3339, c.Get(r.Sort().Field).String())
			if err == nil && at.Before(l.since) && !r.Sort().IsZero() {
				return true, nil
			}
			l.see(c)
		}
		next, stop := r.After(page, len(page.Rows))
		if stop != model.More {
			return stop == model.Complete, nil
		}
		r = next
	}
	return false, nil
}

// see keeps a contact that may be the one.
func (l *looker) see(c model.Contact) {
	created, err := time.Parse(time.RFC3339, c.Get(model.FieldCreated).String())
	if err == nil && created.Before(l.since) {
		return
	}
	same := func(fields ...model.FieldID) bool {
		some := false
		for _, f := range fields {
			a, b := plainText(l.want.Get(f)), plainText(c.Get(f))
			if a != b {
				return false
			}
			some = some || a != ""
		}
		return some
	}
	known := slices.ContainsFunc(l.found, func(f model.Contact) bool { return f.ID() == c.ID() })
	if !known && (same(model.FieldEmail) || same(model.FieldFirstName, model.FieldLastName)) {
		l.found = append(l.found, c)
	}
}
