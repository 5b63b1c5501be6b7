package work

import "github.com/levcontacts/levcontacts/model"

// Reverse is how the entry is taken back: the contact as the write left it, and
// the values that it had before, as they would be typed over it. now is the
// contact as it is loaded, zero when it is not.
func (e Entry) Reverse(now model.Contact) (base model.Contact, values model.Draft) {
	base = now
	if base.ID() == 0 {
		base = model.NewContact(e.ContactID, nil)
	}
	answer, err := e.Answer.Unpack()
	values = model.Draft{}
	for _, c := range e.Patch().Inverse().Changes() {
		held := c.Before
		if err == nil && e.Answer != "" {
			held = answer.Get(c.Field) // the service may have put it into another form
		}
		base = base.With(c.Field, held)
		values[c.Field] = c.Field.Def().Text(c.After)
	}
	return base, values
}
