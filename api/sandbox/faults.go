package sandbox

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Fault is one rule for what goes wrong and when. ParseFaults makes them.
type Fault struct {
	kind     faultKind
	endpoint string        // a name of endpointNames, or * for all
	status   int           // for faultStatus
	field    string        // for faultRefuse
	wait     time.Duration // for faultSlow, and what a 429 or 503 asks to wait
	first    int           // the first request it applies to, from 1; 0 is the first
	last     int           // the last one; 0 is no end
	chance   float64       // how likely each of them is hit; 0 is always
}

type faultKind string

const (
	faultStatus       faultKind = "status"
	faultRefuse       faultKind = "refuse"
	faultRevoke       faultKind = "revoke"
	faultHTML         faultKind = "html"
	faultReset        faultKind = "reset"
	faultLost         faultKind = "lost-answer"
	faultTruncated    faultKind = "truncated"
	faultSlow         faultKind = "slow"
	faultWrongType    faultKind = "wrong-type"
	faultNulls        faultKind = "nulls"
	faultRepeatCursor faultKind = "repeat-cursor"
	faultDuplicate    faultKind = "duplicate-rows"
	faultEmptyPage    faultKind = "empty-page"
	faultNoCursor     faultKind = "no-cursor"
)

// listOnly reports whether a fault is about the pages of a list.
func (k faultKind) listOnly() bool {
	switch k {
	case faultRepeatCursor, faultDuplicate, faultEmptyPage, faultNoCursor:
		return true
	}
	return false
}

// applies reports whether the rule hits the nth request it watches. Chance depends on the seed, the
// rule and n alone, so that a run can be repeated.
func (f Fault) applies(n, rule int, seed uint64) bool {
	if n < f.first || f.last != 0 && n > f.last {
		return false
	}
	if f.chance == 0 {
		return true
	}
	d := rand.NewPCG(seed^uint64(rule+1), uint64(n))
	return float64(d.Uint64()) < f.chance*math.MaxUint64
}

// plan is everything that goes wrong with one request.
type plan struct {
	kinds   map[faultKind]bool
	refusal *Fault // the first rule that answers in place of the service
	delay   time.Duration
}

func (p plan) has(k faultKind) bool { return p.kinds[k] }

// spoiled names the faults that make the response other than the documents say.
func (p plan) spoiled() string {
	var names []string
	for k := range p.kinds {
		if k != faultSlow {
			names = append(names, string(k))
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// planFaults counts the request for every rule that watches its endpoint and collects those that
// apply. The caller holds s.mu.
func (s *Server) planFaults(c *call) plan {
	p := plan{kinds: map[faultKind]bool{}}
	for i := range s.faults {
		f := &s.faults[i]
		if f.endpoint != "*" && f.endpoint != c.route.name {
			continue
		}
		s.watched[i]++
		if !f.applies(s.watched[i], i, s.options.Seed) {
			continue
		}
		p.kinds[f.kind] = true
		switch f.kind {
		case faultSlow:
			p.delay += f.wait
		case faultStatus, faultRefuse, faultRevoke, faultHTML:
			if p.refusal == nil {
				p.refusal = f
			}
		}
	}
	return p
}

// interrupt is the response of a rule that keeps the request from the service, if there is one.
func (s *Server) interrupt(c *call) (answer, bool) {
	if c.plan.has(faultReset) {
		return answer{}, true
	}
	f := c.plan.refusal
	if f == nil {
		return answer{}, false
	}
	switch f.kind {
	case faultHTML:
		return answer{status: 200, contentType: "text/html; charset=utf-8", body: []byte(signInPage)}, true
	case faultRevoke:
		s.revoked[c.token] = true
		return s.refuse(c, unauthorized()), true
	case faultRefuse:
		message := f.field + " was not accepted"
		return s.refuse(c, invalid(map[string]string{f.field: message}, message)), true
	}
	if f.status == 429 {
		return s.refuse(c, rateLimited(seconds(max(f.wait, time.Second)))), true
	}
	a := s.refuse(c, statusProblem(f.status))
	a.retryAfter = seconds(f.wait)
	return a, true
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// signInPage is what a proxy or a captive portal sends in place of JSON.
const signInPage = `<!DOCTYPE html>
<html><head><title>Sign in to the network</title></head>
<body><h1>Sign in to the network</h1><p>Your session on this network has ended.</p></body></html>
`
