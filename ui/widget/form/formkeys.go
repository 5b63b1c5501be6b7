package form

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/model"
	"levcontacts/ui/widget/keymap"
)

// Update takes keys, pastes and clicks; clicks relative to the pane. A form
// that is frozen takes nothing.
func (f Form) Update(msg tea.Msg) (Form, tea.Cmd, Intent) {
	if f.frozen {
		return f, nil, None
	}
	var cmd tea.Cmd
	intent := None
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		cmd, intent = f.key(msg)
	case tea.PasteMsg, tea.ClipboardMsg:
		cmd, intent = f.edit(msg)
	case tea.MouseClickMsg:
		if i := f.lay.rowAt(msg.Y); i >= 0 && f.rows[i].locked == "" {
			f.moveTo(i)
		}
	default:
		return f, nil, None
	}
	if intent == Changed {
		f.refresh()
	} else {
		f.relayout()
	}
	return f, cmd, intent
}

func (f *Form) key(msg tea.KeyPressMsg) (tea.Cmd, Intent) {
	k := msg.String()
	a, _ := f.o.Keys.Find(k, keymap.Form)
	switch a.Name {
	case keymap.FormNext:
		return nil, f.next(k)
	case keymap.FormPrev:
		f.prev(k)
		return nil, None
	case keymap.FormSave:
		return nil, f.save()
	case keymap.FormLeave:
		return nil, LeaveAsked
	case keymap.FormClear:
		return nil, f.change(f.wipe)
	case keymap.FormRevert:
		return nil, f.change(f.revert)
	case keymap.FormMode:
		if f.o.Mode != Bulk {
			return nil, None
		}
		return nil, f.change(f.nextBulkMode)
	}
	return f.edit(msg)
}

// next goes on; enter on the last field asks to save, tab begins again.
func (f *Form) next(k string) Intent {
	to := f.step(f.at, 1)
	switch {
	case to >= 0:
		f.moveTo(to)
	case k == "enter":
		return f.save()
	case k == "tab":
		f.moveTo(f.step(-1, 1))
	}
	return None
}

func (f *Form) prev(k string) {
	to := f.step(f.at, -1)
	if to < 0 && k == "shift+tab" {
		to = f.step(len(f.rows), -1)
	}
	f.moveTo(to)
}

// step finds the next row in a direction that is not locked, -1 for none.
func (f *Form) step(from, by int) int {
	for i := from + by; i >= 0 && i < len(f.rows); i += by {
		if f.rows[i].locked == "" {
			return i
		}
	}
	return -1
}

// moveTo leaves the focused field, which is checked, and goes to another. No
// finding holds anybody back.
func (f *Form) moveTo(i int) {
	if i < 0 || i == f.at {
		return
	}
	if f.at >= 0 {
		f.leaveRow(f.rows[f.at])
		f.rows[f.at].blur()
	}
	f.at = i
	f.rows[i].focus()
}

func (f *Form) leaveRow(r *row) {
	if f.o.Mode == Bulk && r.bulk == set && r.value() == "" {
		r.bulk = leave
	}
	r.checked = true
	r.finding = f.check(r)
}

// save asks to save, or goes to the first field that stops it.
func (f *Form) save() Intent {
	stop := -1
	for i, r := range f.rows {
		r.checked, r.finding = true, f.check(r)
		if r.finding.Severity == model.Refused && stop < 0 {
			stop = i
		}
	}
	if stop >= 0 {
		f.moveTo(stop)
		return None
	}
	return SaveAsked
}

// edit gives a message to the focused field.
func (f *Form) edit(msg tea.Msg) (tea.Cmd, Intent) {
	if f.at < 0 {
		return nil, None
	}
	r := f.rows[f.at]
	if k, ok := msg.(tea.KeyPressMsg); ok && f.o.Mode == Bulk && r.bulk != set && r.text == nil {
		return nil, f.change(func(r *row) { r.begin(k) })
	}
	var cmd tea.Cmd
	intent := f.change(func(r *row) {
		before := r.value()
		cmd = r.update(msg)
		if r.value() != before {
			r.bulk = set
		}
	})
	return cmd, intent
}

// begin sets a choice or a yes-or-no field that a Bulk form left alone. The
// first key shows what there is to choose from, y and n choose at once.
func (r *row) begin(k tea.KeyPressMsg) {
	switch k.String() {
	case "left", "right", "h", "l", "space":
		r.bulk = set
	case "y", "Y", "n", "N":
		if r.confirm != nil {
			r.bulk = set
			r.update(k)
		}
	}
}

// change does something to the focused row and says whether the draft differs.
func (f *Form) change(do func(*row)) Intent {
	if f.at < 0 {
		return None
	}
	r := f.rows[f.at]
	text, touched := f.typed(r)
	mode := r.bulk
	do(r)
	now, touchedNow := f.typed(r)
	if now == text && touched == touchedNow && mode == r.bulk {
		return None
	}
	r.server = nil
	r.finding = model.Finding{}
	if r.checked {
		r.finding = f.check(r)
	}
	return Changed
}

// wipe empties the field; in a Bulk form it clears it everywhere. A type that
// is there stays, and it is said why.
func (f *Form) wipe(r *row) {
	switch {
	case r.choice != nil && (f.o.Mode == Bulk || f.o.Mode == Edit && strings.TrimSpace(r.base) != ""):
		r.finding = r.def.CheckCreate("")
	case f.o.Mode != Bulk:
		r.load("")
	case r.text != nil:
		r.bulk = wipe
	}
}

// revert makes the field what it was; in a Bulk form it is left alone again.
func (f *Form) revert(r *row) {
	if f.o.Mode == Bulk {
		r.bulk = leave
	}
	if f.o.Mode != Bulk || r.text != nil {
		r.load(r.base)
	}
}

// nextBulkMode goes from leave to set to clear; only text can be cleared.
func (f *Form) nextBulkMode(r *row) {
	switch {
	case r.bulk == leave:
		r.bulk = set
	case r.bulk == set && r.text != nil:
		r.bulk = wipe
	default:
		r.bulk = leave
	}
}

// refresh works out what is to be sent after something changed.
func (f *Form) refresh() {
	f.patch = model.Patch{}
	if f.o.Mode != Bulk {
		f.patch = model.Diff(f.o.Base, f.Draft())
	}
	for _, r := range f.rows {
		if f.o.Mode == Bulk {
			_, r.changed = f.typed(r)
			continue
		}
		if _, r.changed = f.patch.Get(r.def.ID); r.changed && r.locked != "" {
			f.patch = f.patch.Without(r.def.ID)
		}
	}
	f.relayout()
}
