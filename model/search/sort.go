package search

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"slices"

	"github.com/levcontacts/levcontacts/model"
)

// Sort orders the rows at some slots, or all when slots is nil, by one field.
// Text compares folded and with the numbers in it by value ("Suite 9" before
// "Suite 10"), types by their label, LinkedIn addresses by the profile, times
// by moment, and yes stands before no. What is empty, or cannot be read as the
// number or moment it should be, comes last in both directions. Equal rows
// follow each other by last name, first name and id. Of a value, the first 512
// bytes count. The zero Sort is the order of the book.
//
// The slice given is not changed. The error is the context's; it is looked at
// every 256 rows. Sorting takes 24 bytes a row beside the result.
func Sort(ctx context.Context, snap model.Snapshot, slots []int32, by model.Sort) ([]int32, error) {
	n := snap.Len()
	if slots != nil {
		n = min(n, len(slots))
	}
	list := make([]entry, 0, n)
	if _, err := eachSlot(ctx, snap, slots, func(slot int32, _ model.Packed) {
		list = append(list, entry{slot: slot})
	}); err != nil {
		return nil, err
	}
	if !by.IsZero() {
		s := sorter{ctx: ctx, snap: snap, columns: columnsOf(by)}
		if err := s.sort(list, 0, 0); err != nil {
			return nil, err
		}
	}
	out := make([]int32, len(list))
	for i, e := range list {
		out[i] = e.slot
	}
	return out, nil
}

// key is sixteen bytes of what a row is sorted by.
type key struct{ high, low uint64 }

func (k key) compare(l key) int {
	if k.high != l.high {
		return cmp.Compare(k.high, l.high)
	}
	return cmp.Compare(k.low, l.low)
}

func (k key) not() key { return key{^k.high, ^k.low} }

// nothing is the key of an empty value, after every other.
func nothing() key { return key{math.MaxUint64, math.MaxUint64} }

// entry is a row on its way to its place.
type entry struct {
	key  key
	slot int32
}

// column is one of the things by which rows are compared, in turn.
type column struct {
	field  model.FieldID
	second model.FieldID // of a pair of names, else FieldKey
	format model.Format
	desc   bool
}

// columnsOf lists them: the field that was asked for, the names, the id.
func columnsOf(by model.Sort) []column {
	first := column{field: by.Field, format: by.Field.Def().Format, desc: by.Desc}
	names := column{field: model.FieldLastName, second: model.FieldFirstName}
	id := column{field: model.FieldKey, format: model.FormatInt}
	switch by.Field {
	case model.FieldKey:
		return []column{first}
	case model.FieldLastName:
		names = column{field: model.FieldFirstName}
	case model.FieldFirstName:
		names.second = model.FieldKey
	}
	return []column{first, names, id}
}

// text says that the column's keys go on for as long as the value does.
func (c column) text() bool {
	switch c.format {
	case model.FormatInt, model.FormatTime, model.FormatBool:
		return false
	default:
		return true
	}
}

// ends says that rows with this key are equal in the whole column.
func (c column) ends(k key) bool {
	if !c.text() || k == nothing() {
		return true
	}
	if c.desc {
		k = k.not()
	}
	return k.low&0xff == 0
}

// maxDepth is how many keys of sixteen bytes of a value are compared.
const maxDepth = 32

// sorter sorts by one key after another: rows are compared by sixteen bytes of
// the first column, those that are equal by the next sixteen or the next
// column. So little is held for a row, and a value is looked at only as far as
// it takes to tell it from the others.
type sorter struct {
	ctx     context.Context
	snap    model.Snapshot
	columns []column
	keys    keyer
	looked  int
}

func (s *sorter) sort(list []entry, col, depth int) error {
	c := s.columns[col]
	for i := range list {
		if s.looked%checkEvery == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		s.looked++
		list[i].key = s.keys.key(c, s.snap.At(int(list[i].slot)), depth)
	}
	slices.SortFunc(list, func(a, b entry) int { return a.key.compare(b.key) })
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].key == list[i].key {
			end++
		}
		if end > i+1 {
			var err error
			switch {
			case depth+1 < maxDepth && !c.ends(list[i].key):
				err = s.sort(list[i:end], col, depth+1)
			case col+1 < len(s.columns):
				err = s.sort(list[i:end], col+1, 0)
			}
			if err != nil {
				return err
			}
		}
		i = end
	}
	return nil
}

// keyer makes keys; its buffers are used again and again.
type keyer struct{ folded, encoded []byte }

// key is the depth-th part of a row's key in a column.
func (k *keyer) key(c column, p model.Packed, depth int) key {
	var out key
	switch c.format {
	case model.FormatInt, model.FormatTime:
		n, ok := number(p, c.field)
		if !ok {
			return nothing()
		}
		out.high = uint64(n) ^ 1<<63
	case model.FormatBool:
		switch {
		case yesNo(p, c.field):
			out.high = 1
		case p.Get(c.field).Empty():
			return nothing()
		default:
			out.high = 2
		}
	default:
		k.encoded = k.encoded[:0]
		if !k.encode(c.format, p.Get(c.field)) && c.second == model.FieldKey {
			return nothing()
		}
		if c.second != model.FieldKey {
			k.encoded = append(k.encoded, between)
			k.encode(c.format, p.Get(c.second))
		}
		out = k.part(depth)
	}
	if c.desc {
		return out.not()
	}
	return out
}

// part is sixteen of the encoded bytes, with zeros after their end.
func (k *keyer) part(depth int) key {
	var b [16]byte
	copy(b[:], k.encoded[min(depth*len(b), len(k.encoded)):])
	return key{binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint64(b[8:])}
}

// between stands between two names, before whatever a name can hold; after
// stands for a missing one, after whatever a name can hold.
const (
	between = 1
	after   = 0xff
)

// encode appends bytes that compare as the value does: folded, without the
// space around it, and with a number as its length before its digits. They
// hold no zero. It returns false for an empty value.
func (k *keyer) encode(format model.Format, v model.Value) bool {
	text := v.String()
	switch format {
	case model.FormatType:
		text = model.TypeLabel(v)
	case model.FormatURL:
		text = profileOf(text)
	}
	k.folded = appendFold(k.folded[:0], text)
	folded := trimBytes(k.folded)
	if len(folded) == 0 {
		k.encoded = append(k.encoded, after)
		return false
	}
	for i := 0; i < len(folded); {
		c := folded[i]
		if c < '0' || c > '9' {
			k.encoded = append(k.encoded, max(c, between+1))
			i++
			continue
		}
		end := i
		for end < len(folded) && '0' <= folded[end] && folded[end] <= '9' {
			end++
		}
		for i < end-1 && folded[i] == '0' {
			i++
		}
		if n := end - i; n < 9 {
			k.encoded = append(k.encoded, '0'+byte(n))
		} else {
			k.encoded = append(k.encoded, '9', byte(min(n, 255)))
		}
		k.encoded = append(k.encoded, folded[i:end]...)
		i = end
	}
	return true
}

func trimBytes(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// nameKey is the name by which hits of equal rank are put in order.
func (k *keyer) nameKey(p model.Packed) string {
	k.encoded = k.encoded[:0]
	k.encode(model.FormatText, p.Get(model.FieldLastName))
	k.encoded = append(k.encoded, between)
	k.encode(model.FormatText, p.Get(model.FieldFirstName))
	return string(k.encoded)
}
