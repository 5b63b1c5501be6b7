package edit

import (
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func tableOf(values ...map[model.FieldID]model.Value) Table {
	var t Table
	for i, v := range values {
		t.Contacts = append(t.Contacts, model.NewContact(int64(i+1), v))
	}
	return t
}

// What is written and not touched changes nothing, whatever the values hold.
func TestUntouchedTableChangesNothing(t *testing.T) {
	t.Parallel()
	table := tableOf()
	for i, text := range []string{"", "a|b", `a\|b`, `\`, `\n`, "a\nb", "a\r\nb", "a\tb", " lead ", "# x", "Zoë", "日本語",
		`|`, strings.Repeat("x", 300)} {
		table.Contacts = append(table.Contacts, model.NewContact(int64(i+1), map[model.FieldID]model.Value{
			model.FieldType: model.TextValue(model.TypeLender), model.FieldTitle: model.TextValue(text),
			model.FieldCity: model.TextValue(text)}))
	}
	items, problems := table.Read(table.Text())
	if len(items) > 0 || len(problems) > 0 {
		t.Errorf("%d changes %v, problems %q", len(items), items, problems)
	}
	for _, end := range []string{"\r\n", "\n\n"} {
		items, problems = table.Read("\ufeff" + strings.ReplaceAll(table.Text(), "\n", end))
		if len(items) > 0 || len(problems) > 0 {
			t.Errorf("with %q: %d changes, problems %q", end, len(items), problems)
		}
	}
}

// Cells that were changed are what is sent; a line or a column that is gone means
// nothing; a line that cannot be read is named.
func TestTableIsRead(t *testing.T) {
	t.Parallel()
	table := tableOf(
		map[model.FieldID]model.Value{model.FieldTitle: model.TextValue("VP"), model.FieldCity: model.TextValue("Boston"),
			model.FieldType: model.TextValue(model.TypeLender), model.FieldPrimary: model.BoolValue(false)},
		map[model.FieldID]model.Value{model.FieldTitle: model.TextValue("MD"), model.FieldCity: model.TextValue("Austin")},
	)
	const head = "id | title | city | contact_type | is_primary\n"
	for _, c := range []struct{ text, want, problem string }{
		{head + "1 | VP | Boston | lender | no\n2 | MD | Austin | | ", "", ""},
		{head + "1 | Chief | Boston | lender | no", `1:{"title":"Chief"}`, ""},
		{head + "1 | | Boston | Sponsor | yes", `1:{"contact_type":"sponsor","title":null,"is_primary":true}`, ""},
		{"# note\n\nid|city\n2|a\\|b\\nc\\\\d", `2:{"city":"a|b\nc\\d"}`, ""},
		{"city | id\n", "", "line 1: the line with the names of the columns is gone; it begins with id"},
		{"id | town\n1 | x", "", `line 1: there is no column "town"`},
		{head + "1 | VP | Bos|ton | lender | no", "", `line 2: 6 cells, and there are 5 columns; a bar in a cell is \|`},
		{head + "3 | x | y | |\n1 | Chief | Boston | lender | no", `1:{"title":"Chief"}`,
			`line 2: "3" is not the id of a contact in this table`},
		{head + "1 | a | Boston | lender | no\n1 | b | Boston | lender | no", `1:{"title":"a"}`,
			"line 3: contact 1 is on line 2 already"},
		{head + "1 | VP | Boston | broker | no", "", "line 2: contact_type: type is lender_contact or sponsor"},
		{head + "1 | VP | Boston | lender | perhaps", "", "line 2: is_primary: yes or no"},
		{head + "1 | VP | Boston | | no", "", "line 2: contact_type cannot be empty"},
		{"", "", ""},
	} {
		items, problems := table.Read(c.text)
		got := ""
		for _, it := range items {
			raw, err := it.Patch.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			got += string(rune('0'+it.ContactID)) + ":" + string(raw)
		}
		if got != c.want || strings.Join(problems, "; ") != c.problem {
			t.Errorf("%q gives %s, problems %q; want %s, %q", c.text, got, problems, c.want, c.problem)
		}
	}
}
