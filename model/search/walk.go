package search

import (
	"context"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/levcontacts/levcontacts/model"
)

const (
	// checkEvery is how many rows are looked at between two looks at the context: a
	// search that the next letter has overtaken is out of the way of its frame.
	checkEvery = 256
	// shareSize is how many rows a goroutine takes at a time.
	shareSize = 64 * checkEvery
	// maxWorkers is how many goroutines walk at most.
	maxWorkers = 4
)

// slotFunc looks at the row in a slot.
type slotFunc func(slot int32, p model.Packed)

// walk goes over rows: all of a snapshot, or those at some slots.
type walk struct {
	ctx   context.Context
	snap  model.Snapshot
	marks []uint64 // bit i is slot i; nil for all
}

func newWalk(ctx context.Context, snap model.Snapshot, within []int32) walk {
	w := walk{ctx: ctx, snap: snap}
	if within == nil {
		return w
	}
	w.marks = make([]uint64, snap.Len()/64+1)
	for _, slot := range within {
		if 0 <= slot && int(slot) < snap.Len() {
			w.marks[slot/64] |= 1 << (slot % 64)
		}
	}
	return w
}

// over calls fn for the rows in the slots from and up to, in the order of the book.
// It says how many there were. From is a multiple of 64.
func (w walk) over(from, to int, fn slotFunc) (n int, err error) {
	for begin := from; begin < to; begin += checkEvery {
		if w.ctx.Err() != nil {
			return n, w.ctx.Err()
		}
		end := min(begin+checkEvery, to)
		if w.marks == nil {
			for slot := begin; slot < end; slot++ {
				fn(int32(slot), w.snap.At(slot))
			}
			n += end - begin
			continue
		}
		for i := begin / 64; i*64 < end; i++ {
			for word := w.marks[i]; word != 0; word &= word - 1 {
				slot := i*64 + bits.TrailingZeros64(word)
				fn(int32(slot), w.snap.At(slot))
				n++
			}
		}
	}
	return n, w.ctx.Err()
}

// eachSlot calls fn for the rows at the slots of within, or for all, in the
// order of the book and each once. It says how many there were.
func eachSlot(ctx context.Context, snap model.Snapshot, within []int32, fn slotFunc) (int, error) {
	return newWalk(ctx, snap, within).over(0, snap.Len(), fn)
}

// shareSlots is eachSlot on several goroutines where the machine has processors to
// spare: half of them stay free for what draws. Each calls begin for a function of
// its own.
func shareSlots(ctx context.Context, snap model.Snapshot, within []int32, begin func() slotFunc) (int, error) {
	workers := min(runtime.GOMAXPROCS(0)/2, maxWorkers, snap.Len()/shareSize)
	return newWalk(ctx, snap, within).share(workers, begin)
}

func (w walk) share(workers int, begin func() slotFunc) (int, error) {
	if workers < 2 {
		return w.over(0, w.snap.Len(), begin())
	}
	var next, seen atomic.Int64
	var all sync.WaitGroup
	for range workers {
		fn := begin()
		all.Go(func() {
			for w.ctx.Err() == nil {
				from := int(next.Add(shareSize)) - shareSize
				if from >= w.snap.Len() {
					return
				}
				n, _ := w.over(from, min(from+shareSize, w.snap.Len()), fn)
				seen.Add(int64(n))
			}
		})
	}
	all.Wait()
	return int(seen.Load()), w.ctx.Err()
}
