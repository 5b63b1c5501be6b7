package model

import "fmt"

// Sort orders a list by one field. The zero Sort is the server's own order.
type Sort struct {
	Field FieldID
	Desc  bool
}

// IsZero says that no order was asked for. (The id, index 0, is the order the
// server gives by itself, so it doubles as none unless it is descending.)
func (s Sort) IsZero() bool { return s == Sort{} }

// Param is the sort as the API writes it: "title" or "-title".
func (s Sort) Param() string {
	if s.Desc {
		return "-" + s.Field.Name()
	}
	return s.Field.Name()
}

// Connection says which contacts a list asks for. The page of March 2026
// returns connected contacts unless asked otherwise.
type Connection uint8

// The choices: the server's default, and its opposite.
const (
	ConnectedOnly Connection = iota
	NotConnected
)

// The documented bounds of limit.
const (
	MinLimit     = 1
	MaxLimit     = 200
	DefaultLimit = 50
)

// Request asks for one page of contacts. Its place in the list is closed: it
// is made by CursorList or SortedList and moved on by After, so a cursor and a
// sort can never be sent together, which the API answers with a 400.
type Request struct {
	connection Connection
	sort       Sort
	cursor     string
	offset     int
	limit      int
	rows       int   // that this list has given so far
	size       int64 // of those rows, packed
}

// CursorList begins the list in the server's own order. A limit outside 1 to
// 200 is brought inside.
func CursorList(c Connection, limit int) Request {
	return Request{connection: c, limit: clampLimit(limit)}
}

// SortedList begins the list in another order, at offset rows from its start.
func SortedList(c Connection, s Sort, offset, limit int) Request {
	if s.IsZero() {
		return CursorList(c, limit)
	}
	return Request{connection: c, sort: s, offset: max(0, offset), limit: clampLimit(limit)}
}

// ResumeList goes on in the server's own order from a cursor it gave earlier.
func ResumeList(c Connection, cursor string, limit int) Request {
	return Request{connection: c, cursor: cursor, limit: clampLimit(limit)}
}

func clampLimit(n int) int {
	if n == 0 {
		n = DefaultLimit
	}
	return min(max(n, MinLimit), MaxLimit)
}

// WithLimit is the same place in the list with another page size.
func (r Request) WithLimit(n int) Request {
	r.limit = clampLimit(n)
	return r
}

// Sort is the order asked for; zero means cursor pagination.
func (r Request) Sort() Sort { return r.sort }

// Connection is which contacts are asked for.
func (r Request) Connection() Connection { return r.connection }

// Limit is the number of rows asked for, 1 to 200.
func (r Request) Limit() int { return r.limit }

// Cursor is where to go on in the server's own order, "" at the start.
func (r Request) Cursor() string { return r.cursor }

// Offset is where to go on in a sorted list.
func (r Request) Offset() int { return r.offset }

// First says that the request begins a list.
func (r Request) First() bool { return r.cursor == "" && r.offset == 0 }

// Page is one answer to a Request.
type Page struct {
	Rows       []Packed
	Total      int // how many the whole list holds; -1 when the server did not say
	Limit      int // rows a page as the server counted them, 0 when it did not say
	HasMore    bool
	NextCursor string
	RequestID  string
}

// Contacts unpacks the rows, for callers that need few of them whole.
func (p Page) Contacts() []Contact {
	out := make([]Contact, len(p.Rows))
	for i, row := range p.Rows {
		out[i], _ = row.Unpack() // a Page is made of contacts that were packed
	}
	return out
}

// PackAll packs contacts, for a Page.
func PackAll(contacts ...Contact) []Packed {
	rows := make([]Packed, len(contacts))
	for i, c := range contacts {
		rows[i] = c.Pack()
	}
	return rows
}

// Stop says why a list ends.
type Stop uint8

// More is no stop. Complete is the proper end. The others are answers that
// would make a careless client loop for ever or skip rows; the list stops
// there and the person is told once.
const (
	More Stop = iota
	Complete
	NoCursor
	SameCursor
	NothingNew
	EmptyPage
	BeyondTotal
	TooLarge
)

// The caps of one list. What services really count wrong, or add while the list
// is read, stays far below them.
const (
	beyondTotal = 10_000    // rows beyond twice what the service counts
	spareSize   = 256 << 20 // bytes of all rows beyond rowSize for each
	rowSize     = 1 << 10
)

// Text is the sentence for the person, "" for More and Complete.
func (s Stop) Text() string {
	switch s {
	case NoCursor:
		return "the service does not say where the list goes on; it stops here"
	case SameCursor:
		return "the service repeats its place in the list; the list stops here"
	case NothingNew:
		return "the service sent only contacts already held; the list stops here"
	case EmptyPage:
		return "the service says there is more but sent nothing; the list stops here"
	case BeyondTotal:
		return "the service sent far more contacts than it says there are; the list stops here"
	case TooLarge:
		return "the contacts of this service are too large to hold them all; the list stops here"
	default:
		return ""
	}
}

// After is the request for the page after p, the answer to r, of which added
// rows had not been seen before in this list. A Stop other than More ends it.
func (r Request) After(p Page, added int) (Request, Stop) {
	switch {
	case !p.HasMore:
		return r, Complete
	case len(p.Rows) == 0:
		return r, EmptyPage
	case added == 0:
		return r, NothingNew
	}
	next := r
	next.rows += len(p.Rows)
	for _, row := range p.Rows {
		next.size += int64(len(row))
	}
	switch {
	case p.Total >= 0 && next.rows > 2*p.Total+beyondTotal:
		return r, BeyondTotal
	case next.size > spareSize+int64(next.rows)*rowSize:
		return r, TooLarge
	}
	if !r.sort.IsZero() {
		// The documents: the next offset is offset + limit. A server that
		// lowered the limit says so in the answer.
		step := r.limit
		if p.Limit > 0 && p.Limit < step {
			step = p.Limit
		}
		next.offset += step
		return next, More
	}
	switch p.NextCursor {
	case "":
		return r, NoCursor
	case r.cursor:
		return r, SameCursor
	}
	next.cursor = p.NextCursor
	return next, More
}

// String describes the place for logs.
func (r Request) String() string {
	switch {
	case !r.sort.IsZero():
		return fmt.Sprintf("sort %s offset %d limit %d", r.sort.Param(), r.offset, r.limit)
	case r.cursor != "":
		return fmt.Sprintf("cursor %.16s limit %d", r.cursor, r.limit)
	default:
		return fmt.Sprintf("start limit %d", r.limit)
	}
}
