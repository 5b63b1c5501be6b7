package edit

import (
	"reflect"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

// bulk opens the form of three marked contacts, of which one has the city
// already, and types a city.
func bulk(t *testing.T) *rig {
	r := newRig(t)
	boston := james().With(model.FieldCity, val("Boston"))
	r.open(Bulk(r.o, []model.Contact{sarah(), james(), boston}, nil)).want("Edit 3 marked contacts")
	r.m.form.Focus(model.FieldCity)
	return r.typed("Boston")
}

func TestBulkShowsEveryChangeAndAsksToStart(t *testing.T) {
	t.Parallel()
	r := bulk(t).keys("ctrl+s").want("2 contacts will change, about 6 s", "1 marked contact already so, skipped",
		"Sarah Chen", "James Rodriguez", "Boston", "New York")
	r.keys("j").want("James Rodriguez · City").keys("J").want("James Rodriguez · JSON", `"city": "Boston"`).keys("J")
	if _, asked := last[BulkAsked](r); asked {
		t.Fatal("started before it was confirmed")
	}
	r.keys("enter")
	e, ok := last[BulkAsked](r)
	if !ok || e.Title != "city" || len(e.Items) != 2 || e.Items[0].ContactID != 78 ||
		r.f.drafts[e.DraftID].Values[model.FieldCity] != "Boston" {
		t.Fatalf("asked for %+v with the drafts %v", e, r.f.drafts)
	}
	if r.keys("esc", "enter"); !r.isOpen() || !r.m.Saving() {
		t.Error("it ended before the run has started")
	}
	r.run(r.m.BulkResult(nil))
	r.ended(BulkStarted)
	if d, _ := last[DraftDiscarded](r); d.ID != e.DraftID || len(r.f.dropped) != 0 {
		t.Errorf("the draft: %+v, dropped %v", d, r.f.dropped)
	}
}

// X4: a run that does not start, and a draft that cannot be kept before it,
// lose nothing.
func TestABulkEditThatDoesNotStart(t *testing.T) {
	t.Parallel()
	full := &model.Error{Kind: model.KindRefused, Message: "no space left on device"}
	r := bulk(t).keys("ctrl+s", "enter")
	r.run(r.m.BulkResult(full))
	r.want("The bulk edit was not started.", "no space left on device", "2 contacts will change")
	r.keys("enter")
	if r.run(r.m.BulkResult(nil)); r.f.drafts == nil {
		t.Error("no draft")
	}
	r.ended(BulkStarted)

	r = bulk(t)
	r.f.refuse["keep"] = full
	r.keys("ctrl+s", "enter").want("What you typed cannot be kept as a draft", "2 contacts will change")
	if _, asked := last[BulkAsked](r); asked || !r.isOpen() {
		t.Error("started without a draft")
	}
	if cmd, events := r.m.BulkResult(nil); cmd != nil || events != nil {
		t.Error("a result that nobody waits for counts")
	}
}

func TestABulkEditWithNothingToDo(t *testing.T) {
	t.Parallel()
	r := bulk(t).keys("ctrl+r").keys("ctrl+s").want("nothing would change")
	d := work.Draft{ID: "d", Kind: work.DraftBulk, Values: model.Draft{model.FieldCity: "Boston"}}
	r.open(Reopen(r.o, d, model.Contact{})).want("Boston").keys("ctrl+s").want("mark the contacts again first")
	r.open(Bulk(r.o, []model.Contact{sarah()}, &d)).keys("ctrl+s").want("1 contact will change")
	if r.m.ID() != "d" {
		t.Error("another draft")
	}
}

// The footer says what keys do now.
func TestLabels(t *testing.T) {
	t.Parallel()
	foot := func(r *rig) string {
		var out []string
		for _, a := range r.o.Keys.In(r.m.Scope()) {
			if label := r.m.Label(a); label != "" {
				out = append(out, a.Keys[0]+" "+label)
			}
		}
		return strings.Join(out, "   ")
	}
	change, _ := model.Diff(sarah(), model.Draft{model.FieldTitle: "Chair"}).Get(model.FieldTitle)
	undo := func(r *rig) *rig {
		return r.open(Undo(r.o, work.Entry{ID: "e", ContactID: 78, Changes: []model.Change{change}},
			sarah().With(model.FieldTitle, val("Chair"))))
	}
	saving := newRig(t).field(model.FieldTitle)
	saving.hold = true
	saving.typed("x").keys("enter")
	stopping := newRig(t).field(model.FieldTitle)
	stopping.hold = true
	stopping.typed("x").keys("enter", "esc")
	readOnly := newRig(t).field(model.FieldTitle)
	readOnly.m.SetReadOnly("why")
	theirs := sarah().With(model.FieldTitle, val("Chair"))
	conflict := newRig(t).field(model.FieldTitle)
	conflict.f.theirs = &theirs
	conflict.typed("x").keys("enter")
	for _, c := range []struct {
		name string
		r    *rig
		want string
	}{
		{"form", newRig(t).form(), "ctrl+s save   tab next field   esc leave"},
		{"field", newRig(t).field(model.FieldTitle), "enter save   esc leave"},
		{"read-only", readOnly, "esc leave"},
		{"saving", saving, "esc stop"},
		{"stopping", stopping, ""},
		{"preview", newRig(t).form().keys("tab").typed("x").keys("ctrl+s"),
			"enter save   J show JSON   esc keep editing"},
		{"JSON", newRig(t).form().keys("tab").typed("x").keys("ctrl+s", "J"),
			"enter save   J show fields   esc keep editing"},
		{"undo", undo(newRig(t)), "enter undo it   J show JSON   esc leave it"},
		{"create", newRig(t).create().keys("right", "tab").typed("Ann").keys("ctrl+s"),
			"enter create   J show JSON   esc keep editing"},
		{"bulk", bulk(t).keys("ctrl+s"), "enter start   J show JSON   esc keep editing"},
		{"conflict", conflict, "t theirs   m mine   o original   enter continue   esc keep editing"},
	} {
		if got := foot(c.r); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The actions are those of the program's table, word for word.
func TestActions(t *testing.T) {
	t.Parallel()
	keys := uitest.Keys(Actions()...)
	for _, a := range Actions() {
		if got := keys.Get(a.Name); !reflect.DeepEqual(got, a) {
			t.Errorf("%+v, the table has %+v", a, got)
		}
	}
}

// The field in place has the cursor; a form that is saved has none.
func TestWhereTheCursorIs(t *testing.T) {
	t.Parallel()
	r := newRig(t).field(model.FieldTitle)
	r.shown()
	if _, ok := r.m.Editor(); !ok || r.m.EditorCursor() == nil || r.m.Covers() {
		t.Error("no editor in place")
	}
	if f, ok := r.m.Field(); !ok || f != model.FieldTitle || r.m.Contact() != 78 {
		t.Error("the edit does not say what it edits")
	}
	r = newRig(t).form().keys("tab")
	frame := r.m.View(screen.Rect{W: 80, H: 20})
	if _, ok := r.m.Editor(); ok || r.m.EditorCursor() != nil || !r.m.Covers() || frame.Cursor == nil {
		t.Error("a form is drawn in place, or has no cursor")
	}
	r.m.SetTheme(r.o.Theme)
	r.hold = true
	if r.typed("x").keys("ctrl+s", "enter"); r.m.View(screen.Rect{W: 80, H: 20}).Cursor != nil {
		t.Error("a form that is being saved has a cursor")
	}
}
