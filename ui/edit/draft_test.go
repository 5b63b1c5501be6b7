package edit

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/work"
)

func fieldDraft(id string, f model.FieldID, text string) work.Draft {
	return work.Draft{ID: id, Kind: work.DraftField, ContactID: 78, Field: f, Base: sarah(),
		Values: model.Draft{f: text}}
}

// Somebody who types on and on has all but the last second on the disk.
func TestTypingWithoutAPauseIsKept(t *testing.T) {
	t.Parallel()
	for _, gap := range []time.Duration{50 * time.Millisecond, 120 * time.Millisecond, 240 * time.Millisecond,
		400 * time.Millisecond} {
		r := newRig(t).form().keys("tab")
		typed := map[time.Time]int{}
		for began, n := r.now, 1; r.now.Sub(began) < 2500*time.Millisecond; n++ {
			r.typed("x")
			typed[r.now] = n
			r.passes(gap)
			kept := strings.Count(r.f.drafts[r.m.ID()].Values[model.FieldFirstName], "x")
			for at, n := range typed {
				if r.now.Sub(at) >= time.Second && n > kept {
					t.Fatalf("%s: %d characters are older than a second, %d are kept", gap, n, kept)
				}
			}
		}
	}
}

func TestWhatWasTakenBackDoesNotComeBack(t *testing.T) {
	t.Parallel()
	for _, back := range [][]string{{"backspace"}, {"ctrl+r"}} {
		r := newRig(t).field(model.FieldTitle).typed("x").passes(draftDelay)
		if d := r.f.drafts[r.m.ID()]; d.Values[model.FieldTitle] != "Senior Vice Presidentx" || !d.Open || !d.Mine {
			t.Fatalf("kept %+v", d)
		}
		r.keys(back...).passes(draftDelay)
		if _, told := last[DraftDiscarded](r); !told || len(r.f.drafts) != 0 {
			t.Errorf("%v: the draft is still there: %v", back, r.f.drafts)
		}
	}
}

// Every way out of an edit, and what it leaves behind.
func TestWaysOut(t *testing.T) {
	t.Parallel()
	field := func(r *rig) { r.field(model.FieldTitle).typed("x") }
	form := func(r *rig) { r.form().keys("tab").typed("x") }
	for _, c := range []struct {
		name   string
		open   func(*rig)
		keys   []string
		want   Outcome
		drafts int
	}{
		{"2 field, esc keeps", field, []string{"esc"}, Kept, 1},
		{"2 field, reverted", field, []string{"ctrl+r", "esc"}, Nothing, 0},
		{"field, not typed", func(r *rig) { r.field(model.FieldTitle) }, []string{"esc"}, Nothing, 0},
		{"form, kept", form, []string{"esc", "l"}, Kept, 1},
		{"form, discarded", form, []string{"esc", "d"}, Discarded, 0},
		{"form, esc esc stays", form, []string{"esc", "esc", "esc", "enter", "esc", "d"}, Discarded, 0},
		{"form, not typed", func(r *rig) { r.form() }, []string{"esc"}, Nothing, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			c.open(r)
			r.passes(draftDelay).keys(c.keys...)
			r.ended(c.want)
			if len(r.f.drafts) != c.drafts {
				t.Errorf("drafts: %+v", r.f.drafts)
			}
			for _, d := range r.f.drafts {
				if d.Open {
					t.Error("a draft that was left opens at the next start")
				}
			}
		})
	}
}

func TestEscKeepsEditing(t *testing.T) {
	t.Parallel()
	r := newRig(t).form().keys("tab", "tab", "tab").typed(" II").keys("esc").want("What you typed is not saved",
		"Keep editing")
	r.keys("enter").want("Senior Vice President II").typed("I").want("Senior Vice President III")
	if !r.isOpen() {
		t.Error("ended")
	}
}

// 2: the draft of a field is in the way of no other field, nor of the form.
func TestDraftsOfFields(t *testing.T) {
	t.Parallel()
	waiting := []work.Draft{fieldDraft("d1", model.FieldLinkedIn, "Zed"), fieldDraft("d2", model.FieldCity, "Reno"),
		{ID: "other", Kind: work.DraftField, ContactID: 142, Field: model.FieldTitle,
			Values: model.Draft{model.FieldTitle: "Chair"}}}
	r := newRig(t).field(model.FieldTitle, waiting...).want("Senior Vice President").wantNot("Zed", "Reno", "Chair")
	if r.m.ID() == "d1" || r.m.Dirty() {
		t.Error("another field's draft is opened")
	}
	r = newRig(t).field(model.FieldCity, waiting...).want("Reno")
	if r.m.ID() != "d2" || !r.m.Dirty() {
		t.Error("the field's own draft is not opened")
	}

	for _, c := range []struct {
		keys    []string
		outcome Outcome
		dropped []string
	}{
		{[]string{"ctrl+s", "enter"}, Saved, []string{"id1", "d2", "d1"}},
		{[]string{"esc", "d"}, Discarded, []string{"d2", "d1"}},
		{[]string{"esc", "l"}, Kept, nil},
	} {
		r = newRig(t).form(waiting...).want("Zed", "Reno", "2 changes").wantNot("Chair").keys(c.keys...)
		r.ended(c.outcome)
		if strings.Join(r.f.dropped, " ") != strings.Join(c.dropped, " ") {
			t.Errorf("%v: dropped %v, want %v", c.keys, r.f.dropped, c.dropped)
		}
	}
	if d := r.f.drafts["id1"]; len(d.Values) != 2 || d.Kind != work.DraftEdit {
		t.Errorf("kept %+v", r.f.drafts)
	}
}

// The newer of two texts for one field counts.
func TestAFormTakesTheNewestDraft(t *testing.T) {
	t.Parallel()
	at := func(d work.Draft, n int) work.Draft {
		d.Updated = time.Unix(int64(n), 0)
		return d
	}
	formed := work.Draft{ID: "f", Kind: work.DraftEdit, ContactID: 78, Base: sarah(),
		Values: model.Draft{model.FieldCity: "Form City"}}
	r := newRig(t).form(at(fieldDraft("d2", model.FieldCity, "Newest"), 3), at(formed, 2),
		at(fieldDraft("d1", model.FieldCity, "Oldest"), 1))
	if r.want("Newest").wantNot("Oldest", "Form City"); r.m.ID() != "f" {
		t.Errorf("the draft is %s", r.m.ID())
	}
}

// A change to a field that is being edited is noticed: the draft's base stays as
// the edit began, and everything else is as it is now.
func TestADraftIsOpenedOverTheContactAsItIsNow(t *testing.T) {
	t.Parallel()
	now := sarah().With(model.FieldCity, val("Boston")).With(model.FieldTitle, val("Chair"))
	d := fieldDraft("d", model.FieldCity, "Reno")
	r := newRig(t)
	r.open(Reopen(r.o, d, now)).keys("enter")
	if s := r.f.saves[0]; s.Base.Get(model.FieldCity) != val("New York") ||
		s.Base.Get(model.FieldTitle) != val("Chair") {
		t.Errorf("the base is %v", s.Base)
	}
}

// A form that was open when the program ended comes back with the cursor where
// it was, also when nothing was typed there.
func TestTheCursorComesBackWithTheForm(t *testing.T) {
	t.Parallel()
	for name, opens := range map[string]func(*rig) *Model{
		"edit": func(r *rig) *Model { return Form(r.o, sarah(), nil) },
		"new":  func(r *rig) *Model { return Create(r.o) },
		"copy": func(r *rig) *Model { return Copy(r.o, sarah()) },
		"many": func(r *rig) *Model { return Bulk(r.o, []model.Contact{sarah()}, nil) },
	} {
		r := newRig(t)
		r.open(opens(r)).keys("tab").typed("x").keys("tab").typed("y").keys("tab", "tab", "tab").passes(draftEvery)
		at := r.m.form.Field()
		r.open(Reopen(r.o, r.f.drafts[r.m.ID()], model.Contact{}))
		if got := r.m.form.Field(); got != at || at == model.FieldFirstName {
			t.Errorf("%s: the cursor is in %s, was in %s", name, got.Name(), at.Name())
		}
	}
	r := newRig(t)
	r.open(Reopen(r.o, work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 78, Base: sarah(),
		Values: model.Draft{model.FieldCity: "Reno"}}, sarah()))
	if got := r.m.form.Field(); got != model.FieldCity {
		t.Errorf("a draft without a cursor opens in %s", got.Name())
	}
}

// X3, X4: text that cannot be kept is said to be so, and is not lost without a
// question.
func TestADraftThatCannotBeKept(t *testing.T) {
	t.Parallel()
	full := &model.Error{Kind: model.KindRefused, Message: "no space left on device"}
	const warning = "What you typed cannot be kept as a draft: it is only on this screen."
	for name, open := range map[string]func(*rig){
		"field": func(r *rig) { r.field(model.FieldTitle).typed("x") },
		"form":  func(r *rig) { r.form().keys("tab").typed("x") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.f.refuse["keep"] = full
			open(r)
			r.passes(draftDelay).want(warning, "no space left on device")
			leave := []string{"esc"}
			if name == "form" {
				leave = []string{"esc", "l"}
			}
			r.keys(leave...).want("What you typed cannot be kept as a draft",
				"Leave and lose what I typed").keys("enter")
			if !r.isOpen() || !r.m.Dirty() {
				t.Fatal("it is lost")
			}
			r.keys(leave...).keys("a").want("Leave and lose what I typed") // it is tried again, in vain
			delete(r.f.refuse, "keep")
			r.keys("a")
			if r.ended(Kept); len(r.f.drafts) != 1 || r.said[r.m.owner()+" draft"] != "" {
				t.Errorf("%d drafts, said %v", len(r.f.drafts), r.said)
			}
		})
	}
	r := newRig(t)
	r.f.refuse["keep"] = full
	r.field(model.FieldTitle).typed("x").keys("esc", "l").ended(Discarded)

	r = newRig(t).form().keys("tab").typed("x")
	r.f.refuse["keep"] = full
	r.run(r.m.Keep(), nil)
	if e, ok := last[DraftNotKept](r); !ok || !e.Asked || e.ID != r.m.ID() {
		t.Errorf("quitting is told %+v", e)
	}
	delete(r.f.refuse, "keep")
	r.run(r.m.Keep(), nil)
	if e, ok := last[DraftKept](r); !ok || !e.Draft.Open {
		t.Errorf("quitting is told %+v", e)
	}
}

// A draft that cannot be discarded is said to be so, also after the edit.
func TestADraftThatCannotBeDiscarded(t *testing.T) {
	t.Parallel()
	r := newRig(t).form().keys("tab").typed("x").passes(draftDelay)
	r.f.refuse["drop"] = &model.Error{Kind: model.KindRefused, Message: "the disk is gone"}
	r.keys("esc", "d").want("The draft could not be discarded", "the disk is gone")
	if _, gone := last[DraftDiscarded](r); gone {
		t.Error("it is taken off the list of drafts")
	}
	gone := discardedMsg{own: own{"x"}, drafts: []string{"x"}}
	if Late(keptMsg{own: own{"x"}}) != nil || Late(gone)[0] != (DraftDiscarded{ID: "x"}) {
		t.Error("a late answer is taken wrongly")
	}
}

// Keys pressed while the draft is being written are for whoever has the keys
// then.
func TestKeysPressedWhileLeaving(t *testing.T) {
	t.Parallel()
	r := newRig(t).field(model.FieldTitle).typed("x").passes(draftDelay)
	r.hold = true
	r.keys("esc", "j", "k")
	r.give(tea.PasteMsg{Content: "p"})
	if !r.isOpen() {
		t.Fatal("left before the draft is on disk")
	}
	r.release()
	if e := r.ended(Kept); len(e.Typed) != 3 {
		t.Errorf("%d keys", len(e.Typed))
	}
}

func TestUndo(t *testing.T) {
	t.Parallel()
	change, _ := model.Diff(sarah(), model.Draft{model.FieldTitle: "Chair"}).Get(model.FieldTitle)
	entry := work.Entry{ID: "e", ContactID: 78, Name: "Sarah Chen", Kind: work.KindUpdate, Result: work.Done,
		Changes: []model.Change{change}}
	now := sarah().With(model.FieldTitle, val("Chair"))

	r := newRig(t)
	r.open(Undo(r.o, entry, now)).want("Undo for Sarah Chen", "Chair", "→  Senior Vice President")
	r.keys("J", "J", "esc")
	if r.ended(Nothing); len(r.f.drafts)+len(r.f.dropped) != 0 {
		t.Error("looking at an undo leaves a draft")
	}
	r = newRig(t)
	r.open(Undo(r.o, entry, now))
	if d, ok := r.m.Draft(); ok || r.m.Keep() != nil {
		t.Errorf("an undo that was only shown is a draft: %+v", d)
	}
	r.keys("enter").want("undone and saved: title of Sarah Chen")
	if e := r.ended(Saved); !e.Undone || r.f.saves[0].Undoes != "e" {
		t.Errorf("%+v", e)
	}

	// X11: the service put the value into another form when it was saved.
	entry.Answer = sarah().With(model.FieldTitle, val("CHAIR")).Pack()
	for _, loaded := range []model.Contact{{}, sarah().With(model.FieldTitle, val("CHAIR"))} {
		r = newRig(t)
		theirs := sarah().With(model.FieldTitle, val("CHAIR"))
		r.f.theirs = &theirs
		r.open(Undo(r.o, entry, loaded)).keys("enter").wantNot("Someone else")
		r.ended(Saved)
	}
}

func TestWhatOneMayWaitFor(t *testing.T) {
	t.Parallel()
	r := newRig(t).field(model.FieldTitle).typed("x")
	if a := r.m.Activity(work.Quota{}, ""); a.Rank != screen.RankNone || !r.m.Wake().IsZero() {
		t.Errorf("idle: %+v", a)
	}
	r.hold = true
	r.keys("enter")
	waits := work.Quota{SaveUntil: r.now.Add(50 * time.Second)}
	frozen := waits
	frozen.SaveFrozen = true
	for _, c := range []struct {
		name    string
		after   time.Duration
		gauge   work.Quota
		trouble string
		want    string
	}{
		{"at once", 0, work.Quota{}, "", ""},
		{"2 s", 2 * time.Second, work.Quota{}, "", "still saving · 2 s · esc stops"},
		{"rate limit", 0, waits, "", "waiting for the rate limit · 48 s · esc stops"},
		{"429", 0, frozen, "", "the service is asking us to slow down · 48 s · esc stops"},
		{"network", 0, work.Quota{}, "network", "can't reach Lev · retrying (2 s) · esc stops"},
		{"trouble", 0, work.Quota{}, "unavailable", "the service has trouble · retrying (2 s) · esc stops"},
	} {
		r.passes(c.after)
		forms := append(r.m.Activity(c.gauge, c.trouble).Forms, "")
		if got := forms[0]; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if r.m.SetBackground(true); strings.Contains(r.m.Activity(waits, "").Forms[0], "esc") {
		t.Error("behind other screens no key stops it")
	}
	if !r.m.Saving() || r.m.Since().IsZero() || r.m.Wake() != r.now.Add(time.Second/2) {
		t.Errorf("wakes at %v", r.m.Wake())
	}
	if r.m.Stop(); r.m.Activity(waits, "").Forms[0] != "stopping…" {
		t.Errorf("stopping: %+v", r.m.Activity(waits, ""))
	}
}
