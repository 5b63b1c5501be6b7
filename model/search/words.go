package search

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// word is a word of a query as it is looked for in folded text: apostrophes,
// hyphens, dots and blanks between its letters make no difference there, so
// "oconnor" is found in "O'Connor" and "jp" in "J. P.".
type word struct {
	letters []byte       // without what makes no difference
	literal []byte       // as typed, when that is something else
	pairs   *[256]uint64 // at which places of letters each byte stands
	short   bool         // one or two letters
}

// soft says that a byte between two letters makes no difference.
func soft(c byte) bool { return c == ' ' || c == '\'' || c == '-' || c == '.' }

// newWord prepares folded text.
func newWord(folded string) word {
	w := word{letters: []byte(strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && soft(byte(r)) {
			return -1
		}
		return r
	}, folded))}
	if len(w.letters) < len(folded) {
		w.literal = []byte(folded)
	}
	w.short = utf8.RuneCount(w.letters) <= 2
	if len(w.letters) > 1 && len(w.letters) <= 64 {
		w.pairs = new([256]uint64)
		for i, c := range w.letters {
			w.pairs[c] |= 1 << i
		}
	}
	return w
}

// each calls fn for the places in text at which the word stands: in one piece,
// or from the beginning of a word with soft bytes in between. fn returns false
// to stop.
func (w *word) each(text []byte, fn func(start, end int) bool) {
	if len(w.letters) == 0 {
		return
	}
	for _, want := range [2][]byte{w.letters, w.literal} {
		for from := 0; len(want) > 0; {
			i := bytes.Index(text[from:], want)
			if i < 0 {
				break
			}
			from += i
			if !fn(from, from+len(want)) {
				return
			}
			from++
		}
	}
	w.eachBroken(text, fn)
}

const (
	lowNibbles  = 0x0f0f0f0f0f0f0f0f
	softNibble  = 0x2020202020202020
	onesInBytes = 0x0101010101010101
	topBits     = 0x8080808080808080
)

// eachBroken finds the places with soft bytes in between. Soft bytes all have the
// high half 2, so eight bytes are tried at a time; one counts when the letters
// around it follow each other in the word.
func (w *word) eachBroken(text []byte, fn func(start, end int) bool) {
	if w.pairs == nil {
		return
	}
	for i := 0; i < len(text); i += 8 {
		var x uint64
		if i+8 <= len(text) {
			x = binary.LittleEndian.Uint64(text[i:])
		} else {
			var tail [8]byte
			copy(tail[:], text[i:])
			x = binary.LittleEndian.Uint64(tail[:])
		}
		x = x&^lowNibbles ^ softNibble
		for m := (x - onesInBytes) &^ x & topBits; m != 0; m &= m - 1 {
			at := i + bits.TrailingZeros64(m)/8
			if at == 0 || at+1 >= len(text) {
				continue
			}
			next := text[at+1]
			if w.pairs[text[at-1]]<<1&w.pairs[next] == 0 && (next>>4 != 2 || w.pairs[text[at-1]] == 0) {
				continue // these letters do not follow each other in the word
			}
			if !w.tryBreak(text, at, fn) {
				return
			}
		}
	}
}

// tryBreak tries the word that begins before a break.
func (w *word) tryBreak(text []byte, at int, fn func(start, end int) bool) bool {
	if !soft(text[at]) {
		return true
	}
	start := at
	for start > 0 && wordByte(text[start-1]) {
		start--
	}
	if end := w.from(text, start); end > at+1 {
		return fn(start, end)
	}
	return true
}

// from is where the word ends when it begins at start, -1 when it does not.
func (w *word) from(text []byte, start int) int {
	k, i := 0, start
	for ; k < len(w.letters); i++ {
		switch {
		case i >= len(text):
			return -1
		case text[i] == w.letters[k]:
			k++
		case k == 0 || !soft(text[i]):
			return -1
		}
	}
	return i
}

// wordStart says that a letter or digit at i begins a word.
func wordStart(text []byte, i int) bool {
	return i == 0 || !wordByte(text[i-1]) || !wordByte(text[i])
}

// wordEnd says that no letter or digit follows at i.
func wordEnd(text []byte, i int) bool { return i >= len(text) || !wordByte(text[i]) }

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c >= utf8.RuneSelf
}

// subsequence says that the letters of want stand in text in this order.
func subsequence(text, want []byte) bool {
	for len(want) > 0 {
		size := 1
		var i int
		if want[0] < utf8.RuneSelf {
			i = bytes.IndexByte(text, want[0])
		} else {
			_, size = utf8.DecodeRune(want)
			i = bytes.Index(text, want[:size])
		}
		if i < 0 {
			return false
		}
		text, want = text[i+size:], want[size:]
	}
	return true
}
