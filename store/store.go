// Package store keeps what outlives a run in two SQLite databases of a
// profile: the Cache, a local copy of the contacts that can be fetched again, and
// the State, which cannot: drafts, the journal of writes, bulk runs and facts
// that were learned. Several programs may use both at once. There is no place
// for a key in either.
//
// Every error that concerns a file is an *Error with one of the Err… reasons.
package store

import (
	"encoding/json"
	"time"
)

// Identity describes whose contacts are stored. Rows of one identity are never seen
// under another.
type Identity struct {
	BaseURL string // the root of the service, as configured
	Account string // "" when the key alone decides
}

// key is the identity as one unambiguous text.
func (id Identity) key() string {
	b, err := json.Marshal([2]string{id.BaseURL, id.Account})
	if err != nil { // two strings always marshal
		panic(err)
	}
	return string(b)
}

// Times are stored as microseconds since 1970, 0 for none.
func toMicro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicro(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
