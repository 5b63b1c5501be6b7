package budget

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

const (
	testSpan = int64(window + DefaultMargin)
	testNow  = int64(1_000_000 * time.Hour)
)

func second(n float64) int64 { return testNow + int64(n*float64(time.Second)) }

func sampleRecords() []record {
	return []record{
		{kind: kindGrant, priority: work.Index, at: second(-3), bucket: bucketOf("list"), id: 1<<32 | 1},
		{kind: kindIntent, priority: work.Write, at: second(-2), until: second(4), bucket: bucketOf("update"), id: 1<<32 | 2},
		{kind: kindForget, at: second(-1), id: 7<<32 | 3},
		{kind: kindFreeze, at: second(-1), until: second(30), bucket: bucketAccount, id: 1<<32 | 4},
	}
}

func encodeAll(records []record) (b []byte) {
	for _, r := range records {
		b = r.encode(b)
	}
	return b
}

func TestRecordsComeBack(t *testing.T) {
	t.Parallel()
	want := sampleRecords()
	b := encodeAll(want)
	if len(b) != len(want)*recordSize {
		t.Fatalf("%d records are %d bytes", len(want), len(b))
	}
	if got, damaged := decode(b); damaged != 0 || !slices.Equal(got, want) {
		t.Errorf("decoded %+v with %d damaged, want %+v", got, damaged, want)
	}
}

func TestAnyDamageLosesOneRecordOnly(t *testing.T) {
	t.Parallel()
	want := sampleRecords()
	clean := encodeAll(want)
	for i := range clean {
		b := bytes.Clone(clean)
		b[i] ^= 0x41
		got, damaged := decode(b)
		rest := slices.Delete(slices.Clone(want), i/recordSize, i/recordSize+1)
		if damaged != 1 || !slices.Equal(got, rest) {
			t.Fatalf("byte %d changed: %d damaged, %+v", i, damaged, got)
		}
	}
	for n := range len(clean) {
		got, damaged := decode(clean[:n])
		if len(got) != n/recordSize || (damaged == 1) != (n%recordSize != 0) {
			t.Fatalf("cut to %d bytes: %d records, %d damaged", n, len(got), damaged)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encodeAll(sampleRecords()))
	f.Add(make([]byte, 3*recordSize+7))
	f.Fuzz(func(t *testing.T, b []byte) {
		found, damaged := decode(b)
		if whole := (len(b) + recordSize - 1) / recordSize; len(found)+damaged != whole {
			t.Fatalf("%d records and %d damaged of %d", len(found), damaged, whole)
		}
		l := newLedger(resolve(found, testNow, testSpan), Limits{Account: 30, Endpoint: 10}, testSpan)
		if at := l.earliest(bucketOf("list"), work.Screen, testNow, forever); at < testNow || at > testNow+int64(longestFreeze+3*window) {
			t.Fatalf("a damaged file makes a request wait until %v from now", time.Duration(at-testNow))
		}
	})
}

func TestResolve(t *testing.T) {
	t.Parallel()
	list := bucketOf("list")
	grant := func(at float64, id uint64) record {
		return record{kind: kindGrant, at: second(at), bucket: list, id: id}
	}
	intent := func(until float64, id uint64) record {
		return record{kind: kindIntent, at: second(-9), until: second(until), bucket: list, id: id}
	}
	freeze := func(at, until float64) record {
		return record{kind: kindFreeze, at: second(at), until: second(until), bucket: list, id: 77}
	}
	forget := func(id uint64) record { return record{kind: kindForget, at: second(0), id: id} }
	for _, c := range []struct {
		name        string
		found, want []record
	}{
		{"nothing", nil, nil},
		{"a request of this minute", []record{grant(-61, 1)}, []record{grant(-61, 1)}},
		{"a request a minute and the margin ago", []record{grant(-62, 1)}, nil},
		{"the same request twice", []record{grant(-1, 1), grant(-1, 1)}, []record{grant(-1, 1), grant(-1, 1)}},
		{"from a clock a little ahead", []record{grant(59, 1)}, []record{grant(59, 1)}},
		{"from a clock that was set back", []record{grant(61, 1), intent(61, 2)}, nil},
		{"an intent", []record{intent(5, 1)}, []record{intent(5, 1)}},
		{"an intent that was not renewed", []record{intent(0, 1)}, nil},
		{"an intent that claims too much", []record{intent(600, 1)}, nil},
		{"a renewed intent", []record{intent(1, 1), intent(6, 1)}, []record{intent(6, 1)}},
		{"a granted intent, in any order", []record{grant(-1, 1), intent(5, 1)}, []record{grant(-1, 1)}},
		{"a forgotten intent, in any order", []record{forget(1), intent(5, 1), intent(5, 2)}, []record{intent(5, 2)}},
		{"a forgotten request", []record{grant(-1, 1), grant(-1, 2), forget(1)}, []record{grant(-1, 2)}},
		{"a freeze", []record{freeze(-50, 1)}, []record{freeze(-50, 1)}},
		{"a freeze that is over", []record{freeze(-50, 0)}, nil},
		{"a freeze that the user has ended", []record{freeze(-1, 30), forget(77)}, nil},
		{"a freeze longer than a minute", []record{freeze(-1, 60)}, nil},
	} {
		if got := resolve(c.found, testNow, testSpan); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// What programs write must mean the same in whatever order it reaches the file.
func TestResolveDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var all []record
		for range 1 + r.IntN(30) {
			all = append(all, record{
				kind: kind(1 + r.IntN(4)), at: second(-r.Float64() * 70), until: second(r.Float64() * 6),
				bucket: bucketOf(string(rune('a' + r.IntN(2)))), id: uint64(r.IntN(12)),
			})
		}
		// A request has one moment, whoever tells of it.
		for i := range all {
			all[i].at -= all[i].at%int64(time.Minute) - int64(all[i].id)
			all[i].until = max(all[i].until, testNow+1)
			if all[i].kind != kindIntent {
				all[i].until = testNow + 1 + int64(all[i].id)
			}
			all[i].bucket = bucketOf(string(rune('a' + all[i].id%2)))
		}
		summary := func() (grants, waiting map[uint64]int) {
			grants, waiting = map[uint64]int{}, map[uint64]int{}
			for _, r := range resolve(all, testNow, testSpan) {
				switch r.kind {
				case kindGrant:
					grants[r.bucket]++
				case kindIntent:
					waiting[r.id]++
				}
			}
			return grants, waiting
		}
		g1, w1 := summary()
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		g2, w2 := summary()
		for _, k := range []uint64{bucketOf("a"), bucketOf("b")} {
			if g1[k] != g2[k] {
				t.Fatalf("%d or %d requests counted, by the order of the same records", g1[k], g2[k])
			}
		}
		for id := range uint64(12) {
			if w1[id] != w2[id] || w1[id] > 1 {
				t.Fatalf("request %d waits %d or %d times, by the order of the same records", id, w1[id], w2[id])
			}
		}
	}
}
