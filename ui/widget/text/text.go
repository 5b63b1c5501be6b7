// Package text puts numbers, times, names and errors into the words of the
// screen, and fits styled lines into cells.
package text

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/locale"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// Number writes a count with its digits grouped.
func Number(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return locale.Current().Number(n)
}

// Plural is "1 contact" or "1,284 contacts".
func Plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + one + "s"
}

// Label is the label of a field inside a sentence: "first name", and "ZIP" and
// "LinkedIn", which are names.
func Label(label string) string {
	if lower := strings.ToLower(label); label != "" && label[1:] == lower[1:] {
		return lower
	}
	return label
}

// Duration is a wait in words: "8 s", "2 min", "1 h 10 min".
func Duration(d time.Duration) string {
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

// Name is a contact's name, safe to draw.
func Name(c model.Contact) string { return plain.Clean(c.Name()) }

// Fields names the fields of a patch: "title and city".
func Fields(p model.Patch) string {
	var names []string
	for _, c := range p.Changes() {
		names = append(names, Label(c.Field.Def().Label))
	}
	switch n := len(names); {
	case n == 0:
		return "nothing"
	case n <= 2:
		return strings.Join(names, " and ")
	case n <= 4:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	default:
		return Plural(n, "field")
	}
}

// Error is a failure in one sentence: what happened, what the service said,
// what to do. A failure on this machine speaks for itself.
func Error(e *model.Error) string {
	if e.Kind == model.KindUnknown && e.Status == 0 && e.Message != "" {
		return Capital(plain.Clean(e.Message))
	}
	what := plain.Clean(e.Headline())
	if e.Message != "" {
		what = Join(": ", what, plain.Clean(WithoutMarkup(e.Message)))
	}
	return Join(" · ", what, e.Advice())
}

// WithoutMarkup is a message with the title of the page of HTML in it that a
// gateway answered, and without the rest, which tells a reader nothing.
func WithoutMarkup(s string) string {
	title := ""
	if m := pageTitle().FindStringSubmatch(s); m != nil {
		title = strings.TrimSpace(m[1])
	}
	if i := pageStart().FindStringIndex(s); i != nil {
		s = s[:i[0]]
	}
	s = strings.TrimRight(s, " :\r\n\t")
	if strings.Contains(s, title) {
		title = ""
	}
	return Join(": ", s, title)
}

var (
	pageStart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)<(!doctype|html|head|body)\b`) })
	pageTitle = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?is)<title>([^<]*)`) })
)

// Trace is the status and the request ID of a failure, "" without them.
func Trace(e *model.Error) string {
	var parts []string
	if e.Status != 0 {
		parts = append(parts, strconv.Itoa(e.Status))
	}
	if e.RequestID != "" {
		parts = append(parts, "request "+plain.Clean(e.RequestID))
	}
	return strings.Join(parts, " · ")
}

// Capital begins a sentence.
func Capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// Files names files of one folder: "/home/jo/a.csv and a.json".
func Files(paths []string) string {
	var names []string
	for i, f := range paths {
		if i > 0 && filepath.Dir(f) == filepath.Dir(paths[0]) {
			f = filepath.Base(f)
		}
		names = append(names, plain.Clean(f))
	}
	return strings.Join(names, " and ")
}

// NonEmpty leaves out the empty strings.
func NonEmpty(in []string) []string {
	return slices.DeleteFunc(slices.Clone(in), func(s string) bool { return s == "" })
}

// Join joins the parts that are not empty.
func Join(sep string, parts ...string) string { return strings.Join(NonEmpty(parts), sep) }

// Distinct leaves out forms that repeat the one before.
func Distinct(forms ...string) []string { return slices.Compact(forms) }

// WrapWhole breaks sanitized text into lines of at most w cells and does not
// break whole at its hyphens, such as a request ID. Sanitized text has no
// characters for private use, so one of them can stand for the hyphens.
func WrapWhole(text, whole string, w int) []string {
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

// Clip is at most the first n bytes of a text, cut between characters, and
// whether there are more. Whoever draws a value of the service clips it before
// looking at it: it can have millions of bytes.
func Clip(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], true
}

// Fit cuts a styled line to w cells and fills it with blanks.
func Fit(s string, w int) string {
	if plain.Width(s) > w {
		s = plain.Cut(s, w, "") + "\x1b[0m"
	}
	return s + plain.Blank(w-plain.Width(s))
}

// Spread puts one styled text at the left edge and one at the right, cutting
// the left one when there is no room for both.
func Spread(left, right string, w int) string {
	lw, rw := plain.Width(left), plain.Width(right)
	if rw >= w {
		return Fit(right, w)
	}
	if lw+rw > w {
		left = Fit(left, w-rw)
		lw = w - rw
	}
	return left + plain.Blank(w-lw-rw) + right
}

// OneLine makes a paste one line: line breaks and tabs become blanks, escape
// sequences, controls and marks that turn text around go. The joiners of
// Persian, Indic scripts and emoji stay.
func OneLine(s string) string { return oneLine(strings.Trim(s, "\r\n")) }

// JoinLines makes a paste one line without blanks where its lines were broken,
// as a mail program breaks a long key. broken reports that there were several.
func JoinLines(s string) (line string, broken bool) {
	lines := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(lineBreaks, r) })
	for i, l := range lines {
		lines[i] = strings.TrimSpace(oneLine(l))
	}
	return strings.Join(lines, ""), len(lines) > 1
}

const lineBreaks = "\n\r\v\f\u0085\u2028\u2029"

func oneLine(s string) string {
	s = strings.ReplaceAll(ansi.Strip(strings.ToValidUTF8(s, "")), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || strings.ContainsRune(lineBreaks, r):
			return ' '
		case r == '\u200c' || r == '\u200d':
			return r
		case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}
