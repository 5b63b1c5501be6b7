//go:build unix

package console

import (
	"os"
	"runtime"
	"testing"
	"time"
)

// A wait ends with input, with its limit, and when it is stopped, which is no
// failure: the terminal is still there.
func TestWaitIsStopped(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = r.Close(), w.Close() }()
	for n := range 100 { // stopped before, at the beginning of, and during the wait
		wait, err := newWaiter(int(r.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		if ready, stopped, err := wait.wait(time.Microsecond); ready || stopped || err != nil {
			t.Fatalf("after its limit: ready %t, stopped %t, %v", ready, stopped, err)
		}
		type result struct {
			ready, stopped bool
			err            error
		}
		ended := make(chan result, 1)
		go func() {
			ready, stopped, err := wait.wait(0)
			ended <- result{ready, stopped, err}
		}()
		for range n {
			runtime.Gosched()
		}
		wait.stop()
		if got := <-ended; got != (result{stopped: true}) {
			t.Fatalf("stopped: %+v", got)
		}
		wait.close()
	}
	wait, err := newWaiter(int(r.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	if ready, stopped, err := wait.wait(0); !ready || stopped || err != nil {
		t.Errorf("with input: ready %t, stopped %t, %v", ready, stopped, err)
	}
	wait.stop()
	wait.close()
}
