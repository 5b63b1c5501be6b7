package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/levcontacts/levcontacts/internal/locale"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// reader reads contacts for a command: out of the local copy where that will do,
// otherwise from the service, whose answers are kept in the copy.
type reader struct {
	app     *App
	session Session
	sync    work.Sync
	direct  bool // there is no local copy to use
	synced  *work.Synced
	total   int // as the service says, -1 while it has not; of all lists asked
	read    int // contacts read, each once
	pages   int // requests beside those of the sync
	told    bool
}

func newReader(a *App, s Session, sync work.Sync) *reader {
	return &reader{app: a, session: s, sync: sync, total: -1}
}

// enough ends a list early because the caller has what it wants.
type enough struct{}

func (enough) Error() string { return "enough" }

// each gives every contact of the lists for a value of --connected, once, until
// yield returns enough. whole says that the caller wants them all, so that it
// pays to fill the local copy; otherwise pages of limit contacts are asked for.
func (r *reader) each(ctx context.Context, connected string, limit int, whole bool, yield func(model.Packed) error) error {
	requests, err := lists(connected, limit)
	if err != nil {
		return err
	}
	defer r.clear()
	for _, q := range requests {
		done := false
		if q.Connection() == model.ConnectedOnly {
			done, err = r.copied(ctx, whole, yield)
		} else if r.sync.Offline {
			err = offlineError{"contacts that are not connected are in no local copy"}
		}
		if !done && err == nil {
			err = r.without(r.list(ctx, q, yield), connected)
		}
		if isA[enough](err) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copied gives the connected contacts out of the local copy, or as they come
// into it. done is false when the copy will not do.
func (r *reader) copied(ctx context.Context, whole bool, yield func(model.Packed) error) (done bool, err error) {
	var over error
	out, err := r.update(ctx, whole, func(rows []model.Packed, total int) error {
		if r.read == 0 && total >= 0 {
			r.total = max(0, r.total) + total
		}
		if over == nil {
			over = r.give(rows, yield)
		}
		if isA[enough](over) && r.sync.Fresh { // the rest is wanted in the copy
			return nil
		}
		return over
	})
	if err == nil {
		err = over
	}
	if err != nil || out.Given || !out.Held {
		return out.Given, err
	}
	opening, err := r.session.OpenCopy(ctx)
	if err != nil || opening.Info.Problem != "" {
		return false, err
	}
	if opening.Info.Total >= 0 {
		r.total = max(0, r.total) + opening.Info.Total
	}
	err = walkCopy(ctx, r.session, opening, func(rows []model.Packed) error { return r.give(rows, yield) })
	return true, err
}

func (r *reader) give(rows []model.Packed, yield func(model.Packed) error) error {
	for _, p := range rows {
		r.read++
		if err := yield(p); err != nil {
			return err
		}
	}
	return nil
}

// update brings the local copy up to date, once. rows is given the contacts
// where they come from the service just then.
func (r *reader) update(ctx context.Context, whole bool, rows func([]model.Packed, int) error) (work.Synced, error) {
	if r.direct {
		return work.Synced{}, nil
	}
	if r.synced != nil && (r.synced.Held || !whole) {
		return *r.synced, nil
	}
	in := r.sync
	in.Whole, in.Rows = whole, rows
	in.Progress = func(read, total int) { r.progress(read, total, model.MaxLimit) }
	in.Waiting = func() { r.app.inform("levcontacts: waiting for another levcontacts, which is reading the list") }
	out, err := r.session.Sync(ctx, in)
	r.synced = &out
	switch {
	case isA[enough](err):
	case err != nil && !out.Info.SyncedAt.IsZero() && exitCode(err) == exitUnavailable:
		r.app.note("levcontacts: the local copy was complete %s; --offline reads it", plain.Ago(out.Info.FreshAt, r.app.Now()))
	case err == nil && in.Offline && !out.Held:
		err = offlineError{"there is no local copy of the contacts"}
	}
	return out, err
}

// offlineError is what cannot be told without a request.
type offlineError struct{ why string }

func (o offlineError) Error() string { return o.why + ", and --offline asks the service nothing" }

// tellSource says how old the contacts are that were read, and what they cost.
func (r *reader) tellSource() {
	if r.synced == nil || !r.synced.Held && !r.synced.Given {
		return
	}
	r.app.inform("levcontacts: %s", sourceText(*r.synced, r.app.Now()))
}

func sourceText(s work.Synced, now time.Time) string {
	cost := "no request"
	if s.Pages > 0 {
		cost = counted(s.Pages, "request")
	}
	switch info := s.Info; {
	case s.Given, s.Pages > 1 && info.Young(now, time.Minute):
		return "the whole list was read with " + cost + " and is in the local copy"
	case s.Pages > 0:
		return "the local copy was brought up to date with " + cost
	case info.SyncedAt.IsZero():
		return "the local copy is not complete, and " + cost + " was made"
	default:
		return "from the local copy, up to date " + plain.Ago(info.FreshAt, now) + ", with " + cost
	}
}

// grouped is a number as people read it.
func grouped(n int) string { return locale.Current().Number(n) }

// counted is a number of things: "1 request", "2 requests".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return grouped(n) + " " + thing + "s"
}

// list gives every contact of a list from the service, once.
func (r *reader) list(ctx context.Context, q model.Request, yield func(model.Packed) error) error {
	if r.sync.Offline {
		return offlineError{"there is no local copy of the contacts"}
	}
	seen := map[int64]struct{}{}
	priority := work.Screen
	for first := true; ; first = false {
		page, err := r.session.Page(ctx, work.PageRequest{List: q, Priority: priority, Feed: work.FeedRows})
		r.pages++
		if err = heeded(q, page, err); err != nil {
			return err
		}
		if first && page.Total >= 0 {
			r.total = max(0, r.total) + page.Total
		}
		before := len(seen)
		for _, p := range page.Rows {
			if _, twice := seen[p.ID()]; twice {
				continue
			}
			seen[p.ID()] = struct{}{}
			r.read++
			if err := yield(p); err != nil {
				return err
			}
		}
		next, stop := q.After(page, len(seen)-before)
		if stop != model.More {
			if text := stop.Text(); text != "" {
				r.app.note("levcontacts: %s", text)
			}
			return nil
		}
		q, priority = next, work.Index
		r.progress(r.read, r.total, q.Limit())
	}
}

// walkCopy gives the contacts of a local copy, some thousands at a time.
func walkCopy(ctx context.Context, s Session, opening work.Opening, yield func([]model.Packed) error) error {
	for rows, next := opening.Rows, opening.Next; ; {
		if err := yield(rows); err != nil || next == 0 {
			return err
		}
		var err error
		if rows, next, err = s.LoadCopy(ctx, next); err != nil {
			return err
		}
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
func (r *reader) without(err error, connected string) error {
	u, ok := errors.AsType[unlisted](err)
	if !ok || connected != "any" {
		return err
	}
	r.clear()
	r.app.note("levcontacts: %s, so they are left out", u.text())
	return nil
}

// progress says on a terminal how far it is, and everywhere, once, that the
// rate limit makes it long.
func (r *reader) progress(read, total, limit int) {
	left := 0
	if total > read && limit > 0 {
		left = (total - read + limit - 1) / limit
	}
	wait := r.session.Estimate(left, work.Index)
	if r.app.rewrites() {
		r.app.status(readText(read, total) + about(wait))
		return
	}
	if wait >= 10*time.Second && !r.told {
		r.told = true
		r.app.inform("levcontacts: %s%s", readText(read, total), about(wait))
	}
}

// clear takes the progress line away.
func (r *reader) clear() {
	if r.app.rewrites() {
		r.app.status("")
	}
}

func (r *reader) said() string { return readText(r.read, r.total) }

func readText(read, total int) string {
	if total < 0 {
		return grouped(read) + " contacts read"
	}
	return grouped(read) + " of " + grouped(total) + " contacts read"
}

// about is a wait in words, "" when it is too short to show.
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
	return nil, usagef("--connected is yes, no or any%s", meant(connected, []string{"yes", "no", "any"}))
}
