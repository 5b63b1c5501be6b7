package model

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
)

// Group is the part of the detail pane and of the form in which a field stands.
type Group uint8

// The groups, in the order in which they are shown.
const (
	GroupPerson Group = iota
	GroupReach
	GroupAddress
	GroupRecord
)

// Label is the heading of a group.
func (g Group) Label() string {
	return [...]string{"Person", "Reach", "Address", "Record"}[g]
}

// Field is one entry of the field table. Columns, detail rows, forms, search,
// sort, command-line flags and file headers are all made from it.
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
	Search         bool // part of the words that a plain search looks at
	Max            int  // longest sensible value in characters, a warning and no more
}

// FieldTable is the one description of the documented fields, indexed by FieldID.
func FieldTable() [NumFields]Field {
	return [NumFields]Field{
		{ID: FieldKey, Name: "id", Label: "ID", Short: "ID", Format: FormatInt, Group: GroupRecord},
		{ID: FieldType, Name: "contact_type", Label: "Type", Short: "Type", Flag: "type", Help: "lender_contact or sponsor", Format: FormatType, Group: GroupPerson, Create: true, Update: true, Search: true},
		{ID: FieldFirstName, Name: "first_name", Label: "First name", Short: "First name", Flag: "first-name", Format: FormatText, Group: GroupPerson, Create: true, Update: true, Search: true, Max: 100},
		{ID: FieldLastName, Name: "last_name", Label: "Last name", Short: "Last name", Flag: "last-name", Format: FormatText, Group: GroupPerson, Create: true, Update: true, Search: true, Max: 100},
		{ID: FieldTitle, Name: "title", Label: "Title", Short: "Title", Flag: "title", Help: "job title", Format: FormatText, Group: GroupPerson, Create: true, Update: true, Search: true, Max: 200},
		{ID: FieldDepartment, Name: "department", Label: "Department", Short: "Department", Flag: "department", Format: FormatText, Group: GroupPerson, Create: true, Update: true, Search: true, Max: 200},
		{ID: FieldEmail, Name: "email", Label: "Email", Short: "Email", Flag: "email", Help: "name@company.com", Format: FormatEmail, Group: GroupReach, Create: true, Update: true, Search: true, Max: 254},
		{ID: FieldLinkedIn, Name: "linkedin_url", Label: "LinkedIn", Short: "LinkedIn", Flag: "linkedin-url", Help: "https://linkedin.com/in/…", Format: FormatURL, Group: GroupReach, Create: true, Update: true, Max: 2000},
		{ID: FieldAddress, Name: "address", Label: "Street", Short: "Street", Flag: "address", Format: FormatText, Group: GroupAddress, Create: true, Update: true, Max: 255},
		{ID: FieldCity, Name: "city", Label: "City", Short: "City", Flag: "city", Format: FormatText, Group: GroupAddress, Create: true, Update: true, Search: true, Max: 100},
		{ID: FieldState, Name: "state", Label: "State", Short: "State", Flag: "state", Help: "two letters, e.g. NY", Format: FormatState, Group: GroupAddress, Create: true, Update: true, Search: true, Max: 100},
		{ID: FieldZip, Name: "zip", Label: "ZIP", Short: "ZIP", Flag: "zip", Help: "10004 or 10004-1234", Format: FormatZip, Group: GroupAddress, Create: true, Update: true, Max: 20},
		{ID: FieldPrimary, Name: "is_primary", Label: "Primary", Short: "Primary", Flag: "primary", Help: "the company's first person to call", Format: FormatBool, Group: GroupRecord, Create: true, Update: true},
		{ID: FieldConnected, Name: "is_connected", Label: "Connected", Short: "Connected", Format: FormatBool, Group: GroupRecord},
		{ID: FieldOwner, Name: "owner_account_id", Label: "Owner", Short: "Owner", Format: FormatInt, Group: GroupRecord},
		{ID: FieldCreated, Name: "created_at", Label: "Created", Short: "Created", Format: FormatTime, Group: GroupRecord},
		{ID: FieldUpdated, Name: "updated_at", Label: "Updated", Short: "Updated", Format: FormatTime, Group: GroupRecord},
	}
}

// Def is the field's entry in the table.
func (f FieldID) Def() Field { return FieldTable()[f] }

// Name is the field's JSON name.
func (f FieldID) Name() string { return f.Def().Name }

// FieldByName finds a field by its JSON name.
func FieldByName(name string) (Field, bool) {
	for _, f := range FieldTable() {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// The documented contact types.
const (
	TypeLender  = "lender_contact"
	TypeSponsor = "sponsor"
)

// TypeLabel is a contact type in words for a screen, "" for none. A type that
// the documents do not name is shown as it came.
func TypeLabel(v Value) string {
	switch v.String() {
	case TypeLender:
		return "lender"
	default:
		return v.String()
	}
}
