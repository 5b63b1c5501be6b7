package budget

import (
	"testing"
	"time"
)

func TestTierLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		account, endpoint int
		known             bool
	}{
		{"free", 30, 10, true}, {"standard", 100, 20, true}, {"enterprise", 500, 60, true}, {"", 0, 0, false}, {"Free", 0, 0, false},
	} {
		l, known := Tier(c.name)
		if l.Account != c.account || l.Endpoint != c.endpoint || known != c.known {
			t.Errorf("Tier(%q) = %+v, %v", c.name, l, known)
		}
	}
}

func TestBackgroundLeavesReserve(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ limit, share, want int }{
		{10, endpointShare, 8}, {20, endpointShare, 16}, {60, endpointShare, 48}, {11, endpointShare, 8},
		{30, accountShare, 25}, {100, accountShare, 83}, {500, accountShare, 416},
		{1, endpointShare, 1}, {2, endpointShare, 1}, {3, accountShare, 2},
	} {
		if got := usable(c.limit, c.share, Index); got != c.want {
			t.Errorf("background may use %d of %d (one in %d kept), want %d", got, c.limit, c.share, c.want)
		}
		for _, p := range []Priority{Write, Screen, Next} {
			if got := usable(c.limit, c.share, p); got != c.limit {
				t.Errorf("priority %d may use %d of %d, want all", p, got, c.limit)
			}
		}
	}
}

func TestLesson(t *testing.T) {
	t.Parallel()
	const now = int64(1000 * time.Hour)
	ago := func(length, ended time.Duration) bound {
		return bound{limit: 4, at: now - int64(ended+length), until: now - int64(ended)}
	}
	for _, c := range []struct {
		name              string
		accepted, current int
		again             bool
		before            bound
		limit             int // 0: no lesson
		length            time.Duration
	}{
		{"the limit was known", 20, 20, true, bound{}, 0, 0},
		{"more than the limit", 25, 20, true, bound{}, 0, 0},
		{"a lower tier", 10, 20, false, bound{}, 10, 24 * time.Hour},
		{"between tiers", 13, 20, false, bound{}, 13, 24 * time.Hour},
		{"less than any tier", 4, 20, false, bound{}, 0, 0},
		{"less than any tier, again", 4, 20, true, bound{}, 4, time.Minute},
		{"at once, again", 0, 20, true, bound{}, 1, time.Minute},
		{"within the minute it holds", 3, 4, false, ago(time.Minute, -30*time.Second), 3, time.Minute},
		{"proved true after it lapsed", 4, 20, false, ago(time.Minute, 10*time.Second), 4, 2 * time.Minute},
		{"and again", 4, 20, false, ago(4*time.Minute, time.Second), 4, 8 * time.Minute},
		{"no longer than a quarter of an hour", 4, 20, false, ago(16*time.Minute, time.Second), 4, 16 * time.Minute},
		{"nothing below one", 0, 1, true, bound{}, 0, 0},
	} {
		b, ok := lesson(c.accepted, c.current, 10, c.again, c.before, now)
		if ok != (c.limit > 0) || b.limit != c.limit {
			t.Errorf("%s: %+v, %v; want limit %d", c.name, b, ok, c.limit)
		}
		if ok && (b.at != now || time.Duration(b.until-b.at) != c.length) {
			t.Errorf("%s: holds for %v, want %v", c.name, time.Duration(b.until-b.at), c.length)
		}
	}
}
