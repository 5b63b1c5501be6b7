package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxSortOrders is how many sorted lists are stored. One of a million contacts is 8 MB.
const maxSortOrders = 4

// orders are the sorted lists made so far, the latest used last. A write moves one id in each
// instead of sorting again.
type orders struct{ kept []*order }

// order is the ids of the connected contacts, or of the others, sorted by a field.
type order struct {
	field     field
	connected bool
	ids       []int64
}

// sortKey is what a contact is sorted by: nulls last, case ignored, then the id.
type sortKey struct {
	null bool
	text string
	id   int64
}

func (k sortKey) compare(other sortKey) int {
	switch {
	case k.null != other.null && k.null:
		return 1
	case k.null != other.null:
		return -1
	}
	return cmp.Or(strings.Compare(k.text, other.text), cmp.Compare(k.id, other.id))
}

func (f field) sortKey(r *record) sortKey {
	k := sortKey{id: r.id}
	if f.kind == kindAdded {
		var t text
		k.null = !t.read(r.odd[f.name]) || !t.set
		k.text = strings.ToLower(t.value)
		return k
	}
	if _, odd := r.odd[f.name]; odd {
		k.null = true
		return k
	}
	switch f.kind {
	case kindPrimary:
		k.text = fmt.Sprint(r.primary)
	case kindConnected:
		k.text = fmt.Sprint(r.connected)
	case kindOwner:
		k.null, k.text = r.owner == 0, fmt.Sprintf("%019d", r.owner)
	case kindText:
		k.null, k.text = !r.text[f.text].set, strings.ToLower(r.text[f.text].value)
	}
	return k
}

// page returns up to n contacts from offset of the list sorted by f, and the one before them, if any.
func (o *orders) page(b *contactStore, f field, down, connected bool, offset, n int) (rows []*record, before *record) {
	ids := o.get(b, f, connected).ids
	at := func(i int) *record {
		if down {
			i = len(ids) - 1 - i
		}
		return b.get(ids[i])
	}
	if offset > 0 && offset <= len(ids) {
		before = at(offset - 1)
	}
	for i := offset; i < len(ids) && len(rows) < n; i++ {
		rows = append(rows, at(i))
	}
	return rows, before
}

func (o *orders) get(b *contactStore, f field, connected bool) *order {
	i := slices.IndexFunc(o.kept, func(k *order) bool { return k.field == f && k.connected == connected })
	var found *order
	if i >= 0 {
		found = o.kept[i]
		o.kept = slices.Delete(o.kept, i, i+1)
	} else {
		found = &order{field: f, connected: connected, ids: sortAll(b, f, connected)}
		if len(o.kept) == maxSortOrders {
			o.kept = slices.Delete(o.kept, 0, 1)
		}
	}
	o.kept = append(o.kept, found)
	return found
}

// sortAll sorts the whole book once.
func sortAll(b *contactStore, f field, connected bool) []int64 {
	keys := make([]sortKey, 0, b.count[connected])
	b.each(connected, 0, f.part(), func(r *record) bool {
		keys = append(keys, f.sortKey(r))
		return true
	})
	slices.SortFunc(keys, sortKey.compare)
	ids := make([]int64, len(keys))
	for i, k := range keys {
		ids[i] = k.id
	}
	return ids
}

// find is the place of r in the order, or where it belongs.
func (o *order) find(b *contactStore, r *record) int {
	key := o.field.sortKey(r)
	at, _ := slices.BinarySearchFunc(o.ids, key, func(id int64, key sortKey) int {
		if id == key.id {
			return 0
		}
		return o.field.sortKey(b.get(id)).compare(key)
	})
	return at
}

// leave takes r out of the orders; the book still holds it as it was.
func (o *orders) leave(b *contactStore, r *record) {
	for _, k := range o.kept {
		if k.connected == r.connected {
			at := k.find(b, r)
			k.ids = slices.Delete(k.ids, at, at+1)
		}
	}
}

// enter puts r in its place in the orders.
func (o *orders) enter(b *contactStore, r *record) {
	for _, k := range o.kept {
		if k.connected == r.connected {
			k.ids = slices.Insert(k.ids, k.find(b, r), r.id)
		}
	}
}
