package api

import (
	"context"
	"net/http"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// The bounds of retrying.
const (
	maxAttempts = 4
	maxWait     = 60 * time.Second       // of all pauses of one call together
	firstPause  = 500 * time.Millisecond // doubled for each further attempt
	// unnamedPause is the least after a 429 that does not say how long: limits
	// are counted by the minute.
	unnamedPause = 5 * time.Second
)

// Receipt is what a write leaves behind, whether it succeeded or not.
type Receipt struct {
	RequestID string    // of the last response, "" when none came or it gave none
	Status    int       // of the last response, 0 when none came
	Attempts  int       // requests that went out; 0 means that nothing was sent
	At        time.Time // when the last one went out
	// Unknown says of a failed write that the service may have carried it out
	// anyway: it must be looked up before it is repeated. A write whose
	// error is a refusal can still be unsure because of an attempt before.
	Unknown bool
}

// and adds the receipt of what was sent afterwards.
func (r Receipt) and(next Receipt) Receipt {
	next.Attempts += r.Attempts
	next.Unknown = next.Unknown || r.Unknown
	if next.At.IsZero() {
		next.RequestID, next.Status, next.At = r.RequestID, r.Status, r.At
	}
	return next
}

// send sends a call until it succeeds, cannot succeed, or has been tried enough.
func send[T any](ctx context.Context, c *Client, q call, read reader[T]) (T, Receipt, error) {
	var receipt Receipt
	pause := pauses{rand: c.opts.Rand}
	for n := 1; ; n++ {
		value, last, fail := attempt(ctx, c, q, n, read)
		if last.sent {
			receipt.Attempts = n
			receipt.RequestID, receipt.Status, receipt.At = last.RequestID, last.Status, last.At
		}
		if fail == nil {
			receipt.Unknown = false
			return value, receipt, nil
		}
		receipt.Unknown = receipt.Unknown || q.write() && fail.delivered
		wait, ok := pause.next(fail)
		if !ok || !q.mayRepeat(fail) {
			return value, receipt, fail.err
		}
		if fail.err.Kind == model.KindRateLimited && c.opts.RateLimiter != nil {
			continue // it holds the next attempt back, unless the user wants to try now
		}
		if err := c.opts.Sleep(ctx, wait); err != nil {
			stopped := canceled(err)
			stopped.Op, stopped.Method, stopped.URL = fail.err.Op, fail.err.Method, fail.err.URL
			return value, receipt, stopped
		}
	}
}

// mayRepeat reports whether a call may be sent again after a failure. A write goes
// again, always with its idempotency key, only when no response arrived or the
// response asks for it. As no document promises that the key is heeded for
// contacts, a create that may have arrived is not sent twice even then: whoever
// asked for it has to look first. So a create believes a 503 only in the
// service's own words, for gateways also answer so when it was already passed on.
func (q call) mayRepeat(f *failure) bool {
	switch {
	case !q.write():
		return true
	case f.err.Status == 0:
		return q.looksFirst() || !f.delivered
	case f.err.Status == http.StatusServiceUnavailable && q.looksFirst():
		return true
	default:
		return f.serverAskedRetry
	}
}

// looksFirst says that the contact is looked at before the call is sent again.
func (q call) looksFirst() bool { return q.endpoint == EndpointUpdate && q.verbatim == nil }

// pauses are the waits between the attempts of one call.
type pauses struct {
	rand  func() float64
	tries int
	total time.Duration
}

// next is how long to wait before the next attempt, and whether there is to be
// one: what the service asks for when it asks, otherwise a growing time between
// half and one and a half of the step.
func (p *pauses) next(f *failure) (time.Duration, bool) {
	wait := firstPause << p.tries
	p.tries++
	if f.err.Kind == model.KindRateLimited {
		wait *= time.Duration(unnamedPause / firstPause)
	}
	wait = time.Duration(float64(wait) * (0.5 + p.rand()))
	if f.err.RetryAfter > 0 {
		wait = f.err.RetryAfter
	}
	limit := maxAttempts
	switch f.retry {
	case retryNever:
		return 0, false
	case retryOnce:
		limit = 2
	}
	p.total += wait
	return wait, p.tries < limit && p.total <= maxWait
}
