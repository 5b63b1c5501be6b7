package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Page sizes of a list, from the published API documentation.
const (
	defaultLimit = 50
	maxLimit     = 200
)

// listQuery is what a list was asked for.
type listQuery struct {
	limit     int
	cursor    string // as sent
	after     int64  // what the cursor means: ids above this one
	sorted    bool
	sort      field
	down      bool
	offset    int
	fields    []field
	connected bool
}

// cursorPage is the pagination of a list without a sort.
type cursorPage struct {
	Total      int     `json:"total"`
	Limit      int     `json:"limit"`
	Cursor     *string `json:"cursor"`
	HasMore    bool    `json:"has_more"`
	NextCursor *string `json:"next_cursor"`
}

// marchPage is the same as the page of March 2026 shows it.
type marchPage struct {
	Total      int     `json:"total"`
	Limit      int     `json:"limit"`
	HasMore    bool    `json:"has_more"`
	NextCursor *string `json:"next_cursor"`
}

// offsetPage is the pagination of a sorted list.
type offsetPage struct {
	Total   int  `json:"total"`
	Limit   int  `json:"limit"`
	Offset  int  `json:"offset"`
	HasMore bool `json:"has_more"`
}

// readList reads the query of a list, in the dialect's fields.
func (s *Server) readList(q url.Values) (listQuery, *problem) {
	l := listQuery{cursor: q.Get("cursor"), fields: s.schema.fields}
	sort := q.Get("sort")
	if l.cursor != "" && sort != "" {
		return l, ref(badRequest("cursor and sort cannot be combined; use offset pagination when sorting"))
	}
	var p *problem
	if l.limit, p = readNumber(q, "limit", defaultLimit, 1, maxLimit); p != nil {
		return l, p
	}
	if l.cursor != "" {
		after, ok := readCursor(l.cursor)
		if !ok {
			return l, ref(badRequest("cursor is not one this service gave out"))
		}
		l.after = after
	}
	if q.Has("offset") && sort == "" {
		return l, ref(badRequest("offset needs a sort; use cursor pagination without one"))
	}
	if l.offset, p = readNumber(q, "offset", 0, 0, 1<<31-1); p != nil {
		return l, p
	}
	if sort != "" {
		name, down := strings.CutPrefix(sort, "-")
		if !slices.Contains(s.options.SortableFields, name) {
			return l, ref(badRequest(fmt.Sprintf("sort by %q is not supported", name)))
		}
		l.sorted, l.sort, l.down = true, s.schema.byName[name], down
	}
	if l.fields, p = s.readFields(q); p != nil {
		return l, p
	}
	l.connected, p = s.readFilter(q)
	return l, p
}

// readFields reads the fields parameter: id always, then what was named.
func (s *Server) readFields(q url.Values) ([]field, *problem) {
	if q.Get("fields") == "" {
		return s.schema.fields, nil
	}
	names := strings.Split(q.Get("fields"), ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	chosen, unknown := s.schema.pick(names)
	if chosen == nil {
		return nil, ref(badRequest(fmt.Sprintf("fields names %q, which is not a field of a contact", unknown)))
	}
	return chosen, nil
}

// readFilter reports whether the connected contacts are wanted, which they are unless asked otherwise.
// No filter is published for contacts; the form is the convention of the rest of the API.
func (s *Server) readFilter(q url.Values) (connected bool, p *problem) {
	for name := range q {
		if !strings.HasPrefix(name, "filter") {
			continue
		}
		if name != "filter[is_connected]" || s.options.RefuseConnectedFilter {
			return true, ref(badRequest(name + " is not supported"))
		}
		if s.options.IgnoreConnectedFilter {
			continue
		}
		switch q.Get(name) {
		case "true":
		case "false":
			return false, nil
		default:
			return true, ref(badRequest(name + " must be true or false"))
		}
	}
	return true, nil
}

func readNumber(q url.Values, name string, otherwise, low, high int) (int, *problem) {
	if !q.Has(name) {
		return otherwise, nil
	}
	n, err := strconv.Atoi(q.Get(name))
	switch {
	case err == nil && n >= low && n <= high:
		return n, nil
	case name == "limit":
		return 0, ref(badRequest(fmt.Sprintf("limit must be a number from %d to %d", low, high)))
	}
	return 0, ref(badRequest(fmt.Sprintf("%s must be a number, %d or more", name, low)))
}

// Cursors look like the one on the contacts page: base64 of the last id of the page, so that they
// stay good when contacts come and go.
func makeCursor(id int64) *string {
	return ref(base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"id": %d}`, id)))
}

func readCursor(cursor string) (after int64, ok bool) {
	plain, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false
	}
	var c struct {
		ID *int64 `json:"id"`
	}
	if err := json.Unmarshal(plain, &c); err != nil || c.ID == nil || *c.ID < 0 {
		return 0, false
	}
	return *c.ID, true
}

// listContacts is GET of the collection, from the contacts page of March 2026; limits, sorts, fields
// and offset pagination are from the published API documentation.
func (s *Server) listContacts(c *call) answer {
	q, p := s.readList(c.request.URL.Query())
	if p != nil {
		return s.refuse(c, *p)
	}
	var (
		rows   []*record
		before *record
	)
	if q.sorted {
		rows, before = s.book.orders.page(s.book, q.sort, q.down, q.connected, q.offset, q.limit+1)
	} else {
		s.book.each(q.connected, q.after, partsAll, func(r *record) bool {
			rows = append(rows, r)
			return len(rows) <= q.limit
		})
		if q.after > 0 {
			before = s.book.get(q.after)
		}
	}
	more := len(rows) > q.limit
	if more {
		rows = rows[:q.limit]
	}
	var last int64
	if len(rows) > 0 {
		last = rows[len(rows)-1].id
	}
	rows, more = c.plan.damageRows(rows, before, more)
	total := s.book.count[q.connected]
	if q.sorted {
		return s.rows(c, q, rows, offsetPage{Total: total, Limit: q.limit, Offset: q.offset, HasMore: more})
	}
	page := cursorPage{Total: total, Limit: q.limit, HasMore: more}
	if q.cursor != "" {
		page.Cursor = &q.cursor
	}
	if more {
		page.NextCursor = c.plan.damageCursor(q, last)
	}
	if s.options.Dialect == DialectMarch {
		return s.rows(c, q, rows, marchPage{
			Total: page.Total, Limit: page.Limit, HasMore: page.HasMore, NextCursor: page.NextCursor,
		})
	}
	return s.rows(c, q, rows, page)
}

func (s *Server) rows(c *call, q listQuery, rows []*record, pagination any) answer {
	as := style{fields: q.fields, nulls: c.plan.has(faultNulls)}
	b := make([]byte, 0, 600*(len(rows)+1))
	b = append(b, '[')
	for i, r := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = as.appendRecord(b, r)
	}
	return s.success(c, http.StatusOK, append(b, ']'), pagination)
}

// damageRows applies the faults about what is on a page.
func (p plan) damageRows(rows []*record, before *record, more bool) ([]*record, bool) {
	if p.has(faultDuplicate) && len(rows) > 0 {
		doubled := []*record{rows[0]}
		if before != nil {
			doubled = append([]*record{before}, doubled...)
		}
		rows = append(doubled, rows...)
	}
	if p.has(faultEmptyPage) {
		rows = nil
	}
	return rows, more || p.has(faultEmptyPage) || p.has(faultRepeatCursor) || p.has(faultNoCursor)
}

// damageCursor makes the next cursor, or the one that a fault puts in its place.
func (p plan) damageCursor(q listQuery, last int64) *string {
	switch {
	case p.has(faultNoCursor):
		return nil
	case p.has(faultRepeatCursor):
		return makeCursor(q.after)
	}
	return makeCursor(max(last, q.after))
}

// getContact is GET of one contact, from the contacts page of March 2026.
func (s *Server) getContact(c *call) answer {
	r := s.book.get(c.ids[0])
	if r == nil {
		return s.refuse(c, notFound("Contact not found"))
	}
	fields, p := s.readFields(c.request.URL.Query())
	if p != nil {
		return s.refuse(c, *p)
	}
	as := style{fields: fields, nulls: c.plan.has(faultNulls)}
	return s.success(c, http.StatusOK, as.appendRecord(nil, r), nil)
}
