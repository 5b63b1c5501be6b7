package sandbox

import "slices"

// textAt is the place of a nullable string in a record.
type textAt int

const (
	textType textAt = iota
	textFirst
	textLast
	textEmail
	textTitle
	textDepartment
	textAddress
	textAddress2
	textCity
	textState
	textZip
	textLinkedIn
	textPhoto
	textCreated
	textUpdated
	textCount
)

type fieldKind int

const (
	kindText fieldKind = iota
	kindID
	kindTypes
	kindPhones
	kindPrimary
	kindConnected
	kindOwner
	kindAdded // a nullable string that Options.TextFields names, kept among the odd values
)

// field is one field of the Contact object.
type field struct {
	name     string
	kind     fieldKind
	text     textAt // for kindText
	later    bool   // not on the page of March 2026
	readOnly bool   // the service sets it
}

// sortable reports whether a list can be ordered by the field at all.
func (f field) sortable() bool { return f.kind != kindTypes && f.kind != kindPhones }

// allFields is the Contact object in the order of the documented answer.
func allFields() []field {
	return []field{
		{name: "id", kind: kindID, readOnly: true},
		{name: "contact_type", text: textType},
		{name: "contact_types", kind: kindTypes, later: true},
		{name: "first_name", text: textFirst},
		{name: "last_name", text: textLast},
		{name: "email", text: textEmail},
		{name: "title", text: textTitle},
		{name: "department", text: textDepartment},
		{name: "address", text: textAddress},
		{name: "address2", text: textAddress2, later: true},
		{name: "city", text: textCity},
		{name: "state", text: textState},
		{name: "zip", text: textZip},
		{name: "linkedin_url", text: textLinkedIn},
		{name: "photo_url", text: textPhoto, later: true},
		{name: "phones", kind: kindPhones, later: true},
		{name: "is_primary", kind: kindPrimary},
		{name: "is_connected", kind: kindConnected, readOnly: true},
		{name: "owner_account_id", kind: kindOwner, readOnly: true},
		{name: "created_at", text: textCreated, readOnly: true},
		{name: "updated_at", text: textUpdated, readOnly: true},
	}
}

// schema is the fields a dialect knows.
type schema struct {
	fields []field
	byName map[string]field
}

// newSchema leaves out the later fields for the page of March 2026. Names in
// added that are fields already are not added again.
func newSchema(d Dialect, added []string) *schema {
	s := &schema{byName: map[string]field{}}
	for _, f := range allFields() {
		if !f.later || d != DialectMarch {
			s.add(f)
		}
	}
	for _, name := range added {
		if !slices.ContainsFunc(allFields(), func(f field) bool { return f.name == name }) {
			s.add(field{name: name, kind: kindAdded})
		}
	}
	return s
}

func (s *schema) add(f field) {
	s.fields = append(s.fields, f)
	s.byName[f.name] = f
}

// pick returns the named fields and id, in the order of the documented answer,
// or the first name that is no field.
func (s *schema) pick(names []string) (chosen []field, unknown string) {
	for _, n := range names {
		if _, ok := s.byName[n]; !ok {
			return nil, n
		}
	}
	for _, f := range s.fields {
		if f.kind == kindID || slices.Contains(names, f.name) {
			chosen = append(chosen, f)
		}
	}
	return chosen, ""
}
