package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/locale"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// open shows one contact as it is now, and what can be done with it.
func (l *linear) open(id int64) error {
	c, err := l.read(id)
	if err != nil {
		return err
	}
	l.show(c)
	return l.menu([]job{
		{"change it", func() error {
			changed, err := l.change(c)
			if changed.ID() != 0 {
				c = changed
			}
			return err
		}},
		{"notes", func() error { return l.notes(c) }},
		{"read it again", func() error {
			now, err := l.read(id)
			if err == nil {
				c = now
				l.show(c)
			}
			return err
		}},
		{"what was changed from here", func() error {
			return l.entries(func(e work.Entry) bool { return e.ContactID == id })
		}},
	}, true)
}

// read fetches a contact; without the service it is the one that was read last.
func (l *linear) read(id int64) (model.Contact, error) {
	c, err := l.session.Contact(l.ctx, id)
	if err == nil {
		l.seen.Put(c.Pack())
		return c, nil
	}
	if kind := model.KindOf(err); kind == model.KindNetwork || kind == model.KindUnavailable {
		if held, ok := l.seen.Find(id); ok {
			l.say("The service cannot be reached; this is the contact as it was read last.")
			return held.Unpack()
		}
	}
	return c, err
}

// show writes what a contact holds, a field a line, and names what is empty.
func (l *linear) show(c model.Contact) {
	l.say("%s, contact %d", c.Name(), c.ID())
	var empty []string
	for _, f := range model.Fields() {
		if f.Later && c.Get(f.ID).Kind() == model.Absent || f.ID == model.FieldKey {
			continue
		}
		if text := fieldText(f, c); text != "" {
			l.say("%s: %s", f.Label, text)
		} else {
			empty = append(empty, strings.ToLower(f.Label))
		}
	}
	for _, e := range c.Unnamed() {
		l.say("%s: %s", e.Name, e.JSON)
	}
	if len(empty) > 0 {
		l.say("Empty: %s", strings.Join(empty, ", "))
	}
}

// fieldText is the value of a field in words, "" for none.
func fieldText(f model.Field, c model.Contact) string {
	v := c.Get(f.ID)
	if at, err := time.Parse(time.RFC3339, v.String()); err == nil && f.Format == model.FormatTime {
		return locale.Current().Date(at.Local()) + at.Local().Format(" 15:04")
	}
	if v.Kind() != model.Bool {
		return f.Show(v)
	}
	if v.True() {
		return "yes"
	}
	return "no"
}

// change edits a contact, where a draft of it waits with that. The contact is the
// one that the service answered with, zero when nothing was saved.
func (l *linear) change(c model.Contact) (model.Contact, error) {
	if !l.mayWrite() {
		return model.Contact{}, nil
	}
	e := l.newEdit(work.DraftEdit, c)
	e.at = l.start.Now()
	drafts, err := l.session.Drafts(l.ctx)
	if err != nil {
		return model.Contact{}, err
	}
	for _, d := range drafts {
		if d.ContactID != c.ID() || d.Kind != work.DraftEdit && d.Kind != work.DraftField {
			continue
		}
		l.say("A draft of %s waits here:", shortTime(d.Updated))
		l.app.tellChanges(model.Diff(d.Base, d.Values))
		n, err := l.pick("What with it?", "go on with it", "discard it")
		if err != nil {
			return model.Contact{}, err
		}
		if n == 0 {
			return l.reopen(d).run()
		}
		if err := l.session.DiscardDraft(l.ctx, d.ID); err != nil {
			return model.Contact{}, err
		}
		l.say("The draft is gone.")
	}
	return e.run()
}

// reopen goes on with a draft.
func (l *linear) reopen(d work.Draft) *linearEdit {
	e := &linearEdit{linear: l, draft: d}
	if e.draft.Kind == work.DraftField {
		e.draft.Kind = work.DraftEdit
	}
	if e.draft.Values == nil {
		e.draft.Values = model.Draft{}
	}
	return e
}

// create asks for a new contact, one field after the other.
func (l *linear) create() error {
	if !l.mayWrite() {
		return nil
	}
	e := l.newEdit(work.DraftCreate, model.Contact{})
	e.draft.Key = newID()
	l.say("A new contact. Enter leaves a field empty; everything is shown before it is sent.")
	for _, f := range e.fields() {
		if err := e.askField(f); err != nil {
			return e.left(err)
		}
	}
	_, err := e.review()
	if errors.Is(err, errBack) {
		_, err = e.run()
	}
	return err
}

// drafts lists what was typed and not saved, and goes on with one.
func (l *linear) drafts() error {
	all, err := l.session.Drafts(l.ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		l.say("There are no drafts.")
		return nil
	}
	texts := make([]string, len(all))
	for i, d := range all {
		texts[i] = fmt.Sprintf("%s, %s", draftText(d), shortTime(d.Updated))
		if d.Problem != "" {
			texts[i] += ", not saved: " + d.Problem
		}
	}
	n, err := l.pick("Which draft?", texts...)
	if err != nil {
		return err
	}
	d := all[n]
	what, err := l.pick("What with it?", "go on with it", "discard it")
	if err != nil {
		return err
	}
	if what == 1 {
		if err := l.session.DiscardDraft(l.ctx, d.ID); err != nil {
			return err
		}
		l.say("The draft is gone.")
		return nil
	}
	switch d.Kind {
	case work.DraftBulk:
		l.say("A draft of many contacts is opened on the screen; levcontacts update changes many without it.")
		return nil
	case work.DraftNote:
		return l.noteDraft(d)
	}
	if !l.mayWrite() {
		return nil
	}
	_, err = l.reopen(d).run()
	return err
}

func draftText(d work.Draft) string {
	switch d.Kind {
	case work.DraftCreate:
		return "new contact " + model.Diff(model.Contact{}, d.Values).Apply(model.Contact{}).Name()
	case work.DraftNote:
		return "a note on " + d.Base.Name()
	case work.DraftBulk:
		return "a change of many contacts"
	}
	var names []string
	for _, c := range model.Diff(d.Base, d.Values).Changes() {
		names = append(names, strings.ToLower(c.Field.Def().Label))
	}
	return strings.Join(slices.Concat([]string{d.Base.Name()}, names), ", ")
}
