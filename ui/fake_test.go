package ui

import (
	tea "charm.land/bubbletea/v2"

	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// fake is a backend that answers from memory and counts what is asked of it.
type fake struct {
	tables map[string]string   // the files of the editor
	typed  func(string) string // what a person does in it
	*uitest.Service
	mu        sync.Mutex
	saves     []work.Save
	creates   []work.Create
	notes     []work.NoteWrite
	drafts    map[string]work.Draft
	ran       [][]string // commands of the user's own
	env       []string
	output    string
	runErr    error
	entries   []work.Entry
	unknown   []work.Entry
	finding   work.Finding // what became of those
	view      work.View
	account   work.Account
	profiles  []string
	nextID    int64
	conflict  *model.Contact
	copied    []string
	opened    []string
	exported  []model.Packed
	saveUntil time.Time // what a save waits for
	// candidates are what an earlier attempt to create may have made.
	candidates []model.Contact
	frozen     bool
	runs       []work.BulkRun
	results    []string       // the result files of a bulk edit
	changed    []work.Changed // by others
	seen       []int64        // contacts whose changes were looked at
	now        func() time.Time
	ended      map[string]time.Time // when drafts ended, as the store knows it
	kept       map[string]time.Time // when what was stored of them was typed
}

func newFake(n int) *fake {
	return &fake{
		Service: uitest.NewService(n), drafts: map[string]work.Draft{}, nextID: 900000, profiles: []string{"demo", "acme"},
		account: work.Account{Profile: "demo", Name: "Meridian Partners", Tier: "standard", Demo: true},
	}
}

func (f *fake) call(name string) error { return f.Call(name) }

func (f *fake) Account(context.Context) (work.Account, error) { return f.account, f.call("account") }

func (f *fake) Save(ctx context.Context, s work.Save) (work.Saved, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return work.Saved{}, &model.Error{Kind: model.KindCanceled, Message: "stopped before the response came", Cause: ctx.Err()}
	}
	f.saves = append(f.saves, s)
	if err := f.call("save"); err != nil {
		return work.Saved{}, err
	}
	if f.conflict != nil {
		if _, conflicts := model.Merge(s.Patch, *f.conflict); len(conflicts) > 0 {
			return work.Saved{Conflicts: conflicts, Theirs: *f.conflict}, nil
		}
	}
	for i, c := range f.Contacts {
		if c.ID() == s.ID {
			f.Contacts[i] = s.Patch.Apply(c).With(model.FieldUpdated, model.TextValue("2026-03-20T15:30:45Z"))
			return work.Saved{Contact: f.Contacts[i], RequestID: "req-save"}, nil
		}
	}
	return work.Saved{}, &model.Error{Kind: model.KindNotFound, Status: 404, Message: "Contact not found", RequestID: "req-404"}
}

func (f *fake) Create(_ context.Context, c work.Create) (work.Saved, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.creates = append(f.creates, c)
	if err := f.call("create"); err != nil {
		return work.Saved{}, err
	}
	if len(f.candidates) > 0 && !c.Anyway {
		return work.Saved{Candidates: f.candidates, EntryID: "entry"}, nil
	}
	f.nextID++
	made := c.Values.Apply(model.NewContact(f.nextID, nil))
	made = made.With(model.FieldConnected, model.BoolValue(false)).With(model.FieldPrimary, model.BoolValue(false))
	return work.Saved{Contact: made, RequestID: "req-create"}, nil
}

func (f *fake) SaveNote(_ context.Context, w work.NoteWrite) (work.NoteSaved, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.notes = append(f.notes, w)
	if err := f.call("save note"); err != nil {
		return work.NoteSaved{}, err
	}
	note := w.Before
	note.Text, note.Created = w.Text, "2026-11-20T15:00:00Z"
	if note.ID == "" {
		note.ID, note.Author = "n1", "Jo"
	}
	f.Noted[w.ContactID] = slices.DeleteFunc(f.Noted[w.ContactID], func(n model.Note) bool { return n.ID == note.ID })
	if !w.Delete {
		f.Noted[w.ContactID] = append([]model.Note{note}, f.Noted[w.ContactID]...)
	}
	return work.NoteSaved{Note: note}, nil
}

func (f *fake) CreateCompany(context.Context, work.NewCompany) (work.CompanySaved, error) {
	return work.CompanySaved{}, f.call("create company")
}

func (f *fake) UndoNote(_ context.Context, id string) (work.NoteSaved, error) {
	return work.NoteSaved{}, f.call("undo note " + id)
}

func (f *fake) History(context.Context, int) ([]work.Entry, error) { return f.entries, nil }
func (f *fake) Unresolved(context.Context) ([]work.Entry, error)   { return f.unknown, nil }
func (f *fake) Settle(context.Context, string, int64) error        { return f.call("settle") }
func (f *fake) Forget(context.Context, string) error               { return f.call("forget") }
func (f *fake) SendNow(context.Context, string) (work.Saved, error) {
	return work.Saved{}, errors.New("not in this fake")
}

func (f *fake) Resolve(_ context.Context, e work.Entry) (work.Resolution, error) {
	return work.Resolution{Entry: e, Finding: f.finding}, nil
}

func (f *fake) Features(context.Context) work.Features        { return work.Features{} }
func (f *fake) Views(context.Context) ([]work.View, error)    { return nil, nil }
func (f *fake) SaveView(context.Context, work.View) error     { return nil }
func (f *fake) RemoveView(context.Context, string) error      { return nil }
func (f *fake) RememberView(context.Context, work.View) error { return f.call("remember") }
func (f *fake) LastView(context.Context) (work.View, error)   { return f.view, nil }
func (f *fake) Quota() work.Quota {
	return work.Quota{Limit: 20, Left: 18, SaveUntil: f.saveUntil, SaveFrozen: f.frozen}
}

func (f *fake) EstimateChanges(n int) time.Duration { return f.Estimate(2*n, work.Index) }
func (f *fake) Report() string                      { return "report" }
func (f *fake) Profiles() []string                  { return f.profiles }

func (f *fake) ExportContacts(_ context.Context, rows []model.Packed, file string) (string, error) {
	f.exported = rows
	return "/home/jo/" + file, f.call("export")
}

func (f *fake) Runs(context.Context) ([]work.BulkRun, error)              { return f.runs, nil }
func (f *fake) StopRun(context.Context, string) (work.BulkRun, error)     { return work.BulkRun{}, nil }
func (f *fake) RetryItems(context.Context, string) (work.BulkRun, error)  { return work.BulkRun{}, nil }
func (f *fake) SaveRunResult(context.Context, string) ([]string, error)   { return f.results, nil }
func (f *fake) RunItems(context.Context, string) ([]work.BulkItem, error) { return nil, nil }
func (f *fake) StartRun(_ context.Context, title, _ string, items []work.BulkItem) (work.BulkRun, error) {
	return work.BulkRun{ID: "run", Title: title, Total: len(items), Counts: map[work.ItemState]int{work.ItemTodo: len(items)}},
		f.call("start run")
}

func (f *fake) StepRun(context.Context, string) (work.BulkItem, work.BulkRun, bool, error) {
	return work.BulkItem{}, work.BulkRun{ID: "run", State: work.RunDone}, true, f.call("step run")
}

func (f *fake) Drafts(context.Context) ([]work.Draft, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []work.Draft
	for _, d := range f.drafts {
		d.Mine = false
		out = append(out, d)
	}
	return out, f.call("drafts")
}

func (f *fake) KeepDraft(_ context.Context, d work.Draft) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("keep draft"); err != nil {
		return err
	}
	if d.Updated.Before(f.kept[d.ID]) || !f.ended[d.ID].IsZero() && !d.Updated.After(f.ended[d.ID]) {
		return nil // it comes too late
	}
	if f.kept == nil {
		f.kept = map[string]time.Time{}
	}
	f.drafts[d.ID], f.kept[d.ID] = d, d.Updated
	if d.TakenBack {
		delete(f.drafts, d.ID)
	}
	return nil
}

func (f *fake) DiscardDraft(_ context.Context, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.endDraft(id)
	return f.call("drop draft")
}

func (f *fake) endDraft(id string) {
	delete(f.drafts, id)
	if f.ended != nil {
		f.ended[id] = f.now()
	}
}

func (f *fake) SignIn(_ context.Context, key string) (work.Account, error) {
	if key != "lev_sk_good" {
		return work.Account{}, &model.Error{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required"}
	}
	return f.account, f.call("sign in")
}

func (f *fake) EditText(path, text string, done func(Edited) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if path == "" {
			path = "/home/jo/table.txt"
		} else {
			text = f.tables[path]
		}
		if f.typed != nil {
			text = f.typed(text)
		}
		if f.tables == nil {
			f.tables = map[string]string{}
		}
		f.tables[path] = text
		return done(Edited{Path: path, Text: text, Err: f.call("edit")})
	}
}

func (f *fake) Remove(path string) error { delete(f.tables, path); return nil }
func (f *fake) Copy(text string) error   { f.copied = append(f.copied, text); return nil }
func (f *fake) Open(url string) error    { f.opened = append(f.opened, url); return nil }

func (f *fake) Changes(context.Context) ([]work.Changed, bool, error) { return f.changed, true, nil }
func (f *fake) SeeChanges(_ context.Context, contact, n int64) error {
	f.seen = append(f.seen, contact)
	return nil
}

func (f *fake) Run(_ context.Context, argv, env []string) (string, error) {
	f.ran, f.env = append(f.ran, argv), env
	return f.output, f.runErr
}

func (f *fake) CopyContacts(context.Context, []int64) ([]model.Packed, error) { return nil, nil }
