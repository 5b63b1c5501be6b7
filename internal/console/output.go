package console

import (
	"bytes"
	"os"
	"sync"
	"time"
)

const (
	askAttributes = "\x1b[c"
	saveTitle     = "\x1b[22;2t"
	restoreTitle  = "\x1b[23;2t"
	resetCursor   = "\x1b[0 q"
	countByChar   = "\x1b[?2027l"
	countClusters = "\x1b[?2027h"
	altScreenOn   = "\x1b[?1049h"
	altScreenOff  = "\x1b[?1049l"
	tellSchemes   = "\x1b[?2031h" // of light and dark, when they change
	keepSchemes   = "\x1b[?2031l"
	repaint       = "\x1b[H\x1b[2J" // what a frame of the terminal library begins with that draws every row
	resetMargins  = "\x1b[r"

	// leaveScreen undoes what the terminal library does to a terminal, for when
	// the library cannot. clearScreen comes before it where a screen was drawn.
	clearScreen = "\x1b[?2026l\x1b[0m\x1b[H\x1b[2J\x1b[<u" + altScreenOff
	leaveScreen = "\x1b[?2026l\x1b[0m\x1b[>4m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?25h"
)

// Output is where the terminal library writes. It notes what has to be undone,
// and every question is followed by one that all terminals answer, so that it
// is known when there is nothing left to wait for.
type Output struct {
	*os.File
	mu        sync.Mutex
	shut      bool
	alt       bool
	cursor    bool // its shape was changed
	schemes   bool // the terminal reports when its colors change
	queried   int
	queriedAt time.Time
}

// Write writes a part of a frame. After the end it does nothing.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shut {
		return len(p), nil
	}
	query := o.note(p)
	if _, err := o.File.Write(wholeScreen(p)); err != nil {
		return 0, err
	}
	if query {
		o.queried++
		o.queriedAt = time.Now()
		if _, err := o.File.WriteString(askAttributes); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// wholeScreen lets a frame that draws every row have the whole screen. One before it that
// scrolled a part of the screen, and was still on its way when the terminal got larger,
// has set margins of a size that is not the terminal's anymore.
func wholeScreen(p []byte) []byte {
	if !bytes.Contains(p, []byte(repaint)) {
		return p
	}
	return bytes.ReplaceAll(p, []byte(repaint), []byte(resetMargins+repaint))
}

// WriteString is Write for text: without it the file's own would be used.
func (o *Output) WriteString(s string) (int, error) { return o.Write([]byte(s)) }

// note looks for what has to be undone, and reports whether something is asked.
func (o *Output) note(p []byte) bool {
	if i, j := bytes.LastIndex(p, []byte(altScreenOn)), bytes.LastIndex(p, []byte(altScreenOff)); i != j {
		o.alt = i > j
	}
	if i, j := bytes.LastIndex(p, []byte(tellSchemes)), bytes.LastIndex(p, []byte(keepSchemes)); i != j {
		o.schemes = i > j
	}
	for rest := p; ; {
		i := bytes.Index(rest, []byte(" q"))
		if i < 0 {
			break
		}
		if start := bytes.LastIndexByte(rest[:i], escape); start >= 0 && i-start <= 3 && rest[start+1] == '[' {
			o.cursor = !bytes.Equal(rest[start:i], []byte("\x1b[0")) && i-start > 2
		}
		rest = rest[i+2:]
	}
	return queries(p)
}

// queries reports whether output has a question of the terminal library in it, which a
// terminal answers.
func queries(p []byte) bool {
	for _, q := range [...]string{
		"\x1b[?2026$p", "\x1b[?2027$p", "\x1b]10;?", "\x1b]11;?", "\x1b]12;?", "\x1b[?u", "\x1b]52;c;?", "\x1b[>0q",
	} {
		if bytes.Contains(p, []byte(q)) {
			return true
		}
	}
	return false
}

// replyLimit is how long ago a question may be asked and still be answered.
const replyLimit = 3 * time.Second

// pending reports whether a question may still be answered.
func (o *Output) pending(replied int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queried > replied && time.Since(o.queriedAt) < replyLimit
}

// undo is what puts back what the terminal library leaves: all of it when the
// library was stuck.
func (o *Output) undo(all bool) string {
	s := ""
	if all && o.alt {
		s = clearScreen
	}
	if all {
		s += leaveScreen
	}
	if o.cursor {
		s += resetCursor
	}
	if o.schemes {
		s += keepSchemes
	}
	return s + restoreTitle
}
