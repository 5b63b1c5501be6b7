package console

import (
	"bytes"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// escapeWait is how long a lone escape may be the begin of a sequence. It
	// is what the escape key costs in terminals without a keyboard protocol.
	escapeWait = 50 * time.Millisecond

	// sequenceWait is how long the rest of a sequence or a character may take.
	sequenceWait = 500 * time.Millisecond

	// orphanWait is how long after an escape the rest of a torn sequence is
	// still told apart from typed text.
	orphanWait = 150 * time.Millisecond

	// pasteWait is how long a paste may pause before it counts as ended.
	pasteWait = time.Second

	// lateWait is how long after a paste that never ended a burst of text is
	// taken for the rest of it.
	lateWait = 10 * time.Second

	// burst is the length of one read from which on it cannot be typing.
	burst = 32

	// keyGap is the pause before a ctrl+c that is a key and not pasted text.
	keyGap = 50 * time.Millisecond

	// The most bytes of a sequence, of a terminal's answer, and of a paste.
	maxSequence = 256
	maxReply    = 1 << 20
	maxPaste    = 8 << 20
)

// PasteMark is a character that no keyboard has. It stands in the input where a
// paste belongs, see [Console.Paste].
const PasteMark = '\U0010fffd'

const (
	escape     = 0x1b
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	pasteKey   = "\x1b[1114109u" // PasteMark as a key
	escapeKey  = "\x1b[27u"
)

// decoder takes what the terminal sent apart, far enough to hand on whole
// characters, whole sequences and whole pastes. Nothing that is pasted or torn
// can leave it in a state in which a key is not heard.
type decoder struct {
	held     []byte // begin of a sequence or character
	orphan   bool   // held lacks its escape, which was handed on as a key
	pasting  bool
	paste    []byte
	last     time.Time // when the last bytes came
	escaped  time.Time // when a lone escape was handed on
	unended  time.Time // when a paste was given up
	keyboard bool      // the terminal has a keyboard protocol: a lone escape is torn

	pastes     []string
	interrupts int  // how often ctrl+c was pressed
	replied    int  // how many device attributes came: all that was asked before is answered
	clusters   bool // the terminal counts clusters of characters as one (mode 2027)
}

// feed takes bytes read at a time and returns what is complete.
func (d *decoder) feed(data []byte, now time.Time) []byte {
	gap := now.Sub(d.last)
	d.last = now
	if d.pasting {
		if !isInterrupt(data) || gap < keyGap {
			return d.feedPaste(data, nil)
		}
		return d.parse(data, d.endPaste(len(d.paste), nil))
	}
	if !d.unended.IsZero() && now.Sub(d.unended) < lateWait && len(data) > burst && data[0] != escape {
		d.pasting = true
		return d.feedPaste(data, nil)
	}
	if len(d.held) == 0 && now.Sub(d.escaped) < orphanWait && (data[0] == '[' || data[0] == 'O') {
		d.orphan = true
		data = append([]byte{escape}, data...)
	}
	if len(d.held) > 0 {
		data = append(d.held, data...)
		d.held = nil
	}
	return d.parse(data, nil)
}

// due describes how long to wait for more before flush; ok is false for ever.
func (d *decoder) due(now time.Time) (wait time.Duration, ok bool) {
	switch {
	case d.pasting:
		wait = pasteWait
	case len(d.held) == 0:
		return 0, false
	case len(d.held) == 1 && d.held[0] == escape && !d.keyboard:
		wait = escapeWait
	default:
		wait = sequenceWait
	}
	return max(0, wait-now.Sub(d.last)), true
}

// flush returns what was held back when nothing has followed in time.
func (d *decoder) flush(now time.Time) []byte {
	if wait, ok := d.due(now); !ok || wait > 0 {
		return nil
	}
	if d.pasting {
		d.unended = now
		return d.endPaste(len(d.paste)-splitEnd(d.paste), nil)
	}
	held := d.held
	d.held = nil
	switch {
	case d.orphan:
		d.orphan = false
		return held[1:]
	case held[0] != escape:
		return nil // part of a character
	case len(held) == 1:
		d.escaped = now
		return []byte(escapeKey)
	case len(held) == 2:
		return altKey(held[1])
	}
	return nil // part of a sequence
}

// parse appends what is complete to out and keeps the rest.
func (d *decoder) parse(b, out []byte) []byte {
	for len(b) > 0 {
		n := d.next(b)
		if n == 0 {
			d.held = bytes.Clone(b)
			return out
		}
		token := b[:n]
		b = b[n:]
		if d.orphan {
			d.orphan = false
			continue // the escape has been a key already
		}
		switch s := string(token); {
		case s == pasteStart:
			d.pasting, d.paste = true, nil
			return d.feedPaste(b, out)
		case s == pasteEnd:
			d.unended = time.Time{}
		default:
			out = append(out, d.forward(token)...)
		}
	}
	return out
}

// next is the length of the first character or sequence; 0 when it is not whole.
func (d *decoder) next(b []byte) int {
	if b[0] != escape {
		if !utf8.FullRune(b) {
			return 0
		}
		_, n := utf8.DecodeRune(b)
		return n
	}
	if len(b) == 1 {
		return 0
	}
	switch b[1] {
	case '[':
		return controlSequence(b)
	case 'O':
		return shiftSequence(b)
	case ']', 'P':
		return reply(b)
	case escape:
		return 1
	}
	if !utf8.FullRune(b[1:]) {
		return 0
	}
	_, n := utf8.DecodeRune(b[1:])
	return 1 + n
}

// controlSequence is the length of a sequence that begins with ESC [. One that
// is broken off ends before the byte that does not belong to it.
func controlSequence(b []byte) int {
	switch {
	case len(b) == 2:
		return 0
	case b[2] == '[': // a function key of the Linux console
		return whole(b, 4)
	case b[2] == 'M': // a mouse report of the oldest kind
		return whole(b, 6)
	}
	for i := 2; i < len(b); i++ {
		switch c := b[i]; {
		case c == '$' && b[2] != '?': // rxvt ends keys with it
			return i + 1
		case c >= 0x20 && c <= 0x3f:
			if i > maxSequence {
				return i
			}
		case c >= 0x40 && c <= 0x7e:
			return i + 1
		default:
			return i
		}
	}
	return 0
}

// shiftSequence is the length of a sequence that begins with ESC O.
func shiftSequence(b []byte) int {
	for i := 2; i < len(b); i++ {
		if c := b[i]; c < '0' || c > ';' {
			if c >= 0x40 && c <= 0x7e {
				return i + 1
			}
			return i
		}
	}
	return 0
}

// reply is the length of a terminal's answer, which begins with ESC ] or ESC P
// and ends with BEL or ESC \. A letter after the begin makes it a key with alt.
func reply(b []byte) int {
	if len(b) == 2 {
		return 0
	}
	if c := b[2]; c < 0x21 || c > 0x3f {
		if !(b[1] == 'P' && (c == '|' || c == escape)) {
			return 2
		}
	}
	for i := 2; i < len(b); i++ {
		switch {
		case b[i] == '\a' && b[1] == ']':
			return i + 1
		case b[i] == escape && i+1 == len(b):
			return 0
		case b[i] == escape && b[i+1] == '\\':
			return i + 2
		case b[i] < 0x20 || i > maxReply:
			return i
		}
	}
	return 0
}

func whole(b []byte, n int) int {
	if len(b) < n {
		return 0
	}
	return n
}

// forward is what the terminal library gets for one character or sequence.
func (d *decoder) forward(token []byte) []byte {
	if isInterrupt(token) {
		d.interrupts++
		return token
	}
	if token[0] != escape {
		r, _ := utf8.DecodeRune(token)
		if r == utf8.RuneError || r >= 0x80 && unicode.IsControl(r) || r == PasteMark {
			return nil
		}
		return token
	}
	last := token[len(token)-1]
	switch {
	case len(token) == 1:
		return []byte(escapeKey)
	case len(token) == 2:
		return altKey(token[1])
	case token[1] == '[' && token[2] == '?':
		return d.forwardAnswer(token, last)
	case token[1] == '[' && (last < 0x20 || last > 0x3f || last == '$'), token[1] == 'O' && last >= 0x40:
		return token
	case token[1] == '[' && token[2] == 'M':
		return token
	case (token[1] == ']' || token[1] == 'P') && (last == '\a' || bytes.HasSuffix(token, []byte("\x1b\\"))):
		return token
	case token[1] >= utf8.RuneSelf:
		return token
	}
	return nil // broken off
}

// forwardAnswer keeps to itself what the terminal library need not know. It must
// not know of clusters: text is measured by character everywhere.
func (d *decoder) forwardAnswer(token []byte, last byte) []byte {
	switch {
	case last == 'c':
		d.replied++
		return nil
	case last == 'y' && bytes.HasPrefix(token, []byte("\x1b[?2027;")):
		d.clusters = d.clusters || token[len("\x1b[?2027;")] == '1'
		return nil
	case last == 'u':
		d.keyboard = string(token) != "\x1b[?0u"
	}
	return token
}

// altKey is a key with alt, in a spelling that cannot begin anything.
func altKey(c byte) []byte {
	switch c {
	case '[':
		return []byte("\x1b[91;3u")
	case ']':
		return []byte("\x1b[93;3u")
	case '_':
		return []byte("\x1b[95;3u")
	case '^':
		return []byte("\x1b[94;3u")
	case 'O':
		return []byte("\x1b[79;3u")
	case 'P':
		return []byte("\x1b[80;3u")
	case 'X':
		return []byte("\x1b[88;3u")
	}
	return []byte{escape, c}
}

// isInterrupt reports whether a whole read or token is ctrl+c, in one of its spellings.
func isInterrupt(token []byte) bool {
	switch string(token) {
	case "\x03", "\x1b[99;5u", "\x1b[99;5:1u", "\x1b[27;5;99~":
		return true
	}
	return false
}
