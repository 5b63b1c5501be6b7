package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// Entry is one handled request, as the sandbox saw it. It never holds the bearer token.
type Entry struct {
	Time      time.Time
	RequestID string // as in the response
	Method    string
	Path      string // below BasePath, or the whole path of a request outside it
	Query     string // as sent
	Endpoint  string // list, get, create, patch, me, notes or validate; empty where there is no such route
	Account   string // slug of the account that asked; empty if no one was recognised
	Header    http.Header
	Body      []byte
	Status    int  // 0 where the connection was cut without a response
	Applied   bool // the service carried the request out: not refused, not interrupted by a fault
	Replayed  bool // the response is that of an earlier request with the same idempotency key
}

// loggedHeaders are the request headers an Entry keeps.
func loggedHeaders() []string {
	return []string{
		"Accept", "Accept-Encoding", "Content-Type", "Idempotency-Key", "User-Agent", "X-Active-Account", "X-Origin-App",
	}
}

// ring keeps the latest entries.
type ring struct {
	limit   int // negative for no limit
	entries []Entry
	oldest  int
}

func (r *ring) add(e Entry) {
	if r.limit < 0 || len(r.entries) < r.limit {
		r.entries = append(r.entries, e)
		return
	}
	r.entries[r.oldest] = e
	r.oldest = (r.oldest + 1) % r.limit
}

func (r *ring) all() []Entry {
	return slices.Concat(r.entries[r.oldest:], r.entries[:r.oldest])
}

// Requests returns the handled requests, oldest first: the last ones, as many as Options.KeepRequests says.
func (s *Server) Requests() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.all()
}

// record keeps what happened, before the response is sent, so that whoever has the response finds the entry.
func (s *Server) record(c *call, a answer) {
	e := Entry{
		Time: c.now, RequestID: c.id, Method: c.request.Method, Path: c.path, Query: c.request.URL.RawQuery,
		Account: c.key.Account, Header: http.Header{}, Body: c.body, Status: a.status,
		Applied: c.reached && a.status < 300 && !c.replayed, Replayed: c.replayed,
	}
	if c.route != nil {
		e.Endpoint = c.route.name
	}
	if c.cuts() {
		e.Status = 0
	}
	for _, name := range loggedHeaders() {
		if v := c.request.Header.Values(name); len(v) > 0 {
			e.Header[name] = v
		}
	}
	s.mu.Lock()
	s.log.add(e)
	s.mu.Unlock()
	if s.options.Log != nil {
		s.options.Log(e)
	}
}
