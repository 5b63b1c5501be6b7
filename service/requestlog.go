package service

import (
	"fmt"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

const (
	keptExchanges     = 500
	reportedExchanges = 50
)

// requestLog holds the last requests, the oldest first.
type requestLog struct {
	mu   sync.Mutex
	ring []api.Exchange
	next int // where the next one goes once the ring is full

	failed, status int // as work.Quota has them
}

func (l *requestLog) add(e api.Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e.Kind {
	case model.KindCanceled: // says nothing about the service
	case model.KindNetwork, model.KindUnavailable:
		l.failed, l.status = l.failed+1, e.Status
	default:
		l.failed, l.status = 0, 0
	}
	if len(l.ring) < keptExchanges {
		l.ring = append(l.ring, e)
		return
	}
	l.ring[l.next] = e
	l.next = (l.next + 1) % keptExchanges
}

func (l *requestLog) all() []api.Exchange {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Concat(l.ring[l.next:], l.ring[:l.next])
}

// failing says how many requests in a row have failed, and with what.
func (l *requestLog) failing() (n, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed, l.status
}

// Exchanges lists the last requests, 500 at most, the oldest first.
func (s *Service) Exchanges() []work.Exchange {
	all := s.log.all()
	out := make([]work.Exchange, len(all))
	for i, e := range all {
		out[i] = work.Exchange{At: e.At, Method: e.Method, Path: e.Path, Status: e.Status, Took: e.Duration, Attempt: e.Attempt, RequestID: e.RequestID}
		if e.Kind != model.KindUnknown {
			out[i].Problem = e.Kind.String()
		}
	}
	return out
}

// Quota is how the list endpoint stands, how long a save has to wait, and whether
// requests fail just now.
func (s *Service) Quota() work.Quota {
	b := s.budget.State(api.EndpointList)
	g := work.Quota{Limit: b.Limit, Left: max(0, min(b.Left, b.AccountLeft))}
	g.Until, g.Frozen = waits(b)
	for _, e := range []string{api.EndpointGet, api.EndpointUpdate, api.EndpointCreate} {
		if until, frozen := waits(s.budget.State(e)); until.After(g.SaveUntil) {
			g.SaveUntil, g.SaveFrozen = until, frozen
		}
	}
	g.Failed, g.Status = s.log.failing()
	return g
}

// waits says until when requests to an endpoint wait, zero when none does, and
// whether that is the service's wish.
func waits(b budget.State) (until time.Time, frozen bool) {
	frozen = !b.FrozenUntil.IsZero()
	switch {
	case b.Waiting > 0:
		until = b.NextAt
	case frozen:
		until = b.FrozenUntil
	}
	return until, frozen
}

// Estimate is how long n more list requests would take from now, without the
// time of their answers.
func (s *Service) Estimate(n int, p work.Priority) time.Duration {
	return s.budget.Estimate(api.EndpointList, n, p)
}

// TryNow is for a user who does not want to wait for the rate limit: what the
// service asked to wait is forgotten, and one request goes at once.
func (s *Service) TryNow() { s.budget.TryNow() }

// EstimateChanges is how long a bulk edit of n contacts takes from now, each
// looked at and changed, without the time of the answers.
func (s *Service) EstimateChanges(n int) time.Duration {
	return s.budget.EstimateRounds(n, work.Index, api.EndpointGet, api.EndpointUpdate)
}

// Report describes the program, the way to the service and the last requests.
// No name, value, cursor or key is in it.
func (s *Service) Report() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-11s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("levcontacts", "%s, %s, %s/%s", s.o.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	line("time", "%s", s.o.Now().UTC().Format(time.RFC3339))
	line("profile", "%s", s.o.Profile)
	line("base URL", "%s", s.o.API.BaseURL)
	routes := api.RoutesUnknown
	if c, made := s.client.value(); made {
		routes = c.Routes()
	}
	line("paths", "%s", routes)
	s.account.mu.Lock()
	tier, readOnly := s.account.tier, s.account.readOnly
	s.account.mu.Unlock()
	if tier == "" {
		tier = "not known"
	}
	limits := s.budget.State(api.EndpointList)
	line("tier", "%s; counted: %d a minute for an endpoint, %d for the account", tier, limits.Limit, limits.AccountLimit)
	if readOnly != "" {
		line("read-only", "%s", readOnly)
	}
	all := s.log.all()
	shown := all[max(0, len(all)-reportedExchanges):]
	fmt.Fprintf(&b, "\nthe last %d of %d requests\n", len(shown), len(all))
	for _, e := range shown {
		fmt.Fprintf(&b, "%s  %-5s  %-40s  %3d  %5d ms  try %d  %s", e.At.UTC().Format("15:04:05.000"), e.Method, template(e.Path), e.Status,
			e.Duration.Milliseconds(), e.Attempt, e.RequestID)
		if e.Kind != model.KindUnknown {
			b.WriteString("  " + e.Kind.String())
		}
		b.WriteByte('\n')
	}
	return s.o.Redact(b.String())
}

// template is a path without the id of a contact and without the values of the
// query, except for numbers.
func template(path string) string {
	path, query, _ := strings.Cut(path, "?")
	path = regexp.MustCompile(`/\d+`).ReplaceAllString(path, "/{id}")
	values, err := url.ParseQuery(query)
	if err != nil || len(values) == 0 {
		return path
	}
	var parts []string
	for name := range values {
		value := values.Get(name)
		if name != "limit" && name != "offset" && name != "sort" {
			value = "…"
		}
		parts = append(parts, name+"="+value)
	}
	slices.Sort(parts)
	return path + "?" + strings.Join(parts, "&")
}
