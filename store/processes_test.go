package store

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// killSeed is printed by a failing round; the moment of a kill is a number of
// pages drawn from it, and where in the next page it strikes is up to the machine.
const killSeed = 20260315

func TestKilledInTheMiddleOfAPass(t *testing.T) {
	t.Parallel()
	const pages, rounds = 12, 4
	rnd := rand.New(rand.NewPCG(killSeed, 0))
	for round := range rounds {
		dir := t.TempDir()
		t.Logf("seed %d round %d", killSeed, round)
		for gen := 1; gen <= 2; gen++ { // into an empty copy, then over a full one
			kills := 0
			for finished := false; !finished; {
				c := startChild(t, "pass", dir, strconv.Itoa(pages), strconv.Itoa(gen))
				killAfter := 1 + rnd.IntN(pages/2)
				said := 0
				for _, ok := c.line(); ok && said < killAfter; _, ok = c.line() {
					said++
				}
				if said == killAfter {
					c.kill()
					kills++
				} else {
					c.end(t)
				}
				finished = checkWhole(t, dir, pages*50, gen)
			}
			if kills == 0 {
				t.Fatal("nothing was killed")
			}
		}
	}
}

// checkWhole opens the cache after a kill: it is sound, holds no row twice, has
// lost none, and knows exactly how far the sync was. It reports whether the sync
// of the generation is finished.
func checkWhole(t *testing.T, dir string, all, gen int) (finished bool) {
	t.Helper()
	c := openTestCache(t, dir)
	defer c.Close()
	var verdict string
	must(t, c.f.db.QueryRow("PRAGMA integrity_check").Scan(&verdict))
	want(t, "integrity", verdict, "ok")
	want(t, "damaged", c.Quarantined(), "")
	rows, info := held(t, c), infoOf(t, c)
	ids := idsOf(rows)
	slices.Sort(ids)
	if twice := len(ids) - len(slices.Compact(slices.Clone(ids))); twice != 0 {
		t.Fatalf("%d rows are there twice", twice)
	}
	fresh := 0
	for _, p := range rows {
		if p == person(p.ID(), gen).Pack() {
			fresh++
		}
	}
	finished = info.Sync.Number == 0 && fresh == all
	if !finished {
		want(t, "rows of the pass", fresh, info.Sync.Seen)
		want(t, "place of the next page", info.Sync.Cursor, map[bool]string{true: "", false: strconv.Itoa(fresh / 50)}[fresh == 0])
		want(t, "still at it", info.Sync.Elsewhere, false)
	}
	if gen > 1 || finished {
		want(t, "all rows", len(rows), all)
	}
	return finished
}

func TestProgramsUseBothFilesAtOnce(t *testing.T) {
	t.Parallel()
	const programs, rounds = 3, 25
	cacheDir, stateDir := t.TempDir(), t.TempDir()
	var running []*child
	for seed := range programs { // all of them also create the files at once
		running = append(running, startChild(t, "hammer", cacheDir, stateDir, strconv.Itoa(seed), strconv.Itoa(rounds)))
	}
	for _, c := range running {
		c.end(t)
	}
	c, s := openTestCache(t, cacheDir), openTestState(t, stateDir)
	for _, db := range []*file{c.f, s.f} {
		var verdict string
		must(t, db.db.QueryRow("PRAGMA integrity_check").Scan(&verdict))
		want(t, "integrity of "+db.name, verdict, "ok")
	}
	ids := idsOf(held(t, c))
	slices.Sort(ids)
	if !slices.Equal(ids, span(1, 40)) {
		t.Fatalf("cached: %v", ids)
	}
	entries, err := s.Entries(t.Context(), work.EntryFilter{Result: work.Done})
	must(t, err)
	want(t, "journal", len(entries), programs*rounds)
	drafts, err := s.Drafts(t.Context())
	must(t, err)
	want(t, "drafts left", len(drafts), 0)
	for _, dir := range []string{cacheDir, stateDir} {
		for _, path := range dbFiles(t, dir) {
			if strings.Contains(path, ".process-") && !strings.Contains(path, fmt.Sprint(os.Getpid())) {
				t.Errorf("%s was left behind", path)
			}
		}
	}
}

func TestDraftAndWriteOfAKilledProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := startChild(t, "write", dir)
	draft, _ := c.line()
	entry, ok := c.line()
	want(t, "child", ok, true)
	s := openTestState(t, dir)

	// While it runs, no one else touches them.
	want(t, "draft while it runs", titles(t, s), "")
	e, err := s.Entry(t.Context(), entry)
	must(t, err)
	want(t, "write while it runs", e.Elsewhere, true)
	want(t, "result while it runs", e.Result, work.Pending)
	open, err := s.Unresolved(t.Context())
	must(t, err)
	want(t, "unresolved while it runs", len(open), 0)
	_, errEntry := s.ClaimEntry(t.Context(), entry)
	for i, err := range []error{errEntry, s.DiscardDraft(t.Context(), draft), s.Finish(t.Context(), entry, Outcome{Result: work.Done})} {
		if !errors.Is(err, ErrBusy) {
			t.Fatalf("operation %d: %v", i, err)
		}
	}

	c.kill()
	d := oneDraft(t, s, draft)
	want(t, "draft after the kill", d.Mine, false)
	want(t, "open", d.Open, true)
	want(t, "typed", d.Values[model.FieldLastName], "Chen")
	open, err = s.Unresolved(t.Context())
	must(t, err)
	want(t, "unresolved", len(open), 1)
	want(t, "result", open[0].Result, work.Unknown)
	want(t, "its draft", open[0].DraftID, draft)
	if open[0].Key == "" || open[0].Message == "" {
		t.Fatalf("no key or message: %+v", open[0])
	}

	// Of two programs that find it, one gets it.
	other := openTestState(t, dir)
	claimed, err := s.ClaimEntry(t.Context(), entry)
	must(t, err)
	want(t, "the same key", claimed.Key, open[0].Key)
	want(t, "pending again", claimed.Result, work.Pending)
	if _, err := other.ClaimEntry(t.Context(), entry); !errors.Is(err, ErrBusy) {
		t.Fatalf("claimed twice: %v", err)
	}
	must(t, s.Finish(t.Context(), entry, Outcome{Result: work.Done, Status: 201, ContactID: 99, Answer: person(99, 1).Pack()}))
	want(t, "draft of a contact that was created", titles(t, s), "")
}

func TestBulkRunSurvivesKills(t *testing.T) {
	t.Parallel()
	const n = 40
	dir := t.TempDir()
	s := openTestState(t, dir)
	run, err := s.CreateRun(t.Context(), "move to Boston", "", runItems(n))
	must(t, err)
	must(t, s.SetRunState(t.Context(), run.ID, work.RunStopped))

	keys := map[string]string{} // by contact: a contact is only ever sent with one key
	note := func(line string) {
		contact, key, _ := strings.Cut(line, " ")
		if old, ok := keys[contact]; ok && old != key {
			t.Fatalf("contact %s was sent with two keys", contact)
		}
		keys[contact] = key
	}
	rnd := rand.New(rand.NewPCG(killSeed, 1))
	for range 3 {
		a, b := startChild(t, "run", dir, run.ID), startChild(t, "run", dir, run.ID)
		for range 1 + rnd.IntN(5) {
			for _, c := range []*child{a, b} {
				if line, ok := c.line(); ok {
					note(line)
				}
			}
		}
		for _, c := range []*child{a, b} {
			c.kill()
			for line, ok := c.line(); ok; line, ok = c.line() { // said and not yet heard
				note(line)
			}
		}
	}
	last := startChild(t, "run", dir, run.ID)
	for line, ok := last.line(); ok; line, ok = last.line() {
		note(line)
	}
	want(t, "contacts sent", len(keys), n)
	runs, err := s.Runs(t.Context())
	must(t, err)
	want(t, "done", runs[0].Counts[work.ItemDone], n)
	entries, err := s.Entries(t.Context(), work.EntryFilter{Run: run.ID})
	must(t, err)
	want(t, "writes", len(entries), n)
}

func TestNobodyElseCanReadTheFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits")
	}
	top := t.TempDir()
	cacheDir, stateDir := top+"/cache/demo", top+"/state/demo"
	must(t, os.MkdirAll(stateDir, 0o755)) // one folder is there and too open, with files that are
	must(t, os.Chmod(stateDir, 0o755))
	must(t, os.WriteFile(stateDir+"/state.db", nil, 0o644))
	must(t, os.Chmod(stateDir+"/state.db", 0o644))
	c := startChild(t, "files", cacheDir, stateDir)
	line, _ := c.line()
	want(t, "child", line, "ready")
	seen := map[string]bool{}
	for _, dir := range []string{cacheDir, stateDir} {
		must(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			must(t, err)
			info, err := d.Info()
			must(t, err)
			exp := fs.FileMode(0o600)
			if d.IsDir() {
				exp = 0o700
			}
			want(t, "mode of "+path, info.Mode().Perm(), exp)
			seen[path] = true
			return nil
		}))
	}
	for _, name := range []string{"contacts.db", "contacts.db-wal", "contacts.db-shm", "state.db", "state.db-wal", "state.db-shm"} {
		want(t, name+" is there", seen[name], true)
	}
	c.end(t)
}
