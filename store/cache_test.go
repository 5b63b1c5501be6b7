package store

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func TestCacheKeepsTheServersOrderAndBytes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openTestCache(t, dir)
	want(t, "rows of a new cache", len(held(t, c)), 0)
	odd := person(7, 1).With(model.FieldTitle, model.Value{}).With(model.FieldCity, model.TextValue("")).
		WithExtra("phones", `[{"raw":"+1 <555>","type":null}]`).WithExtra("z", "\"\\u0000\"")
	page := append([]model.Packed{odd.Pack()}, people(1, 3, 9, 1)...)
	p, err := c.BeginSync(t.Context())
	must(t, err)
	_, err = c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: page, Total: -1, Done: true})
	must(t, err)
	must(t, c.Close())

	c = openTestCache(t, dir)
	if got := held(t, c); !slices.Equal(got, page) {
		t.Fatalf("got %q, want %q", got, page)
	}
	info := infoOf(t, c)
	want(t, "total that the server never said", info.Total, -1)
	want(t, "rows", info.Rows, 4)
	if info.Bytes == 0 || info.Path == "" {
		t.Fatalf("no size or path: %+v", info)
	}
}

func TestPutChangesInPlaceAndAddsAtTheEnd(t *testing.T) {
	t.Parallel()
	c := openTestCache(t, t.TempDir())
	fullPass(t, c, 1, span(1, 25))
	must(t, c.Put(t.Context(), people(2, 3, 100, 20, 101)...))
	rows := held(t, c)
	if got, exp := idsOf(rows), append(span(1, 25), 100, 101); !slices.Equal(got, exp) {
		t.Fatalf("order: %v", got)
	}
	want(t, "changed row", rows[2], person(3, 2).Pack())
	want(t, "other row", rows[3], person(4, 1).Pack())

	must(t, c.Remove(t.Context(), 3, 101, 555))
	if got, exp := idsOf(held(t, c)), append(append(span(1, 2), span(4, 25)...), 100); !slices.Equal(got, exp) {
		t.Fatalf("after removing: %v", got)
	}
	if err := c.Put(t.Context(), person(1, 3).Pack(), "not packed\xff"); !errors.Is(err, model.ErrPacked) {
		t.Fatalf("a broken contact was kept: %v", err)
	}
	want(t, "nothing of a refused put", held(t, c)[0], person(1, 1).Pack())
}

func TestReaderSeesOneMoment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openTestCache(t, dir)
	fullPass(t, c, 1, span(1, 5000))
	r, err := c.Read(t.Context())
	must(t, err)
	first, err := r.Next(t.Context(), 100)
	must(t, err)
	want(t, "first rows", len(first), 100)

	other := openTestCache(t, dir) // a sync that moves, adds and drops rows meanwhile
	fullPass(t, other, 2, append(span(2000, 5000), 6000))
	rest, err := r.Next(t.Context(), 10000)
	must(t, err)
	if got := idsOf(append(first, rest...)); !slices.Equal(got, span(1, 5000)) {
		t.Fatalf("the reader saw %d rows of another moment", len(got))
	}
	none, err := r.Next(t.Context(), 10)
	must(t, err)
	want(t, "after the end", len(none), 0)
	must(t, r.Close(t.Context()))
	must(t, r.Close(t.Context()))
	if got := idsOf(held(t, c)); !slices.Equal(got, append(span(2000, 5000), 6000)) {
		t.Fatalf("afterwards %d rows", len(got))
	}
}

func TestAnotherIdentityNeverSeesTheRows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := openTestCache(t, dir)
	fullPass(t, first, 1, span(1, 500))
	p, err := first.BeginSync(t.Context())
	must(t, err)
	reader, err := first.Read(t.Context())
	must(t, err)
	must(t, reader.Close(t.Context()))

	other := testIdentity()
	other.Account = "other"
	second := openCacheAs(t, dir, other, spec{wait: busyWait})
	want(t, "rows", len(held(t, second)), 0)
	if info := infoOf(t, second); info.Rows != 0 || info.Total != -1 || !info.FullSyncAt.IsZero() || info.Sync.Number != 0 {
		t.Fatalf("something of the first account is left: %+v", info)
	}
	must(t, second.Put(t.Context(), people(1, 1000)...))

	// The first program still runs, with the rows of the first account in hand.
	_, err = first.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: people(1, 1, 2)})
	errs := []error{err, first.Put(t.Context(), people(1, 1)...), first.Remove(t.Context(), 1000)}
	_, err = first.Read(t.Context())
	errs = append(errs, err)
	_, err = first.Info(t.Context())
	errs = append(errs, err)
	_, err = first.FinishSync(t.Context(), p.Number, testTime())
	for i, err := range append(errs, err) {
		if !errors.Is(err, ErrCacheReplaced) {
			t.Fatalf("operation %d on the other account's rows: %v", i, err)
		}
	}
	if got := idsOf(held(t, second)); !slices.Equal(got, []int64{1000}) {
		t.Fatalf("the second account sees %v", got)
	}
	must(t, first.Close())
	must(t, second.Close())
	noTrace(t, dir, "first.last77@")
}

func TestClearLeavesNothingReadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(dir+"/contacts.db.damaged-20260101T000000", []byte("first.last1@example.com"), 0o600))
	c := openTestCache(t, dir)
	fullPass(t, c, 1, span(1, 500))
	other := openTestCache(t, dir)
	before := infoOf(t, c).Bytes
	must(t, c.Clear(t.Context()))
	info := infoOf(t, c)
	want(t, "rows", info.Rows, 0)
	if info.Bytes >= before {
		t.Fatalf("%d bytes before, %d after", before, info.Bytes)
	}
	noTrace(t, dir, "first.last")
	if err := other.Put(t.Context(), people(1, 1)...); !errors.Is(err, ErrCacheReplaced) {
		t.Fatalf("another program goes on filling a cleared copy: %v", err)
	}
	fullPass(t, c, 1, span(1, 20))
	want(t, "rows again", len(held(t, c)), 20)
}

func noTrace(t *testing.T, dir, secret string) {
	t.Helper()
	for _, path := range dbFiles(t, dir) {
		b, err := os.ReadFile(path)
		must(t, err)
		if bytes.Contains(b, []byte(secret)) {
			t.Fatalf("%s still holds %q", path, secret)
		}
	}
}

// Rows whose bytes have changed on the disk are dropped and counted, whatever
// the change; the others are all there.
func TestDamagedRowsAreDroppedAndCounted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := openTestCache(t, dir)
	fullPass(t, c, 1, span(1, 3000))
	rnd := rand.New(rand.NewPCG(1, 2))
	damage := map[int64]func([]byte) []byte{
		2:    func(b []byte) []byte { return nil },
		3:    func(b []byte) []byte { return b[:len(b)-1] },
		5:    func(b []byte) []byte { return append(b, b...) },
		2500: func(b []byte) []byte { b[4] = 0xff; return b },
		2999: func(b []byte) []byte { b[rnd.IntN(len(b))] ^= 1 << rnd.IntN(8); return b },
	}
	for id, change := range damage {
		var data []byte
		must(t, c.f.db.QueryRow("SELECT data FROM contact WHERE id = ?", id).Scan(&data))
		data = change(data)
		if data == nil {
			data = []byte{}
		}
		_, err := c.f.db.Exec("UPDATE contact SET data = ? WHERE id = ?", data, id)
		must(t, err)
	}
	for range 2 {
		rows := held(t, c)
		want(t, "rows", len(rows), 3000-len(damage))
		for _, p := range rows {
			if damage[p.ID()] != nil || p != person(p.ID(), 1).Pack() {
				t.Fatalf("row %d is not as it was saved", p.ID())
			}
		}
		want(t, "counted", infoOf(t, c).Damaged, len(damage))
	}
	fullPass(t, c, 1, span(1, 3000))
	want(t, "after a full pass", infoOf(t, c).Damaged, 0)
	want(t, "rows after a full pass", len(held(t, c)), 3000)
}

// A damaged row that the running pass has been past already is missing until
// the next one, and Info says so.
func TestDamageDuringAPassIsStillCountedAfterIt(t *testing.T) {
	t.Parallel()
	c := openTestCache(t, t.TempDir())
	p, err := c.BeginSync(t.Context())
	must(t, err)
	_, err = c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: people(1, 1, 2, 3), Total: 3, Done: true})
	must(t, err)
	_, err = c.f.db.Exec("UPDATE contact SET data = 'x' WHERE id = 2")
	must(t, err)
	want(t, "rows", len(held(t, c)), 2)
	_, err = c.FinishSync(t.Context(), p.Number, testTime())
	must(t, err)
	want(t, "counted", infoOf(t, c).Damaged, 1)
}

// A row that was written anew between being found damaged and being dropped stays.
func TestRepairedRowIsNotDropped(t *testing.T) {
	t.Parallel()
	c := openTestCache(t, t.TempDir())
	must(t, c.Put(t.Context(), people(1, 1, 2)...))
	_, err := c.f.db.Exec("UPDATE contact SET data = 'x' WHERE id = 2")
	must(t, err)
	r, err := c.Read(t.Context())
	must(t, err)
	rows, err := r.Next(t.Context(), 10)
	must(t, err)
	want(t, "rows", len(rows), 1)
	must(t, c.Put(t.Context(), people(2, 2)...))
	must(t, r.Close(t.Context()))
	want(t, "rows", len(held(t, c)), 2)
	want(t, "counted", infoOf(t, c).Damaged, 0)
}

// One cache serves the screen and the background at the same time, and is
// emptied and closed under them.
func TestCacheFromManyGoroutines(t *testing.T) {
	t.Parallel()
	c := openTestCache(t, t.TempDir())
	fullPass(t, c, 1, span(1, 2500))
	p, err := c.BeginSync(t.Context())
	must(t, err)
	var wg sync.WaitGroup
	fine := func(err error) {
		if err != nil && !errors.Is(err, ErrCacheReplaced) {
			t.Error(err)
		}
	}
	for i := range 3 {
		wg.Go(func() {
			for page := range int64(5) {
				_, err := c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: people(2, span(page*50+1, page*50+50)...), Total: -1})
				fine(err)
				fine(c.Put(t.Context(), people(3, int64(i+1))...))
			}
		})
		wg.Go(func() {
			r, err := c.Read(t.Context())
			fine(err)
			for err == nil {
				var rows []model.Packed
				if rows, err = r.Next(t.Context(), 300); len(rows) == 0 {
					fine(r.Close(t.Context()))
					break
				}
			}
			fine(err)
			_, err = c.Info(t.Context())
			fine(err)
		})
	}
	fine(c.Clear(t.Context()))
	wg.Wait()
	must(t, c.Close())
	if err := c.Put(t.Context(), people(1, 1)...); err == nil {
		t.Fatal("a closed cache keeps rows")
	}
	must(t, c.Close())
}

func FuzzCutFrame(f *testing.F) {
	good := string(appendFrame(appendFrame(nil, person(1, 1).Pack()), person(2, 1).Pack()))
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add(strings.Repeat("\xff", 20))
	f.Fuzz(func(t *testing.T, s string) {
		var buf scratch
		if p, rest, ok := cutFrame(s, &buf); ok && (!strings.HasSuffix(s, string(p)+rest) || !strings.HasSuffix(string(appendFrame(nil, p)), string(p))) {
			t.Fatalf("%q was cut into %q and %q", s, p, rest)
		}
	})
}
