package budget

import (
	"context"
	"slices"
)

// begin takes the turn, unless ctx ends first.
func (b *Budget) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case b.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end gives the turn up and tells what happened in it.
func (b *Budget) end() {
	n := b.news
	b.news = news{}
	<-b.turn
	if n.alone != nil && b.options.OnAlone != nil {
		b.options.OnAlone(n.alone)
	}
	if n.changed && b.options.OnChange != nil {
		b.options.OnChange()
	}
}

// action is done on an up-to-date ledger while no one else, in this program or
// another, changes anything. It returns what is to be written down.
type action func(l *ledger, now int64, foreign []ticket) []record

// step brings the records up to date, does act, and writes down what it did: in
// the shared file where that is possible, and in memory always.
func (b *Budget) step(act action) {
	acted := false
	if pause := b.retryFile - b.now(); b.file != nil && (pause <= 0 || pause > int64(window)) {
		err := b.file.update(func(found []record) (live, fresh []record) {
			acted = true
			return b.edit(found, act)
		})
		if err != nil {
			b.retryFile = b.now() + int64(window)
			if !b.notifiedAlone {
				b.notifiedAlone = true
				b.news.alone = err
			}
		}
	}
	if !acted {
		now := b.now()
		b.apply(resolve(b.records, now, b.span), now, act)
	}
}

// edit does act on what the records in the file say. It returns which of them
// are to stay and which to be added.
func (b *Budget) edit(found []record, act action) (live, fresh []record) {
	now := b.now() // read under the lock, so that no record is from the reader's future
	for _, r := range b.records {
		if r.kind == kindForget && b.mine(r.id) {
			found = append(found, r)
		}
	}
	live = resolve(found, now, b.span)
	lost := b.lost(live, now)
	return live, append(lost, b.apply(slices.Concat(live, lost), now, act)...)
}

// lost is what this program sent that the file no longer has, damaged or removed.
// Requests that wait are written again soon enough, and freezes are short.
func (b *Budget) lost(live []record, now int64) (lost []record) {
	have := map[uint64]bool{}
	for _, r := range live {
		have[r.id] = true
	}
	for _, r := range resolve(b.records, now, b.span) {
		if r.kind == kindGrant && b.mine(r.id) && !have[r.id] {
			lost = append(lost, r)
		}
	}
	return lost
}

// apply does act on all records that matter, keeps them, and returns what act adds.
func (b *Budget) apply(all []record, now int64, act action) (fresh []record) {
	l := newLedger(all, b.base, b.span)
	for bucket, until := range b.frozen {
		l.freeze(bucket, until)
	}
	foreign := b.foreign(all)
	fresh = act(l, now, foreign)
	b.records = append(all, fresh...)
	b.notice()
	b.publish(l, foreign)
	return fresh
}

// notice reports a request or a refusal, wherever it was, that is newer than the last.
func (b *Budget) notice() {
	for _, r := range b.records {
		if (r.kind == kindGrant || r.kind == kindFreeze) && r.at > b.newest {
			b.newest = r.at
			b.news.changed = true
		}
	}
}

// foreign are the requests that wait in other programs.
func (b *Budget) foreign(all []record) (waiting []ticket) {
	for _, r := range all {
		if r.kind == kindIntent && !b.mine(r.id) {
			waiting = append(waiting, ticket{
				bucket: r.bucket, priority: r.priority, since: r.at, id: r.id, until: r.until,
			})
		}
	}
	return waiting
}

// serve lets those go who can, and says to the rest when to look again.
func (b *Budget) serve(l *ledger, now int64, foreign []ticket) (fresh []record) {
	if len(b.queue) == 0 {
		return nil
	}
	queue := make([]*ticket, 0, len(b.queue)+len(foreign))
	for _, w := range b.queue {
		queue = append(queue, &w.ticket)
	}
	for i := range foreign {
		queue = append(queue, &foreign[i])
	}
	slices.SortFunc(queue, (*ticket).compare)
	if len(queue) == 1 {
		queue[0].at = l.earliest(queue[0].bucket, queue[0].priority, now, now+int64(maxSleep))
	} else {
		scratch := l.clone()
		for _, t := range queue {
			t.at = scratch.take(t.bucket, t.priority, now, now+int64(maxSleep))
		}
	}
	b.pass(queue, now)
	b.queue = slices.DeleteFunc(b.queue, func(w *waiter) bool {
		if w.at > now {
			return false
		}
		w.granted = true
		if w.stop != nil {
			w.stop()
		}
		l.count(w.bucket, now)
		b.news.changed = true
		fresh = append(fresh, record{kind: kindGrant, priority: w.priority, at: now, bucket: w.bucket, id: w.id})
		return true
	})
	return append(fresh, b.schedule(l, now)...)
}

// schedule sets when each request that still waits looks again: when the next
// place comes free, whoever then gets it.
func (b *Budget) schedule(l *ledger, now int64) (fresh []record) {
	if len(b.queue) == 0 {
		return nil
	}
	slices.SortFunc(b.queue, func(x, y *waiter) int { return x.compare(&y.ticket) })
	solo := l.clone()
	for _, w := range b.queue {
		at := solo.take(w.bucket, w.priority, now, now+int64(maxSleep))
		if at <= now {
			at = now + int64(recheck)
		}
		if at < w.wake && w.stop != nil {
			w.stop()
		}
		w.wake = at
		if b.file != nil && w.leased < w.wake+int64(lease-maxSleep)/2 {
			w.leased = now + int64(lease)
			fresh = append(fresh, record{
				kind: kindIntent, priority: w.priority, at: w.since, until: w.leased, bucket: w.bucket, id: w.id,
			})
		}
	}
	return fresh
}

// publish shows the outcome of a step to State and Estimate.
func (b *Budget) publish(l *ledger, foreign []ticket) {
	v := &view{ledger: l, queue: make([]ticket, 0, len(b.queue)+len(foreign))}
	for _, w := range b.queue {
		v.queue = append(v.queue, w.ticket)
	}
	v.own = len(v.queue)
	v.queue = append(v.queue, foreign...)
	b.view.Store(v)
}
