package sandbox

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// maxBody is the longest request body that is read, in bytes.
const maxBody = 1 << 20

// Server is a contacts service. It is safe for use by many goroutines.
type Server struct {
	options Options
	schema  *schema
	routes  []route
	writers sync.Pool // of gzip writers

	mu        sync.Mutex // guards what follows
	book      *contactStore
	notes     *noteStore
	companies *companyStore
	limiter   limiter
	memory    memory
	revoked   map[string]bool
	faults    []Fault
	watched   []int // requests counted by each fault rule
	log       ring
}

// New makes a service that holds what the options say. The error names every wrong option.
func New(o Options) (*Server, error) {
	known := newSchema(o.Dialect, o.TextFields)
	if err := o.check(known); err != nil {
		return nil, err
	}
	o.fillIn(known)
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	words, err := newCatalog()
	if err != nil {
		return nil, err
	}
	seed := &generator{words: words, seed: o.Seed, rows: o.Contacts}
	noted := seed
	if !o.Notes {
		noted = nil
	}
	s := &Server{
		options:   o,
		schema:    known,
		routes:    routes(o.Dialect),
		book:      newContactStore(seed),
		notes:     newNoteStore(noted),
		companies: newCompanyStore(seed),
		limiter:   limiter{buckets: map[string][]time.Time{}},
		memory:    memory{answers: map[string]remembered{}},
		revoked:   map[string]bool{},
		log:       ring{limit: o.KeepRequests},
	}
	s.SetFaults(o.Faults)
	return s, nil
}

// call is one request on its way through the service.
type call struct {
	request  *http.Request
	id       string
	now      time.Time
	path     string
	route    *route
	ids      []int64 // the numbers in the path
	body     []byte
	tooLong  bool
	token    string
	key      Key
	accounts []Key // the accounts the token could act for
	plan     plan
	reached  bool // the endpoint itself answered
	replayed bool
}

// cuts reports whether the connection ends without a response.
func (c *call) cuts() bool { return c.plan.has(faultReset) || c.plan.has(faultLost) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{request: r, id: s.options.NewID(), now: s.options.Now()}
	c.body, _ = io.ReadAll(io.LimitReader(r.Body, maxBody+1)) // a body that broke off fails as JSON
	if c.tooLong = len(c.body) > maxBody; c.tooLong {
		c.body = nil
	}
	a := s.answer(c)
	s.record(c, a)
	s.deliver(w, c, a)
}

// answer takes a request through the checks every endpoint shares, in the order a service has them:
// is there such a route, who asks, what else must be said, is it too often, may they, and then the
// endpoint. Faults come after the rate limit, so that their rules count what the service would count.
func (s *Server) answer(c *call) answer {
	c.path = c.request.URL.Path
	if below, ok := strings.CutPrefix(c.path, BasePath+"/"); ok {
		c.path = "/" + below
		var allow []string
		c.route, c.ids, allow = find(s.routes, c.request.Method, c.path)
		if c.route == nil && allow != nil {
			a := s.refuse(c, problem{
				status: http.StatusMethodNotAllowed, kind: "method_not_allowed",
				message: c.request.Method + " is not supported here",
			})
			a.allow = strings.Join(allow, ", ")
			return a
		}
	}
	if c.route == nil {
		return s.refuse(c, notFound("No such path: "+c.request.URL.Path))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.route.open {
		if p := s.authenticate(c); p != nil {
			return s.refuse(c, *p)
		}
	}
	if strings.TrimSpace(c.request.Header.Get("X-Origin-App")) == "" {
		return s.refuse(c, badRequest("X-Origin-App header is required"))
	}
	if wait := s.limiter.take(c.now, s.buckets(c)...); wait > 0 {
		return s.refuse(c, rateLimited(wait))
	}
	c.plan = s.planFaults(c)
	if a, ok := s.interrupt(c); ok {
		return a
	}
	if p := s.authorize(c); p != nil {
		return s.refuse(c, *p)
	}
	if p := checkBody(c); p != nil {
		return s.refuse(c, *p)
	}
	c.reached = true
	if c.route.write {
		return s.once(c, func() answer { return c.route.handle(s, c) })
	}
	return c.route.handle(s, c)
}

// checkBody checks what can be said of a body without reading it.
func checkBody(c *call) *problem {
	if c.tooLong {
		return ref(badRequest(fmt.Sprintf("The request body is longer than %d bytes", maxBody)))
	}
	if !c.route.write || c.request.Method == http.MethodDelete {
		return nil
	}
	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || kind != jsonType {
		return ref(badRequest("Content-Type must be " + jsonType))
	}
	return nil
}

// SetFaults replaces the fault rules; they count requests from now on.
func (s *Server) SetFaults(faults []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.watched = faults, make([]int, len(faults))
}

// RevokeToken makes a bearer token worthless from now on.
func (s *Server) RevokeToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked[token] = true
}
