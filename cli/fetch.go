package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dustin/go-humanize"

	"levcontacts/model"
	"levcontacts/work"
)

// fetcher reads lists page by page for commands. Nothing of what it reads is
// kept on disk: a script may be why the person does not want a copy.
type fetcher struct {
	app     *App
	session Session
	total   int // as the service says, -1 while it has not; of all lists asked
	read    int // rows read, each once
	told    bool
}

func newFetcher(a *App, s Session) *fetcher { return &fetcher{app: a, session: s, total: -1} }

// enough ends a list early because the caller has what it wants.
type enough struct{}

func (enough) Error() string { return "enough" }

// each gives every contact of a list, once, until yield returns enough.
func (f *fetcher) each(ctx context.Context, r model.Request, yield func(model.Contact) error) error {
	seen := map[int64]struct{}{}
	priority := work.Screen
	for first := true; ; first = false {
		page, err := f.session.Page(ctx, work.PageRequest{List: r, Priority: priority, Sync: work.SyncDisconnected})
		if err = heeded(r, page, err); err != nil {
			return err
		}
		if first && page.Total >= 0 {
			f.total = max(0, f.total) + page.Total
		}
		fresh := 0
		for _, c := range page.Contacts() {
			if _, twice := seen[c.ID()]; twice {
				continue
			}
			seen[c.ID()] = struct{}{}
			fresh++
			f.read++
			if err := yield(c); err != nil {
				if isA[enough](err) {
					return nil
				}
				return err
			}
		}
		next, stop := r.After(page, fresh)
		if stop != model.More {
			if text := stop.Text(); text != "" {
				f.app.note("levcontacts: %s", text)
			}
			return nil
		}
		r, priority = next, work.Index
		f.progress(r.Limit())
	}
}

// unlisted is a list of the contacts that are not connected which cannot be had.
type unlisted struct {
	how   string       // what the service does with the filter
	cause *model.Error // nil when it answered as if there were none
}

func (u unlisted) Error() string { return u.text() + ", so they cannot be listed" }

func (u unlisted) Unwrap() error {
	if u.cause == nil {
		return nil
	}
	return u.cause
}

func (u unlisted) text() string {
	return "this service " + u.how + " the filter for contacts that are not connected"
}

// heeded sees whether a list of contacts that are not connected is one. A row
// that does not say is taken for a connected one, as everywhere.
func heeded(r model.Request, page model.Page, err error) error {
	if r.Connection() != model.NotConnected {
		return err
	}
	e, failed := errors.AsType[*model.Error](err)
	switch {
	case failed && refusedOrder(err) && r.First() && r.Sort().IsZero(): // which leaves nothing else to refuse
		return unlisted{"refuses", e}
	case err == nil && slices.ContainsFunc(page.Rows, model.Packed.Connected):
		return unlisted{"does not heed", nil}
	}
	return err
}

// without goes on without the contacts that are not connected, where all are
// wanted.
func (f *fetcher) without(err error, connected string) error {
	u, ok := errors.AsType[unlisted](err)
	if !ok || connected != "any" {
		return err
	}
	f.clear()
	f.app.note("levcontacts: %s, so they are left out", u.text())
	return nil
}

// progress says on a terminal how far it is, and everywhere, once, that the
// rate limit makes it long.
func (f *fetcher) progress(limit int) {
	left := 0
	if f.total > f.read && limit > 0 {
		left = (f.total - f.read + limit - 1) / limit
	}
	wait := f.session.Estimate(left, work.Index)
	if f.app.ErrTTY {
		f.app.status(f.said() + about(wait))
		return
	}
	if wait >= 10*time.Second && !f.told {
		f.told = true
		f.app.note("levcontacts: %s%s", f.said(), about(wait))
	}
}

// clear takes the progress line away.
func (f *fetcher) clear() {
	if f.app.ErrTTY {
		f.app.status("")
	}
}

func (f *fetcher) said() string {
	if f.total < 0 {
		return humanize.Comma(int64(f.read)) + " contacts read"
	}
	return humanize.Comma(int64(f.read)) + " of " + humanize.Comma(int64(f.total)) + " contacts read"
}

// about is a wait in words, "" when there is none worth a word.
func about(d time.Duration) string {
	switch {
	case d < 2*time.Second:
		return ""
	case d < 90*time.Second:
		return fmt.Sprintf(" · about %d s to go at this rate limit", int(d.Seconds()))
	default:
		return fmt.Sprintf(" · about %d min to go at this rate limit", int(d.Minutes()+0.5))
	}
}

// refusedOrder says that the service does not do what the list asks for.
func refusedOrder(err error) bool {
	kind := model.KindOf(err)
	return kind == model.KindBadRequest || kind == model.KindValidation
}

// lists are the lists to read for the value of --connected.
func lists(connected string, limit int) ([]model.Request, error) {
	switch connected {
	case "yes":
		return []model.Request{model.CursorList(model.ConnectedOnly, limit)}, nil
	case "no":
		return []model.Request{model.CursorList(model.NotConnected, limit)}, nil
	case "any":
		return []model.Request{model.CursorList(model.ConnectedOnly, limit), model.CursorList(model.NotConnected, limit)}, nil
	}
	return nil, usageError{errors.New("--connected is yes, no or any")}
}
