package form

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// item is what a row knows that is one value of a field that holds a list, such
// as a phone number. Such a field has a row for each of its values, and one more
// to add another to. In a Bulk form it has a row for each type.
type item struct {
	kind, baseKind string // the type, and what it was
	place          int    // its place in the list when the edit began, -1 for a new one
}

// itemRows are the rows of a field that holds a list. A value of a shape that no
// document names has none: it can be shown and not edited.
func (f *Form) itemRows(def model.Field) []*row {
	held, ok := model.ParsePhones(f.o.Base.Get(def.ID))
	if !ok {
		return nil
	}
	typed, touched := f.o.Draft[def.ID]
	if f.o.Mode == Bulk {
		return f.bulkItemRows(def, typed)
	}
	list := held
	if touched {
		list = model.ParsePhoneLines(typed)
	}
	var rows []*row
	for _, c := range model.DiffPhones(held, list) {
		p := c.After
		if p == nil {
			p = &model.Phone{Type: c.Before.Type}
		}
		r := f.newItem(def, p.Type)
		r.load(number(*p))
		if c.Before != nil {
			r.base, r.item.baseKind = number(*c.Before), c.Before.Type
			r.item.place = slices.IndexFunc(held, func(q model.Phone) bool { return q == *c.Before })
		}
		if c.After == nil { // it was removed: it stands where it was
			rows = slices.Insert(rows, min(r.item.place, len(rows)), r)
			continue
		}
		rows = append(rows, r)
	}
	return append(rows, f.newItem(def, freeType(rows)))
}

// number is a phone as its row holds it: without the type.
func number(p model.Phone) string {
	p.Type = ""
	return p.String()
}

func (f *Form) newItem(def model.Field, kind string) *row {
	r := &row{input: newInput(def, f.look, ""), item: &item{kind: kind, baseKind: kind, place: -1}}
	r.load("")
	return r
}

// freeType is the type that a new phone has at first: one that the list has not.
func freeType(rows []*row) string {
	for _, t := range model.PhoneTypes() {
		if !slices.ContainsFunc(rows, func(r *row) bool { return r.item.kind == t }) {
			return t
		}
	}
	return model.PhoneMobile
}

// bulkItemRows are a row for each type, with what a draft does to it.
func (f *Form) bulkItemRows(def model.Field, typed string) (rows []*row) {
	edits, _ := model.ParsePhoneEdits(typed)
	for _, t := range model.PhoneTypes() {
		r := f.newItem(def, t)
		for _, e := range edits {
			switch {
			case e.Phone.Type != t:
				continue
			case e.Verb == model.EditAdd:
				r.bulk = add
			case e.Verb == model.EditSet:
				r.bulk = set
			default:
				r.bulk = wipe
			}
			r.load(number(e.Phone))
		}
		rows = append(rows, r)
	}
	return rows
}

// phone is what a row of a list means; ok is false for one that holds nothing.
func (r *row) phone() (p model.Phone, ok bool) {
	typed := strings.TrimSpace(r.value())
	p = model.ParsePhone(typed)
	if p.Type == "" {
		p.Type = r.item.kind
	}
	return p, typed != ""
}

// items are the rows of the list that a row belongs to.
func (f *Form) items(def model.Field) []*row {
	var rows []*row
	for _, r := range f.rows {
		if r.item != nil && r.def.ID == def.ID {
			rows = append(rows, r)
		}
	}
	return rows
}

// typedList is what the rows of a list put into the draft together.
func (f *Form) typedList(def model.Field) (string, bool) {
	var lines []string
	if f.o.Mode == Bulk {
		for _, r := range f.items(def) {
			p, ok := r.phone()
			switch {
			case r.bulk == wipe:
				lines = append(lines, model.RemovePhone(r.item.kind))
			case r.bulk == add && ok:
				lines = append(lines, model.AddPhone(p))
			case r.bulk == set && ok:
				lines = append(lines, model.SetPhone(p))
			}
		}
		return strings.Join(lines, "\n"), len(lines) > 0
	}
	for _, r := range f.items(def) {
		if p, ok := r.phone(); ok {
			lines = append(lines, p.String())
		}
	}
	text := strings.Join(lines, "\n")
	return text, text != def.Text(f.o.Base.Get(def.ID))
}

// checkItem looks at one value of a list.
func (f *Form) checkItem(r *row) model.Finding {
	p, ok := r.phone()
	if !ok || r.bulk == wipe || r.value() == r.base && r.item.kind == r.item.baseKind {
		return model.Finding{}
	}
	return p.Check()
}

// settleItems takes the type that was typed before a number out of it, and
// leaves one empty row at the end of a list, to add to.
func (f *Form) settleItems() {
	if f.o.Mode == Bulk {
		return
	}
	here := f.rows[f.at]
	if here.item != nil {
		head, rest, ok := strings.Cut(here.value(), ":")
		if t := strings.ToLower(strings.TrimSpace(head)); ok && slices.Contains(model.PhoneTypes(), t) {
			here.item.kind = t
			here.load(strings.TrimSpace(rest))
		}
	}
	var rows []*row
	for i, r := range f.rows {
		last := r.item != nil && (i+1 == len(f.rows) || f.rows[i+1].item == nil)
		blank := r.item != nil && r.item.place < 0 && r.value() == ""
		if blank && !last && r != here {
			continue
		}
		rows = append(rows, r)
		switch {
		case last && !blank:
			rows = append(rows, f.newItem(r.def, freeType(f.items(r.def))))
		case last && r != here:
			r.item.kind = freeType(slices.DeleteFunc(f.items(r.def), func(o *row) bool { return o == r }))
		}
	}
	f.rows = rows
	f.at = slices.Index(rows, here)
}

// itemChanged says that the row differs from when the edit began.
func (f *Form) itemChanged(r *row) bool {
	place := slices.Index(f.items(r.def), r)
	blank := r.item.place < 0 && r.value() == ""
	return !blank && (r.value() != r.base || r.item.kind != r.item.baseKind || r.item.place != place)
}

// nextKind gives a phone the next type.
func (f *Form) nextKind(r *row) {
	types := model.PhoneTypes()
	r.item.kind = types[(slices.Index(types, r.item.kind)+1)%len(types)]
}

// moveItem moves a value of a list up or down.
func (f *Form) moveItem(by int) Intent {
	r, to := f.rows[f.at], f.at+by
	blank := func(r *row) bool { return r.item.place < 0 && r.value() == "" }
	switch {
	case r.item == nil || f.o.Mode == Bulk:
		return f.cannot("only the numbers of one contact can be moved")
	case blank(r):
		return f.cannot("type a number first")
	case to < 0 || to >= len(f.rows) || f.rows[to].item == nil || blank(f.rows[to]):
		return f.cannot("it is the " + map[int]string{-1: "first", 1: "last"}[by] + " number")
	}
	f.rows[f.at], f.rows[to] = f.rows[to], r
	f.at = to
	return Changed
}

// cannot says below the field why a key does nothing here.
func (f *Form) cannot(why string) Intent {
	f.rows[f.at].finding = model.Finding{Severity: model.Warning, Text: why}
	return None
}

// leadWidth is how many cells the type takes before a number.
const leadWidth = 8

// lead is what stands before the value of a row.
func (r *row) lead(t theme.Theme, here bool) string {
	if r.item == nil {
		return ""
	}
	role := theme.Dim
	if here {
		role = theme.Accent
	}
	return t.Paint(role, plain.Fit(plain.Clean(model.Phone{Type: r.item.kind}.Label()), leadWidth-1, t.Glyphs.Ellipsis)) +
		" "
}

func (r *row) leadWidth() int {
	if r.item == nil {
		return 0
	}
	return leadWidth
}

// itemHint is what helps with a value of a list: what it becomes, and the keys.
func (f *Form) itemHint(r *row) []string {
	does := func(n keymap.Name, what string) string { return does(f.o.Keys, n, what) }
	kind := strings.ToLower(model.Phone{Type: r.item.kind}.Label())
	p, ok := r.phone()
	becomes := "becomes " + p.Becomes()
	if p.Becomes() == "" {
		becomes = "no phone number yet"
	}
	switch {
	case f.o.Mode == Bulk && r.bulk == noChange:
		return []string{"no change", "type to add", does(keymap.FormMode, "adds, replaces or removes")}
	case f.o.Mode == Bulk && r.bulk == wipe:
		return []string{"every " + kind + " number is removed", does(keymap.FormMode, "no change")}
	case f.o.Mode == Bulk && !ok:
		what := map[bulkMode]string{add: "added to every contact", set: "replaces the " + kind + " numbers"}
		return []string{what[r.bulk], "type a number"}
	case f.o.Mode == Bulk && r.bulk == add:
		return []string{becomes, "added to every contact", does(keymap.FormMode, "replaces instead")}
	case f.o.Mode == Bulk:
		return []string{becomes, "replaces the " + kind + " numbers", does(keymap.FormMode, "removes instead")}
	case !ok && r.item.place >= 0:
		return []string{"removed", does(keymap.FormRevert, "restores it")}
	case !ok:
		return []string{"type a number to add it", does(keymap.FormMode, "type")}
	}
	parts := []string{becomes, does(keymap.FormMode, "type"), does(keymap.FormClear, "removes")}
	if len(f.items(r.def)) > 2 { // another one, and the row to add to
		parts = append(parts, does(keymap.FormUp, "moves up"))
	}
	return parts
}

var placeIn = regexp.MustCompile(`\[(\d+)\][^;\n]*`)

// besideItems puts a refusal of a list beside the values that it names, and
// reports whether it names one. The places are those of the list as it was sent.
func (f *Form) besideItems(i int, whole refusal, name, said string) bool {
	var sent []*row
	for _, r := range f.items(f.rows[i].def) {
		if _, ok := r.phone(); ok {
			sent = append(sent, r)
		}
	}
	found := false
	for _, m := range placeIn.FindAllStringSubmatch(name+" "+said, -1) {
		place, err := strconv.Atoi(m[1])
		if err != nil || place >= len(sent) {
			continue
		}
		words := said
		if strings.Contains(said, m[0]) {
			words = strings.TrimLeft(strings.TrimPrefix(m[0], "["+m[1]+"]"), ".")
			words = strings.TrimSpace(strings.TrimPrefix(words, "raw "))
		}
		side := whole.beside("the number " + words)
		sent[place].server = &side
		found = true
	}
	return found
}

// pasteItems gives every line of a pasted list a row of its own, and reports
// whether it was one.
func (f *Form) pasteItems(msg tea.Msg) bool {
	r := f.rows[f.at]
	paste, ok := msg.(tea.PasteMsg)
	if !ok || r.item == nil || f.o.Mode == Bulk || !strings.Contains(strings.TrimSpace(paste.Content), "\n") {
		return false
	}
	for _, p := range model.ParsePhoneLines(paste.Content) {
		if f.rows[f.at].value() != "" {
			f.rows = slices.Insert(f.rows, f.at+1, f.newItem(r.def, model.PhoneMobile))
			f.rows[f.at].blur()
			f.at++
			f.rows[f.at].focus()
		}
		here := f.rows[f.at]
		if slices.Contains(model.PhoneTypes(), p.Type) {
			here.item.kind, p.Type = p.Type, ""
		}
		here.load(p.String())
	}
	return true
}
