package service

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/work"
)

// lookBack is how much earlier than a write a contact may seem to be made: the
// clocks of the service and of this machine differ, also by a time zone.
const lookBack = 26 * time.Hour

// listLag is how long a new contact may be missing from the list: before that,
// not to find one proves nothing.
const listLag = 2 * time.Minute

// lookPages bounds how many pages of one list are looked through.
const lookPages = 3

// look finds contacts that a create whose response never came may have made: all
// that have just what was sent, and those with the same e-mail address or name
// that were made since. New contacts are not connected at first, so both lists
// are looked through. sure is false when a contact that was made need not have
// been met.
func (w *writer) look(ctx context.Context, e work.Entry) (found []model.Contact, sure bool, err error) {
	l := looker{client: w.client, sent: e.Patch(), want: e.Patch().Apply(model.Contact{}), since: e.Started.Add(-lookBack)}
	sure = l.identified() && w.s.o.Now().Sub(e.Started) >= listLag
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
	sent   model.Patch
	want   model.Contact
	since  time.Time
	found  []model.Contact
}

// list looks through one list, newest first, in whatever order the service
// offers. sure reports whether the contact would have been met.
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
		past := false // older than the write; the page is looked through all the same, whatever the clocks say
		for _, c := range page.Contacts() {
			if r.Connection() == model.NotConnected && c.Get(model.FieldConnected).True() {
				return false, nil // the service does not honor the filter
			}
			at, err := time.Parse(time.RFC3339, c.Get(r.Sort().Field).String())
			past = past || err == nil && at.Before(l.since) && !r.Sort().IsZero()
			l.see(c)
		}
		if past {
			return true, nil
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
	older := err == nil && created.Before(l.since)
	alike := l.allSame(c) || !older && (l.same(c, model.FieldEmail) || l.same(c, model.FieldFirstName, model.FieldLastName))
	if alike && !slices.ContainsFunc(l.found, func(f model.Contact) bool { return f.ID() == c.ID() }) {
		l.found = append(l.found, c)
	}
}

// identified reports whether the contact has what another would not have.
func (l *looker) identified() bool {
	return comparable(l.want.Get(model.FieldEmail))+comparable(l.want.Get(model.FieldFirstName))+comparable(l.want.Get(model.FieldLastName)) != ""
}

// same reports whether fields that are not all empty have the same values.
func (l *looker) same(c model.Contact, fields ...model.FieldID) bool {
	some := false
	for _, f := range fields {
		a, b := comparable(l.want.Get(f)), comparable(c.Get(f))
		if a != b && !f.Same(l.want.Get(f), c.Get(f)) {
			return false
		}
		some = some || a != ""
	}
	return some
}

// allSame reports whether a contact has all that was sent.
func (l *looker) allSame(c model.Contact) bool {
	var fields []model.FieldID
	for _, change := range l.sent.Changes() {
		fields = append(fields, change.Field)
	}
	return l.same(c, fields...)
}

// comparable is a value as two people, or a service that tidies up, would write
// it alike: no case, accents, blanks or punctuation.
func comparable(v model.Value) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, search.Fold(v.String()))
}
