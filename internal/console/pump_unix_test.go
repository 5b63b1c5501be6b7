//go:build unix

package console

import (
	"errors"
	"io"
	"sync"
	"testing"
)

// What was read is given in order, in pieces of any size; a read that waits while
// the terminal library leaves the screen gives nothing and loses nothing.
func TestReadGivesWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := newPump(nil, nil)
	read := func(size int) (string, error) {
		b := make([]byte, size)
		n, err := p.Read(b)
		return string(b[:n]), err
	}
	want := func(what, want string, size int) {
		t.Helper()
		if got, err := read(size); got != want || err != nil {
			t.Errorf("%s: %q, %v, want %q", what, got, err, want)
		}
	}
	p.take([]byte("abc"))
	want("the beginning", "ab", 2)
	p.take([]byte("d"))
	want("the rest", "cd", 8)

	var waits sync.WaitGroup
	waits.Go(func() { want("a read that waits while the screen is left", "", 8) })
	p.leave(true)
	waits.Wait()
	p.take([]byte("typed meanwhile"))
	want("a read while the screen is left", "", 8)
	p.leave(false)
	want("after it", "typed meanwhile", 64)

	p.end()
	if got, err := read(8); got != "" || !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %q, %v", got, err)
	}
}
