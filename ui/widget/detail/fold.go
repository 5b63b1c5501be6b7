package detail

import (
	"strings"

	"github.com/levcontacts/levcontacts/ui/widget/text"
)

// foldFrom is from how many empty fields of a group on they share one line.
const foldFrom = 2

// Folded reports that the row stands for the empty fields of a group.
func (r Row) Folded() bool { return len(r.folded) > 0 }

// stands reports that the row is the one with a name, or stands for it.
func (r Row) stands(name string) bool {
	if r.Name() == name {
		return true
	}
	for _, f := range r.folded {
		if f.Name() == name {
			return true
		}
	}
	return false
}

// fold puts the empty fields of each group onto one line at its end. A group of
// empty fields alone is that line. open are the groups that are shown whole.
func fold(rows []Row, open map[string]bool) []Row {
	var out []Row
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].group == "" {
			n++
		}
		group := rows[0].group
		if open[group] {
			out = append(out, rows[:n]...)
		} else {
			out = append(out, foldGroup(rows[:n], group)...)
		}
		rows = rows[n:]
	}
	return out
}

func foldGroup(rows []Row, group string) []Row {
	var kept, empty []Row
	var names []string
	for _, r := range rows {
		r.group = ""
		if r.value == "" && len(r.items) == 0 && !r.warn && r.long == 0 {
			empty, names = append(empty, r), append(names, text.Label(r.label))
		} else {
			kept = append(kept, r)
		}
	}
	if len(empty) < foldFrom {
		return rows
	}
	r := Row{label: "Not set", value: strings.Join(names, ", "), folded: empty}
	if len(kept) == 0 {
		r.label, r.apart = group, true
		r.value = "no " + r.value
	} else {
		kept[0].group = group
	}
	return append(kept, r)
}

// Unfold shows the empty fields that the row under the cursor stands for, with
// the cursor on the first of them.
func (m *Model) Unfold() {
	if r, ok := m.Row(); ok && r.Folded() {
		m.unfold(r.folded[0].Name())
	}
}

// unfold shows the row with a name and puts the cursor there.
func (m *Model) unfold(name string) {
	group := ""
	for _, r := range m.all {
		if r.group != "" {
			group = r.group
		}
		if r.Name() == name {
			m.open[group] = true
		}
	}
	m.rows, m.wanted = fold(m.all, m.open), name
	m.find()
}

// find puts the cursor on the row that the user was on last, as far as it is
// there.
func (m *Model) find() {
	for i, r := range m.rows {
		if r.stands(m.wanted) {
			m.cursor = i
			return
		}
	}
	m.cursor = max(0, min(m.cursor, len(m.rows)-1))
}
