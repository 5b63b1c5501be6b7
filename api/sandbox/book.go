package sandbox

import "slices"

// defaultOwner is the owning account of the seeded contacts, as on the contacts page.
const defaultOwner = 56

// book is the contacts: the seeded ones, made when they are asked for, and over
// them an overlay of those that were created, changed or removed.
type book struct {
	seeded  *generator
	overlay map[int64]*record // nil for a removed contact
	// live are the ids of the overlay that still exist, ascending; count is how many contacts there
	// are in all. Both by whether they are connected.
	live   map[bool][]int64
	count  map[bool]int
	staff  map[int64][]int64 // created contacts of a company
	orders orders
	next   int64 // id of the next new contact
}

func newBook(g *generator) *book {
	return &book{
		seeded:  g,
		overlay: map[int64]*record{},
		live:    map[bool][]int64{},
		count:   map[bool]int{true: g.rows, false: strays(g.rows)},
		staff:   map[int64][]int64{},
		next:    firstID + stride*int64(g.rows),
	}
}

// get returns a contact, or nil.
func (b *book) get(id int64) *record {
	if r, ok := b.overlay[id]; ok {
		return r
	}
	if i, stray, ok := b.seeded.index(id); ok {
		return b.seeded.contact(i, stray, partsAll)
	}
	return nil
}

// add gives a new contact its id and takes it into the book.
func (b *book) add(r *record) {
	r.id = b.next
	b.next++
	if r.company != 0 {
		b.staff[r.company] = append(b.staff[r.company], r.id)
	}
	b.enter(r)
}

// replace puts a changed contact in the place of the one with its id.
func (b *book) replace(r *record) {
	b.leave(b.get(r.id))
	b.enter(r)
}

// remove takes a contact out and tells whether it was there.
func (b *book) remove(id int64) bool {
	r := b.get(id)
	if r == nil {
		return false
	}
	b.leave(r)
	b.overlay[id] = nil
	return true
}

func (b *book) leave(r *record) {
	b.orders.leave(b, r)
	b.count[r.connected]--
	if _, ok := b.overlay[r.id]; ok {
		list := b.live[r.connected]
		at, _ := slices.BinarySearch(list, r.id)
		b.live[r.connected] = slices.Delete(list, at, at+1)
	}
}

func (b *book) enter(r *record) {
	b.overlay[r.id] = r
	b.count[r.connected]++
	list := b.live[r.connected]
	at, _ := slices.BinarySearch(list, r.id)
	b.live[r.connected] = slices.Insert(list, at, r.id)
	b.orders.enter(b, r)
}

// each goes through the contacts with an id above after, in the order of ids, until do returns false.
// Its cost is the contacts it visits, wherever in the book they are. Seeded ones have the wanted parts.
func (b *book) each(connected bool, after int64, want parts, do func(*record) bool) {
	live := b.live[connected]
	at, found := slices.BinarySearch(live, after)
	if found {
		at++
	}
	k := b.firstSeeded(connected, after)
	for {
		i, id := b.seededRow(connected, k)
		if i >= b.seeded.rows {
			id = 0
		}
		switch {
		case at < len(live) && (id == 0 || live[at] <= id):
			if live[at] == id {
				k++
			}
			if !do(b.overlay[live[at]]) {
				return
			}
			at++
		case id == 0:
			return
		default:
			k++
			if _, touched := b.overlay[id]; touched {
				continue // removed, or of the other kind now
			}
			if !do(b.seeded.contact(i, !connected, want)) {
				return
			}
		}
	}
}

// seededRow is the row and id of the kth seeded contact of its kind.
func (b *book) seededRow(connected bool, k int) (i int, id int64) {
	if connected {
		return k, seedID(k)
	}
	i = k*strayEvery + strayPhase
	return i, strayID(i)
}

// firstSeeded is the first k whose seeded id is above after.
func (b *book) firstSeeded(connected bool, after int64) int {
	i := int(max(0, min(after-firstID, stride*int64(b.seeded.rows))) / stride)
	k := i
	if !connected {
		k = max(0, i-strayPhase) / strayEvery
	}
	for {
		if i, id := b.seededRow(connected, k); id > after || i >= b.seeded.rows {
			return k
		}
		k++
	}
}

// colleagues are the ids of everybody at a company.
func (b *book) colleagues(company int64) []int64 {
	if company == 0 {
		return nil
	}
	ids := slices.Clone(b.staff[company])
	for _, i := range b.seeded.colleagues(company) {
		ids = append(ids, seedID(i))
		if hasStray(i) {
			ids = append(ids, strayID(i))
		}
	}
	return ids
}
