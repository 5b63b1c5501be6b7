package budget

import (
	"encoding/binary"
	"hash/crc32"
	"hash/fnv"
)

// kind says what a record tells.
type kind uint8

const (
	kindGrant  kind = iota + 1 // a request went out at at
	kindIntent                 // a request waits since at; void after until unless renewed
	kindForget                 // the grant or intent with this id never came to be
	kindFreeze                 // a 429 came at at; the bucket is closed until until
	kindBound                  // a limit was concluded at at, for as long as until says
)

// record is one line of the shared file. Records stand for themselves: their
// order says nothing but which of two bounds of the same instant is the later.
type record struct {
	kind     kind
	priority Priority
	limit    uint32 // of a bound
	at       int64  // Unix nanoseconds
	until    int64  // Unix nanoseconds
	bucket   uint64
	id       uint64 // upper half: the process; lower half: its running number
}

const (
	recordSize    = 48
	recordVersion = 1
)

// Buckets that are not one endpoint's.
const (
	bucketAccount   uint64 = 0 // all requests of the account
	bucketEndpoints uint64 = 1 // every endpoint; of bounds only
)

// bucketOf is an endpoint's bucket.
func bucketOf(endpoint string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(endpoint)) // never fails
	return h.Sum64() | 1<<63
}

// encode appends the record's bytes, ending in a checksum.
func (r record) encode(b []byte) []byte {
	start := len(b)
	b = append(b, byte(r.kind), byte(r.priority), recordVersion, 0)
	b = binary.LittleEndian.AppendUint32(b, r.limit)
	b = binary.LittleEndian.AppendUint64(b, uint64(r.at))
	b = binary.LittleEndian.AppendUint64(b, uint64(r.until))
	b = binary.LittleEndian.AppendUint64(b, r.bucket)
	b = binary.LittleEndian.AppendUint64(b, r.id)
	b = append(b, 0, 0, 0, 0)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
}

// decode reads every undamaged record of a file, and says how many were damaged.
func decode(b []byte) (found []record, damaged int) {
	found = make([]record, 0, len(b)/recordSize)
	for ; len(b) >= recordSize; b = b[recordSize:] {
		body, sum := b[:recordSize-4], binary.LittleEndian.Uint32(b[recordSize-4:])
		r := record{
			kind: kind(body[0]), priority: Priority(body[1]), limit: binary.LittleEndian.Uint32(body[4:]),
			at:     int64(binary.LittleEndian.Uint64(body[8:])),
			until:  int64(binary.LittleEndian.Uint64(body[16:])),
			bucket: binary.LittleEndian.Uint64(body[24:]),
			id:     binary.LittleEndian.Uint64(body[32:]),
		}
		if sum != crc32.ChecksumIEEE(body) || body[2] != recordVersion || r.kind < kindGrant || r.kind > kindBound {
			damaged++
			continue
		}
		found = append(found, r)
	}
	if len(b) > 0 {
		damaged++
	}
	return found, damaged
}

// alive says whether a record still matters now. What claims to be from more
// than a minute ahead is from a clock that has since been set back.
func (r record) alive(now, span int64) bool {
	if r.at > now+int64(window) {
		return false
	}
	switch r.kind {
	case kindGrant:
		return now-r.at < span
	case kindIntent:
		return now < r.until && r.until <= now+int64(lease)
	case kindFreeze:
		return r.until <= r.at+int64(longestFreeze) && now < r.until+int64(window)
	case kindBound:
		length := r.until - r.at
		return length <= int64(lessonLength) && now < r.until+min(length, int64(longestDoubt))
	}
	return false
}

// resolve returns what still matters of the records: no record twice, no intent
// that was granted or given up, of each bucket only the last bound.
func resolve(found []record, now, span int64) []record {
	const granted, forgotten, intended, frozen = 1, 2, 4, 8
	marks := make(map[uint64]uint8, len(found))
	for _, r := range found {
		if r.kind == kindForget {
			marks[r.id] |= forgotten
		}
	}
	live := make([]record, 0, len(found))
	bounds := map[uint64]int{}
	for _, r := range found {
		if !r.alive(now, span) || r.kind != kindFreeze && r.kind != kindBound && marks[r.id]&forgotten != 0 {
			continue
		}
		var mark uint8
		switch r.kind {
		case kindGrant:
			mark = granted
		case kindFreeze:
			mark = frozen
		case kindBound:
			if i, ok := bounds[r.bucket]; !ok {
				bounds[r.bucket] = len(live)
			} else {
				if live[i].at <= r.at {
					live[i] = r
				}
				continue
			}
		case kindIntent:
			continue
		}
		if mark != 0 && marks[r.id]&mark != 0 {
			continue
		}
		marks[r.id] |= mark
		live = append(live, r)
	}
	// Renewals come last, so the newest of an id is met first from the end.
	for i := len(found) - 1; i >= 0; i-- {
		r := found[i]
		if r.kind == kindIntent && marks[r.id]&(granted|forgotten|intended) == 0 && r.alive(now, span) {
			marks[r.id] |= intended
			live = append(live, r)
		}
	}
	return live
}
