package service

import (
	"context"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/store"
	"github.com/levcontacts/levcontacts/work"
)

const (
	// fullSyncEvery is how old the last full sync may be for a command. The
	// screen makes one every day in the background, where nobody waits for it.
	fullSyncEvery = 7 * 24 * time.Hour
	// syncLook is how often another program's full sync is looked at, and
	// syncStale how long it may stand still before it is taken over.
	syncLook  = 250 * time.Millisecond
	syncStale = 90 * time.Second
)

// Sync brings the local copy up to date, with as few requests as it takes. A copy
// that is complete and young costs none, and one that is older costs one when
// nothing changed. Two programs that want the same do it once: the second waits
// for the first. The error is a *model.Error, or that of in.Rows.
func (s *Service) Sync(ctx context.Context, in work.Sync) (work.Synced, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return work.Synced{}, err
	}
	defer leave()
	y := &syncer{s: s, in: in}
	if done, err := y.look(ctx); done || err != nil {
		return y.out, err
	}
	release, ok := s.copy.turn(ctx)
	if !ok {
		return y.out, stopped(ctx, opSync)
	}
	defer release()
	if done, err := y.look(ctx); done || err != nil { // another program may have done it meanwhile
		return y.out, err
	}
	return y.out, y.run(ctx)
}

const opSync = "bring the local copy up to date"

// stopped is the error of a context that ended, nil of one that did not.
func stopped(ctx context.Context, op string) error {
	if ctx.Err() == nil {
		return nil
	}
	return &model.Error{Kind: model.KindCanceled, Op: op, Message: "stopped", Cause: ctx.Err()}
}

// syncer is one Sync.
type syncer struct {
	s   *Service
	in  work.Sync
	out work.Synced
}

// look reads what the copy says of itself. It reports whether nothing is to be
// asked of the service: the copy does, or there is none that could be filled.
func (y *syncer) look(ctx context.Context) (done bool, err error) {
	info, rows, ok := y.s.copy.info(ctx, y.s.sortRefused(ctx))
	y.out.Info = info
	switch {
	case !ok:
		return true, stopped(ctx, opSync)
	case y.in.Offline:
		y.out.Held = rows > 0 || !info.SyncedAt.IsZero()
		return true, nil
	case !y.in.Fresh && info.Young(y.s.o.Now(), y.in.MaxAge):
		y.out.Held = true
		return true, nil
	}
	return !y.in.Whole && !y.in.Fresh && info.SyncedAt.IsZero(), nil
}

// run does the sync that the copy needs.
func (y *syncer) run(ctx context.Context) error {
	kind := y.out.Info.NextSync(y.s.o.Now(), fullSyncEvery)
	if y.in.Fresh {
		kind = work.NextFull
	}
	if kind == work.NextIncremental {
		done, err := y.incremental(ctx)
		if done || err != nil {
			return err
		}
		if !y.in.Whole { // what the copy holds cannot be trusted, and one page is enough
			y.out.Held = false
			return nil
		}
		kind = work.NextFull
	}
	if waited, err := y.wait(ctx); waited || err != nil {
		return err
	}
	if kind == work.NextResume {
		done, err := y.full(ctx, model.ResumeList(model.ConnectedOnly, y.out.Info.Resume, model.MaxLimit), work.FeedResume)
		if done { // what the earlier run read is as old as its beginning
			done, err = y.incremental(ctx)
		}
		if done || err != nil {
			return err
		}
	}
	_, err := y.full(ctx, model.CursorList(model.ConnectedOnly, model.MaxLimit), work.FeedFull)
	return err
}

// page asks for one page. The limits of the account are known before the second.
func (y *syncer) page(ctx context.Context, r model.Request, pass work.Feed) (model.Page, error) {
	if y.out.Pages == 1 {
		y.s.KnowLimits(ctx)
	}
	priority := work.Screen
	if y.out.Pages > 0 {
		priority = work.Index
	}
	page, err := y.s.Page(ctx, work.PageRequest{List: r, Priority: priority, Feed: pass})
	if err == nil {
		y.out.Pages++
		y.out.Read += len(page.Rows)
	}
	return page, err
}

// incremental reads what changed, newest first. done is false where that cannot
// be told: the service does not sort, or the count shows that contacts are gone.
func (y *syncer) incremental(ctx context.Context) (done bool, err error) {
	r := model.SortedList(model.ConnectedOnly, model.Sort{Field: model.FieldUpdated, Desc: true}, 0, model.MaxLimit)
	recent := work.NewRecent(y.out.Info.Newest)
	for {
		page, err := y.page(ctx, r, work.FeedRows)
		if kind := model.KindOf(err); kind == model.KindBadRequest || kind == model.KindValidation {
			return false, nil // Page has noted that the service does not sort
		}
		if err != nil {
			return false, err
		}
		for _, row := range page.Rows {
			if !recent.Take(row) {
				return false, nil
			}
		}
		next, stop := r.After(page, len(page.Rows))
		if !recent.Reached() && stop == model.More {
			r = next
			y.tell(y.out.Read, y.out.Read+model.MaxLimit)
			continue
		}
		return y.current(ctx, page.Total)
	}
}

// current notes that the copy is up to date, unless it holds another number of
// contacts than the service says.
func (y *syncer) current(ctx context.Context, total int) (done bool, err error) {
	info, rows, ok := y.s.copy.info(ctx, false)
	if !ok || total >= 0 && rows-total != info.Mismatch {
		return false, stopped(ctx, opSync)
	}
	if err := y.s.MarkFresh(ctx, total); err != nil {
		return false, err
	}
	y.out.Info, _, y.out.Held = y.s.copy.info(ctx, false)
	return true, stopped(ctx, opSync)
}

// wait waits while another running program makes a full sync of the same copy.
// waited says that it came to its end.
func (y *syncer) wait(ctx context.Context) (waited bool, err error) {
	told := false
	last, since := -1, y.s.o.Now()
	for {
		seen, elsewhere := y.s.copy.elsewhere(ctx)
		now := y.s.o.Now()
		switch {
		case !elsewhere && !told:
			return false, nil
		case !elsewhere:
			done, err := y.look(ctx)
			return done && y.out.Held, err
		case seen != last:
			last, since = seen, now
		case now.Sub(since) > syncStale:
			return false, nil
		}
		if !told && y.in.Waiting != nil {
			y.in.Waiting()
		}
		told = true
		if err := y.s.o.API.Sleep(ctx, syncLook); err != nil {
			return false, stopped(ctx, opSync)
		}
	}
}

// full reads the list from r to its end into the copy. done is false where the
// list could not be read to its proper end, which a new full sync may do.
func (y *syncer) full(ctx context.Context, r model.Request, pass work.Feed) (done bool, err error) {
	read, give := 0, pass == work.FeedFull && y.in.Rows != nil
	if pass == work.FeedResume {
		read = y.out.Info.Seen
		y.s.copy.find(y.out.Info.Sync)
	}
	seen := idSet{}
	for {
		page, err := y.page(ctx, r, pass)
		if err != nil {
			return false, err
		}
		rows := page.Rows[:0:0]
		for _, row := range page.Rows {
			if seen.add(row.ID()) {
				rows = append(rows, row)
			}
		}
		read += len(rows)
		if give {
			if err := y.in.Rows(rows, page.Total); err != nil {
				return true, err
			}
		}
		next, stop := r.After(page, len(rows))
		if stop != model.More {
			return y.end(ctx, give, stop)
		}
		r = next
		y.tell(read, page.Total)
	}
}

// end ends a full sync whose last page has come.
func (y *syncer) end(ctx context.Context, given bool, stop model.Stop) (done bool, err error) {
	if stop != model.Complete {
		y.s.problem("%s", stop.Text())
		y.out.Given = given
		return given, nil
	}
	_, known, err := y.s.EndPass(ctx)
	if err != nil {
		return false, err
	}
	y.out.Given = given
	info, _, ok := y.s.copy.info(ctx, false)
	if y.out.Info = info; given {
		return true, nil
	}
	y.out.Held = ok && known && !info.SyncedAt.IsZero()
	return y.out.Held, nil
}

func (y *syncer) tell(read, total int) {
	if y.in.Progress != nil {
		y.in.Progress(read, total)
	}
}

// idSet is a set of contacts. Neighbors share an entry, so that a long list in
// order takes little memory.
type idSet map[int64]uint64

// add reports whether the id is new.
func (s idSet) add(id int64) bool {
	word, bit := id>>6, uint64(1)<<(id&63)
	if s[word]&bit != 0 {
		return false
	}
	s[word] |= bit
	return true
}

// info reads what the copy says of itself and how many rows it has.
func (k *keptCopy) info(ctx context.Context, noSort bool) (out work.CacheInfo, rows int, ok bool) {
	var info store.Info
	ok = k.use(ctx, func(c *store.Cache) (err error) {
		info, err = c.Info(ctx)
		if err == nil && info.Sync.Done && !info.Sync.Elsewhere {
			if err = k.finishFound(ctx, c, info.Sync.Number); err == nil {
				info, err = c.Info(ctx)
			}
		}
		return err
	})
	out = copyInfo(info)
	out.NoSort, out.Sync = noSort, info.Sync.Number
	return out, info.Rows, ok
}

// elsewhere reports whether another running program makes a full sync, and how
// far it is.
func (k *keptCopy) elsewhere(ctx context.Context) (seen int, yes bool) {
	k.use(ctx, func(c *store.Cache) error {
		info, err := c.Head(ctx)
		seen, yes = info.Sync.Seen, info.Sync.Number != 0 && info.Sync.Elsewhere
		return err
	})
	return seen, yes
}

// find names an interrupted full sync as the one to go on with.
func (k *keptCopy) find(pass int64) {
	k.pass.mu.Lock()
	defer k.pass.mu.Unlock()
	k.pass.found = pass
}

// turn waits until no other program brings the copy up to date. ok is false when
// there is no copy.
func (k *keptCopy) turn(ctx context.Context) (release func(), ok bool) {
	ok = k.use(ctx, func(c *store.Cache) (err error) {
		release, err = c.Turn(ctx)
		return err
	})
	return release, ok
}
