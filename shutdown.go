package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/levcontacts/levcontacts/internal/console"
)

const (
	// endTime is how long the program may take to end after a signal, whatever
	// it waits for.
	endTime = 2500 * time.Millisecond
	// secondTime is how long after the first signal a second one counts as the
	// same request: closing a window sends several.
	secondTime = 300 * time.Millisecond
	// exitInterrupted is the exit code after a signal.
	exitInterrupted = 130
	// exitTraced is the exit code after a trace, as the Go runtime has it, and
	// traceTime how long it may take to write one.
	exitTraced = 2
	traceTime  = 300 * time.Millisecond
)

// shutdown ends the program from outside: after a signal, when the terminal is
// gone, or when the screen does not react to ctrl+c.
type shutdown struct {
	signals chan os.Signal
	cancel  context.CancelFunc

	mu      sync.Mutex
	console *console.Console // the terminal that is taken now, or nil
	lent    atomic.Bool      // an editor has the terminal: what is typed there is for it
}

// runUntilSignal calls run, whose context ends with the first signal, and
// returns its exit code. When run does not return in time, or a second signal
// comes, the terminal is put back and run is left behind. A signal that asks
// for a trace gets one, once the terminal is back.
func runUntilSignal(run func(context.Context, *shutdown) int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e := &shutdown{signals: make(chan os.Signal, 8), cancel: cancel}
	signal.Notify(e.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT)
	done := make(chan int, 1)
	go func() { done <- run(ctx, e) }()
	wait := endTime
	for {
		select {
		case code := <-done:
			return code
		case sig := <-e.signals:
			typed := sig == os.Interrupt || sig == syscall.SIGQUIT
			if typed && e.lent.Load() {
				continue // it is for the editor
			}
			if sig == syscall.SIGQUIT || sig == syscall.SIGABRT {
				trace := goroutines()
				cancel()
				e.wait(done, wait)
				write(trace)
				return exitTraced
			}
			cancel()
		case <-ctx.Done(): // the screen has been waited for
			wait -= ctrlCLimit
		}
		return e.wait(done, wait)
	}
}

// wait waits for run, and continues without it after a while or with a signal.
func (e *shutdown) wait(done <-chan int, wait time.Duration) int {
	limit, first := time.After(wait), time.Now()
	for {
		select {
		case code := <-done:
			return code
		case <-e.signals:
			if rest := secondTime - time.Since(first); rest > 0 {
				limit = time.After(rest)
				continue
			}
		case <-limit:
		}
		e.putBack()
		return exitInterrupted
	}
}

// goroutines is what the program does at this moment, for a report.
func goroutines() []byte {
	trace := make([]byte, 1<<20)
	return trace[:runtime.Stack(trace, true)]
}

// write writes to standard error, which may be a terminal that does not read.
func write(text []byte) {
	done := make(chan struct{})
	go func() {
		_, _ = os.Stderr.Write(text)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(traceTime):
	}
}

// end ends the program as a signal does.
func (e *shutdown) end() { e.cancel() }

// hold registers the terminal that is taken; the function it returns unregisters
// it.
func (e *shutdown) hold(c *console.Console) (release func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.console = c
	return func() {
		c.Close(true) // does nothing after another Close
		e.mu.Lock()
		defer e.mu.Unlock()
		e.console = nil
	}
}

// putBack puts the terminal back past everything that may be stuck.
func (e *shutdown) putBack() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.console != nil {
		e.console.Close(true)
	}
}
