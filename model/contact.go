package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// ErrNoID is returned for a contact without a usable integer id: such a row
// can be neither shown once nor edited.
var ErrNoID = errors.New("contact without an integer id")

// ErrNoContact is the cause of a protocol error where the service reports success
// without the contact: what was sent was done, and the contact has to be looked at.
var ErrNoContact = errors.New("the answer holds no contact")

// Extra is a field that the server sent and the documents of March 2026 do not
// name, such as phones. Its JSON is kept
// as it came, less the blanks between its parts.
type Extra struct {
	Name string
	JSON string
}

// Contact is one contact as the server gave it: the documented fields with
// null, empty and absent kept apart, and everything else beside them. The
// Contact is a value; With returns a changed copy.
type Contact struct {
	values [NumFields]Value
	extras []Extra // sorted by name, never changed in place
}

// NewContact makes a contact from values, for tests and for a draft of a new one.
func NewContact(id int64, values map[FieldID]Value) Contact {
	var c Contact
	for f, v := range values {
		c = c.With(f, v)
	}
	c.values[FieldKey] = IntValue(id)
	return c
}

// ID is the contact's identifier; 0 for a contact that has none yet.
func (c Contact) ID() int64 {
	id, _ := c.values[FieldKey].Int()
	return id
}

// Get is the value of a documented field.
func (c Contact) Get(f FieldID) Value {
	if f.byPlace() {
		return c.values[f]
	}
	raw, _ := c.Extra(f.Name())
	return storedValue(raw)
}

// storedValue is a value whose JSON was checked before; "" is Absent.
func storedValue(raw string) Value {
	v, _ := ParseValue([]byte(raw))
	return v
}

// With is a copy of the contact with one field changed.
func (c Contact) With(f FieldID, v Value) Contact {
	if f.byPlace() {
		c.values[f] = v
		return c
	}
	if v.Kind() == Absent {
		c.extras = slices.DeleteFunc(slices.Clone(c.extras), func(e Extra) bool { return e.Name == f.Name() })
		return c
	}
	raw, err := v.MarshalJSON()
	if err != nil {
		return c
	}
	return c.WithExtra(f.Name(), string(raw))
}

// Unnamed are the fields that no document names, by name.
func (c Contact) Unnamed() []Extra {
	return slices.DeleteFunc(slices.Clone(c.extras), func(e Extra) bool {
		_, named := FieldByName(e.Name)
		return named
	})
}

// Extras are the fields that the documents of March 2026 do not name, by name:
// the later ones and those of Unnamed.
// The caller must not change the slice.
func (c Contact) Extras() []Extra { return c.extras }

// Extra is the JSON of one field that the documents do not name.
func (c Contact) Extra(name string) (string, bool) {
	i, ok := slices.BinarySearchFunc(c.extras, name, func(e Extra, n string) int { return strings.Compare(e.Name, n) })
	if !ok {
		return "", false
	}
	return c.extras[i].JSON, true
}

// WithExtra is a copy of the contact with one undocumented field set to the
// given JSON.
func (c Contact) WithExtra(name, rawJSON string) Contact {
	extras := slices.DeleteFunc(slices.Clone(c.extras), func(e Extra) bool { return e.Name == name })
	extras = append(extras, Extra{name, rawJSON})
	slices.SortFunc(extras, func(a, b Extra) int { return strings.Compare(a.Name, b.Name) })
	c.extras = extras
	return c
}

// Equal says that two contacts hold the same values, extras included.
func (c Contact) Equal(d Contact) bool {
	return c.values == d.values && slices.Equal(c.extras, d.extras)
}

// Over is the contact with what it does not have taken from another: an answer
// that holds only a part says nothing about the rest.
func (c Contact) Over(base Contact) Contact {
	for f, v := range c.values {
		if v.Kind() == Absent {
			c.values[f] = base.values[f]
		}
	}
	for _, e := range base.extras {
		if _, ok := c.Extra(e.Name); !ok {
			c = c.WithExtra(e.Name, e.JSON)
		}
	}
	return c
}

// Primary says that the contact is its company's primary one.
func (c Contact) Primary() bool { return c.values[FieldPrimary].True() }

// Connected says that the relationship is active. A server that leaves the
// field out of a list of connected contacts means yes.
func (c Contact) Connected() bool {
	v := c.values[FieldConnected]
	return v.True() || v.Kind() == Absent
}

// HasName says that the contact has a first or a last name.
func (c Contact) HasName() bool {
	return visible(c.values[FieldFirstName]) || visible(c.values[FieldLastName])
}

// visible says that a value holds a character that takes room on a screen.
func visible(v Value) bool {
	return strings.ContainsFunc(v.String(), func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) })
}

// Name is what to call the contact: its name, else its e-mail address, else
// "contact 78". It is not made safe for a terminal.
func (c Contact) Name() string {
	return displayName(c.ID(), c.values[FieldFirstName], c.values[FieldLastName], c.values[FieldEmail])
}

func displayName(id int64, first, last, email Value) string {
	switch {
	case visible(first) && visible(last):
		return first.String() + " " + last.String()
	case visible(first):
		return first.String()
	case visible(last):
		return last.String()
	case visible(email):
		return email.String()
	default:
		return fmt.Sprintf("contact %d", id)
	}
}

// UnmarshalJSON reads one contact object. The error is that of ParsePacked.
func (c *Contact) UnmarshalJSON(b []byte) error {
	p, err := ParsePacked(b)
	if err != nil {
		return err
	}
	out, err := p.Unpack()
	if err == nil {
		*c = out
	}
	return err
}

// MarshalJSON writes the contact with the documented fields first, in the
// order of the page, and without those that the server did not send.
func (c Contact) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	write := func(name string, v json.Marshaler) error {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		key, err := marshalText(name)
		if err != nil {
			return err
		}
		val, err := v.MarshalJSON()
		if err != nil {
			return err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(val)
		return nil
	}
	for _, f := range FieldTable() {
		if v := c.values[f.ID]; v.Kind() != Absent {
			if err := write(f.Name, v); err != nil {
				return nil, err
			}
		}
	}
	for _, e := range c.extras {
		if err := write(e.Name, json.RawMessage(e.JSON)); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
