package form

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func TestPreviewKeys(t *testing.T) {
	t.Parallel()
	p := previewOf(changed())
	for _, c := range []struct {
		key  string
		want Intent
	}{{"enter", SaveConfirmed}, {"ctrl+s", SaveConfirmed}, {"esc", Back}, {"j", None}, {"down", None}, {"x", None}} {
		if _, intent := press(p, c.key); intent != c.want {
			t.Errorf("%s is %v, want %v", c.key, intent, c.want)
		}
	}
	p, _ = press(p, "J")
	if s := view(p); !strings.Contains(s, `"department": null`) {
		t.Errorf("no JSON in\n%s", s)
	}
	p, _ = press(p, "J")
	if s := view(p); !strings.Contains(s, "(empty)") {
		t.Errorf("no rows in\n%s", s)
	}
}

func TestPreviewShowsEveryLetter(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("an unusually long title ", 30))
	p := previewOf(model.Diff(sarah(), model.Draft{model.FieldTitle: long}))
	for _, size := range [][2]int{{80, 20}, {40, 10}} {
		look := func() string { return screenText(p.View(size[0], size[1], dark())) }
		p, _ = press(p, "home")
		seen := look()
		for range 200 {
			p, _ = press(p, "down")
			seen += "\n" + look()
		}
		if n := strings.Count(seen, "unusually"); n < 30 {
			t.Errorf("at %v only %d of 30 words can be seen", size, n)
		}
		if p.body.top == 0 {
			t.Errorf("at %v a long preview does not scroll", size)
		}
	}
	top := p.body.top
	if p.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp}); p.body.top >= top {
		t.Error("the wheel does not scroll")
	}
	if p.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown}); p.body.top != top {
		t.Error("the wheel does not scroll back")
	}
}

func TestPreviewMentionsHiddenCharacters(t *testing.T) {
	t.Parallel()
	p := previewOf(model.Diff(sarah(), model.Draft{model.FieldCity: "Bos\u202eton"}))
	if !strings.Contains(view(p), "hidden characters are in it; the JSON shows them") {
		t.Error("a value with hidden characters looks like any other")
	}
	if p, _ = press(p, "J"); !strings.Contains(view(p), `Bos\u202eton`) {
		t.Error("the JSON does not show them")
	}
}

// TestJSONIsTrue reads what is shown back: it must mean what is sent.
func TestJSONIsTrue(t *testing.T) {
	t.Parallel()
	for _, s := range append(hostile(), "😀\U000e0041", "a\u0301\u0301\u0301\u0301\u0301\u0301", "\U0001f3fb",
		"\u212b ﬁ") {
		patch := model.Diff(model.Contact{}, model.Draft{model.FieldTitle: s, model.FieldPrimary: "true"})
		sent, err := patch.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []int{1, 7, 60} {
			var shown, real map[string]any
			lines := bodyLines(patch, w)
			if w == 60 {
				for _, l := range lines {
					checkFrame(t, s, []string{plain.Fit(l, 60, "")}, 60, 1)
				}
			}
			if err := json.Unmarshal([]byte(strings.Join(lines, "")), &shown); err != nil {
				t.Fatalf("%q in %d cells is no JSON: %v", s, w, err)
			}
			if err := json.Unmarshal(sent, &real); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(shown) != fmt.Sprint(real) {
				t.Errorf("shown %q, sent %q", shown, real)
			}
		}
	}
}

func TestBulkPreviewMovesAndExplains(t *testing.T) {
	t.Parallel()
	p := bulkPreview(10000)
	if len(p.rows) != 20000 {
		t.Fatalf("%d rows", len(p.rows))
	}
	p, _ = press(p, "G")
	if s := view(p); p.at != 19999 || !strings.Contains(s, "Sarah Chen 9999 · Department: Originations → (empty)") {
		t.Errorf("at the end, row %d:\n%s", p.at, s)
	}
	p, _ = press(p, "J")
	if s := view(p); !strings.Contains(s, "Sarah Chen 9999 · JSON") || !strings.Contains(s, `"department": null`) {
		t.Errorf("JSON of the last:\n%s", s)
	}
	p, _ = press(p, "J", "g", "pgdown", "up")
	view(p)
	if p.at == 0 || p.body.top > p.at || p.at >= p.body.top+p.body.h {
		t.Errorf("row %d is not in view from %d", p.at, p.body.top)
	}
	if _, intent := press(p, "enter"); intent != SaveConfirmed {
		t.Errorf("enter is %v", intent)
	}
	empty := NewPreview(PreviewOptions{Title: "none", Items: []Item{}})
	empty, _ = press(empty, "J", "down", "G", "J")
	checkFrame(t, "empty", empty.View(40, 10, theme.Pick("light", false)), 40, 10)
}
