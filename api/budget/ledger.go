package budget

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/levcontacts/levcontacts/work"
)

// ledger is the state of all buckets at one moment: what was counted and what
// is frozen. Times are Unix nanoseconds.
type ledger struct {
	base   Limits
	span   int64              // how long a request counts
	grants map[uint64][]int64 // by bucket, ascending; the account's are all
	held   map[uint64][]int64 // planned for the user later on, ascending
	frozen map[uint64]int64   // until when
}

// ticket is one request that waits.
type ticket struct {
	bucket   uint64
	priority work.Priority
	since    int64
	id       uint64
	until    int64 // of another program's: when it counts as given up
	at       int64 // when it can go, as planned
}

func (t *ticket) compare(o *ticket) int {
	return cmp.Or(cmp.Compare(t.priority, o.priority), cmp.Compare(t.since, o.since), cmp.Compare(t.id, o.id))
}

// newLedger counts records that [resolve] has left.
func newLedger(live []record, base Limits, span int64) *ledger {
	l := &ledger{
		base: base, span: span, held: map[uint64][]int64{}, grants: map[uint64][]int64{}, frozen: map[uint64]int64{},
	}
	all := make([]int64, 0, len(live)+1)
	var bucket uint64 // the last request's, and those counted there so far
	var of []int64
	for _, r := range live {
		switch r.kind {
		case kindGrant:
			if r.bucket != bucket {
				l.grants[bucket] = of
				bucket, of = r.bucket, l.grants[r.bucket]
			}
			all, of = insert(all, r.at), insert(of, r.at)
		case kindFreeze:
			l.freeze(r.bucket, r.until)
		}
	}
	l.grants[bucket] = of
	l.grants[bucketAccount] = all
	return l
}

// clone is a copy that can be planned on while others read the original.
func (l *ledger) clone() *ledger {
	c := *l
	c.grants, c.held = maps.Clone(l.grants), maps.Clone(l.held)
	for _, m := range []map[uint64][]int64{c.grants, c.held} {
		for k, s := range m {
			m[k] = slices.Clip(s)
		}
	}
	return &c
}

// count adds a request to an endpoint's bucket and to the account's.
func (l *ledger) count(bucket uint64, at int64) {
	l.grants[bucket] = insert(l.grants[bucket], at)
	l.grants[bucketAccount] = insert(l.grants[bucketAccount], at)
}

func (l *ledger) freeze(bucket uint64, until int64) {
	l.frozen[bucket] = max(l.frozen[bucket], until)
}

func insert(s []int64, v int64) []int64 {
	if n := len(s); n == 0 || s[n-1] <= v {
		return append(s, v)
	}
	i, _ := slices.BinarySearch(s, v+1)
	return slices.Insert(s, i, v)
}

// between is how many of s are after from and not after to.
func between(s []int64, from, to int64) int {
	lo, _ := slices.BinarySearch(s, from+1)
	hi, _ := slices.BinarySearch(s, to+1)
	return max(hi-lo, 0)
}

// limit is how many requests a bucket takes in a minute, as far as is known.
func (l *ledger) limit(bucket uint64) int {
	if bucket == bucketAccount {
		return l.base.Account
	}
	return l.base.Endpoint
}

// left is how many requests a bucket still takes now.
func (l *ledger) left(bucket uint64, now int64) int {
	return max(l.limit(bucket)-between(l.grants[bucket], now-l.span, now), 0)
}

// forever is a horizon for plans that look as far as they have to.
const forever = math.MaxInt64

// earliest is when a request can go, now or later; horizon when that is not before it.
func (l *ledger) earliest(bucket uint64, p work.Priority, now, horizon int64) int64 {
	t := max(now, l.frozen[bucket], l.frozen[bucketAccount])
	endpoint := usable(l.limit(bucket), endpointShare, p)
	account := usable(l.limit(bucketAccount), accountShare, p)
	for t < horizon {
		u := l.fit(bucketAccount, account, l.fit(bucket, endpoint, t, p, horizon), p, horizon)
		if u == t {
			return t
		}
		t = u
	}
	return horizon
}

// fit is the first moment from t on at which fewer than room requests count.
// For background work those that are planned for the user later on count too:
// they wait for another bucket, and must not find this one used up.
func (l *ledger) fit(bucket uint64, room int, t int64, p work.Priority, horizon int64) int64 {
	s := l.grants[bucket]
	var held []int64
	if p >= work.Index {
		held = l.held[bucket]
	}
	for t < horizon {
		lo, _ := slices.BinarySearch(s, t-l.span+1)
		hi, _ := slices.BinarySearch(s, t+1)
		later, _ := slices.BinarySearch(held, t+1)
		excess := hi - lo + len(held) - later - room + 1
		switch {
		case excess <= 0:
			return t
		case excess <= hi-lo:
			t = s[lo+excess-1] + l.span
		default:
			t = held[later]
		}
	}
	return horizon
}

// take counts one request at the earliest moment it can go. What goes at the
// horizon or later counts only as held back for the user.
func (l *ledger) take(bucket uint64, p work.Priority, now, horizon int64) int64 {
	at := l.earliest(bucket, p, now, horizon)
	if at < horizon {
		l.count(bucket, at)
	}
	if p < work.Index && at > now {
		l.held[bucket] = insert(l.held[bucket], at)
		l.held[bucketAccount] = insert(l.held[bucketAccount], at)
	}
	return at
}
