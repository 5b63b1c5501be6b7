package detail

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/model"
	_ "github.com/levcontacts/levcontacts/ui/uitest" // for the locale
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

func contact(t *testing.T, extra string) model.Contact {
	t.Helper()
	var c model.Contact
	body := `{"id":78,"contact_type":"lender_contact","first_name":"Sarah","last_name":"Chen","email":"schen@meridiancapital.com",
		"title":"Senior Vice President","department":null,"city":"New York","linkedin_url":"https://linkedin.com/in/sarah-chen-cre",
		"is_primary":true,"is_connected":true,"owner_account_id":56,"created_at":"2025-09-01T11:00:00Z"` + extra + `}`
	if err := c.UnmarshalJSON([]byte(body)); err != nil {
		t.Fatal(err)
	}
	return c
}

func now() time.Time { return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC) }

func draw(m *Model, look Look) string {
	return ansi.Strip(strings.Join(m.View(theme.Pick("dark", true), look), "\n"))
}

func TestEveryFieldIsThere(t *testing.T) {
	t.Parallel()
	var m Model
	m.SetSize(60, 60)
	m.Show(contact(t, `,"phones":[{"id":1,"type":"office","raw":"212-555-0100","e164":null,"extension":"4"}],"contact_types":["lender_contact","sponsor"],"brand_new":{"a":1}`), now())
	s := draw(&m, Look{})
	for _, f := range model.FieldTable() {
		if !strings.Contains(strings.ToLower(s), strings.ToLower(f.Label)) {
			t.Errorf("no %s in\n%s", f.Label, s)
		}
	}
	for _, want := range []string{"Department    –", "1 Sep 2025 · 1 year ago",
		"Phones        Office  (212) 555-0100 ext 4", "All types     lender, sponsor", "Brand new", `{"a":1}`, "account 56"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
}

// The later fields stand once, in their groups, with their labels; a contact of
// a service without them shows nothing of them.
func TestLaterFieldsStandInTheirGroups(t *testing.T) {
	t.Parallel()
	var m Model
	m.SetSize(60, 60)
	later := contact(t, `,"phones":[{"id":"1","type":"office","raw":"2125550100","extension":"4"},{"id":"2","type":"mobile","raw":"+44 20 7946 0958"}],
		"contact_types":[],"address2":"Floor 18","photo_url":null`)
	m.Show(later, now())
	s := draw(&m, Look{})
	at := 0
	for _, want := range []string{"Type  ", "Not set       department, all types", "Reach", "Email",
		"Phones        Office  (212) 555-0100 ext 4",
		"Mobile  +44 20 7946 0958", "LinkedIn", "Photo URL     –", "Address", "Street 2      Floor 18", "City",
		"Not set       street, state, ZIP"} {
		i := strings.Index(s[at:], want)
		if i < 0 {
			t.Fatalf("no %q behind the others in\n%s", want, s)
		}
		at += i
	}
	if strings.Contains(s, "More from the service") {
		t.Errorf("a field stands twice:\n%s", s)
	}
	m.MoveToField(model.FieldPhones)
	if r, _ := m.Row(); m.Text(r) != "office: 2125550100 ext 4\nmobile: +44 20 7946 0958" {
		t.Errorf("copied as %q", m.Text(r))
	}
	m.Show(contact(t, ""), now())
	if s := draw(&m, Look{}); strings.Contains(s, "Phones") || strings.Contains(s, "Street 2") || strings.Contains(s,
		"Photo") {
		t.Errorf("fields that the service does not have:\n%s", s)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	cases := []struct {
		value  string
		format model.Format
		want   string
	}{
		{"https://linkedin.com/in/x", model.FormatURL, "https://linkedin.com/in/x"},
		{"http://linkedin.com", model.FormatURL, "http://linkedin.com"},
		{"javascript:alert(1)", model.FormatURL, ""},
		{"file:///etc/passwd", model.FormatURL, ""},
		{"https://a.example/\x1b]52;c;x\x07", model.FormatURL, ""},
		{"https://user:pw@a.example/", model.FormatURL, ""},
		{"linkedin.com/in/x", model.FormatURL, ""},
		{"a@b.example", model.FormatEmail, "mailto:a@b.example"},
		{"a@b.example?bcc=c@d.example", model.FormatEmail, ""},
		{"a@b.example,c@d.example", model.FormatEmail, ""},
		{"no address", model.FormatEmail, ""},
	}
	for _, c := range cases {
		if got := Link(c.value, c.format); got != c.want {
			t.Errorf("Link(%q) = %q, want %q", c.value, got, c.want)
		}
	}
}

func TestExactOnDemand(t *testing.T) {
	t.Parallel()
	var m Model
	m.SetSize(60, 60)
	m.Show(contact(t, ""), now())
	m.MoveToField(model.FieldCreated)
	if s := draw(&m, Look{Focused: true}); !strings.Contains(s, "2025-09-01T11:00:00Z") {
		t.Errorf("the exact time is not shown under the cursor:\n%s", s)
	}
}

func TestCursorStaysVisible(t *testing.T) {
	t.Parallel()
	var m Model
	m.SetSize(40, 6)
	m.Show(contact(t, ""), now())
	for range 20 {
		m.Move(1)
		if s := draw(&m, Look{Focused: true}); !strings.Contains(s, "▌") {
			t.Fatalf("the cursor is not visible:\n%s", s)
		}
	}
	m.Move(-100)
	if s := draw(&m, Look{Focused: true}); !strings.HasPrefix(s, "  Sarah Chen") {
		t.Errorf("the head does not come back:\n%s", s)
	}
}

func TestHiddenCharactersAreSaid(t *testing.T) {
	t.Parallel()
	var m Model
	m.SetSize(60, 40)
	m.Show(contact(t, "").With(model.FieldEmail, model.TextValue("a\u202eb@c.example")), now())
	if s := draw(&m, Look{}); !strings.Contains(s, "holds hidden characters") {
		t.Errorf("not said:\n%s", s)
	}
}

// A contact that is longer than the pane says how many fields are above and
// below, wherever the cursor is.
func TestMoreIsSaid(t *testing.T) {
	t.Parallel()
	dark, ascii := theme.Pick("dark", true), theme.Pick("ascii", true)
	c := contact(t, `,"address":"1 Main Street","state":"NY","zip":"10004","updated_at":"2026-02-20T16:45:00Z"`)
	all := len(rowsOf(c, now()))
	sign := regexp.MustCompile(`^  (?:▲ (\d+ )?more)?(?:   )?(?:▼ (\d+) more)? *$`)
	for h := 1; h < 40; h++ {
		var m Model
		m.SetSize(60, h)
		m.Show(c, now())
		for range all {
			lines := strings.Split(ansi.Strip(strings.Join(m.View(dark, Look{Focused: true}), "\n")), "\n")
			if len(lines) != h {
				t.Fatalf("%d lines, want %d", len(lines), h)
			}
			shown := 0
			for _, f := range model.FieldTable() {
				for _, l := range lines {
					if strings.HasPrefix(strings.TrimLeft(l, "▌ "), f.Label+"  ") {
						shown++
					}
				}
			}
			last := lines[h-1]
			switch found := sign.FindStringSubmatch(last); {
			case shown == all && strings.TrimSpace(last) == "▲ more": // the name
			case shown == all && strings.Contains(last, "more"):
				t.Errorf("height %d: everything is shown, and more is promised: %q", h, last)
			case shown < all && h >= signFrom:
				if found == nil {
					t.Fatalf("height %d: %q does not say how much more there is:\n%s", h, last, strings.Join(lines, "\n"))
				}
				above, _ := strconv.Atoi(strings.TrimSpace(found[1]))
				below, _ := strconv.Atoi(found[2])
				if above+below != all-shown {
					t.Errorf("height %d: %q, but %d of %d fields are shown:\n%s", h, last, shown, all, strings.Join(lines, "\n"))
				}
			case shown < all && h > 1 && !strings.ContainsAny(lines[0]+last, "▲▼"):
				t.Errorf("height %d: no sign of more:\n%s", h, strings.Join(lines, "\n"))
			}
			m.Move(1)
		}
	}
	var m Model
	m.SetSize(60, 12)
	m.Show(c, now())
	if s := ansi.Strip(strings.Join(m.View(ascii, Look{}), "\n")); !strings.Contains(s, "\n  v ") {
		t.Errorf("no ASCII sign:\n%s", s)
	}
	if m.RowAt(11, ascii, Look{}) {
		t.Error("the sign can be clicked as if it were a field")
	}
}

// What is edited is on the screen, however few lines there are.
func TestTheFirstFieldIsVisible(t *testing.T) {
	t.Parallel()
	for h := 1; h < 12; h++ {
		var m Model
		m.SetSize(40, h)
		m.Show(contact(t, ""), now())
		for range 3 {
			if s := draw(&m, Look{Focused: true, Editor: twoLines{}}); !strings.Contains(s, "▌") || !strings.Contains(s, "typed") {
				t.Errorf("height %d: the field is not visible:\n%s", h, s)
			}
			if x, y := m.EditorAt(theme.Pick("dark", true), Look{Focused: true, Editor: twoLines{}}); y < 0 || y >= h || x < 0 {
				t.Errorf("height %d: the editor is at %d,%d", h, x, y)
			}
			m.Move(1)
		}
	}
}

type twoLines struct{}

func (twoLines) Lines(int, int) []string { return []string{"typed", "hint"} }

// under is a field being edited, with some lines under it.
type under int

func (n under) Lines(int, int) []string {
	lines := []string{"typed"}
	for range int(n) {
		lines = append(lines, "said under it")
	}
	return lines
}

// What is said under a field that is edited covers no other field: those below
// go down, and do not come up again before the edit ends.
func TestEditingCoversNothing(t *testing.T) {
	t.Parallel()
	th := theme.Pick("dark", true)
	var m Model
	m.SetSize(45, 60)
	m.Show(contact(t, ""), now())
	m.MoveToField(model.FieldTitle)
	before := m.View(th, Look{Focused: true})
	at := slices.IndexFunc(before, func(l string) bool { return strings.Contains(l, "Senior Vice President") })
	most := 0
	for _, n := range []int{0, 1, 3, 2, 0} {
		most = max(most, n)
		after := m.View(th, Look{Focused: true, Editor: under(n)})
		if at < 0 || !strings.Contains(after[at], "typed") || !slices.Equal(after[:at], before[:at]) {
			t.Errorf("the field is not edited on line %d: %q", at, after)
		}
		if below := after[at+1+most:]; !slices.Equal(below, before[at+1:len(before)-most]) {
			t.Errorf("%d lines under the field: below it stand\n%s", n, ansi.Strip(strings.Join(below, "\n")))
		}
	}
	if after := m.View(th, Look{Focused: true}); !slices.Equal(after, before) {
		t.Error("the rows do not come back after the edit")
	}
}

// The empty fields of a group share one line, and a group of them alone is that
// line. They can be reached all the same.
func TestEmptyFieldsFold(t *testing.T) {
	t.Parallel()
	var m Model
	m.SetSize(60, 60)
	c := model.NewContact(7, map[model.FieldID]model.Value{model.FieldFirstName: model.TextValue("Ann"),
		model.FieldCity: model.TextValue("Reno")})
	m.Show(c, now())
	s := draw(&m, Look{})
	for _, want := range []string{"Not set       street, state, ZIP", "\n  Reach         no email, LinkedIn"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
	m.MoveToField(model.FieldCity)
	m.Move(1)
	if r, _ := m.Row(); !r.Folded() {
		t.Fatalf("below the city is %+v", r)
	}
	m.Unfold()
	if r, _ := m.Row(); r.Field != model.FieldAddress || !strings.Contains(draw(&m, Look{}), "ZIP           –") {
		t.Errorf("unfolded: %+v\n%s", r, draw(&m, Look{}))
	}
	m.MoveToField(model.FieldLinkedIn) // as its letter does
	if r, _ := m.Row(); r.Field != model.FieldLinkedIn || r.Folded() {
		t.Errorf("LinkedIn is not shown: %+v", r)
	}
	m.Show(model.NewContact(8, map[model.FieldID]model.Value{model.FieldFirstName: model.TextValue("Bo")}), now())
	if r, _ := m.Row(); !r.Folded() {
		t.Errorf("the next contact is shown with %+v", r)
	}
	m.Show(contact(t, ""), now())
	if r, _ := m.Row(); r.Field != model.FieldLinkedIn {
		t.Errorf("the cursor lost its field: %+v", r)
	}
}

// X14: of values and fields without end only so much is looked at as can be
// drawn, and what is left out is said.
func TestHugeContacts(t *testing.T) {
	t.Parallel()
	raw := map[string]any{"id": 1, "title": strings.Repeat("ab é", 25_000), "linkedin_url": "https://x.example/" + strings.Repeat("a", 5000)}
	for i := range 900 {
		raw["m"+strconv.Itoa(i)] = "v"
	}
	raw["a"] = strings.Repeat("x", 90_000)
	body, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	var c model.Contact
	if err := json.Unmarshal(body, &c); err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(c, time.Now())
	if len(rows) > 300 {
		t.Errorf("%d rows", len(rows))
	}
	for _, r := range rows {
		if len(r.value) > mostDrawn || r.link != "" {
			t.Errorf("%s: %d bytes are looked at, link %q", r.label, len(r.value), r.link)
		}
	}
	var m Model
	m.SetSize(60, 400)
	m.Show(c, time.Now())
	all := ansi.Strip(strings.Join(m.View(theme.Pick("dark", true), Look{}), "\n"))
	for _, want := range []string{"whole: 125,000 bytes", "whole: 90,002 bytes", "701 more fields are not shown"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}
