package model

import (
	"bytes"
	"slices"
	"strings"
)

// Draft is what a person has typed over a contact: text by field. A field that
// is not in the draft was not touched. An emptied field holds "".
type Draft map[FieldID]string

// Clone is a copy that can be changed on its own.
func (d Draft) Clone() Draft {
	out := make(Draft, len(d))
	for f, s := range d {
		out[f] = s
	}
	return out
}

// Change is one field of a patch: what it was when the edit began and what it
// is to become. An After of kind Null clears the field.
type Change struct {
	Field         FieldID
	Before, After Value
}

// Patch holds the fields that change and no others, in table order. The zero
// Patch changes nothing and is never sent.
type Patch struct {
	changes []Change
}

// NewPatch makes a patch from changes; of two for one field the later counts,
// and a change to the same value is left out.
func NewPatch(changes ...Change) Patch {
	var byField [NumEntries]*Change
	for i := range changes {
		byField[changes[i].Field] = &changes[i]
	}
	var p Patch
	for _, c := range byField {
		if c != nil && !c.Field.Same(c.Before, c.After) {
			p.changes = append(p.changes, *c)
		}
	}
	return p
}

// Diff compares a draft with the contact that it was typed over. Space around
// the text is not part of it. An emptied field becomes null, and a field that
// was absent, null or "" and is still empty has not changed.
func Diff(base Contact, draft Draft) Patch {
	var changes []Change
	for id, typed := range draft {
		f := id.Def()
		if !f.Create && !f.Update {
			continue
		}
		before := base.Get(id)
		changes = append(changes, Change{id, before, f.parseOver(before, typed)})
	}
	return NewPatch(changes...)
}

// Parse turns typed text into the value that is sent: null for nothing, true
// or false for a yes-or-no field, a list for a field that holds one, otherwise
// the text without the space around it.
func (f Field) Parse(typed string) Value {
	typed = strings.TrimSpace(typed)
	switch {
	case f.Format == FormatPhones:
		return PhonesValue(ParsePhoneLines(typed))
	case f.Format == FormatTypes:
		return typesValue(typed)
	case f.Format == FormatBool:
		yes, _ := parseBool(typed)
		return BoolValue(yes)
	case typed == "":
		return NullValue()
	default:
		return TextValue(typed)
	}
}

// parseBool reads the words for yes and no; ok is false for any other word.
// Nothing at all is no.
func parseBool(typed string) (yes, ok bool) {
	switch strings.ToLower(typed) {
	case "true", "yes", "y", "on", "1":
		return true, true
	case "false", "no", "n", "off", "0", "":
		return false, true
	}
	return false, false
}

// parseOver is Parse of text that may also say how a list is to change. A phone
// that is typed as it was keeps all its parts.
func (f Field) parseOver(before Value, typed string) Value {
	phones, ok := ParsePhones(before)
	if f.Format != FormatPhones || !ok {
		return f.Parse(typed)
	}
	if edits, ok := ParsePhoneEdits(typed); ok {
		return PhonesValue(phoneEditList(edits).apply(phones))
	}
	list := ParsePhoneLines(typed)
	for i, p := range list {
		if at := slices.IndexFunc(phones, func(was Phone) bool { return was.String() == p.String() }); at >= 0 {
			list[i] = phones[at]
		}
	}
	return PhonesValue(list)
}

// Same says that nobody can see a difference between two values of the field:
// absent, null and "" are one, and so are two spellings of a phone number.
func (f FieldID) Same(a, b Value) bool {
	switch f.Format() {
	case FormatPhones:
		return samePhones(a, b)
	case FormatTypes:
		return sameTypes(a, b)
	}
	return sameValue(a, b)
}

// sameValue treats as one what nobody can see a difference between, so that
// nobody can have meant to change one into another: absent, null and "", space
// around text, a number and the same digits as text. A boolean that the server
// left out is false.
func sameValue(a, b Value) bool {
	if a.Kind() == Bool || b.Kind() == Bool {
		return a.True() == b.True()
	}
	return a == b || strings.TrimSpace(a.String()) == strings.TrimSpace(b.String())
}

// Empty says that there is nothing to send.
func (p Patch) Empty() bool { return len(p.changes) == 0 }

// Len is the number of fields that change.
func (p Patch) Len() int { return len(p.changes) }

// Changes lists the changes in table order. The caller must not change the slice.
func (p Patch) Changes() []Change { return p.changes }

// Get finds the change of one field.
func (p Patch) Get(f FieldID) (Change, bool) {
	for _, c := range p.changes {
		if c.Field == f {
			return c, true
		}
	}
	return Change{}, false
}

// Without is the patch with some fields left out.
func (p Patch) Without(fields ...FieldID) Patch {
	var out Patch
next:
	for _, c := range p.changes {
		for _, f := range fields {
			if c.Field == f {
				continue next
			}
		}
		out.changes = append(out.changes, c)
	}
	return out
}

// Apply is the contact as it would be after the patch.
func (p Patch) Apply(c Contact) Contact {
	for _, ch := range p.changes {
		c = c.With(ch.Field, ch.After)
	}
	return c
}

// Inverse is the patch that takes the change back.
func (p Patch) Inverse() Patch {
	out := Patch{changes: make([]Change, len(p.changes))}
	for i, c := range p.changes {
		after := c.Before
		if after.Empty() && after.Kind() != Bool {
			after = NullValue()
		}
		if c.After.Kind() == Bool && after.Kind() != Bool {
			after = BoolValue(false)
		}
		out.changes[i] = Change{c.Field, c.After, c.Field.written(after)}
	}
	return out
}

// written is a value in the form that the service takes: a list is empty where
// it was null, and phones lose what the service works out itself.
func (f FieldID) written(v Value) Value {
	switch f.Format() {
	case FormatPhones:
		if phones, ok := ParsePhones(v); ok {
			return PhonesValue(phones)
		}
	case FormatTypes:
		if v.Empty() {
			return rawValue("[]")
		}
	}
	return v
}

// MarshalJSON writes the body of a PATCH or POST: only the changed fields, in
// table order, null for a cleared one, a list whole.
func (p Patch) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, c := range p.changes {
		if i > 0 {
			b.WriteByte(',')
		}
		v, err := c.Field.written(c.After).MarshalJSON()
		if err != nil {
			return nil, err
		}
		b.WriteString(`"` + c.Field.Name() + `":`)
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Conflict is a field that someone else changed while it was being edited.
type Conflict struct {
	Field                FieldID
	Original, Theirs, My Value
}

// Merge compares a patch with the contact as the server holds it now. A field
// that they left alone keeps its change; one that they set to the very value
// wanted needs none; any other is a conflict for the person to decide. Changes
// of theirs to fields outside the patch are not looked at: they are taken over.
func Merge(mine Patch, theirs Contact) (Patch, []Conflict) {
	var rest Patch
	var conflicts []Conflict
	for _, c := range mine.changes {
		now := theirs.Get(c.Field)
		switch {
		case c.Field.Same(now, c.After):
		case c.Field.Same(now, c.Before):
			rest.changes = append(rest.changes, Change{c.Field, now, c.After})
		default:
			conflicts = append(conflicts, Conflict{c.Field, c.Before, now, c.After})
		}
	}
	return rest, conflicts
}

// NotTaken lists the fields of a sent patch that the server's answer does not
// show as sent: changed on the way (normalised) or not taken at all.
func NotTaken(sent Patch, answer Contact) []Conflict {
	var out []Conflict
	for _, c := range sent.changes {
		if now := answer.Get(c.Field); !c.Field.Same(now, c.After) {
			out = append(out, Conflict{c.Field, c.Before, now, c.After})
		}
	}
	return out
}

// Changed lists what a reader sees differ between a contact and the same one
// later. A field that one of them does not hold says nothing, as a service may
// leave fields out of one answer and not of another; neither do the moments that
// the service keeps.
func Changed(before, now Contact) Patch {
	var changes []Change
	for id := range FieldID(NumEntries) {
		if id == FieldKey || id == FieldCreated || id == FieldUpdated {
			continue
		}
		was, is := before.Get(id), now.Get(id)
		if was.Kind() != Absent && is.Kind() != Absent {
			changes = append(changes, Change{id, was, is})
		}
	}
	return NewPatch(changes...)
}
