package service

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

// How many rows are read from the copy at once: enough for a screen, then as
// many as take a few hundredths of a second.
const (
	firstRows = 100
	partRows  = 20_000
)

// noSortAgain is how long it is believed that the service does not sort by
// updated_at.
const noSortAgain = 30 * 24 * time.Hour

// OpenCopy reads the beginning of the copy. What is wrong with it is in
// Info.Problem; the error is that of a context that ended.
func (s *Service) OpenCopy(ctx context.Context) (work.Opening, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Opening{}, err
	}
	defer leave()
	var known holder
	noSort := false
	var facts sync.WaitGroup
	facts.Go(func() {
		noSort, known = s.sortRefused(ctx), s.recallHolder(ctx)
	})
	opening := s.copy.begin(ctx)
	facts.Wait()
	opening.Info.NoSort = noSort
	if len(opening.Rows) > 0 { // rows are bound to the key, so this is whose it is
		opening.AccountName = cmp.Or(known.Name, known.Slug)
	}
	return opening, ctx.Err()
}

func (k *keptCopy) begin(ctx context.Context) (out work.Opening) {
	var info store.Info
	ok := k.try(ctx, func(c *store.Cache) (err error) {
		info, err = c.Head(ctx)
		if err == nil && info.Sync.Done && !info.Sync.Elsewhere {
			if err = k.finishFound(ctx, c, info.Sync.Number); err == nil {
				info, err = c.Head(ctx)
			}
		}
		return err
	})
	if ok {
		out.Info = copyInfo(info)
		out.Rows, out.Next, ok = k.next(ctx, 0)
		k.service.meet(out.Rows...)
	}
	if !ok {
		k.mu.Lock()
		out = work.Opening{Info: work.CacheInfo{Total: -1, Problem: k.why}}
		k.told = true // by whoever shows the Opening
		k.mu.Unlock()
		return out
	}
	k.pass.mu.Lock()
	k.pass.found = info.Sync.Number
	k.pass.mu.Unlock()
	return out
}

// finishFound ends a pass of which an earlier run had every page.
func (k *keptCopy) finishFound(ctx context.Context, c *store.Cache, pass int64) error {
	_, err := c.ResumeSync(ctx, pass)
	if err == nil {
		_, err = c.FinishSync(ctx, pass, k.service.o.Now())
	}
	if lostPass(err) {
		err = nil
	}
	return err
}

func copyInfo(i store.Info) work.CacheInfo {
	out := work.CacheInfo{Total: i.Total, SyncedAt: i.FullSyncAt, FreshAt: i.FreshAt, Mismatch: -i.MismatchAtFull}
	if i.Damaged > 0 {
		out.SyncedAt = time.Time{} // only a complete pass brings those rows back
	}
	if t, err := time.Parse(time.RFC3339, i.Watermark); err == nil {
		out.Newest = t.Unix()
	}
	if i.Sync.Number != 0 && !i.Sync.Elsewhere && !i.Sync.Done {
		out.Resume, out.Seen = i.Sync.Cursor, i.Sync.Seen
		if out.FreshAt.IsZero() {
			out.FreshAt = i.Sync.StartedAt
		}
	}
	return out
}

// CopyRows counts the rows of the copy; 0 where there is none.
func (s *Service) CopyRows(ctx context.Context) (n int, err error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	s.copy.use(ctx, func(c *store.Cache) error {
		info, err := c.Info(ctx)
		n = info.Rows
		return err
	})
	return n, ctx.Err()
}

// CopyContacts gives those of some contacts that the copy holds.
func (s *Service) CopyContacts(ctx context.Context, ids []int64) (rows []model.Packed, err error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	s.copy.use(ctx, func(c *store.Cache) error {
		rows, err = c.Find(ctx, ids...)
		return err
	})
	return rows, ctx.Err()
}

// LoadCopy reads on from where an Opening or LoadCopy ended.
func (s *Service) LoadCopy(ctx context.Context, after int64) (rows []model.Packed, next int64, err error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer leave()
	rows, next, ok := s.copy.next(ctx, after)
	if ctx.Err() != nil {
		return nil, 0, ctx.Err()
	}
	if !ok {
		return nil, 0, errors.New("the local copy cannot be read any further")
	}
	return rows, next, nil
}

// next reads rows; after 0 begins anew. What is read is the copy of one moment.
func (k *keptCopy) next(ctx context.Context, after int64) (rows []model.Packed, next int64, ok bool) {
	c, err := k.open(ctx)
	if err != nil || c == nil {
		return nil, 0, false
	}
	rows, next, err = k.readOn(ctx, c, after)
	if err != nil && ctx.Err() == nil && !errors.Is(err, errElsewhere) {
		k.end(describe(err))
	}
	return rows, next, err == nil
}

// errElsewhere is a request to read on from a place that no walk has reached.
var errElsewhere = errors.New("the local copy is not being read there")

func (k *keptCopy) readOn(ctx context.Context, c *store.Cache, after int64) (rows []model.Packed, next int64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended {
		return nil, 0, errors.New(k.why)
	}
	n := partRows
	if after == 0 {
		k.stopReading()
		// The walk outlives the call that begins it.
		if k.reading, err = c.Read(context.WithoutCancel(ctx)); err != nil {
			return nil, 0, err
		}
		n = firstRows
	}
	if k.reading == nil || k.read != after {
		return nil, 0, errElsewhere
	}
	if rows, err = k.reading.Next(ctx, n); err != nil {
		k.stopReading()
		return nil, 0, err
	}
	if len(rows) < n {
		k.stopReading()
		return rows, 0, nil
	}
	k.read += int64(len(rows))
	return rows, k.read, nil
}

// Page fetches one page and notes it in the copy. Nothing that goes wrong with
// the copy makes a page fail.
func (s *Service) Page(ctx context.Context, r work.PageRequest) (model.Page, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return model.Page{}, err
	}
	defer leave()
	client, err := s.remote(ctx)
	if err != nil {
		return model.Page{}, err
	}
	whole := r.List.Sort().IsZero() && r.List.Connection() == model.ConnectedOnly
	if whole && r.Feed == work.FeedFull && r.List.First() {
		// Before it is sent: what changes after the answer changes after the beginning.
		s.copy.beginPass(ctx)
	}
	if !r.List.First() {
		s.KnowLimits(ctx) // one request more, so that the rest go as fast as they may
	}
	page, err := client.List(ctx, r.List, r.Priority)
	if err != nil {
		s.noteSortRefused(ctx, r.List, err)
		return page, err
	}
	s.meet(page.Rows...)
	switch {
	case r.Feed == work.FeedDisconnected:
	case whole && (r.Feed == work.FeedFull || r.Feed == work.FeedResume):
		s.copy.savePage(ctx, r, page)
	case len(page.Rows) > 0:
		s.copy.putRows(ctx, page.Rows)
	}
	return page, nil
}

func (k *keptCopy) beginPass(ctx context.Context) {
	k.pass.mu.Lock()
	defer k.pass.mu.Unlock()
	k.pass.number, k.pass.expects = 0, ""
	k.use(ctx, func(c *store.Cache) error {
		p, err := c.BeginSync(ctx)
		k.pass.number = p.Number
		return err
	})
}

// savePage keeps a page. One that is not the next of the pass under way, such
// as a late answer from before a new one began, is just rows.
func (k *keptCopy) savePage(ctx context.Context, r work.PageRequest, page model.Page) {
	ctx = context.WithoutCancel(ctx)
	k.pass.mu.Lock()
	defer k.pass.mu.Unlock()
	p := &k.pass
	if r.Feed == work.FeedResume && p.number == 0 && p.found != 0 {
		k.resume(ctx)
	}
	if p.number == 0 || p.expects != r.List.Cursor() {
		k.putRows(ctx, page.Rows)
		return
	}
	w := store.PageWrite{Sync: p.number, Contacts: page.Rows, NextCursor: page.NextCursor, Total: page.Total, Done: !page.HasMore}
	k.use(ctx, func(c *store.Cache) error {
		mine, err := c.SavePage(ctx, w)
		if err == nil && !mine {
			p.number = 0
		}
		p.expects = page.NextCursor
		return err
	})
}

// resume takes up the pass that an earlier run left. k.pass.mu is held.
func (k *keptCopy) resume(ctx context.Context) {
	number := k.pass.found
	k.pass.found = 0
	k.use(ctx, func(c *store.Cache) error {
		p, err := c.ResumeSync(ctx, number)
		if lostPass(err) {
			return nil
		}
		k.pass.number, k.pass.expects = p.Number, p.Cursor
		return err
	})
}

// lostPass says that another program has gone further: no fault of the file.
func lostPass(err error) bool {
	return errors.Is(err, store.ErrSyncLost) || errors.Is(err, store.ErrSyncShort) || errors.Is(err, store.ErrBusy)
}

// EndPass ends a full pass whose last page has come and names the contacts that
// it did not meet. known is false when the copy cannot tell: there is none, or
// another program has begun another pass.
func (s *Service) EndPass(ctx context.Context) (gone []int64, known bool, err error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return nil, false, err
	}
	defer leave()
	k := &s.copy
	k.pass.mu.Lock()
	defer k.pass.mu.Unlock()
	number := k.pass.number
	k.pass.number = 0
	if number == 0 {
		return nil, false, nil
	}
	k.use(ctx, func(c *store.Cache) error {
		gone, err = c.FinishSync(ctx, number, s.o.Now())
		known = err == nil
		if lostPass(err) {
			return nil
		}
		return err
	})
	return gone, known, ctx.Err()
}

// MarkFresh notes in the copy that its rows are up to date as of now; total is
// how many contacts the service says there are, -1 when it does not.
func (s *Service) MarkFresh(ctx context.Context, total int) error {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	s.copy.use(ctx, func(c *store.Cache) error { return c.MarkFresh(ctx, s.o.Now(), total) })
	return ctx.Err()
}

// Contact fetches one contact for the person, and keeps it.
func (s *Service) Contact(ctx context.Context, id int64) (model.Contact, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return model.Contact{}, err
	}
	defer leave()
	client, err := s.remote(ctx)
	if err != nil {
		return model.Contact{}, err
	}
	c, _, err := client.Get(ctx, id, work.Screen)
	if err == nil {
		s.meet(c.Pack())
		s.copy.put(ctx, c)
	}
	return c, err
}

// sortRefused says whether the service refused to sort by updated_at lately.
func (s *Service) sortRefused(ctx context.Context) bool {
	value := s.fact(ctx, work.FactNoSort)
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		return s.o.Now().Sub(at) < noSortAgain
	}
	return value != ""
}

func (s *Service) noteSortRefused(ctx context.Context, r model.Request, err error) {
	kind := model.KindOf(err)
	if r.Sort().Field == model.FieldUpdated && (kind == model.KindBadRequest || kind == model.KindValidation) {
		s.setFact(ctx, work.FactNoSort, s.o.Now().UTC().Format(time.RFC3339))
	}
}
