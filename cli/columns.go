package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/levcontacts/levcontacts/model"
)

// csvColumn is what a column of a file holds.
type csvColumn struct {
	head    string
	name    string // of a field or a member, "" for a column that is left out
	field   model.Field
	phone   string // the type of the phones in it, "?" when another column says
	label   int    // the column that names the type, -1 for none
	company bool   // the number of the company
	full    bool   // whole names, which are split
	site    bool   // an address of the web, which counts when it is LinkedIn's
	stamp   bool   // how the row was when it was exported
	given   bool   // its heading is the very name of the field, or --map says so
	why     string // why it is left out
	known   bool   // what it holds has no place in a contact
}

// mapping is what the flags say of the columns and rows of a file.
type mapping struct {
	columns map[string]string // targets by folded heading
	set     map[string]string // values for every row, by name
	skip    bool              // columns that nobody knows are left out
	clear   bool              // an empty cell empties the field
	update  bool              // rows are compared with contacts
}

// The targets beside names of fields and members.
const (
	toNothing = "-"
	toName    = "name"
	toSite    = "website"
	toPhone   = "phone"
	toStamp   = "as_exported"
)

// aliases are the headings of other programs, folded, by what they hold. The
// digits of "E-mail 1 - Value" are left out where no heading has them.
var aliases = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, one := range [...]struct{ holds, headings string }{
		// people
		{"first_name", "givenname forename fname vorname"},
		{"last_name", "familyname surname lname nachname"},
		{toName, "fullname displayname contactname name formattedname"},
		{"title", "jobtitle position role occupation organizationtitle"},
		{"department", "organizationdepartment dept"},
		{"contact_type", "type contacttype"},
		// ways to reach them
		{"email", "emailaddress emailvalue mail workemail businessemail primaryemail homeemail personalemail " +
			"emailaddressaddress"},
		{"linkedin_url", "linkedin linkedinprofile linkedinprofileurl profileurl"},
		{toSite, "url websitevalue website webpage websiteurl homepage"},
		{"phone:?", "phone phonevalue"},
		{"phone:office", "telephone phonenumber workphone businessphone officephone companymainphone primaryphone " +
			"otherphone homephone"},
		{toNothing, "assistantsphone otherfax"},
		{"phone:mobile", "mobile mobilephone mobilephonenumber cell cellphone"},
		{"phone:fax", "fax faxnumber businessfax homefax"},
		// addresses
		{"address", "street streetaddress addressline businessstreet mailingstreet addressstreet workstreet address1 " +
			"addressline1 mailingaddress"},
		{"address2", "businessstreet2 addressextendedaddress addressline2 suite streetaddress2"},
		{"city", "businesscity mailingcity addresscity workcity town locality"},
		{"state", "businessstate mailingstate mailingstateprovince stateregion stateprovince province region " +
			"addressregion workstate statecode"},
		{"zip", "postalcode zipcode postcode zippostalcode businesspostalcode mailingpostalcode mailingzippostalcode " +
			"addresspostalcode workpostalcode workzip"},
		// the record
		{"is_primary", "primary isprimarycontact primarycontact"},
		{"owner_account_id", "owner"},
		{"created_at", "created createdate createddate"},
		{"updated_at", "updated lastmodifieddate lastmodified"},
		{toStamp, "asexported"},
	} {
		for heading := range strings.FieldsSeq(one.headings) {
			out[heading] = one.holds
		}
	}
	return out
})

// noPlace are words of headings, folded, of what a contact has no place for.
var noPlace = [...]string{
	"middlename", "additionalname", "phonetic", "yomi", "prefix", "suffix", "nickname", "fileas", "organization",
	"company", "account", "birthday", "anniversary", "note", "photo", "label", "formatted", "pobox", "country",
	"salutation", "gender", "custom", "relation", "event", "recordid", "contactowner", "leadstatus", "lifecycle",
	"marketing", "associated", "lastactivity", "connectedon", "emailtype", "emaildisplay", "phonetype", "initials",
	"shortname", "maidenname", "billing", "directoryserver", "mileage", "hobby", "sensitivity", "priority", "subject",
	"groupmembership", "location", "home", "other", "assistant", "manager", "spouse", "children", "categories",
	"keywords", "language", "referred", "profession", "pager", "telex", "ttytdd", "isdn", "callback", "carphone",
	"radio", "governmentid", "hisher", "employer", "industry", "description", "leadsource", "messenger",
	"instantmessag", "languages", "usertype", "systemmodstamp", "isdeleted", "masterrecord", "reportsto", "ownerid",
	"timezone", "error",
}

// targetOf is what a heading holds, "" when nobody knows.
func targetOf(head string) (target string, exact bool) {
	folded := foldName(head)
	if f, ok := fieldLike(head); ok && folded != toPhone { // of which another column may say the type
		return f.Name, true
	}
	if kind, ok := phoneTypeOf(head); ok && folded == "phone"+kind {
		return toPhone + ":" + kind, true
	}
	switch folded {
	case foldName(companyMember):
		return companyMember, true
	case companyColumn, "companyname", "organizationname", "accountname", "associatedcompany":
		return companyColumn, folded == companyColumn || folded == "companyname"
	}
	bare := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, folded)
	for _, word := range []string{folded, bare} {
		if to, ok := aliases()[word]; ok {
			return to, false
		}
	}
	for _, word := range noPlace {
		if strings.Contains(folded, word) {
			return toNothing, false
		}
	}
	return "", false
}

// columnFor makes a column of a target.
func columnFor(head, target string) (c csvColumn, err error) {
	c = csvColumn{head: head, label: -1}
	if kind, ok := strings.CutPrefix(target, toPhone+":"); ok || target == toPhone {
		if !slices.Contains([]string{"", "?", "mobile", "office", "fax"}, kind) {
			return c, fmt.Errorf("%s: a telephone number is phone:mobile, phone:office or phone:fax", target)
		}
		c.name, c.field, c.phone = model.PhoneColumn(kind), model.FieldPhones.Def(), cmp.Or(kind, "?")
		return c, nil
	}
	switch target {
	case toNothing:
		c.known, c.why = true, "contacts have no place for it"
		return c, nil
	case toName:
		c.name, c.full = toName, true
		return c, nil
	case toSite:
		c.name, c.site = toSite, true
		return c, nil
	case toStamp:
		c.name, c.stamp = toStamp, true
		return c, nil
	}
	if f, ok := fieldLike(target); ok {
		c.name, c.field = f.Name, f
		return c, nil
	}
	switch foldName(target) {
	case foldName(companyMember):
		c.name, c.company = companyMember, true
		return c, nil
	case companyColumn:
		c.name, c.company = companyColumn, true
		return c, nil
	}
	names := append(columnNames(), companyColumn, companyMember, "phone:mobile", "phone:office", "phone:fax", toName, toNothing)
	return c, fmt.Errorf("there is no field %q%s", target, choices(target, names))
}

// columnsOf finds out what the columns under a heading hold.
func (m mapping) columnsOf(heads []string) ([]csvColumn, error) {
	columns := make([]csvColumn, len(heads))
	seen := map[string]int{}
	unused := map[string]bool{}
	for head := range m.columns {
		unused[head] = true
	}
	for i, head := range heads {
		c := csvColumn{head: head, label: -1}
		folded := foldName(head)
		target, mapped := m.columns[folded]
		delete(unused, folded)
		exact := mapped
		if !mapped && strings.TrimSpace(head) != "" {
			target, exact = targetOf(head)
		}
		if target != "" {
			var err error
			if c, err = columnFor(head, target); err != nil {
				return nil, fmt.Errorf("--map: %w", err)
			}
			c.given = exact
		}
		columns[i] = c
		if before := foldName(heads[max(0, i-1)]); c.phone == "?" && (strings.HasSuffix(before, "label") || strings.HasSuffix(before, "type")) {
			columns[i].label = i - 1
		}
		if c.name == "" || c.phone != "" || c.site || c.name == "email" && !exact {
			continue
		}
		before, twice := seen[c.name]
		switch {
		case !twice:
			seen[c.name] = i
		case exact && columns[before].given:
			return nil, fmt.Errorf("two columns are %s", c.name)
		case c.name == "title" && folded == "title": // "Ms.", beside a job title
			columns[i] = csvColumn{head: head, label: -1, known: true, why: "another column has the job title"}
		case c.name == "title" && foldName(heads[before]) == "title":
			columns[before] = csvColumn{head: heads[before], label: -1, known: true, why: "another column has the job title"}
			seen[c.name] = i
		default:
			columns[i] = csvColumn{head: head, label: -1, known: true, why: fmt.Sprintf("column %q has the %s", heads[before], c.name)}
		}
	}
	for head := range unused {
		return nil, fmt.Errorf("--map: no column is called %q", head)
	}
	dropWholeName(columns)
	foreign := slices.ContainsFunc(columns, func(c csvColumn) bool { return c.name != "" && !c.given })
	for i := range columns {
		columns[i].given = columns[i].given && !(foreign && columns[i].name == companyColumn)
	}
	return columns, nil
}

// dropWholeName leaves out whole names where first or last names have columns.
func dropWholeName(columns []csvColumn) {
	if !slices.ContainsFunc(columns, func(c csvColumn) bool { return c.name == "first_name" || c.name == "last_name" }) {
		return
	}
	for i := range columns {
		if columns[i].full {
			columns[i] = csvColumn{head: columns[i].head, label: -1, known: true, why: "the parts of the name have columns of their own"}
		}
	}
}

// recognized counts the headings that are known, for finding the line of them.
func (m mapping) recognized(heads []string) (n int) {
	for _, head := range heads {
		if _, mapped := m.columns[foldName(head)]; mapped {
			n++
		} else if target, _ := targetOf(head); target != "" {
			n++
		}
	}
	return n
}

// describe says, for every column whose heading is not the very name of what it
// holds, what becomes of it.
func describe(columns []csvColumn, filled []int) (lines []string) {
	for i, c := range columns {
		held := ""
		switch {
		case filled[i] == 0:
			continue
		case c.name == "":
			held = "left out: " + c.why + " (" + counted(filled[i], "value") + ")"
		case c.stamp:
			held = "how the rows were when they were exported"
		case c.head == c.name:
			continue
		case c.full:
			held = "first_name, last_name"
		case c.site:
			held = "linkedin_url, where it is an address of LinkedIn"
		case c.phone == "?":
			held = "phones"
		default:
			held = c.name
		}
		lines = append(lines, fmt.Sprintf("  %s -> %s", c.head, held))
	}
	return lines
}
