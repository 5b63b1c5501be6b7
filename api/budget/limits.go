package budget

import (
	"math"

	"github.com/levcontacts/levcontacts/work"
)

// Where a limit comes from, as [Limits] says it.
const (
	SourceDefault = "default" // nothing is known yet
	SourceMe      = "me"      // the service's own word, GET /me
	SourceEarlier = "earlier" // what GET /me said in an earlier run
	SourceConfig  = "config"  // the user's configuration
)

// Limits are how many requests the service allows in a minute.
type Limits struct {
	Account  int    // all requests of the account; 0 is not known
	Endpoint int    // requests to each endpoint; 0 is not known
	Source   string // one of the Source constants
}

// Unlimited is the limit of a service that does not count.
const Unlimited = math.MaxInt32

// none reports whether nothing has to be counted.
func (l Limits) none() bool { return l.Account >= Unlimited && l.Endpoint >= Unlimited }

// Tier returns the limits that the published API documentation gives for a tier
// (free, standard, enterprise), none for the sandbox's "unlimited", and whether the name is one of these.
func Tier(name string) (Limits, bool) {
	switch name {
	case "free":
		return Limits{Account: 30, Endpoint: 10, Source: SourceDefault}, true
	case "standard":
		return Limits{Account: 100, Endpoint: 20, Source: SourceDefault}, true
	case "enterprise":
		return Limits{Account: 500, Endpoint: 60, Source: SourceDefault}, true
	case "unlimited":
		return Limits{Account: Unlimited, Endpoint: Unlimited, Source: SourceDefault}, true
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
func usable(limit, share int, p work.Priority) int {
	if p < work.Index {
		return limit
	}
	return max(limit-(limit+share-1)/share, 1)
}

// The reserve is 2 of 10 requests on an endpoint and 5 of 30 on the account.
const (
	endpointShare = 5
	accountShare  = 6
)

// lower halves one limit of l after a refusal, to no less than the smallest tier
// allows: the tier was guessed too high, or other programs spend the same minute.
func (l Limits) lower(bucket uint64) Limits {
	if l.none() {
		return l
	}
	free, _ := Tier("free")
	if bucket == bucketAccount {
		l.Account = max(l.Account/2, min(l.Account, free.Account))
	} else {
		l.Endpoint = max(l.Endpoint/2, min(l.Endpoint, free.Endpoint))
	}
	return l
}
