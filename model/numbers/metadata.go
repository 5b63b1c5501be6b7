package numbers

import (
	_ "embed"
	"math/bits"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ./generate

// The metadata, one line a region. Its head says what stands where.
//
//go:embed metadata.txt
var metadataText string

// index finds the regions of the metadata.
type index struct {
	byName map[string]*region   // by two letters
	byCode map[string][]*region // by calling code, the main region first
}

// region is one line of the metadata, and what it says once it was asked for.
type region struct {
	code string
	plan func() *plan
}

// metadata has all regions. It reads no more than what it finds them by.
var metadata = sync.OnceValue(func() *index {
	x := &index{byName: make(map[string]*region, 256), byCode: make(map[string][]*region, 256)}
	for line := range strings.Lines(metadataText) {
		if line[0] == '#' {
			continue
		}
		code, rest, _ := strings.Cut(line, "\t")
		name, rest, _ := strings.Cut(strings.TrimRight(rest, "\n"), "\t")
		r := &region{code: code, plan: sync.OnceValue(func() *plan { return newPlan(rest) })}
		if name != world {
			x.byName[name] = r
		}
		x.byCode[code] = append(x.byCode[code], r)
	}
	return x
})

// world is the name of the regions that are no country, e.g. satellites.
const world = "001"

// plan is how the numbers of a region are built.
type plan struct {
	leading   expression // what its numbers begin with, nil where that is not what tells them
	abroad    expression // the international prefix, nil where there is none
	prefix    expression // the national prefix, nil where there is none
	transform string     // what stands in its place, "" for nothing
	lengths   lengths
	local     lengths // without the area code
	general   expression
	kinds     []kind
	formats   []format // of the main region of a code only
}

// expression is a regular expression that is compiled when it is asked for.
type expression = func() *regexp.Regexp

// kind is one set of numbers that are given out.
type kind struct {
	lengths lengths // 0 for those of the plan
	pattern expression
}

// format is how some numbers are written.
type format struct {
	pattern, leading expression // leading is nil for all numbers
	written          string
}

// lengths has a bit for each number of digits.
type lengths uint32

func newLengths(text string) (l lengths) {
	for length := range strings.SplitSeq(text, ",") {
		n, _ := strconv.Atoi(length)
		if n > 0 {
			l |= 1 << n
		}
	}
	return l
}

func (l lengths) has(n int) bool { return l>>n&1 == 1 }

// The fields of a line behind its code and name.
const (
	fieldLeading = iota
	fieldAbroad
	fieldPrefix
	fieldTransform
	fieldLengths
	fieldLocal
	fieldGeneral
	fieldKinds
	fieldFormats
	fieldCount
)

func newPlan(line string) *plan {
	f := strings.Split(line, "\t")
	if len(f) != fieldCount {
		panic("numbers: bad line in the metadata: " + line) // it is part of the program
	}
	p := &plan{
		leading: begins(f[fieldLeading]), abroad: begins(f[fieldAbroad]), prefix: begins(f[fieldPrefix]),
		transform: f[fieldTransform], lengths: newLengths(f[fieldLengths]), local: newLengths(f[fieldLocal]),
		general: is(f[fieldGeneral]),
	}
	for part := range parts(f[fieldKinds]) {
		digits, pattern, _ := strings.Cut(part, " ")
		p.kinds = append(p.kinds, kind{newLengths(digits), is(pattern)})
	}
	for part := range parts(f[fieldFormats]) {
		pattern, rest, _ := strings.Cut(part, " ")
		leading, written, _ := strings.Cut(rest, " ")
		p.formats = append(p.formats, format{is(pattern), begins(leading), written})
	}
	return p
}

func parts(field string) func(yield func(string) bool) {
	if field == "" {
		return func(func(string) bool) {}
	}
	return strings.SplitSeq(field, ";")
}

// begins is an expression for the start of a number, nil for "".
func begins(text string) expression {
	if text == "" {
		return nil
	}
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^(?:" + text + ")") })
}

// is is an expression for a whole number.
func is(text string) expression {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^(?:" + text + ")$") })
}

// fitness says how a number's length fits a plan.
type fitness int

const (
	fits fitness = iota
	fitsLocally
	tooShort
	tooLong
	fitsNot // between two lengths that fit
)

func (p *plan) fit(digits string) fitness {
	n := len(digits)
	switch {
	case p.local.has(n):
		return fitsLocally
	case p.lengths.has(n):
		return fits
	case n < bits.TrailingZeros32(uint32(p.lengths)):
		return tooShort
	case n >= bits.Len32(uint32(p.lengths)):
		return tooLong
	}
	return fitsNot
}

// valid says that a number is of some kind of the plan.
func (p *plan) valid(digits string) bool {
	if !p.lengths.has(len(digits)) || !p.general().MatchString(digits) {
		return false
	}
	for _, k := range p.kinds {
		if (k.lengths == 0 || k.lengths.has(len(digits))) && k.pattern().MatchString(digits) {
			return true
		}
	}
	return false
}

// withoutAbroad cuts the international prefix from digits. No calling code
// begins with 0.
func (p *plan) withoutAbroad(digits string) (rest string, cut bool) {
	if p.abroad == nil {
		return digits, false
	}
	at := p.abroad().FindStringIndex(digits)
	if at == nil || strings.HasPrefix(digits[at[1]:], "0") {
		return digits, false
	}
	return digits[at[1]:], true
}

// withoutPrefix cuts the national prefix from digits, or puts in its place what
// the plan says; not where that makes no number of one.
func (p *plan) withoutPrefix(digits string) string {
	if p.prefix == nil {
		return digits
	}
	at := p.prefix().FindStringSubmatchIndex(digits)
	if at == nil {
		return digits
	}
	stripped := digits[at[1]:]
	if last := at[len(at)-2]; p.transform != "" && last >= 0 {
		stripped = string(p.prefix().ExpandString(nil, p.transform, digits, at)) + stripped
	}
	if p.general().MatchString(digits) && !p.general().MatchString(stripped) {
		return digits
	}
	return stripped
}
