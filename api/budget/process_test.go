package budget_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/work"
)

// childFile names the shared file to a copy of the test program.
const childFile = "LEVCONTACTS_TEST_REQUESTS"

// TestChildProgram is no test but the other program of those below. For every
// line "TIME PRIORITY" on standard input it takes all the requests it can get at
// that time, and says how many.
func TestChildProgram(t *testing.T) {
	path := os.Getenv(childFile)
	if path == "" {
		t.Skip("started by other tests")
	}
	var now int64
	wouldWait := errors.New("would have to wait")
	b := budget.New(budget.Options{
		Path: path, Limits: budget.Limits{Account: 30, Endpoint: 10},
		Now: func() time.Time { return time.Unix(0, now) },
		Sleep: func(_ context.Context, d time.Duration) error {
			if d > 50*time.Millisecond {
				return wouldWait
			}
			time.Sleep(d) // for the lock, which the other program holds in real time
			return nil
		},
		OnAlone: func(err error) { fmt.Println("alone:", err) },
	})
	for {
		var p uint8
		if _, err := fmt.Scanln(&now, &p); err != nil {
			os.Exit(0)
		}
		n := 0
		for b.Wait(t.Context(), "list", work.Priority(p)) == nil {
			n++
		}
		fmt.Println("took", n)
	}
}

type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startChild(t *testing.T, path string) *child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildProgram$")
	cmd.Env = append(os.Environ(), childFile+"="+path)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: cmd, in: in, out: bufio.NewReader(out)}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait() // a killed child's error is expected
	})
	return c
}

func (c *child) ask(t *testing.T, now time.Time, p work.Priority) {
	t.Helper()
	if _, err := fmt.Fprintln(c.in, now.UnixNano(), uint8(p)); err != nil {
		t.Fatal(err)
	}
}

func (c *child) took(t *testing.T) (n int) {
	t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(line, "took %d", &n); err != nil {
		t.Fatalf("the other program says %q", line)
	}
	return n
}

// Two real programs take all they can get at the same moments, again and again.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests")
	one, two := startChild(t, path), startChild(t, path)
	start := time.Unix(1_800_000_000, 0)
	var log []time.Time
	both := func(now time.Time, p, q work.Priority) (int, int) {
		one.ask(t, now, p)
		two.ask(t, now, q)
		n, m := one.took(t), two.took(t)
		for range n + m {
			log = append(log, now)
		}
		return n, m
	}
	if n, m := both(start, work.Index, work.Index); n+m != 8 {
		t.Errorf("background took %d and %d, want 8 together", n, m)
	}
	if n, m := both(start, work.Index, work.Screen); n != 0 || m != 2 {
		t.Errorf("background took %d and the person %d, want the person to get the 2 in reserve", n, m)
	}
	mixed := []work.Priority{work.Write, work.Index, work.Screen, work.Next}
	total := 0
	for i := range 60 {
		n, m := both(start.Add(time.Duration(i+1)*7*time.Second), mixed[i%4], mixed[i/4%4])
		total += n + m
	}
	// Seven minutes of ten requests, less one in sixty-two for the margin and seven for the steps.
	if total < 60 {
		t.Errorf("%d requests in seven minutes at ten a minute: places were lost", total)
	}
	for i := 10; i < len(log); i++ {
		if log[i].Sub(log[i-10]) < time.Minute {
			t.Fatalf("eleven requests between %v and %v", log[i-10], log[i])
		}
	}
}

// A program killed at any moment leaves no lock and nothing that stops the other.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests")
	now := time.Unix(1_800_000_000, 0)
	survivor := startChild(t, path)
	for range 5 {
		now = now.Add(2 * time.Minute)
		victim := startChild(t, path)
		victim.ask(t, now, work.Screen)
		if n := victim.took(t); n != 10 {
			t.Errorf("took %d of 10", n)
		}
		// It dies somewhere in the middle of a thousand moments' requests.
		later := now
		for range 1000 {
			later = later.Add(62 * time.Second)
			if _, err := fmt.Fprintln(victim.in, later.UnixNano(), uint8(work.Screen)); err != nil {
				t.Fatal(err)
			}
		}
		victim.took(t)
		if err := victim.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		victim.cmd.Wait() // killed, as wanted
		now = later.Add(2 * time.Minute)
		survivor.ask(t, now, work.Screen)
		if n := survivor.took(t); n != 10 {
			t.Errorf("after the other was killed, the survivor took %d of 10", n)
		}
	}
}
