package cli

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The encodings of a text file. The first is found out from the file.
var encodings = [...]string{"auto", "utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-1", "macintosh"}

// decodeText gives the text of a file in UTF-8, and says in which encoding it
// was. Nothing is replaced: what cannot be read is an error with its place.
func decodeText(raw []byte, encoding string) (text, was string, err error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")) && (encoding == "auto" || encoding == "utf-16le"):
		raw, encoding = raw[2:], "utf-16le"
	case bytes.HasPrefix(raw, []byte("\xfe\xff")) && (encoding == "auto" || encoding == "utf-16be"):
		raw, encoding = raw[2:], "utf-16be"
	}
	if encoding == "auto" {
		if encoding, err = detect(raw); err != nil {
			return "", "", err
		}
	}
	switch encoding {
	case "utf-16le":
		text, err = decodeUTF16(raw, 0)
	case "utf-16be":
		text, err = decodeUTF16(raw, 1)
	case "windows-1252":
		text, err = decodeChars(raw, charmap.Windows1252)
	case "iso-8859-1":
		text, err = decodeChars(raw, charmap.ISO8859_1)
	case "macintosh":
		text, err = decodeChars(raw, charmap.Macintosh)
	default:
		if at := invalidByte(raw); at >= 0 {
			return "", "", fmt.Errorf("%s: byte 0x%02x is not UTF-8", placeIn(raw, at), raw[at])
		}
		text = string(raw)
	}
	return text, encoding, err
}

// detect tells UTF-8 from the encoding of Windows. A file that has letters of
// both is damaged, and read as neither.
func detect(raw []byte) (string, error) {
	at := invalidByte(raw)
	if at < 0 {
		return "utf-8", nil
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", fmt.Errorf("%s: this is no text; UTF-16 without a byte order mark needs --encoding utf-16le", placeIn(raw, bytes.IndexByte(raw, 0)))
	}
	for rest := raw; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if size > 1 && r != utf8.RuneError {
			return "", fmt.Errorf("%s: byte 0x%02x is not UTF-8, and other letters of the file are; --encoding says how to read it", placeIn(raw, at), raw[at])
		}
		rest = rest[size:]
	}
	return "windows-1252", nil
}

// invalidByte is the offset of the first byte that is not UTF-8, -1 for none.
func invalidByte(raw []byte) int {
	if utf8.Valid(raw) {
		return -1
	}
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return -1
}

// placeIn is an offset of a file in words.
func placeIn(raw []byte, offset int) string {
	before := raw[:min(offset, len(raw))]
	line := bytes.Count(before, []byte("\n"))
	start := bytes.LastIndexByte(before, '\n') + 1
	return fmt.Sprintf("line %d, character %d", line+1, utf8.RuneCount(before[start:])+1)
}

// decodeUTF16 reads pairs of bytes; high is which of the two comes from above.
func decodeUTF16(raw []byte, low int) (string, error) {
	if len(raw)%2 != 0 {
		return "", fmt.Errorf("this is not UTF-16: it ends in the middle of a character")
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i+low]) | uint16(raw[2*i+1-low])<<8
	}
	for i, u := range units {
		high := i+1 < len(units) && utf16.DecodeRune(rune(u), rune(units[i+1])) != utf8.RuneError
		paired := i > 0 && utf16.DecodeRune(rune(units[i-1]), rune(u)) != utf8.RuneError
		if utf16.IsSurrogate(rune(u)) && !high && !paired {
			return "", fmt.Errorf("character %d is half of a surrogate pair (0x%04x)", i+1, u)
		}
	}
	return string(utf16.Decode(units)), nil
}

// decodeChars reads an encoding of one byte a character.
func decodeChars(raw []byte, m *charmap.Charmap) (string, error) {
	var b strings.Builder
	for i, c := range raw {
		r := m.DecodeByte(c)
		if r == utf8.RuneError || m == charmap.Windows1252 && r >= 0x80 && r < 0xa0 {
			return "", fmt.Errorf("%s: byte 0x%02x is neither UTF-8 nor %s", placeIn(raw, i), c, m)
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}
