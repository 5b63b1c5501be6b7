package form

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
)

// Update takes keys, pastes and clicks; clicks relative to the pane. A form
// that is frozen takes nothing.
func (f *Form) Update(msg tea.Msg) (cmd tea.Cmd, intent Intent) {
	if f.frozen {
		return nil, None
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		cmd, intent = f.key(msg)
	case tea.PasteMsg, tea.ClipboardMsg:
		cmd, intent = f.edit(msg)
	case tea.MouseClickMsg:
		f.moveTo(f.lay.rowAt(msg.Y))
	default:
		return nil, None
	}
	if intent == Changed {
		f.refresh()
	} else {
		f.relayout()
	}
	return cmd, intent
}

func (f *Form) key(msg tea.KeyPressMsg) (tea.Cmd, Intent) {
	k := msg.String()
	scope := keymap.Form
	if f.o.Mode == Single {
		scope = keymap.Field
	}
	a, _ := f.o.Keys.Find(k, scope)
	switch a.Name {
	case keymap.FormNext:
		return nil, f.next(k)
	case keymap.FormPrev:
		f.prev(k)
		return nil, None
	case keymap.FormSave, keymap.FieldSave:
		return nil, f.save()
	case keymap.FormLeave, keymap.FieldLeave:
		return nil, LeaveAsked
	case keymap.FormClear:
		return nil, f.change(f.wipe)
	case keymap.FormRevert:
		return nil, f.change(f.revert)
	case keymap.FormMode:
		switch {
		case f.o.Mode == Bulk:
			return nil, f.change(f.nextBulkMode)
		case f.rows[f.at].item != nil:
			return nil, f.change(f.nextKind)
		}
		return nil, f.cannot("only a phone number has a type to choose with " + k)
	case keymap.FormUp:
		return nil, f.moveItem(-1)
	case keymap.FormDown:
		return nil, f.moveItem(1)
	case keymap.FieldNext, keymap.FieldPrev:
		if len(f.rows) == 1 {
			return nil, f.cannot("the field has one value")
		}
		f.moveTo((f.at + map[keymap.Name]int{keymap.FieldNext: 1, keymap.FieldPrev: len(f.rows) - 1}[a.Name]) % len(f.rows))
		return nil, None
	}
	return f.edit(msg)
}

// next goes on; enter on the last field asks to save, tab begins again.
func (f *Form) next(k string) Intent {
	switch {
	case f.at+1 < len(f.rows):
		f.moveTo(f.at + 1)
	case k == "enter":
		return f.save()
	case k == "tab":
		f.moveTo(0)
	}
	return None
}

func (f *Form) prev(k string) {
	to := f.at - 1
	if to < 0 && k == "shift+tab" {
		to = len(f.rows) - 1
	}
	f.moveTo(to)
}

// moveTo leaves the focused field, which is checked, and goes to another. No
// finding holds anybody back.
func (f *Form) moveTo(i int) {
	if i < 0 || i == f.at {
		return
	}
	f.leaveRow(f.rows[f.at])
	f.rows[f.at].blur()
	f.at = i
	f.rows[i].focus()
	f.settleItems()
}

func (f *Form) leaveRow(r *row) {
	if f.o.Mode == Bulk && (r.bulk == set || r.bulk == add) && r.value() == "" {
		r.bulk = noChange
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
func (f *Form) edit(msg tea.Msg) (cmd tea.Cmd, intent Intent) {
	r := f.rows[f.at]
	if k, ok := msg.(tea.KeyPressMsg); ok && f.o.Mode == Bulk && r.bulk != set && r.text == nil {
		return nil, f.change(func(r *row) { r.begin(k) })
	}
	intent = f.change(func(r *row) {
		if f.pasteItems(msg) {
			return
		}
		before := r.value()
		cmd = r.update(msg)
		switch {
		case r.value() == before:
		case r.item != nil && r.bulk != set:
			r.bulk = add
		default:
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
	r := f.rows[f.at]
	text, touched := f.typed(r)
	mode := r.bulk
	do(r)
	now, touchedNow := f.typed(r)
	if now == text && touched == touchedNow && mode == r.bulk {
		return None
	}
	r.server, r.finding = nil, model.Finding{}
	if f.o.Mode == Single {
		f.server = nil
	}
	if r.checked {
		r.finding = f.check(r)
	}
	return Changed
}

// replace puts another content into a field. When the field holds it already,
// the key was pressed again: that brings back what was typed.
func (r *row) replace(to content) {
	was := content{text: r.value(), bulk: r.bulk}
	if r.item != nil {
		was.kind = r.item.kind
	}
	switch {
	case was != to:
		if was.text != "" || r.stash == nil {
			r.stash = &was
		}
	case r.stash != nil:
		to, r.stash = *r.stash, nil
	}
	r.bulk = to.bulk
	if r.item != nil {
		r.item.kind = to.kind
	}
	r.load(to.text)
}

// wipe empties the field; in a Bulk form it clears it everywhere. A type that
// is there stays, and the form says why.
func (f *Form) wipe(r *row) {
	switch {
	case r.choice != nil && (f.o.Mode == Bulk || f.o.Mode != Create && strings.TrimSpace(r.base) != ""):
		if r.finding = r.def.CheckCreate(""); r.finding.Severity == model.Fine {
			r.finding = model.Finding{Severity: model.Warning, Text: "a contact keeps a type; choose another"}
		}
	case r.confirm != nil && f.o.Mode != Bulk:
		r.load("")
	case r.item != nil && f.o.Mode != Bulk:
		r.replace(content{kind: r.item.kind})
	case r.item != nil:
		r.replace(content{r.value(), wipe, r.item.kind})
	case f.o.Mode != Bulk:
		r.replace(content{})
	case r.text != nil:
		r.replace(content{text: r.value(), bulk: wipe})
	}
}

// revert makes the field what it was; a Bulk form does not change it then.
func (f *Form) revert(r *row) {
	if f.o.Mode == Bulk && r.text == nil {
		r.bulk = noChange
		return
	}
	to := content{text: r.base}
	if r.item != nil {
		to.kind = r.item.baseKind
	}
	r.replace(to)
}

// nextBulkMode goes from no change to set to clear; only text can be cleared.
func (f *Form) nextBulkMode(r *row) {
	switch {
	case r.bulk == noChange && r.item != nil:
		r.bulk = add
	case r.bulk == noChange, r.bulk == add:
		r.bulk = set
	case r.bulk == set && r.text != nil:
		r.bulk = wipe
	default:
		r.bulk = noChange
	}
}

// refresh works out what is to be sent after something changed.
func (f *Form) refresh() {
	f.settleItems()
	f.patch = model.Patch{}
	if f.o.Mode != Bulk {
		f.patch = model.Diff(f.o.Base, f.Draft())
	}
	for _, r := range f.rows {
		switch {
		case f.o.Mode == Bulk && r.item != nil:
			_, filled := r.phone()
			r.changed = r.bulk == wipe || r.bulk != noChange && filled
			continue
		case f.o.Mode == Bulk:
			_, r.changed = f.typed(r)
			continue
		case r.item != nil:
			r.changed = f.itemChanged(r)
			continue
		}
		_, r.changed = f.patch.Get(r.def.ID)
	}
	f.relayout()
}
