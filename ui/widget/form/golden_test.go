package form

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// sizes are panes as they come out of terminals of 120x40, 80x24, 40x10 and 20x5.
func sizes() [][2]int { return [][2]int{{60, 34}, {80, 20}, {40, 10}, {20, 5}} }

// goldenForm compares a form in every size with its pictures.
func goldenForm(t *testing.T, f *Form) {
	t.Helper()
	for _, s := range sizes() {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) {
			f.lay.top = 0
			f := sized(f, s[0], s[1])
			lines := f.View()
			checkFrame(t, t.Name(), lines, s[0], s[1])
			golden.RequireEqual(t, picture(lines, f.Cursor()))
		})
	}
}

func TestGoldenEdit(t *testing.T) {
	t.Parallel()
	f := typing(focused(editing(sarah(), nil), model.FieldTitle), " of Lending")
	f, _ = press(f, "tab", "ctrl+x", "shift+tab")
	goldenForm(t, f)
}

func TestGoldenEditFirstField(t *testing.T) {
	t.Parallel()
	goldenForm(t, editing(sarah(), nil))
}

func TestGoldenEditWarned(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah(), nil), model.FieldState)
	f, _ = press(f, "ctrl+u")
	f, _ = press(typing(f, "New York"), "tab")
	goldenForm(t, f)
}

func TestGoldenCreate(t *testing.T) {
	t.Parallel()
	goldenForm(t, creating(nil))
}

func TestGoldenCreateRefused(t *testing.T) {
	t.Parallel()
	f, _ := press(creating(nil), "tab")
	f, _ = press(typing(f, "James"), "ctrl+s")
	goldenForm(t, noted(f, []string{"looks like James Rodriguez (142): same first name"}))
}

func TestGoldenServerField(t *testing.T) {
	t.Parallel()
	goldenForm(t, refusing(editing(sarah(), model.Draft{model.FieldEmail: "jrodriguez@eastdilsecured.com"}),
		refusedEmail()))
}

func TestGoldenServerHead(t *testing.T) {
	t.Parallel()
	goldenForm(t, refusing(focused(editing(sarah(), nil), model.FieldCity), forbidden()))
}

func TestGoldenFrozen(t *testing.T) {
	t.Parallel()
	goldenForm(t, frozen(typing(focused(editing(sarah(), nil), model.FieldTitle), "!"), true))
}

func TestGoldenBulk(t *testing.T) {
	t.Parallel()
	f := typing(focused(bulkEditing(nil), model.FieldTitle), "Director")
	f, _ = press(f, "tab", "ctrl+x", "tab")
	goldenForm(t, f)
}

func TestGoldenWide(t *testing.T) {
	t.Parallel()
	c := sarah().With(model.FieldFirstName, val("日本語")).With(model.FieldTitle, val("Director\x1b[31m of\nnothing")).
		With(model.FieldLinkedIn,
			val("https://linkedin.com/in/a-very-long-path-behind-the-name-of-the-person-that-goes-on"))
	f, _ := press(focused(editing(c, nil), model.FieldLinkedIn), "left", "left")
	goldenForm(t, f)
}

func changed() model.Patch {
	return model.Diff(sarah(), model.Draft{model.FieldTitle: "Executive Vice President", model.FieldDepartment: "",
		model.FieldPrimary: "false"})
}

func goldenSheet(t *testing.T, p sheet) {
	t.Helper()
	for _, s := range sizes() {
		t.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(t *testing.T) {
			lines := p.View(s[0], s[1], dark())
			checkFrame(t, t.Name(), lines, s[0], s[1])
			golden.RequireEqual(t, picture(lines, nil))
		})
	}
}

func previewOf(p model.Patch) *Preview {
	return NewPreview(PreviewOptions{Title: "Sarah Chen", Patch: p, Keys: keymap.New(keymap.Shared(), nil),
		Notes: []string{"Primary: the company has no first person to call after this"}})
}

func TestGoldenPreview(t *testing.T) {
	t.Parallel()
	goldenSheet(t, previewOf(changed()))
}

func TestGoldenPreviewJSON(t *testing.T) {
	t.Parallel()
	p := previewOf(model.Diff(sarah(), model.Draft{model.FieldTitle: "Director\u202e \"of\" nothing\u0007 & <more>",
		model.FieldCity: ""}))
	p, _ = press(p, "J")
	goldenSheet(t, p)
}

func TestGoldenPreviewCreate(t *testing.T) {
	t.Parallel()
	draft := model.Draft{model.FieldType: model.TypeSponsor, model.FieldFirstName: "James",
		model.FieldLastName: "Rodriguez", model.FieldAddress: "40 West 57th Street"}
	goldenSheet(t, NewPreview(PreviewOptions{Title: "New contact: James Rodriguez", Create: true,
		Patch: model.Diff(model.Contact{}, draft), Keys: keymap.New(keymap.Shared(), nil)}))
}

func bulkPreview(n int) *Preview {
	draft := model.Draft{model.FieldTitle: "Executive Vice President", model.FieldDepartment: ""}
	var items []Item
	for i := range n {
		c := sarah().With(model.FieldLastName, val(fmt.Sprintf("Chen %d", i)))
		items = append(items, Item{c.Name(), model.Diff(c, draft)})
	}
	return NewPreview(PreviewOptions{Title: "Edit marked contacts", Items: items, Keys: keymap.New(keymap.Shared(), nil),
		Head: []string{"12 contacts · 24 changes · 12 requests, about 40 s"}})
}

func TestGoldenPreviewBulk(t *testing.T) {
	t.Parallel()
	p, _ := press(bulkPreview(12), "down", "down", "down")
	goldenSheet(t, p)
}

func TestGoldenPreviewBulkJSON(t *testing.T) {
	t.Parallel()
	p, _ := press(bulkPreview(12), "down", "down", "J")
	goldenSheet(t, p)
}

func conflictView() *ConflictView {
	theirs := sarah().With(model.FieldTitle, val("Director")).With(model.FieldDepartment,
		val("Capital Markets, Structured Finance and everything else that somebody thought of"))
	rest, conflicts := model.Merge(model.Diff(sarah(), model.Draft{model.FieldTitle: "Executive Vice President",
		model.FieldDepartment: "", model.FieldCity: "Boston"}), theirs)
	return NewConflictView(ConflictOptions{Title: "Sarah Chen", Conflicts: conflicts, Rest: rest,
		Keys: keymap.New(keymap.Shared(), nil)})
}

func TestGoldenConflict(t *testing.T) {
	t.Parallel()
	c, _ := press(conflictView(), "m", "down")
	goldenSheet(t, c)
}

func TestGoldenInline(t *testing.T) {
	t.Parallel()
	title := func() *Form { return inlineOf(model.FieldTitle, val("Senior Vice President")) }
	typed := func() *Form { return typing(title(), " of Lending and of everything else that is lent") }
	mail := func() *Form { return typing(inlineOf(model.FieldEmail, model.NullValue()), "nobody") }
	scrolled, _ := press(typed(), "home", "right", "right")
	kind, _ := press(inlineOf(model.FieldType, val(model.TypeLender)), "right")
	for _, c := range []struct {
		name string
		e    *Form
	}{
		{"untouched", title()}, {"typed", typed()}, {"scrolled", scrolled}, {"warned", mail()}, {"choice", kind},
		{"yesno", inlineOf(model.FieldPrimary, model.BoolValue(true))},
		{"hidden", inlineOf(model.FieldCity, val("Bo\x1b[31mston\u202e"))},
		{"saving", frozen(typed(), true)}, {"refused", refusing(typed(), forbidden())}, {"refusedField",
			refusing(mail(), refusedEmail())},
	} {
		for _, w := range []int{44, 24} {
			t.Run(fmt.Sprintf("%s%d", c.name, w), func(t *testing.T) {
				lines := c.e.Lines(w, w)
				checkFrame(t, t.Name(), lines, w, len(lines))
				golden.RequireEqual(t, picture(lines, c.e.Cursor()))
			})
		}
	}
}
