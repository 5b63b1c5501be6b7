package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"levcontacts/internal/console"
)

const (
	// endTime is how long the program may take to end after a signal, whatever
	// it waits for.
	endTime = 2500 * time.Millisecond
	// secondTime is how long after the first signal a second one is still the
	// same wish: closing a window sends several.
	secondTime = 300 * time.Millisecond
	// interrupted is the exit code after a signal.
	interrupted = 130
)

// ending is the one place that ends the program from outside: a signal, a
// terminal that is gone, a ctrl+c that nothing hears.
type ending struct {
	signals chan os.Signal
	cancel  context.CancelFunc

	mu      sync.Mutex
	console *console.Console // the terminal that is taken now, or nil
}

// runUntilSignal calls run, whose context ends with the first signal, and
// returns its exit code. When run does not return in time, or a second signal
// comes, the terminal is put back and run is left behind.
func runUntilSignal(run func(context.Context, *ending) int) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e := &ending{signals: make(chan os.Signal, 8), cancel: cancel}
	signal.Notify(e.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT)
	defer signal.Stop(e.signals)
	done := make(chan int, 1)
	go func() { done <- run(ctx, e) }()
	wait := endTime
	select {
	case code := <-done:
		return code
	case <-e.signals:
		cancel()
	case <-ctx.Done(): // the screen has been waited for
		wait -= answerTime
	}
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
		return interrupted
	}
}

// end ends the program as a signal does.
func (e *ending) end() { e.cancel() }

// hold says which terminal is taken; the function it returns says that it is
// given back.
func (e *ending) hold(c *console.Console) (release func()) {
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
func (e *ending) putBack() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.console != nil {
		e.console.Close(true)
	}
}
