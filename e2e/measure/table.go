//go:build unix

package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/term"
)

// row is one line of the table.
type row struct {
	what, ours, empty, ratio, limit string
	missed                          bool
}

// rows are the figures with the limits for as many contacts.
func (f figures) rows() []row {
	start, key := startRatio, keyRatio
	many := f.book.n >= manyFrom
	if many {
		start, key = 0, manyKeyRatio
	}
	out := []row{
		against("start to rows of the copy on the screen", f.start, f.emptyStart, start),
		against("start to anything on the screen", f.first, f.emptyStart, 0),
		against("key to frame, `j`", f.move, f.emptyKey, key),
		against("key to frame, a letter of a search", f.letter, f.emptyKey, key),
		{what: "a whole word typed at once, to its results", ours: milliseconds(f.found.Percentile(50))},
		f.idleRow(),
		f.memoryRow(many),
	}
	out = append(out, f.readRows()...)
	if many {
		out = append(out, slowest("slowest `j` of 95 in 100", f.move), slowest("slowest letter of 95 in 100", f.letter))
	}
	return out
}

// against compares medians; a limit of 0 is none.
func against(what string, ours, empty term.Samples, limit float64) row {
	a, b := ours.Percentile(50), empty.Percentile(50)
	ratio := float64(a) / float64(b)
	r := row{what: what, ours: milliseconds(a), empty: milliseconds(b), ratio: fmt.Sprintf("%.2f", ratio)}
	if limit > 0 {
		r.limit, r.missed = fmt.Sprintf("%.2f", limit), ratio > limit
	}
	return r
}

func (f figures) memoryRow(many bool) row {
	limit := int64(memorySome)
	if many {
		limit = memoryMany
	}
	return row{what: "most memory", ours: megabytes(f.memory), limit: megabytes(limit), missed: f.memory > limit}
}

func (f figures) idleRow() row {
	share := func(d time.Duration) float64 { return float64(d) / float64(idleTime) }
	percent := func(s float64) string { return fmt.Sprintf("%.3f %%", s*100) }
	return row{what: "processor while nothing happens", ours: percent(share(f.idle)), empty: percent(share(f.emptyIdle)),
		ratio: fmt.Sprintf("%.2f", share(f.idle)/share(f.emptyIdle)), limit: percent(idleShare),
		missed: share(f.idle) > idleShare}
}

func slowest(what string, s term.Samples) row {
	at := s.Percentile(95)
	return row{what: what, ours: milliseconds(at), limit: milliseconds(slowestKey), missed: at > slowestKey}
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", n>>20) }

// table is the rows in Markdown.
func table(of *book, rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s contacts of %d bytes, %s on %s, %d processors, %d x %d cells\n\n", grouped(of.n), of.bytes/of.n, runtime.Version(), runtime.GOARCH, runtime.NumCPU(), cols, rowsOnScreen)
	b.WriteString("| | levcontacts | empty program | ratio | limit | |\n|---|---:|---:|---:|---:|---|\n")
	for _, r := range rows {
		verdict := ""
		if r.limit != "" {
			verdict = "kept"
		}
		if r.missed {
			verdict = "**missed**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.what, r.ours, r.empty, r.ratio, r.limit, verdict)
	}
	return b.String() + "\n"
}
