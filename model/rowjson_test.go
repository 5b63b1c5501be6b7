package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// plainContact reads a contact with encoding/json alone, slowly: what
// ParsePacked must give.
func plainContact(b []byte) (Contact, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return Contact{}, err
	}
	var out Contact
	for _, f := range FieldTable() {
		v, err := ParseValue(raw[f.Name])
		if err != nil {
			return Contact{}, err
		}
		out.values[f.ID] = v
		delete(raw, f.Name)
	}
	if _, ok := out.values[FieldKey].Int(); !ok {
		return Contact{}, ErrNoID
	}
	for name, j := range raw {
		var compact bytes.Buffer
		if err := json.Compact(&compact, j); err != nil {
			return Contact{}, err
		}
		out.extras = append(out.extras, Extra{name, compact.String()})
	}
	slices.SortFunc(out.extras, func(a, b Extra) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func samePacked(t *testing.T, b []byte) {
	t.Helper()
	want, wantErr := plainContact(b)
	got, err := ParsePacked(b)
	if errors.Is(err, ErrContactSize) || errors.Is(err, ErrContactMembers) {
		return
	}
	if (err == nil) != (wantErr == nil) || errors.Is(wantErr, ErrNoID) && !errors.Is(err, ErrNoID) {
		t.Fatalf("%q: %v, encoding/json says %v", b, err, wantErr)
	}
	if err != nil {
		return
	}
	back, err := got.Unpack()
	if err != nil || !back.Equal(want) {
		t.Fatalf("%q gives\n%#v (%v), want\n%#v", b, back, err, want)
	}
	if packed := want.Pack(); packed != got {
		t.Fatalf("%q is packed as\n%q, its contact as\n%q", b, got, packed)
	}
}

// oddRows are contacts as services have sent them, and as none should.
var oddRows = [...]string{
	`null`, `[]`, `7`, `"x"`, ``, `{`, `{}`, `{"id":1`, `{"id":1}x`, `{"id":1}{"id":2}`, ` {"id" : 1 } `,
	`{"id":null}`, `{"id":"1"}`, `{"id":1.0}`, `{"id":1e3}`, `{"id":-0}`, `{"id":9007199254740993}`, `{"id":9223372036854775808}`, `{"id":[1]}`,
	`{"id":1,"id":2}`, `{"id":1,"title":"a","title":null}`, `{"id":1,"x":1,"x":{"a":[1 , 2]}}`, `{"id":1,"\u0074itle":"t","\u0078":1,"x":2}`,
	"{\"id\":1,\"title\":\"a\xffb\xc3\",\"\xff\":1,\"\xfe\":2}", `{"id":1,"title":"\ud800","city":"\ud83d\ude00\u0000","x":"\ud800"}`,
	`{"id":1,"x":12345678901234567890.1234567890e+400,"zip":10004,"city":{ "a" : 1 },"is_primary":"true"}`,
	"{\"id\":1,\"x\":\"\xff\"}", "{\"id\":1,\"title\":\"a\nb\"}", `{"id":01}`, `{"id":1,}`, `{"id":1,"x":nul}`, `{"id":1,"x":+1}`, `{id:1}`, `{"id":1 "x":2}`,
	`{"id":1,"created_at":"2026-02-30T00:00:00Z","updated_at":"2026-02-20T16:45:00Z"}`,
	`{"id":1,"created_at":"2026-02-20t16:45:00Z","updated_at":1771605900}`,
	`{"id":1,"phones":[{"id":"p","type":"mobile","raw":"(212) 555-0100","country":"US","e164":"+12125550100","extension":null}]}`,
	`{"id":1,"phones":[{"id":{"a":1},"type":[1],"raw":"a\"b","country":"US","e164":null,"extension":"12"}]}`,
	`{"id":1,"phones":[{"id":"+12125550100","type":"fax","raw":"212 555 0100","country":null,"e164":"+12125550100","extension":null},` +
		` {"id":null,"type":null,"raw":null,"country":null,"e164":null,"extension":null}]}`,
	`{"id":1,"phones":[{"type":"mobile"}],"address2":null,"contact_types":["sponsor"],"photo_url":""}`,
	`{"id":1,"phones":"none"}`, `{"id":1,"phones":{}}`, `{"id":1,"phones":null}`, `{"id":1,"ID":2,"Title":"x"}`,
}

func TestPackedFromJSON(t *testing.T) {
	t.Parallel()
	for _, row := range append(oddRows[:], sarah) {
		samePacked(t, []byte(row))
	}
}

func FuzzParsePacked(f *testing.F) {
	for _, row := range oddRows {
		f.Add([]byte(row))
	}
	f.Fuzz(samePacked)
}

// X14: what one contact can make the program hold has a cap that is said.
func TestContactCaps(t *testing.T) {
	t.Parallel()
	many := func(n int) string {
		var b strings.Builder
		b.WriteString(`{"id":1`)
		for i := range n {
			fmt.Fprintf(&b, `,"m%d":1`, i)
		}
		return b.String() + "}"
	}
	for _, c := range []struct {
		name, row string
		want      error
	}{
		{"a long value", `{"id":1,"title":"` + strings.Repeat("x", MaxContactJSON-100) + `"}`, nil},
		{"X14 a title of 10 MB", `{"id":1,"title":"` + strings.Repeat("x", 10<<20) + `"}`, ErrContactSize},
		{"X14 a member of a megabyte", `{"id":1,"x":"` + strings.Repeat("x", 1<<20) + `"}`, ErrContactSize},
		{"many members", many(MaxMembers - 1), nil},
		{"X14 a million members", many(1_000_000), ErrContactMembers},
	} {
		if _, err := ParsePacked([]byte(c.row)); !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// BenchmarkRow compares the packed form with what a plain client does: decode
// into a struct of the documented fields.
func BenchmarkRow(b *testing.B) {
	row := []byte(laterRow)
	b.Run("packed", func(b *testing.B) {
		var r RowReader
		b.ReportAllocs()
		for b.Loop() {
			if _, err := r.Read(NewJSONDecoder(row), row); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("contact", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c, err := plainContact(row)
			if err != nil {
				b.Fatal(err)
			}
			_ = c.Pack()
		}
	})
	b.Run("plain client", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var c map[string]any
			if err := json.Unmarshal(row, &c); err != nil {
				b.Fatal(err)
			}
		}
	})
}

const laterRow = `{"id":52103,"contact_type":"lender_contact","contact_types":["lender_contact"],"first_name":"Sarah","last_name":"Mitchell",` +
	`"email":"sarah.mitchell@meridiancap.com","title":"Managing Director","department":"Originations","address":"450 Park Avenue, Suite 2100",` +
	`"address2":null,"city":"New York","state":"NY","zip":"10022","linkedin_url":"https://linkedin.com/in/sarah-mitchell-cre","photo_url":null,` +
	`"phones":[{"id":"ph_1","type":"office","raw":"(212) 555-0100","country":"US","e164":"+12125550100","extension":null}],` +
	`"is_primary":true,"owner_account_id":1042,"is_connected":true,"created_at":"2024-03-11T09:14:00Z","updated_at":"2026-02-20T16:45:00Z"}`
