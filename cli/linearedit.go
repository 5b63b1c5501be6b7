package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
	"github.com/levcontacts/levcontacts/work"
)

// linearEdit is one edit of a contact, or of a new one, in plain mode.
type linearEdit struct {
	*linear
	draft  work.Draft
	at     time.Time // when the base was fetched
	undoes string    // journal entry that the edit takes back
	anyway bool      // none of the candidates is the new contact
}

func newID() string { return uuid.NewString() }

func (l *linear) newEdit(kind work.DraftKind, base model.Contact) *linearEdit {
	return &linearEdit{linear: l, draft: work.Draft{ID: newID(), Kind: kind, ContactID: base.ID(), Base: base,
		Values: model.Draft{}, Open: true}}
}

func (e *linearEdit) creates() bool { return e.draft.Kind == work.DraftCreate }

// fields are those that can be set, in the order in which people read.
func (e *linearEdit) fields() (out []model.Field) {
	for _, f := range model.Fields() {
		switch {
		case e.creates() && !f.Create, !e.creates() && !f.Update:
		case f.Later && e.creates() && e.session.Features(e.ctx).Later != work.Present:
		case f.Later && !e.creates() && !e.draft.Base.HasLater():
		default:
			out = append(out, f)
		}
	}
	return out
}

func (e *linearEdit) patch() model.Patch { return model.Diff(e.draft.Base, e.draft.Values) }

// run asks for fields until the edit is saved or left.
func (e *linearEdit) run() (model.Contact, error) {
	show := true
	for {
		fields, now := e.fields(), e.patch().Apply(e.draft.Base)
		for i := 0; show && i < len(fields); i++ {
			e.say("  %d  %s: %s", i+1, fields[i].Label, valueOr(fields[i], now, "empty"))
		}
		answer, err := e.ask("Which field? (s save, b leave, ? list):")
		n, bad := strconv.Atoi(answer)
		if f, named := fieldLike(answer); named { // its number or its name
			n, bad = slices.IndexFunc(fields, func(g model.Field) bool { return g.ID == f.ID })+1, nil
		}
		switch show = answer == "?"; {
		case err != nil:
			return model.Contact{}, e.left(err)
		case answer == "q":
			return model.Contact{}, e.left(errLeave)
		case answer == "b":
			if err := e.leave(); err != nil || e.draft.ID == "" {
				return model.Contact{}, e.left(err)
			}
		case answer == "s":
			c, err := e.review()
			if !errors.Is(err, errBack) {
				return c, err
			}
		case bad == nil && n >= 1 && n <= len(fields):
			if err := e.askField(fields[n-1]); err != nil {
				return model.Contact{}, e.left(err)
			}
		case !show:
			e.say("There is no field %q; ? lists them.", answer)
		}
	}
}

func valueOr(f model.Field, c model.Contact, empty string) string {
	return cmp.Or(fieldText(f, c), empty)
}

// askField asks for one value. What the service would refuse is asked again.
func (e *linearEdit) askField(f model.Field) error {
	typed, changed, err := e.typed(f)
	if errors.Is(err, errBack) || err == nil && !changed {
		return nil
	}
	if err != nil {
		return err
	}
	e.draft.Values[f.ID], e.draft.Field = typed, f.ID
	e.keep(&e.draft)
	return nil
}

func (e *linearEdit) typed(f model.Field) (typed string, changed bool, err error) {
	now := e.patch().Apply(e.draft.Base).Get(f.ID)
	switch f.Format {
	case model.FormatType:
		n, err := e.pick(f.Label, model.TypeLabel(model.TextValue(model.TypeLender)),
			model.TypeLabel(model.TextValue(model.TypeSponsor)))
		return [...]string{model.TypeLender, model.TypeSponsor}[n], true, err
	case model.FormatPhones:
		return e.phones(f, now)
	}
	question := fmt.Sprintf("%s (enter keeps it empty):", f.Label)
	if text := f.Show(now); text != "" && f.Format != model.FormatBool {
		question = fmt.Sprintf("%s is %q. New text (enter keeps it, - empties it):", f.Label, text)
	}
	if f.Format == model.FormatBool {
		question = fmt.Sprintf("%s is %s. yes or no (enter keeps it):", f.Label,
			fieldText(f, model.Contact{}.With(f.ID, model.BoolValue(now.True()))))
	}
	for {
		text, err := e.ask(question)
		switch {
		case err != nil || text == "":
			return "", false, err
		case text == "-" && f.Format != model.FormatBool:
			return "", true, nil
		}
		value, wrong := typedValue(f, text)
		finding := f.Check(value)
		switch {
		case wrong != nil:
			e.say("%s %s. Please type it again.", f.Label, wrong)
			continue
		case finding.Severity == model.Refused:
			e.say("%s. Please type it again.", finding.Text)
			continue
		case finding.Severity == model.Warning:
			e.say("Note: %s", finding.Text)
		}
		return value, true, nil
	}
}

// phones changes a list of phones, one at a time.
func (e *linearEdit) phones(f model.Field, now model.Value) (typed string, changed bool, err error) {
	list, _ := model.ParsePhones(now)
	list = append([]model.Phone(nil), list...)
	for {
		for i, p := range list {
			e.say("  %d  %s", i+1, p.String())
		}
		answer, err := e.ask("Phones: a adds one, a number removes that one, enter is done:")
		n, bad := strconv.Atoi(answer)
		switch {
		case err != nil:
			return "", false, err
		case answer == "":
			return model.FormatPhoneLines(list), changed, nil
		case answer == "a":
			text, err := e.ask("Type and number, such as office: 212 555 0193 (enter goes back):")
			if err != nil {
				return "", false, err
			}
			p := model.ParsePhone(text)
			if finding := p.Check(); text != "" && finding.Severity == model.Refused {
				e.say("%s. Nothing was added.", finding.Text)
			} else if text != "" {
				list, changed = append(list, p), true
			}
		case bad == nil && n >= 1 && n <= len(list):
			list, changed = append(list[:n-1], list[n:]...), true
		default:
			e.say("There is no phone %q.", answer)
		}
	}
}

// left is the end of an edit from outside; what was typed is a draft already.
func (e *linearEdit) left(err error) error {
	if err != nil && e.draft.ID != "" && !e.patch().Empty() {
		e.say("What you typed is kept as a draft.")
	}
	return err
}

// leave asks what becomes of what was typed. The edit has no draft any more when
// it ends.
func (e *linearEdit) leave() error {
	if e.patch().Empty() {
		return e.discard()
	}
	n, err := e.pick("What with what you typed?", "keep it as a draft", "discard it", "go on")
	switch {
	case errors.Is(err, errBack), err == nil && n == 2:
		return nil
	case err != nil:
		return err
	case n == 1:
		return e.discard()
	}
	e.draft.Open = false
	e.keep(&e.draft)
	e.draft.ID = ""
	e.say("It is kept as a draft.")
	return nil
}

func (e *linearEdit) discard() error {
	err := e.session.DiscardDraft(e.ctx, e.draft.ID)
	e.draft.ID = ""
	return err
}

// review shows what would be sent, asks, and sends it. errBack goes on with the
// edit.
func (e *linearEdit) review() (model.Contact, error) {
	for {
		p := e.patch()
		if p.Empty() {
			e.say("Nothing was changed.")
			return model.Contact{}, errBack
		}
		question := e.preview(p)
		answer, err := e.ask(question + " (y yes, n back to the fields, j shows the JSON)")
		switch strings.ToLower(answer) {
		case "y", "yes":
			c, err := e.send(p)
			if !errors.Is(err, errAgain) {
				return c, err
			}
			continue
		case "j":
			raw, err := p.MarshalJSON()
			if err != nil {
				return model.Contact{}, err
			}
			if err := e.app.write(append(raw, '\n')); err != nil {
				return model.Contact{}, err
			}
			continue
		case "q":
			err = errLeave
		}
		if err != nil {
			return model.Contact{}, e.left(err)
		}
		return model.Contact{}, errBack
	}
}

// preview says what a save does and what is to be asked.
func (e *linearEdit) preview(p model.Patch) (question string) {
	if !e.creates() {
		e.say("%s, contact %d:", e.draft.Base.Name(), e.draft.Base.ID())
		e.app.tellChanges(p)
		for _, f := range e.session.Features(e.ctx).Fixed {
			if _, ok := p.Get(f); ok {
				e.say("Note: this service has refused to change %s before", f.Name())
			}
		}
		return "Save this?"
	}
	e.say("A new contact:")
	e.app.tellValues(p, nil)
	snap := e.seen.Snapshot()
	twins, _ := search.Twins(e.ctx, snap, p.Apply(model.Contact{}), 3)
	for _, t := range twins {
		if c, err := snap.At(t.Slot).Unpack(); err == nil {
			e.say("Already in the list? %s, contact %d", rowText(c), c.ID())
		}
	}
	return "Create it?"
}
