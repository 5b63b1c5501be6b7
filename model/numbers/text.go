package numbers

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// candidate is the part of a text that can be a number: from its first digit or
// plus on, without a second number behind a slash.
func candidate(text string) string {
	if len(text) > maxText {
		return ""
	}
	start := strings.IndexFunc(text, func(r rune) bool { return isDigit(r) || isPlusSign(r) })
	if start < 0 {
		return ""
	}
	text = strings.TrimRightFunc(text[start:], func(r rune) bool {
		return r != '#' && !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	for i, r := range text {
		if (r == '/' || r == '\\') && strings.HasPrefix(strings.TrimLeft(text[i+1:], " "), "x") {
			return text[:i]
		}
	}
	return text
}

// maxText is far more than a number takes.
const maxText = 250

// extension is what people write before an extension, with its digits.
var extension = sync.OnceValue(func() *regexp.Regexp {
	const (
		between = "[ \u00A0\\t,]*"
		behind  = "[:\\.\uFF0E]?[ \u00A0\\t,-]*"
		word    = "(?:e?xt(?:ensi(?:o\u0301?|\u00F3))?n?|\uFF45?\uFF58\uFF54\uFF4E?|\u0434\u043E\u0431|anexo)"
		sign    = "(?:[x\uFF58#\uFF03~\uFF5E]|int|\uFF49\uFF4E\uFF54)"
	)
	return regexp.MustCompile(`(?i)(?:` + strings.Join([]string{
		`;ext=\pN{1,20}`,
		between + word + behind + `\pN{1,20}#?`,
		between + sign + behind + `\pN{1,9}#?`,
		`[- ]+\pN{1,6}#`,
		"[ \u00A0\\t]*(?:,,|;)" + behind + `\pN{1,15}#?`,
		"[ \u00A0\\t]*,+" + behind + `\pN{1,9}#?`,
	}, "|") + `)$`)
})

// withoutExtension cuts an extension from the end of a number.
func withoutExtension(text string) string {
	if strings.Trim(text, "+0123456789 -.()/") == "" {
		return text // nearly all numbers
	}
	if at := extension().FindStringIndex(text); at != nil && viable(text[:at[0]]) {
		return text[:at[0]]
	}
	return text
}

// viable says that a text can be a number at all: two digits, or pluses and three
// digits or more with nothing between them but what people group digits with.
// Letters may follow, as in 1-800-FLOWERS.
func viable(text string) bool {
	digits, other := 0, false
	for _, r := range strings.TrimLeftFunc(text, isPlusSign) {
		switch {
		case isDigit(r):
			digits++
		case r == '*' || isPunctuation(r):
			other = true
		case digits >= 3 && isLetter(r):
			other = true
		default:
			return false
		}
	}
	return digits >= 3 || digits == 2 && !other && !isPlus(text)
}

// normalize is a number's digits. Three letters or more stand for the digits of
// their keys; fewer are left out.
func normalize(text string) string {
	letters := 0
	for _, r := range text {
		if isLetter(r) {
			letters++
		}
	}
	const keys = "22233344455566677778889999"
	return strings.Map(func(r rune) rune {
		switch {
		case isDigit(r):
			return digit(r)
		case letters >= 3 && isLetter(r):
			return rune(keys[unicode.ToLower(r)-'a'])
		}
		return -1
	}, text)
}

// digit is a digit of the scripts that phones have on their keys as one of
// ASCII, -1 for what is none.
func digit(r rune) rune {
	for _, zero := range [...]rune{'0', '\u0660', '\u06F0', '\uFF10'} {
		if r >= zero && r <= zero+9 {
			return r - zero + '0'
		}
	}
	return -1
}

func isDigit(r rune) bool { return digit(r) >= 0 }

func isPlusSign(r rune) bool { return r == '+' || r == '\uFF0B' }

func isPlus(text string) bool {
	return strings.HasPrefix(text, "+") || strings.HasPrefix(text, "\uFF0B")
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isPunctuation(r rune) bool {
	return strings.ContainsRune("-x ()[]./~\u00A0\u00AD\u200B\u2060\u3000\u2053\u2212\u223C\u30FC"+
		"\uFF08\uFF09\uFF3B\uFF3D\uFF5E", r) || r >= '\u2010' && r <= '\u2015' || r >= '\uFF0D' && r <= '\uFF0F'
}
