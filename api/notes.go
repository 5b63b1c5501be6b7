package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Notes reads one page of the notes on a contact. Callers that ask for the same
// page at the same time share one request.
func (c *Client) Notes(ctx context.Context, contact int64, cursor string, p work.Priority) (Page[model.Note], error) {
	q := call{op: fmt.Sprintf("list the notes on contact %d", contact), endpoint: EndpointNotes, method: http.MethodGet,
		path: contactPath(contact) + "/notes", query: cursorQuery(cursor)}
	page, err := c.notes.join(ctx, c.joinKey(q), p, func(ctx context.Context, u *sharedPriority) (Page[model.Note], error) {
		page, _, err := send(ctx, c, q.as(u), readList[model.Note]("notes"))
		return page, err
	})
	return page, contextErrorOr(q.op, err)
}

// CreateNote writes a note on a contact. The key and the Receipt are those of
// Create: a note that may have arrived is never sent again by itself.
func (c *Client) CreateNote(ctx context.Context, contact int64, text, idempotencyKey string) (model.Note, Receipt, error) {
	q := call{op: fmt.Sprintf("add a note to contact %d", contact), endpoint: EndpointNoteCreate, method: http.MethodPost,
		path: contactPath(contact) + "/notes"}
	return c.writeNote(ctx, q, text, idempotencyKey)
}

// UpdateNote changes the text of a note.
func (c *Client) UpdateNote(ctx context.Context, contact int64, note, text, idempotencyKey string) (model.Note, Receipt, error) {
	q := call{op: fmt.Sprintf("change note %s on contact %d", note, contact), endpoint: EndpointNoteUpdate, method: http.MethodPatch,
		path: notePath(contact, note)}
	return c.writeNote(ctx, q, text, idempotencyKey)
}

// DeleteNote deletes a note for good.
func (c *Client) DeleteNote(ctx context.Context, contact int64, note, idempotencyKey string) (Receipt, error) {
	q := call{op: fmt.Sprintf("delete note %s on contact %d", note, contact), endpoint: EndpointNoteDelete, method: http.MethodDelete,
		path: notePath(contact, note)}
	if err := c.prepare(&q, idempotencyKey); err != nil {
		return Receipt{}, err
	}
	_, receipt, err := send(ctx, c, q, func(envelope) (struct{}, error) { return struct{}{}, nil })
	if receipt.Status >= 200 && receipt.Status < 300 {
		err, receipt.Unknown = nil, false // 204, or a success that holds nothing
	}
	return receipt, err
}

func (c *Client) writeNote(ctx context.Context, q call, text, key string) (model.Note, Receipt, error) {
	var err error
	if q.body, err = json.Marshal(map[string]model.Value{"text": model.TextValue(text)}); err != nil {
		return model.Note{}, Receipt{}, refused(q.op, err.Error())
	}
	if err := c.prepare(&q, key); err != nil {
		return model.Note{}, Receipt{}, err
	}
	return send(ctx, c, q, readOne[model.Note])
}

func notePath(contact int64, note string) string {
	return contactPath(contact) + "/notes/" + url.PathEscape(note)
}
