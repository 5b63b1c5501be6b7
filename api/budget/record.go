package budget

import (
	"encoding/binary"
	"hash/crc32"
	"hash/fnv"
	"slices"

	"github.com/levcontacts/levcontacts/work"
)

// kind is what a record means.
type kind uint8

const (
	kindGrant  kind = iota + 1 // a request went out at at
	kindIntent                 // a request waits since at; void after until unless renewed
	kindForget                 // the grant or intent with this id never came to be
	kindFreeze                 // a 429 came at at; the bucket is closed until until
)

// record is one line of the shared file. Records stand for themselves: their
// order says nothing.
type record struct {
	kind     kind
	priority work.Priority
	at       int64 // Unix nanoseconds
	until    int64 // Unix nanoseconds
	bucket   uint64
	id       uint64 // upper half: the process; lower half: its running number
}

const (
	recordSize    = 48
	recordVersion = 1
)

// bucketAccount holds all requests of the account.
const bucketAccount uint64 = 0

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
	b = append(b, 0, 0, 0, 0)
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
			kind: kind(body[0]), priority: work.Priority(body[1]),
			at:     int64(binary.LittleEndian.Uint64(body[8:])),
			until:  int64(binary.LittleEndian.Uint64(body[16:])),
			bucket: binary.LittleEndian.Uint64(body[24:]),
			id:     binary.LittleEndian.Uint64(body[32:]),
		}
		if sum != crc32.ChecksumIEEE(body) || body[2] != recordVersion || r.kind < kindGrant || r.kind > kindFreeze {
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

// alive reports whether a record still matters now. What claims to be from more
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
		return now < r.until && r.until <= r.at+int64(window)
	}
	return false
}

// resolve returns what still matters of the records: nothing that was given up,
// and of each request that waits only the last word. Of requests that wait or
// were given up there are few; all others are passed through as they are. (A
// program killed while it writes the file anew may leave requests in it twice.
// They then count twice, for a minute.)
func resolve(found []record, now, span int64) []record {
	forgotten := map[uint64]bool{}
	for _, r := range found {
		if r.kind == kindForget {
			forgotten[r.id] = true
		}
	}
	live := make([]record, 0, len(found)+4)
	intents := map[uint64]int{} // their places in live, by id
	for _, r := range found {
		if !r.alive(now, span) || len(forgotten) > 0 && forgotten[r.id] {
			continue
		}
		if r.kind == kindIntent {
			if i, ok := intents[r.id]; ok {
				if live[i].until < r.until {
					live[i] = r
				}
				continue
			}
			intents[r.id] = len(live)
		}
		live = append(live, r)
	}
	return withoutGranted(live)
}

// withoutGranted drops intents that became requests.
func withoutGranted(live []record) []record {
	waiting := map[uint64]bool{}
	for _, r := range live {
		if r.kind == kindIntent {
			waiting[r.id] = true
		}
	}
	if len(waiting) == 0 {
		return live
	}
	for _, r := range live {
		if r.kind == kindGrant {
			delete(waiting, r.id)
		}
	}
	return slices.DeleteFunc(live, func(r record) bool { return r.kind == kindIntent && !waiting[r.id] })
}
