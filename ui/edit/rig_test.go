package edit

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// fake is a backend that notes what is asked of it.
type fake struct {
	refuse    map[string]error // by call: "save", "create", "settle", "keep", "drop"
	saves     []work.Save
	creates   []work.Create
	notes     []work.NoteWrite
	companies work.Companies
	firms     []work.NewCompany // that were created
	theirNote *model.Note       // what someone else made of the note
	settled   []string
	dropped   []string
	drafts    map[string]work.Draft
	theirs    *model.Contact // what someone else made of the contact
	answer    *model.Contact // what a save is answered with
	fixed     []model.FieldID
	candidate *model.Contact // what an earlier attempt of a create may have made
}

func (f *fake) Save(ctx context.Context, s work.Save) (work.Saved, error) {
	if ctx.Err() != nil {
		return work.Saved{}, &model.Error{Kind: model.KindCanceled, Message: "stopped before the response came"}
	}
	f.saves = append(f.saves, s)
	if err := f.refuse["save"]; err != nil {
		return work.Saved{}, err
	}
	if f.theirs != nil {
		if _, conflicts := model.Merge(s.Patch, *f.theirs); len(conflicts) > 0 {
			return work.Saved{Conflicts: conflicts, Theirs: *f.theirs}, nil
		}
	}
	if f.answer != nil {
		return work.Saved{Contact: *f.answer, NotTaken: model.NotTaken(s.Patch, *f.answer)}, nil
	}
	return work.Saved{Contact: s.Patch.Apply(s.Base)}, nil
}

func (f *fake) Create(_ context.Context, c work.Create) (work.Saved, error) {
	f.creates = append(f.creates, c)
	if err := f.refuse["create"]; err != nil {
		return work.Saved{}, err
	}
	if f.candidate != nil && !c.Anyway {
		return work.Saved{Candidates: []model.Contact{*f.candidate}, EntryID: "entry"}, nil
	}
	return work.Saved{Contact: c.Values.Apply(model.NewContact(900001, nil)).With(model.FieldConnected,
		model.BoolValue(false))}, nil
}

func (f *fake) SaveNote(_ context.Context, w work.NoteWrite) (work.NoteSaved, error) {
	f.notes = append(f.notes, w)
	if err := f.refuse["note"]; err != nil {
		return work.NoteSaved{}, err
	}
	if f.theirNote != nil && f.theirNote.Text != w.Before.Text {
		return work.NoteSaved{Conflict: true, Theirs: *f.theirNote}, nil
	}
	return work.NoteSaved{Note: model.Note{ID: "n1", Text: w.Text}}, nil
}

func (f *fake) Companies(context.Context, time.Duration, work.Priority) (work.Companies, error) {
	all := f.companies
	all.Lacking = len(all.Items) == 0
	return all, f.refuse["companies"]
}

func (f *fake) CreateCompany(_ context.Context, c work.NewCompany) (work.CompanySaved, error) {
	f.firms = append(f.firms, c)
	return work.CompanySaved{Company: model.Company{ID: 77, Name: c.Name}}, f.refuse["company"]
}

func (f *fake) Settle(_ context.Context, entry string, id int64) error {
	f.settled = append(f.settled, fmt.Sprint(entry, " ", id))
	return f.refuse["settle"]
}

func (f *fake) KeepDraft(_ context.Context, d work.Draft) error {
	if err := f.refuse["keep"]; err != nil {
		return err
	}
	f.drafts[d.ID] = d
	if d.TakenBack {
		delete(f.drafts, d.ID)
	}
	return nil
}

func (f *fake) DiscardDraft(_ context.Context, id string) error {
	f.dropped = append(f.dropped, id)
	delete(f.drafts, id)
	return f.refuse["drop"]
}

func (f *fake) Features(context.Context) work.Features { return work.Features{Fixed: f.fixed} }

func (f *fake) EstimateChanges(n int) time.Duration { return time.Duration(n) * 3 * time.Second }

// rig is an edit with its backend, and a parent that opens its overlays.
type rig struct {
	t       *testing.T
	f       *fake
	o       Options
	m       *Model
	now     time.Time
	ids     int
	timers  []timer
	hold    bool // commands wait in held
	held    []tea.Cmd
	overlay screen.Overlay
	events  []screen.Event
	said    map[string]string // what stands on the screen, by owner
}

type timer struct {
	at  time.Time
	msg tea.Msg
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, f: &fake{refuse: map[string]error{}, drafts: map[string]work.Draft{}}, now: time.Date(2026, 3, 1,
		9, 0, 0, 0, time.UTC), said: map[string]string{}}
	r.o = Options{Backend: r.f, Keys: uitest.Keys(Actions()...), Theme: theme.Pick("dark", true), Context: t.Context(),
		Now:   func() time.Time { return r.now },
		NewID: func() string { r.ids++; return fmt.Sprint("id", r.ids) },
		After: func(d time.Duration, msg tea.Msg) tea.Cmd {
			r.timers = append(r.timers, timer{r.now.Add(d), msg})
			return nil
		}}
	var b model.Book
	b.Put(sarah().Pack())
	b.Put(james().Pack())
	r.o.Contacts = b.Snapshot()
	return r
}

func val(s string) model.Value { return model.TextValue(s) }

func sarah() model.Contact {
	return model.NewContact(78, map[model.FieldID]model.Value{
		model.FieldType: val(model.TypeLender), model.FieldFirstName: val("Sarah"), model.FieldLastName: val("Chen"),
		model.FieldTitle: val("Senior Vice President"), model.FieldDepartment: val("Originations"),
		model.FieldEmail:    val("schen@meridiancapital.com"),
		model.FieldLinkedIn: val("https://linkedin.com/in/sarah-chen-cre"),
		model.FieldAddress:  val("1 Battery Park Plaza"),
		model.FieldCity:     val("New York"), model.FieldState: val("NY"), model.FieldZip: val("10004"),
		model.FieldPrimary:   model.BoolValue(true),
		model.FieldConnected: model.BoolValue(true)})
}

func james() model.Contact {
	return model.NewContact(142, map[model.FieldID]model.Value{model.FieldType: val(model.TypeSponsor),
		model.FieldFirstName: val("James"),
		model.FieldLastName:  val("Rodriguez"), model.FieldEmail: val("j@x.com"), model.FieldTitle: val("Principal"),
		model.FieldConnected: model.BoolValue(true)})
}

// open begins an edit.
func (r *rig) open(m *Model) *rig {
	r.m = m
	m.SetSize(100, 30)
	r.run(m.Init(), nil)
	return r
}

// field, form, create, copied and undo open edits of Sarah Chen.
func (r *rig) field(f model.FieldID, drafts ...work.Draft) *rig {
	return r.open(Field(r.o, sarah(), f, drafts))
}
func (r *rig) form(drafts ...work.Draft) *rig { return r.open(Form(r.o, sarah(), drafts)) }
func (r *rig) create() *rig                   { return r.open(Create(r.o)) }

// run carries out commands at once, and notes events.
func (r *rig) run(cmd tea.Cmd, events []screen.Event) {
	r.events = append(r.events, events...)
	for _, e := range events {
		switch e := e.(type) {
		case screen.Say:
			r.said[e.Owner] = e.Text
		case screen.Retract:
			delete(r.said, e.Owner)
		case screen.Open:
			r.overlay = e.Overlay
		}
	}
	if cmd == nil {
		return
	}
	if r.hold {
		r.held = append(r.held, cmd)
		return
	}
	r.send(cmd())
}

// release runs the commands that were held.
func (r *rig) release() {
	r.hold = false
	held := r.held
	r.held = nil
	for _, cmd := range held {
		r.run(cmd, nil)
	}
}

func (r *rig) send(msg tea.Msg) {
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, cmd := range batch {
			r.run(cmd, nil)
		}
		return
	}
	if msg != nil {
		r.run(r.m.Update(msg))
	}
}

// keys presses keys in what is on top.
func (r *rig) keys(names ...string) *rig {
	for _, n := range names {
		r.give(keyPress(n))
	}
	return r
}

func (r *rig) typed(s string) *rig {
	for _, c := range s {
		r.give(tea.KeyPressMsg{Code: c, Text: string(c)})
	}
	return r
}

func (r *rig) give(msg tea.Msg) {
	if r.overlay == nil {
		r.send(msg)
		return
	}
	result := r.overlay.Update(msg, r.o.Keys)
	if result.Closed {
		r.overlay = nil
	}
	for _, msg := range result.Chosen {
		r.send(msg)
	}
}

// passes lets time go by.
func (r *rig) passes(d time.Duration) *rig {
	r.now = r.now.Add(d)
	due := r.timers
	r.timers = nil
	for _, t := range due {
		if t.at.After(r.now) {
			r.timers = append(r.timers, t)
			continue
		}
		r.send(t.msg)
	}
	return r
}

func keyPress(name string) tea.KeyPressMsg {
	named := map[string]tea.KeyPressMsg{"tab": {Code: tea.KeyTab}, "enter": {Code: tea.KeyEnter},
		"esc": {Code: tea.KeyEscape}, "right": {Code: tea.KeyRight},
		"down": {Code: tea.KeyDown}, "backspace": {Code: tea.KeyBackspace}, "space": {Code: tea.KeySpace, Text: " "}}
	if k, ok := named[name]; ok {
		return k
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: []rune(c)[0], Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// shown is what stands on the screen: the edit, what lies over it, and messages.
func (r *rig) shown() string {
	var lines []string
	if editor, ok := r.m.Editor(); ok {
		lines = editor.Lines(60, 70)
	} else {
		lines = r.m.View(screen.Rect{W: 100, H: 30}).Lines
	}
	if r.overlay != nil {
		lines = append(lines, r.overlay.View(60, 20, r.o.Theme).Lines...)
	}
	for _, s := range r.said {
		lines = append(lines, s)
	}
	return ansi.Strip(strings.Join(lines, "\n"))
}

func (r *rig) want(parts ...string) *rig {
	r.t.Helper()
	flat := strings.Join(strings.Fields(r.shown()), " ")
	for _, p := range parts {
		if !strings.Contains(r.shown(), p) && !strings.Contains(flat, p) {
			r.t.Errorf("%q is missing in\n%s", p, r.shown())
		}
	}
	return r
}

func (r *rig) wantNot(parts ...string) *rig {
	r.t.Helper()
	for _, p := range parts {
		if strings.Contains(r.shown(), p) {
			r.t.Errorf("%q is there in\n%s", p, r.shown())
		}
	}
	return r
}

// last is the latest event of a type.
func last[T any](r *rig) (T, bool) {
	for i := len(r.events) - 1; i >= 0; i-- {
		if e, ok := r.events[i].(T); ok {
			return e, true
		}
	}
	var none T
	return none, false
}

// ended fails unless the edit ended so.
func (r *rig) ended(want Outcome) Ended {
	r.t.Helper()
	e, ok := last[Ended](r)
	if !ok || e.Outcome != want {
		r.t.Errorf("ended %v with %+v, want outcome %d", ok, e, want)
	}
	return e
}

func (r *rig) isOpen() bool { _, over := last[Ended](r); return !over }

func body(t *testing.T, p model.Patch) string {
	t.Helper()
	b, err := p.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func refusedConnection() *model.Error {
	return &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
}

func noResponse() *model.Error {
	return &model.Error{Kind: model.KindNetwork, Message: "connection reset", Cause: work.ErrOutcomeUnknown}
}
