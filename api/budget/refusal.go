package budget

import (
	"slices"
	"strings"
	"time"
)

// Limited says that the service answered 429 to a request to the endpoint, and
// what the answer said: which limit was hit (limit_type; the endpoint's unless it
// speaks of the account), and how long to wait. Only that limit's requests wait
// then, and go on by themselves. With 0 they wait until the oldest request that
// counts there no longer does, five seconds at least; more than an hour is
// taken for an hour. The refused request counts no longer.
func (b *Budget) Limited(endpoint, scope string, retryAfter time.Duration) {
	b.turn <- struct{}{}
	bucket := bucketOf(endpoint)
	fresh := b.refund(bucket)
	if s := strings.ToLower(scope); strings.Contains(s, "account") && !strings.Contains(s, "endpoint") {
		bucket = bucketAccount
	}
	b.news.changed = true
	b.step(func(l *ledger, now int64, foreign []ticket) []record {
		until := now + int64(min(retryAfter, longestFreeze))
		if retryAfter <= 0 {
			until = l.reopens(bucket, now)
		}
		fresh = append(fresh, b.learn(l, bucket, now)...)
		l.freeze(bucket, until)
		fresh = append(fresh, record{kind: kindFreeze, at: now, until: until, bucket: bucket, id: b.newID()})
		return append(fresh, b.serve(l, now, foreign)...)
	})
	b.end()
}

// refund takes this program's last request to an endpoint out of the count.
func (b *Budget) refund(bucket uint64) []record {
	var last record
	for _, r := range b.records {
		if r.kind == kindGrant && r.bucket == bucket && b.mine(r.id) && r.at >= last.at {
			last = r
		}
	}
	if last.id == 0 {
		return nil
	}
	return []record{b.forget(last.id)}
}

// forget makes a request count no longer, from the next step on. The record
// returned is for that step to write down.
func (b *Budget) forget(id uint64) record {
	r := record{kind: kindForget, at: b.now(), id: id}
	b.records = append(b.records, r)
	return r
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

// learn concludes from a refusal how much the bucket takes.
func (b *Budget) learn(l *ledger, bucket uint64, now int64) []record {
	free, _ := Tier("free")
	smallest, of := free.Endpoint, bucketEndpoints
	if bucket == bucketAccount {
		smallest, of = free.Account, bucketAccount
	}
	accepted := between(l.grants[bucket], now-int64(window), now)
	taught, ok := lesson(accepted, l.limit(bucket, now), smallest, l.refusedBefore(bucket, now), l.bounds[bucket], now)
	if !ok {
		return nil
	}
	lasting := taught.limit >= smallest
	if !lasting {
		of = bucket
	}
	l.bounds[of] = taught
	if lasting {
		b.news.learned = append(b.news.learned, Limits{
			Account: l.limit(bucketAccount, now), Endpoint: l.limit(bucketEndpoints, now),
			Source: SourceRefusal, Until: time.Unix(0, taught.until),
		})
	}
	return []record{{
		kind: kindBound, limit: uint32(taught.limit), at: taught.at, until: taught.until, bucket: of, id: b.newID(),
	}}
}

// SetLimits replaces the limits, as far as the new ones are known. Limits that
// lapse are held to besides the others until they do. The word of GET /me takes
// back what was concluded from 429 answers; configuration does not.
func (b *Budget) SetLimits(limits Limits) {
	b.turn <- struct{}{}
	b.step(func(l *ledger, now int64, foreign []ticket) []record {
		b.news.changed = true
		fresh := b.adopt(l, limits, now)
		return append(fresh, b.serve(l, now, foreign)...)
	})
	b.end()
}

// adopt makes limits hold in b and in l.
func (b *Budget) adopt(l *ledger, limits Limits, now int64) (fresh []record) {
	until := now + int64(lessonLength)
	if limits.Until.IsZero() {
		b.base = limits.over(b.base)
		l.base = b.base
		if limits.Source != SourceMe {
			return nil
		}
		limits.Account, limits.Endpoint = 0, 0 // of a bound: none
	} else if until = min(until, limits.Until.UnixNano()); until <= now {
		return nil
	}
	for _, of := range [...]struct {
		bucket uint64
		limit  int
	}{{bucketAccount, limits.Account}, {bucketEndpoints, limits.Endpoint}} {
		if of.limit < 1 && !limits.Until.IsZero() {
			continue
		}
		r := record{
			kind: kindBound, at: now, until: until,
			limit: uint32(of.limit), bucket: of.bucket, id: b.newID(),
		}
		if r.limit > 0 { // as old as the lesson was, so that a later one outvotes it
			r.at = until - int64(lessonLength)
		}
		fresh = append(fresh, r)
		l.bounds[of.bucket] = bound{limit: of.limit, at: r.at, until: r.until}
	}
	return fresh
}
