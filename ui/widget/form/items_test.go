package form

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
)

// three is Sarah with three phones, as a later service has them.
func three() model.Contact {
	return sarah().WithExtra("phones", `[{"id":"a","type":"office","raw":"(212) 555-0193","country":"US"},
		{"id":"b","type":"mobile","raw":"917-555-0101","country":"US","extension":null},
		{"id":"c","type":"fax","raw":"020 7946 0958","country":"GB"}]`)
}

// body is the JSON that the form would send.
func body(t *testing.T, f *Form) string {
	t.Helper()
	b, err := f.Patch().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func pressAlt(f *Form, code rune) *Form {
	give(f, tea.KeyPressMsg{Code: code, Mod: tea.ModAlt})
	return f
}

const (
	officeJSON = `{"type":"office","raw":"(212) 555-0193","country":"US"}`
	mobileJSON = `{"type":"mobile","raw":"917-555-0101","country":"US"}`
	faxJSON    = `{"type":"fax","raw":"020 7946 0958","country":"GB"}`
)

// Every change of a list from the keyboard, and the exact JSON that it sends.
func TestPhonesAreEditedRowByRow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(*Form)
		want string
	}{
		{"nothing", func(*Form) {}, `{}`},
		{"one added", func(f *Form) { press(f, "down", "down", "down"); typing(f, "646 555 0100") },
			`{"phones":[` + officeJSON + `,` + mobileJSON + `,` + faxJSON + `,{"type":"mobile","raw":"646 555 0100"}]}`},
		{"one added with its type", func(f *Form) {
			press(f, "up", "down", "down", "down", "down")
			typing(f,
				"fax: 646 555 0100 x4")
		},
			`{"phones":[` + officeJSON + `,` + mobileJSON + `,` + faxJSON +
				`,{"type":"fax","raw":"646 555 0100","extension":"4"}]}`},
		{"one changed", func(f *Form) { press(f, "ctrl+x"); typing(f, "+1 646 555 0100") },
			`{"phones":[{"type":"office","raw":"+1 646 555 0100"},` + mobileJSON + `,` + faxJSON + `]}`},
		{"one removed", func(f *Form) { press(f, "down", "ctrl+x") }, `{"phones":[` + officeJSON + `,` + faxJSON + `]}`},
		{"removed and brought back", func(f *Form) { press(f, "down", "ctrl+x", "ctrl+x") }, `{}`},
		{"another type", func(f *Form) { press(f, "ctrl+t") },
			`{"phones":[{"type":"mobile","raw":"(212) 555-0193"},` + mobileJSON + `,` + faxJSON + `]}`},
		{"another type taken back", func(f *Form) { press(f, "ctrl+t", "ctrl+r") }, `{}`},
		{"moved down", func(f *Form) { pressAlt(f, tea.KeyDown) }, `{"phones":[` + mobileJSON + `,` + officeJSON + `,` +
			faxJSON + `]}`},
		{"moved up again", func(f *Form) { pressAlt(pressAlt(f, tea.KeyDown), tea.KeyUp) }, `{}`},
		{"all removed", func(f *Form) { press(f, "ctrl+x", "down", "ctrl+x", "down", "ctrl+x") }, `{"phones":[]}`},
		{"another country", func(f *Form) { press(f, "down", "ctrl+x"); typing(f, "gb: 020 7946 0999") },
			`{"phones":[` + officeJSON + `,{"type":"mobile","raw":"020 7946 0999","country":"GB"},` + faxJSON + `]}`},
		{"several pasted", func(f *Form) {
			press(f, "down", "down", "down")
			give(f, tea.PasteMsg{Content: "office: 646 555 0100\nfax: 646 555 0101\n"})
		}, `{"phones":[` + officeJSON + `,` + mobileJSON + `,` + faxJSON +
			`,{"type":"office","raw":"646 555 0100"},{"type":"fax","raw":"646 555 0101"}]}`},
	} {
		for _, mode := range []Mode{Edit, Single} {
			f := New(Options{Base: three(), Mode: mode, Field: model.FieldPhones, Theme: dark(), Keys: editing(three(),
				nil).o.Keys})
			c.do(focused(sized(f, 60, 34), model.FieldPhones))
			if got := body(t, f); got != c.want {
				t.Errorf("%s, mode %d: %s\nwant %s", c.name, mode, got, c.want)
			}
			again := New(Options{Base: three(), Mode: mode, Field: model.FieldPhones, Draft: f.Draft(), Theme: dark(),
				Keys: f.o.Keys})
			if got := body(t, again); got != c.want {
				t.Errorf("%s, mode %d: opened again from the draft %q: %s", c.name, mode, f.Draft(), got)
			}
		}
	}
}

// What a number becomes stands under its row while it is typed, and that it is
// none when the row is left. It is never refused here.
func TestPhonesSayWhatTheyBecome(t *testing.T) {
	t.Parallel()
	f := focused(wide(editing(three(), nil)), model.FieldPhones)
	see(t, f, "Phones       Office  (212) 555-0193", "becomes +1 212 555 0193", "Fax     GB: 020 7946 0958",
		"add a number")
	press(f, "ctrl+x")
	see(t, f, "removed · ctrl+r restores it")
	typing(f, "call the desk")
	see(t, f, "no phone number yet")
	press(f, "down")
	see(t, f, "not a phone number; the service may refuse it")
	if _, intent := press(f, "ctrl+s"); intent != SaveAsked || len(f.Refusals()) > 0 {
		t.Errorf("a number that only the service refuses stops the save: %v", f.Refusals())
	}
}

// A refusal of the service stands at the row of the number that it is about, also
// when the row before it was removed.
func TestPhonesAreRefusedAtTheirRow(t *testing.T) {
	t.Parallel()
	f := focused(wide(editing(three(), nil)), model.FieldPhones)
	press(f, "ctrl+x", "down", "down", "down")
	typing(f, "12")
	press(f, "up", "up", "up")
	f.Refuse(&model.Error{Kind: model.KindValidation, Status: 422, RequestID: "r-1",
		Fields: map[string]string{"phones": "phones[2].raw is not a phone number"}})
	if p, _ := f.rows[f.at].phone(); p.Raw != "12" {
		t.Errorf("the cursor is at %+v", p)
	}
	at := 0
	shown := screenText(f.View())
	for _, want := range []string{"(removed)", "917-555-0101", "020 7946 0958", "12 ", "the number is not a phone number",
		"request r-1", "add a number"} {
		i := strings.Index(shown[at:], want)
		if i < 0 {
			t.Fatalf("no %q behind the others in\n%s", want, shown)
		}
		at += i
	}
}

// The cursor is on the line of its number also when something is said under one
// above it.
func TestTheCursorOfAListInPlace(t *testing.T) {
	t.Parallel()
	f := New(Options{Base: three(), Mode: Single, Field: model.FieldPhones, Theme: dark(), Keys: editing(three(),
		nil).o.Keys})
	f.Refuse(&model.Error{Kind: model.KindValidation, Status: 422, RequestID: "r-1",
		Fields: map[string]string{"phones": "phones[0].raw is not a phone number"}})
	press(f, "down", "down")
	lines := f.Lines(50, 60)
	if c := f.Cursor(); c == nil || !strings.Contains(lines[c.Y], "020 7946 0958") ||
		c.X != leadWidth+len("GB: 020 7946 0958") {
		t.Errorf("the cursor is at %+v of\n%s", c, screenText(lines))
	}
}

// A key that can do nothing at a row says why.
func TestKeysOfListsSayWhyNot(t *testing.T) {
	t.Parallel()
	f := focused(wide(editing(three(), nil)), model.FieldPhones)
	see(t, pressAlt(f, tea.KeyUp), "it is the first number")
	press(f, "down", "down")
	see(t, pressAlt(f, tea.KeyDown), "it is the last number")
	press(f, "down")
	see(t, pressAlt(f, tea.KeyUp), "type a number first")
	see(t, pressAlt(focused(f, model.FieldTitle), tea.KeyUp), "only the numbers of one contact can be moved")
	press(f, "ctrl+t")
	see(t, f, "only a phone number has a type")
}

// A bulk edit adds to one type, replaces it, or removes it.
func TestPhonesInABulkEdit(t *testing.T) {
	t.Parallel()
	bulk := func(d model.Draft) *Form {
		f := New(Options{Title: "Edit 12 contacts", Mode: Bulk, Later: true, Draft: d, Theme: dark(), Keys: editing(three(),
			nil).o.Keys})
		return focused(wide(f), model.FieldPhones)
	}
	f := bulk(nil)
	see(t, f, "Office  (no change)", "Mobile  (no change)", "Fax     (no change)")
	typing(f, "646 555 0100")
	see(t, f, "becomes +1 646 555 0100 · added to every contact")
	press(f, "down", "ctrl+t", "ctrl+t")
	typing(f, "917 555 0199")
	see(t, f, "replaces the mobile numbers")
	press(f, "down", "ctrl+x")
	see(t, f, "(all removed)", "every fax number is removed")
	want := "add office: 646 555 0100\nset mobile: 917 555 0199\nremove fax"
	if got := f.Draft()[model.FieldPhones]; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := bulk(f.Draft()).Draft()[model.FieldPhones]; got != want {
		t.Errorf("opened again: %q", got)
	}
	b, err := model.Diff(three(), f.Draft()).MarshalJSON()
	if want := `{"phones":[` + officeJSON +
		`,{"type":"mobile","raw":"917 555 0199"},{"type":"office","raw":"646 555 0100"}]}`; err != nil || string(b) != want {
		t.Errorf("%s, %v, want %s", b, err, want)
	}
	press(f, "ctrl+t")
	if got := f.Draft()[model.FieldPhones]; strings.Contains(got, "fax") {
		t.Errorf("no change is %q", got)
	}
}

// A preview and a conflict show a list number by number.
func TestPhonesInPreviewAndConflict(t *testing.T) {
	t.Parallel()
	f := focused(wide(editing(three(), nil)), model.FieldPhones)
	press(f, "ctrl+x")
	typing(f, "646 555 0100")
	press(f, "down", "ctrl+x")
	p := NewPreview(PreviewOptions{Title: "Sarah Chen", Patch: f.Patch(), Keys: f.o.Keys})
	for _, want := range []string{"Mobile (917) 555-0101   →  (removed)",
		"Office (212) 555-0193   →  Office (646) 555-0100"} {
		if s := screenText(p.View(90, 20, dark())); !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
	theirs := three().With(model.FieldPhones,
		model.PhonesValue(model.ParsePhoneLines("office: 332 555 0100\nfax: 332 555 0101")))
	rest, conflicts := model.Merge(f.Patch(), theirs)
	c := NewConflictView(ConflictOptions{Title: "Sarah Chen", Conflicts: conflicts, Rest: rest, Keys: f.o.Keys})
	for _, want := range []string{"theirs", "Office  (332) 555-0100", "Fax     (332) 555-0101", "Mobile  (917) 555-0101",
		"Office  (646) 555-0100"} {
		if s := view(c); !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
	press(c, "m")
	b, err := c.Patch().MarshalJSON()
	if want := `{"phones":[{"type":"office","raw":"646 555 0100"},` + faxJSON + `]}`; err != nil || string(b) != want {
		t.Errorf("%s, %v, want %s", b, err, want)
	}
}

// The other later fields are there when the service has them, and only then.
func TestLaterFieldsOfAForm(t *testing.T) {
	t.Parallel()
	if s := screenText(editing(sarah(), nil).View()); strings.Contains(s, "Phones") || strings.Contains(s, "Street 2") {
		t.Errorf("a contact of March 2026 has fields of later\n%s", s)
	}
	c := three().WithExtra("contact_types", `["lender_contact"]`)
	f := focused(wide(editing(c, nil)), model.FieldTypes)
	see(t, f, "All types    < lender >", "Street 2", "Photo URL")
	press(f, "right", "right")
	see(t, f, "lender, sponsor")
	press(focused(f, model.FieldAddress2))
	typing(f, "Floor 18")
	if got, want := body(t, f), `{"address2":"Floor 18","contact_types":["lender_contact","sponsor"]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	f.SetFixed([]model.FieldID{model.FieldEmail})
	see(t, focused(f, model.FieldEmail), "this service does not change an e-mail address")
}

func wide(f *Form) *Form { return sized(f, 90, 40) }

func see(t *testing.T, f *Form, words ...string) {
	t.Helper()
	shown := screenText(f.View())
	for _, w := range words {
		if !strings.Contains(shown, w) {
			t.Errorf("no %q in\n%s", w, shown)
		}
	}
}
