package model

import (
	"slices"
	"strings"
)

// HasLater says that a contact comes from a later version of the service: it has
// one of the fields that came after March 2026.
func (c Contact) HasLater() bool {
	return slices.ContainsFunc(Fields(), func(f Field) bool { return f.Later && c.Get(f.ID).Kind() != Absent })
}

// HasLater is described at Contact.HasLater.
func (p Packed) HasLater() bool {
	return slices.ContainsFunc(Fields(), func(f Field) bool { return f.Later && p.Get(f.ID).Kind() != Absent })
}

// FileColumns are the usual columns of a file of contacts: the fields of March
// 2026, and behind them, where the service has them, those of later versions,
// with a column for the phones of each type.
func FileColumns(later bool) []string {
	var names []string
	for _, f := range FieldTable() {
		names = append(names, f.Name)
	}
	if !later {
		return names
	}
	for _, f := range Fields() {
		switch {
		case f.Format == FormatPhones:
			for _, t := range PhoneTypes() {
				names = append(names, PhoneColumn(t))
			}
		case f.Later:
			names = append(names, f.Name)
		}
	}
	return names
}

// PhoneColumn is what the column of the phones of a type is called.
func PhoneColumn(phoneType string) string { return "phone_" + phoneType }

// ColumnText is a column of FileColumns as text: numbers of one type have
// semicolons between.
func ColumnText(c Contact, column string) string {
	if t, ok := strings.CutPrefix(column, "phone_"); ok {
		return c.numbers(t)
	}
	f, ok := FieldByName(column)
	if !ok {
		return ""
	}
	return c.Get(f.ID).String()
}

// numbers are the phones of a type. One without a type is mobile, as the service
// takes it.
func (c Contact) numbers(phoneType string) string {
	var numbers []string
	phones, _ := c.Phones()
	for _, p := range phones {
		if text := p.Plain(); text != "" && p.key().kind == phoneType {
			numbers = append(numbers, text)
		}
	}
	return strings.Join(numbers, "; ")
}
