package model

import (
	"errors"
	"strings"
	"testing"
)

func TestYesAndNoInWords(t *testing.T) {
	t.Parallel()
	base := NewContact(1, map[FieldID]Value{FieldPrimary: BoolValue(true)})
	for typed, want := range map[string]string{"YES": "{}", "True": "{}", "1": "{}", "y": "{}", "on": "{}", "no": `{"is_primary":false}`, "Off": `{"is_primary":false}`} {
		b, err := Diff(base, Draft{FieldPrimary: typed}).MarshalJSON()
		if err != nil || string(b) != want {
			t.Errorf("%q: %s, %v, want %s", typed, b, err, want)
		}
	}
	if f := FieldPrimary.Def().Check("maybe"); f.Severity != Refused {
		t.Errorf("maybe is %v", f)
	}
}

func TestReadOnlyFieldsAreNeverSent(t *testing.T) {
	t.Parallel()
	p := Diff(NewContact(1, nil), Draft{FieldKey: "9", FieldOwner: "6", FieldUpdated: "x", FieldConnected: "yes", FieldCreated: "y"})
	if !p.Empty() {
		t.Errorf("%+v", p.Changes())
	}
}

func TestDamagedPackIsNoContact(t *testing.T) {
	t.Parallel()
	good := NewContact(1, nil).Pack()
	bad := Packed(strings.Replace(string(good), string([]byte{packAbsent}), string([]byte{packNumber, 2, 'x', '"'}), 1))
	if _, err := bad.Unpack(); !errors.Is(err, ErrPacked) {
		t.Errorf("error %v", err)
	}
}

// What nobody can see a difference between is no conflict.
func TestNoFalseConflicts(t *testing.T) {
	t.Parallel()
	cases := []struct{ base, mine, theirs Value }{
		{TextValue("A "), TextValue("B"), TextValue("A")},
		{Value{kind: Number, text: "10004"}, TextValue("10005"), TextValue("10004")},
		{NullValue(), TextValue("B"), TextValue("")},
	}
	for _, c := range cases {
		rest, conflicts := Merge(NewPatch(Change{FieldZip, c.base, c.mine}), NewContact(1, map[FieldID]Value{FieldZip: c.theirs}))
		if len(conflicts) != 0 || rest.Len() != 1 {
			t.Errorf("%+v: conflicts %+v, rest %+v", c, conflicts, rest)
		}
	}
	if n := NotTaken(NewPatch(Change{FieldZip, NullValue(), TextValue("10005")}), NewContact(1, map[FieldID]Value{FieldZip: {kind: Number, text: "10005"}})); len(n) != 0 {
		t.Errorf("%+v", n)
	}
}

func TestInvisibleNamesAreNoNames(t *testing.T) {
	t.Parallel()
	c := NewContact(7, map[FieldID]Value{FieldFirstName: TextValue(" "), FieldLastName: TextValue("\u200b"), FieldEmail: TextValue("a@b.example")})
	if c.HasName() || c.Name() != "a@b.example" || c.Pack().Name() != c.Name() {
		t.Errorf("name %q", c.Name())
	}
}

func TestExtraOfAPack(t *testing.T) {
	t.Parallel()
	c := NewContact(1, nil).WithExtra("phones", `[{"raw":"1"}]`).WithExtra("zz", `1`)
	if got, ok := c.Pack().Extra("zz"); !ok || got != "1" {
		t.Errorf("%q, %v", got, ok)
	}
	if _, ok := c.Pack().Extra("none"); ok {
		t.Error("found what is not there")
	}
}

func TestVCard(t *testing.T) {
	t.Parallel()
	c := NewContact(1, map[FieldID]Value{FieldFirstName: TextValue("Sarah"), FieldLastName: TextValue("Chen\r\nX"), FieldEmail: TextValue("s@c.example"),
		FieldTitle: TextValue("SVP; Debt"), FieldAddress: TextValue("1 Battery Park Plaza"), FieldCity: TextValue("New York"), FieldState: TextValue("NY"), FieldZip: TextValue("10004")})
	got := VCard(c)
	for _, want := range []string{"BEGIN:VCARD", "VERSION:4.0", "EMAIL:s@c.example", "ADR:;;1 Battery Park Plaza;New York;NY;10004;", "END:VCARD"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(strings.ReplaceAll(got, "\r\n", ""), "\r") {
		t.Error("a bare return in the card")
	}
}

// Whatever the later fields hold comes out of a pack as it went in.
func TestLaterFieldsInAPack(t *testing.T) {
	t.Parallel()
	office := `{"id":"ph_1","type":"office","raw":"(212) 555-0193","country":"US","e164":"+12125550193","extension":null}`
	cases := []Extra{
		{"phones", "[" + office + "]"}, {"phones", "[" + office + "," + office + "]"}, {"phones", "[]"}, {"phones", "null"},
		{"phones", `[{"id":1,"type":null,"raw":null,"country":null,"e164":null,"extension":null}]`},
		{"phones", `[{"type":"office","id":1,"raw":"x","country":null,"e164":null,"extension":null}]`},
		{"phones", `[{"id":1,"type":"office","raw":"x","country":null,"e164":null,"extension":null,"note":"y"}]`},
		{"phones", `[{"id":1}]`}, {"phones", `{"office":"1"}`}, {"phones", `"1"`},
		{"contact_types", `["sponsor","lender_contact"]`}, {"contact_types", `["other"]`}, {"address2", `"Floor 18"`}, {"address2", "null"},
		{"photo_url", "null"}, {"", "1"}, {"ünknown", `{"a":[1,2]}`},
	}
	for _, e := range cases {
		c := NewContact(1, nil).WithExtra(e.Name, e.JSON)
		got, err := c.Pack().Unpack()
		if err != nil || !got.Equal(c) {
			t.Errorf("%s %s came out as %+v, %v", e.Name, e.JSON, got.Extras(), err)
		}
	}
	short := NewContact(1, nil).WithExtra("phones", "["+office+"]").WithExtra("photo_url", "null").WithExtra("contact_types", `["lender_contact"]`).WithExtra("address2", "null").Pack()
	if len(short) > 100 {
		t.Errorf("%d bytes", len(short))
	}
}
