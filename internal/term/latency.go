//go:build unix

package term

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// burstGap ends the output that answers a key, for programs that do not
	// mark their frames. It is shorter than the time between two frames at 60
	// a second and longer than that between two writes of one frame.
	burstGap = 10 * time.Millisecond

	// settleGap and settleLimit are how quiet a program must be before the
	// next key, and how long that is waited for.
	settleGap   = 20 * time.Millisecond
	settleLimit = 200 * time.Millisecond

	// tick is the time between two frames at 60 a second, rounded up.
	tick = 17 * time.Millisecond
)

// Samples are measured times in the order they were taken.
type Samples []time.Duration

// Percentile returns the smallest sample that is at least as large as p percent
// of all of them, p from 0 to 100; 0 when there are none.
func (s Samples) Percentile(p float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	rank := int(math.Ceil(p / 100 * float64(len(s))))
	return sorted[min(max(rank, 1), len(s))-1]
}

// String shows the usual percentiles, in milliseconds.
func (s Samples) String() string {
	ms := func(p float64) float64 { return float64(s.Percentile(p)) / float64(time.Millisecond) }
	return fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f ms (n=%d)", ms(50), ms(95), ms(99), ms(100), len(s))
}

// MeasureStart starts the program runs times and measures how long it takes from
// just before it is executed until the text is on the screen. The program is
// killed each time.
func MeasureStart(ctx context.Context, o Options, runs int, text string) (Samples, error) {
	var samples Samples
	for range runs {
		took, err := measureStart(ctx, o, text)
		if err != nil {
			return nil, err
		}
		samples = append(samples, took)
	}
	return samples, nil
}

func measureStart(ctx context.Context, o Options, text string) (time.Duration, error) {
	w := &watch{text: text}
	t, err := start(ctx, o, w)
	if err != nil {
		return 0, err
	}
	defer t.Close()
	if err := t.await("the first frame with "+strconv.Quote(text), func() bool { return !w.shown.IsZero() }); err != nil {
		return 0, err
	}
	return w.shown.Sub(t.started), nil
}

// MeasureKey presses a key n times, taking turns when several are named, and
// measures how long it takes from just before the key is written until the
// answer to it has been read: the first whole frame after it when the program
// marks its frames (as Bubble Tea does), otherwise the first burst of output.
// Every key must change the screen. Between two keys the program is let settle,
// and then a little longer by a different part of a frame's time, so that the
// keys do not fall in step with the program's own clock.
func MeasureKey(t *Terminal, n int, keys ...string) (Samples, error) {
	if len(keys) == 0 {
		return nil, errors.New("measure keys: no key is named")
	}
	defer t.setWatch(nil)
	var samples Samples
	for i := range n {
		t.quietFor(settleGap, settleLimit) // a program that never rests is measured as it is
		time.Sleep(time.Duration(i) * 7 * time.Millisecond % tick)
		took, err := t.measureKey(keys[i%len(keys)])
		if err != nil {
			return nil, err
		}
		samples = append(samples, took)
	}
	return samples, nil
}

func (t *Terminal) measureKey(key string) (time.Duration, error) {
	w := &watch{since: time.Now()}
	framed := t.setWatch(w)
	if err := t.Press(key); err != nil {
		return 0, err
	}
	err := t.await("an answer to the key "+key, func() bool {
		return !w.burstEnd.IsZero() && (!framed || !w.frameEnd.IsZero())
	})
	if err != nil {
		return 0, err
	}
	if framed {
		return w.frameEnd.Sub(w.since), nil
	}
	t.quietFor(burstGap, settleLimit)
	t.mu.Lock()
	defer t.mu.Unlock()
	return w.burstEnd.Sub(w.since), nil
}

// PeakMemory returns the most resident memory, in bytes, that the running program
// has had at any time so far. It is read from the kernel's /proc and so fails
// elsewhere than on Linux, and after the program has ended.
func (t *Terminal) PeakMemory() (int64, error) {
	path := fmt.Sprintf("/proc/%d/status", t.cmd.Process.Pid)
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("read the peak memory of %s: %w", t.cmd.Path, err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		value, found := strings.CutPrefix(lines.Text(), "VmHWM:")
		if !found {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read the peak memory of %s: %w", t.cmd.Path, err)
		}
		return kib << 10, nil
	}
	return 0, fmt.Errorf("read the peak memory of %s: %s has no VmHWM (the program has ended?): %w", t.cmd.Path, path, lines.Err())
}

// CPUTime returns how long the threads that the running program has now have been
// on a processor. It is read from the kernel's /proc and so fails elsewhere than on
// Linux, and after the program has ended.
func (t *Terminal) CPUTime() (time.Duration, error) {
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", t.cmd.Process.Pid))
	var sum time.Duration
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // the thread has ended
		}
		first, _, _ := strings.Cut(string(text), " ")
		ns, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read the processor time of %s: %w", t.cmd.Path, err)
		}
		sum += time.Duration(ns)
	}
	if sum == 0 {
		return 0, fmt.Errorf("read the processor time of %s: the kernel does not say (the program has ended?)", t.cmd.Path)
	}
	return sum, nil
}

// watch is told what is read, at the time it was read. Either text is set, and
// the moment is looked for when it is on the screen; or since is, and the response
// to a key pressed then. All methods may be called on nil, and with t.mu held.
type watch struct {
	text  string
	shown time.Time

	since    time.Time
	frameEnd time.Time // end of the first frame begun since
	burstEnd time.Time // end of the first burst of output since
}

// setWatch replaces the watch and reports whether the program marks its frames.
func (t *Terminal) setWatch(w *watch) (framed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watch = w
	return t.frames > 0
}

// output notes that something has been read and given to the emulator.
func (w *watch) output(t *Terminal) {
	switch {
	case w == nil:
	case w.text != "":
		if w.shown.IsZero() && !t.inFrame && strings.Contains(t.text(), w.text) {
			w.shown = t.readAt
		}
	case t.readAt.Before(w.since):
	case w.burstEnd.IsZero() || t.readAt.Sub(w.burstEnd) < burstGap:
		w.burstEnd = t.readAt
	}
}

// frame notes a whole synchronized frame.
func (w *watch) frame(began, ended time.Time) {
	if w == nil || w.text != "" || began.Before(w.since) || !w.frameEnd.IsZero() {
		return
	}
	w.frameEnd = ended
}
