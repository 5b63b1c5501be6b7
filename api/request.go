package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// methods are what a Request may be.
var methods = [...]string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}

// Request sends a request of the person's own making, and gives the answer as it
// came when it is a success. It is counted as the request that it is. A read is
// tried again as any other; a write only where it certainly did not arrive, or
// the service says so. Where the answer is one contact, that comes along.
func (c *Client) Request(ctx context.Context, r work.Request) (work.Response, model.Contact, Receipt, error) {
	q := call{op: r.String(), endpoint: endpointOf(r.Method, r.Path), method: r.Method, path: r.Path, query: r.Query,
		body: r.Body}
	var none model.Contact
	if why := unsendable(r); why != "" {
		return work.Response{}, none, Receipt{}, refused(q.op, why)
	}
	if !q.write() {
		q.priority = newSharedPriority(work.Screen)
	} else if err := c.prepare(&q, r.Key); err != nil {
		return work.Response{}, none, Receipt{}, err
	}
	q.verbatim = &response{}
	_, receipt, err := send(ctx, c, q, func(envelope) (struct{}, error) { return struct{}{}, nil })
	if err != nil {
		return work.Response{}, none, receipt, contextErrorOr(q.op, err)
	}
	body := q.verbatim.body
	var one struct{ Data json.RawMessage }
	if json.Unmarshal(body, &one) == nil && bytes.HasPrefix(one.Data, []byte("{")) {
		if none.UnmarshalJSON(one.Data) != nil || !isContact(q.endpoint) {
			none = model.Contact{}
		}
	}
	return work.Response{Status: q.verbatim.status, Body: body, RequestID: receipt.RequestID}, none, receipt, nil
}

func isContact(endpoint string) bool {
	return slices.Contains([]string{EndpointGet, EndpointUpdate, EndpointCreate}, endpoint)
}

// unsendable says why a request cannot be sent, "" when it can: it must stay
// below the base URL.
func unsendable(r work.Request) string {
	if !slices.Contains(methods[:], r.Method) {
		return "the method is one of " + strings.Join(methods[:], ", ")
	}
	path, err := url.PathUnescape(r.Path)
	switch {
	case err != nil, !strings.HasPrefix(path, "/"), strings.ContainsAny(path, "?#\\"), strings.Contains(path, "//"):
		return "a path begins with one slash, such as /contacts/78"
	case slices.Contains(strings.Split(path, "/"), ".."), slices.Contains(strings.Split(path, "/"), "."):
		return "a path holds no . and no .."
	case len(r.Body) > 0 && !json.Valid(r.Body):
		return "the body is not JSON"
	}
	return ""
}

// endpointOf is the endpoint as the rate limit counts it.
func endpointOf(method, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if parts[0] == "build" {
		parts = parts[1:]
	}
	shape := method
	for _, part := range parts {
		if _, err := strconv.ParseInt(part, 10, 64); err == nil {
			part = "*"
		}
		shape += " " + part
	}
	if name, ok := strings.CutPrefix(shape, method+" contacts * notes "); ok && name != "" {
		shape = method + " contacts * notes *"
	}
	if endpoint, known := map[string]string{
		"GET contacts": EndpointList, "POST contacts": EndpointCreate, "GET contacts *": EndpointGet,
		"PATCH contacts *": EndpointUpdate, "GET me": EndpointMe,
		"GET contacts * notes": EndpointNotes, "POST contacts * notes": EndpointNoteCreate,
		"PATCH contacts * notes *": EndpointNoteUpdate, "DELETE contacts * notes *": EndpointNoteDelete,
		"GET companies": EndpointCompanies, "GET companies *": EndpointCompany, "POST companies": EndpointCompanyCreate,
	}[shape]; known {
		return endpoint
	}
	return strings.ToLower(method) + " " + parts[0]
}
