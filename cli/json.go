package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// member is a name of a JSON object with its value, in the order of the file.
type member struct {
	name  string
	value json.RawMessage
}

// members reads an object. Text that cannot be sent as it is, and a name that
// is there twice, are errors with their place.
func members(raw []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var out []member
	for d.More() {
		from := d.InputOffset()
		token, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("not a JSON object: %w", err)
		}
		name, _ := token.(string)
		if why := badString(raw[from:d.InputOffset()]); why != "" {
			return nil, fmt.Errorf("the name %q %s", name, why)
		}
		m := member{name: name}
		if err := d.Decode(&m.value); err != nil {
			return nil, fmt.Errorf("not a JSON object: %w", err)
		}
		if err := badText(name, m.value); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(o member) bool { return o.name == name }) {
			return nil, fmt.Errorf("%s is named twice", name)
		}
		out = append(out, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	if rest := bytes.TrimSpace(raw[d.InputOffset():]); len(rest) > 0 {
		return nil, errors.New("more than one JSON object, or text behind it")
	}
	return out, nil
}

// badText finds text inside a value that cannot be sent as it is, and says
// where: "phones[0].raw is not UTF-8".
func badText(path string, raw json.RawMessage) error {
	why := badString(raw)
	if why == "" {
		return nil
	}
	switch raw = bytes.TrimSpace(raw); raw[0] {
	case '{':
		_, err := members(raw)
		if err != nil {
			return fmt.Errorf("%s.%w", path, err)
		}
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return err
		}
		for i, one := range list {
			if err := badText(path+"["+strconv.Itoa(i)+"]", one); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("%s %s", path, why)
}

// badString says why the strings of some JSON cannot be sent as they are, ""
// when they can: encoding/json puts U+FFFD in the place of both.
func badString(raw []byte) string {
	if at := invalidByte(raw); at >= 0 {
		return fmt.Sprintf("is not UTF-8 (byte 0x%02x)", raw[at])
	}
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		first, ok := escapedRune(raw[i:])
		if !ok || !utf16.IsSurrogate(first) {
			i++
			continue
		}
		second, ok := escapedRune(raw[i+6:])
		if !ok || utf16.DecodeRune(first, second) == utf8.RuneError {
			return fmt.Sprintf("holds half of a surrogate pair (%s)", raw[i:i+6])
		}
		i += 11
	}
	return ""
}

// escapedRune reads an escape such as \ud83d.
func escapedRune(raw []byte) (rune, bool) {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	return rune(n), err == nil
}

// jsonObjects gives every object of a file: objects and arrays one after the
// other, arrays inside arrays, and the lists of answers of the API, which hold
// theirs as "data".
func jsonObjects(raw []byte) ([]json.RawMessage, error) {
	raw = bytes.ReplaceAll(raw, []byte("\x1e"), []byte(" ")) // separates texts, RFC 7464
	w := objectWalker{raw: raw, d: json.NewDecoder(bytes.NewReader(raw))}
	for {
		switch w.next() {
		case 0:
			return w.objects, nil
		case '{', '[':
			if err := w.value(); err != nil {
				return nil, err
			}
		default:
			at := int(w.d.InputOffset())
			at += len(raw[at:]) - len(bytes.TrimLeft(raw[at:], " \t\r\n"))
			return nil, fmt.Errorf("%s: after row %d there is something that is no row", placeIn(raw, at), len(w.objects))
		}
	}
}

type objectWalker struct {
	raw     []byte
	d       *json.Decoder
	objects []json.RawMessage
}

// next is the byte with which the next value begins, 0 at the end.
func (w *objectWalker) next() byte {
	rest := bytes.TrimLeft(w.raw[w.d.InputOffset():], " \t\r\n,")
	if len(rest) == 0 {
		return 0
	}
	return rest[0]
}

func (w *objectWalker) value() error {
	if w.next() != '[' {
		var one json.RawMessage
		if err := w.d.Decode(&one); err != nil {
			return w.failed(fmt.Sprintf("row %d", len(w.objects)+1), err)
		}
		var answer struct{ Data []json.RawMessage }
		if json.Unmarshal(one, &answer) == nil && answer.Data != nil {
			w.objects = append(w.objects, answer.Data...)
		} else {
			w.objects = append(w.objects, one)
		}
		return nil
	}
	if _, err := w.d.Token(); err != nil {
		return w.failed("a list", err)
	}
	for w.d.More() {
		if err := w.value(); err != nil {
			return err
		}
	}
	if _, err := w.d.Token(); err != nil {
		return w.failed(fmt.Sprintf("after row %d", len(w.objects)), err)
	}
	return nil
}

// failed says where reading ended.
func (w *objectWalker) failed(what string, err error) error {
	at := int(w.d.InputOffset())
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = int(e.Offset)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s: the file ends in the middle", what)
	}
	return fmt.Errorf("%s: %s: %w", what, placeIn(w.raw, at), err)
}
