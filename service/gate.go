package service

import (
	"context"
	"sync"
	"time"

	"levcontacts/api"
	"levcontacts/api/budget"
	"levcontacts/model"
	"levcontacts/work"
)

// gate lets the client's requests out as the budget says.
type gate struct{ budget *budget.Budget }

// background marks the writes of a bulk edit: the client sends every write as
// the person's, and these must leave the person the reserve.
type background struct{}

func inBackground(ctx context.Context) context.Context {
	return context.WithValue(ctx, background{}, true)
}

func (g gate) Wait(ctx context.Context, endpoint string, p work.Priority) error {
	l, _ := ctx.Value(lastOneKey{}).(*lastOne)
	if !l.mayWait() {
		return stoppedFirst()
	}
	if ctx.Value(background{}) != nil {
		p = work.Index
	}
	err := g.budget.Wait(ctx, endpoint, p)
	if err == nil && endpoint == api.EndpointUpdate && !l.maySend() {
		g.budget.Unsent(endpoint)
		err = stoppedFirst()
	}
	return err
}

// lastOne lets a change that is being sent come to its end when the person stops
// what it belongs to: it would be carried out all the same, and nobody would
// know. A nil one never stops.
type lastOne struct {
	mu               sync.Mutex
	sending, stopped bool
	cancel           context.CancelFunc
}

type lastOneKey struct{}

func stoppedFirst() error {
	return &model.Error{Kind: model.KindCanceled, Message: "stopped before it was sent"}
}

// untilSent is a context that ends with the person's, but not while a change is
// being sent. The function is to be called at the end.
func untilSent(ctx, person context.Context) (context.Context, func()) {
	l := &lastOne{}
	ctx, l.cancel = context.WithCancel(ctx)
	release := context.AfterFunc(person, l.stop)
	return context.WithValue(ctx, lastOneKey{}, l), func() {
		release()
		l.cancel()
	}
}

func (l *lastOne) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	if !l.sending {
		l.cancel()
	}
}

// mayWait is asked before every request.
func (l *lastOne) mayWait() bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sending = false
	return !l.stopped
}

// maySend is asked when it is the turn of a change.
func (l *lastOne) maySend() bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sending = !l.stopped
	return l.sending
}

func (g gate) Unsent(endpoint string) { g.budget.Unsent(endpoint) }

func (g gate) Limited(endpoint, scope string, retryAfter time.Duration) {
	g.budget.Limited(endpoint, scope, retryAfter)
}
