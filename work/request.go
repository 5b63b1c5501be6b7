package work

import "encoding/json"

// Request is a request of the person's own making.
type Request struct {
	Method string // GET, POST, PATCH, PUT or DELETE
	Path   string // below the base URL, with its slash
	Query  string // encoded, without the question mark
	Body   json.RawMessage
	Key    string // idempotency key of a write, "" for a new one
}

// Write reports whether the request may change something.
func (r Request) Write() bool { return r.Method != "GET" }

// String names the request: "PATCH /contacts/78".
func (r Request) String() string {
	if r.Query != "" {
		return r.Method + " " + r.Path + "?" + r.Query
	}
	return r.Method + " " + r.Path
}

// Response is what came back of a Request.
type Response struct {
	Status    int
	Body      []byte // as it came
	RequestID string
}

// The names in Entry.Extra of a request.
const (
	extraMethod = "method"
	extraPath   = "path"
	extraBody   = "body"
)

// Extra is what the journal holds of a write.
func (r Request) Extra() map[string]string {
	out := quotedTexts(map[string]string{extraMethod: r.Method, extraPath: r.Path})
	if len(r.Body) > 0 {
		out[extraBody] = string(r.Body)
	}
	return out
}
