package cli

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/work"
)

const (
	// linearPage is how many lines are written before the next question.
	linearPage = 20
	// linearRequest is how many contacts are asked for at once.
	linearRequest = 100
)

func (l *linear) reader() *reader {
	r := newReader(l.app, l.session, work.Sync{MaxAge: l.start.Config.MaxAge.Value})
	r.direct = l.start.Demo || !l.start.Config.Cache.Value
	return r
}

// list shows all contacts, a page at a time.
func (l *linear) list() error {
	r := l.reader()
	rows := func(yield func(model.Packed, error) bool) {
		err := r.each(l.ctx, "yes", linearRequest, false, func(p model.Packed) error {
			l.seen.Put(p)
			if !yield(p, nil) {
				return enough{}
			}
			return nil
		})
		if err != nil {
			yield("", err)
		}
	}
	return l.pages(rows, func(shown int) string {
		if r.total >= shown {
			return fmt.Sprintf("%s of %s", grouped(shown), counted(r.total, "contact"))
		}
		return counted(shown, "contact")
	})
}

// search asks for words and shows what they find, the best match first, and then
// what only resembles it.
func (l *linear) search() error {
	for {
		text, err := l.ask("Search for (words, or such as state:NY; enter goes back):")
		if err != nil || text == "" {
			return err
		}
		q, err := search.Parse(text)
		if err != nil {
			l.say("%s. Please type it again.", err)
			continue
		}
		for _, hint := range q.Hints() {
			l.say("Note: %s", hint.Text)
		}
		return l.find(q)
	}
}

func (l *linear) find(q search.Query) error {
	r := l.reader()
	book, err := listing{connected: "yes"}.book(l.ctx, r)
	if err != nil {
		return err
	}
	l.seen = book
	snap, finder := book.Snapshot(), search.New()
	found, err := finder.Search(l.ctx, snap, q, nil)
	if err != nil {
		return err
	}
	similar, err := finder.Similar(l.ctx, snap, q, nil)
	if err != nil {
		return err
	}
	l.say("%s, %s.", l.matching(len(found.Direct), len(similar)), r.said())
	slots := slices.Concat(found.Direct, similar)
	rows := func(yield func(model.Packed, error) bool) {
		for i, slot := range slots {
			if i == len(found.Direct) {
				l.say("These do not match, they only resemble it:")
			}
			if !yield(snap.At(int(slot)), nil) {
				return
			}
		}
	}
	return l.pages(rows, func(shown int) string {
		return fmt.Sprintf("%s of %s", grouped(shown), grouped(len(slots)))
	})
}

func (l *linear) matching(found, similar int) string {
	text := counted(found, "contact") + " match"
	switch found {
	case 0:
		text = "No contact matches"
	case 1:
		text += "es"
	}
	if similar > 0 {
		text += ", " + grouped(similar) + " similar"
	}
	return text
}

// pages writes contacts with their numbers, some at a time, and opens the one
// whose number is the answer. far says how far that is.
func (l *linear) pages(rows iter.Seq2[model.Packed, error], far func(shown int) string) error {
	next, stop := iter.Pull2(rows)
	defer stop()
	var ids []int64
	more, page := true, true
	for {
		for n := 0; more && page && n < linearPage; n++ {
			p, err, ok := next()
			if err != nil {
				return err
			}
			if more = ok; !ok {
				break
			}
			c, err := p.Unpack()
			if err != nil {
				return err
			}
			ids = append(ids, c.ID())
			l.say("  %d  %s", len(ids), rowText(c))
		}
		if len(ids) == 0 {
			return nil
		}
		if page {
			l.say("%s.", far(len(ids)))
		}
		question := "Which contact? (enter more, b back):"
		if !more {
			question = "That is all. Which contact? (b back):"
		}
		answer, err := l.ask(question)
		n, bad := strconv.Atoi(answer)
		switch page = answer == "" && more; {
		case err != nil:
			return err
		case answer == "q":
			return errLeave
		case answer == "b", answer == "" && !more:
			return nil
		case page:
		case bad == nil && n >= 1 && n <= len(ids):
			if err := l.done(l.open(ids[n-1])); err != nil {
				return err
			}
		default:
			l.say("There is no number %q here; 1 to %d are shown, q quits.", answer, len(ids))
		}
	}
}

// rowText is a contact on one line: who, what and where.
func rowText(c model.Contact) string {
	company, _ := model.CompanyOf(c)
	parts := []string{c.Name(), model.TypeLabel(c.Get(model.FieldType)), c.Get(model.FieldTitle).String(), company,
		strings.TrimSpace(c.Get(model.FieldCity).String() + " " + c.Get(model.FieldState).String())}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" }), ", ")
}

func (l *linear) openByID() error {
	text, err := l.ask("The id of the contact (enter goes back):")
	if err != nil || text == "" {
		return err
	}
	id, err := parseID(text)
	if err != nil {
		return err
	}
	return l.open(id)
}
