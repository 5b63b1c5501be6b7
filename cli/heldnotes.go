package cli

import (
	"context"

	"github.com/dustin/go-humanize"

	"github.com/levcontacts/levcontacts/model/search"
)

// search reads what is searched for.
func (l *listing) search(text string) (err error) {
	l.searched = text
	l.query, err = search.Parse(text)
	return err
}

// holdNotes gives a query that asks for notes those of the local copy.
func (l *listing) holdNotes(ctx context.Context, r *reader) error {
	if !l.query.AsksNotes() {
		return nil
	}
	held, err := r.session.HeldNotes(ctx)
	if err != nil {
		return err
	}
	texts := make(map[int64][]string, len(held))
	for id, notes := range held {
		texts[id] = notes.Texts()
	}
	people := "the notes of 1 contact are"
	if len(held) != 1 {
		people = "the notes of " + humanize.Comma(int64(len(held))) + " contacts are"
	}
	r.app.note("levcontacts: %s held here; only they are searched", people)
	l.query, err = search.Parser{Notes: func(id int64) []string { return texts[id] }}.Parse(l.searched)
	return err
}
