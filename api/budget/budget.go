// Package budget treats the rate limit of the Lev API as a budget: it counts
// every request against the limits of its endpoint and of the whole account, and
// says when the next one may go, so that the service never has to refuse one.
//
// The published API documentation gives both limits per minute and does not say
// how the minute is measured. The budget lets no sliding minute hold more than
// the limit, which no way of measuring can object to, and adds a margin, because
// the service counts a request when it arrives and not when it was sent.
//
// Requests wait in the order of their [work.Priority], and of their arrival within
// one. A request that waits for its endpoint holds up no one on another one.
// Background work leaves a fifth of each endpoint and a sixth of the account to
// the user, both rounded up, so that an action of the user waits only when
// the user has used up that part; and while it waits, no background request
// takes a place it could have.
//
// Programs that run at the same time share the count through a locked file.
// Those that wait write that down too, with their priority and for a few seconds
// at a time, so that the order holds between programs, and a program that dies
// holds up the others no longer than that. They look into the file again when
// the next place comes free, not more often, and at the latest after five seconds.
package budget

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"slices"
	"sync/atomic"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

const (
	// window is the minute that the published limits speak of.
	window = time.Minute
	// DefaultMargin is how much longer than a minute a request counts: how much
	// faster a later request may reach the service than an earlier one did.
	DefaultMargin = 2 * time.Second
	// maxSleep is the longest sleep of a request that waits, and lease how long others
	// believe that it still does. A nap also bounds what a suspended machine loses.
	maxSleep = 5 * time.Second
	lease    = maxSleep + 2*time.Second
	// recheck is the pause of a request that finds a place free which belongs to
	// a more urgent one in another program.
	recheck = 100 * time.Millisecond
	// shortestFreeze and longestFreeze bound the wait after a 429.
	shortestFreeze = 5 * time.Second
	longestFreeze  = 5 * time.Minute
)

// Options say how a Budget is set up. The zero value counts for this program
// alone, on the standard tier.
type Options struct {
	// Path is the file shared with other programs that use the same account; its
	// folder is made when missing. Empty shares with no one.
	Path string
	// Limits are those known at the start, as for SetLimits. What is not known is taken from the standard tier.
	Limits Limits
	// Margin replaces DefaultMargin when above zero.
	Margin time.Duration
	// ID tells this program from the others that share the file. Zero is drawn at random.
	ID uint32
	// Now is the clock. Nil is time.Now.
	Now func() time.Time
	// Sleep waits for d, or until ctx is done and then returns its error. Nil is a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// OnChange is told after every request, here or seen in the shared file, and
	// whenever waiting, freezes or limits changed, so that a screen needs no ticker.
	// Like the other functions it is called from the goroutine that brought the
	// change about, and may ask State and Estimate.
	OnChange func()
	// OnAlone is told, once, why the count cannot be shared with other programs.
	// Counting continues without them, and sharing is retried every minute.
	OnAlone func(error)
}

// Budget describes when requests may go. It is safe for concurrent use.
type Budget struct {
	options Options
	span    int64 // how long a request counts: the window and the margin
	file    *sharedFile

	// turn is held by whoever changes the fields below it. A channel, so that
	// waiting for it can be given up.
	turn          chan struct{}
	base          Limits
	frozen        map[uint64]int64 // what the service asked this program, until when
	admitUntil    int64            // TryNow lets one request go until then
	queue         []*waiter
	records       []record // everything that still matters, as last seen
	serial        uint32
	newest        int64 // the last request or refusal seen
	retryFile     int64 // when to try the file again
	notifiedAlone bool
	news          news

	view atomic.Pointer[view]
}

// waiter is a call of Wait that has not returned.
type waiter struct {
	ticket
	granted bool
	wake    int64 // when it looks again, unless someone else has by then
	leased  int64 // until when others believe that it waits
	stop    context.CancelFunc
}

// news is what to tell once the turn is given up.
type news struct {
	changed bool
	alone   error
}

// New returns a budget. It touches no file before the first request.
func New(o Options) *Budget {
	standard, _ := Tier("standard")
	if o.Margin <= 0 {
		o.Margin = DefaultMargin
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	for o.ID == 0 {
		var b [4]byte
		rand.Read(b[:]) // never fails
		o.ID = binary.LittleEndian.Uint32(b[:])
	}
	b := &Budget{options: o, span: int64(window + o.Margin), turn: make(chan struct{}, 1),
		base: o.Limits.over(standard), frozen: map[uint64]int64{}}
	if o.Path != "" {
		b.file = newSharedFile(o.Path, o.Sleep)
	}
	b.publish(newLedger(b.records, b.base, b.span), nil)
	return b
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (b *Budget) now() int64 { return b.options.Now().UnixNano() }

// newID numbers a record of this program.
func (b *Budget) newID() uint64 {
	b.serial++
	return uint64(b.options.ID)<<32 | uint64(b.serial)
}

// mine reports whether this program wrote the record.
func (b *Budget) mine(id uint64) bool { return uint32(id>>32) == b.options.ID }

// Wait returns nil when a request to the endpoint may go, which is then counted.
// It is to be called before every attempt of every request. The endpoint is any
// name that is the same for all requests the service counts together. The error
// is the context's, returned as soon as that ends, and then nothing is counted.
func (b *Budget) Wait(ctx context.Context, endpoint string, p work.Priority) error {
	if err := b.begin(ctx); err != nil {
		return err
	}
	if l := b.view.Load().ledger; b.base.none() && max(l.frozen[bucketOf(endpoint)], l.frozen[bucketAccount]) <= b.now() {
		b.end()
		return nil
	}
	w := &waiter{ticket: ticket{bucket: bucketOf(endpoint), priority: min(p, work.Index), since: b.now(), id: b.newID()}}
	b.queue = append(b.queue, w)
	b.news.changed = true
	b.step(b.serve)
	for !w.granted {
		d := time.Duration(w.wake - b.now())
		if d <= 0 || d > maxSleep { // the moment has come, or the clock was set back
			b.step(b.serve)
			continue
		}
		if err := b.pause(ctx, w, d); err != nil {
			b.leave(w)
			b.end()
			return err
		}
	}
	err := ctx.Err()
	if err != nil {
		b.leave(w)
	}
	b.end()
	return err
}

// pause gives the turn up until d is over or w is woken.
func (b *Budget) pause(ctx context.Context, w *waiter, d time.Duration) error {
	pause, stop := context.WithCancel(ctx)
	defer stop()
	w.stop = stop
	b.end()
	err := b.options.Sleep(pause, d)
	if pause.Err() != nil {
		err = ctx.Err() // nil when w was woken
	}
	b.turn <- struct{}{}
	return err
}

// leave undoes a request that will not be sent, waiting or already counted.
func (b *Budget) leave(w *waiter) {
	b.queue = slices.DeleteFunc(b.queue, func(o *waiter) bool { return o == w })
	b.forget(w.id)
}

// Unsent undoes the last request to the endpoint that Wait has counted for
// this program: nothing of it has reached the service.
func (b *Budget) Unsent(endpoint string) {
	b.turn <- struct{}{}
	bucket := bucketOf(endpoint)
	var last record
	for _, r := range b.records {
		if r.kind == kindGrant && r.bucket == bucket && b.mine(r.id) && r.at >= last.at {
			last = r
		}
	}
	if last.id != 0 {
		b.forget(last.id)
	}
	b.end()
}

// forget undoes a request of this program by its number.
func (b *Budget) forget(id uint64) {
	b.news.changed = true
	forget := record{kind: kindForget, at: b.now(), id: id}
	b.records = append(b.records, forget)
	b.step(func(l *ledger, now int64, foreign []ticket) []record {
		return append([]record{forget}, b.serve(l, now, foreign)...)
	})
}
