package signin

import (
	"strings"
	"unicode"
)

func trim(s string) string { return strings.TrimSpace(s) }

// checkProfile describes what is wrong with the name of a new profile, "" when
// nothing is.
func checkProfile(name string) string {
	name = trim(name)
	if name == "" {
		return "Type a name first."
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' || r > unicode.MaxASCII {
			return "A profile's name has letters, digits, - and _ only."
		}
	}
	return ""
}
