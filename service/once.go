package service

import (
	"context"
	"sync"
	"sync/atomic"
)

// once is made when it is first asked for. A failure is not kept: the next
// caller tries again.
type once[T any] struct {
	turn chan struct{}
	made *atomic.Pointer[T]
}

func newOnce[T any]() once[T] {
	return once[T]{turn: make(chan struct{}, 1), made: new(atomic.Pointer[T])}
}

func (l once[T]) get(ctx context.Context, make func(context.Context) (T, error)) (T, error) {
	var none T
	if v, ok := l.value(); ok {
		return v, nil
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	defer func() { <-l.turn }()
	if v, ok := l.value(); ok {
		return v, nil
	}
	v, err := make(ctx)
	if err != nil {
		return none, err
	}
	l.made.Store(&v)
	return v, nil
}

func (l once[T]) value() (v T, ok bool) {
	if p := l.made.Load(); p != nil {
		return *p, true
	}
	return v, false
}

// keyedMutex lets one at a time work on each thing, by its name.
type keyedMutex struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

func (l *keyedMutex) lock(ctx context.Context, name string) (release func(), err error) {
	for {
		l.mu.Lock()
		busy, locked := l.held[name]
		if !locked {
			free := make(chan struct{})
			if l.held == nil {
				l.held = map[string]chan struct{}{}
			}
			l.held[name] = free
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				delete(l.held, name)
				l.mu.Unlock()
				close(free)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
