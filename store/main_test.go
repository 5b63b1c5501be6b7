package store

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// childEnv makes the test binary play another running program, see children.
const childEnv = "LEVCONTACTS_STORE_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childEnv); mode != "" {
		if err := children()[mode](context.Background(), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, mode, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is another running program. Its lines come one by one; the test kills
// it or lets it end by closing its input.
type child struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	lines   *bufio.Scanner
	unheard []string
}

func startChild(t *testing.T, mode string, args ...string) *child {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), childEnv+"="+mode)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	c := &child{cmd: cmd, in: in, lines: bufio.NewScanner(out)}
	t.Cleanup(c.kill)
	return c
}

// line is the next thing the child says; false when it has ended.
func (c *child) line() (string, bool) {
	if len(c.unheard) > 0 {
		line := c.unheard[0]
		c.unheard = c.unheard[1:]
		return line, true
	}
	ok := c.lines.Scan()
	return c.lines.Text(), ok
}

// kill is SIGKILL where there is one. What the child had said before it died
// can still be heard. Calling it again does nothing.
func (c *child) kill() {
	if c.cmd.ProcessState != nil {
		return
	}
	c.cmd.Process.Kill()
	for c.lines.Scan() {
		c.unheard = append(c.unheard, c.lines.Text())
	}
	c.cmd.Wait()
}

// end lets the child continue completely.
func (c *child) end(t *testing.T) {
	t.Helper()
	c.in.Close()
	for c.lines.Scan() {
	}
	must(t, c.cmd.Wait())
}

// waitForEnd keeps a child alive until the test lets it go.
func waitForEnd() { io.Copy(io.Discard, os.Stdin) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func testTime() time.Time { return time.Date(2026, 3, 15, 9, 26, 53, 589000, time.UTC) }

func testIdentity() Identity {
	return Identity{BaseURL: "http://127.0.0.1:8080/api/external/v2", Account: "acme"}
}

// person is a believable contact. gen goes into its title.
func person(id int64, gen int) model.Contact {
	text := func(format string, args ...any) model.Value { return model.TextValue(fmt.Sprintf(format, args...)) }
	return model.NewContact(id, map[model.FieldID]model.Value{
		model.FieldType:       model.TextValue(model.TypeLender),
		model.FieldFirstName:  text("First%d", id%977),
		model.FieldLastName:   text("Last%d", id%7919),
		model.FieldTitle:      text("Senior Vice President %d", gen),
		model.FieldDepartment: text("Originations"),
		model.FieldEmail:      text("first.last%d@example.com", id),
		model.FieldLinkedIn:   text("https://linkedin.com/in/first-last-%d", id),
		model.FieldAddress:    text("%d West Street", id%400),
		model.FieldCity:       text("New York"),
		model.FieldState:      text("NY"),
		model.FieldZip:        model.NullValue(),
		model.FieldPrimary:    model.BoolValue(id%5 == 0),
		model.FieldConnected:  model.BoolValue(true),
		model.FieldOwner:      model.IntValue(12),
		model.FieldCreated:    text("2025-10-01T00:00:00Z"),
		model.FieldUpdated:    model.TextValue(time.Date(2026, 1, 15, 0, 0, int(id%1000), 0, time.UTC).Format(time.RFC3339)),
	})
}

func people(gen int, ids ...int64) []model.Packed {
	out := make([]model.Packed, len(ids))
	for i, id := range ids {
		out[i] = person(id, gen).Pack()
	}
	return out
}

// span is the ids from a to b, both included.
func span(a, b int64) (ids []int64) {
	for id := a; id <= b; id++ {
		ids = append(ids, id)
	}
	return ids
}

func openTestCache(t testing.TB, dir string) *Cache {
	t.Helper()
	return openCacheAs(t, dir, testIdentity(), spec{wait: busyWait})
}

func openCacheAs(t testing.TB, dir string, id Identity, s spec) *Cache {
	t.Helper()
	c, err := openCache(t.Context(), dir, id, testTime, s)
	must(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}

func openTestState(t testing.TB, dir string) *State {
	t.Helper()
	s, err := OpenState(t.Context(), dir, testIdentity(), testTime, rand.Text)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// held reads the whole cache.
func held(t testing.TB, c *Cache) []model.Packed {
	t.Helper()
	r, err := c.Read(t.Context())
	must(t, err)
	var out []model.Packed
	for {
		rows, err := r.Next(t.Context(), 777)
		must(t, err)
		if len(rows) == 0 {
			must(t, r.Close(t.Context()))
			return out
		}
		out = append(out, rows...)
	}
}

func idsOf(rows []model.Packed) (ids []int64) {
	for _, p := range rows {
		ids = append(ids, p.ID())
	}
	return ids
}

func infoOf(t testing.TB, c *Cache) Info {
	t.Helper()
	info, err := c.Info(t.Context())
	must(t, err)
	return info
}

// fullPass fetches a whole list in pages of 10 and finishes.
func fullPass(t testing.TB, c *Cache, gen int, ids []int64) (vanished []int64) {
	t.Helper()
	p, err := c.BeginSync(t.Context())
	must(t, err)
	for from := 0; from < len(ids) || from == 0; from += 10 {
		to := min(from+10, len(ids))
		mine, err := c.SavePage(t.Context(), PageWrite{Sync: p.Number, Contacts: people(gen, ids[from:to]...),
			NextCursor: strconv.Itoa(to), Total: len(ids), Done: to == len(ids)})
		must(t, err)
		want(t, "mine", mine, true)
	}
	vanished, err = c.FinishSync(t.Context(), p.Number, testTime())
	must(t, err)
	return vanished
}

func dbFiles(t testing.TB, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		names = append(names, filepath.Join(dir, e.Name()))
	}
	return names
}
