package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// sarah is the contact of the contacts page of March 2026, with two fields
// that it does not name.
const sarah = `{"id":78,"contact_type":"lender_contact","first_name":"Sarah","last_name":"Chen","title":"Senior Vice President",` +
	`"department":"Originations","email":"schen@meridiancapital.com","linkedin_url":"https://linkedin.com/in/sarah-chen-cre",` +
	`"address":"1 Battery Park Plaza","city":"New York","state":"NY","zip":"10004","is_primary":true,"is_connected":true,` +
	`"owner_account_id":56,"created_at":"2025-09-01T11:00:00Z","updated_at":"2026-02-20T16:45:00Z",` +
	`"address2":null,"phones":[{"e164":"+12125550100","id":9,"raw":"212 555 <0100>"}]}`

func contactOf(tb testing.TB, raw string) Contact {
	tb.Helper()
	var c Contact
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		tb.Fatalf("%s: %v", raw, err)
	}
	return c
}

// direct is the contact's JSON as MarshalJSON writes it.
func direct(tb testing.TB, m json.Marshaler) string {
	tb.Helper()
	b, err := m.MarshalJSON()
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

func TestContactJSONRoundTrip(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		sarah,
		`{"id":1}`,
		`{"id":-5,"first_name":null,"last_name":""}`,
		`{"id":9223372036854775807,"title":"a<b>&\"c\"","city":"東京 👍"}`,
		`{"id":1,"is_primary":null,"is_connected":false,"owner_account_id":null}`,
		`{"id":1,"title":{"en":"x"},"email":["a","b"],"zip":10004,"is_primary":"yes","created_at":17}`,
		`{"id":1,"":1,"a b":true,"z":{"b":1,"a":2},"ünï":[1.50,-0,1e400,null]}`,
	} {
		c := contactOf(t, raw)
		if got := direct(t, c); got != raw {
			t.Errorf("%s\ncame back as\n%s", raw, got)
		}
		if back := contactOf(t, direct(t, c)); !back.Equal(c) {
			t.Errorf("%s is not equal to itself", raw)
		}
	}
}

func TestContactKeepsNullEmptyAndAbsentApart(t *testing.T) {
	t.Parallel()
	c := contactOf(t, `{"id":1,"first_name":null,"last_name":"","email":"x","is_primary":false,"owner_account_id":5,"title":[1, 2]}`)
	for _, want := range []struct {
		field FieldID
		kind  Kind
		text  string
		empty bool
	}{
		{FieldFirstName, Null, "", true},
		{FieldLastName, Text, "", true},
		{FieldEmail, Text, "x", false},
		{FieldPrimary, Bool, "false", false},
		{FieldOwner, Number, "5", false},
		{FieldTitle, Raw, "[1, 2]", false},
		{FieldCity, Absent, "", true},
	} {
		v := c.Get(want.field)
		if v.Kind() != want.kind || v.String() != want.text || v.Empty() != want.empty {
			t.Errorf("%s is %d %q", want.field.Name(), v.Kind(), v)
		}
	}
	values := []Value{{}, NullValue(), TextValue("")}
	for i, a := range values {
		for j, b := range values {
			if (a == b) != (i == j) {
				t.Errorf("%#v and %#v", a, b)
			}
		}
	}
}

func TestContactDecodingErrors(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]error{
		`{}`: ErrNoID, `null`: ErrNoID, `{"id":null}`: ErrNoID, `{"id":"78"}`: ErrNoID, `{"id":7.5}`: ErrNoID,
		`{"id":{}}`: ErrNoID, `{"id":9223372036854775808}`: ErrNoID,
	} {
		c := NewContact(5, nil)
		if err := c.UnmarshalJSON([]byte(raw)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", raw, err, want)
		}
		if c.ID() != 5 {
			t.Errorf("%s: a failed read changed the contact", raw)
		}
	}
	for _, raw := range []string{`[]`, `7`, `"x"`, `{"id":1`, ``, `{"id":1}x`} {
		var c Contact
		if err := c.UnmarshalJSON([]byte(raw)); err == nil {
			t.Errorf("%q was read", raw)
		}
	}
}

func TestContactExtras(t *testing.T) {
	t.Parallel()
	c := contactOf(t, `{"zeta": [ 1 , 2 ],"id":1,"alpha":"<é>"}`)
	if want := []Extra{{"alpha", `"<é>"`}, {"zeta", "[1,2]"}}; !reflect.DeepEqual(c.Extras(), want) {
		t.Errorf("extras %v", c.Extras())
	}
	d := c.WithExtra("mid", "1").WithExtra("alpha", "null")
	if got := direct(t, d); got != `{"id":1,"alpha":null,"mid":1,"zeta":[1,2]}` {
		t.Errorf("changed extras: %s", got)
	}
	if j, ok := d.Extra("mid"); !ok || j != "1" {
		t.Errorf("mid is %q %v", j, ok)
	}
	if _, ok := d.Extra("none"); ok {
		t.Error("an extra that is not there")
	}
	if j, _ := c.Extra("alpha"); j != `"<é>"` || len(c.Extras()) != 2 {
		t.Error("WithExtra changed the original")
	}
	if c.Equal(d) || !c.Equal(contactOf(t, direct(t, c))) {
		t.Error("Equal does not look at the extras")
	}
}

func TestContactWith(t *testing.T) {
	t.Parallel()
	c := contactOf(t, sarah)
	d := c.With(FieldTitle, TextValue("EVP"))
	if c.Get(FieldTitle).String() != "Senior Vice President" || d.Get(FieldTitle).String() != "EVP" || c.Equal(d) {
		t.Error("With is not a copy")
	}
}

func TestContactNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		raw, name string
		has       bool
	}{
		{`{"id":78,"first_name":"Sarah","last_name":"Chen","email":"x@y.z"}`, "Sarah Chen", true},
		{`{"id":78,"first_name":"Sarah","last_name":""}`, "Sarah", true},
		{`{"id":78,"first_name":null,"last_name":"Chen"}`, "Chen", true},
		{`{"id":78,"email":"x@y.z"}`, "x@y.z", false},
		{`{"id":78,"email":null}`, "contact 78", false},
	} {
		contact := contactOf(t, c.raw)
		if contact.Name() != c.name || contact.HasName() != c.has || contact.Pack().Name() != c.name {
			t.Errorf("%s: %q %q, has a name %v", c.raw, contact.Name(), contact.Pack().Name(), contact.HasName())
		}
	}
}

func TestContactFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		raw                string
		primary, connected bool
	}{
		{`{"id":1,"is_primary":true,"is_connected":true}`, true, true},
		{`{"id":1,"is_primary":false,"is_connected":false}`, false, false},
		{`{"id":1}`, false, true},
		{`{"id":1,"is_primary":null,"is_connected":null}`, false, false},
		{`{"id":1,"is_primary":"true","is_connected":"true"}`, false, false},
	} {
		contact := contactOf(t, c.raw)
		if contact.Primary() != c.primary || contact.Connected() != c.connected || contact.Pack().Connected() != c.connected {
			t.Errorf("%s: primary %v, connected %v, packed %v", c.raw, contact.Primary(), contact.Connected(), contact.Pack().Connected())
		}
	}
}

func TestFieldTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	if len(Fields()) != len(FieldTable())+4 {
		t.Errorf("%d fields", len(Fields()))
	}
	for i, f := range FieldTable() {
		if int(f.ID) != i {
			t.Errorf("entry %d: %+v", i, f)
		}
	}
	for i, f := range Fields() {
		if f.Name == "" || f.Label == "" || f.Short == "" || f.Group.Label() == "" {
			t.Errorf("entry %d: %+v", i, f)
		}
		for _, name := range []string{"name " + f.Name, "flag " + f.Flag, "label " + f.Label} {
			if seen[name] && name != "flag " {
				t.Errorf("two fields with the %s", name)
			}
			seen[name] = true
		}
		if (f.Flag != "") != f.Create {
			t.Errorf("%s: flag %q, create %v", f.Name, f.Flag, f.Create)
		}
		if got, ok := FieldByName(f.Name); !ok || got != f || f.ID.Def() != f || f.ID.Name() != f.Name {
			t.Errorf("%s is not found by its name", f.Name)
		}
		if !f.Later && !strings.Contains(sarah, fmt.Sprintf("%q:", f.Name)) {
			t.Errorf("the page does not name %s", f.Name)
		}
	}
	if _, ok := FieldByName("notes"); ok {
		t.Error("a contact holds no notes")
	}
	for value, want := range map[string]string{TypeLender: "lender", TypeSponsor: "sponsor", "broker": "broker", "": ""} {
		if got := TypeLabel(TextValue(value)); got != want {
			t.Errorf("TypeLabel(%q) = %q", value, got)
		}
	}
}

func TestValueInt(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]int64{"5": 5, "-5": -5, "0": 0} {
		v, err := ParseValue([]byte(" " + raw + " "))
		if n, ok := v.Int(); err != nil || !ok || n != want || v != IntValue(want) {
			t.Errorf("%s is %d %v %v", raw, n, ok, err)
		}
	}
	for _, raw := range []string{"", "null", `"5"`, "5.0", "1e3", "true", "[5]", "99999999999999999999"} {
		v, err := ParseValue([]byte(raw))
		if n, ok := v.Int(); err != nil || ok {
			t.Errorf("%s is the integer %d (%v)", raw, n, err)
		}
	}
	if _, err := ParseValue([]byte(`"\x"`)); err == nil {
		t.Error("a broken string was read")
	}
	if got := direct(t, Value{}); got != "null" {
		t.Errorf("absent is written %s", got)
	}
}

func TestOver(t *testing.T) {
	t.Parallel()
	base := NewContact(78, map[FieldID]Value{FieldTitle: TextValue("Director"), FieldCity: TextValue("Reno"), FieldEmail: TextValue("a@b.c")}).
		WithExtra("phones", `["1"]`).WithExtra("photo_url", `null`)
	part := NewContact(78, map[FieldID]Value{FieldTitle: TextValue("Principal"), FieldCity: NullValue()}).WithExtra("phones", `[]`)
	got := part.Over(base)
	want := NewContact(78, map[FieldID]Value{FieldTitle: TextValue("Principal"), FieldCity: NullValue(), FieldEmail: TextValue("a@b.c")}).
		WithExtra("phones", `[]`).WithExtra("photo_url", `null`)
	if !got.Equal(want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if again := base.Over(Contact{}); !again.Equal(base) {
		t.Errorf("over nothing: %+v", again)
	}
}
