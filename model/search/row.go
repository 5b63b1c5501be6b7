package search

import (
	"levcontacts/model"
)

// fieldSet is a set of documented fields; bit i is FieldID i.
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

// nameTarget stands for the joined name, beside the seventeen real fields.
const nameTarget = model.FieldID(model.NumFields)

// row is one contact opened for looking at: the raw text of the fields that
// are needed, and the same folded. It is filled again and again, so that a
// search over a million contacts holds one of them at a time.
type row struct {
	need  fieldSet
	last  model.FieldID
	seen  model.FieldID
	raw   [model.NumFields]string
	at    [model.NumFields + 1]span // where each field stands in buf
	buf   []byte
	visit func(model.FieldID, model.Value) bool
}

// newRow prepares a row that reads the given fields.
func newRow(need fieldSet) *row {
	r := &row{need: need, buf: make([]byte, 0, 512)}
	for f := range model.FieldID(model.NumFields) {
		if need.has(f) {
			r.last = f
		}
	}
	r.visit = r.take
	return r
}

func (r *row) take(f model.FieldID, v model.Value) bool {
	if r.need.has(f) {
		r.put(f, v.String())
	}
	r.seen = f
	return f < r.last
}

// put takes the text of one field. First and last name follow each other in the
// table and so in buf, where a blank between them makes the joined name.
func (r *row) put(f model.FieldID, text string) {
	if f == model.FieldLastName && text != "" && len(r.buf) > r.at[model.FieldFirstName].start {
		r.buf = append(r.buf, ' ')
	}
	start := len(r.buf)
	r.buf = append(r.buf, text...)
	r.raw[f] = text
	r.at[f] = span{start, len(r.buf)}
}

// load opens a contact. The fields are folded together, which for ASCII takes a
// few nanoseconds; a contact with other letters is folded field by field.
func (r *row) load(p model.Packed) {
	r.buf = r.buf[:0]
	if r.need == 0 {
		return
	}
	r.seen = 0
	p.Each(r.visit)
	if r.seen < r.last { // damaged bytes: show nothing of the row before
		clear(r.raw[:])
		clear(r.at[:])
	}
	if !lowerASCIIBytes(r.buf) {
		r.buf = r.buf[:0]
		for f := range model.FieldID(model.NumFields) {
			if r.need.has(f) {
				r.putFolded(f)
			}
		}
	}
	r.at[nameTarget] = span{r.at[model.FieldFirstName].start, r.at[model.FieldLastName].end}
}

func (r *row) putFolded(f model.FieldID) {
	if f == model.FieldLastName && r.raw[f] != "" && len(r.buf) > r.at[model.FieldFirstName].start {
		r.buf = append(r.buf, ' ')
	}
	start := len(r.buf)
	r.buf = appendFold(r.buf, r.raw[f])
	r.at[f] = span{start, len(r.buf)}
}

// folded is the folded text of a field, or of the joined name.
func (r *row) folded(f model.FieldID) []byte {
	s := r.at[f]
	return r.buf[s.start:s.end]
}

// text is the value of a field as it came, or the joined name.
func (r *row) text(f model.FieldID) string {
	if f != nameTarget {
		return r.raw[f]
	}
	first, last := r.raw[model.FieldFirstName], r.raw[model.FieldLastName]
	if first == "" || last == "" {
		return first + last
	}
	return first + " " + last
}
