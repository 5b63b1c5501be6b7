package console

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

// typist sends bytes to a decoder with pauses, by a clock of its own.
type typist struct {
	decoder decoder
	now     time.Time
	out     strings.Builder
}

func newTypist() *typist { return &typist{now: time.Unix(1_700_000_000, 0)} }

// pause lets time pass; what the decoder holds back is due on the way.
func (y *typist) pause(d time.Duration) {
	for end := y.now.Add(d); ; {
		wait, ok := y.decoder.due(y.now)
		if !ok || y.now.Add(wait).After(end) {
			y.now = end
			return
		}
		y.now = y.now.Add(wait)
		y.out.Write(y.decoder.flush(y.now))
	}
}

func (y *typist) send(s string) { y.out.Write(y.decoder.feed([]byte(s), y.now)) }

// sendTorn sends byte after byte.
func (y *typist) sendTorn(s string, gap time.Duration) {
	for i := range len(s) {
		if i > 0 {
			y.pause(gap)
		}
		y.send(s[i : i+1])
	}
}

// all is what the library got, with the pastes in their places.
func (y *typist) all() string {
	y.pause(time.Minute)
	s := y.out.String()
	for _, p := range y.decoder.pastes {
		s = strings.Replace(s, pasteKey, "{"+p+"}", 1)
	}
	return s
}

func TestDecoderHandsOnKeys(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"abc":                        "abc",
		"é日👍":                        "é日👍",
		"\x1b[A\x1b[1;5B":            "\x1b[A\x1b[1;5B",
		"\x1bOP\x1bOH":               "\x1bOP\x1bOH",
		"\x1b[[A":                    "\x1b[[A",
		"\x1b[M !!j":                 "\x1b[M !!j",
		"\x1b[<64;10;5Mj":            "\x1b[<64;10;5Mj",
		"\x1b[7$j":                   "\x1b[7$j",
		"\x1b":                       escapeKey,
		"\x1b\x1b":                   escapeKey + escapeKey,
		"\x1b\x1b[A":                 escapeKey + "\x1b[A",
		"\x1bx\x1bé":                 "\x1bx\x1bé",
		"\x1b]":                      "\x1b[93;3u",
		"\x1b]j":                     "\x1b[93;3uj",
		"\x1bPj":                     "\x1b[80;3uj",
		"\x1b_jj":                    "\x1b[95;3ujj",
		"\x1b^\x1bX\x1bO":            "\x1b[94;3u\x1b[88;3u\x1b[79;3u",
		"\x1b]11;rgb:1c/1c/1c\aj":    "\x1b]11;rgb:1c/1c/1c\aj",
		"\x1b]11;rgb:1c/1c/1c\x1b\\": "\x1b]11;rgb:1c/1c/1c\x1b\\",
		"\x1bP>|tmux 3.3a\x1b\\j":    "\x1bP>|tmux 3.3a\x1b\\j",
		"\x1b[?62;4cj":               "j",
		"\x1b[?2026;2$y":             "\x1b[?2026;2$y",
		"\x1b[?2027;2$yj":            "j",
		"\x1b[?1u":                   "\x1b[?1u",
		"a\x9dj\xc2\x9dj\xffj":       "ajjj",
		string(PasteMark) + "j":      "j",
		"\x1b[12\x1b[A":              "\x1b[A",
		"\x1b]11;rgb\x1b[A":          "\x1b[A",
	} {
		y := newTypist()
		y.send(in)
		if got := y.all(); got != want {
			t.Errorf("%q is handed on as %q, want %q", in, got, want)
		}
	}
}

// B14: what is torn is joined. An escape alone is a key after 50 ms, unless the
// terminal has a keyboard protocol; the rest of the sequence is no key then.
func TestDecoderJoinsWhatIsTorn(t *testing.T) {
	t.Parallel()
	sequences := []string{
		"\x1b[B", "\x1b[1;5C", "\x1b[<65;30;12M", "\x1bOA", "é", "日", "👍", "\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", "\x1b[99;5u",
		pasteStart + "abc" + pasteEnd,
	}
	for _, gap := range []time.Duration{1, 40 * time.Millisecond, 60 * time.Millisecond, 100 * time.Millisecond, 300 * time.Millisecond} {
		for _, s := range sequences {
			for _, keyboard := range []bool{true, false} {
				y := newTypist()
				y.decoder.keyboard = keyboard
				y.sendTorn(s, gap)
				want := s
				if strings.HasPrefix(s, pasteStart) {
					want = "{abc}"
				}
				if !keyboard && s[0] == escape && gap >= escapeWait {
					if want = escapeKey; gap > orphanWait || s[1] != '[' && s[1] != 'O' || strings.HasPrefix(s, pasteStart) {
						continue // cannot be told from typing
					}
				}
				if got := y.all(); got != want {
					t.Errorf("%q torn by %s (keyboard protocol %v) is handed on as %q, want %q", s, gap, keyboard, got, want)
				}
			}
		}
	}
}

// B5: no paste makes a key dead.
func TestDecoderPastes(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{
		"see \x1b]0;title": "see ]0;title", "\x1bP": "P", "\x1b_": "_", "\x1b^": "^", "\x1bX": "X", "\x1b[M": "", "a\x1b[31mb\x1b[": "ab[", "a\x1b]0;t\ab\x1bPq\x1b\\c": "abc", "a\x1b]52;x\n\ab": "a]52;x\nb", "\x9d": "\ufffd",
		"a\x03b": "ab", "a\x00\x7f\u009db": "ab", "line\r\nline\tx": "line\r\nline\tx", "日本\x1b[20": "日本[20", "": "",
		strings.Repeat("x", 100_000): strings.Repeat("x", 100_000),
	}
	for body, want := range bodies {
		y := newTypist()
		y.send("a" + pasteStart + body + pasteEnd + "jq")
		if got := y.all(); got != "a{"+want+"}jq" {
			t.Errorf("paste of %.20q: got %.60q", body, got)
		}
	}
	for at := 1; at < len(pasteEnd); at++ {
		y := newTypist()
		y.send(pasteStart + "abc" + pasteEnd[:at])
		y.pause(400 * time.Millisecond)
		y.send(pasteEnd[at:] + "j")
		if got := y.all(); got != "{abc}j" {
			t.Errorf("end torn at %d: got %q", at, got)
		}
	}
	for _, end := range []string{"", "\x1b", "\x1b[20"} { // one that never comes
		y := newTypist()
		y.send(pasteStart + "abc" + end)
		y.pause(2 * time.Second)
		y.send("j")
		y.send("\x1b[A")
		if got := y.all(); got != "{abc}j\x1b[A" {
			t.Errorf("after %q: got %q", end, got)
		}
	}
	for _, key := range []string{"\x03", "\x1b[99;5u", "\x1b[27;5;99~"} {
		y := newTypist()
		y.send(pasteStart + "abc")
		y.pause(200 * time.Millisecond)
		y.send(key)
		if got := y.all(); got != "{abc}"+key || y.decoder.interrupts != 1 {
			t.Errorf("ctrl+c as %q in a paste: got %q, %d times heard", key, got, y.decoder.interrupts)
		}
	}
}

// A paste that stalls is no keys when it continues.
func TestDecoderPasteThatStalls(t *testing.T) {
	t.Parallel()
	y := newTypist()
	y.send(pasteStart + "first")
	y.pause(3 * time.Second)
	second := strings.Repeat("dqE", 30)
	y.send(second + pasteEnd + "j")
	if got := y.all(); got != "{first}{"+second+"}j" {
		t.Errorf("got %q", got)
	}
}

func TestDecoderNotesAnswers(t *testing.T) {
	t.Parallel()
	y := newTypist()
	y.send("\x1b[?62c\x1b[?2027;1$y\x1b[?0u")
	if d := y.decoder; d.replied != 1 || !d.clusters || d.keyboard {
		t.Errorf("answered %d, clusters %v, keyboard %v", d.replied, d.clusters, d.keyboard)
	}
	y.send("\x1b[?62c\x1b[?1u")
	if d := y.decoder; d.replied != 2 || !d.keyboard {
		t.Errorf("answered %d, keyboard %v", d.replied, d.keyboard)
	}
}

// Whatever came before, a key pressed two seconds later is heard as itself.
func TestDecoderHearsEveryKeyAfterAnything(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	pieces := []string{"\x1b", "[", "]", "P", "_", "O", "M", "200~", "201~", pasteStart, pasteEnd, "1;5", "\xe6", "日", "a", "\x03", "\\", "\a", ";", "?", "\x9d", "\xff"}
	for range 5000 {
		y := newTypist()
		var sent []string
		for range 1 + r.IntN(8) {
			s := pieces[r.IntN(len(pieces))]
			sent = append(sent, s)
			y.send(s)
			if r.IntN(3) == 0 {
				y.pause(time.Duration(r.IntN(200)) * time.Millisecond)
			}
		}
		y.pause(2 * time.Second)
		before := y.out.Len()
		for _, key := range []string{"j", "\x1b[A", "\x03"} {
			y.send(key)
		}
		if got := y.out.String()[before:]; got != "j\x1b[A\x03" {
			t.Fatalf("seed %d: after %q the keys are %q", seed, sent, got)
		}
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add("a\x1b[200~b\x1b[201~c", 3)
	f.Add("\x1b]11;rgb\x1b\\", 5)
	f.Fuzz(func(t *testing.T, s string, cut int) {
		y := newTypist()
		at := 0
		if len(s) > 0 {
			at = max(0, cut) % (len(s) + 1)
		}
		for _, part := range []string{s[:at], s[at:]} {
			if part != "" {
				y.send(part)
			}
		}
		y.pause(2 * time.Second)
		for _, p := range y.decoder.pastes {
			if i := strings.IndexFunc(p, func(r rune) bool { return unicode.IsControl(r) && !slices.Contains([]rune("\t\r\n"), r) }); i >= 0 {
				t.Errorf("a control is in the paste %q", p)
			}
		}
		before := y.out.Len()
		y.send("j")
		if got := y.out.String()[before:]; got != "j" {
			t.Errorf("the key is %q", got)
		}
	})
}

func BenchmarkDecoderPaste(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		body := pasteStart + strings.Repeat("x", n) + pasteEnd
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for range b.N {
				newTypist().send(body)
			}
		})
	}
}
