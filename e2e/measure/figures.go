//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/levcontacts/levcontacts/internal/term"
)

// The limits. Ratios are of medians, to the empty program in the same run.
const (
	startRatio = 1.5
	keyRatio   = 1.25
	memorySome = 96 << 20 // bytes

	// From so many contacts on these take their place.
	manyFrom     = 1_000_000
	manyKeyRatio = 1.5
	memoryMany   = 400 << 20
	slowestKey   = 50 * time.Millisecond // at the 95th percentile

	// A screen on which nothing happens may use this much of a processor.
	idleTime  = time.Minute
	idleShare = 0.001
)

// figures are what was measured over one copy.
type figures struct {
	book                     *book
	emptyStart, start, first term.Samples // first: anything on the screen
	emptyKey, move, letter   term.Samples
	found                    term.Samples  // from a letter to its results
	emptyIdle, idle          time.Duration // on a processor, of idleTime without a key
	memory                   int64         // bytes
	plainRead, export        term.Samples  // everything, without a cache
	exportMemory             int64
}

// measureBook fills a copy with n contacts and measures over it.
func measureBook(ctx context.Context, o options, home, empty string, n int) (f figures, err error) {
	b, err := newBook(ctx, home, o, n)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	f.book = b
	if err := f.read(ctx, b); err != nil {
		return f, err
	}
	nothing := term.Options{Path: empty, Cols: cols, Rows: rowsOnScreen}
	for range o.runs {
		for _, one := range []struct {
			options term.Options
			text    string
			to      *term.Samples
		}{
			{nothing, "keys pressed", &f.emptyStart},
			{b.options(), firstRow, &f.start},
			{b.options(), "levcontacts", &f.first},
		} {
			samples, err := term.MeasureStart(ctx, one.options, 1, one.text)
			if err != nil {
				return f, err
			}
			*one.to = append(*one.to, samples...)
		}
	}
	return f, f.keys(ctx, o, b, nothing)
}

// keys measures keys in both programs, side by side, and then the memory.
func (f *figures) keys(ctx context.Context, o options, b *book, nothing term.Options) error {
	idle, err := term.Start(ctx, nothing)
	if err != nil {
		return err
	}
	defer idle.Close()
	program, err := term.Start(ctx, b.options())
	if err != nil {
		return err
	}
	defer program.Close()
	if err := errors.Join(idle.WaitFor("keys pressed"), program.WaitFor(b.allLoaded())); err != nil {
		return err
	}
	if err := program.WaitQuiet(time.Second); err != nil {
		return err
	}
	if err := f.rest(ctx, idle, program); err != nil {
		return err
	}
	press := presser{random: rand.New(rand.NewPCG(1, uint64(b.n)))}
	for len(f.move) < o.keys {
		if err := errors.Join(press.all(idle, &f.emptyKey, "j"), press.all(program, &f.move, "j")); err != nil {
			return err
		}
	}
	if err := f.searches(o, press, idle, program); err != nil {
		return err
	}
	f.memory, err = program.PeakMemory()
	return err
}

// rest lets both programs alone for a while and measures what that costs.
func (f *figures) rest(ctx context.Context, idle, program *term.Terminal) error {
	const settled = 15 * time.Second // the background work that begins after ten seconds is done
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(settled):
	}
	empty, err := idle.CPUTime()
	ours, err2 := program.CPUTime()
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(idleTime):
	}
	f.emptyIdle, err = idle.CPUTime()
	f.idle, err2 = program.CPUTime()
	f.emptyIdle, f.idle = f.emptyIdle-empty, f.idle-ours
	return errors.Join(err, err2)
}

// words are searched for: common and rare ones, two words, and one that is
// no one.
func words() []string {
	return []string{"chen", "principal", "mi", "boston pr", "zzqx", "a", "garcia", "n"}
}

// presser presses keys as a fast typist does, at moments that have nothing to
// do with the clock by which a program draws.
type presser struct{ random *rand.Rand }

// Between two keys of a fast typist.
const (
	shortestPause = 60 * time.Millisecond
	longestPause  = 110 * time.Millisecond
)

// all presses keys and adds the times to their frames.
func (p presser) all(t *term.Terminal, to *term.Samples, keys ...string) error {
	for _, key := range keys {
		time.Sleep(shortestPause + time.Duration(p.random.Int64N(int64(longestPause-shortestPause))))
		took, err := term.MeasureKey(t, 1, key)
		if err != nil {
			return err
		}
		*to = append(*to, took...)
	}
	return nil
}

// searches types words into the search and takes them back.
func (f *figures) searches(o options, press presser, idle, program *term.Terminal) error {
	if err := program.Press("/"); err != nil {
		return err
	}
	for i := 0; len(f.letter) < o.keys; i++ {
		word := words()[i%len(words())]
		if err := press.all(idle, &f.emptyKey, letters(word)...); err != nil {
			return err
		}
		if err := press.all(program, &f.letter, letters(word)...); err != nil {
			return fmt.Errorf("search %q: %w", word, err)
		}
		if err := program.WaitQuiet(quiet); err != nil {
			return err
		}
		if err := f.wholeWord(program, word, f.book.searchTime()); err != nil {
			return err
		}
	}
	return nil
}

// quiet is how long nothing is drawn when a search has ended.
const quiet = 500 * time.Millisecond

// searchTime is longer than any search takes until its results are drawn.
func (b *book) searchTime() time.Duration {
	if b.n >= manyFrom {
		return 4 * quiet
	}
	return quiet
}

// wholeWord empties the search bar and measures how long all of a word, typed
// at once, takes until its results stand. Nothing is drawn for longer than a
// search takes then.
func (f *figures) wholeWord(program *term.Terminal, word string, longest time.Duration) error {
	empty := func() error {
		if err := program.Press("ctrl+u"); err != nil {
			return err
		}
		return program.WaitQuiet(longest)
	}
	if err := empty(); err != nil {
		return err
	}
	began := time.Now()
	if err := program.Send(word); err != nil {
		return err
	}
	if err := program.WaitQuiet(longest); err != nil {
		return err
	}
	f.found = append(f.found, time.Since(began)-longest)
	return empty()
}

func letters(word string) []string {
	out := make([]string, 0, len(word))
	for _, r := range word {
		if r == ' ' {
			out = append(out, "space")
			continue
		}
		out = append(out, string(r))
	}
	return slices.Clip(out)
}
