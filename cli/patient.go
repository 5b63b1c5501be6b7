package cli

import (
	"context"
	"fmt"
	"time"

	"levcontacts/config"
	"levcontacts/internal/plain"
	"levcontacts/model"
	"levcontacts/work"
)

const (
	// look is how often a request that is under way is looked at.
	look = time.Second
	// worthAWord is how much of a wait must be left when it is first seen. It is
	// a look less than two seconds, so that every wait of two seconds is told.
	worthAWord = 2*time.Second - look
	// forLimits is how long the answer to what the limits are is waited for.
	forLimits = 10 * time.Second
)

// patient is a session that says on standard error why a request takes long:
// on a terminal in a line that counts down, otherwise in one line for each wait.
// Requests are made one at a time.
type patient struct {
	Session
	app   *App
	cfg   *config.Config
	pages int // asked for
}

// Page learns the limits of the account before the second page: for one it
// makes no difference, and many at the wrong pace would be refused.
func (p *patient) Page(ctx context.Context, r work.PageRequest) (model.Page, error) {
	defer p.watch(listWait)()
	if p.pages++; p.pages == 2 {
		short, stop := context.WithTimeout(ctx, forLimits)
		p.KnowLimits(short)
		stop()
	}
	page, err := p.Session.Page(ctx, r)
	if r.List.First() {
		err = asNoService(err, p.cfg)
	}
	return page, err
}

func (p *patient) Contact(ctx context.Context, id int64) (model.Contact, error) {
	defer p.watch(oneWait)()
	return p.Session.Contact(ctx, id)
}

func (p *patient) Save(ctx context.Context, in work.Save) (work.Saved, error) {
	defer p.watch(oneWait)()
	return p.Session.Save(ctx, in)
}

func (p *patient) Create(ctx context.Context, in work.Create) (work.Saved, error) {
	defer p.watch(anyWait)() // it may look through the lists first
	return p.Session.Create(ctx, in)
}

// wait says until when a request has to wait, zero for not at all, and whether
// that is the service's wish.
type wait func(work.Gauge) (until time.Time, frozen bool)

// listWait is the wait of a page.
func listWait(g work.Gauge) (time.Time, bool) { return g.Until, g.Frozen }

// oneWait is the wait of what is about one contact.
func oneWait(g work.Gauge) (time.Time, bool) { return g.SaveUntil, g.SaveFrozen }

// anyWait is the longer one.
func anyWait(g work.Gauge) (time.Time, bool) {
	if g.Until.After(g.SaveUntil) {
		return listWait(g)
	}
	return oneWait(g)
}

// watch looks at the gauge until end is called, which returns when nothing more
// is written.
func (p *patient) watch(of wait) (end func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	w := waiting{app: p.app, of: of, failed: p.Gauge().Failed}
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				w.clear()
				return
			case <-p.app.after(look):
				w.see(p.Gauge(), p.app.Now())
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
func (w *waiting) see(g work.Gauge, now time.Time) {
	if g.Failed > w.failed {
		w.failed = g.Failed
		if w.app.ErrTTY {
			w.app.status("") // also the progress of a list
		}
		w.app.note("levcontacts: %s, trying again", noAnswer(g.Status))
	}
	until, frozen := w.of(g)
	left := until.Sub(now)
	switch {
	case until.IsZero() || left <= 0:
		w.clear()
	case w.app.ErrTTY && (w.shown || left > worthAWord):
		w.shown = true
		w.app.status("levcontacts: " + waitText(frozen, left))
	case !w.app.ErrTTY && left > worthAWord && !now.Before(w.until):
		w.until = until
		w.app.note("levcontacts: %s", waitText(frozen, left))
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

// status shows a text in the line of the terminal that the next one takes the
// place of; "" takes it away.
func (a *App) status(text string) {
	if a.Width > 1 {
		text = plain.Cut(text, a.Width-1, "")
	}
	fmt.Fprint(a.Err, "\r\x1b[K"+text)
}
