package ui

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"levcontacts/model"
	"levcontacts/work"
)

// fake is a backend that counts what is asked of it. Answers come from memory;
// fail, when set, is asked first.
type fake struct {
	mu        sync.Mutex
	contacts  []model.Contact
	sorted    []model.Contact  // what a sorted list answers, nil for contacts
	apart     []model.Contact  // those that are not connected
	refuse    map[string]error // by call: "page", "sort", "save", "create", …
	calls     map[string]int
	pages     []work.PageRequest
	saves     []work.Save
	creates   []work.Create
	drafts    map[string]work.Draft
	entries   []work.Entry
	opening   work.Opening
	view      work.View
	account   work.Account
	profiles  []string
	nextID    int64
	conflict  *model.Contact
	exchanges []work.Exchange
	copied    []string
	opened    []string
	exported  []model.Packed
	saveUntil time.Time // what a save waits for
	runs      []work.BulkRun
	results   []string // the result files of a bulk edit

	frozen bool
}

func newFake(n int) *fake {
	f := &fake{calls: map[string]int{}, refuse: map[string]error{}, drafts: map[string]work.Draft{}, nextID: 900000, profiles: []string{"demo", "acme"},
		account: work.Account{Profile: "demo", Name: "Meridian Partners", Tier: "standard", Demo: true}}
	for i := range n {
		f.contacts = append(f.contacts, person(i))
	}
	return f
}

// person makes the i-th contact of the fake.
func person(i int) model.Contact {
	names := [][2]string{{"Sarah", "Chen"}, {"James", "Rodriguez"}, {"Priya", "Raman"}, {"Tomás", "Aguilar"}, {"Wei", "Zhang"}, {"Dana", "Reyes"}}
	titles := []string{"Senior Vice President", "Managing Director", "Principal", "Managing Partner", "Director of Originations"}
	n := names[i%len(names)]
	last := n[1]
	if i >= len(names) {
		last += " " + strconv.Itoa(i)
	}
	kind := model.TypeLender
	if i%3 == 2 {
		kind = model.TypeSponsor
	}
	v := map[model.FieldID]model.Value{
		model.FieldType: model.TextValue(kind), model.FieldFirstName: model.TextValue(n[0]), model.FieldLastName: model.TextValue(last),
		model.FieldEmail: model.TextValue(fmt.Sprintf("%s%d@meridiancapital.com", strings.ToLower(n[1]), i)), model.FieldTitle: model.TextValue(titles[i%len(titles)]),
		model.FieldDepartment: model.TextValue("Originations"), model.FieldAddress: model.TextValue("1 Battery Park Plaza"), model.FieldCity: model.TextValue("New York"),
		model.FieldState: model.TextValue("NY"), model.FieldZip: model.TextValue("10004"), model.FieldLinkedIn: model.TextValue("https://linkedin.com/in/sarah-chen-cre"),
		model.FieldPrimary: model.BoolValue(i%4 == 0), model.FieldConnected: model.BoolValue(true), model.FieldOwner: model.IntValue(56),
		model.FieldCreated: model.TextValue("2025-09-01T11:00:00Z"), model.FieldUpdated: model.TextValue("2026-02-20T16:45:00Z"),
	}
	return model.NewContact(int64(78+i), v)
}

func (f *fake) call(name string) error {
	f.calls[name]++
	return f.refuse[name]
}

func (f *fake) Account(context.Context) (work.Account, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.account, f.call("account")
}

func (f *fake) OpenCopy(context.Context) (work.Opening, error) { return f.opening, nil }

func (f *fake) LoadCopy(context.Context, int64) ([]model.Packed, int64, error) { return nil, 0, nil }

func (f *fake) Page(ctx context.Context, r work.PageRequest) (model.Page, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pages = append(f.pages, r)
	if err := f.call("page"); err != nil {
		return model.Page{}, err
	}
	if err := ctx.Err(); err != nil {
		return model.Page{}, &model.Error{Kind: model.KindCanceled, Cause: err}
	}
	all := f.contacts
	if r.List.Connection() == model.NotConnected {
		if err := f.call("apart"); err != nil {
			return model.Page{}, err
		}
		all = f.apart
	}
	if !r.List.Sort().IsZero() {
		if err := f.call("sort"); err != nil {
			return model.Page{}, err
		}
		if f.sorted != nil {
			all = f.sorted
		}
		from := min(r.List.Offset(), len(all))
		to := min(from+r.List.Limit(), len(all))
		return model.Page{Rows: model.PackAll(all[from:to]...), Total: len(all), Limit: r.List.Limit(), HasMore: to < len(all)}, nil
	}
	from := 0
	if c := r.List.Cursor(); c != "" {
		if err := f.call("cursor " + c); err != nil {
			return model.Page{}, err
		}
		b, _ := base64.StdEncoding.DecodeString(c)
		from, _ = strconv.Atoi(string(b))
	}
	to := min(from+r.List.Limit(), len(all))
	p := model.Page{Rows: model.PackAll(all[from:to]...), Total: len(all), Limit: r.List.Limit(), HasMore: to < len(all)}
	if p.HasMore {
		p.NextCursor = base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(to)))
	}
	return p, nil
}

func (f *fake) MarkFresh(context.Context, int) error { return f.call("fresh") }

func (f *fake) EndPass(context.Context) ([]int64, bool, error) { return nil, false, nil }

func (f *fake) Contact(_ context.Context, id int64) (model.Contact, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("get"); err != nil {
		return model.Contact{}, err
	}
	for _, c := range f.contacts {
		if c.ID() == id {
			return c, nil
		}
	}
	return model.Contact{}, &model.Error{Kind: model.KindNotFound, Status: 404, Message: "Contact not found"}
}

func (f *fake) Save(ctx context.Context, s work.Save) (work.Saved, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return work.Saved{}, &model.Error{Kind: model.KindCanceled, Message: "stopped before the answer came", Cause: ctx.Err()}
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
	for i, c := range f.contacts {
		if c.ID() == s.ID {
			f.contacts[i] = s.Patch.Apply(c).With(model.FieldUpdated, model.TextValue("2026-03-20T15:30:45Z"))
			return work.Saved{Contact: f.contacts[i], RequestID: "req-save"}, nil
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
	f.nextID++
	made := c.Values.Apply(model.NewContact(f.nextID, nil)).With(model.FieldConnected, model.BoolValue(false)).With(model.FieldPrimary, model.BoolValue(false))
	return work.Saved{Contact: made, RequestID: "req-create"}, nil
}

func (f *fake) History(context.Context, int) ([]work.Entry, error) { return f.entries, nil }
func (f *fake) Unresolved(context.Context) ([]work.Entry, error)   { return nil, nil }
func (f *fake) Settle(context.Context, string, int64) error        { return nil }
func (f *fake) Runs(context.Context) ([]work.BulkRun, error)       { return f.runs, nil }
func (f *fake) Views(context.Context) ([]work.View, error)         { return nil, nil }
func (f *fake) SaveView(context.Context, work.View) error          { return nil }
func (f *fake) RememberView(context.Context, work.View) error      { return f.call("remember") }
func (f *fake) LastView(context.Context) (work.View, error)        { return f.view, nil }
func (f *fake) Gauge() work.Gauge {
	return work.Gauge{Limit: 20, Left: 18, SaveUntil: f.saveUntil, SaveFrozen: f.frozen}
}
func (f *fake) Estimate(n int, _ work.Priority) time.Duration {
	return time.Duration(n) * 3 * time.Second
}
func (f *fake) EstimateChanges(n int) time.Duration                   { return f.Estimate(2*n, work.Index) }
func (f *fake) Exchanges() []work.Exchange                            { return f.exchanges }
func (f *fake) Report() string                                        { return "report" }
func (f *fake) Profiles() []string                                    { return f.profiles }
func (f *fake) StopRun(context.Context, string) (work.BulkRun, error) { return work.BulkRun{}, nil }
func (f *fake) ExportContacts(_ context.Context, rows []model.Packed) ([]string, error) {
	f.exported = rows
	return []string{"/home/jo/a.csv", "/home/jo/a.json"}, f.call("export")
}

func (f *fake) SaveRunResult(context.Context, string) ([]string, error) { return f.results, nil }

func (f *fake) Resolve(context.Context, work.Entry) (work.Resolution, error) {
	return work.Resolution{}, errors.New("not in this fake")
}

func (f *fake) RunItems(context.Context, string) ([]work.BulkItem, error) { return nil, nil }

func (f *fake) StartRun(_ context.Context, title string, items []work.BulkItem) (work.BulkRun, error) {
	return work.BulkRun{ID: "run", Title: title, Total: len(items), Counts: map[work.ItemState]int{"todo": len(items)}}, f.call("start run")
}

func (f *fake) StepRun(context.Context, string) (work.BulkItem, work.BulkRun, bool, error) {
	return work.BulkItem{}, work.BulkRun{ID: "run", State: "done"}, true, f.call("step run")
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
	f.drafts[d.ID] = d
	return f.call("keep draft")
}

func (f *fake) DropDraft(_ context.Context, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.drafts, id)
	return f.call("drop draft")
}

func (f *fake) SignIn(_ context.Context, key string) (work.Account, error) {
	if key != "good" {
		return work.Account{}, &model.Error{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required"}
	}
	return f.account, f.call("sign in")
}

func (f *fake) Copy(text string) error { f.copied = append(f.copied, text); return nil }
func (f *fake) Open(url string) error  { f.opened = append(f.opened, url); return nil }
