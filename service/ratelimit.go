package service

import (
	"context"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// rateLimit lets the client's requests out as the budget says.
type rateLimit struct{ budget *budget.Budget }

// background marks bulk writes: they run at background priority, so that they
// never use the reserve.
type background struct{}

func inBackground(ctx context.Context) context.Context {
	return context.WithValue(ctx, background{}, true)
}

func (g rateLimit) Wait(ctx context.Context, endpoint string, p work.Priority) error {
	f, _ := ctx.Value(inFlightKey{}).(*inFlight)
	if !f.beforeWait() {
		return stoppedFirst()
	}
	if ctx.Value(background{}) != nil {
		p = work.Index
	}
	if endpoint != api.EndpointUpdate {
		return g.budget.Wait(ctx, endpoint, p)
	}
	l, _ := ctx.Value(lookKey{}).(*look)
	err := g.turn(ctx, endpoint, p, l)
	if err == nil && !f.beforeSend() {
		g.budget.Unsent(endpoint)
		err = stoppedFirst()
	}
	return err
}

// turn waits for the turn of a change, and looks at the contact again when the
// look before is too old. A turn that got too old by that is given back.
func (g rateLimit) turn(ctx context.Context, endpoint string, p work.Priority, l *look) error {
	for range maxRounds {
		if err := g.budget.Wait(ctx, endpoint, p); err != nil {
			return err
		}
		if l.mayGo() {
			return nil
		}
		at := l.now()
		stop, err := l.again(ctx)
		if stop {
			err = stoppedFirst()
		}
		if err == nil && l.now().Sub(at) <= lookFresh && l.mayGo() {
			return nil
		}
		g.budget.Unsent(endpoint)
		if err != nil {
			return err
		}
	}
	return &model.Error{Kind: model.KindRateLimited, Message: "the rate limit leaves no room to look at the contact and to change it"}
}

// look is the look at a contact that a change of it needs: a few seconds old at
// most when the change goes, and good for one request.
type look struct {
	now   func() time.Time
	at    time.Time
	used  bool
	again func(context.Context) (stop bool, err error)

	conflicts []model.Conflict // of the look that stopped the change
	nothing   bool             // it found the change in effect
}

type lookKey struct{}

// mayGo reports whether a change may go, and uses the look up then.
func (l *look) mayGo() bool {
	if l == nil {
		return true
	}
	if l.used || l.now().Sub(l.at) > lookFresh {
		l.used = false
		l.at = time.Time{}
		return false
	}
	l.used = true
	return true
}

// inFlight lets a change that is being sent come to its end when the user stops
// what it belongs to: it would be carried out all the same, and nobody would
// know. A nil one never stops.
type inFlight struct {
	mu               sync.Mutex
	sending, stopped bool
	cancel           context.CancelFunc
}

type inFlightKey struct{}

func stoppedFirst() error {
	return &model.Error{Kind: model.KindCanceled, Message: "stopped before it was sent"}
}

// finishInFlight is a context that ends with the user's, but not while a change
// is being sent. The function is to be called at the end.
func finishInFlight(ctx, user context.Context) (context.Context, func()) {
	f := &inFlight{}
	ctx, f.cancel = context.WithCancel(ctx)
	release := context.AfterFunc(user, f.stop)
	return context.WithValue(ctx, inFlightKey{}, f), func() {
		release()
		f.cancel()
	}
}

func (f *inFlight) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
	if !f.sending {
		f.cancel()
	}
}

// beforeWait is asked before every request.
func (f *inFlight) beforeWait() bool {
	if f == nil {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sending = false
	return !f.stopped
}

// beforeSend is asked when it is the turn of a change.
func (f *inFlight) beforeSend() bool {
	if f == nil {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sending = !f.stopped
	return f.sending
}

func (g rateLimit) Unsent(endpoint string) { g.budget.Unsent(endpoint) }

func (g rateLimit) Limited(endpoint, scope string, retryAfter time.Duration) {
	g.budget.Limited(endpoint, scope, retryAfter)
}
