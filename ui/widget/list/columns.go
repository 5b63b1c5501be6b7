package list

import (
	"slices"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// The columns that are no field: first and last name, and the company.
const (
	NameColumn    = "name"
	CompanyColumn = "company"
)

// Column is one column of the list. Name is NameColumn or a field's JSON name.
type Column struct {
	Name    string
	Field   model.FieldID // the field sorted by; FieldLastName for NameColumn
	Heading string
	min     int
	ideal   int
	right   bool
}

// DefaultColumns are the columns in the order in which they are given up, from
// the last, when the pane is too narrow.
func DefaultColumns() []string {
	return []string{NameColumn, "email", "contact_type", "title", "city", "state"}
}

// AllColumns are the names that a person may choose from.
func AllColumns() []string {
	out := []string{NameColumn}
	for _, f := range model.Fields() {
		out = append(out, f.Name)
	}
	return append(out, CompanyColumn)
}

// ColumnByName makes a column of a name from AllColumns.
func ColumnByName(name string) (Column, bool) {
	if name == NameColumn {
		return Column{Name: name, Field: model.FieldLastName, Heading: "Name", min: 16, ideal: 24}, true
	}
	if name == CompanyColumn {
		return Column{Name: name, Field: model.FacetCompany, Heading: "Company", min: 14, ideal: 22}, true
	}
	f, ok := model.FieldByName(name)
	if !ok {
		return Column{}, false
	}
	return Column{
		Name: name, Field: f.ID, Heading: f.Short, min: f.Width.Min, ideal: f.Width.Ideal, right: f.Format == model.FormatInt,
	}, true
}

// withSort makes the column of a field the most important after the first,
// unless the name shows it.
func withSort(names []string, f model.FieldID) []string {
	if f == model.FieldKey || len(names) == 0 || (f == model.FieldFirstName || f == model.FieldLastName) && slices.Contains(names, NameColumn) {
		return names
	}
	out := []string{names[0], f.Name()}
	if names[0] == f.Name() {
		out = out[:1]
	}
	for _, n := range names[1:] {
		if n != f.Name() {
			out = append(out, n)
		}
	}
	return out
}

// placed is a column with its width in cells.
type placed struct {
	Column
	width int
}

const gap = 2

// place chooses which columns fit into w cells and how wide each is. Names are
// in the order of importance; they are drawn in the order given by draw. The
// column of the sort has room for its heading and the arrow behind it.
func place(names []string, sort model.FieldID, w int) []placed {
	var out []placed
	used := 0
	for _, n := range names {
		c, ok := ColumnByName(n)
		if !ok {
			continue
		}
		if sort != model.FieldKey && c.Field == sort {
			c.min = max(c.min, plain.Width(c.Heading)+2)
			c.ideal = max(c.ideal, c.min)
		}
		need := c.min
		if len(out) > 0 {
			need += gap
		}
		if used+need > w && len(out) > 0 {
			break
		}
		out = append(out, placed{c, min(c.min, max(1, w-used))})
		used += need
	}
	grow(out, max(0, w-used))
	return drawOrder(out)
}

// grow gives spare cells to the columns in order of importance until each has
// its ideal width, and what is left to the first three in turn.
func grow(cols []placed, spare int) {
	for i := range cols {
		n := min(spare, max(0, cols[i].ideal-cols[i].width))
		cols[i].width += n
		spare -= n
	}
	for i := 0; spare > 0 && len(cols) > 0; i++ {
		c := &cols[i%len(cols)]
		if c.ideal <= 11 && len(cols) > 1 {
			if i > 2*len(cols) {
				cols[0].width += spare
				return
			}
			continue
		}
		n := min(spare, 4)
		c.width += n
		spare -= n
	}
}

// drawOrder puts the type behind the name and the e-mail behind the title: the
// order in which people read, which is not the order of importance.
func drawOrder(cols []placed) []placed {
	rank := func(name string) int {
		switch name {
		case NameColumn:
			return 0
		case "contact_type":
			return 1
		case "title":
			return 2
		case "email":
			return 3
		default:
			return 4
		}
	}
	out := make([]placed, 0, len(cols))
	for r := range 5 {
		for _, c := range cols {
			if rank(c.Name) == r {
				out = append(out, c)
			}
		}
	}
	return out
}

// text is the cleaned text of a column for a row.
func (c Column) text(p model.Packed, g theme.Glyphs, companies work.CompanyNames) string {
	switch c.Name {
	case NameColumn:
		return clean(p.Name())
	case CompanyColumn:
		if name, _ := companies.Of(p); name != "" {
			return clean(name)
		}
		return g.Empty
	}
	v := p.Get(c.Field)
	switch c.Field.Format() {
	case model.FormatType:
		return clean(model.TypeLabel(v))
	case model.FormatTypes, model.FormatPhones:
		if shown := c.Field.Def().Cell(v); shown != "" {
			return clean(shown)
		}
		return g.Empty
	case model.FormatBool:
		if v.True() {
			return "yes"
		}
		return "no"
	case model.FormatTime:
		if day, cut := text.Clip(v.String(), 10); cut || len(day) == 10 {
			return clean(day)
		}
	}
	if v.Empty() {
		return g.Empty
	}
	return clean(v.String())
}

// mostDrawn is how many bytes of a value a cell can show.
const mostDrawn = 1000

func clean(s string) string {
	s, _ = text.Clip(s, mostDrawn)
	return plain.Clean(s)
}
