package budget

import (
	"slices"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

// What a 429 closed, as [State] says it.
const (
	ScopeEndpoint = "endpoint"
	ScopeAccount  = "account"
)

// State is what there is to show about one endpoint.
type State struct {
	Limit, Left               int       // requests a minute, and how many of them are left now; Limit 0 is no limit
	AccountLimit, AccountLeft int       // the same for all endpoints together
	FrozenUntil               time.Time // when a 429 is over; zero when there is none
	FrozenScope               string    // what it closed, one of the Scope constants; empty when there is none
	Waiting                   int       // requests of this program that wait for the endpoint
	// NextAt is when the first that waits goes, or, when none waits, when a request
	// of the user would. Zero is at once.
	NextAt time.Time
}

// view is what State and Estimate see. It is never changed.
type view struct {
	ledger *ledger
	queue  []ticket
	own    int // so many of the queue are of this program, at its beginning
}

// line returns those who still wait, in their order.
func (v *view) line(now int64) []*ticket {
	var line []*ticket
	for i, t := range v.queue {
		if i < v.own || now < t.until {
			line = append(line, &t)
		}
	}
	slices.SortFunc(line, (*ticket).compare)
	return line
}

// State describes how an endpoint stands: as of the last request, here or elsewhere,
// that this program knows of, and of the clock. It reads no file and never blocks.
func (b *Budget) State(endpoint string) State {
	v, now, bucket := b.view.Load(), b.now(), bucketOf(endpoint)
	l := v.ledger
	s := State{
		Limit: l.limit(bucket), Left: l.left(bucket, now),
		AccountLimit: l.limit(bucketAccount), AccountLeft: l.left(bucketAccount, now),
	}
	if l.base.none() {
		s.Limit, s.Left, s.AccountLimit, s.AccountLeft = 0, 0, 0, 0
	}
	if until := max(l.frozen[bucket], l.frozen[bucketAccount]); until > now {
		s.FrozenUntil, s.FrozenScope = time.Unix(0, until), ScopeEndpoint
		if until == l.frozen[bucketAccount] {
			s.FrozenScope = ScopeAccount
		}
	}
	for _, t := range v.queue[:v.own] {
		if t.bucket == bucket {
			s.Waiting++
		}
	}
	if at := v.next(bucket, s.Waiting > 0, now); at > now {
		s.NextAt = time.Unix(0, at)
	}
	return s
}

// next is when the first request of this program that waits for the bucket
// goes, or a new one of the user would.
func (v *view) next(bucket uint64, waiting bool, now int64) int64 {
	l := v.ledger.clone()
	own := make(map[uint64]bool, v.own)
	for _, t := range v.queue[:v.own] {
		own[t.id] = true
	}
	for _, t := range v.line(now) {
		if !waiting && t.priority > work.Screen {
			break
		}
		at := l.take(t.bucket, t.priority, now, forever)
		if waiting && t.bucket == bucket && own[t.id] {
			return at
		}
	}
	return l.earliest(bucket, work.Screen, now, forever)
}

// Estimate is how long it takes from now until the last of so many further
// requests to the endpoint can go, at the limits that are known, behind those
// that already wait and are as urgent. It adds nothing for the answers to come.
func (b *Budget) Estimate(endpoint string, requests int, p work.Priority) time.Duration {
	return b.EstimateRounds(requests, p, endpoint)
}

// EstimateRounds is Estimate for rounds of one request to each endpoint.
func (b *Budget) EstimateRounds(rounds int, p work.Priority, endpoints ...string) time.Duration {
	v, now := b.view.Load(), b.now()
	p = min(p, work.Index)
	l := v.ledger.clone()
	if l.base.none() {
		rounds = min(rounds, 1) // no more than a freeze can keep it waiting
	}
	for _, t := range v.line(now) {
		if t.priority <= p {
			l.take(t.bucket, t.priority, now, forever)
		}
	}
	// Once today's minute is over every further minute is like the one before.
	room := max(usable(l.limit(bucketAccount), accountShare, p)/len(endpoints), 1)
	for _, e := range endpoints {
		room = min(room, usable(l.limit(bucketOf(e)), endpointShare, p))
	}
	minutes := max(rounds/room-4, 0)
	at := now
	for range rounds - minutes*room {
		for _, e := range endpoints {
			at = l.take(bucketOf(e), p, at, forever) // never before the one before
		}
	}
	return time.Duration(at - now + int64(minutes)*l.span)
}
