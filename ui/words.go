package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"levcontacts/internal/plain"
)

// number writes a count with thousands separators. A status code stays bare.
func number(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return humanize.Comma(int64(n))
}

// many is "1 contact" or "1,284 contacts".
func many(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + one + "s"
}

// inText is the label of a field within a sentence: "first name", "zip", and
// "LinkedIn", which is a name.
func inText(label string) string {
	lower := strings.ToLower(label)
	if label == strings.ToUpper(label) || label[1:] == lower[1:] {
		return lower
	}
	return label
}

// lasting says a duration as people do when they wait: "8 s", "2 min", "1 h 10 min".
func lasting(d time.Duration) string {
	s := int((d + time.Second - 1) / time.Second)
	switch {
	case s < 100:
		return fmt.Sprintf("%d s", max(1, s))
	case s < 5400:
		return fmt.Sprintf("%d min", (s+30)/60)
	default:
		return fmt.Sprintf("%d h %d min", s/3600, s%3600/60)
	}
}

// wrapWhole breaks cleaned text into lines of at most w cells, and does not use
// the hyphens of the part that is to stay whole, such as a request id. Cleaned
// text holds no character for private use, so one can stand for them.
func wrapWhole(text, whole string, w int) []string {
	const hyphen = "\ue000"
	if whole != "" {
		text = strings.ReplaceAll(text, whole, strings.ReplaceAll(whole, "-", hyphen))
	}
	lines := plain.Wrap(text, w)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], hyphen, "-")
	}
	return lines
}
