package model

import (
	"slices"
	"strings"
	"testing"
)

func TestVCardOfPhones(t *testing.T) {
	t.Parallel()
	c := NewContact(78, map[FieldID]Value{FieldFirstName: TextValue("Ann"), FieldLastName: TextValue("Smith; Jones"),
		FieldAddress: TextValue("1 Main St; Suite 4"), FieldAddress2: TextValue("Floor 3"), FieldCity: TextValue("Boston"),
		FieldType: TextValue(TypeLender), FieldUpdated: TextValue("2026-02-20T16:45:00Z"), FieldPhoto: TextValue("https://x.example/a,b.png"),
		FieldPhones: phonesOf(t, `[{"type":"office","raw":"(212) 555-0193","country":"US","extension":"4"},{"type":"mobile","raw":"020 7946 0958","country":"GB"},{"type":null,"e164":"+12125550194"},{"type":"fax","raw":null}]`)})
	want := strings.ReplaceAll(`BEGIN:VCARD
VERSION:4.0
UID:urn:lev:contact:78
FN:Ann Smith\; Jones
N:Smith\; Jones;Ann;;;
TEL;TYPE=work:(212) 555-0193 ext 4
TEL;TYPE=cell:+442079460958
TEL:+12125550194
PHOTO:https://x.example/a,b.png
ADR:;Floor 3;1 Main St\; Suite 4;Boston;;;
CATEGORIES:lender_contact
REV:20260220T164500Z
END:VCARD
`, "\n", "\r\n")
	if got := VCard(c); got != want {
		t.Errorf("got\n%s", got)
	}
	for line := range strings.Lines(VCard(c.With(FieldTitle, TextValue(strings.Repeat("Über ", 60))))) {
		if len(line) > maxCardLine+2 {
			t.Errorf("%d bytes: %s", len(line), line)
		}
	}
}

// Cards as other programs write them.
func TestReadVCards(t *testing.T) {
	t.Parallel()
	cards, err := ParseVCards("\ufeffBEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//macOS 14.5//EN\r\nN:O'Neil;Zoë;Ann;;\r\nFN:Zoë Ann O'Neil\r\n" +
		"ORG:Harbor Point\\, LLC;Debt Desk\r\nTITLE:VP\\; Debt\r\nEMAIL;type=INTERNET;type=HOME:zoe@gmail.com\r\nEMAIL;type=INTERNET;type=WORK;type=pref:zoe@harborpoint.com\r\n" +
		"TEL;type=CELL;type=VOICE;type=pref:+1 (212) 555-0193\r\nitem1.TEL:212-555-0194\r\nTEL;type=WORK;type=FAX:212 555 0195\r\nADR;type=HOME:;;1 Home Rd;Troy;NY;12180;USA\r\n" +
		"item2.ADR;type=WORK:;Suite 4;40 Main\r\n  Street;New York;NY;10004;USA\r\nitem3.URL;type=pref:https://www.linkedin.com/in/zoe\r\nNOTE:met at\\nMIPIM\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\nEND:VCARD\r\n" +
		"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=\n=B6rg\nTEL;WORK;VOICE:tel:+4930123456;ext=7\nEMAIL;PREF;INTERNET:j@m.de\nEND:VCARD\n" +
		"BEGIN:VCARD\nFN:Madonna\nEND:VCARD\nBEGIN:VCARD\nVERSION:4.0\nUID:urn:lev:contact:78\nFN:Jean Luc Picard\nTEL;VALUE=uri;TYPE=\"work,voice\":tel:+12125550193\nCATEGORIES:friends,Sponsor,lender_contact\nEND:VCARD\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []Draft{
		{FieldLastName: "O'Neil", FieldFirstName: "Zoë Ann", FieldTitle: "VP; Debt", FieldDepartment: "Debt Desk", FieldEmail: "zoe@harborpoint.com",
			FieldPhones: "mobile: +1 (212) 555-0193\n212-555-0194\nfax: 212 555 0195", FieldAddress: "40 Main Street", FieldAddress2: "Suite 4", FieldCity: "New York",
			FieldState: "NY", FieldZip: "10004", FieldLinkedIn: "https://www.linkedin.com/in/zoe"},
		{FieldLastName: "Müller", FieldFirstName: "Jörg", FieldEmail: "j@m.de", FieldPhones: "office: +4930123456 ext 7"},
		{FieldLastName: "Madonna"},
		{FieldFirstName: "Jean Luc", FieldLastName: "Picard", FieldPhones: "office: +12125550193", FieldType: TypeSponsor, FieldTypes: "sponsor, lender_contact"},
	}
	if len(cards) != len(want) {
		t.Fatalf("%d cards", len(cards))
	}
	for i, w := range want {
		got := cards[i].Draft
		for _, f := range Fields() {
			if got[f.ID] != w[f.ID] {
				t.Errorf("card %d: %s is %q, want %q", i+1, f.Name, got[f.ID], w[f.ID])
			}
		}
	}
	if cards[3].ID != 78 || cards[0].ID != 0 {
		t.Errorf("ids %d and %d", cards[3].ID, cards[0].ID)
	}
	for _, left := range []string{"ORG: Harbor Point, LLC", "EMAIL: zoe@gmail.com", "NOTE: met at\nMIPIM", "ADR: 1 Home Rd, Troy, NY, 12180"} {
		if !slices.Contains(cards[0].Left, left) {
			t.Errorf("%q is not in %q", left, cards[0].Left)
		}
	}
}

func TestBrokenVCards(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"BEGIN:VCARD\nFN:Ann\n\nhello\nEND:VCARD\n":   `line 4: "hello" is no line of a vCard`,
		"BEGIN:VCARD\nEND:VCARD\nFN:Ann\n":            "line 3: text stands between two vCards",
		"BEGIN:VCARD\nFN:Ann\n":                       "the vCard of line 1 has no end",
		"BEGIN:VCARD\nFN:Ann\nBEGIN:VCARD\nEND:VCARD": "the vCard of line 1 has no end",
	} {
		if cards, err := ParseVCards(text); err == nil || err.Error() != want || cards != nil {
			t.Errorf("%q: %v, %v", text, cards, err)
		}
	}
}
