package service

import (
	"context"
	"errors"
	"sync"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
)

// keptCopy is the copy of the contacts on disk. The first thing that goes wrong
// with it ends its use for this run.
type keptCopy struct {
	service *Service
	opening once[*store.Cache] // nil inside when there is none

	mu      sync.RWMutex // held for reading while the cache is used
	ended   bool
	why     string // what went wrong, or why it must not be used
	told    bool   // the person knows why
	reading *store.Reader
	read    int64 // rows given by reading so far

	pass passing
}

// passing is the full pass that this run is at.
type passing struct {
	mu      sync.Mutex
	found   int64  // number of an interrupted pass that may be resumed
	number  int64  // of the pass that is under way, 0 for none
	expects string // the cursor whose page comes next in it
}

func (k *keptCopy) init(s *Service) {
	k.service, k.opening = s, newOnce[*store.Cache]()
}

// use opens the cache when that was not done, and runs fn on it. ok is false
// when there is no copy, or none any more; the person is told once.
func (k *keptCopy) use(ctx context.Context, fn func(*store.Cache) error) (ok bool) {
	ok = k.try(ctx, fn)
	k.mu.Lock()
	news := !k.told && k.why != ""
	k.told = k.told || news
	why := k.why
	k.mu.Unlock()
	if news {
		k.service.problem("going on without the local copy: %s", why)
	}
	return ok
}

func (k *keptCopy) try(ctx context.Context, fn func(*store.Cache) error) (ok bool) {
	c, err := k.open(ctx)
	if err != nil || c == nil {
		return false
	}
	k.mu.RLock()
	if k.ended {
		k.mu.RUnlock()
		return false
	}
	err = fn(c)
	k.mu.RUnlock()
	if err != nil && ctx.Err() == nil {
		k.end(describe(err))
	}
	return err == nil
}

// open gives nil when there is no copy. The error is the context's.
func (k *keptCopy) open(ctx context.Context) (*store.Cache, error) {
	return k.opening.get(ctx, func(ctx context.Context) (*store.Cache, error) {
		if k.service.o.OpenCache == nil {
			return nil, nil
		}
		c, err := k.service.o.OpenCache(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			k.mu.Lock()
			k.ended, k.why = true, describe(err)
			k.mu.Unlock()
			return nil, nil
		}
		if aside := c.Quarantined(); aside != "" {
			k.service.problem("the local copy was damaged and is fetched anew; the old one is kept as %s", aside)
		}
		return c, nil
	})
}

// end stops the use of the cache and closes it.
func (k *keptCopy) end(why string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended {
		return
	}
	k.ended, k.why = true, why
	k.stopReading()
	if c, opened := k.opening.value(); opened && c != nil {
		if err := c.Close(); err != nil {
			k.service.problem("closing the local copy: %s", describe(err))
		}
	}
}

func (k *keptCopy) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended {
		return nil
	}
	k.ended = true
	k.stopReading()
	if c, opened := k.opening.value(); opened && c != nil {
		return c.Close()
	}
	return nil
}

// stopReading ends a walk over the rows. k.mu is held for writing.
func (k *keptCopy) stopReading() {
	if k.reading == nil {
		return
	}
	if err := k.reading.Close(context.Background()); err != nil && !errors.Is(err, store.ErrCacheReplaced) {
		k.service.problem("damaged rows of the local copy could not be dropped: %s", describe(err))
	}
	k.reading, k.read = nil, 0
}

// forbid empties the copy, which is another account's, and ends its use.
func (k *keptCopy) forbid(why string) {
	k.use(k.service.life, func(c *store.Cache) error { return c.Clear(k.service.life) })
	k.end(why)
	k.mu.Lock()
	k.told = true // whoever asked for the account is told
	k.mu.Unlock()
}

// put keeps contacts that came one by one. Only those of the service's default
// list are in the copy, so that its size can be compared with the list's.
func (k *keptCopy) put(ctx context.Context, contacts ...model.Contact) {
	k.putRows(ctx, model.PackAll(contacts...))
}

func (k *keptCopy) putRows(ctx context.Context, all []model.Packed) {
	k.keep(ctx, all, (*store.Cache).Put)
}

// putOwn keeps a contact as the answer to a write gives it.
func (k *keptCopy) putOwn(ctx context.Context, c model.Contact) {
	k.keep(ctx, model.PackAll(c), (*store.Cache).PutOwn)
}

func (k *keptCopy) keep(ctx context.Context, all []model.Packed,
	put func(*store.Cache, context.Context, ...model.Packed) error) {
	ctx = context.WithoutCancel(ctx) // what was fetched is not wasted
	var rows []model.Packed
	var apart []int64
	for _, row := range all {
		if row.Connected() {
			rows = append(rows, row)
		} else {
			apart = append(apart, row.ID())
		}
	}
	k.use(ctx, func(c *store.Cache) error {
		if len(rows) > 0 {
			if err := put(c, ctx, rows...); err != nil {
				return err
			}
		}
		if len(apart) > 0 {
			return c.Remove(ctx, apart...)
		}
		return nil
	})
}
