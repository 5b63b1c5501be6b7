package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// envelope is the wrapper around every documented answer.
type envelope struct {
	requestID  string
	data       json.RawMessage
	pagination json.RawMessage
}

// reader makes a value of the data in an envelope. Its error says what is wrong
// with them.
type reader[T any] func(envelope) (T, error)

// unfold reads a response with a 2xx status. The request id is given also when
// the rest cannot be read.
func decode[T any](got response, mask masker, read reader[T]) (value T, requestID string, fail *failure) {
	env, fail := open(got)
	requestID = mask.word(cmp.Or(env.requestID, got.header.Get("X-Request-Id")))
	if fail != nil {
		return value, requestID, fail
	}
	env.requestID = requestID
	value, err := read(env)
	if err != nil {
		fail = protocol(got.status, err.Error(), got.body)
		fail.err.Cause = err
		fail.err.RequestID = requestID
	}
	return value, requestID, fail
}

// open takes the envelope apart and says in plain words what came when there is
// none.
func open(got response) (envelope, *failure) {
	var env envelope
	bad := func(format string, args ...any) (envelope, *failure) {
		f := protocol(got.status, fmt.Sprintf("the service answered %d with ", got.status)+fmt.Sprintf(format, args...), got.body)
		f.err.RequestID = cmp.Or(requestIDIn(got.body), got.header.Get("X-Request-Id"))
		return env, f
	}
	body := bytes.TrimSpace(bytes.TrimPrefix(got.body, []byte("\ufeff")))
	kind := got.header.Get("Content-Type")
	switch coding := got.header.Get("Content-Encoding"); {
	case coding != "" && coding != "identity":
		return bad("an encoding that was not asked for (%s)", oneLine(coding))
	case len(body) == 0:
		return empty(bad("nothing in it"))
	case !isJSON(kind):
		return bad("%s instead of JSON", oneLine(kind))
	case body[0] == '<':
		return bad("HTML instead of JSON")
	}
	env, problem, err := members(body)
	switch {
	case errors.Is(err, errShape):
		return bad("JSON of another shape than documented")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return bad("JSON that cannot be read: it breaks off")
	case err != nil:
		return bad("JSON that cannot be read")
	case !absent(problem) && absent(env.data):
		p, _ := readProblem(body)
		e := p.modelError(false)
		e.Status = got.status
		e.Kind = kindOf(p.status, p.kind)
		e.RequestID = cmp.Or(e.RequestID, got.header.Get("X-Request-Id"))
		e.Message = cmp.Or(e.Message, "the service answered with an error inside a success")
		return env, &failure{err: e, delivered: e.Unsure()}
	case absent(env.data):
		return empty(bad("no data in it"))
	}
	return env, nil
}

// empty marks a success that holds nothing.
func empty(env envelope, f *failure) (envelope, *failure) {
	f.err.Cause = model.ErrNoContact
	return env, f
}

var errShape = errors.New("not an object")

// members takes a body apart without decoding its data.
func members(body []byte) (env envelope, problem json.RawMessage, err error) {
	d := model.NewJSONDecoder(body)
	switch d.PeekKind() {
	case '{':
	case 'n':
		return env, nil, d.SkipValue()
	default:
		return env, nil, cmp.Or(d.SkipValue(), errShape)
	}
	if _, err := d.ReadToken(); err != nil {
		return env, nil, err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return env, nil, err
		}
		member := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return env, nil, err
		}
		end := int(d.InputOffset())
		part := json.RawMessage(body[end-len(value) : end])
		switch member {
		case "request_id":
			env.requestID = plain(part)
		case "data":
			env.data = part
		case "pagination":
			env.pagination = part
		case "error":
			problem = part
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return env, nil, err
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return env, nil, errors.New("more than one value")
	}
	return env, problem, nil
}

// requestIDIn looks for the request id in a response of any type and shape:
// support asks for it above all when something is odd.
func requestIDIn(body []byte) string {
	var raw struct {
		ID json.RawMessage `json:"request_id"`
	}
	_ = json.Unmarshal(body, &raw)
	return plain(raw.ID)
}

// isJSON accepts application/json with any parameters, the +json types, and no
// type at all: then the content decides.
func isJSON(header string) bool {
	if header == "" {
		return true
	}
	kind, _, err := mime.ParseMediaType(header)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return false
	}
	return kind == "application/json" || kind == "text/json" || strings.HasSuffix(kind, "+json")
}

// absent reports whether a member is missing or null.
func absent(raw json.RawMessage) bool {
	return len(raw) == 0 || string(raw) == "null"
}

// plain is a JSON string or number as text, "" for anything else.
func plain(raw json.RawMessage) string {
	v, err := model.ParseValue(raw)
	if err != nil || v.Kind() != model.Text && v.Kind() != model.Number {
		return ""
	}
	return v.String()
}

// count reads a whole number that is not negative, also one written as 128.0 or
// "128".
func count(raw json.RawMessage) (int, bool) {
	f, err := strconv.ParseFloat(plain(raw), 64)
	if err != nil || f < 0 || f > 1<<53 || f != float64(int64(f)) {
		return 0, false
	}
	return int(f), true
}

// maxRows is the most rows a page may hold. A service may ignore the limit, but
// a response within the size limit could still hold millions of empty rows.
const maxRows = 20_000

// readPage reads a list. What is missing in the pagination is worked out where
// it can be; what cannot be known is left open.
func readPage(r model.Request) reader[model.Page] {
	return func(env envelope) (model.Page, error) {
		page := model.Page{Total: -1, RequestID: env.requestID}
		var err error
		if page.Rows, err = readRows(env.data, r.Limit()); err != nil {
			return page, err
		}
		var p struct {
			Total   json.RawMessage `json:"total"`
			Limit   json.RawMessage `json:"limit"`
			HasMore json.RawMessage `json:"has_more"`
			Next    json.RawMessage `json:"next_cursor"`
		}
		if !absent(env.pagination) {
			if err := json.Unmarshal(env.pagination, &p); err != nil {
				return page, errors.New("the pagination is not an object")
			}
		}
		if total, ok := count(p.Total); ok {
			page.Total = total
		}
		page.Limit, _ = count(p.Limit)
		page.NextCursor = plain(p.Next)
		switch string(p.HasMore) {
		case "true", `"true"`:
			page.HasMore = true
		case "false", `"false"`:
		default:
			page.HasMore = continues(r, page)
		}
		return page, nil
	}
}

// readRows packs the contacts of a list.
func readRows(data []byte, limit int) ([]model.Packed, error) {
	d := model.NewJSONDecoder(data)
	if t, err := d.ReadToken(); err != nil || t.Kind() != '[' {
		return nil, errors.New("the data are not a list of contacts")
	}
	rows := make([]model.Packed, 0, limit)
	var reader model.RowReader
	n := 0
	for ; d.PeekKind() != ']'; n++ {
		if n >= maxRows {
			if err := d.SkipValue(); err != nil {
				return nil, err
			}
			continue
		}
		row, err := reader.Read(d, data)
		if err != nil {
			return nil, fmt.Errorf("row %d of the list: %w", n+1, notContact(err))
		}
		rows = append(rows, row)
	}
	if n > maxRows {
		return nil, fmt.Errorf("the page has %d rows, %d were asked for", n, limit)
	}
	return rows, nil
}

// continues reports whether a list without has_more continues: there is a next
// cursor, or a total beyond the rows that came, or a full page and nothing that
// says it was the last.
func continues(r model.Request, p model.Page) bool {
	switch {
	case p.NextCursor != "":
		return true
	case p.Total < 0:
		return len(p.Rows) >= r.Limit()
	case !r.Sort().IsZero(), r.First():
		return p.Total > r.Offset()+len(p.Rows)
	}
	return false
}

// found is one contact and the response that it came in.
type found struct {
	contact   model.Contact
	requestID string
}

// readContact reads one contact; id is the one that was asked for, 0 when it is
// not known yet.
func readContact(id int64) reader[found] {
	return func(env envelope) (found, error) {
		var c model.Contact
		if err := c.UnmarshalJSON(env.data); err != nil {
			return found{}, fmt.Errorf("the data: %w", notContact(err))
		}
		if id != 0 && c.ID() != id {
			return found{}, fmt.Errorf("asked for contact %d, the answer holds contact %d", id, c.ID())
		}
		return found{c, env.requestID}, nil
	}
}

func notContact(err error) error {
	for _, known := range []error{model.ErrNoID, model.ErrContactSize, model.ErrContactMembers} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errors.New("not a contact")
}
