package form

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func TestTypingMakesADraftOfTouchedFieldsOnly(t *testing.T) {
	t.Parallel()
	f := editing(sarah(), nil)
	if f.Dirty() || len(f.Draft()) != 0 || !f.Patch().Empty() {
		t.Fatal("a new form is not clean")
	}
	f, _ = press(f, "tab", "tab", "tab")
	f = typing(f, " of Lending")
	f, intent := press(f, "!")
	if intent != Changed {
		t.Errorf("a typed letter is %v", intent)
	}
	checkDraft(t, f.Draft(), model.Draft{model.FieldTitle: "Senior Vice President of Lending!"})
	if c, ok := f.Patch().Get(model.FieldTitle); f.Patch().Len() != 1 || !ok ||
		c.Before != val("Senior Vice President") {
		t.Errorf("patch is %+v", f.Patch())
	}
	f, intent = press(f, "ctrl+r")
	if intent != Changed || f.Dirty() || len(f.Draft()) != 0 {
		t.Errorf("after taking it back: %v, draft %q", intent, f.Draft())
	}
	f, intent = press(f, "ctrl+x")
	if c, _ := f.Patch().Get(model.FieldTitle); intent != Changed || c.After != model.NullValue() {
		t.Errorf("an emptied field is sent as %v", c.After)
	}
	f, intent = press(f, "left")
	if intent != None {
		t.Errorf("moving the cursor is %v", intent)
	}
	checkDraft(t, f.Draft(), model.Draft{model.FieldTitle: ""})
}

func TestMovingAround(t *testing.T) {
	t.Parallel()
	f := editing(sarah(), nil)
	at := func() model.FieldID { return f.rows[f.at].def.ID }
	for _, c := range []struct {
		key  string
		want model.FieldID
	}{{"tab", model.FieldFirstName}, {"down", model.FieldLastName}, {"enter", model.FieldTitle}, {"shift+tab",
		model.FieldLastName}, {"up", model.FieldFirstName},
		{"up", model.FieldType}, {"up", model.FieldType}, {"shift+tab", model.FieldPrimary},
		{"down", model.FieldPrimary}, {"tab", model.FieldType}} {
		if f, _ = press(f, c.key); at() != c.want {
			t.Fatalf("%s went to %s instead of %s", c.key, at().Name(), c.want.Name())
		}
	}
	f.Focus(model.FieldZip)
	if at() != model.FieldZip {
		t.Errorf("Focus went to %s", at().Name())
	}
	f.Focus(model.FieldOwner)
	if at() != model.FieldZip {
		t.Errorf("Focus on a field that is not there went to %s", at().Name())
	}
}

func TestSaveAndLeaveFromEveryField(t *testing.T) {
	t.Parallel()
	f := editing(sarah(), nil)
	for range len(f.rows) {
		if _, intent := press(f, "ctrl+s"); intent != SaveAsked {
			t.Errorf("ctrl+s in %s is %v", f.rows[f.at].def.Name, intent)
		}
		if _, intent := press(f, "esc"); intent != LeaveAsked {
			t.Errorf("esc in %s is %v", f.rows[f.at].def.Name, intent)
		}
		f, _ = press(f, "tab")
	}
	if f.at != 0 {
		t.Errorf("a choice or a yes-or-no field kept a tab: at row %d", f.at)
	}
	f, _ = press(f, "shift+tab")
	if _, intent := press(f, "enter"); intent != SaveAsked {
		t.Errorf("enter on the last field is %v", intent)
	}
}

func TestAnInvalidFieldHoldsNobodyBack(t *testing.T) {
	t.Parallel()
	f := creating(nil)
	f, _ = press(f, "tab")
	if f.rows[0].finding.Severity != model.Refused {
		t.Fatal("leaving contact_type empty was not refused")
	}
	if f, _ = press(f, "shift+tab", "shift+tab", "tab", "tab"); f.rows[f.at].def.ID != model.FieldFirstName {
		t.Errorf("stopped at %s", f.rows[f.at].def.Name)
	}
	f, intent := press(f, "ctrl+s")
	if intent != None || f.at != 0 {
		t.Errorf("a save without a type is %v at row %d", intent, f.at)
	}
	if got := f.Refusals()[model.FieldType]; got != "type is required" || len(f.Refusals()) != 1 {
		t.Errorf("refusals are %v", f.Refusals())
	}
	f, _ = press(f, "right")
	if _, intent = press(f, "ctrl+s"); intent != SaveAsked || len(f.Refusals()) != 0 {
		t.Errorf("with a type the save is %v, refusals %v", intent, f.Refusals())
	}
}

func TestWarningIsShownWhenLeavingAndStopsNothing(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah(), nil), model.FieldEmail)
	f, _ = press(f, "ctrl+u")
	f = typing(f, "nobody")
	warning := "does not look like an e-mail address"
	if strings.Contains(screenText(f.View()), warning) {
		t.Error("warned while typing for the first time")
	}
	f, _ = press(f, "tab")
	if !strings.Contains(screenText(f.View()), warning) {
		t.Error("not warned after leaving the field")
	}
	if _, intent := press(f, "ctrl+s"); intent != SaveAsked {
		t.Errorf("a warning made the save %v", intent)
	}
	f, _ = press(f, "shift+tab")
	f = typing(f, "@lev.co")
	if strings.Contains(screenText(f.View()), warning) {
		t.Error("the warning stayed when the address became right")
	}
}

func TestContactTypeChoices(t *testing.T) {
	t.Parallel()
	f, intent := press(editing(sarah(), nil), "right")
	if intent != Changed {
		t.Errorf("choosing is %v", intent)
	}
	checkDraft(t, f.Draft(), model.Draft{model.FieldType: model.TypeSponsor})
	f, _ = press(f, "space") // there is no third: a type that is there cannot be taken away
	checkDraft(t, f.Draft(), model.Draft{})

	f, intent = press(editing(sarah().With(model.FieldType, model.Value{}), nil), "right")
	if intent != Changed {
		t.Errorf("choosing the first type is %v", intent)
	}
	f, _ = press(f, "ctrl+x")
	checkDraft(t, f.Draft(), model.Draft{})

	unknown := sarah().With(model.FieldType, val("broker\x1b[31m"))
	f = editing(unknown, nil)
	if len(f.Draft()) != 0 || len(f.Refusals()) != 0 {
		t.Errorf("an unknown type is touched (%q) or refused (%v) by itself", f.Draft(), f.Refusals())
	}
	f, _ = press(f, "right", "right")
	f, _ = press(f, "ctrl+r")
	checkDraft(t, f.Draft(), model.Draft{})
	if !strings.Contains(screenText(f.View()), "broker") {
		t.Error("the unknown type is not shown")
	}
	f = editing(sarah().With(model.FieldType, val("  ")), nil)
	checkDraft(t, f.Draft(), model.Draft{})
}

func TestYesOrNo(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah(), nil), model.FieldPrimary)
	for _, c := range []struct{ key, want string }{{"space", "false"}, {"y", ""}, {"n", "false"}, {"right", ""},
		{"ctrl+x", "false"}, {"ctrl+r", ""}} {
		f, _ = press(f, c.key)
		if got := f.Draft()[model.FieldPrimary]; got != c.want {
			t.Errorf("after %s the draft says %q, want %q", c.key, got, c.want)
		}
	}
	absent := editing(sarah().With(model.FieldPrimary, model.Value{}), nil)
	checkDraft(t, absent.Draft(), model.Draft{})
}

func TestPasteGoesInOnce(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah(), nil), model.FieldCity)
	f, _ = press(f, "ctrl+u")
	f, intent := paste(f, "New\r\nHaven\t\x1b[31mCT\a\u202e\u200b 👩\u200d👩\n")
	if intent != Changed {
		t.Errorf("a paste is %v", intent)
	}
	checkDraft(t, f.Draft(), model.Draft{model.FieldCity: "New Haven CT 👩\u200d👩"})
	f, _ = press(f, "ctrl+u")
	cmd, _ := f.Update(keyPress("ctrl+v"))
	if cmd == nil {
		t.Error("ctrl+v does not ask for the clipboard")
	}
	f.Update(tea.ClipboardMsg{Content: "Boston"})
	checkDraft(t, f.Draft(), model.Draft{model.FieldCity: "Boston"})
	g, intent := paste(focused(f, model.FieldType), "sponsor")
	if intent != None {
		t.Errorf("a paste into a choice is %v", intent)
	}
	checkDraft(t, g.Draft(), model.Draft{model.FieldCity: "Boston"})
}

func TestHiddenCharactersStayUnlessEdited(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"Dana\x1b[31m\x07Reyes", "two\nlines", "a\u202eb", string([]byte{'a', 0xff}),
		"\u009bx", "\ufffd"} {
		f := focused(editing(sarah().With(model.FieldCity, val(raw)), nil), model.FieldCity)
		checkFrame(t, raw, f.View(), 60, 34)
		if raw != "\ufffd" && !strings.Contains(screenText(f.View()), "hidden characters are in it") {
			t.Errorf("%q: no warning", raw)
		}
		f, _ = press(f, "left", "right", "tab", "shift+tab")
		checkDraft(t, f.Draft(), model.Draft{})
		f, _ = press(f, "x")
		if got, ok := f.Draft()[model.FieldCity]; !ok || strings.ContainsAny(got, "\x1b\x07\n\u009b") ||
			!strings.HasSuffix(got, "x") {
			t.Errorf("%q became %q", raw, got)
		}
		f, _ = press(f, "ctrl+r")
		checkDraft(t, f.Draft(), model.Draft{})
	}
}

func TestDraftComesBackAsItWas(t *testing.T) {
	t.Parallel()
	d := model.Draft{model.FieldTitle: "", model.FieldCity: " 大阪 \x1b[0m", model.FieldType: "broker",
		model.FieldPrimary: "false"}
	checkDraft(t, editing(sarah(), d).Draft(), d)
	checkDraft(t, creating(model.Draft{model.FieldCity: "x"}).Draft(), model.Draft{model.FieldCity: "x"})
}

func TestFrozenFormTakesNothing(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah(), nil), model.FieldTitle)
	f = frozen(typing(f, "x"), true)
	before := screenText(f.View())
	for _, k := range []string{"a", "tab", "ctrl+s", "esc", "ctrl+x", "enter"} {
		var intent Intent
		if f, intent = press(f, k); intent != None {
			t.Errorf("%s is %v while saving", k, intent)
		}
	}
	f, _ = paste(f, "pasted")
	if screenText(f.View()) != before || !strings.Contains(before, "saving…") || !strings.Contains(before,
		"Senior Vice Presidentx") {
		t.Errorf("not a still picture of the values:\n%s", before)
	}
	f = typing(frozen(f, false), "y")
	checkDraft(t, f.Draft(), model.Draft{model.FieldTitle: "Senior Vice Presidentxy"})
}

func TestBulkModes(t *testing.T) {
	t.Parallel()
	f := focused(bulkEditing(nil), model.FieldTitle)
	f = typing(f, "Director")
	f, _ = press(f, "tab", "ctrl+x")
	f, _ = press(focused(f, model.FieldEmail), "ctrl+t")
	f, _ = press(focused(f, model.FieldLinkedIn), "ctrl+t", "ctrl+t")
	checkDraft(t, f.Draft(), model.Draft{model.FieldTitle: "Director", model.FieldDepartment: "",
		model.FieldLinkedIn: ""})
	if !f.Dirty() || !f.Patch().Empty() {
		t.Error("a bulk form is dirty and has no patch of its own")
	}
	f, _ = press(f, "ctrl+t")
	f.Focus(model.FieldPrimary)
	f, intent := press(f, "space")
	if intent != Changed {
		t.Errorf("the first space on yes or no is %v", intent)
	}
	checkDraft(t, f.Draft(), model.Draft{model.FieldTitle: "Director", model.FieldDepartment: "",
		model.FieldPrimary: "false"})
	f, _ = press(f, "space")
	f.Focus(model.FieldType)
	f, _ = press(f, "right")
	want := model.Draft{model.FieldType: model.TypeLender, model.FieldTitle: "Director", model.FieldDepartment: "",
		model.FieldPrimary: "true"}
	checkDraft(t, f.Draft(), want)
	checkDraft(t, bulkEditing(want).Draft(), want)

	f.Focus(model.FieldTitle)
	f, _ = press(f, "ctrl+t") // set to clear: what was typed is not lost
	if f.Draft()[model.FieldTitle] != "" {
		t.Errorf("cleared is %q", f.Draft()[model.FieldTitle])
	}
	f, _ = press(f, "ctrl+t", "ctrl+t")
	if f.Draft()[model.FieldTitle] != "Director" {
		t.Errorf("set again is %q", f.Draft()[model.FieldTitle])
	}
	f, _ = press(f, "ctrl+r")
	if _, ok := f.Draft()[model.FieldTitle]; ok {
		t.Error("ctrl+r did not leave the field alone")
	}
	diff := model.Diff(sarah(), f.Draft())
	if diff.Len() != 1 || diff.Changes()[0].Field != model.FieldDepartment {
		t.Errorf("for Sarah Chen that is %+v", diff)
	}
}

func TestClickFocusesARow(t *testing.T) {
	t.Parallel()
	f := editing(sarah(), nil)
	for y, l := range f.View() {
		if !strings.Contains(l, "LinkedIn") {
			continue
		}
		if f.Update(tea.MouseClickMsg{X: 20, Y: y, Button: tea.MouseLeft}); f.rows[f.at].def.ID != model.FieldLinkedIn {
			t.Errorf("a click went to %s", f.rows[f.at].def.Name)
		}
	}
	f.Update(tea.MouseClickMsg{Y: 0})
	f.Update(tea.MouseClickMsg{Y: 33})
	if f.rows[f.at].def.ID != model.FieldLinkedIn {
		t.Error("a click beside the fields moved the focus")
	}
}

func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah(), nil), model.FieldTitle)
	f, _ = press(f, "home", "right")
	f = typing(f, "日本")
	want := model.Draft{model.FieldTitle: "S日本enior Vice President"}
	refused := &model.Error{Kind: model.KindForbidden, Status: 403, Message: "no", RequestID: "r1"}
	steps := []struct {
		name string
		do   func(*Form) *Form
	}{
		{"error", func(f *Form) *Form { return refusing(f, refused) }},
		{"no error", func(f *Form) *Form { return refusing(f, nil) }},
		{"theme", func(f *Form) *Form { return themed(f, theme.Pick("light", false)) }},
		{"ascii", func(f *Form) *Form { return themed(f, theme.Pick("ascii", false)) }},
		{"frozen", func(f *Form) *Form { return frozen(f, true) }},
		{"thawed", func(f *Form) *Form { return frozen(f, false) }},
		{"notes", func(f *Form) *Form { return noted(f, []string{"a note", "another"}) }},
		{"80x24", func(f *Form) *Form { return sized(f, 80, 24) }},
		{"200x60", func(f *Form) *Form { return sized(f, 200, 60) }},
		{"60x20", func(f *Form) *Form { return sized(f, 60, 20) }},
		{"20x5", func(f *Form) *Form { return sized(f, 20, 5) }},
		{"1x1", func(f *Form) *Form { return sized(f, 1, 1) }},
		{"0x0", func(f *Form) *Form { return sized(f, 0, 0) }},
		{"80x24 again", func(f *Form) *Form { return sized(f, 80, 24) }},
	}
	for _, s := range steps {
		f = s.do(f)
		f.View()
		checkDraft(t, f.Draft(), want)
	}
	f = typing(f, "!")
	checkDraft(t, f.Draft(), model.Draft{model.FieldTitle: "S日本!enior Vice President"})
}

func TestKeysAreTheirOwners(t *testing.T) {
	t.Parallel()
	keys := keymap.New(keymap.Shared(), map[string][]string{"form.save": {"ctrl+g"}, "form.clear": {}, "field.save": {"ctrl+g"}})
	f := focused(sized(New(Options{Title: "Sarah Chen", Base: sarah(), Theme: dark(), Keys: keys}), 60, 20),
		model.FieldTitle)
	if _, intent := press(f, "ctrl+g"); intent != SaveAsked {
		t.Errorf("ctrl+g is %v", intent)
	}
	if _, intent := press(f, "ctrl+s"); intent != None {
		t.Errorf("ctrl+s is %v", intent)
	}
	if s := screenText(f.View()); strings.Contains(s, "clears") {
		t.Error("a key that is not bound is shown")
	}
	e := New(Options{Mode: Single, Field: model.FieldEmail, Base: sarah(), Draft: model.Draft{model.FieldEmail: "x"},
		Theme: dark(), Keys: keys})
	if s := screenText(e.Lines(60, 60)); !strings.Contains(s, "ctrl+g saves") {
		t.Errorf("the hint is %q", s)
	}
}
