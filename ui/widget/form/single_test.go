package form

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func TestInlineSavesAndLeaves(t *testing.T) {
	t.Parallel()
	e := inlineOf(model.FieldTitle, val("Senior Vice President"))
	if e.Dirty() || e.Field() != model.FieldTitle || value(e) != "Senior Vice President" {
		t.Error("a new field is not clean")
	}
	e, intent := press(e, "ctrl+u")
	if intent != Changed || value(e) != "" {
		t.Errorf("ctrl+u is %v and leaves %q", intent, value(e))
	}
	e = typing(e, "Executive Vice President")
	if c, _ := e.Patch().Get(model.FieldTitle); !e.Dirty() || c.Before != val("Senior Vice President") ||
		c.After != val("Executive Vice President") {
		t.Errorf("patch is %+v", e.Patch())
	}
	checkDraft(t, e.Draft(), model.Draft{model.FieldTitle: "Executive Vice President"})
	if _, intent = press(e, "enter"); intent != SaveAsked {
		t.Errorf("enter is %v", intent)
	}
	if _, intent = press(e, "esc"); intent != LeaveAsked {
		t.Errorf("esc is %v", intent)
	}
}

func TestInlineWarningStopsNothing(t *testing.T) {
	t.Parallel()
	e := typing(inlineOf(model.FieldEmail, model.NullValue()), "nobody")
	if !strings.Contains(screenText(e.Lines(80, 80)),
		"! does not look like an e-mail address · enter saves it as it is") {
		t.Errorf("no warning in %q", screenText(e.Lines(80, 80)))
	}
	if _, intent := press(e, "enter"); intent != SaveAsked {
		t.Errorf("enter is %v", intent)
	}
}

func TestInlineChoices(t *testing.T) {
	t.Parallel()
	e, intent := press(inlineOf(model.FieldType, val("broker")), "space")
	if intent != Changed || value(e) == "broker" {
		t.Errorf("space is %v and leaves %q", intent, value(e))
	}
	if e.Cursor() != nil {
		t.Error("a choice has a cursor")
	}
	e, _ = press(inlineOf(model.FieldPrimary, model.Value{}), "right")
	checkDraft(t, e.Draft(), model.Draft{model.FieldPrimary: "true"})
	if _, intent = press(e, "enter"); intent != SaveAsked {
		t.Errorf("enter on yes or no is %v", intent)
	}
	kept := inlineWith(model.FieldType, val(model.TypeLender), model.Draft{model.FieldType: "nonsense"})
	if s := screenText(kept.Lines(60, 60)); !strings.Contains(s, "type is lender_contact or sponsor") {
		t.Errorf("a refused draft shows %q", s)
	}
}

func TestInlineFrozenAndRefused(t *testing.T) {
	t.Parallel()
	e := frozen(typing(inlineOf(model.FieldTitle, val("Director")), "!"), true)
	if _, intent := press(e, "x", "esc"); intent != None || e.Cursor() != nil || value(e) != "Director!" {
		t.Errorf("a frozen field takes keys: %v, %q", intent, value(e))
	}
	e.Refuse(forbidden())
	s := screenText(e.Lines(80, 80))
	for _, want := range []string{"Director!", "not allowed", "User not authorized",
		"request d0e1f2a3-b4c5-6789-3456-890123456789"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is missing in %q", want, s)
		}
	}
	e, _ = press(themed(e, theme.Pick("ascii", true)), "left")
	if !strings.Contains(screenText(e.Lines(80, 80)), "not allowed") {
		t.Error("the refusal went without a change")
	}
	e = typing(e, "x")
	if strings.Contains(screenText(e.Lines(80, 80)), "not allowed") || value(e) != "Directorx!" {
		t.Errorf("after a change: %q", screenText(e.Lines(80, 80)))
	}
	if s = screenText(refusing(refusing(e, forbidden()), nil).Lines(80, 80)); strings.Contains(s, "not allowed") {
		t.Error("nil did not take the refusal away")
	}
}

func TestInlineKeepsHiddenCharacters(t *testing.T) {
	t.Parallel()
	raw := "Bos\x1b[31mton\u0007"
	e, _ := press(inlineOf(model.FieldCity, val(raw)), "left", "home", "end")
	if value(e) != raw || e.Dirty() {
		t.Errorf("looking at it made %q", value(e))
	}
	if !strings.Contains(screenText(e.Lines(60, 60)), "hidden characters") {
		t.Error("no word about the hidden characters")
	}
	if e = typing(e, "!"); value(e) != "Boston!" {
		t.Errorf("edited it is %q", value(e))
	}
	e, _ = paste(e, "\n\x1b[2Jx\n")
	if value(e) != "Boston!x" {
		t.Errorf("after a paste it is %q", value(e))
	}
}

// What the service says against a field takes few lines in a narrow pane and
// holds the request id unbroken.
func TestInlineRefusalIsShort(t *testing.T) {
	t.Parallel()
	const id = "d0e1f2a3-b4c5-6789-3456-890123456789"
	for _, c := range []struct {
		w, whole, most int
		id             string
	}{
		{28, 40, 4, "id " + id}, {26, 37, 4, id}, {63, 75, 3, "422 · request " + id}, {20, 36, 4, id},
	} {
		refused := refusing(typing(inlineOf(model.FieldEmail, model.NullValue()), "nobody"), refusedEmail())
		lines := strings.Split(screenText(refused.Lines(c.w, c.whole)), "\n")
		if len(lines) > c.most || !strings.Contains(lines[1], "! email is already used") {
			t.Errorf("%d cells of %d: %d lines: %q", c.w, c.whole, len(lines), lines)
		}
		if last := strings.TrimSpace(lines[len(lines)-1]); last != c.id {
			t.Errorf("%d cells of %d: the last line is %q, want %q", c.w, c.whole, last, c.id)
		}
		refusing(refused, forbidden())
		for i, l := range refused.Lines(c.w, c.whole) {
			if w := plain.Width(l); i > 0 && w > c.whole {
				t.Errorf("%d cells of %d: line %d has %d", c.w, c.whole, i, w)
			}
		}
		if s := screenText(refused.Lines(c.w, c.whole)); !strings.Contains(s, id) {
			t.Errorf("%d cells of %d: the id of another refusal is broken: %q", c.w, c.whole, s)
		}
	}
}

// Hints in a narrow pane wrap: no word of them is cut.
func TestInlineHintsWrap(t *testing.T) {
	t.Parallel()
	gateway := &model.Error{Kind: model.KindUnavailable, Status: 502, RequestID: "r-502",
		Message: "the service answered 502 Bad Gateway: <html> <head><title>502 Bad Gateway</title></head> <body>"}
	for _, c := range []struct {
		name string
		f    *Form
		want string
		not  string
	}{
		{"warning", typing(inlineOf(model.FieldEmail, model.NullValue()), "nobody"),
			"does not look like an e-mail address · enter saves it as it is", "leaves"},
		{"changed", typing(inlineOf(model.FieldTitle, val("Senior Vice President of Everything")), "x"),
			"was Senior Vice President of Everything · ctrl+r restores", "saves"},
		{"no page of a gateway", refusing(inlineOf(model.FieldTitle, val("x")), gateway),
			"the service answered 502 Bad Gateway try again in a moment", "<"},
	} {
		s := strings.Join(strings.Fields(screenText(c.f.Lines(24, 40))), " ")
		if !strings.Contains(s, c.want) || strings.Contains(s, c.not) {
			t.Errorf("%s: %q", c.name, s)
		}
	}
}

// Clearing a field and restoring it are taken back by the same key.
func TestClearAndRevertAreTakenBack(t *testing.T) {
	t.Parallel()
	const typed = "Senior Vice President of Everything"
	for _, c := range []struct {
		name string
		f    *Form
		keys []string
		want string
	}{
		{"clear", editing(sarah(), nil), []string{"ctrl+x"}, ""},
		{"clear twice", editing(sarah(), nil), []string{"ctrl+x", "ctrl+x"}, typed},
		{"restore", editing(sarah(), nil), []string{"ctrl+r"}, "Senior Vice President"},
		{"restore twice", editing(sarah(), nil), []string{"ctrl+r", "ctrl+r"}, typed},
		{"clear, restore, restore", editing(sarah(), nil), []string{"ctrl+x", "ctrl+r", "ctrl+r"}, typed},
		{"B7 ctrl+e is the end of the line", editing(sarah(), nil), []string{"ctrl+a", "ctrl+e", "!"}, typed + "!"},
		{"B7 ctrl+u is taken back", editing(sarah(), nil), []string{"ctrl+u", "ctrl+_"}, typed},
		{"B7 ctrl+w is taken back", editing(sarah(), nil), []string{"ctrl+w", "ctrl+w", "ctrl+_"},
			"Senior Vice President of "},
		{"B7 ctrl+u in place", inlineOf(model.FieldTitle, val("Senior Vice President")), []string{"ctrl+u", "ctrl+_"}, typed},
		{"B7 typing in place", inlineOf(model.FieldTitle, val("Senior Vice President")), []string{"ctrl+_", "ctrl+_"},
			"Senior Vice President"},
		{"restore twice in place", inlineOf(model.FieldTitle, val("Senior Vice President")), []string{"ctrl+r",
			"ctrl+r"}, typed},
		{"clear twice in place", inlineOf(model.FieldTitle, val("Senior Vice President")), []string{"ctrl+x",
			"ctrl+x"}, typed},
		{"clear twice, many", bulkEditing(model.Draft{model.FieldTitle: "Senior Vice President"}), []string{"ctrl+x",
			"ctrl+x"}, typed},
		{"restore twice, many", bulkEditing(model.Draft{model.FieldTitle: "Senior Vice President"}),
			[]string{"ctrl+r", "ctrl+r"}, typed},
	} {
		f := typing(focused(c.f, model.FieldTitle), " of Everything")
		f, _ = press(f, c.keys...)
		if value(f) != c.want {
			t.Errorf("%s: %q, want %q", c.name, value(f), c.want)
		}
	}
}

// A value that is selected whole is replaced by what is typed or pasted first;
// other keys keep it.
func TestPick(t *testing.T) {
	t.Parallel()
	key := func(k tea.KeyPressMsg) tea.Msg { return k }
	for name, c := range map[string]struct {
		msgs []tea.Msg
		want string
	}{
		"typed":      {[]tea.Msg{key(tea.KeyPressMsg{Code: 'V', Text: "V"}), key(tea.KeyPressMsg{Code: 'P', Text: "P"})}, "VP"},
		"pasted":     {[]tea.Msg{tea.PasteMsg{Content: "Head of Debt"}}, "Head of Debt"},
		"wiped":      {[]tea.Msg{key(tea.KeyPressMsg{Code: tea.KeyBackspace})}, ""},
		"looked at":  {[]tea.Msg{key(tea.KeyPressMsg{Code: tea.KeyLeft}), key(tea.KeyPressMsg{Code: tea.KeyEnd}), key(tea.KeyPressMsg{Code: '!', Text: "!"})}, "Director!"},
		"restored":   {[]tea.Msg{key(tea.KeyPressMsg{Code: 'V', Text: "V"}), key(tea.KeyPressMsg{Code: 'r', Mod: tea.ModCtrl})}, "Director"},
		"not at all": {nil, "Director"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := New(Options{Mode: Single, Field: model.FieldTitle, Theme: theme.Pick("dark", true), Keys: keymap.New(keymap.Widgets(), nil),
				Base: model.NewContact(7, map[model.FieldID]model.Value{model.FieldTitle: model.TextValue("Director")})})
			f.Pick()
			if s := f.Lines(20, 20)[0]; !strings.Contains(s, theme.Pick("dark", true).Paint(theme.Selected, "Director")) {
				t.Errorf("the value is not drawn as selected: %q", s)
			}
			for _, m := range c.msgs {
				f.Update(m)
			}
			if got := f.rows[0].value(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if want := c.want != "Director"; f.Dirty() != want {
				t.Errorf("dirty %v, want %v", f.Dirty(), want)
			}
		})
	}
}
