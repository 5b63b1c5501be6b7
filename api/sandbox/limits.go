package sandbox

import "time"

// limits are the requests a minute of a tier, from the published API documentation. 0 is no limit.
type limits struct{ account, endpoint int }

func tierLimits(tier string) (limits, bool) {
	switch tier {
	case "free":
		return limits{account: 30, endpoint: 10}, true
	case "standard", "":
		return limits{account: 100, endpoint: 20}, true
	case "enterprise":
		return limits{account: 500, endpoint: 60}, true
	case "unlimited":
		return limits{}, true
	}
	return limits{}, false
}

// validateLimit is the fixed limit of the open endpoint, whatever the tier.
const validateLimit = 10

// limiter counts requests over a sliding minute, in buckets. A refused request counts nowhere.
type limiter struct{ buckets map[string][]time.Time }

// bucket is one limit that a request has to stay within.
type bucket struct {
	name  string
	limit int
}

// take counts a request in every bucket, or in none and returns the seconds to wait, at least 1.
func (l *limiter) take(now time.Time, in ...bucket) (wait int) {
	for _, b := range in {
		if b.limit == 0 {
			continue
		}
		seen := l.buckets[b.name]
		for len(seen) > 0 && now.Sub(seen[0]) >= time.Minute {
			seen = seen[1:]
		}
		l.buckets[b.name] = seen
		if len(seen) >= b.limit {
			left := time.Minute - now.Sub(seen[len(seen)-b.limit])
			wait = max(wait, int((left+time.Second-1)/time.Second))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, b := range in {
		if b.limit > 0 {
			l.buckets[b.name] = append(l.buckets[b.name], now)
		}
	}
	return 0
}

// buckets are the limits of a request: its account's and, apart from it, its endpoint's.
func (s *Server) buckets(c *call) []bucket {
	if c.route.open {
		return []bucket{{name: c.route.template(), limit: validateLimit}}
	}
	l, _ := tierLimits(s.options.Tier)
	return []bucket{
		{name: c.key.Account, limit: l.account},
		{name: c.key.Account + " " + c.route.template(), limit: l.endpoint},
	}
}
