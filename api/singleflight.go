package api

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/levcontacts/levcontacts/work"
)

// group are the reads under way. A second caller for the same thing waits
// for the first one's answer instead of spending a request. One that gives up
// takes nothing from the others; when all have, the request is stopped.
type group[T any] struct {
	mu    sync.Mutex
	byKey map[string]*sharedCall[T]
}

type sharedCall[T any] struct {
	priority *sharedPriority
	stop     context.CancelFunc
	waiting  int // under group.mu
	done     chan struct{}
	value    T
	err      error
	panicked any
}

// join waits for fn's result under the key, starting it when no one has. The
// error is the context's when that ends first.
func (fs *group[T]) join(ctx context.Context, key string, p work.Priority, fn func(context.Context, *sharedPriority) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	fs.mu.Lock()
	f := fs.byKey[key]
	if f == nil {
		f = fs.start(ctx, key, p, fn)
	}
	f.waiting++
	fs.mu.Unlock()
	f.priority.raise(p)
	select {
	case <-f.done:
		if f.panicked != nil {
			panic(f.panicked)
		}
		return f.value, f.err
	case <-ctx.Done():
		fs.abandon(key, f)
		return none, ctx.Err()
	}
}

// start begins a call; fs.mu is held.
func (fs *group[T]) start(ctx context.Context, key string, p work.Priority, fn func(context.Context, *sharedPriority) (T, error)) *sharedCall[T] {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	f := &sharedCall[T]{priority: newSharedPriority(p), stop: stop, done: make(chan struct{})}
	if fs.byKey == nil {
		fs.byKey = make(map[string]*sharedCall[T])
	}
	fs.byKey[key] = f
	go func() {
		defer stop()
		defer close(f.done)
		defer fs.forget(key, f)
		defer func() {
			// A panic belongs to the callers, who can put the terminal right.
			if r := recover(); r != nil {
				f.panicked = fmt.Sprintf("%v\n\n%s", r, debug.Stack())
			}
		}()
		f.value, f.err = fn(ctx, f.priority)
	}()
	return f
}

func (fs *group[T]) forget(key string, f *sharedCall[T]) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.byKey[key] == f {
		delete(fs.byKey, key)
	}
}

func (fs *group[T]) abandon(key string, f *sharedCall[T]) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return
	}
	f.stop()
	if fs.byKey[key] == f {
		delete(fs.byKey, key) // no one joins a request that is being stopped
	}
}

// sharedPriority is a priority that can rise while its request waits for its turn:
// what the user asks for must not wait as the background work that it joined.
type sharedPriority struct {
	mu     sync.Mutex
	p      work.Priority
	raised chan struct{}
}

func newSharedPriority(p work.Priority) *sharedPriority {
	return &sharedPriority{p: p, raised: make(chan struct{})}
}

func (u *sharedPriority) now() (work.Priority, <-chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.p, u.raised
}

func (u *sharedPriority) raise(p work.Priority) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if p < u.p {
		u.p = p
		close(u.raised)
		u.raised = make(chan struct{})
	}
}

// wait asks the rate limit for a turn, and asks again when the priority has risen.
func (u *sharedPriority) wait(ctx context.Context, limiter RateLimiter, endpoint string) error {
	for {
		p, raised := u.now()
		turn, cancel := context.WithCancel(ctx)
		go func() {
			select {
			case <-raised:
				cancel()
			case <-turn.Done():
			}
		}()
		err := limiter.Wait(turn, endpoint, p)
		cancel()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if now, _ := u.now(); now == p {
			return err
		}
	}
}
