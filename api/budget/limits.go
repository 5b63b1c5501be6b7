package budget

import "time"

// Priority says who a request is for. The lower value goes first.
type Priority uint8

// The priorities, most urgent first. The first three are the person's, and have
// no reserve held against them: a page fetched because the person scrolls is as
// much theirs as the one on the screen. Index alone is background work.
const (
	Write  Priority = iota // what the person has asked to be saved
	Screen                 // what the person is waiting to see
	Next                   // the page the person is scrolling towards
	Index                  // reading the rest of the book in the background
)

// Where a limit comes from, as [Limits] says it.
const (
	SourceDefault = "default" // nothing is known yet
	SourceMe      = "me"      // the service's own word, GET /me
	SourceEarlier = "earlier" // what GET /me said in an earlier run; a refusal may correct it
	SourceConfig  = "config"  // the person's configuration
	SourceRefusal = "refusal" // concluded from an answer 429
)

// Limits are how many requests the service allows in a minute.
type Limits struct {
	Account  int    // all requests of the account; 0 is not known
	Endpoint int    // requests to each endpoint; 0 is not known
	Source   string // one of the Source constants
	// Until is when the limits lapse, as those concluded from a 429 do. Zero is never.
	Until time.Time
}

// Tier returns the limits that the published API documentation gives for a tier
// (free, standard, enterprise), and whether the name is one of these.
func Tier(name string) (Limits, bool) {
	switch name {
	case "free":
		return Limits{Account: 30, Endpoint: 10, Source: SourceDefault}, true
	case "standard":
		return Limits{Account: 100, Endpoint: 20, Source: SourceDefault}, true
	case "enterprise":
		return Limits{Account: 500, Endpoint: 60, Source: SourceDefault}, true
	}
	return Limits{}, false
}

// over returns l with what it does not know taken from base.
func (l Limits) over(base Limits) Limits {
	if l.Account < 1 {
		l.Account = base.Account
	}
	if l.Endpoint < 1 {
		l.Endpoint = base.Endpoint
	}
	if l.Source == "" {
		l.Source = base.Source
	}
	return l
}

// usable returns how many of a limit's requests a priority may use in a minute.
// Background work leaves one part in share, rounded up, but is never shut out.
func usable(limit, share int, p Priority) int {
	if p < Index {
		return limit
	}
	return max(limit-(limit+share-1)/share, 1)
}

// The reserve is 2 of 10 requests on an endpoint and 5 of 30 on the account.
const (
	endpointShare = 5
	accountShare  = 6
)

// bound is what a refusal taught about a bucket: no more than limit, from at to
// until (Unix nanoseconds). A limit of 0 takes an earlier lesson back.
type bound struct {
	limit     int
	at, until int64
}

const (
	lessonLength  = 24 * time.Hour
	shortestDoubt = time.Minute
	longestDoubt  = 16 * time.Minute
)

// lesson concludes from a 429 for a bucket, in a minute in which the service had
// accepted that many of our requests, that it allows no more. What a published
// tier could explain is believed for a day. Less than the smallest tier allows
// can only mean that someone else spends the same minute, and so does any refusal
// below limits that GET /me has named. Once, that is left to
// the wait the service asks for; when it happens again right after such a wait,
// it is held to for a minute, and for twice as long each time it proves true
// after that. Nothing follows when current is not above what was accepted.
func lesson(accepted, current, smallestTier int, again bool, before bound, now int64) (bound, bool) {
	limit, length := max(accepted, 1), lessonLength
	switch {
	case limit >= current:
		return bound{}, false
	case limit >= smallestTier:
	case before.limit > 0:
		length = time.Duration(before.until - before.at)
		if now >= before.until {
			length *= 2
		}
		length = min(max(length, shortestDoubt), longestDoubt)
	case again:
		length = shortestDoubt
	default:
		return bound{}, false
	}
	return bound{limit: limit, at: now, until: now + int64(length)}, true
}
