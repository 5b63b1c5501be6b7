package cli

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// A stamp says how the fields of a contact were when it was exported, so that an
// import can tell the cells that were changed since from those that someone else
// changed in the service. It holds a few characters of a checksum for each field
// that can be changed, in the order of the field table.
const (
	stampVersion = "1:"
	stampWidth   = 5
)

// stampColumn is a column that can be changed; phones have one for each type.
type stampColumn struct {
	name   string
	field  model.Field
	phones bool
	read   func(model.Contact) string
}

func stampColumns(phones *phoneTexts) (out []stampColumn) {
	for _, f := range model.Fields() {
		switch {
		case f.Format == model.FormatPhones:
			for _, t := range model.PhoneTypes() {
				name := model.PhoneColumn(t)
				out = append(out, stampColumn{name, f, true, textReader(name, phones)})
			}
		case f.Update:
			out = append(out, stampColumn{f.Name, f, false, textReader(f.Name, phones)})
		}
	}
	return out
}

// stamper makes the stamps of contacts.
func stamper(columns []stampColumn) func(model.Contact) string {
	return func(c model.Contact) string {
		b := make([]byte, 0, len(stampVersion)+stampWidth*len(columns))
		b = append(b, stampVersion...)
		for _, column := range columns {
			b = append(b, column.checksum(column.read(c))...)
		}
		return string(b)
	}
}

// stampSays reports whether the column at a place had this text when the stamp
// was made; known is false for what is no stamp of this version.
func stampSays(stamp string, at int, column stampColumn, text string) (same, known bool) {
	sums, ok := strings.CutPrefix(stamp, stampVersion)
	if !ok || len(sums) < (at+1)*stampWidth {
		return false, false
	}
	return sums[at*stampWidth:(at+1)*stampWidth] == column.checksum(text), true
}

func (c stampColumn) checksum(text string) string {
	sum := sha256.Sum256([]byte(c.name + "\x00" + c.plain(text)))
	return base64.RawURLEncoding.EncodeToString(sum[:2*stampWidth])[:stampWidth]
}

// plain is a value without what a spreadsheet changes by itself: white space at
// the ends, the form of line ends, zeros before a number, its way of writing yes
// and no, and what is between the digits of a phone.
func (c stampColumn) plain(text string) string {
	if c.phones {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r == ';' {
				return r
			}
			return -1
		}, text)
	}
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	text = strings.TrimSpace(text)
	if c.field.Format == model.FormatBool || c.field.Format == model.FormatType {
		if typed, err := typedValue(c.field, text); err == nil {
			return typed
		}
	}
	if text != "" && strings.Trim(text, "0123456789") == "" {
		return strings.TrimLeft(text, "0")
	}
	return text
}

// withZeros is a ZIP code with the zeros that a spreadsheet took from it.
func withZeros(f model.Field, text string) string {
	if f.Format != model.FormatZip || len(text) >= 5 || len(text) < 3 || strings.Trim(text, "0123456789") != "" {
		return text
	}
	return strings.Repeat("0", 5-len(text)) + text
}
