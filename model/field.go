package model

import (
	"slices"
	"strings"
)

// FieldID names one of the documented fields of a contact. It is an index into
// the field table; the order is the order in which people read a contact.
type FieldID uint8

// The seventeen fields of the Contact object (contacts page of March 2026).
const (
	FieldKey FieldID = iota // id, the only one every answer must hold
	FieldType
	FieldFirstName
	FieldLastName
	FieldTitle
	FieldDepartment
	FieldEmail
	FieldLinkedIn
	FieldAddress
	FieldCity
	FieldState
	FieldZip
	FieldPrimary
	FieldConnected
	FieldOwner
	FieldCreated
	FieldUpdated

	// NumFields is how many fields the documents name.
	NumFields = int(FieldUpdated) + 1
)

// What can be filtered by and is made from other fields: the company from the
// e-mail domain, and whether there is an e-mail address or a phone number. These
// have an entry (Def, Name) and are not in FieldTable; a contact holds no value
// for them.
const (
	FacetCompany FieldID = FieldID(NumFields) + iota
	FacetEmail
	FacetPhone

	// NumFacets is one more than the last of them.
	NumFacets = int(FacetPhone) + 1
)

// The fields that later versions of the service have added. A service of March
// 2026 has none of them. A contact holds them by name, beside what no document
// names.
const (
	FieldAddress2 FieldID = FieldID(NumFacets) + iota
	FieldTypes
	FieldPhones
	FieldPhoto
	// FieldNotes has an entry for its words and labels. Notes are a resource
	// below the contact, so no contact holds a value for it.
	FieldNotes

	// NumEntries is the length of the field table.
	NumEntries = int(FieldNotes) + 1
)

// Format says how a field is checked, drawn and compared.
type Format uint8

// The formats.
const (
	FormatText Format = iota
	FormatEmail
	FormatURL
	FormatState
	FormatZip
	FormatType
	FormatBool
	FormatInt
	FormatTime
	FormatTypes  // a list of contact types
	FormatPhones // a list of phone numbers
	FormatNotes  // a resource below the contact
)

// Group is the part of the detail pane and of the form in which a field stands.
type Group uint8

// The groups, in the order in which they are shown.
const (
	GroupPerson Group = iota
	GroupReach
	GroupAddress
	GroupRecord
	GroupNotes
)

// Label is the heading of a group.
func (g Group) Label() string {
	return [...]string{"Person", "Reach", "Address", "Record", "Notes"}[g]
}

// Width is how many cells a list column takes: the fewest with which it is
// worth showing, and those with which most values are whole.
type Width struct{ Min, Ideal int }

// Class says how much a match in a field tells about who is meant. Package
// search gives each class its weight.
type Class uint8

// The classes. ClassNone is for fields that a plain search does not look at.
const (
	ClassNone Class = iota
	ClassName
	ClassEmail
	ClassTitle
	ClassPlace
	ClassRest
)

// Field is one entry of the field table. Columns, detail rows, forms, search,
// sort, filters, command-line flags, file headers and vCards are made from it.
type Field struct {
	ID     FieldID
	Name   string // the JSON name
	Label  string // in the detail pane and in forms
	Short  string // as a column heading
	Flag   string // as a command-line flag, "" when it cannot be given
	Help   string // one line under the input
	Format Format
	Group  Group
	// Create and Update say whether POST and PATCH take the field. The page of
	// March 2026 lets PATCH change any of them; later documents leave
	// contact_type out of PATCH, and a server that refuses it says so.
	Create, Update bool
	Later          bool  // not in the documents of March 2026: a service may not have it
	Max            int   // longest sensible value in characters, a warning and no more
	Width          Width // as a column of the list
	// Words are what a query calls the field, between blanks, the usual one
	// first. The JSON name and the flag are understood as well.
	Words    string
	Search   Class
	Facet    int    // place among the filters, counted from 1; 0 when it is none
	SortRank int    // place in the choice of orders, counted from 1; 0 for behind those
	VCard    string // the property of a vCard, "" when it has none of its own
	// CommonWord says that the name is an ordinary word: a request can be "in an
	// invalid state" without anything being wrong with the state of a contact.
	CommonWord bool
}

// Word is what a query and a filter call the field.
func (f Field) Word() string {
	word, _, _ := strings.Cut(f.Words, " ")
	return word
}

// FieldTable describes the fields of the page of March 2026, indexed by FieldID.
// The caller must not change it.
func FieldTable() []Field { return fieldTable[:NumFields:NumFields] }

// Fields describes every field that a contact can hold a value for, the later
// ones too, in the order in which people read a contact.
func Fields() []Field {
	out := make([]Field, len(readingOrder))
	for i, f := range readingOrder {
		out[i] = fieldTable[f]
	}
	return out
}

// readingOrder is the order of Fields: a later field stands beside the field
// that it belongs to.
var readingOrder = [...]FieldID{
	FieldKey, FieldType, FieldFirstName, FieldLastName, FieldTitle, FieldDepartment, FieldTypes,
	FieldEmail, FieldPhones, FieldLinkedIn, FieldPhoto, FieldAddress, FieldAddress2, FieldCity, FieldState, FieldZip,
	FieldPrimary, FieldConnected, FieldOwner, FieldCreated, FieldUpdated,
}

// IsFacet says that the entry is made from other fields.
func (f FieldID) IsFacet() bool { return f >= FacetCompany && f <= FacetPhone }

// byPlace says that a contact holds the field by its place and not by its name.
func (f FieldID) byPlace() bool { return int(f) < NumFields }

// Def is the field's entry in the table.
func (f FieldID) Def() Field { return fieldTable[f] }

// Name is the field's JSON name.
func (f FieldID) Name() string { return fieldTable[f].Name }

// Format is the field's format.
func (f FieldID) Format() Format { return fieldTable[f].Format }

// FieldByName finds a field of a contact by its JSON name.
func FieldByName(name string) (Field, bool) {
	i := slices.IndexFunc(readingOrder[:], func(f FieldID) bool { return fieldTable[f].Name == name })
	if i < 0 {
		return Field{}, false
	}
	return fieldTable[readingOrder[i]], true
}

// EntryByName finds a field of a contact, or what stands below a contact, by its name.
func EntryByName(name string) (Field, bool) {
	if f := fieldTable[FieldNotes]; f.Name == name {
		return f, true
	}
	return FieldByName(name)
}

// TextFieldNames are the JSON names of the text that can be written, for a
// stand-in of the service.
func TextFieldNames() []string {
	var out []string
	for _, f := range FieldTable() {
		if f.Update && f.Format == FormatText {
			out = append(out, f.Name)
		}
	}
	return out
}

// FacetFields are what contacts can be filtered by, in the order of the filters:
// fields, and the facets that are made from some.
func FacetFields() []FieldID { return ranked(func(f *Field) int { return f.Facet }) }

// SortFields are all fields but the id, those that people sort by most first.
func SortFields() []FieldID {
	out := ranked(func(f *Field) int { return f.SortRank })
	for _, f := range FieldTable() {
		if f.SortRank == 0 && f.ID != FieldKey {
			out = append(out, f.ID)
		}
	}
	return out
}

func ranked(rank func(*Field) int) []FieldID {
	var out []FieldID
	for i := range fieldTable {
		if rank(&fieldTable[i]) > 0 {
			out = append(out, FieldID(i))
		}
	}
	slices.SortFunc(out, func(a, b FieldID) int { return rank(&fieldTable[a]) - rank(&fieldTable[b]) })
	return out
}

// fieldTable is never changed.
var fieldTable = [NumEntries]Field{
	{ID: FieldKey, Name: "id", Label: "ID", Short: "ID", Words: "id",
		Format: FormatInt, Group: GroupRecord, Width: Width{6, 8}},
	{ID: FieldType, Name: "contact_type", Label: "Type", Short: "Type", Flag: "type", Words: "type",
		Help: "lender_contact or sponsor", Format: FormatType, Group: GroupPerson, Create: true, Update: true,
		Width: Width{7, 7}, Search: ClassRest, Facet: 1, SortRank: 5},
	{ID: FieldFirstName, Name: "first_name", Label: "First name", Short: "First name", Flag: "first-name", Words: "first",
		Format: FormatText, Group: GroupPerson, Create: true, Update: true, Max: 100,
		Width: Width{6, 16}, Search: ClassName, SortRank: 2},
	{ID: FieldLastName, Name: "last_name", Label: "Last name", Short: "Last name", Flag: "last-name", Words: "last",
		Format: FormatText, Group: GroupPerson, Create: true, Update: true, Max: 100,
		Width: Width{6, 16}, Search: ClassName, SortRank: 1},
	{ID: FieldTitle, Name: "title", Label: "Title", Short: "Title", Flag: "title", Words: "title",
		Help: "job title", Format: FormatText, Group: GroupPerson, Create: true, Update: true, Max: 200,
		Width: Width{18, 30}, Search: ClassTitle, Facet: 4, SortRank: 4, VCard: "TITLE", CommonWord: true},
	{ID: FieldDepartment, Name: "department", Label: "Department", Short: "Department", Flag: "department",
		Words: "department dept", Format: FormatText, Group: GroupPerson, Create: true, Update: true, Max: 200,
		Width: Width{18, 30}, Search: ClassTitle, Facet: 5, VCard: "ROLE"},
	{ID: FieldEmail, Name: "email", Label: "Email", Short: "Email", Flag: "email", Words: "email mail e-mail",
		Help: "name@company.com", Format: FormatEmail, Group: GroupReach, Create: true, Update: true, Max: 254,
		Width: Width{22, 34}, Search: ClassEmail, SortRank: 3, VCard: "EMAIL"},
	{ID: FieldLinkedIn, Name: "linkedin_url", Label: "LinkedIn", Short: "LinkedIn", Flag: "linkedin-url", Words: "linkedin",
		Help: "https://linkedin.com/in/…", Format: FormatURL, Group: GroupReach, Create: true, Update: true, Max: 2000,
		Width: Width{18, 30}, Search: ClassRest, VCard: "URL"},
	{ID: FieldAddress, Name: "address", Label: "Street", Short: "Street", Flag: "address", Words: "address street",
		Format: FormatText, Group: GroupAddress, Create: true, Update: true, Max: 255,
		Width: Width{18, 30}, Search: ClassRest, CommonWord: true},
	{ID: FieldCity, Name: "city", Label: "City", Short: "City", Flag: "city", Words: "city",
		Format: FormatText, Group: GroupAddress, Create: true, Update: true, Max: 100,
		Width: Width{10, 15}, Search: ClassPlace, Facet: 3, SortRank: 6},
	{ID: FieldState, Name: "state", Label: "State", Short: "State", Flag: "state", Words: "state",
		Help: "two letters, e.g. NY", Format: FormatState, Group: GroupAddress, Create: true, Update: true, Max: 100,
		Width: Width{5, 5}, Search: ClassPlace, Facet: 2, SortRank: 7, CommonWord: true},
	{ID: FieldZip, Name: "zip", Label: "ZIP", Short: "ZIP", Flag: "zip", Words: "zip",
		Help: "10004 or 10004-1234", Format: FormatZip, Group: GroupAddress, Create: true, Update: true, Max: 20,
		Width: Width{5, 10}, Search: ClassRest},
	{ID: FieldPrimary, Name: "is_primary", Label: "Primary", Short: "Primary", Flag: "primary", Words: "primary",
		Help: "the company's first person to call", Format: FormatBool, Group: GroupRecord, Create: true, Update: true,
		Width: Width{9, 9}, Facet: 7},
	{ID: FieldConnected, Name: "is_connected", Label: "Connected", Short: "Connected", Words: "connected",
		Format: FormatBool, Group: GroupRecord, Width: Width{9, 9}, Facet: 8},
	{ID: FieldOwner, Name: "owner_account_id", Label: "Owner", Short: "Owner", Words: "owner",
		Format: FormatInt, Group: GroupRecord, Width: Width{6, 8}},
	{ID: FieldCreated, Name: "created_at", Label: "Created", Short: "Created", Words: "created",
		Format: FormatTime, Group: GroupRecord, Width: Width{11, 11}, SortRank: 9},
	{ID: FieldUpdated, Name: "updated_at", Label: "Updated", Short: "Updated", Words: "updated",
		Format: FormatTime, Group: GroupRecord, Width: Width{11, 11}, SortRank: 8},
	{ID: FacetCompany, Name: "company", Label: "Company", Short: "Company", Words: "company domain",
		Format: FormatText, Facet: 6},
	{ID: FacetEmail, Name: "has_email", Label: "E-mail address", Short: "E-mail address", Words: "has-email",
		Format: FormatBool, Facet: 9},
	{ID: FacetPhone, Name: "has_phone", Label: "Phone number", Short: "Phone number", Words: "has-phone",
		Format: FormatBool, Facet: 10},
	{ID: FieldAddress2, Name: "address2", Label: "Street 2", Short: "Street 2", Flag: "address2",
		Words: "address2 street2 suite", Help: "suite, floor, unit", Format: FormatText, Group: GroupAddress,
		Create: true, Update: true, Later: true, Max: 255, Width: Width{10, 20}, Search: ClassRest},
	{ID: FieldTypes, Name: "contact_types", Label: "All types", Short: "All types", Flag: "types",
		Words: "contact_types types", Help: "lender_contact, sponsor or both, with a comma between",
		Format: FormatTypes, Group: GroupPerson, Create: true, Update: true, Later: true, Width: Width{7, 15}},
	{ID: FieldPhones, Name: "phones", Label: "Phones", Short: "Phone", Flag: "phone", Words: "phones phone tel",
		Help:   "office, mobile or fax, a colon and the number; ext and digits behind it for an extension",
		Format: FormatPhones, Group: GroupReach, Create: true, Update: true, Later: true, Width: Width{15, 24}, VCard: "TEL"},
	{ID: FieldPhoto, Name: "photo_url", Label: "Photo URL", Short: "Photo URL", Flag: "photo-url",
		Words: "photo_url photo", Help: "https://…", Format: FormatURL, Group: GroupReach,
		Create: true, Update: true, Later: true, Max: 2000, Width: Width{18, 30}, VCard: "PHOTO"},
	{ID: FieldNotes, Name: "notes", Label: "Notes", Short: "Notes", Words: "note notes",
		Format: FormatNotes, Group: GroupNotes, Later: true},
}
