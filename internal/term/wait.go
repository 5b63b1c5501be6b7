//go:build unix

package term

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// WaitFor waits until every one of the texts is on the screen. A text is looked
// for within one row.
func (t *Terminal) WaitFor(texts ...string) error {
	return t.WaitFunc("the screen to show "+quoted(texts), func(screen string) bool {
		return containsAll(screen, texts)
	})
}

// WaitGone waits until none of the texts is on the screen.
func (t *Terminal) WaitGone(texts ...string) error {
	return t.WaitFunc("the screen to lose "+quoted(texts), func(screen string) bool {
		for _, text := range texts {
			if strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

// WaitFunc waits until ok is true of the screen, as [Terminal.Screen] gives it.
// what describes for the error what is waited for. The condition may also come true
// with the last output of a program that has ended.
func (t *Terminal) WaitFunc(what string, ok func(screen string) bool) error {
	return t.await(what, func() bool { return ok(t.text()) })
}

// WaitQuiet waits until the program has written nothing for the given time, or
// has ended. It is for pictures and measurements; a test should wait for what
// it expects.
func (t *Terminal) WaitQuiet(quiet time.Duration) error {
	if !t.quietFor(quiet, t.timeout) {
		return t.waitError("the screen to be quiet for "+quiet.String(), context.DeadlineExceeded)
	}
	return nil
}

// quietFor is false when the program continues writing until the limit.
func (t *Terminal) quietFor(quiet, limit time.Duration) bool {
	end := time.Now().Add(limit)
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for {
		t.mu.Lock()
		changed, ended := t.changed, t.ended
		t.mu.Unlock()
		if ended {
			return true
		}
		timer.Reset(quiet)
		select {
		case <-changed:
		case <-timer.C:
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// await waits until ok, which is called with t.mu held.
func (t *Terminal) await(what string, ok func() bool) error {
	timer := time.NewTimer(t.timeout)
	defer timer.Stop()
	for {
		t.mu.Lock()
		done, ended, changed := ok(), t.ended, t.changed
		t.mu.Unlock()
		switch {
		case done:
			return nil
		case ended:
			return t.waitError(what, ErrEnded)
		}
		select {
		case <-changed:
		case <-timer.C:
			return t.waitError(what, context.DeadlineExceeded)
		}
	}
}

// waitError describes what did not come true, and shows the screen.
func (t *Terminal) waitError(what string, cause error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		cause = fmt.Errorf("%w with exit code %d", cause, t.exit)
	} else {
		cause = fmt.Errorf("%w after %s", cause, t.timeout)
	}
	screen := strings.TrimRight(t.text(), "\n")
	return fmt.Errorf("wait for %s: %w; the screen is\n  | %s", what, cause, strings.ReplaceAll(screen, "\n", "\n  | "))
}

func containsAll(screen string, texts []string) bool {
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			return false
		}
	}
	return true
}

func quoted(texts []string) string {
	var b strings.Builder
	for i, text := range texts {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", text)
	}
	return b.String()
}
