// Package locale writes dates and numbers as people of a country do. The words are
// English everywhere, so a month that is written as a word cannot be misread; what
// differs is the order and the grouping of digits.
package locale

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Locale is how dates and numbers are written. The zero Locale is that of an
// environment that names none: 2 Jan 2006 and 1,284.
type Locale struct {
	order order
	group string // between thousands; "" is a comma
}

type order uint8

const (
	dayFirst order = iota
	monthFirst
	yearFirst
)

// The countries that write the month first, and the year; all others write the day
// first.
var (
	monthFirstIn = [...]string{"US", "PH", "PR", "GU", "VI", "AS", "MH", "FM", "PW", "BZ"}
	yearFirstIn  = [...]string{"CA", "CN", "HU", "IR", "JP", "KR", "LT", "MN", "SE", "TW", "ZA"}
)

// The languages and countries that do not group digits with a comma.
var groups = map[string]string{
	"de": ".", "es": ".", "it": ".", "nl": ".", "pt": ".", "da": ".", "id": ".", "tr": ".", "el": ".", "ro": ".",
	"hr": ".", "sl": ".", "vi": ".",
	"fr": "\u202f", "sv": "\u00a0", "nb": "\u00a0", "no": "\u00a0", "fi": "\u00a0", "pl": "\u00a0", "cs": "\u00a0",
	"sk": "\u00a0", "hu": "\u00a0",
	"ru": "\u00a0", "uk": "\u00a0", "bg": "\u00a0", "et": "\u00a0", "lv": "\u00a0", "lt": "\u00a0",
	"CH": "’", "LI": "’", "AT": "\u00a0", "MX": ",", "ZA": "\u00a0",
}

// Named are the locales of a category for dates and one for numbers, by their names
// such as en_US.UTF-8. C, POSIX and "" are the zero Locale. A name without a country
// gets dates in the form of ISO 8601, which needs no knowledge.
func Named(dates, numbers string) Locale {
	var l Locale
	if language, country := parts(dates); language != "" {
		switch {
		case country == "" || slices.Contains(yearFirstIn[:], country):
			l.order = yearFirst
		case slices.Contains(monthFirstIn[:], country):
			l.order = monthFirst
		}
	}
	language, country := parts(numbers)
	l.group = cmp.Or(groups[country], groups[language])
	return l
}

// parts are the language and the country of a locale's name.
func parts(name string) (language, country string) {
	name, _, _ = strings.Cut(name, ".")
	name, _, _ = strings.Cut(name, "@")
	if name == "C" || name == "POSIX" {
		return "", ""
	}
	language, country, _ = strings.Cut(strings.ReplaceAll(name, "-", "_"), "_")
	return strings.ToLower(language), strings.ToUpper(country)
}

// Current is the locale of the environment: LC_ALL, then LC_TIME or LC_NUMERIC, then
// LANG.
func Current() Locale { return current() }

var current = sync.OnceValue(func() Locale {
	named := func(category string) string {
		return cmp.Or(os.Getenv("LC_ALL"), os.Getenv(category), os.Getenv("LANG"))
	}
	return Named(named("LC_TIME"), named("LC_NUMERIC"))
})

// Date is a day: 2 Jan 2006, Jan 2, 2006 or 2006-01-02.
func (l Locale) Date(t time.Time) string {
	return t.Format([...]string{"2 Jan 2006", "Jan 2, 2006", time.DateOnly}[l.order])
}

// Moment is a day of about this year and a time of it: 2 Jan 15:04.
func (l Locale) Moment(t time.Time) string {
	return t.Format([...]string{"2 Jan 15:04", "Jan 2 15:04", "01-02 15:04"}[l.order])
}

// Number groups the digits of a number.
func (l Locale) Number(n int) string {
	text := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + cmp.Or(l.group, ",") + text[i:]
	}
	return sign + text
}
