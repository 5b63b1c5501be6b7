package budget

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Limited says that the service answered 429 to a request to the endpoint, and
// what the answer said: which limit was hit (limit_type; the endpoint's unless it
// speaks of the account), and how long to wait. Only that limit's requests wait
// then, and go on by themselves. With 0 they wait until the oldest request that
// counts there no longer does, five seconds at least; more than an hour is
// taken for an hour.
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
		again := l.thawed(bucket, now)
		l.freeze(bucket, now, until)
		fresh := []record{{kind: kindFreeze, at: now, until: until, bucket: bucket, id: b.newID()}}
		fresh = append(fresh, b.learn(l, bucket, again, now)...)
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

// learn concludes from a refusal, counted in l already, how much the bucket takes.
func (b *Budget) learn(l *ledger, bucket uint64, again bool, now int64) []record {
	free, _ := Tier("free")
	smallest, of := free.Endpoint, bucketTierEndpoint
	if bucket == bucketAccount {
		smallest, of = free.Account, bucketTierAccount
	}
	if b.base.Source == SourceMe {
		smallest = math.MaxInt // the tier is known: only others' requests explain a refusal
	}
	taught, ok := lesson(l.accepted(bucket, now), l.limit(bucket, now), smallest, again, l.bounds[bucket], now)
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
			Account: l.limit(bucketAccount, now), Endpoint: l.limit(bucketTierEndpoint, now),
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
	b.news.changed = true
	b.step(func(l *ledger, now int64, foreign []ticket) (fresh []record) {
		if !limits.Until.IsZero() {
			fresh = b.lapsing(limits, now)
		} else {
			b.base = limits.over(b.base)
			l.base = b.base
			if limits.Source == SourceMe {
				fresh = b.takeBack(now)
			}
		}
		for _, r := range fresh {
			l.learn(r)
		}
		return append(fresh, b.serve(l, now, foreign)...)
	})
	b.end()
}

// lapsing are the bounds that limits of an earlier run set, as old as they were
// then, so that a later lesson outvotes them.
func (b *Budget) lapsing(limits Limits, now int64) (fresh []record) {
	until := min(limits.Until.UnixNano(), now+int64(lessonLength))
	if until <= now {
		return nil
	}
	for _, r := range []record{
		{bucket: bucketTierAccount, limit: uint32(max(limits.Account, 0))},
		{bucket: bucketTierEndpoint, limit: uint32(max(limits.Endpoint, 0))},
	} {
		if r.limit > 0 {
			r.kind, r.at, r.until, r.id = kindBound, until-int64(lessonLength), until, b.newID()
			fresh = append(fresh, r)
		}
	}
	return fresh
}

// takeBack says that the limits are not what refusals suggested.
func (b *Budget) takeBack(now int64) (fresh []record) {
	for _, bucket := range []uint64{bucketTierAccount, bucketTierEndpoint} {
		fresh = append(fresh, record{kind: kindBound, at: now, until: now + int64(lessonLength), bucket: bucket, id: b.newID()})
	}
	return fresh
}
