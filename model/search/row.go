package search

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/model"
)

// fieldSet is a set of fields and facets; bit i is FieldID i.
type fieldSet uint32

func setOf(fields ...model.FieldID) (s fieldSet) {
	for _, f := range fields {
		s |= 1 << f
	}
	return s
}

func (s fieldSet) has(f model.FieldID) bool { return s>>f&1 != 0 }

// span is a half-open range of bytes.
type span struct{ start, end int }

const (
	// nameTarget stands for the joined name, beside the real fields and facets.
	nameTarget = model.FieldID(model.NumEntries)
	// extraTarget stands for text in fields that the documents do not name.
	extraTarget = nameTarget + 1
	numTargets  = int(extraTarget) + 1
)

// separator stands between the texts in a row's buffer; no typed text holds it.
const separator = 0

// segment is one text of a row: the part of a value that is searched.
type segment struct {
	span
	field model.FieldID
	text  string // as it came
	skip  int    // bytes of the value before it
}

// row is one contact opened for looking at: the texts that are needed, folded,
// one behind the other. It is filled again and again, so that a search over a
// million contacts holds one of them at a time.
type row struct {
	need   fieldSet
	last   model.FieldID
	raw    [model.NumFields]string
	at     [numTargets]span // where each field stands in buf
	segs   []segment
	buf    []byte
	low    []byte // for Query.closed
	domain int    // where the domain of the e-mail address begins in buf
	class  [numTargets]model.Class
	visit  func(model.FieldID, model.Value)
}

// newRow prepares a row that reads the given fields.
func newRow(need fieldSet) *row {
	if need.has(model.FacetCompany) {
		need |= setOf(model.FieldEmail)
	}
	r := &row{need: need, buf: make([]byte, 0, 512), segs: make([]segment, 0, 24)}
	for f := range model.FieldID(model.NumFields) {
		if need.has(f) {
			r.last = f
		}
	}
	for f := range model.FieldID(model.NumFacets) {
		r.class[f] = max(f.Def().Search, model.ClassName) // fields outside a plain search count only when asked for
	}
	r.class[nameTarget], r.class[extraTarget] = model.ClassName, model.ClassRest
	r.visit = r.take
	return r
}

func (r *row) take(f model.FieldID, v model.Value) {
	if !r.need.has(f) {
		return
	}
	text := v.String()
	r.raw[f] = text
	skip := 0
	switch f {
	case model.FieldType:
		text = strings.TrimSuffix(text, "_contact")
	case model.FieldLinkedIn:
		skip = profileAt(text)
	}
	r.put(f, text[skip:], skip)
}

// profileAt is where the part of a web address begins that tells one page from
// another.
func profileAt(address string) int {
	at := strings.Index(address, "://") + 1
	if at > 0 {
		at += len("//")
	}
	if i := strings.Index(address[at:], "linkedin.com/"); i >= 0 {
		at += i + len("linkedin.com/")
		if strings.HasPrefix(address[at:], "in/") {
			at += len("in/")
		}
	}
	return at
}

// MaxSearched is how much of one value is searched, in bytes. A service could
// otherwise make every key of a search slow.
const MaxSearched = 16 << 10

// capped is the beginning of a text that is searched.
func capped(text string) string {
	if len(text) <= MaxSearched {
		return text
	}
	cut := MaxSearched
	for cut > MaxSearched-utf8.UTFMax && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// put takes one text. First and last name follow each other in the table and so
// in buf, where a blank between them makes the joined name.
func (r *row) put(f model.FieldID, text string, skip int) {
	text = capped(text)
	start := len(r.buf)
	r.joinNames(f, text)
	r.buf = append(r.buf, text...)
	r.segs = append(r.segs, segment{span{start, len(r.buf)}, f, text, skip})
	r.at[f] = span{start, len(r.buf)}
	r.buf = append(r.buf, separator)
}

func (r *row) joinNames(f model.FieldID, text string) {
	first := r.at[model.FieldFirstName]
	if f == model.FieldLastName && text != "" && first.end > first.start && first.end == len(r.buf)-1 {
		r.buf[first.end] = ' '
	}
}

// load opens a contact. The texts are folded together, which for ASCII takes a
// few nanoseconds; a contact with other letters is folded text by text.
func (r *row) load(p model.Packed) {
	r.buf, r.segs = r.buf[:0], r.segs[:0]
	if r.need == 0 {
		return
	}
	clear(r.raw[:])
	clear(r.at[:])
	rest := p.Scan(r.last, r.visit)
	if r.need.has(extraTarget) {
		r.takeExtras(&rest)
	}
	if !lowerASCIIBytes(r.buf) {
		r.refold()
	}
	r.at[nameTarget] = joinSpans(r.at[model.FieldFirstName], r.at[model.FieldLastName])
	if r.need.has(model.FieldEmail) {
		mail := r.at[model.FieldEmail]
		r.domain = mail.end
		if i := bytes.LastIndexByte(r.buf[mail.start:mail.end], '@'); i >= 0 {
			r.domain = mail.start + i + 1
		}
		r.at[model.FacetCompany] = span{r.domain, mail.end}
	}
}

// joinSpans is both spans with what is between them, or the one that is not empty.
func joinSpans(a, b span) span {
	switch {
	case a.start == a.end:
		return b
	case b.start == b.end:
		return a
	default:
		return span{a.start, b.end}
	}
}

// takeExtras reads the text of fields that the documents do not name, but for
// those that are searched in another way or hold no words.
func (r *row) takeExtras(rest *model.Extras) {
	for rest.Next() {
		switch rest.Name() {
		case phonesField, "photo_url", "contact_types":
			continue
		}
		switch json := rest.JSON(); {
		case json == "null" || json == "[]" || json == `""`:
		case json[0] == '"' && strings.IndexByte(json, '\\') < 0:
			r.put(extraTarget, json[1:len(json)-1], 0)
		case json[0] == '"' || json[0] == '{' || json[0] == '[':
			eachMember(json, func(_, leaf string) { r.put(extraTarget, leaf, 0) })
		}
	}
}

func (r *row) refold() {
	segs := r.segs
	r.buf, r.segs = r.buf[:0], r.segs[:0]
	for _, s := range segs {
		folded := len(r.buf)
		r.joinNames(s.field, s.text)
		r.put(s.field, "", s.skip)
		r.buf = appendFold(r.buf[:folded], s.text)
		at := &r.segs[len(r.segs)-1]
		at.span, at.text = span{folded, len(r.buf)}, s.text
		r.at[s.field] = at.span
		r.buf = append(r.buf, separator)
	}
}

// folded is the folded text of a field, or of the joined name.
func (r *row) folded(f model.FieldID) []byte {
	s := r.at[f]
	return r.buf[s.start:s.end]
}

// text is the value of a field as it came, or the joined name.
func (r *row) text(f model.FieldID) string {
	switch {
	case int(f) < model.NumFields:
		return r.raw[f]
	case f != nameTarget:
		s := r.at[f]
		return string(r.buf[s.start:s.end])
	}
	first, last := r.raw[model.FieldFirstName], r.raw[model.FieldLastName]
	if first == "" || last == "" {
		return first + last
	}
	return first + " " + last
}

// segmentAt is the text that holds a place in the buffer.
func (r *row) segmentAt(at int) *segment {
	for i := range r.segs {
		if at < r.segs[i].end {
			return &r.segs[i]
		}
	}
	return &r.segs[len(r.segs)-1]
}
