//go:build unix

package term

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	var hundred Samples
	for i := 100; i >= 1; i-- {
		hundred = append(hundred, time.Duration(i))
	}
	for _, c := range []struct {
		samples Samples
		p       float64
		want    time.Duration
	}{
		{nil, 50, 0},
		{Samples{7}, 0, 7}, {Samples{7}, 50, 7}, {Samples{7}, 100, 7},
		{Samples{4, 1, 3, 2}, 50, 2}, {Samples{4, 1, 3, 2}, 51, 3}, {Samples{4, 1, 3, 2}, 100, 4},
		{hundred, 95, 95}, {hundred, 99, 99}, {hundred, 99.5, 100}, {hundred, 0, 1},
	} {
		if got := c.samples.Percentile(c.p); got != c.want {
			t.Errorf("percentile %v of %d samples is %d, want %d", c.p, len(c.samples), got, c.want)
		}
	}
	if hundred[0] != 100 {
		t.Error("the samples have been put in another order")
	}
}

func TestSamplesString(t *testing.T) {
	t.Parallel()
	s := Samples{3 * time.Millisecond, 1500 * time.Microsecond}
	if got, want := s.String(), "p50 1.5 ms, p95 3.0 ms, p99 3.0 ms, max 3.0 ms (n=2)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMeasureStart(t *testing.T) {
	t.Parallel()
	o := Options{Path: "sh", Args: []string{"-c", "printf early; sleep 0.05; printf ' late'; sleep 1000"}}
	samples, err := MeasureStart(t.Context(), o, 3, "late")
	must(t, err)
	if len(samples) != 3 || samples.Percentile(0) < 50*time.Millisecond {
		t.Errorf("samples %v; want 3 of more than 50 ms", samples)
	}
	o.Timeout = 100 * time.Millisecond
	_, err = MeasureStart(t.Context(), o, 1, "never")
	wantInError(t, err, `"never"`, "early")
	o.Args = []string{"-c", "exit 4"}
	if _, err = MeasureStart(t.Context(), o, 1, "never"); !errors.Is(err, ErrEnded) {
		t.Errorf("a program that ends: %v", err)
	}
}

func TestMeasureKey(t *testing.T) {
	t.Parallel()
	echo := `stty raw -echo; printf ready; while k=$(dd bs=1 count=1 2>/dev/null); do `
	for name, c := range map[string]struct {
		script   string
		min, max time.Duration
	}{
		// Each key is answered in two writes; the second belongs to the response
		// only when it comes at once, or within the same frame.
		"burst":  {echo + `sleep 0.03; printf $k; printf $k; done`, 30 * time.Millisecond, time.Hour},
		"frames": {`printf '\033[?2026h\033[?2026l'; ` + echo + `printf '\033[?2026h'$k; sleep 0.03; printf '\033[?2026l'; done`, 30 * time.Millisecond, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := shell(t, c.script)
			must(t, term.WaitFor("ready"))
			samples, err := MeasureKey(term, 4, "a", "b")
			must(t, err)
			must(t, term.WaitQuiet(50*time.Millisecond))
			if got := strings.Count(term.Screen(), "a"); len(samples) != 4 || got < 2 {
				t.Errorf("%d samples, screen\n%s", len(samples), term.Screen())
			}
			if low := samples.Percentile(0); low < c.min || low > c.max {
				t.Errorf("the fastest is %s, want %s to %s", low, c.min, c.max)
			}
		})
	}
}

func TestMeasureKeyOfATUI(t *testing.T) {
	t.Parallel()
	term := tui(t, Options{})
	samples, err := MeasureKey(term, 5, "j", "k")
	must(t, err)
	if len(samples) != 5 || samples.Percentile(0) <= 0 {
		t.Errorf("samples %v", samples)
	}
	if term.frames == 0 {
		t.Error("Bubble Tea has not marked its frames")
	}
	must(t, term.WaitFor("keys 5: j k j k j."))
}

func TestMeasureKeyErrors(t *testing.T) {
	t.Parallel()
	term := run(t, Options{Path: "sh", Args: []string{"-c", "stty raw -echo; printf ready; sleep 1000"}, Timeout: 200 * time.Millisecond})
	must(t, term.WaitFor("ready"))
	if _, err := MeasureKey(term, 1); err == nil {
		t.Error("no key: no error")
	}
	_, err := MeasureKey(term, 1, "j")
	wantInError(t, err, "the key j", "ready")
	_, err = MeasureKey(term, 1, "nokey")
	wantInError(t, err, "nokey")
}

func TestCPUTime(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("processor time is read from Linux's /proc")
	}
	term := tui(t, Options{})
	spent, err := term.CPUTime()
	must(t, err)
	if spent <= 0 || spent > time.Minute {
		t.Errorf("%v on a processor", spent)
	}
	term.Close()
	_, err = term.CPUTime()
	wantInError(t, err, "processor time")
}

func TestPeakMemory(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("peak memory is read from Linux's /proc")
	}
	term := tui(t, Options{})
	peak, err := term.PeakMemory()
	must(t, err)
	if peak < 1<<20 || peak > 1<<30 {
		t.Errorf("the peak is %d bytes, want something between 1 MiB and 1 GiB", peak)
	}
	term.Close()
	_, err = term.PeakMemory()
	wantInError(t, err, "peak memory")
}
