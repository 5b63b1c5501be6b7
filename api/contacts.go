package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// List reads one page. Two callers that ask for the same page at the same time
// share one request.
func (c *Client) List(ctx context.Context, r model.Request, p work.Priority) (model.Page, error) {
	r = r.WithLimit(r.Limit()) // the zero Request has none, and limit is always sent
	q := call{op: "list contacts", endpoint: EndpointList, method: http.MethodGet, query: listQuery(r)}
	page, err := c.lists.join(ctx, c.joinKey(q), p, func(ctx context.Context, u *sharedPriority) (model.Page, error) {
		page, _, err := onCollection(ctx, c, q.as(u), readPage(r))
		return page, err
	})
	page.Rows = slices.Clone(page.Rows) // each caller owns its page
	return page, contextErrorOr(q.op, err)
}

func listQuery(r model.Request) string {
	v := url.Values{"limit": {strconv.Itoa(r.Limit())}}
	switch {
	case !r.Sort().IsZero():
		v.Set("sort", r.Sort().Param())
		v.Set("offset", strconv.Itoa(r.Offset()))
	case r.Cursor() != "":
		v.Set("cursor", r.Cursor())
	}
	if r.Connection() == model.NotConnected {
		v.Set("filter[is_connected]", "false")
	}
	return v.Encode()
}

// Get reads one contact and says which request it came from. A contact that
// does not exist and one that the key may not see are both KindNotFound.
func (c *Client) Get(ctx context.Context, id int64, p work.Priority) (model.Contact, string, error) {
	q := call{op: fmt.Sprintf("get contact %d", id), endpoint: EndpointGet, method: http.MethodGet, path: contactPath(id)}
	if id <= 0 {
		return model.Contact{}, "", refused(q.op, "a contact's id is a positive number")
	}
	f, err := c.gets.join(ctx, c.joinKey(q), p, func(ctx context.Context, u *sharedPriority) (found, error) {
		f, _, err := send(ctx, c, q.as(u), readContact(id))
		return f, err
	})
	return f.contact, f.requestID, contextErrorOr(q.op, err)
}

func contactPath(id int64) string { return "/contacts/" + strconv.FormatInt(id, 10) }

// Create makes a contact of the patch's values and of extra, members that are
// not fields of a contact, such as company_id; extra may be nil. The key makes
// repeats of the same create one; "" means a new one. The Receipt holds also
// when the create failed.
func (c *Client) Create(ctx context.Context, body model.Patch, extra map[string]json.RawMessage, idempotencyKey string) (model.Contact, Receipt, error) {
	q := call{op: "create contact", endpoint: EndpointCreate, method: http.MethodPost}
	var err error
	if q.body, err = createBody(body, extra); err != nil {
		return model.Contact{}, Receipt{}, refused(q.op, err.Error())
	}
	if err := c.prepare(&q, idempotencyKey); err != nil {
		return model.Contact{}, Receipt{}, err
	}
	f, receipt, err := onCollection(ctx, c, q, readContact(0))
	return f.contact, receipt, err
}

// createBody is the patch's JSON with the extra members behind it, by name.
func createBody(p model.Patch, extra map[string]json.RawMessage) ([]byte, error) {
	body, err := p.MarshalJSON()
	if err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(bytes.TrimSuffix(body, []byte("}")))
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if f, ok := model.FieldByName(name); ok {
			if _, twice := p.Get(f.ID); twice {
				return nil, fmt.Errorf("%s is given twice", name)
			}
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		if err := json.Compact(b, extra[name]); err != nil {
			return nil, fmt.Errorf("the value of %s is not JSON", name)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Update sends the fields that change, and no others. An empty patch is
// refused. The key and the Receipt are as those of Create.
func (c *Client) Update(ctx context.Context, id int64, patch model.Patch, idempotencyKey string) (model.Contact, Receipt, error) {
	q := call{op: fmt.Sprintf("save contact %d", id), endpoint: EndpointUpdate, method: http.MethodPatch, path: contactPath(id)}
	switch {
	case id <= 0:
		return model.Contact{}, Receipt{}, refused(q.op, "a contact's id is a positive number")
	case patch.Empty():
		return model.Contact{}, Receipt{}, refused(q.op, "nothing has changed")
	}
	var err error
	if q.body, err = patch.MarshalJSON(); err != nil {
		return model.Contact{}, Receipt{}, refused(q.op, err.Error())
	}
	if err := c.prepare(&q, idempotencyKey); err != nil {
		return model.Contact{}, Receipt{}, err
	}
	f, receipt, err := send(ctx, c, q, readContact(id))
	if !errors.Is(err, model.ErrNoContact) {
		return f.contact, receipt, err
	}
	// No document has a success without a contact, and it can mean one thing only.
	now, requestID, lookErr := c.Get(ctx, id, work.Write)
	if lookErr != nil {
		return f.contact, receipt, err
	}
	receipt.Unknown, receipt.RequestID = false, cmp.Or(receipt.RequestID, requestID)
	return now, receipt, nil
}

// prepare makes a write ready to send, or says why it must not be sent.
func (c *Client) prepare(q *call, key string) error {
	if c.opts.ReadOnly {
		return refused(q.op, "this program was started read-only")
	}
	if key == "" {
		key = c.opts.NewID()
	}
	if !headerSafe(key) {
		return refused(q.op, "the idempotency key holds a character that a header cannot carry")
	}
	q.key = key
	q.priority = newSharedPriority(work.Write)
	return nil
}

// joinKey separates reads. It includes the API key: after a new sign-in no one
// waits for a response to the old one.
func (c *Client) joinKey(q call) string {
	return q.path + "?" + q.query + " " + c.opts.Token()
}

// contextErrorOr turns the end of the caller's context into an Error.
func contextErrorOr(op string, err error) error {
	if err == nil || isA[*model.Error](err) {
		return err
	}
	e := canceled(err)
	e.Op = op
	return e
}
