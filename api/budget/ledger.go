package budget

import (
	"cmp"
	"maps"
	"slices"
)

// ledger is the state of all buckets at one moment: what was counted, what is
// frozen, what is concluded about limits. Times are Unix nanoseconds.
type ledger struct {
	base   Limits
	span   int64              // how long a request counts
	grants map[uint64][]int64 // by bucket, ascending; the account's are all
	held   map[uint64][]int64 // planned for the person later on, ascending
	frozen map[uint64]int64   // by 429 answers, until when
	thawed map[uint64]int64   // when the first of those freezes was over
	bounds map[uint64]bound
}

// ticket is one request that waits.
type ticket struct {
	bucket   uint64
	priority Priority
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
		base: base, span: span, held: map[uint64][]int64{},
		grants: map[uint64][]int64{}, frozen: map[uint64]int64{}, thawed: map[uint64]int64{}, bounds: map[uint64]bound{},
	}
	for _, r := range live {
		switch r.kind {
		case kindGrant:
			l.count(r.bucket, r.at)
		case kindFreeze:
			l.freeze(r.bucket, r.until)
		case kindBound:
			l.bounds[r.bucket] = bound{limit: int(r.limit), at: r.at, until: r.until}
		}
	}
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
	if first, ok := l.thawed[bucket]; !ok || until < first {
		l.thawed[bucket] = until
	}
}

// refusedBefore says that a freeze of the bucket has only just been over.
func (l *ledger) refusedBefore(bucket uint64, now int64) bool {
	first, ok := l.thawed[bucket]
	return ok && first <= now
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

// limit is how many requests a bucket takes in a minute, as far as is known now.
func (l *ledger) limit(bucket uint64, now int64) int {
	n := l.base.Endpoint
	of := []uint64{bucket, bucketEndpoints}
	if bucket == bucketAccount {
		n, of = l.base.Account, of[:1]
	}
	for _, k := range of {
		if b := l.bounds[k]; b.limit > 0 && now < b.until {
			n = min(n, b.limit)
		}
	}
	return n
}

// left is how many requests a bucket still takes now.
func (l *ledger) left(bucket uint64, now int64) int {
	return max(l.limit(bucket, now)-between(l.grants[bucket], now-l.span, now), 0)
}

// earliest is when a request can go, now or later.
func (l *ledger) earliest(bucket uint64, p Priority, now int64) int64 {
	t := max(now, l.frozen[bucket], l.frozen[bucketAccount])
	endpoint := usable(l.limit(bucket, now), endpointShare, p)
	account := usable(l.limit(bucketAccount, now), accountShare, p)
	for {
		u := l.fit(bucketAccount, account, l.fit(bucket, endpoint, t, p), p)
		if u == t {
			return t
		}
		t = u
	}
}

// fit is the first moment from t on at which fewer than room requests count.
// For background work those that are planned for the person later on count too:
// they wait for another bucket, and must not find this one used up.
func (l *ledger) fit(bucket uint64, room int, t int64, p Priority) int64 {
	s := l.grants[bucket]
	var held []int64
	if p >= Index {
		held = l.held[bucket]
	}
	for {
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
}

// take counts one request at the earliest moment it can go.
func (l *ledger) take(bucket uint64, p Priority, now int64) int64 {
	at := l.earliest(bucket, p, now)
	l.count(bucket, at)
	if p < Index && at > now {
		l.held[bucket] = insert(l.held[bucket], at)
		l.held[bucketAccount] = insert(l.held[bucketAccount], at)
	}
	return at
}
