package budget

import (
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

// Limited reports that the service answered 429 to a request to the endpoint, and
// what the response said: which limit was hit (limit_type; the endpoint's unless it
// speaks of the account), and how long to wait. Only that limit's requests wait
// then, and continue by themselves. With 0 they wait until the oldest request that
// counts there no longer does, five seconds at least; more than five minutes are
// taken for five minutes. Other programs are told of a minute at most. For the
// rest of the run the limit is halved, unless GET /me has named it: then
// someone else spends the same minute.
func (b *Budget) Limited(endpoint, scope string, retryAfter time.Duration) {
	b.turn <- struct{}{}
	bucket := bucketOf(endpoint)
	if s := strings.ToLower(scope); strings.Contains(s, "account") && !strings.Contains(s, "endpoint") {
		bucket = bucketAccount
	}
	b.news.changed = true
	b.step(func(l *ledger, now int64, foreign []ticket) []record {
		until := now + int64(min(retryAfter, longestFreeze))
		if retryAfter <= 0 {
			until = l.reopens(bucket, now)
		}
		if l.frozen[bucket] <= now && b.base.Source != SourceMe { // not one of several sent at once
			b.base = b.base.lower(bucket)
			l.base = b.base
		}
		b.frozen[bucket] = max(b.frozen[bucket], until)
		l.freeze(bucket, until)
		fresh := []record{{kind: kindFreeze, at: now, until: min(until, now+int64(window)), bucket: bucket, id: b.newID()}}
		return append(fresh, b.serve(l, now, foreign)...)
	})
	b.end()
}

// reopens guesses when a bucket takes requests again after a 429 that did not say.
func (l *ledger) reopens(bucket uint64, now int64) int64 {
	s := l.grants[bucket]
	i, _ := slices.BinarySearch(s, now-int64(window)+1)
	if i == len(s) {
		return now + int64(window)
	}
	return max(s[i]+int64(window), now+int64(shortestFreeze))
}

// TryNow is for a user who does not want to wait: every freeze ends, and the
// first request of the user's that waits, or that comes in the next seconds,
// goes whatever is counted. It is for the service to refuse it.
func (b *Budget) TryNow() {
	b.turn <- struct{}{}
	b.news.changed = true
	clear(b.frozen)
	var forget []record
	for _, r := range b.records {
		if r.kind == kindFreeze {
			forget = append(forget, record{kind: kindForget, at: b.now(), id: r.id})
		}
	}
	b.admitUntil = b.now() + int64(maxSleep)
	b.records = append(b.records, forget...)
	b.step(func(l *ledger, now int64, foreign []ticket) []record {
		clear(l.frozen)
		return append(forget, b.serve(l, now, foreign)...)
	})
	b.end()
}

// pass lets one request of the user's go that would have to wait, after TryNow.
func (b *Budget) pass(queue []*ticket, now int64) {
	if now >= b.admitUntil {
		return
	}
	for _, t := range queue {
		if t.priority <= work.Screen && b.mine(t.id) {
			t.at, b.admitUntil = now, 0
			return
		}
	}
}

// SetLimits replaces the limits, as far as the new ones are known.
func (b *Budget) SetLimits(limits Limits) {
	b.turn <- struct{}{}
	b.news.changed = true
	b.step(func(l *ledger, now int64, foreign []ticket) []record {
		b.base = limits.over(b.base)
		l.base = b.base
		return b.serve(l, now, foreign)
	})
	b.end()
}
