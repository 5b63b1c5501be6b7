package ui

import (
	"levcontacts/model"
	"levcontacts/ui/widget/request"
	"levcontacts/work"
)

// chain is one list being fetched page by page: the service's own order, an
// order asked for, or the contacts that are not connected. It says what to ask
// for next and when to stop; it sends nothing.
type chain struct {
	next   model.Request
	pass   work.Pass
	begun  bool // a request was answered
	done   bool
	stop   model.Stop
	total  int     // -1 while the service has not said
	count  int     // rows met, each once
	slots  []int32 // for a sorted chain: where its rows are held, in its order
	seen   bitset
	keep   bool // collect slots
	err    *model.Error
	ticket request.Slot
}

// newChain begins a list.
func newChain(first model.Request, pass work.Pass) chain {
	return chain{next: first, pass: pass, total: -1, keep: pass != work.PassFull && pass != work.PassResume}
}

// take adds a page that answered the chain's request and says how many of its
// rows are new to the book. Rows that the chain met before count once.
func (c *chain) take(b *model.Book, p model.Page) (added, changed int) {
	fresh := 0
	for _, row := range p.Rows {
		isNew, differs := b.Put(row)
		switch {
		case isNew:
			added++
		case differs:
			changed++
		}
		slot, _ := b.Slot(row.ID())
		if !c.seen.add(slot) {
			continue
		}
		fresh++
		if c.keep {
			c.slots = append(c.slots, int32(slot))
		}
	}
	c.count += fresh
	c.begun, c.err = true, nil
	if p.Total >= 0 {
		c.total = p.Total
	}
	c.next, c.stop = c.next.After(p, fresh)
	c.done = c.stop != model.More
	return added, changed
}

// complete says that the list was read to its proper end.
func (c *chain) complete() bool { return c.done && c.stop == model.Complete }

// bitset marks slots of the book.
type bitset []uint64

// add marks a slot and says whether it was not marked before.
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
