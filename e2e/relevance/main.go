package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

func main() {
	sizes := flag.String("contacts", "1284,100000", "how many contacts, a table each")
	each := flag.Int("each", 42, "how many queries of each kind")
	every := flag.Int("baseline", 10, "one in this many queries is also given to the other engines, of 10,000 contacts or fewer each")
	misses := flag.Bool("misses", false, "list the queries whose people are not among the first three")
	flag.Parse()
	if err := run(os.Stdout, *sizes, *each, *every, *misses); err != nil {
		fmt.Fprintln(os.Stderr, "relevance:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, sizes string, each, every int, misses bool) error {
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			return err
		}
		snap, list, err := people(n)
		if err != nil {
			return err
		}
		engines := []engine{{"levcontacts", newEngine(snap), 1}}
		if n <= 10_000 {
			every = 1
		}
		if every > 0 {
			engines = append(engines, engine{"before", direct(newBaseline(snap).search), every},
				engine{"fzf", direct(newFzf(snap).search), every})
		}
		qs := queries(list, each)
		if misses {
			listMisses(w, engines[0], qs, list)
		}
		fmt.Fprintf(w, "%d contacts, %d queries\n\n%-22s", n, len(qs), "")
		var tables []map[string]*figures
		for _, e := range engines {
			fmt.Fprintf(w, " | %-11s %6s %5s %5s %5s", e.name, "holds", "1st", "in 3", "in 10")
			tables = append(tables, measure(e, qs, list))
		}
		fmt.Fprintln(w)
		for _, kind := range append(kinds(), all) {
			fmt.Fprintf(w, "%-22s", kind)
			for _, t := range tables {
				fmt.Fprintf(w, " | %s", t[kind])
			}
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w)
	}
	return nil
}

// listMisses lists the queries that do not have a person sought among the first
// three, and the first three.
func listMisses(w io.Writer, e engine, qs []query, list []person) {
	for _, q := range qs {
		hits, similar := e.find(q.typed)
		first := append(slices.Clone(hits), similar...)
		first = first[:min(3, len(first))]
		if slices.ContainsFunc(first, func(slot int32) bool { return q.sought(&list[slot]) }) {
			continue
		}
		fmt.Fprintf(w, "%s: %q finds %d", q.kind, q.typed, len(hits))
		for _, slot := range first {
			p := &list[slot]
			fmt.Fprintf(w, "; %s %s, %s, %s, %s@%s", p.first, p.last, p.title, p.city, p.local, p.domain)
		}
		fmt.Fprintln(w)
	}
}

// engine finds slots, the direct ones and the similar ones, for what is typed.
type engine struct {
	name  string
	find  func(typed string) (direct, similar []int32)
	every int // one in so many queries is asked
}

func direct(find func(string) []int32) func(string) ([]int32, []int32) {
	return func(typed string) ([]int32, []int32) { return find(typed), nil }
}

func newEngine(snap model.Snapshot) func(string) ([]int32, []int32) {
	m := search.New()
	return func(typed string) ([]int32, []int32) {
		q, err := search.Parse(typed)
		if err != nil {
			return nil, nil
		}
		r, err := m.Find(context.Background(), snap, q, nil, false)
		if err != nil {
			return nil, nil
		}
		return r.Direct, r.Similar
	}
}

// all is the row of every query but those with a mistake.
const all = "all without a mistake"

// figures are sums over queries.
type figures struct {
	n, withHits       int
	precision         float64
	first, three, ten int
	took              time.Duration
}

func (f *figures) String() string {
	if f == nil || f.n == 0 {
		return ""
	}
	part := func(n int) float64 { return float64(n) / float64(f.n) }
	return fmt.Sprintf("%8.1f ms %6.3f %5.2f %5.2f %5.2f", float64(f.took.Microseconds())/1000/float64(f.n),
		f.precision/float64(max(1, f.withHits)), part(f.first), part(f.three), part(f.ten))
}

// measure runs queries through an engine and sums up by kind.
func measure(e engine, qs []query, list []person) map[string]*figures {
	out := map[string]*figures{}
	for _, kind := range append(kinds(), all) {
		out[kind] = &figures{}
	}
	for i, q := range qs {
		if i%e.every != 0 {
			continue
		}
		begin := time.Now()
		hits, similar := e.find(q.typed)
		took := time.Since(begin)
		shown := append(slices.Clone(hits), similar...)
		at := slices.IndexFunc(shown, func(slot int32) bool { return q.sought(&list[slot]) })
		rows := []*figures{out[q.kind]}
		if q.kind != kindMistake {
			rows = append(rows, out[all])
		}
		for _, f := range rows {
			f.add(q, hits, list, at, took)
		}
	}
	return out
}

func (f *figures) add(q query, hits []int32, list []person, at int, took time.Duration) {
	f.n++
	f.took += took
	if len(hits) > 0 {
		good := 0
		for _, slot := range hits {
			if list[slot].holds(q.words) {
				good++
			}
		}
		f.withHits++
		f.precision += float64(good) / float64(len(hits))
	}
	if at < 0 {
		return
	}
	for _, step := range []struct {
		count *int
		most  int
	}{{&f.first, 1}, {&f.three, 3}, {&f.ten, 10}} {
		if at < step.most {
			*step.count++
		}
	}
}
