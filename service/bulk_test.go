package service_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// retitle is a bulk edit of everybody the service lists.
func (p *program) retitle(title string) []work.BulkItem {
	p.w.t.Helper()
	p.pass()
	_, rows := p.held()
	var items []work.BulkItem
	for _, row := range rows {
		c, err := row.Unpack()
		must(p.w.t, err)
		items = append(items, work.BulkItem{ContactID: c.ID(), Name: c.Name(), Patch: set(c, map[model.FieldID]string{model.FieldTitle: title})})
	}
	return items
}

// finish steps a run to its end or to an error.
func (p *program) finish(id string) (work.BulkRun, error) {
	for {
		_, run, done, err := p.StepRun(p.w.t.Context(), id)
		if err != nil || done {
			return run, err
		}
	}
}

// Many contacts on the standard tier, one request in twenty going wrong,
// and the program killed twice, once before and once after a change arrived.
func TestLongBulkEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: manyContacts, Tier: "standard", KeepRequests: -1})
	p := w.start()
	items := p.retitle("Member")
	want(t, "contacts", len(items), manyContacts)
	w.sandbox.Update(items[10].ContactID, map[string]any{"title": "Theirs"})
	w.sandbox.Update(items[20].ContactID, map[string]any{"title": "Member"})
	w.sandbox.Remove(items[30].ContactID)
	items[40].Name = "=HYPERLINK(1)"
	run, err := p.StartRun(t.Context(), "title", "", items)
	must(t, err)
	want(t, "total", run.Total, manyContacts)
	w.faults("500@patch:1/100,lost-answer@patch:1/100,reset@patch:1/100,truncated@patch:1/100,refuse=title@patch:1/100," +
		"500@get:1/100,reset@get:1/100,html@get:1/100,wrong-type@patch:1/100,503=3s@patch:1/100")

	patches, early, late := 0, manyContacts*3/10, manyContacts*7/10
	var mu sync.Mutex
	w.hook(func(r *http.Request, _ []byte, after bool) error {
		mu.Lock()
		defer mu.Unlock()
		if r.Method != http.MethodPatch {
			return nil
		}
		if !after {
			patches++
		}
		if patches == early && !after || patches == late && after {
			patches++
			p.die()
			return errCut
		}
		return nil
	})
	began, stops, deaths, retried := w.clock.Now(), 0, 0, 0
	for {
		run, err = p.finish(run.ID)
		if err == nil && run.Counts[work.ItemMissing] > 0 { // sent again on request only
			retried += run.Counts[work.ItemMissing]
			run, err = p.RetryItems(t.Context(), run.ID)
			must(t, err)
			want(t, "missing after the request", run.Counts[work.ItemMissing], 0)
			continue
		}
		if err == nil {
			break
		}
		if stops++; stops > 200 {
			t.Fatalf("the run does not get on: %v", err)
		}
		if patches > early && deaths == 0 || patches > late && deaths == 1 {
			deaths++
			p = w.start()
			runs, err := p.Runs(t.Context())
			must(t, err)
			want(t, "state after death", runs[0].State, "stopped")
			run = runs[0]
		}
		w.clock.add(time.Second)
	}
	want(t, "deaths", deaths, 2)
	want(t, "state", run.State, "done")
	want(t, "left", run.Left(), 0)
	c := run.Counts
	t.Logf("%v in %v, stopped %d times", c, w.clock.Now().Sub(began), stops)
	want(t, "some had to be sent again on request", retried > 0, true)
	want(t, "sum", c["done"]+c["failed"]+c["conflict"]+c["skipped"], manyContacts)
	want(t, "conflicts", c["conflict"], 1)
	want(t, "skipped", c["skipped"], 1)

	checkChanges(t, p, run, items)
	open, err := p.Unresolved(t.Context())
	must(t, err)
	want(t, "unresolved", len(open), 0)
	checkResultFiles(t, p, run)
}

// checkChanges compares what the service was sent with what the run says.
func checkChanges(t *testing.T, p *program, run work.BulkRun, items []work.BulkItem) {
	t.Helper()
	w := p.w
	w.no429()
	applied := map[string]int{}
	for _, e := range w.sandbox.Requests() {
		if e.Endpoint == "patch" {
			want(t, "body", string(e.Body), `{"title":"Member"}`)
			if e.Applied {
				applied[e.Path]++
			}
		}
	}
	results, err := p.RunItems(t.Context(), run.ID)
	must(t, err)
	for i, it := range results {
		want(t, "order", it.ContactID, items[i].ContactID)
		n := applied[fmt.Sprintf("/contacts/%d", it.ContactID)]
		if it.State == "done" {
			want(t, "times changed", n, 1)
			want(t, "answer", it.Answer.Get(model.FieldTitle).String(), "Member")
		} else {
			want(t, string(it.State)+" and changed", n, 0)
			want(t, "reason", it.Message != "", true)
		}
	}
}

func checkResultFiles(t *testing.T, p *program, run work.BulkRun) {
	t.Helper()
	names, err := p.SaveRunResult(t.Context(), run.ID)
	must(t, err)
	again, err := p.SaveRunResult(t.Context(), run.ID)
	must(t, err)
	want(t, "files", len(names), 2)
	want(t, "another name", names[0] != again[0] && names[1] != again[1], true)
	f, err := os.Open(names[0])
	must(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	must(t, err)
	want(t, "rows", len(rows), run.Total+1)
	want(t, "a name that a spreadsheet would run", rows[41][1], "'=HYPERLINK(1)")
	want(t, "head", strings.Join(rows[0], ","), "contact_id,name,result,message,request_id,changes")
	body, err := os.ReadFile(names[1])
	must(t, err)
	var out struct {
		Title, State string
		Counts       map[string]int
		Items        []struct {
			ContactID int64  `json:"contact_id"`
			RequestID string `json:"request_id"`
			Result    string
			Changes   []struct{ Field, Before, After string }
		}
	}
	must(t, json.Unmarshal(body, &out))
	want(t, "items", len(out.Items), run.Total)
	want(t, "change", out.Items[0].Changes[0].Field+" "+out.Items[0].Changes[0].After, "title Member")
	for _, it := range out.Items {
		want(t, "request id of a change", it.Result == "done" && it.RequestID == "", false)
	}
	info, err := f.Stat()
	must(t, err)
	want(t, "mode", info.Mode().Perm(), os.FileMode(0o600))
}

func TestBulkEditStepByStep(t *testing.T) {
	t.Parallel()
	inMemoryWorld(t, sandbox.Options{Contacts: 6, Tier: "unlimited"}, func(t *testing.T, w *world, p *program) {
		var items []work.BulkItem
		page, err := p.Page(t.Context(), work.PageRequest{List: model.CursorList(model.ConnectedOnly, 50), Feed: work.FeedRows})
		must(t, err)
		for _, c := range page.Contacts() {
			items = append(items, work.BulkItem{ContactID: c.ID(), Name: c.Name(), Patch: set(c, map[model.FieldID]string{model.FieldTitle: "M"})})
		}
		items[5].Patch = model.Patch{} // nothing to change
		w.sandbox.Update(items[1].ContactID, map[string]any{"title": "Theirs"})
		w.sandbox.Update(items[2].ContactID, map[string]any{"title": "M"})
		run, err := p.StartRun(t.Context(), "title", "", items)
		must(t, err)
		want(t, "total", run.Total, 5)
		want(t, "to do", run.Counts["todo"], 5)
		want(t, "nothing sent yet", w.asked("patch")+w.asked("get"), 0)
		step := func(state work.ItemState) work.BulkItem {
			t.Helper()
			it, _, done, err := p.StepRun(t.Context(), run.ID)
			must(t, err)
			want(t, "done", done, false)
			want(t, "state", it.State, state)
			return it
		}
		it := step("done")
		want(t, "answer", it.Answer.Get(model.FieldTitle).String(), "M")
		want(t, "request id", it.RequestID, w.last("patch").RequestID)
		it = step(work.ItemConflict)
		want(t, "words", it.Message, "someone else has changed title")
		want(t, "the contact as it is now", it.Answer.ID(), it.ContactID)
		step(work.ItemSkipped)
		w.faults("refuse=title@patch:1")
		step(work.ItemFailed)
		want(t, "state of the run", p.runState(run.ID), "running")
		stopped, err := p.StopRun(t.Context(), run.ID)
		must(t, err)
		want(t, "stopped", stopped.State, "stopped")

		w.faults("reset@get")
		_, now, _, err := p.StepRun(t.Context(), run.ID)
		wantKind(t, err, model.KindNetwork)
		want(t, "still to do", now.Counts["todo"], 1)
		want(t, "stopped", now.State, "stopped")
		w.faults("")
		w.silence(http.MethodPatch)
		_, now, _, err = p.StepRun(t.Context(), run.ID)
		wantKind(t, err, model.KindNetwork)
		want(t, "not known", now.Counts["sent"], 1)
		w.hook(nil)
		it = step("done")
		want(t, "title", it.Answer.Get(model.FieldTitle).String(), "M")
		_, now, done, err := p.StepRun(t.Context(), run.ID)
		must(t, err)
		want(t, "done", done, true)
		want(t, "state", now.State, "done")
		want(t, "changes", w.applied("patch"), 2)
		runs, err := p.Runs(t.Context())
		must(t, err)
		want(t, "runs", len(runs), 1)
		stopped, err = p.StopRun(t.Context(), run.ID)
		must(t, err)
		want(t, "a finished run stays finished", stopped.State, "done")
		_, _, _, err = p.StepRun(t.Context(), "no such run")
		wantKind(t, err, model.KindRefused)
		if _, err := p.StartRun(t.Context(), "twice", "", []work.BulkItem{items[0], items[0]}); err == nil {
			t.Fatal("one contact twice")
		}
	})
}

func (p *program) runState(id string) string {
	p.w.t.Helper()
	runs, err := p.Runs(p.w.t.Context())
	must(p.w.t, err)
	for _, r := range runs {
		if r.ID == id {
			return string(r.State)
		}
	}
	return ""
}

// While a bulk edit waits for the rate limit, the person does not.
func TestBulkEditLeavesTheReserve(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 60, Tier: "free"})
	p := w.start()
	_, err := p.Account(t.Context())
	must(t, err)
	items := p.retitle("M")
	run, err := p.StartRun(t.Context(), "title", "", items)
	must(t, err)
	for range 8 { // as many as background work may send
		_, _, _, err = p.StepRun(t.Context(), run.ID)
		must(t, err)
	}
	before := w.clock.Now()
	base := p.contact(items[50].ContactID)
	_, err = p.Save(t.Context(), work.Save{ID: base.ID(), Base: base, Patch: set(base, map[model.FieldID]string{model.FieldCity: "Boston"})})
	must(t, err)
	want(t, "the person waited", w.clock.Now().Sub(before), 0)
	_, _, _, err = p.StepRun(t.Context(), run.ID)
	must(t, err)
	want(t, "the bulk edit waited", w.clock.Now().After(before), true)
	w.no429()
}

func TestTwoProgramsOnOneBulkEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 5, Tier: "unlimited"})
	p, q := w.start(), w.start()
	run, err := p.StartRun(t.Context(), "title", "", p.retitle("M"))
	must(t, err)
	_, _, _, err = p.StepRun(t.Context(), run.ID)
	must(t, err)
	_, _, _, err = q.StepRun(t.Context(), run.ID)
	wantKind(t, err, model.KindRefused, "another running program")
	p.die()
	end, err := q.finish(run.ID)
	must(t, err)
	want(t, "done", end.Counts["done"], 5)
	want(t, "changes", w.applied("patch"), 5)
}

// A person who stops a bulk edit does not cut off the change that is being sent;
// nothing is sent after it.
func TestStopLetsTheLastChangeEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 6, Tier: "unlimited"})
	p := w.start()
	run, err := p.StartRun(t.Context(), "title", "", p.retitle("Member"))
	must(t, err)
	for _, method := range []string{http.MethodPatch, http.MethodGet} {
		ctx, cancel := context.WithCancel(t.Context())
		w.hook(func(r *http.Request, _ []byte, after bool) error {
			if r.Method == method && !after {
				cancel()
			}
			return nil
		})
		sent := w.asked("patch")
		item, _, _, err := p.StepRun(ctx, run.ID)
		if method == http.MethodPatch {
			must(t, err)
			want(t, "the change that was being sent", item.State, "done")
			want(t, "sent", w.asked("patch")-sent, 1)
			continue
		}
		wantKind(t, err, model.KindCanceled)
		want(t, "sent after the stop", w.asked("patch")-sent, 0)
		want(t, "still to do", item.State, "todo")
	}
	w.hook(nil)
	want(t, "no write without an outcome", len(p.journal()), 1)
	run, err = p.finish(run.ID)
	must(t, err)
	want(t, "changed in the end", run.Counts["done"], 6)
}
