package form

import (
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

func TestConflictNeedsEveryDecision(t *testing.T) {
	t.Parallel()
	c := conflictView()
	c, intent := press(c, "enter")
	if intent != None || c.at != 0 {
		t.Errorf("with nothing decided enter is %v at %d", intent, c.at)
	}
	if c.Patch().Len() != 1 {
		t.Errorf("something is decided by itself: %+v", c.Patch())
	}
	c, _ = press(c, "m")
	if c, intent = press(c, "enter"); intent != None || c.at != 1 {
		t.Errorf("with one open enter is %v at %d", intent, c.at)
	}
	if !strings.Contains(view(c), "1 conflict left") {
		t.Error("it does not say that one is open")
	}
	c, _ = press(c, "t")
	if _, intent = press(c, "enter"); intent != Decided {
		t.Errorf("with all decided enter is %v", intent)
	}
	if _, intent = press(c, "esc"); intent != Back {
		t.Errorf("esc is %v", intent)
	}
}

func TestConflictPatch(t *testing.T) {
	t.Parallel()
	city := model.Change{Field: model.FieldCity, Before: val("New York"), After: val("Boston")}
	theirTitle := val("Director")
	theirs := val("Capital Markets, Structured Finance and everything else that somebody thought of")
	for _, c := range []struct {
		keys []string
		want model.Patch
	}{
		{[]string{"t", "down", "t"}, model.NewPatch(city)},
		{[]string{"t", "t"}, model.NewPatch(city)},
		{[]string{"m", "tab", "t"}, model.NewPatch(city, model.Change{Field: model.FieldTitle, Before: theirTitle,
			After: val("Executive Vice President")})},
		{[]string{"o", "down", "m"}, model.NewPatch(city, model.Change{Field: model.FieldTitle, Before: theirTitle,
			After: val("Senior Vice President")},
			model.Change{Field: model.FieldDepartment, Before: theirs, After: model.NullValue()})},
		{[]string{"t", "down", "o", "up", "m", "t"}, model.NewPatch(city, model.Change{Field: model.FieldDepartment,
			Before: theirs, After: val("Originations")})},
	} {
		v, _ := press(conflictView(), c.keys...)
		got, _ := v.Patch().MarshalJSON()
		want, _ := c.want.MarshalJSON()
		if string(got) != string(want) {
			t.Errorf("%v sends %s instead of %s", c.keys, got, want)
		}
		for _, ch := range v.Patch().Changes() {
			if w, _ := c.want.Get(ch.Field); w != ch {
				t.Errorf("%v: %+v instead of %+v", c.keys, ch, w)
			}
		}
	}
}

func TestConflictOriginalIsSendable(t *testing.T) {
	t.Parallel()
	c := NewConflictView(ConflictOptions{Keys: keymap.New(keymap.Shared(), nil), Conflicts: []model.Conflict{
		{Field: model.FieldCity, Original: model.Value{}, Theirs: val("Boston"), My: val("Newark")},
		{Field: model.FieldPrimary, Original: model.Value{}, Theirs: model.BoolValue(true), My: model.BoolValue(false)},
	}})
	c, _ = press(c, "o", "down", "o")
	if got, _ := c.Patch().MarshalJSON(); string(got) != `{"city":null,"is_primary":false}` {
		t.Errorf("sends %s", got)
	}
}

func TestConflictScrollsLongValues(t *testing.T) {
	t.Parallel()
	c := NewConflictView(ConflictOptions{Title: "x", Keys: keymap.New(keymap.Shared(), nil), Conflicts: []model.Conflict{
		{Field: model.FieldTitle, Original: val(strings.Repeat("long ", 100)), Theirs: val("short"),
			My: val("the very end")},
	}})
	if strings.Contains(screenText(c.View(40, 8, dark())), "the very end") {
		t.Fatal("the value is not too long for the pane")
	}
	c, _ = press(c, "G")
	if !strings.Contains(screenText(c.View(40, 8, dark())), "the very end") {
		t.Errorf("the end cannot be reached:\n%s", screenText(c.View(40, 8, dark())))
	}
	c, _ = press(c, "m")
	if _, intent := press(c, "enter"); intent != Decided {
		t.Errorf("enter is %v", intent)
	}
}
