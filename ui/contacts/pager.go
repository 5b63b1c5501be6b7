package contacts

import (
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/request"
	"github.com/levcontacts/levcontacts/work"
)

// pagerName tells the lists apart.
type pagerName uint8

// The lists: all connected contacts in the service's order, the same in an
// order that the user chose, what changed lately, and the contacts that are
// not connected.
const (
	pagerAll pagerName = iota
	pagerSorted
	pagerRecent
	pagerNotConnected

	numPagers = int(pagerNotConnected) + 1
)

// pager reads one list page by page. It says what to ask for next and when to
// stop; it sends nothing.
type pager struct {
	next    model.Request
	pass    work.Feed
	begun   bool // a request was answered
	done    bool
	stop    model.Stop
	total   int     // -1 while the service has not said
	count   int     // rows met, each once
	slots   []int32 // where its rows are held, in its order
	seen    bitset
	keep    bool // collect slots
	news    int  // rows that are new or differ
	partial bool // not all was held when it began, so a row that was not held is no news
	err     *model.Error
	request request.Slot
}

func newPager(first model.Request, pass work.Feed) *pager {
	keep := pass != work.FeedFull && pass != work.FeedResume
	return &pager{next: first, pass: pass, total: -1, keep: keep}
}

// take adds a page that answered the pager's request and counts the rows that
// are new and those that changed. Rows that the pager met before count once.
func (p *pager) take(b *model.Book, page model.Page) (added, changed int) {
	fresh := 0
	for _, row := range page.Rows {
		isNew, differs := b.Put(row)
		switch {
		case isNew:
			added++
		case differs:
			changed++
		}
		slot, _ := b.Slot(row.ID())
		if !p.seen.add(slot) {
			continue
		}
		fresh++
		if p.keep {
			p.slots = append(p.slots, int32(slot))
		}
	}
	p.count += fresh
	p.news += changed
	if !p.partial {
		p.news += added
	}
	p.begun, p.err = true, nil
	if page.Total >= 0 {
		p.total = page.Total
	}
	p.next, p.stop = p.next.After(page, fresh)
	p.done = p.stop != model.More
	return added, changed
}

// complete reports whether the list was read to its proper end.
func (p *pager) complete() bool { return p.done && p.stop == model.Complete }

// moved adapts the slots after rows were taken out of the book.
func (p *pager) moved(to []int32) {
	p.slots = moveSlots(p.slots, to)
	var seen bitset
	for old, now := range to {
		if now >= 0 && p.seen.has(old) {
			seen.add(int(now))
		}
	}
	p.seen = seen
}

func moveSlots(slots, to []int32) []int32 {
	out := slots[:0:0]
	for _, s := range slots {
		if int(s) < len(to) && to[s] >= 0 {
			out = append(out, to[s])
		}
	}
	return out
}

// bitset marks slots of the book.
type bitset []uint64

// add marks a slot and reports whether it was not marked before.
func (b *bitset) add(slot int) bool {
	word, bit := slot/64, uint64(1)<<(slot%64)
	for len(*b) <= word {
		*b = append(*b, 0)
	}
	if (*b)[word]&bit != 0 {
		return false
	}
	(*b)[word] |= bit
	return true
}

func (b bitset) has(slot int) bool {
	word := slot / 64
	return word < len(b) && b[word]&(1<<(slot%64)) != 0
}
