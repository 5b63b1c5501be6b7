package config

import (
	"bytes"
	"slices"
	"strings"
)

// splice is a replacement of some bytes of a document.
type splice struct {
	at   span
	text string
}

// with gives the document's text with keys of one table set: values that are
// there are replaced where they stand, missing ones are put below their
// siblings, and a missing table is appended. Nothing else changes. Tables
// written in a way for which this cannot work come out wrong or invalid,
// which the caller finds by reading the result.
func (d *document) with(where []string, pairs []pair) []byte {
	t := d.find(where)
	if t == nil {
		return d.appended(fragment(where, pairs, d.eol()))
	}
	var splices []splice
	var missing []pair
	for _, p := range pairs {
		it := t.get(p.key)
		switch {
		case it == nil && !p.empty():
			missing = append(missing, p)
		case it == nil, it.val.canonical() == p.text:
		case it.val.kind == isList && strings.Contains(d.raw(it.val.at), "#"):
			return d.data // there are comments between its elements
		default:
			splices = append(splices, splice{it.val.at, p.text})
		}
	}
	if len(missing) > 0 && t.inline {
		return d.data // such a table is one value, perhaps with comments in it
	}
	if len(missing) > 0 {
		s, ok := d.insertion(t, missing)
		if !ok {
			return d.appended(fragment(where, missing, d.eol()))
		}
		splices = append(splices, s)
	}
	slices.SortStableFunc(splices, func(a, b splice) int { return b.at.from - a.at.from })
	data := d.data
	for _, s := range splices {
		data = slices.Concat(data[:s.at.from], []byte(s.text), data[s.at.to:])
	}
	return data
}

// canonical is a value as the program would write it; empty for the kinds
// that it does not write.
func (v value) canonical() string {
	switch v.kind {
	case isText:
		return tomlString(v.text)
	case isList:
		texts := make([]string, len(v.list))
		for i, one := range v.list {
			if one.kind != isText {
				return ""
			}
			texts[i] = one.text
		}
		return tomlStrings(texts)
	default:
		return ""
	}
}

func (d *document) find(where []string) *table {
	t := d.root
	for _, name := range where {
		it := t.get(name)
		if it == nil || it.val.kind != isTable {
			return nil
		}
		t = it.val.table
	}
	return t
}

// insertion finds the place of new keys of a table: behind the last of its
// keys, else below its header; not ok when it has neither.
func (d *document) insertion(t *table, pairs []pair) (splice, bool) {
	var last *item
	for _, it := range t.items {
		if it.val.kind == isTables || it.val.kind == isTable && !it.val.table.inline {
			continue // stands below a header of its own
		}
		if last == nil || it.val.at.to > last.val.at.to {
			last = it
		}
	}
	prefix, end := "", 0
	switch {
	case last != nil:
		start := bytes.LastIndexByte(d.data[:last.whole.from], '\n') + 1
		prefix = d.raw(span{start, last.keyAt.from})
		end = last.val.at.to
	case t.header != span{}:
		start := bytes.LastIndexByte(d.data[:t.header.from], '\n') + 1
		prefix, _, _ = strings.Cut(d.raw(span{start, t.header.from}), "[")
		end = t.header.to
	case t == d.root:
		return d.first(pairs), true
	default:
		return splice{}, false
	}
	text := ""
	for _, p := range pairs {
		text += prefix + p.key + " = " + p.text + d.eol()
	}
	if nl := bytes.IndexByte(d.data[end:], '\n'); nl >= 0 {
		at := end + nl + 1
		return splice{span{at, at}, text}, true
	}
	at := len(d.data)
	return splice{span{at, at}, d.eol() + text}, true
}

// first puts keys at the beginning of a file that has none outside of tables.
func (d *document) first(pairs []pair) splice {
	text, at := fragment(nil, pairs, d.eol()), 0
	if bytes.HasPrefix(d.data, []byte("\xef\xbb\xbf")) {
		at = 3
	}
	if len(d.data) > at {
		text += d.eol()
	}
	return splice{span{at, at}, text}
}

// appended adds a table at the end, an empty line before it.
func (d *document) appended(text string) []byte {
	gap := ""
	switch {
	case len(d.data) == 0:
	case d.data[len(d.data)-1] != '\n':
		gap = d.eol() + d.eol()
	default:
		gap = d.eol()
	}
	return slices.Concat(d.data, []byte(gap+text))
}

// eol is how the lines of the document end.
func (d *document) eol() string {
	if nl := bytes.IndexByte(d.data, '\n'); nl > 0 && d.data[nl-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
