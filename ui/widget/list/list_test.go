package list

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

type rows []model.Packed

func (r rows) Len() int              { return len(r) }
func (r rows) At(i int) model.Packed { return r[i] }

func people(n int) rows {
	out := make(rows, n)
	for i := range out {
		out[i] = model.NewContact(int64(i+1), map[model.FieldID]model.Value{
			model.FieldFirstName: model.TextValue("Sarah"), model.FieldLastName: model.TextValue(fmt.Sprintf("Chen %d", i)), model.FieldType: model.TextValue(model.TypeLender),
			model.FieldEmail: model.TextValue("schen@meridiancapital.com"), model.FieldTitle: model.TextValue("Senior Vice President"), model.FieldPrimary: model.BoolValue(i%2 == 0),
			model.FieldConnected: model.BoolValue(i%5 != 4), model.FieldCity: model.TextValue("New York"), model.FieldState: model.TextValue("NY"),
		}).Pack()
	}
	return out
}

func TestColumnsByWidth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w    int
		want string
	}{
		{40, "Name"}, {60, "Name Type Email"}, {80, "Name Type Title Email"}, {110, "Name Type Title Email City State"}, {12, "Name"},
	} {
		m := New(nil)
		m.SetSize(c.w, 5)
		got := strings.Join(strings.Fields(ansi.Strip(m.View(people(3), theme.Pick("dark", true), Look{})[0])), " ")
		if got != c.want {
			t.Errorf("at %d cells: %q, want %q", c.w, got, c.want)
		}
	}
}

func TestTheSortedColumnIsShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w    int
		sort model.FieldID
		want string
	}{
		{40, model.FieldCity, "Name City"}, {60, model.FieldCity, "Name Email City"}, {80, model.FieldUpdated, "Name Type Email Updated"},
		{80, model.FieldLastName, "Name Type Title Email"}, {80, model.FieldTitle, "Name Type Title Email"}, {80, 0, "Name Type Title Email"},
	} {
		m := New(nil)
		m.SetSize(c.w, 5)
		m.SetSort(c.sort)
		got := strings.Join(strings.Fields(ansi.Strip(m.View(people(3), theme.Pick("dark", true), Look{})[0])), " ")
		if got != c.want {
			t.Errorf("at %d cells by %s: %q, want %q", c.w, c.sort.Name(), got, c.want)
		}
	}
}

func TestEveryLineFits(t *testing.T) {
	t.Parallel()
	for w := 1; w < 240; w += 7 {
		for _, h := range []int{1, 2, 9} {
			m := New(AllColumns())
			m.SetSize(w, h)
			lines := m.View(people(30), theme.Pick("dark", true), Look{Focused: true, Highlight: func(model.Packed, string) []int { return []int{0, 1, 40} }})
			if len(lines) != h {
				t.Fatalf("%dx%d: %d lines", w, h, len(lines))
			}
			for _, l := range lines {
				if n := plain.Width(l); n != w {
					t.Fatalf("%dx%d: a line of %d cells: %q", w, h, n, ansi.Strip(l))
				}
			}
		}
	}
}

func TestSignsAreNotColourAlone(t *testing.T) {
	t.Parallel()
	m := New(nil)
	m.SetSize(80, 10)
	m.MoveTo(1, 6)
	lines := m.View(people(6), theme.Pick("ascii", true), Look{Focused: true, Marked: func(id int64) bool { return id == 3 }, Drafted: func(id int64) bool { return id == 4 }})
	for i, want := range map[int]string{1: "  * Sarah Chen 0", 2: ">   Sarah Chen 1", 3: " x* Sarah Chen 2", 4: " +  Sarah Chen 3", 5: "  o Sarah Chen 4"} {
		if got := ansi.Strip(lines[i]); !strings.HasPrefix(got, want) {
			t.Errorf("line %d is %q, want %q…", i, got[:24], want)
		}
	}
}

func TestAnchorKeepsTheLine(t *testing.T) {
	t.Parallel()
	m := New(nil)
	m.SetSize(80, 11)
	m.MoveTo(25, 100)
	line := m.Cursor() - m.Offset()
	m.Anchor(40, 200)
	if m.Cursor() != 40 || m.Cursor()-m.Offset() != line {
		t.Errorf("cursor %d on line %d, want 40 on %d", m.Cursor(), m.Cursor()-m.Offset(), line)
	}
	m.Anchor(1, 3)
	if m.Cursor() != 1 || m.Offset() != 0 {
		t.Errorf("cursor %d offset %d with three rows", m.Cursor(), m.Offset())
	}
	m.Anchor(0, 0)
	if m.Cursor() != 0 || m.Offset() != 0 {
		t.Error("an empty list has a cursor")
	}
}

func TestMouseFindsRowAndColumn(t *testing.T) {
	t.Parallel()
	m := New(nil)
	m.SetSize(80, 10)
	if pos, ok := m.RowAt(3, 100); !ok || pos != 2 {
		t.Errorf("line 3 is row %d, %v", pos, ok)
	}
	if _, ok := m.RowAt(0, 100); ok {
		t.Error("the heading is a row")
	}
	if c, ok := m.ColumnAt(5); !ok || c.Name != NameColumn {
		t.Errorf("cell 5 is %q", c.Name)
	}
}

// The cost of a key and a frame does not depend on the number of rows.
func BenchmarkMoveAndDraw(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		one := people(100)
		r := make(rows, n)
		for i := range r {
			r[i] = one[i%100]
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, th := New(nil), theme.Pick("dark", true)
			m.SetSize(120, 40)
			b.ReportAllocs()
			for i := range b.N {
				m.MoveTo(i%n, n)
				m.View(r, th, Look{Focused: true})
			}
		})
	}
}

// The heading of the column in order is not cut for its arrow.
func TestHeadingOfTheSortedColumnIsWhole(t *testing.T) {
	t.Parallel()
	for _, f := range model.FieldTable() {
		if f.ID == model.FieldKey || f.ID == model.FieldFirstName || f.ID == model.FieldLastName {
			continue
		}
		m := New(nil)
		m.SetSize(80, 5)
		m.SetSort(f.ID)
		if head := ansi.Strip(m.View(people(3), theme.Pick("dark", true), Look{Sort: model.Sort{Field: f.ID}})[0]); !strings.Contains(head, f.Short+" ▲") {
			t.Errorf("%s: %q", f.Label, head)
		}
	}
}

// X14: a cell looks only at as much of a value as it can show.
func TestHugeValues(t *testing.T) {
	t.Parallel()
	huge := model.TextValue(strings.Repeat("é", 5_000_000))
	p := model.NewContact(1, map[model.FieldID]model.Value{
		model.FieldLastName: huge, model.FieldTitle: huge, model.FieldUpdated: huge, model.FieldType: huge,
	}).Pack()
	for _, name := range AllColumns() {
		c, _ := ColumnByName(name)
		if n := len(c.text(p, theme.Pick("dark", true).Glyphs, nil)); n > mostDrawn {
			t.Errorf("%s looks at %d bytes", name, n)
		}
	}
}

// The rule between the rows is a line, and no row.
func TestRule(t *testing.T) {
	t.Parallel()
	lines := func(m Model, n int) (out []string) {
		for _, l := range m.View(people(n), theme.Pick("ascii", true), Look{Rule: "2 similar"}) {
			out = append(out, strings.TrimSpace(ansi.Strip(l)[4:20]))
		}
		return out
	}
	m := New(nil)
	m.SetSize(40, 6)
	m.SetRule(2)
	if got := strings.Join(lines(m, 4), "|"); got != "Name|Sarah Chen 0|Sarah Chen 1|2 similar -----|Sarah Chen 2|Sarah Chen 3" {
		t.Errorf("lines %s", got)
	}
	if _, ok := m.RowAt(3, 4); ok {
		t.Error("the rule is a row")
	}
	if pos, ok := m.RowAt(4, 4); !ok || pos != 2 {
		t.Errorf("line 4 is row %d, %v", pos, ok)
	}
	for n := 1; n < 12; n++ { // wherever rule and cursor are, the cursor is on the screen
		for rule := -1; rule < n; rule++ {
			for h := 2; h < 8; h++ {
				m := New(nil)
				m.SetSize(40, h)
				m.SetRule(rule)
				seen := func(what string) {
					t.Helper()
					found := false
					for line := 1; line < h; line++ {
						pos, ok := m.RowAt(line, n)
						found = found || ok && pos == m.Cursor()
					}
					if !found || len(m.View(people(n), theme.Pick("ascii", true), Look{Rule: "similar"})) != h {
						t.Fatalf("%s: %d rows, rule above %d, height %d: row %d is not on the screen", what, n, rule, h, m.Cursor())
					}
				}
				for pos := range n {
					m.MoveTo(pos, n)
					seen("down")
				}
				for pos := range n {
					m.MoveTo(n-1-pos, n)
					seen("up")
				}
				m.Scroll(2, n)
				seen("scrolled")
				m.Anchor(n/2, n)
				seen("anchored")
				m.SetRule(0)
				seen("with another rule")
			}
		}
	}
}
