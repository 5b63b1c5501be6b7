package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// errAgain shows the edit again, because it has changed.
var errAgain = errors.New("again")

// send saves an edit. errBack goes back to the fields, errAgain to the preview.
func (e *linearEdit) send(p model.Patch) (model.Contact, error) {
	e.keep(&e.draft)
	var saved work.Saved
	var err error
	if e.creates() {
		saved, err = e.session.Create(e.ctx, work.Create{Values: p, DraftID: e.draft.ID, Key: e.draft.Key, Anyway: e.anyway})
	} else {
		saved, err = e.session.Save(e.ctx, work.Save{ID: e.draft.Base.ID(), Base: e.draft.Base, BaseAt: e.at, Patch: p,
			DraftID: e.draft.ID, Undoes: e.undoes})
	}
	switch {
	case e.ctx.Err() != nil:
		return model.Contact{}, e.ctx.Err()
	case err != nil:
		return model.Contact{}, e.refused(err)
	case len(saved.Conflicts) > 0:
		return model.Contact{}, e.decide(saved)
	case len(saved.Candidates) > 0:
		return e.whether(saved)
	case saved.Nothing:
		e.say("It had these values already; nothing was sent.")
	default:
		e.app.tellNotTaken(saved.NotTaken)
		switch {
		case e.creates():
			e.say("Created %s, contact %d%s.", saved.Contact.Name(), saved.Contact.ID(), requestOf(saved.RequestID))
		case e.undoes != "":
			e.say("Undone and saved%s.", requestOf(saved.RequestID))
		default:
			e.say("Saved%s.", requestOf(saved.RequestID))
		}
	}
	if saved.Contact.ID() != 0 {
		e.seen.Put(saved.Contact.Pack())
	}
	return saved.Contact, nil
}

// refused tells why a save failed. What was typed stays.
func (e *linearEdit) refused(err error) error {
	e.app.report(err)
	if errors.Is(err, work.ErrOutcomeUnknown) {
		e.say("%s Saving again looks first whether it arrived.", work.OutcomeUnknownText)
	}
	failure := model.AsError("save", err)
	e.draft.Problem = failure.Headline()
	e.draft.NotSent = failure.Kind == model.KindNetwork && !errors.Is(err, work.ErrOutcomeUnknown)
	e.keep(&e.draft)
	e.say("What you typed is kept. You can change it, save it again, or leave it as a draft.")
	return errBack
}

// decide asks, field by field, what counts where someone else changed it too.
func (e *linearEdit) decide(s work.Saved) error {
	e.say("Nothing was sent: someone else changed %s meanwhile.", s.Theirs.Name())
	values := e.draft.Values.Clone()
	for _, c := range s.Conflicts {
		e.say("%s was %s.", c.Field.Def().Label, shown(c.Field, c.Original))
		n, err := e.pick("Which one counts?", "theirs: "+shown(c.Field, c.Theirs), "yours: "+shown(c.Field, c.My))
		if errors.Is(err, errBack) {
			return errBack
		}
		if err != nil {
			return e.left(err)
		}
		if n == 0 {
			delete(values, c.Field)
		}
	}
	e.draft.Values, e.draft.Base, e.at = values, s.Theirs, e.start.Now()
	if e.patch().Empty() {
		e.say("Their values are kept. There is nothing to save.")
		return e.discard()
	}
	e.keep(&e.draft)
	return errAgain
}

// whether asks whether an earlier attempt, which got no response, has made one of
// some contacts.
func (e *linearEdit) whether(s work.Saved) (model.Contact, error) {
	e.say("An earlier attempt may have arrived. Nothing is sent before you say.")
	var texts []string
	for _, c := range s.Candidates {
		texts = append(texts, candidateText(c))
	}
	n, err := e.pick("Is this the contact?", append(texts, "none of them; create it now")...)
	switch {
	case errors.Is(err, errBack):
		return model.Contact{}, err
	case err != nil:
		return model.Contact{}, e.left(err)
	case n == len(s.Candidates):
		e.anyway = true
		return e.send(e.patch())
	}
	if err := e.session.Settle(e.ctx, s.EntryID, s.Candidates[n].ID()); err != nil {
		return model.Contact{}, err
	}
	e.say("That is the contact you created; nothing was sent again.")
	return s.Candidates[n], e.discard()
}

func candidateText(c model.Contact) string {
	return fmt.Sprintf("%s, %s, contact %s", c.Name(), shown(model.FieldEmail, c.Get(model.FieldEmail)),
		strconv.FormatInt(c.ID(), 10))
}
