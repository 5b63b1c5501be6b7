package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

const (
	// checkEvery is how often a request that is under way is looked at.
	checkEvery = time.Second
	// minShownWait is how much of a wait must be left when it is first seen. It is
	// one check less than two seconds, so that every wait of two seconds is told.
	minShownWait = 2*time.Second - checkEvery
	// forLimits is how long the answer to what the limits are is waited for.
	forLimits = 10 * time.Second
)

// progress is a session that says on standard error why a request takes long:
// on a terminal in a line that counts down, otherwise in one line for each wait.
// Requests are made one at a time.
type progress struct {
	Session
	app   *App
	cfg   *config.Config
	asked int // requests
}

// begin is called before every request. Before the second one it learns the
// limits of the account: for one they make no difference, and many at the wrong
// pace would be refused.
func (p *progress) begin(ctx context.Context, of wait) (end func()) {
	end = p.watch(of)
	if p.asked++; p.asked == 2 {
		short, stop := context.WithTimeout(ctx, forLimits)
		defer stop()
		p.KnowLimits(short)
	}
	return end
}

// KnowLimits asks once.
func (p *progress) KnowLimits(ctx context.Context) {
	p.asked = max(p.asked, 2)
	p.Session.KnowLimits(ctx)
}

func (p *progress) Page(ctx context.Context, r work.PageRequest) (model.Page, error) {
	defer p.begin(ctx, listWait)()
	page, err := p.Session.Page(ctx, r)
	if r.List.First() {
		err = asNoService(err, p.cfg)
	}
	return page, err
}

func (p *progress) Sync(ctx context.Context, in work.Sync) (work.Synced, error) {
	defer p.watch(listWait)()
	out, err := p.Session.Sync(ctx, in)
	p.asked += out.Pages
	if out.Pages == 0 {
		err = asNoService(err, p.cfg)
	}
	return out, err
}

func (p *progress) Contact(ctx context.Context, id int64) (model.Contact, error) {
	defer p.begin(ctx, oneWait)()
	return p.Session.Contact(ctx, id)
}

func (p *progress) Request(ctx context.Context, in work.Request) (work.Response, error) {
	defer p.begin(ctx, anyWait)()
	return p.Session.Request(ctx, in)
}

func (p *progress) Save(ctx context.Context, in work.Save) (work.Saved, error) {
	if err := mayLeave(in.Patch, nil); err != nil {
		return work.Saved{}, err
	}
	defer p.watch(oneWait)()
	return p.Session.Save(ctx, in)
}

func (p *progress) StepRun(ctx context.Context, id string) (work.BulkItem, work.BulkRun, bool, error) {
	defer p.begin(ctx, oneWait)()
	return p.Session.StepRun(ctx, id)
}

func (p *progress) Create(ctx context.Context, in work.Create) (work.Saved, error) {
	if err := mayLeave(in.Values, in.Extra); err != nil {
		return work.Saved{}, err
	}
	defer p.begin(ctx, anyWait)() // it may look through the lists first
	return p.Session.Create(ctx, in)
}

// mayLeave is the last look at text before it leaves: JSON would put another
// character in the place of what is not UTF-8.
func mayLeave(values model.Patch, extra map[string]json.RawMessage) error {
	for _, c := range values.Changes() {
		if text := c.After.String(); !utf8.ValidString(text) {
			return usagef("%s is not UTF-8: %w", c.Field.Name(), badByte(text))
		}
	}
	for name, raw := range extra {
		if err := badText(name, raw); err != nil {
			return usageError{err}
		}
	}
	return nil
}

// wait says until when a request has to wait, zero for not at all, and whether
// that is the service's wish.
type wait func(work.Quota) (until time.Time, frozen bool)

// listWait is the wait of a page.
func listWait(g work.Quota) (time.Time, bool) { return g.Until, g.Frozen }

// oneWait is the wait of what is about one contact.
func oneWait(g work.Quota) (time.Time, bool) { return g.SaveUntil, g.SaveFrozen }

// anyWait is the longer one.
func anyWait(g work.Quota) (time.Time, bool) {
	if g.Until.After(g.SaveUntil) {
		return listWait(g)
	}
	return oneWait(g)
}

// watch looks at the gauge until end is called, which returns when nothing more
// is written.
func (p *progress) watch(of wait) (end func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	w := waiting{app: p.app, of: of, failed: p.Quota().Failed}
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				w.clear()
				return
			case <-p.app.after(checkEvery):
				w.see(p.Quota(), p.app.Now())
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}

// after is time.After, or what a test has instead.
func (a *App) after(d time.Duration) <-chan time.Time {
	if a.After != nil {
		return a.After(d)
	}
	return time.After(d)
}

// waiting is what has been said of the waits of one request.
type waiting struct {
	app    *App
	of     wait
	until  time.Time // the end of the wait that was told last
	failed int       // attempts in a row that had failed when the request began, or when it was told
	shown  bool      // a line that counts down is on the terminal
}

// see tells a wait that was not told before, and counts one down on a terminal.
func (w *waiting) see(g work.Quota, now time.Time) {
	if g.Failed > w.failed {
		w.failed = g.Failed
		if w.app.rewrites() {
			w.app.status("") // also the progress of a list
		}
		w.app.inform("levcontacts: %s, trying again", noAnswer(g.Status))
	}
	until, frozen := w.of(g)
	left := until.Sub(now)
	switch {
	case until.IsZero() || left <= 0:
		w.clear()
	case w.app.rewrites() && (w.shown || left > minShownWait):
		w.shown = true
		w.app.status("levcontacts: " + waitText(frozen, left))
	case !w.app.rewrites() && left > minShownWait && !now.Before(w.until):
		w.until = until
		w.app.inform("levcontacts: %s", waitText(frozen, left))
	}
}

func (w *waiting) clear() {
	if w.shown {
		w.shown = false
		w.app.status("")
	}
}

// noAnswer says how an attempt failed; the status is 0 when nothing came.
func noAnswer(status int) string {
	if status == 0 {
		return "no answer came"
	}
	return fmt.Sprintf("the service answered %d", status)
}

func waitText(frozen bool, left time.Duration) string {
	why := "waiting for the rate limit"
	if frozen {
		why = "the service asked to slow down"
	}
	return fmt.Sprintf("%s, going on in %d s", why, int((left+time.Second-1)/time.Second))
}
