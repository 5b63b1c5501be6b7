package model

import (
	"slices"
	"testing"
)

func phonesOf(t *testing.T, raw string) Value {
	t.Helper()
	v, err := ParseValue([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPhoneInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, line, display, becomes, link string }{
		{"office: 212.555.0193 x4", "office: 212.555.0193 ext 4", "(212) 555-0193 ext 4", "+1 212 555 0193 ext 4", "tel:+12125550193;ext=4"},
		{"(212) 555-0193", "(212) 555-0193", "(212) 555-0193", "+1 212 555 0193", "tel:+12125550193"},
		{"Mobile : +1 212 555 0193", "mobile: +1 212 555 0193", "(212) 555-0193", "+1 212 555 0193", "tel:+12125550193"},
		{"office/gb: 020 7946 0958", "office/GB: 020 7946 0958", "+44 20 7946 0958", "+44 20 7946 0958", "tel:+442079460958"},
		{"fax: +44 20 7946 0958, ext. 12", "fax: +44 20 7946 0958 ext 12", "+44 20 7946 0958 ext 12", "+44 20 7946 0958 ext 12", "tel:+442079460958;ext=12"},
		{"tel:+12125550193;ext=7", "+12125550193 ext 7", "(212) 555-0193 ext 7", "+1 212 555 0193 ext 7", "tel:+12125550193;ext=7"},
		{"office: call the desk", "office: call the desk", "call the desk", "", ""},
		{"12:30 call", "12:30 call", "12:30 call", "", ""},
		{"office/us: 1-212-555-0193", "office: 1-212-555-0193", "(212) 555-0193", "+1 212 555 0193", "tel:+12125550193"},
	} {
		p := ParsePhone(c.typed)
		if p.Display() != c.display || p.Becomes() != c.becomes || p.Link() != c.link {
			t.Errorf("%q: %q %q %q", c.typed, p.Display(), p.Becomes(), p.Link())
		}
		if line := p.String(); line != c.line && line != ": "+c.line {
			t.Errorf("%q is written %q", c.typed, line)
		}
		again := ParsePhone(p.String())
		if again.key() != p.key() || again.Raw != p.Raw {
			t.Errorf("%q becomes %+v after %+v", p.String(), again, p)
		}
	}
}

func TestPhoneFindings(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]Severity{
		"office: 212 555 0193": Fine, "+44 20 7946 0958": Fine, "212 555 0193\nfax: 212 555 0194": Fine, "": Fine,
		"office: 12": Warning, "call me": Warning, "office:": Warning, "212 555 0193\nfax: x": Warning,
		"home: 212 555 0193": Refused, "add office: 212 555 0193": Fine, "add office: 1": Warning, "remove fax": Fine, "+1 555 0193": Warning,
	} {
		if got := FieldPhones.Def().Check(typed); got.Severity != want || (got.Text == "") != (want == Fine) {
			t.Errorf("%q: %+v", typed, got)
		}
	}
}

// Old records lack parts of a phone.
func TestPhonesAsRead(t *testing.T) {
	t.Parallel()
	v := phonesOf(t, `[{"id":"ph_1","type":null,"raw":null,"country":null,"e164":"+12125550193","extension":null},{"raw":"call"},{"type":"fax"}]`)
	phones, ok := ParsePhones(v)
	if !ok || len(phones) != 3 || phones[0].Display() != "(212) 555-0193" || phones[1].Display() != "call" {
		t.Errorf("%+v %v", phones, ok)
	}
	if got, want := PhonesValue(phones).String(), `[{"raw":"+12125550193"},{"raw":"call"}]`; got != want {
		t.Errorf("written %s", got)
	}
	for _, raw := range []string{`"1"`, `1`, `[1]`, `[null]`, `[{"raw":["1"]}]`, `{"office":"1"}`} {
		if _, ok := ParsePhones(phonesOf(t, raw)); ok {
			t.Errorf("%s is a list of phones", raw)
		}
	}
}

const twoPhones = `[{"id":"a","type":"office","raw":"(212) 555-0193","country":"US","e164":"+12125550193","extension":"4"},` +
	`{"id":"b","type":"mobile","raw":"917-555-0101","country":"US","e164":"+19175550101","extension":null}]`

func TestPatchOfPhones(t *testing.T) {
	t.Parallel()
	const office, mobile = `{"type":"office","raw":"(212) 555-0193","country":"US","extension":"4"}`, `{"type":"mobile","raw":"917-555-0101","country":"US"}`
	for _, c := range []struct{ name, before, typed, want string }{
		{"the same in another spelling", twoPhones, "office: 2125550193 ext 4\n+1 917 555 0101", `{}`},
		{"a number more", twoPhones, "add fax: 212 555 0199", `{"phones":[` + office + `,` + mobile + `,{"type":"fax","raw":"212 555 0199"}]}`},
		{"a known number again", twoPhones, "add mobile: 9175550101", `{}`},
		{"without one type", twoPhones, "remove mobile", `{"phones":[` + office + `]}`},
		{"without a number", twoPhones, "remove 2125550193 x4", `{"phones":[` + mobile + `]}`},
		{"a type set", twoPhones, "set office: +1 646 555 0100", `{"phones":[{"type":"office","raw":"+1 646 555 0100"},` + mobile + `]}`},
		{"all of them", twoPhones, "", `{"phones":[]}`},
		{"another order", twoPhones, "mobile: 917-555-0101\noffice: (212) 555-0193 ext 4",
			`{"phones":[` + mobile + `,` + office + `]}`},
		{"the first ones", "null", "office: 212 555 0193", `{"phones":[{"type":"office","raw":"212 555 0193"}]}`},
		{"none of none", "null", "", `{}`},
		{"none of an empty list", "[]", "", `{}`},
	} {
		base := NewContact(1, map[FieldID]Value{FieldPhones: phonesOf(t, c.before)})
		p := Diff(base, Draft{FieldPhones: c.typed})
		b, err := p.MarshalJSON()
		if err != nil || string(b) != c.want {
			t.Errorf("%s: %s, %v", c.name, b, err)
		}
		undo, err := p.Inverse().MarshalJSON()
		if want := `{"phones":` + FieldPhones.written(phonesOf(t, c.before)).String() + `}`; !p.Empty() && (err != nil || string(undo) != want) {
			t.Errorf("%s: undone by %s", c.name, undo)
		}
		if rest, conflicts := Merge(p, p.Apply(base)); !rest.Empty() || len(conflicts) > 0 {
			t.Errorf("%s: after it %v %v", c.name, rest, conflicts)
		}
		if not := NotTaken(p, p.Apply(base)); len(not) > 0 {
			t.Errorf("%s: not taken %v", c.name, not)
		}
	}
}

func TestConflictOfPhones(t *testing.T) {
	t.Parallel()
	base := NewContact(1, map[FieldID]Value{FieldPhones: phonesOf(t, twoPhones)})
	mine := Diff(base, Draft{FieldPhones: "remove mobile"})
	theirs := base.With(FieldPhones, phonesOf(t, `[{"type":"office","raw":"(646) 555-0100"}]`))
	if rest, conflicts := Merge(mine, theirs); !rest.Empty() || len(conflicts) != 1 || conflicts[0].Field != FieldPhones {
		t.Errorf("%v %v", rest, conflicts)
	}
	spelled := base.With(FieldPhones, phonesOf(t, `[{"type":"office","raw":"2125550193","extension":"4"},{"type":"mobile","raw":"+1 917 555 0101"}]`))
	if rest, conflicts := Merge(mine, spelled); rest.Empty() || len(conflicts) != 0 {
		t.Errorf("spelled in another way: %v %v", rest, conflicts)
	}
	change := mine.Changes()[0]
	if change.Note() != "replaces all 2 numbers" {
		t.Errorf("note %q", change.Note())
	}
	if got := FieldPhones.Def().Show(change.Before); got != "office (212) 555-0193 ext 4, mobile (917) 555-0101" {
		t.Errorf("shown %q", got)
	}
	if got := FieldPhones.Def().Text(change.Before); got != "office: (212) 555-0193 ext 4\nmobile: 917-555-0101" {
		t.Errorf("typed %q", got)
	}
}

func TestPhonesSideBySide(t *testing.T) {
	t.Parallel()
	before := ParsePhoneLines("office: 212 555 0193\nmobile: 917 555 0101\nfax: 212 555 0199")
	after := ParsePhoneLines("mobile: 917 555 0102\nmobile: 646 555 0100\noffice: 2125550193")
	var got []string
	for _, c := range DiffPhones(before, after) {
		line := ""
		if c.Before != nil {
			line = c.Before.String()
		}
		line += " > "
		if c.After != nil {
			line += c.After.String()
		}
		if c.Same() {
			line = "= " + line
		}
		got = append(got, line)
	}
	want := []string{"fax: 212 555 0199 > ", "mobile: 917 555 0101 > mobile: 917 555 0102", " > mobile: 646 555 0100", "= office: 212 555 0193 > office: 2125550193"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestTypesOfAContact(t *testing.T) {
	t.Parallel()
	base := NewContact(1, map[FieldID]Value{FieldTypes: phonesOf(t, `["lender_contact"]`)})
	for typed, want := range map[string]string{
		"lender, sponsor": `{"contact_types":["lender_contact","sponsor"]}`, "lender_contact": `{}`, "": `{"contact_types":[]}`,
	} {
		if b, err := Diff(base, Draft{FieldTypes: typed}).MarshalJSON(); err != nil || string(b) != want {
			t.Errorf("%q: %s %v", typed, b, err)
		}
	}
	f := FieldTypes.Def()
	if f.Check("lender broker").Severity != Refused || f.Check("lender sponsor").Severity != Fine {
		t.Error("what types there are")
	}
	if f.Show(base.Get(FieldTypes)) != "lender" || f.Text(base.Get(FieldTypes)) != "lender_contact" {
		t.Errorf("%q %q", f.Show(base.Get(FieldTypes)), f.Text(base.Get(FieldTypes)))
	}
}

// The later fields are read and set like the others, and leave the JSON as it was.
func TestLaterFieldsByName(t *testing.T) {
	t.Parallel()
	c := NewContact(1, nil).WithExtra("address2", `"Floor 18"`).WithExtra("x", "1")
	if got := c.Get(FieldAddress2).String(); got != "Floor 18" || c.Pack().Get(FieldAddress2).String() != got {
		t.Errorf("%q", got)
	}
	if c.Get(FieldPhones).Kind() != Absent || c.Pack().Get(FieldPhones).Kind() != Absent {
		t.Error("phones are there")
	}
	if names := c.Unnamed(); len(names) != 1 || names[0].Name != "x" {
		t.Errorf("%v", names)
	}
	d := c.With(FieldPhoto, NullValue()).With(FieldAddress2, Value{})
	if b, err := d.MarshalJSON(); err != nil || string(b) != `{"id":1,"photo_url":null,"x":1}` {
		t.Errorf("%s %v", b, err)
	}
	if raw, _ := c.Extra("address2"); raw != `"Floor 18"` {
		t.Error("the contact was changed in place")
	}
}

func TestPhonePairs(t *testing.T) {
	t.Parallel()
	before := PhonesValue(ParsePhoneLines("office: 212 555 0193\nmobile: 917 555 0101"))
	after := PhonesValue(ParsePhoneLines("office: 212 555 0193\nfax: GB: 020"))
	got := Change{FieldPhones, before, after}.Pairs()
	want := []Pair{{"Mobile (917) 555-0101", ""}, {"Office (212) 555-0193", "Office (212) 555-0193"}, {"", "Fax GB: 020"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := (Change{FieldTitle, TextValue("a"), NullValue()}).Pairs(); !slices.Equal(got, []Pair{{"a", ""}}) {
		t.Errorf("of a text: %q", got)
	}
}

// A phone of a list that is typed as it was keeps its country and its other parts.
func TestTypedAsItWas(t *testing.T) {
	t.Parallel()
	raw := `[{"id":"a","type":"office","raw":"212  555 0193","country":"US","e164":"+12125550193","extension":null}]`
	base := NewContact(1, nil).WithExtra("phones", raw)
	body, err := Diff(base, Draft{FieldPhones: "office: 212 555 0193\nfax: 212 555 0194"}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"phones":[{"type":"office","raw":"212  555 0193","country":"US"},{"type":"fax","raw":"212 555 0194"}]}`
	if string(body) != want {
		t.Errorf("got %s, want %s", body, want)
	}
}

func TestCountryAlone(t *testing.T) {
	t.Parallel()
	p := ParsePhone("gb: 020 7946 0958 ext 4")
	want := Phone{Raw: "020 7946 0958", Country: "GB", Extension: "4"}
	if p != want || p.String() != "GB: 020 7946 0958 ext 4" || p.Becomes() != "+44 20 7946 0958 ext 4" {
		t.Errorf("%+v, %q, %q", p, p.String(), p.Becomes())
	}
}
