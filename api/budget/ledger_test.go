package budget

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

func ledgerOf(account, endpoint int, grants map[string][]float64) *ledger {
	var live []record
	for name, at := range grants {
		for _, s := range at {
			live = append(live, record{kind: kindGrant, at: second(s), bucket: bucketOf(name)})
		}
	}
	return newLedger(live, Limits{Account: account, Endpoint: endpoint}, testSpan)
}

func repeat(n int, at float64) []float64 { return slices.Repeat([]float64{at}, n) }

func TestEarliest(t *testing.T) {
	t.Parallel()
	list := bucketOf("list")
	for _, c := range []struct {
		name   string
		grants map[string][]float64
		frozen map[uint64]int64
		p      work.Priority
		want   float64 // seconds from now
	}{
		{"nothing counted", nil, nil, work.Index, 0},
		{"one place left", map[string][]float64{"list": repeat(9, -5)}, nil, work.Screen, 0},
		{"the endpoint is used up", map[string][]float64{"list": append(repeat(9, -5), -20)}, nil, work.Screen, 42},
		{"another endpoint is used up", map[string][]float64{"get": repeat(10, -5)}, nil, work.Screen, 0},
		{"only the reserve is left", map[string][]float64{"list": repeat(8, -5)}, nil, work.Index, 57},
		{"the reserve is the person's", map[string][]float64{"list": repeat(8, -5)}, nil, work.Next, 0},
		{"one above the reserve", map[string][]float64{"list": repeat(7, -5)}, nil, work.Index, 0},
		{"the account is used up", map[string][]float64{"a": repeat(10, -1), "b": repeat(10, -2), "c": repeat(10, -3)}, nil, work.Write, 59},
		{"the account's reserve", map[string][]float64{"a": repeat(10, -1), "b": repeat(10, -2), "c": repeat(5, -3)}, nil, work.Index, 59},
		{"the account's reserve, for the person", map[string][]float64{"a": repeat(10, -1), "b": repeat(10, -2), "c": repeat(5, -3)}, nil, work.Screen, 0},
		{"counted for exactly a minute and the margin", map[string][]float64{"list": repeat(10, -62)}, nil, work.Screen, 0},
		{"frozen", nil, map[uint64]int64{list: second(7)}, work.Write, 7},
		{"another endpoint is frozen", nil, map[uint64]int64{bucketOf("get"): second(7)}, work.Write, 0},
		{"the account is frozen", nil, map[uint64]int64{bucketAccount: second(9), list: second(7)}, work.Write, 9},
		{"frozen for less than the count asks", map[string][]float64{"list": repeat(10, -32)}, map[uint64]int64{list: second(7)}, work.Write, 30},
	} {
		l := ledgerOf(30, 10, c.grants)
		l.frozen = c.frozen
		if got := l.earliest(list, c.p, testNow, forever); got != second(c.want) {
			t.Errorf("%s: in %v, want %v s", c.name, time.Duration(got-testNow), c.want)
		}
	}
}

// Background work must not use what the user's request will need that waits
// for another bucket.
func TestBackgroundLeavesRoomForWhoWaitsElsewhere(t *testing.T) {
	t.Parallel()
	l := ledgerOf(30, 10, map[string][]float64{"a": repeat(10, -1), "b": repeat(10, -1), "list": repeat(2, -1)})
	l.frozen[bucketOf("update")] = second(20)
	if at := l.earliest(bucketOf("list"), work.Index, testNow, forever); at != testNow {
		t.Fatalf("background waits %v with 8 of 30 left", time.Duration(at-testNow))
	}
	for range 3 {
		if at := l.take(bucketOf("update"), work.Write, testNow, forever); at != second(20) {
			t.Fatalf("a write to a frozen endpoint goes after %v", time.Duration(at-testNow))
		}
	}
	if at := l.earliest(bucketOf("list"), work.Index, testNow, forever); at != second(61) {
		t.Errorf("background goes after %v, want only when others leave the minute", time.Duration(at-testNow))
	}
	if at := l.earliest(bucketOf("list"), work.Screen, testNow, forever); at != testNow {
		t.Errorf("the person's request on another endpoint waits %v", time.Duration(at-testNow))
	}
}

// earliest is compared with trying every moment at which anything changes.
func TestEarliestAgainstTryingEveryMoment(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		l := ledgerOf(2+r.IntN(12), 1+r.IntN(8), nil)
		names := []string{"a", "b", "c"}
		moments := []int64{testNow}
		for range r.IntN(30) {
			at := second(-float64(r.IntN(65)))
			l.count(bucketOf(names[r.IntN(3)]), at)
			moments = append(moments, at, at+testSpan)
		}
		for range r.IntN(6) {
			at := l.take(bucketOf(names[r.IntN(3)]), work.Priority(r.IntN(3)), testNow, forever)
			moments = append(moments, at, at+testSpan)
		}
		slices.Sort(moments)
		for p := range work.Priority(4) {
			bucket := bucketOf(names[r.IntN(3)])
			fits := func(t int64) bool {
				for k, room := range map[uint64]int{
					bucket:        usable(l.limit(bucket), endpointShare, p),
					bucketAccount: usable(l.limit(bucketAccount), accountShare, p),
				} {
					n := 0
					for _, at := range l.grants[k] {
						if at > t-testSpan && at <= t {
							n++
						}
					}
					for _, at := range l.held[k] {
						if p == work.Index && at > t {
							n++
						}
					}
					if n >= room {
						return false
					}
				}
				return true
			}
			want := int64(-1)
			for _, at := range moments {
				if at >= testNow && fits(at) {
					want = at
					break
				}
			}
			if got := l.earliest(bucket, p, testNow, forever); got != want {
				t.Fatalf("seed %d, priority %d: %d, want %d", seed, p, got-testNow, want-testNow)
			}
		}
	}
}

func TestCloneIsApart(t *testing.T) {
	t.Parallel()
	l := ledgerOf(30, 10, map[string][]float64{"list": {-9, -5, -1}})
	before := slices.Clone(l.grants[bucketAccount])
	for range 3 {
		c := l.clone()
		for range 15 {
			c.take(bucketOf("list"), work.Screen, testNow, forever)
		}
		c.count(bucketOf("list"), second(-7))
	}
	if !slices.Equal(l.grants[bucketAccount], before) || len(l.grants[bucketOf("list")]) != 3 || len(l.held) != 0 {
		t.Error("planning on a copy changed the original")
	}
}
