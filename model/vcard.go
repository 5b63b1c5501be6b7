package model

import (
	"bytes"
	"strings"

	"github.com/emersion/go-vcard"
)

// VCard is the contact as a vCard 4.0 for an address book. Fields without a
// place in a vCard are left out.
func VCard(c Contact) string {
	card := make(vcard.Card)
	get := func(f FieldID) string { return strings.ReplaceAll(c.Get(f).String(), "\r", "") }
	card.SetValue(vcard.FieldVersion, "4.0")
	card.SetValue(vcard.FieldFormattedName, strings.ReplaceAll(c.Name(), "\r", ""))
	card.SetName(&vcard.Name{GivenName: get(FieldFirstName), FamilyName: get(FieldLastName)})
	for _, f := range FieldTable() {
		if v := get(f.ID); v != "" && f.VCard != "" {
			card.SetValue(f.VCard, v)
		}
	}
	address := vcard.Address{StreetAddress: get(FieldAddress), Locality: get(FieldCity), Region: get(FieldState), PostalCode: get(FieldZip)}
	if address.StreetAddress+address.Locality+address.Region+address.PostalCode != "" {
		card.SetAddress(&address)
	}
	var b bytes.Buffer
	if err := vcard.NewEncoder(&b).Encode(card); err != nil {
		return ""
	}
	return b.String()
}
