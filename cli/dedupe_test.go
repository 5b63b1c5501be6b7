package cli

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// A row keeps its idempotency key wherever it stands, and equal rows have
// different ones.
func TestImportKeysAreThoseOfTheContent(t *testing.T) {
	t.Parallel()
	one := row{given: given{draft: model.Draft{model.FieldType: "sponsor", model.FieldLastName: "One"}}}
	two := row{given: given{draft: model.Draft{model.FieldType: "sponsor", model.FieldLastName: "Two"}}}
	more := row{given: given{draft: one.draft, extra: map[string]json.RawMessage{"company_id": json.RawMessage("12")}}}
	keys := func(rows ...row) (out []string) {
		d, err := newDedupe(nil, time.Time{}, false)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			result, key, err := d.look(r, outcome{Row: i + 1, Result: rowWould})
			if err != nil || result.Result != rowWould {
				t.Fatalf("row %d is %+v, error %v", i+1, result, err)
			}
			out = append(out, key)
		}
		return out
	}
	a, b := keys(one, two, one, more), keys(more, two, one, one)
	if a[0] != b[2] || a[1] != b[1] || a[2] != b[3] || a[3] != b[0] {
		t.Errorf("the keys %v and %v do not belong to the content", a, b)
	}
	seen := map[string]bool{}
	for _, key := range a {
		seen[key] = true
	}
	if len(seen) != len(a) {
		t.Errorf("of %v two are equal", a)
	}
}

// What was created long ago may be created again.
func TestImportForgets(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 15, 0, 0, 0, time.UTC)
	r := row{given: given{draft: model.Draft{model.FieldType: "sponsor", model.FieldEmail: "a@b.com"}}}
	for _, test := range []struct {
		kind   string
		result work.Result
		ago    time.Duration
		want   string
	}{
		{"create", work.Done, 29 * 24 * time.Hour, rowExists},
		{"create", work.Done, 31 * 24 * time.Hour, rowWould},
		{"create", work.Failed, time.Hour, rowWould},
		{"update", work.Done, time.Hour, rowWould},
	} {
		e := work.Entry{Kind: work.EntryKind(test.kind), Result: test.result, Started: now.Add(-test.ago), ContactID: 7, Key: "k",
			Changes: []model.Change{{Field: model.FieldEmail, After: model.TextValue("A@b.com")}}}
		d, err := newDedupe([]work.Entry{e}, now, false)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := d.look(r, outcome{Row: 1, Result: rowWould})
		if err != nil || out.Result != test.want {
			t.Errorf("after %s, %s %s ago, the row is %q, want %q, error %v", test.kind, test.result, test.ago, out.Result, test.want, err)
		}
	}
}
