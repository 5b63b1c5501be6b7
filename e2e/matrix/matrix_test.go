//go:build unix

package matrix

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/levcontacts/levcontacts/e2e/rig"
)

func TestMain(m *testing.M) { rig.Main(m) }

// cellsVariable chooses the cells: "all", or a word that their names hold.
const cellsVariable = "LEVCONTACTS_MATRIX"

// lane is a row of cells that one machine plays one after the other.
type lane struct {
	scene  scene
	faults []fault
}

// Every request of the program meets every fault of the sandbox and every odd
// answer. The program lives, says what happened where the person acts, recovers
// by itself or on one key, loses nothing that was typed, sends nothing twice,
// and gives the key to nobody.
func TestEveryFaultOfEveryRequest(t *testing.T) {
	t.Parallel()
	var cells, broken, keys atomic.Int64
	var wait sync.WaitGroup
	room := make(chan struct{}, 12) // most of them wait
	for _, l := range lanes() {
		home := t.TempDir()
		wait.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			c, b, k := l.play(t, home)
			cells.Add(c)
			broken.Add(b)
			keys.Add(k)
		})
	}
	wait.Wait()
	t.Logf("%d cells of %d requests and %d faults, %d broken, %d keys to recover", cells.Load(), len(scenes()), len(faults()), broken.Load(), keys.Load())
}

// laneCells is how many cells one machine plays.
const laneCells = 12

func lanes() []lane {
	chosen := os.Getenv(cellsVariable)
	var out []lane
	for n, s := range scenes() {
		l := lane{scene: s}
		for i, f := range faults() {
			name := s.name + ": " + f.name
			if f.lists && !s.lists || chosen != "" && chosen != "all" && !strings.Contains(name, chosen) ||
				chosen == "" && n != usual(i, f) {
				continue
			}
			if l.faults = append(l.faults, f); len(l.faults) == laneCells {
				out = append(out, l)
				l.faults = nil
			}
		}
		if len(l.faults) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// usual is the request that meets a fault without the variable: every fault is met once,
// by each request in turn.
func usual(n int, f fault) int {
	var may []int
	for i, s := range scenes() {
		if !f.lists || s.lists {
			may = append(may, i)
		}
	}
	return may[n%len(may)]
}

// play plays the cells. After one that breaks the machine is a new one.
func (l lane) play(t *testing.T, home string) (cells, broken, keys int64) {
	var w *world
	defer func() {
		if w != nil {
			w.close()
		}
	}()
	for n, f := range l.faults {
		err := func() (err error) {
			if w == nil {
				if w, err = newWorld(t.Context(), fmt.Sprintf("%s/%d", home, n)); err != nil {
					return err
				}
				if l.scene.open != nil {
					if err := l.scene.open(t.Context(), w); err != nil {
						return err
					}
				}
			}
			w.keys = 0
			return errors.Join(l.cell(t.Context(), w, f, n))
		}()
		cells++
		if w != nil {
			keys += int64(w.keys)
		}
		if err != nil {
			broken++
			t.Errorf("%s: %s: %v", l.scene.name, f.name, err)
		}
		if err != nil || f.spec == "revoke" { // its key is of no use anymore
			if w != nil {
				all := w.Service.Requests()
				for _, e := range all[max(0, len(all)-8):] {
					t.Logf("%s %s %s?%s %d", e.Time.Format("05.000"), e.Method, e.Path, e.Query, e.Status)
				}
				w.close()
				w = nil
			}
		}
	}
	if w != nil {
		if err := w.Documents.Report(); err != nil {
			t.Errorf("%s: %v", l.scene.name, err)
		}
	}
	return cells, broken, keys
}

func (l lane) cell(ctx context.Context, w *world, f fault, n int) error {
	err := l.scene.cell(ctx, w, f, n)
	if w.Terminal != nil {
		err = errors.Join(err, w.sane())
	}
	return err
}
