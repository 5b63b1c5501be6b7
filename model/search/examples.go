package search

import (
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// LooksAt is what a search looks at, for the search bar.
const LooksAt = "names, e-mail, phones, title, company, place and all other text"

// Example is something that can be typed, and what it finds.
type Example struct{ Query, Finds string }

// Examples shows the language of queries by means of a contact of the person's
// own; what it does not have is shown with words from the documents. Text from
// the contact is not made safe for a terminal.
func Examples(p model.Packed) []Example {
	word := func(f model.FieldID, otherwise string) string {
		text := strings.ToLower(p.Get(f).String())
		if i := strings.IndexFunc(text, func(r rune) bool { return !wordRune(r) }); i >= 0 {
			text = text[:i]
		}
		if text == "" {
			return otherwise
		}
		return text
	}
	first, last := word(model.FieldFirstName, "sarah"), word(model.FieldLastName, "chen")
	city, state := word(model.FieldCity, "dallas"), strings.ToUpper(word(model.FieldState, "ny"))
	title := word(model.FieldTitle, "director")
	begin := string([]rune(first)[:min(3, len([]rune(first)))])
	return []Example{
		{last + " " + city, "both words, wherever they stand, in any order"},
		{begin + " " + last, "beginnings of words are enough"},
		{last + " | " + title, "one or the other"},
		{`"` + strings.ToLower(strings.TrimSpace(first+" "+last)) + `"`, "exactly these words together"},
		{"!" + title, "without this word"},
		{"^" + begin, "a value, or a last name, that begins so"},
		{"title:" + title, "only in this field"},
		{"state=" + state + ",CA", "one of these values"},
		{"has:phone no:email", "what is filled in and what is not"},
		{"updated:<30d", "changed in the last 30 days; today, this-month and 2026-02 are understood too"},
		{"212 555 0193", "a phone number, however it is written"},
		{"~" + consonants(last), "these letters in this order, whatever is between them"},
		{"/vp|director/", "a regular expression"},
	}
}

// consonants is a word without its vowels, or the word when nothing is left.
func consonants(word string) string {
	out := strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiou", r) {
			return -1
		}
		return r
	}, word)
	if out == "" {
		return word
	}
	return out
}
