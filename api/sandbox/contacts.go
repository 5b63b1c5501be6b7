package sandbox

import "slices"

// defaultOwner is the owning account of the seeded contacts, as on the contacts page.
const defaultOwner = 56

// contactStore is the contacts: the seeded ones, made when they are asked for, and over
// them an overlay of those that were created, changed or removed.
type contactStore struct {
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

func newContactStore(g *generator) *contactStore {
	return &contactStore{
		seeded:  g,
		overlay: map[int64]*record{},
		live:    map[bool][]int64{},
		count:   map[bool]int{true: g.rows, false: disconnectedCount(g.rows)},
		staff:   map[int64][]int64{},
		next:    firstID + stride*int64(g.rows),
	}
}

// get returns a contact, or nil.
func (b *contactStore) get(id int64) *record {
	if r, ok := b.overlay[id]; ok {
		return r
	}
	if i, disconnected, ok := b.seeded.index(id); ok {
		return b.seeded.contact(i, disconnected, partsAll)
	}
	return nil
}

// add gives a new contact its id and takes it into the book.
func (b *contactStore) add(r *record) {
	r.id = b.next
	b.next++
	if r.company != 0 {
		b.staff[r.company] = append(b.staff[r.company], r.id)
	}
	b.enter(r)
}

// replace puts a changed contact in the place of the one with its id.
func (b *contactStore) replace(r *record) {
	b.leave(b.get(r.id))
	b.enter(r)
}

// remove takes a contact out and tells whether it was there.
func (b *contactStore) remove(id int64) bool {
	r := b.get(id)
	if r == nil {
		return false
	}
	b.leave(r)
	b.overlay[id] = nil
	return true
}

func (b *contactStore) leave(r *record) {
	b.orders.leave(b, r)
	b.count[r.connected]--
	if _, ok := b.overlay[r.id]; ok {
		list := b.live[r.connected]
		at, _ := slices.BinarySearch(list, r.id)
		b.live[r.connected] = slices.Delete(list, at, at+1)
	}
}

func (b *contactStore) enter(r *record) {
	b.overlay[r.id] = r
	b.count[r.connected]++
	list := b.live[r.connected]
	at, _ := slices.BinarySearch(list, r.id)
	b.live[r.connected] = slices.Insert(list, at, r.id)
	b.orders.enter(b, r)
}

// each goes through the contacts with an id above after, in the order of ids, until do returns false.
// Its cost is the contacts it visits, wherever in the book they are. Seeded ones have the wanted parts.
func (b *contactStore) each(connected bool, after int64, want parts, do func(*record) bool) {
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
			if _, changedRows := b.overlay[id]; changedRows {
				continue // removed, or of the other kind now
			}
			if !do(b.seeded.contact(i, !connected, want)) {
				return
			}
		}
	}
}

// seededRow is the row and id of the kth seeded contact of its kind.
func (b *contactStore) seededRow(connected bool, k int) (i int, id int64) {
	if connected {
		return k, seedID(k)
	}
	i = k*disconnectedEvery + disconnectedPhase
	return i, disconnectedID(i)
}

// firstSeeded is the first k whose seeded id is above after.
func (b *contactStore) firstSeeded(connected bool, after int64) int {
	i := int(max(0, min(after-firstID, stride*int64(b.seeded.rows))) / stride)
	k := i
	if !connected {
		k = max(0, i-disconnectedPhase) / disconnectedEvery
	}
	for {
		if i, id := b.seededRow(connected, k); id > after || i >= b.seeded.rows {
			return k
		}
		k++
	}
}

// employees are the ids of everybody at a company.
func (b *contactStore) employees(company int64) []int64 {
	if company == 0 {
		return nil
	}
	ids := slices.Clone(b.staff[company])
	for _, i := range b.seeded.employees(company) {
		ids = append(ids, seedID(i))
		if hasDisconnected(i) {
			ids = append(ids, disconnectedID(i))
		}
	}
	return ids
}
