package cli

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"levcontacts/model"
)

// A stamp says how the fields of a contact were when it was exported, so that an
// import can tell the cells that were changed since from those that somebody else
// changed in the service. It holds a few characters of a checksum for each field
// that can be changed, in the order of the field table.
const (
	stampVersion = "1:"
	stampWidth   = 5
)

// stampOf is the stamp of a contact.
func stampOf(c model.Contact) string {
	var b strings.Builder
	b.WriteString(stampVersion)
	for _, name := range stamped() {
		b.WriteString(checksum(name, textOf(c, name)))
	}
	return b.String()
}

// stamped are the columns that can be changed, phones by their type.
func stamped() (names []string) {
	for _, f := range model.Fields() {
		switch {
		case f.Format == model.FormatPhones:
			for _, t := range model.PhoneTypes() {
				names = append(names, model.PhoneColumn(t))
			}
		case f.Update:
			names = append(names, f.Name)
		}
	}
	return names
}

// stampSays reports whether a column had this text when the stamp was made; known
// is false for what is no stamp of this version.
func stampSays(stamp, column, text string) (same, known bool) {
	sums, ok := strings.CutPrefix(stamp, stampVersion)
	at := slices.Index(stamped(), column)
	if !ok || at < 0 || len(sums) < (at+1)*stampWidth {
		return false, false
	}
	return sums[at*stampWidth:(at+1)*stampWidth] == checksum(column, text), true
}

func checksum(column, text string) string {
	sum := sha256.Sum256([]byte(column + "\x00" + asSpreadsheet(column, text)))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:stampWidth]
}

// asSpreadsheet is a value without what a spreadsheet changes by itself: white
// space at the ends, the form of line ends, zeros before a number, its way of
// writing yes and no, and what is between the digits of a phone.
func asSpreadsheet(column, text string) string {
	if _, phones := phoneTypeOf(column); phones {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r == ';' {
				return r
			}
			return -1
		}, text)
	}
	f, _ := model.FieldByName(column)
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	if f.Format == model.FormatBool || f.Format == model.FormatType {
		if typed, err := typedValue(f, text); err == nil {
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
