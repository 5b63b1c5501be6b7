package model

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
)

func TestPackRoundTrip(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		sarah,
		`{"id":1}`,
		`{"id":-1}`,
		`{"id":9223372036854775807}`,
		`{"id":-9223372036854775808,"first_name":null,"last_name":"","title":"\u0000"}`,
		`{"id":1,"contact_type":"sponsor","title":"sponsor","email":"lender_contact"}`,
		`{"id":1,"contact_type":"broker"}`,
		`{"id":1,"contact_type":null,"is_primary":true,"is_connected":false}`,
		`{"id":1,"is_primary":"true","zip":10004,"owner_account_id":1.50,"city":{ "a" : [1] },"state":[]}`,
		`{"id":1,"created_at":"2026-02-20T16:45:00.5Z","updated_at":"2026-02-20T16:45:00+00:00"}`,
		`{"id":1,"created_at":"0000-01-01T00:00:00Z","updated_at":"9999-12-31T23:59:59Z"}`,
		`{"id":1,"created_at":"","updated_at":null}`,
		`{"id":1,"created_at":"soon","updated_at":17,"title":"2026-02-20T16:45:00Z"}`,
		`{"id":1,"phones":[],"a":null,"b":"<>&\u2028 é","c":1.0e+05}`,
	} {
		c := contactOf(t, raw)
		p := c.Pack()
		back, err := p.Unpack()
		if err != nil || !back.Equal(c) {
			t.Errorf("%s\ncame back as\n%s (%v)", raw, direct(t, back), err)
		}
		if p.ID() != c.ID() {
			t.Errorf("%s: id %d", raw, p.ID())
		}
		checkReaders(t, p, c)
	}
}

// checkReaders compares every way to read a packed contact with the contact.
func checkReaders(tb testing.TB, p Packed, c Contact) {
	tb.Helper()
	next := FieldType
	p.Each(func(f FieldID, v Value) bool {
		if f != next || v != c.Get(f) {
			tb.Errorf("Each gives %d %#v, want %d %#v", f, v, next, c.Get(f))
		}
		next++
		return true
	})
	if int(next) != NumFields {
		tb.Errorf("Each ends before %d", next)
	}
	for f := range FieldID(NumFields) {
		if p.Get(f) != c.Get(f) {
			tb.Errorf("Get(%s) is %#v, want %#v", f.Name(), p.Get(f), c.Get(f))
		}
	}
	for _, f := range []FieldID{FieldCreated, FieldUpdated} {
		t, err := time.Parse(time.RFC3339, c.Get(f).String())
		if seconds, ok := p.Seconds(f); ok != (err == nil) || ok && seconds != t.Unix() {
			tb.Errorf("Seconds(%s) of %q is %d %v", f.Name(), c.Get(f), seconds, ok)
		}
	}
	if p.Name() != c.Name() || p.Connected() != c.Connected() {
		tb.Errorf("%q and %q, connected %v and %v", p.Name(), c.Name(), p.Connected(), c.Connected())
	}
}

func TestEachStops(t *testing.T) {
	t.Parallel()
	n := 0
	contactOf(t, sarah).Pack().Each(func(f FieldID, _ Value) bool { n++; return f < FieldLastName })
	if n != 3 {
		t.Errorf("%d fields before it stopped", n)
	}
}

func TestPackIsSmall(t *testing.T) {
	t.Parallel()
	if p := contactOf(t, sarah).Pack(); len(p) > len(sarah)*6/10 {
		t.Errorf("%d bytes of %d bytes of JSON", len(p), len(sarah))
	}
}

// Every cut of a packed contact is found to be damaged, and reading it stops.
func TestUnpackDamaged(t *testing.T) {
	t.Parallel()
	whole := contactOf(t, sarah).Pack()
	withoutExtras := contactOf(t, sarah)
	withoutExtras.extras = nil
	firstExtra := contactOf(t, sarah)
	firstExtra.extras = firstExtra.extras[:1]
	for n := range len(whole) {
		if cut := whole[:n]; cut != withoutExtras.Pack() && cut != firstExtra.Pack() {
			if c, err := cut.Unpack(); !errors.Is(err, ErrPacked) {
				t.Errorf("%d bytes of %d gave %s (%v)", n, len(whole), direct(t, c), err)
			}
		}
		readAll(whole[:n])
	}
	for _, p := range []Packed{"", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", whole + "\x05", whole + "\x01a\x01{"} {
		if _, err := p.Unpack(); !errors.Is(err, ErrPacked) {
			t.Errorf("%q was unpacked", p)
		}
		readAll(p)
	}
}

// readAll reads whatever the bytes are, which must neither panic nor hang.
func readAll(p Packed) {
	p.Each(func(FieldID, Value) bool { return true })
	for f := range FieldID(NumFields) {
		p.Get(f)
		p.Seconds(f)
	}
	_, _ = p.Name(), p.Connected()
}

func FuzzUnpack(f *testing.F) {
	f.Add(string(contactOf(f, sarah).Pack()))
	f.Add(string(contactOf(f, `{"id":1,"zip":5,"x":[1]}`).Pack()))
	f.Add("\x02\x03\x05a")
	f.Fuzz(func(t *testing.T, s string) {
		p := Packed(s)
		readAll(p)
		c, err := p.Unpack()
		if err != nil {
			if !errors.Is(err, ErrPacked) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		back, err := c.Pack().Unpack()
		if err != nil || !back.Equal(c) {
			t.Fatalf("%q does not settle: %v", s, err)
		}
		checkReaders(t, c.Pack(), c)
	})
}

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(sarah))
	f.Add([]byte(`{"id":1,"first_name":"\ud800","x":{"a":[1,2.50,"\u003c"]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c Contact
		if json.Unmarshal(raw, &c) != nil || c.Get(FieldKey) != IntValue(c.ID()) { // the id -0 is packed as 0
			return
		}
		out := direct(t, c)
		if !json.Valid([]byte(out)) || !contactOf(t, out).Equal(c) {
			t.Fatalf("%s came back as %s", raw, out)
		}
		p := c.Pack()
		if back, err := p.Unpack(); err != nil || !back.Equal(c) {
			t.Fatalf("%s does not survive packing: %v", raw, err)
		}
		checkReaders(t, p, c)
	})
}

// Whole agrees with Unpack about every way to cut a packed contact short.
func TestWhole(t *testing.T) {
	t.Parallel()
	var c Contact
	if err := c.UnmarshalJSON([]byte(`{"id":78,"contact_type":"sponsor","last_name":"Chen","phones":[{"raw":"1"}],"x":null,"created_at":"2026-02-20T16:45:00Z"}`)); err != nil {
		t.Fatal(err)
	}
	p := c.Pack()
	if !p.Whole() || Packed("").Whole() {
		t.Error("a contact is not whole, or nothing is")
	}
	for i := range p {
		if _, err := p[:i].Unpack(); p[:i].Whole() != (err == nil) {
			t.Errorf("%d bytes are whole: %v, and unpacking them gives %v", i, p[:i].Whole(), err)
		}
	}
}
