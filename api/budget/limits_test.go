package budget

import (
	"testing"

	"github.com/levcontacts/levcontacts/work"
)

func TestTierLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		account, endpoint int
		known             bool
	}{
		{"free", 30, 10, true}, {"standard", 100, 20, true}, {"enterprise", 500, 60, true}, {"unlimited", Unlimited, Unlimited, true}, {"", 0, 0, false}, {"Free", 0, 0, false},
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
		if got := usable(c.limit, c.share, work.Index); got != c.want {
			t.Errorf("background may use %d of %d (one in %d kept), want %d", got, c.limit, c.share, c.want)
		}
		for _, p := range []work.Priority{work.Write, work.Screen, work.Next} {
			if got := usable(c.limit, c.share, p); got != c.limit {
				t.Errorf("priority %d may use %d of %d, want all", p, got, c.limit)
			}
		}
	}
}

func TestLower(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ account, endpoint, lowerAccount, lowerEndpoint int }{
		{100, 20, 50, 10}, {500, 60, 250, 30}, {50, 15, 30, 10}, {30, 10, 30, 10}, {7, 3, 7, 3}, {1, 1, 1, 1},
	} {
		l := Limits{Account: c.account, Endpoint: c.endpoint, Source: SourceConfig}
		if got := l.lower(bucketAccount); got != (Limits{c.lowerAccount, c.endpoint, SourceConfig}) {
			t.Errorf("%+v becomes %+v", l, got)
		}
		if got := l.lower(bucketOf("list")); got != (Limits{c.account, c.lowerEndpoint, SourceConfig}) {
			t.Errorf("%+v becomes %+v", l, got)
		}
	}
}
