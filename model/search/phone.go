package search

import (
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// phonesField is the undocumented field that holds the telephone numbers.
const phonesField = "phones"

// minDigits is how many digits are looked for in phone numbers; fewer stand in
// nearly all of them.
const minDigits = 3

// phoneWorth says how well digits fit one of a contact's phone numbers.
func phoneWorth(p model.Packed, digits string) (best int) {
	digits = lastTen(digits)
	if !inOrder(string(p), digits) {
		return 0
	}
	try := func(number string) {
		number, _, _ = strings.Cut(strings.ToLower(number), "x") // "x 12" and "ext. 12" are behind the number
		number = national(digitsOf(number))
		switch i := strings.Index(number, digits); {
		case i < 0:
		case len(number) == len(digits):
			best = max(best, weights[classPhone].whole)
		case i == 0 || i+len(digits) == len(number):
			best = max(best, weights[classPhone].begins)
		default:
			best = max(best, weights[classPhone].inside)
		}
	}
	other := p.EachNumber(func(raw, e164 string) { try(raw); try(e164) })
	eachMember(other, func(name, leaf string) {
		if name == "" || name == "raw" || name == "e164" {
			try(leaf)
		}
	})
	return best
}

// lastTen leaves out the country of a long number: it is written in many ways.
func lastTen(digits string) string { return digits[max(0, len(digits)-10):] }

// national leaves out the ways of writing the country of an American number.
func national(digits string) string {
	if len(digits) == 11 && digits[0] == '1' {
		return digits[1:]
	}
	if rest, ok := strings.CutPrefix(digits, "0111"); ok && len(rest) == 10 {
		return rest
	}
	return digits
}

// phoneLetters are what numbers are written with beside their digits.
const phoneLetters = "+-.()/"

// dialled is the digits of a word that is written like a phone number or a part
// of one, "" for other text and for fewer than minDigits digits.
func dialled(s string) string {
	if digits := digitsIfDialled(s); len(digits) >= minDigits {
		return digits
	}
	return ""
}

// digitsIfDialled is dialled without a least number of digits.
func digitsIfDialled(s string) string {
	if strings.Trim(s, "0123456789"+phoneLetters+" ") != "" {
		return ""
	}
	return national(digitsOf(s))
}

// hasPhone says that a contact has a phone number.
func hasPhone(p model.Packed) (has bool) {
	other := p.EachNumber(func(raw, e164 string) { has = has || digitsOf(raw+e164) != "" })
	return has || digitsOf(other) != ""
}

// numberOver says how many words, from the first, are one phone number written
// with blanks: "+1 212 555 0193" or "(212) 555-0193". It is 0 when they are not.
func numberOver(words []string) int {
	n, digits := 0, 0
	for _, w := range words {
		count := len(digitsOf(w))
		if count == 0 || strings.Trim(w, "0123456789"+phoneLetters) != "" {
			break
		}
		n, digits = n+1, digits+count
	}
	if digits < 7 || digits > 15 || n == 1 && !(len(words) > 1 && isExtension(words[1])) {
		return 0
	}
	return n
}

// isExtension says that a word is "x12", "ext." or the like.
func isExtension(word string) bool {
	word = strings.ToLower(word)
	rest := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(word, "ext"), "x"), ".")
	return rest != word && strings.Trim(rest, "0123456789") == ""
}
