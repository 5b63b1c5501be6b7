package form

import (
	"fmt"
	"math/rand/v2"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// hostileContact has a hostile value in every field.
func hostileContact(r *rand.Rand) model.Contact {
	values := map[model.FieldID]model.Value{}
	list := hostile()
	for _, f := range model.FieldTable() {
		values[f.ID] = val(list[r.IntN(len(list))])
	}
	values[model.FieldPrimary] = model.BoolValue(r.IntN(2) == 0)
	return model.NewContact(1, values)
}

func hostileDraft(r *rand.Rand) model.Draft {
	list := hostile()
	d := model.Draft{}
	for _, f := range model.FieldTable() {
		if r.IntN(2) == 0 && f.ID != model.FieldKey {
			d[f.ID] = list[r.IntN(len(list))]
		}
	}
	return d
}

func hostileError(r *rand.Rand) *model.Error {
	list := hostile()
	pick := func() string { return list[r.IntN(len(list))] }
	e := &model.Error{Kind: model.ErrorKind(r.IntN(14)), Status: r.IntN(600), Type: pick(), Message: pick(),
		RequestID: pick()}
	if r.IntN(2) == 0 {
		e.Fields = map[string]string{"email": pick(), "city": pick(), pick(): pick()}
	}
	return e
}

func pickTheme(r *rand.Rand) theme.Theme {
	names := theme.Names()
	return theme.Pick(names[r.IntN(len(names))], r.IntN(2) == 0)
}

// TestExactGeometry throws hostile values, keys, errors and sizes at every
// component: always h lines of w cells, and never a byte that drives a terminal.
func TestExactGeometry(t *testing.T) {
	t.Parallel()
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed, 1))
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			shakeForm(t, r)
			shakeInline(t, r)
			shakePreviews(t, r)
		})
	}
}

func randomKey(r *rand.Rand) tea.Msg {
	keys := []string{"tab", "shift+tab", "enter", "up", "down", "left", "right", "home", "end", "backspace",
		"delete", "space", "ctrl+e", "ctrl+x", "ctrl+r", "ctrl+t",
		"ctrl+s", "ctrl+u", "ctrl+k", "ctrl+w", "x", "語", "y", "n", "/", "j", "J", "m", "t", "o", "pgdown", "pgup",
		"G", "g"}
	list := hostile()
	if r.IntN(6) == 0 {
		return tea.PasteMsg{Content: list[r.IntN(len(list))]}
	}
	return keyPress(keys[r.IntN(len(keys))])
}

func shakeForm(t *testing.T, r *rand.Rand) {
	o := Options{Title: hostile()[r.IntN(len(hostile()))], Mode: Mode(r.IntN(3)), Draft: hostileDraft(r),
		Theme: pickTheme(r), Keys: keymap.New(keymap.Shared(), nil)}
	if o.Mode == Edit {
		o.Base = hostileContact(r)
	}
	f := New(o)
	for range 20 {
		w, h := r.IntN(130), r.IntN(50)
		if r.IntN(3) == 0 {
			w, h = r.IntN(24), r.IntN(8)
		}
		f.SetSize(w, h)
		switch r.IntN(6) {
		case 0:
			f.Refuse(hostileError(r))
		case 1:
			f.SetNotes(hostile()[:r.IntN(9)])
		case 2:
			f.SetTheme(pickTheme(r))
		}
		for range 5 {
			f.Update(randomKey(r))
		}
		checkShaken(t, fmt.Sprintf("form %dx%d", w, h), f.View(), w, h)
		if c := f.Cursor(); c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
			t.Errorf("cursor %v outside of %dx%d", c.Position, w, h)
		}
		if w >= 20 && h >= 5 && f.lay.cursorY < 0 {
			t.Errorf("the focused field is not in view at %dx%d", w, h)
		}
	}
}

func shakeInline(t *testing.T, r *rand.Rand) {
	f := model.FieldID(1 + r.IntN(int(model.FieldPrimary)))
	e := themed(inlineWith(f, val(hostile()[r.IntN(len(hostile()))]), hostileDraft(r)), pickTheme(r))
	for range 10 {
		w := 1 + r.IntN(70)
		if r.IntN(4) == 0 {
			e.Refuse(hostileError(r))
		}
		for range 5 {
			e.Update(randomKey(r))
		}
		lines := e.Lines(w, w)
		checkShaken(t, "inline", lines, w, len(lines))
		if c := e.Cursor(); c != nil && (c.X < 0 || c.X >= w) {
			t.Errorf("cursor %v outside of %d", c.Position, w)
		}
	}
}

func shakePreviews(t *testing.T, r *rand.Rand) {
	base, draft := hostileContact(r), hostileDraft(r)
	patch := model.Diff(base, draft)
	keys := keymap.New(keymap.Shared(), nil)
	list := hostile()
	p := NewPreview(PreviewOptions{Title: list[3], Patch: patch, Create: r.IntN(2) == 0, Notes: list[:r.IntN(5)],
		Head: list[5:7], Keys: keys})
	b := NewPreview(PreviewOptions{Title: list[4], Items: []Item{{list[5], patch}, {list[10], patch},
		{"", model.Patch{}}}, Head: list[5:7], Keys: keys})
	rest, conflicts := model.Merge(patch, hostileContact(r))
	c := NewConflictView(ConflictOptions{Title: list[6], Conflicts: conflicts, Rest: rest, Keys: keys})
	for range 10 {
		w, h := r.IntN(110), r.IntN(40)
		th := pickTheme(r)
		for _, s := range []sheet{p, b, c} {
			s.View(w, h, th)
		}
		for range 4 {
			k := randomKey(r)
			p.Update(k)
			b.Update(k)
			c.Update(k)
		}
		checkShaken(t, fmt.Sprintf("preview %dx%d", w, h), p.View(w, h, th), w, h)
		checkShaken(t, fmt.Sprintf("bulk %dx%d", w, h), b.View(w, h, th), w, h)
		checkShaken(t, fmt.Sprintf("conflict %dx%d", w, h), c.View(w, h, th), w, h)
	}
}

func checkShaken(t *testing.T, name string, lines []string, w, h int) {
	t.Helper()
	if w == 0 || h == 0 {
		if len(lines) != 0 {
			t.Errorf("%s: %d lines", name, len(lines))
		}
		return
	}
	checkFrame(t, name, lines, w, h)
}
