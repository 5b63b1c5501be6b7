package form

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"levcontacts/model"
	"levcontacts/ui/widget/theme"
)

func TestInlineSavesAndLeaves(t *testing.T) {
	t.Parallel()
	e := inlineOf(model.FieldTitle, text("Senior Vice President"))
	if e.Dirty() || e.Field() != model.FieldTitle || e.Text() != "Senior Vice President" {
		t.Error("a new field is not clean")
	}
	e, intent := press(e, "ctrl+u")
	if intent != Changed || e.Text() != "" {
		t.Errorf("ctrl+u is %v and leaves %q", intent, e.Text())
	}
	e = typing(e, "Executive Vice President")
	if c, _ := e.Patch().Get(model.FieldTitle); !e.Dirty() || c.Before != text("Senior Vice President") || c.After != text("Executive Vice President") {
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
	if !strings.Contains(screenText(e.Lines(80, 80)), "! does not look like an e-mail address · enter saves it as it is") {
		t.Errorf("no warning in %q", screenText(e.Lines(80, 80)))
	}
	if _, intent := press(e, "enter"); intent != SaveAsked {
		t.Errorf("enter is %v", intent)
	}
}

func TestInlineChoices(t *testing.T) {
	t.Parallel()
	e, intent := press(inlineOf(model.FieldType, text("broker")), "space")
	if intent != Changed || e.Text() == "broker" {
		t.Errorf("space is %v and leaves %q", intent, e.Text())
	}
	if e.Cursor() != nil {
		t.Error("a choice has a cursor")
	}
	e, _ = press(inlineOf(model.FieldPrimary, model.Value{}), "right")
	checkDraft(t, e.Draft(), model.Draft{model.FieldPrimary: "true"})
	if _, intent = press(e, "enter"); intent != SaveAsked {
		t.Errorf("enter on yes or no is %v", intent)
	}
	kept := NewInline(InlineOptions{Field: model.FieldType, Base: text(model.TypeLender), Draft: model.Draft{model.FieldType: "nonsense"}, Theme: dark()})
	if s := screenText(kept.Lines(60, 60)); !strings.Contains(s, "type is lender_contact or sponsor") {
		t.Errorf("a refused draft shows %q", s)
	}
}

func TestInlineFrozenAndRefused(t *testing.T) {
	t.Parallel()
	e := typing(inlineOf(model.FieldTitle, text("Director")), "!").Frozen(true)
	if _, intent := press(e, "x", "esc"); intent != None || e.Cursor() != nil || e.Text() != "Director!" {
		t.Errorf("a frozen field takes keys: %v, %q", intent, e.Text())
	}
	e = e.WithServerError(forbidden())
	s := screenText(e.Lines(80, 80))
	for _, want := range []string{"Director!", "not allowed", "User not authorized", "request d0e1f2a3-b4c5-6789-3456-890123456789"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is missing in %q", want, s)
		}
	}
	e, _ = press(e.SetTheme(theme.Pick("ascii", true)), "left")
	if !strings.Contains(screenText(e.Lines(80, 80)), "not allowed") {
		t.Error("the refusal went without a change")
	}
	e = typing(e, "x")
	if strings.Contains(screenText(e.Lines(80, 80)), "not allowed") || e.Text() != "Directorx!" {
		t.Errorf("after a change: %q", screenText(e.Lines(80, 80)))
	}
	if s = screenText(e.WithServerError(forbidden()).WithServerError(nil).Lines(80, 80)); strings.Contains(s, "not allowed") {
		t.Error("nil did not take the refusal away")
	}
}

func TestInlineKeepsHiddenCharacters(t *testing.T) {
	t.Parallel()
	raw := "Bos\x1b[31mton\u0007"
	e, _ := press(inlineOf(model.FieldCity, text(raw)), "left", "home", "end")
	if e.Text() != raw || e.Dirty() {
		t.Errorf("looking at it made %q", e.Text())
	}
	if !strings.Contains(screenText(e.Lines(60, 60)), "hidden characters") {
		t.Error("no word about the hidden characters")
	}
	if e = typing(e, "!"); e.Text() != "Boston!" {
		t.Errorf("edited it is %q", e.Text())
	}
	e, _ = paste(e, "\n\x1b[2Jx\n")
	if e.Text() != "Boston!x" {
		t.Errorf("after a paste it is %q", e.Text())
	}
}

// What the service says against a field takes few lines in a narrow pane, says
// how to go on, and holds the request id unbroken.
func TestInlineRefusalIsShort(t *testing.T) {
	t.Parallel()
	const id = "d0e1f2a3-b4c5-6789-3456-890123456789"
	refused := typing(inlineOf(model.FieldEmail, model.NullValue()), "nobody").WithServerError(refusedEmail())
	for _, c := range []struct {
		w, whole, most int
		id             string
	}{
		{28, 40, 5, "id " + id}, {26, 37, 5, id}, {63, 75, 4, "422 · request " + id}, {20, 36, 5, id},
	} {
		lines := strings.Split(screenText(refused.Lines(c.w, c.whole)), "\n")
		if len(lines) > c.most || !strings.Contains(lines[1], "! email is already used") {
			t.Errorf("%d cells of %d: %d lines: %q", c.w, c.whole, len(lines), lines)
		}
		if last := strings.TrimSpace(lines[len(lines)-1]); last != c.id {
			t.Errorf("%d cells of %d: the last line is %q, want %q", c.w, c.whole, last, c.id)
		}
		if how := lines[len(lines)-2]; !strings.HasPrefix(how, "change it · enter saves") {
			t.Errorf("%d cells of %d: how to go on is %q", c.w, c.whole, how)
		}
		for i, l := range refused.WithServerError(forbidden()).Lines(c.w, c.whole) {
			if w := ansi.StringWidth(l); i > 0 && w > c.whole {
				t.Errorf("%d cells of %d: line %d has %d", c.w, c.whole, i, w)
			}
		}
		if s := screenText(refused.WithServerError(forbidden()).Lines(c.w, c.whole)); !strings.Contains(s, id) {
			t.Errorf("%d cells of %d: the id of another refusal is broken: %q", c.w, c.whole, s)
		}
	}
}
