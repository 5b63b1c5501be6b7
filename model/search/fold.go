package search

import (
	"encoding/binary"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes text comparable the way a person reads it: case, accents,
// ligatures, full-width forms, typographic quotes and dashes, and invisible
// format characters make no difference. "Müller", "MULLER" and "muller" fold
// to the same text, "Weiß" and "weiss" do too. Folding twice changes nothing.
func Fold(s string) string {
	if plain(s) {
		return s
	}
	return string(appendFold(make([]byte, 0, len(s)+len(s)/4), s))
}

// plain says that folding would change nothing: ASCII without capitals.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// appendFold appends Fold(s) to dst.
func appendFold(dst []byte, s string) []byte {
	at := len(dst)
	dst = append(dst, s...)
	if lowerASCIIBytes(dst[at:]) {
		return dst
	}
	return appendFoldRunes(dst[:at], s)
}

// lowerASCIIBytes folds ASCII in place, eight bytes at a time: a million rows
// are folded anew for every search instead of being held twice. For text that
// is not all ASCII it returns false and leaves nonsense.
func lowerASCIIBytes(b []byte) bool {
	const (
		ones = 0x0101010101010101
		high = 0x80 * ones // the top bit of each byte, which ASCII leaves free
	)
	for len(b) >= 8 {
		x := binary.LittleEndian.Uint64(b)
		if x&high != 0 {
			return false
		}
		// The top bit of a byte is set by the first sum from 'A' on and by the
		// second after 'Z'; between them a capital gets its 0x20.
		capital := ((x + (0x80-'A')*ones) ^ (x + (0x7f-'Z')*ones)) & high
		binary.LittleEndian.PutUint64(b, x|capital>>2)
		b = b[8:]
	}
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
		b[i] = lowerASCII(c)
	}
	return true
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func appendFoldRunes(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, lowerASCII(c))
			i++
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		dst = appendFoldRune(dst, s[i:i+size])
		i += size
	}
	return dst
}

// lastLatin is the last of the letters that foldLatin knows.
const lastLatin = 0x24f

// latinLetter is what such a letter folds to: n letters, more than there is room for
// when it is something else.
type latinLetter struct {
	n       uint8
	letters [2]byte
}

var latinLetters = sync.OnceValue(func() *[lastLatin + 1]latinLetter {
	var out [lastLatin + 1]latinLetter
	for r := rune(utf8.RuneSelf); r <= lastLatin; r++ {
		folded := appendFoldRune(nil, string(r))
		out[r].n = uint8(len(folded))
		copy(out[r].letters[:], folded)
	}
	return &out
})

// foldLatin folds text of Latin letters and typographic quotes and dashes in place,
// without decoding the rest of it. It returns false for text with other letters.
func foldLatin(b []byte) ([]byte, bool) {
	table, to := latinLetters(), 0
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			b[to] = lowerASCII(c)
			to, i = to+1, i+1
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r <= lastLatin && size == 2 && int(table[r].n) <= size:
			to += copy(b[to:], table[r].letters[:table[r].n])
		case '\u2010' <= r && r <= '\u201f' && r != '\u2016' && r != '\u2017':
			var one [4]byte
			to += copy(b[to:], appendLetter(one[:0], r))
		default:
			return nil, false
		}
		i += size
	}
	return b[:to], true
}

// appendFoldRune folds the one rune in s. Runes can be folded one by one
// because the marks, whose order normalisation is about, are dropped.
func appendFoldRune(dst []byte, s string) []byte {
	r, _ := utf8.DecodeRuneInString(s)
	if 0xAC00 <= r && r <= 0xD7A3 { // Hangul syllables are taken apart by rule, not by table
		for _, part := range norm.NFKD.String(s) {
			dst = utf8.AppendRune(dst, part)
		}
		return dst
	}
	parts := norm.NFKD.PropertiesString(s).Decomposition()
	if parts == nil {
		return appendLetter(dst, r)
	}
	for len(parts) > 0 {
		part, size := utf8.DecodeRune(parts)
		dst = appendLetter(dst, part)
		parts = parts[size:]
	}
	return dst
}

// appendLetter appends one decomposed rune in lower case, the letters that
// have no decomposition as people type them without the right keyboard, and
// nothing for marks and format characters.
func appendLetter(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return append(dst, lowerASCII(byte(r)))
	}
	r = unicode.ToLower(r)
	switch r {
	case 'ß':
		return append(dst, "ss"...)
	case 'æ':
		return append(dst, "ae"...)
	case 'œ':
		return append(dst, "oe"...)
	case 'þ':
		return append(dst, "th"...)
	case 'ø':
		return append(dst, 'o')
	case 'đ', 'ð':
		return append(dst, 'd')
	case 'ł':
		return append(dst, 'l')
	case 'ħ':
		return append(dst, 'h')
	case 'ŧ':
		return append(dst, 't')
	case 'ı':
		return append(dst, 'i')
	case 'ς':
		return append(dst, "σ"...)
	case '‘', '’', '‚', '‛', 'ʼ', '′':
		return append(dst, '\'')
	case '“', '”', '„', '‟', '″', '«', '»':
		return append(dst, '"')
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return append(dst, '-')
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return dst
	}
	return utf8.AppendRune(dst, r)
}
