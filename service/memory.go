package service

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"levcontacts/store"
)

// memory is a state that ends with the program and leaves nothing on disk. It
// behaves as store.State does with one program.
type memory struct {
	now   func() time.Time
	newID func() string

	mu       sync.Mutex
	drafts   []memoryDraft
	entries  []store.Entry  // in the order of Seq
	sent     map[string]int // by entry: revision of the draft that was sent
	runs     []memoryRun
	facts    map[string]string
	revision int
}

type memoryDraft struct {
	store.Draft
	revision int
}

type memoryRun struct {
	store.Run
	items   []store.Item
	claimed map[int64]bool
}

func newMemory(now func() time.Time, newID func() string) *memory {
	return &memory{now: now, newID: newID, sent: map[string]int{}, facts: map[string]string{}}
}

func (m *memory) draft(id string) int {
	return slices.IndexFunc(m.drafts, func(d memoryDraft) bool { return d.ID == id })
}

func (m *memory) SaveDraft(_ context.Context, d store.Draft) (store.Draft, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.revision++
	d.UpdatedAt, d.Holder = m.now(), store.Here
	if d.Closed {
		d.Holder = store.Nobody
	}
	if d.ID == "" {
		d.ID, d.CreatedAt = m.newID(), d.UpdatedAt
		m.drafts = append(m.drafts, memoryDraft{d, m.revision})
		return d, nil
	}
	i := m.draft(d.ID)
	if i < 0 {
		return d, store.ErrNotFound
	}
	d.CreatedAt = m.drafts[i].CreatedAt
	m.drafts[i] = memoryDraft{d, m.revision}
	return d, nil
}

func (m *memory) Drafts(context.Context) ([]store.Draft, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []store.Draft
	for _, d := range m.drafts {
		d.Values = d.Values.Clone()
		out = append(out, d.Draft)
	}
	slices.SortStableFunc(out, func(a, b store.Draft) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	return out, nil
}

func (m *memory) DropDraft(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drafts = slices.DeleteFunc(m.drafts, func(d memoryDraft) bool { return d.ID == id })
	return nil
}

func (m *memory) Begin(_ context.Context, e store.Entry) (store.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e.ID, e.Seq, e.Result, e.StartedAt, e.Holder = m.newID(), int64(len(m.entries)+1), store.Pending, m.now(), store.Here
	if e.IdempotencyKey == "" {
		e.IdempotencyKey = m.newID()
	}
	if e.Run != "" {
		it := m.item(e.Run, e.ContactID)
		if it == nil || it.State != store.ItemTodo || !m.run(e.Run).claimed[e.ContactID] {
			return e, store.ErrHeld
		}
		it.State, it.EntryID = store.ItemSent, e.ID
	}
	if i := m.draft(e.Draft); i >= 0 {
		m.sent[e.ID] = m.drafts[i].revision
	}
	m.entries = append(m.entries, e)
	return e, nil
}

func (m *memory) entry(id string) *store.Entry {
	i := slices.IndexFunc(m.entries, func(e store.Entry) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return &m.entries[i]
}

func (m *memory) open(id string) (*store.Entry, error) {
	e := m.entry(id)
	switch {
	case e == nil:
		return nil, store.ErrNotFound
	case e.Result == store.Done || e.Result == store.Failed:
		return nil, store.ErrFinished
	}
	return e, nil
}

func (m *memory) Finish(_ context.Context, id string, o store.Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, err := m.open(id)
	if err != nil {
		return err
	}
	e.FinishedAt, e.Result, e.Status, e.RequestID, e.Message, e.Answer = m.now(), o.Result, o.Status, o.RequestID, o.Message, o.Answer
	if o.ContactID != 0 {
		e.ContactID = o.ContactID
	}
	if o.Result == store.Done {
		m.drafts = slices.DeleteFunc(m.drafts, func(d memoryDraft) bool { return d.ID == e.Draft && d.revision == m.sent[id] })
	}
	if it := m.item(e.Run, e.ContactID); it != nil && it.EntryID == id && it.State == store.ItemSent {
		it.Status, it.RequestID, it.Message = o.Status, o.RequestID, o.Message
		switch o.Result {
		case store.Done:
			it.State = store.ItemDone
		case store.Failed:
			it.State = store.ItemFailed
		}
		delete(m.run(e.Run).claimed, e.ContactID)
	}
	return nil
}

func (m *memory) ClaimEntry(_ context.Context, id string) (store.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, err := m.open(id)
	if err != nil {
		return store.Entry{}, err
	}
	e.Result, e.FinishedAt = store.Pending, time.Time{}
	return *e, nil
}

func (m *memory) Unresolved(context.Context) ([]store.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []store.Entry
	for _, e := range m.entries {
		if e.Result == store.Unknown {
			out = append(out, e)
		}
	}
	return out, nil
}

func (m *memory) Entries(_ context.Context, f store.Filter) ([]store.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []store.Entry
	for _, e := range slices.Backward(m.entries) {
		chosen := (f.Since.IsZero() || !e.StartedAt.Before(f.Since)) && (f.Until.IsZero() || e.StartedAt.Before(f.Until)) &&
			(f.ContactID == 0 || e.ContactID == f.ContactID) && (f.Result == "" || e.Result == f.Result) &&
			(f.Kind == "" || e.Kind == f.Kind) && (f.Run == "" || e.Run == f.Run) && (f.Before == 0 || e.Seq < f.Before)
		if chosen && (f.Limit <= 0 || len(out) < f.Limit) {
			out = append(out, m.withUndo(e))
		}
	}
	return out, nil
}

func (m *memory) withUndo(e store.Entry) store.Entry {
	for _, u := range m.entries {
		if u.Undoes == e.ID && u.Result == store.Done {
			e.UndoneBy = u.ID
		}
	}
	return e
}

func (m *memory) Entry(_ context.Context, id string) (store.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entry(id); e != nil {
		return m.withUndo(*e), nil
	}
	return store.Entry{}, store.ErrNotFound
}

func (m *memory) SetFact(_ context.Context, name, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if value == "" {
		delete(m.facts, name)
	} else {
		m.facts[name] = value
	}
	return nil
}

func (m *memory) Fact(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.facts[name], nil
}

func (m *memory) Close() error { return nil }

func (m *memory) run(id string) *memoryRun {
	i := slices.IndexFunc(m.runs, func(r memoryRun) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &m.runs[i]
}

func (m *memory) item(run string, contactID int64) *store.Item {
	r := m.run(run)
	if r == nil {
		return nil
	}
	i := slices.IndexFunc(r.items, func(it store.Item) bool { return it.ContactID == contactID })
	if i < 0 {
		return nil
	}
	return &r.items[i]
}

func (m *memory) CreateRun(_ context.Context, r store.Run, items []store.Item) (store.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r.ID, r.CreatedAt, r.State, r.Holder = m.newID(), m.now(), store.RunRunning, store.Here
	run := memoryRun{Run: r, claimed: map[int64]bool{}}
	seen := map[int64]bool{}
	for _, it := range items {
		if seen[it.ContactID] {
			return r, fmt.Errorf("contact %d is in the bulk edit twice", it.ContactID)
		}
		seen[it.ContactID] = true
		it.State = store.ItemTodo
		run.items = append(run.items, it)
	}
	m.runs = append(m.runs, run)
	return run.counted(), nil
}

func (r *memoryRun) counted() store.Run {
	out := r.Run
	out.Counts = map[store.ItemState]int{}
	for _, it := range r.items {
		out.Counts[it.State]++
	}
	return out
}

func (m *memory) Runs(context.Context) ([]store.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []store.Run
	for i := range slices.Backward(m.runs) {
		out = append(out, m.runs[i].counted())
	}
	return out, nil
}

func (m *memory) SetRunState(_ context.Context, id string, state store.RunState) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.run(id)
	if r == nil {
		return store.ErrNotFound
	}
	r.State, r.Holder = state, store.Here
	if state != store.RunRunning {
		r.Holder = store.Nobody
		for _, it := range r.items {
			if it.State == store.ItemTodo {
				delete(r.claimed, it.ContactID)
			}
		}
	}
	return nil
}

func (m *memory) Items(_ context.Context, run string) ([]store.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.run(run); r != nil {
		return slices.Clone(r.items), nil
	}
	return nil, nil
}

func (m *memory) NextItems(_ context.Context, run string, n int) ([]store.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.run(run)
	if r == nil {
		return nil, store.ErrNotFound
	}
	var out []store.Item
	for _, state := range []store.ItemState{store.ItemTodo, store.ItemSent} {
		for _, it := range r.items {
			if it.State == state && !r.claimed[it.ContactID] && len(out) < n {
				r.claimed[it.ContactID] = true
				out = append(out, it)
			}
		}
	}
	return out, nil
}

func (m *memory) EndItem(_ context.Context, run string, contactID int64, state store.ItemState, message string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	it := m.item(run, contactID)
	if it == nil || it.State != store.ItemTodo || !m.run(run).claimed[contactID] {
		return store.ErrHeld
	}
	it.State, it.Message = state, message
	delete(m.run(run).claimed, contactID)
	return nil
}
