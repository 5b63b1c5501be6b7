package config

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/internal/redact"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

const (
	// maxFile bounds the size of a configuration file, in bytes.
	maxFile = 256 << 10
	// maxSyntaxProblems stops the reading of a file that is not TOML at all.
	maxSyntaxProblems = 20
)

// span is a range of bytes in a document.
type span struct{ from, to int }

type valueKind int

const (
	isText valueKind = iota
	isBool
	isInteger
	isFloat
	isTime
	isList
	isTable
	isTables // [[array of tables]]
)

func (k valueKind) String() string {
	return [...]string{"text", "true or false", "a whole number", "a decimal number", "a date or time", "an array", "a table", "an array of tables"}[k]
}

// value is a TOML value and where it stands.
type value struct {
	kind   valueKind
	at     span
	text   string
	number int64
	fits   bool // an integer that is within 64 bits
	on     bool
	list   []value
	table  *table
}

// item is a key of a table with its value.
type item struct {
	key   string
	keyAt span // the last part of the key
	val   value
}

// table is a TOML table, however it was written.
type table struct {
	items  []*item
	byKey  map[string]*item
	header span // of its [header]; empty when it has none
	inline bool
}

func (t *table) get(key string) *item { return t.byKey[key] }

func (t *table) add(it *item) {
	if t.byKey == nil {
		t.byKey = map[string]*item{}
	}
	t.items, t.byKey[it.key] = append(t.items, it), it
}

// document is a parsed file. Values keep their byte positions, which the
// standard decoding of TOML does not, so that every problem can be given its
// place and an edit can leave all other bytes alone.
type document struct {
	file  string
	data  []byte
	root  *table
	lines []int // offsets at which lines begin, but the first
}

func newDocument(file string, data []byte) *document {
	d := &document{file: file, data: data, root: &table{}}
	for i, c := range data {
		if c == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	return d
}

// position turns an offset into a line and a column, both from 1.
func (d *document) position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(d.data))
	line, found := slices.BinarySearch(d.lines, offset)
	if found {
		line++
	}
	start := 0
	if line > 0 {
		start = d.lines[line-1]
	}
	return line + 1, utf8.RuneCount(d.data[start:offset]) + 1
}

func (d *document) line(offset int) int {
	line, _ := d.position(offset)
	return line
}

func (d *document) raw(s span) string { return string(d.data[s.from:s.to]) }

// reader builds a document from the parser's expressions.
type reader struct {
	doc      *document
	parser   unstable.Parser
	base     int // offset of what the parser was given
	current  *table
	done     int // end of the last good expression
	problems Problems
}

// parseDocument reads a whole file. After a syntax error it continues with the
// next line, so that one slip does not hide the others.
func parseDocument(file string, data []byte) (*document, Problems) {
	doc := newDocument(file, data)
	r := &reader{doc: doc, current: doc.root}
	if len(data) > maxFile {
		r.add(0, "", "", fmt.Sprintf("the file is larger than %d KiB", maxFile>>10), "")
		return doc, r.problems
	}
	start := 0
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) { // some editors begin a file with a byte order mark
		start = 3
	}
	syntax := 0
	for r.base, r.done = start, start; r.base < len(data); {
		r.parser.Reset(data[r.base:])
		for r.parser.NextExpression() {
			r.expression(r.parser.Expression())
		}
		err := r.parser.Error()
		if err == nil {
			break
		}
		if syntax++; syntax > maxSyntaxProblems {
			break
		}
		r.recover(err)
	}
	if len(r.problems) == 0 {
		r.decodeCheck(data[start:], start)
	}
	return doc, r.problems
}

func (r *reader) add(offset int, key, value, message, allowed string) {
	line, column := r.doc.position(offset)
	r.problems = append(r.problems, Problem{File: r.doc.file, Line: line, Column: column,
		Key: redact.Shapes(key), Value: value, Message: message, Allowed: allowed})
}

// recover records a syntax error and moves behind the line it is on.
func (r *reader) recover(err error) {
	at, message := r.base, err.Error()
	var perr *unstable.ParserError
	if errors.As(err, &perr) {
		at, message = r.base+r.offset(perr.Highlight), perr.Message
	}
	data := r.doc.data
	if line, _, _ := bytes.Cut(data[at:], []byte("\n")); bytes.ContainsAny(line, "“”‘’") {
		message += "; use straight quotes, not curly ones"
	}
	began := r.expressionStart(at)
	if first := r.doc.line(began); first < r.doc.line(at) {
		message += fmt.Sprintf(", in what begins on line %d", first)
	}
	r.add(at, "", "", "not valid TOML: "+message, "")
	if data[began] == '[' {
		r.current = &table{} // whose keys are unknown; they are not judged
	}
	end := bytes.IndexByte(data[at:], '\n')
	if end < 0 {
		r.base = len(data)
	} else {
		r.base = at + end + 1
	}
	r.done = r.base
}

// offset finds where in the parser's input a part of it begins.
func (r *reader) offset(part []byte) int {
	at := cap(r.parser.Data()) - cap(part)
	return min(max(at, 0), max(len(r.parser.Data())-1, 0))
}

// expressionStart finds where the expression began in which an error was met: the
// first line behind the last good one that is neither empty nor a comment.
func (r *reader) expressionStart(at int) int {
	data, from := r.doc.data, r.done
	if from > r.base {
		if nl := bytes.IndexByte(data[from:], '\n'); nl >= 0 {
			from += nl + 1
		}
	}
	for from < at {
		for from < at && (data[from] == ' ' || data[from] == '\t') {
			from++
		}
		if data[from] != '#' && data[from] != '\n' && data[from] != '\r' {
			break
		}
		nl := bytes.IndexByte(data[from:at], '\n')
		if nl < 0 {
			return at
		}
		from += nl + 1
	}
	return min(from, at)
}

// decodeCheck lets the TOML decoder have the last word on what the parser does
// not look at, such as tables defined twice or impossible dates.
func (r *reader) decodeCheck(data []byte, base int) {
	var whole map[string]any
	err := toml.Unmarshal(data, &whole)
	if err == nil {
		return
	}
	p := Problem{File: r.doc.file, Line: 1, Column: 1, Message: "not valid TOML: " + strings.TrimPrefix(err.Error(), "toml: ")}
	var derr *toml.DecodeError
	if errors.As(err, &derr) {
		p.Line, p.Column = derr.Position()
		p.Line, p.Column = max(p.Line, 1), max(p.Column, 1)
		if p.Line == 1 {
			p.Column += utf8.RuneCount(r.doc.data[:base])
		}
	}
	p.Message = redact.Shapes(p.Message)
	r.problems = append(r.problems, p)
}

func (r *reader) expression(n *unstable.Node) {
	switch n.Kind {
	case unstable.KeyValue:
		r.done = r.base + int(n.Raw.Offset+n.Raw.Length)
		r.keyValue(r.current, n)
	case unstable.Table, unstable.ArrayTable:
		r.tableHeader(n)
	}
}

// parts gives a dotted key's parts with their places.
func (r *reader) parts(it unstable.Iterator) (names []string, at []span) {
	for it.Next() {
		n := it.Node()
		names = append(names, string(n.Data))
		at = append(at, r.span(n.Raw))
	}
	return names, at
}

func (r *reader) span(raw unstable.Range) span {
	from := r.base + int(raw.Offset)
	return span{from, from + int(raw.Length)}
}

func (r *reader) tableHeader(n *unstable.Node) {
	names, at := r.parts(n.Key())
	last := len(names) - 1
	r.done = at[last].to
	whole := span{at[0].from, at[last].to}
	parent := r.subtable(r.doc.root, names[:last], at)
	r.current = &table{}
	if parent == nil {
		return
	}
	old := parent.get(names[last])
	switch {
	case n.Kind == unstable.ArrayTable:
		if old == nil {
			parent.add(&item{key: names[last], keyAt: at[last],
				val: value{kind: isTables, at: whole, table: r.current}})
		}
	case old == nil:
		r.current.header = whole
		parent.add(&item{key: names[last], keyAt: at[last],
			val: value{kind: isTable, at: whole, table: r.current}})
	case old.val.kind != isTable || old.val.table.inline || old.val.table.header != (span{}):
		r.duplicateKey(names, at[last], old)
	default:
		r.current = old.val.table
		r.current.header = whole
	}
}

func (r *reader) duplicateKey(names []string, at span, old *item) {
	r.add(at.from, dotted(names...), "", fmt.Sprintf("is already set on line %d", r.doc.line(old.keyAt.from)), "")
}

// subtable goes from a table to the one that the names lead to, making those
// that are missing; nil when a value stands in the way.
func (r *reader) subtable(t *table, names []string, at []span) *table {
	for i, name := range names {
		it := t.get(name)
		if it == nil {
			it = &item{key: name, keyAt: at[i], val: value{kind: isTable, at: at[i], table: &table{}}}
			t.add(it)
		}
		if it.val.kind != isTable || it.val.table.inline {
			r.duplicateKey(names[:i+1], at[i], it)
			return nil
		}
		t = it.val.table
	}
	return t
}

func (r *reader) keyValue(t *table, n *unstable.Node) {
	names, at := r.parts(n.Key())
	last := len(names) - 1
	if t = r.subtable(t, names[:last], at); t == nil {
		return
	}
	if old := t.get(names[last]); old != nil {
		r.duplicateKey(names, at[last], old)
		return
	}
	from, end := at[last].to, r.base+int(n.Raw.Offset+n.Raw.Length)
	from += len(r.doc.data[from:end]) - len(bytes.TrimLeft(r.doc.data[from:end], " \t="))
	t.add(&item{key: names[last], keyAt: at[last],
		val: r.value(n.Value(), span{from, end})})
}

// value converts a node; at is where it stands, for the kinds of nodes that
// do not say so themselves.
func (r *reader) value(n *unstable.Node, at span) value {
	v := value{at: at}
	if n.Raw.Length > 0 {
		v.at = r.span(n.Raw)
	}
	switch n.Kind {
	case unstable.String:
		v.kind, v.text = isText, string(n.Data)
	case unstable.Bool:
		v.kind, v.on = isBool, string(n.Data) == "true"
	case unstable.Integer:
		v.kind = isInteger
		number, err := strconv.ParseInt(strings.ReplaceAll(string(n.Data), "_", ""), 0, 64)
		v.number, v.fits = number, err == nil
	case unstable.Float:
		v.kind = isFloat
	case unstable.Array:
		v.kind = isList
		for it := n.Children(); it.Next(); {
			v.list = append(v.list, r.value(it.Node(), at))
		}
	case unstable.InlineTable:
		v.kind, v.table = isTable, &table{}
		for it := n.Children(); it.Next(); {
			r.keyValue(v.table, it.Node())
		}
		v.table.inline = true
	default:
		v.kind = isTime
	}
	return v
}

// dotted writes names as a dotted key, with quotes where TOML wants them.
func dotted(names ...string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(tomlKey(name))
	}
	return b.String()
}
