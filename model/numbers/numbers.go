// Package numbers knows the phone numbers of the world: what number a text is,
// how it is written, whether there can be such a number. It holds the metadata
// of Google's libphonenumber as text and reads of it what is asked for, so that
// it costs nothing at the start of the program.
package numbers

import "strings"

// Number is a phone number with its calling code. Parse makes it.
type Number struct {
	national string // without the national prefix
	main     *region
}

// E164 is the number as machines write it: "+442079460958".
func (n Number) E164() string { return "+" + n.main.code + n.national }

// International is the number as people write it to abroad: "+44 20 7946 0958".
func (n Number) International() string {
	national := n.national
	for _, f := range n.main.plan().formats {
		at := f.pattern().FindStringSubmatchIndex(national)
		if at != nil && (f.leading == nil || f.leading().MatchString(national)) {
			national = string(f.pattern().ExpandString(nil, f.written, national, at))
			break
		}
	}
	return "+" + n.main.code + " " + national
}

// Possible says that numbers of the calling code can be of this length, with the
// area code or, where people dial so, without it.
func (n Number) Possible() bool {
	fit := n.main.plan().fit(n.national)
	return fit == fits || fit == fitsLocally
}

// Valid says that numbers of this form are given out.
func (n Number) Valid() bool {
	sharing := metadata().byCode[n.main.code]
	for _, r := range sharing {
		p := r.plan()
		if len(sharing) > 1 && p.leading != nil {
			if p.leading().MatchString(n.national) {
				return p.valid(n.national)
			}
			continue
		}
		if p.valid(n.national) {
			return true
		}
	}
	return false
}

// Parse reads a number as a person types it, e.g. "020 7946 0958" in country GB,
// two upper-case letters; a number with a plus needs no country. An extension is
// left out. ok is false for what is no number; a number may be neither possible
// nor valid.
func Parse(text, country string) (n Number, ok bool) {
	text = withoutExtension(candidate(text))
	if !viable(text) {
		return Number{}, false
	}
	home := metadata().byName[country]
	if home == nil && !isPlus(text) {
		return Number{}, false
	}
	main, digits, ok := splitCode(text, home)
	if !ok {
		return Number{}, false
	}
	if main == nil {
		main, digits = home, normalize(text)
	}
	if len(digits) < minDigits {
		return Number{}, false
	}
	// A number that is too short without its prefix may be one of the short ones.
	stripped := main.plan().withoutPrefix(digits)
	if fit := main.plan().fit(stripped); fit != tooShort && fit != fitsLocally && fit != fitsNot {
		digits = stripped
	}
	if len(digits) < minDigits || len(digits) > maxDigits {
		return Number{}, false
	}
	return Number{national: digits, main: metadata().byCode[main.code][0]}, true
}

// The limits of a number without its calling code; Germany has longer ones than
// the 15 digits of the standard.
const (
	minDigits = 2
	maxDigits = 17
)

// splitCode takes the calling code from a number: the one behind a plus or the
// international prefix of the home country, or that of the home country itself
// where the number is none without it. main is nil where there is no code; ok is
// false where no country has it.
func splitCode(text string, home *region) (main *region, digits string, ok bool) {
	if isPlus(text) {
		digits = normalize(text)
		if len(digits) <= minDigits {
			return nil, "", false
		}
		if main, rest := cutCode(digits); main != nil {
			return main, rest, true
		}
		if home == nil {
			return nil, "", false
		}
		// Some write the plus before a number that is none from abroad.
		main, digits, ok = splitCode(digits, home)
		return main, digits, ok && main != nil
	}
	if home == nil {
		return nil, "", true
	}
	plan := home.plan()
	digits = normalize(text)
	if rest, cut := plan.withoutAbroad(digits); cut {
		if len(rest) <= minDigits {
			return nil, "", false
		}
		main, rest = cutCode(rest)
		return main, rest, main != nil
	}
	if rest, cut := strings.CutPrefix(digits, home.code); cut {
		rest = plan.withoutPrefix(rest)
		if plan.fit(digits) == tooLong ||
			!plan.general().MatchString(digits) && plan.general().MatchString(rest) {
			return metadata().byCode[home.code][0], rest, true
		}
	}
	return nil, "", true
}

// cutCode takes a calling code from the start of digits; main is nil where none
// is there.
func cutCode(digits string) (main *region, rest string) {
	for i := 1; i <= min(3, len(digits)); i++ {
		if sharing := metadata().byCode[digits[:i]]; sharing != nil {
			return sharing[0], digits[i:]
		}
	}
	return nil, ""
}
