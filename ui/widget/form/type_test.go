package form

import (
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

// A type that is there is not emptied: the service would refuse that.
func TestATypeIsNotEmptied(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*Form{"edit": editing(sarah(), nil), "bulk": bulkEditing(nil)} {
		f, intent := press(f, "ctrl+x")
		if intent != None || len(f.Draft()) != 0 {
			t.Errorf("%s: ctrl+x is %v and leaves %q", name, intent, f.Draft())
		}
		if s := screenText(f.View()); !strings.Contains(s, "type is required · space to change") {
			t.Errorf("%s: not said why:\n%s", name, s)
		}
		if _, intent = press(f, "ctrl+s"); name == "edit" && intent != SaveAsked {
			t.Errorf("%s: the save is %v", name, intent)
		}
		f, _ = press(f, "tab")
		if s := screenText(f.View()); strings.Contains(s, "required") {
			t.Errorf("%s: still said after leaving:\n%s", name, s)
		}
	}
	if f, _ := press(bulkEditing(nil), "ctrl+t", "ctrl+t"); len(f.Draft()) != 0 {
		t.Errorf("the modes of a type empty it: %q", f.Draft())
	}
	emptied := model.Draft{model.FieldType: ""} // as an earlier version kept it
	for name, f := range map[string]*Form{"edit": editing(sarah(), emptied), "bulk": bulkEditing(emptied)} {
		checkDraft(t, f.Draft(), emptied)
		if _, intent := press(f, "ctrl+s"); intent != None || f.Refusals()[model.FieldType] != "type is required" {
			t.Errorf("%s: the save is %v, refused is %v", name, intent, f.Refusals())
		}
	}
	inline := inlineWith(model.FieldType, val(model.TypeLender), emptied)
	if s := screenText(inline.Lines(60, 60)); !strings.Contains(s, "type is required · space to change") {
		t.Errorf("in place: %q", s)
	}
	if _, intent := press(inline, "enter"); intent != None {
		t.Errorf("in place the save is %v", intent)
	}
}

// How a type is chosen stays beside the refusal.
func TestTheHintStaysBesideTheRefusal(t *testing.T) {
	t.Parallel()
	f, _ := press(creating(nil), "ctrl+s")
	if s := screenText(f.View()); !strings.Contains(s, "type is required · space to change") {
		t.Errorf("no hint:\n%s", s)
	}
	f, _ = press(f, "tab") // where space would not change it
	if s := screenText(f.View()); strings.Contains(s, "space to change") {
		t.Errorf("a hint for another field:\n%s", s)
	}
}
