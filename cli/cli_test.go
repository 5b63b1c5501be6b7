package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	failed := func(kind model.ErrorKind) error { return fmt.Errorf("list: %w", &model.Error{Kind: kind}) }
	for want, errs := range map[int][]error{
		0:   {nil},
		1:   {errors.New("x"), failed(model.KindProtocol), failed(model.KindConflict), failed(model.KindValidation), failed(model.KindBadRequest)},
		2:   {usagef("x"), config.Problems{{Message: "x"}}, needsTerminal{}},
		3:   {silent(exitPartly)},
		4:   {fmt.Errorf("x: %w", config.ErrNoKey), notAllowed{errors.New("x")}, failed(model.KindUnauthorized), failed(model.KindForbidden), failed(model.KindPayment), failed(model.KindRefused)},
		5:   {failed(model.KindNotFound)},
		6:   {failed(model.KindRateLimited), failed(model.KindUnavailable), failed(model.KindNetwork)},
		130: {context.Canceled, failed(model.KindCanceled)},
	} {
		for _, err := range errs {
			if got := exitCode(err); got != want {
				t.Errorf("%v has exit code %d, want %d", err, got, want)
			}
		}
	}
}

// What the service says about an error is told whole, and cannot drive the
// terminal it is told on.
func TestReportTellsEverything(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	a := &App{Err: &out}
	a.report(&model.Error{Kind: model.KindValidation, Op: "save contact 78", Status: 422, Type: "validation_error", Message: "no\x1b[31m good",
		Fields: map[string]string{"email": "taken", "odd": "strange"}, UpgradeURL: "https://lev.com/plans", RequestID: "r-1"})
	want := `levcontacts: The service refused a value
  save contact 78: no good (422 validation_error)
  email: taken
  odd: strange
  what to do: change the value and run the command again
  see https://lev.com/plans
  request r-1
`
	if out.String() != want {
		t.Errorf("it says\n%s\nwant\n%s", out.String(), want)
	}
}

// Limits that the service does not name are those published for its tier.
func TestStatusTellsTheLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		s    standing
		want string
	}{
		{standing{Limit: 100, Each: 20, Tier: "standard"}, "100 requests a minute, 20 for each endpoint"},
		{standing{Tier: "free"}, "30 requests a minute, 10 for each endpoint, as published for the tier free"},
		{standing{Tier: "enterprise", Limit: 400}, "400 requests a minute; 60 for each endpoint, as published for the tier enterprise"},
		{standing{Tier: "free", Each: 8}, "30 requests a minute, as published for the tier free; 8 for each endpoint"},
		{standing{Each: 8}, "8 requests a minute for each endpoint"},
		{standing{Tier: "unlimited"}, "none"},
		{standing{Limit: 50, Tier: "other"}, "50 requests a minute"},
		{standing{Tier: "other"}, "the service does not say"},
		{standing{}, "the service does not say"},
	} {
		got := ""
		for _, row := range test.s.table() {
			if row[0] == "Limits" {
				got = row[1]
			}
		}
		if got != test.want {
			t.Errorf("the limits are %q, want %q", got, test.want)
		}
	}
}

func TestEscaperChangesNothingThatJSONMeans(t *testing.T) {
	t.Parallel()
	text := "{\"a\":\"ünïcödé 日本語 \u009b31m \u202e \U000e0001 \u200b\"}\n"
	for _, size := range []int{1, 2, 3, 7, 1000} {
		var out bytes.Buffer
		e := &escaper{w: &out}
		for rest := []byte(text); len(rest) > 0; {
			n := min(size, len(rest))
			if _, err := e.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		want := "{\"a\":\"ünïcödé 日本語 \\u009b31m \\u202e \\udb40\\udc01 \\u200b\"}\n"
		if out.String() != want {
			t.Errorf("in pieces of %d bytes it is %q, want %q", size, out.String(), want)
		}
	}
}

func person(id int64, name, title string) model.Contact {
	return model.NewContact(id, map[model.FieldID]model.Value{
		model.FieldFirstName: model.TextValue(name), model.FieldTitle: model.TextValue(title), model.FieldPrimary: model.BoolValue(true),
	})
}

func TestTableFitsTheTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	a := &App{Width: 40}
	p := a.newPrinter(&out, listing{format: formatTable, fields: nil}, true)
	for i := range 300 {
		if err := p.print(person(int64(i+1), "日本語\x1b]0;x\a", strings.Repeat("long ", 20))); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.end(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 301 {
		t.Fatalf("%d lines, want a heading and 300 rows", len(lines))
	}
	for _, line := range lines {
		if strings.ContainsAny(line, "\x1b\a") || plain.Width(line) > 40 {
			t.Fatalf("a row is %q", line)
		}
	}
}

func TestParseRows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		rows       int
		ignored    string
		problem    string
	}{
		{"csv", "contact_type,First name,email\nsponsor,Ada,a@b.c\n", 1, "", ""},
		{"byte order mark", "\xef\xbb\xbfcontact_type\nsponsor\n", 1, "", ""},
		{"semicolons", "contact_type;title\nsponsor;\"A, B\"\n", 1, "", ""},
		{"tabs", "contact_type\ttitle\nsponsor\tVP\n", 1, "", ""},
		{"read-only", "contact_type,updated_at,id\nsponsor,2026-01-01,\n", 1, "updated_at", ""},
		{"json array", `[{"contact_type":"sponsor"},{"contact_type":"sponsor"}]`, 2, "", ""},
		{"json lines", "{\"contact_type\":\"sponsor\"}\n{\"last_name\":\"X\"}\n", 2, "", ""},
		{"empty", " \n", 0, "", "empty"},
		{"unknown column", "height\n3\n", 0, "", `"height"`},
		{"twice", "title,Title\na,b\n", 0, "", "two columns are title"},
		{"ragged", "title,city\na\n", 0, "", "wrong number of fields"},
		{"broken json", `[{"title":`, 0, "", "row 1"},
		{"cut off", `[{"title":"x"}`, 1, "", "after row 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			file, err := parseRows([]byte(test.file), "auto", mapping{})
			for _, r := range file.rows {
				if err == nil && len(r.wrong) > 0 {
					err = errors.New(strings.Join(r.wrong, "; "))
				}
			}
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) {
					t.Fatalf("the error is %v, want one with %q", err, test.problem)
				}
				return
			}
			if err != nil || len(file.rows) != test.rows || strings.Join(file.ignored(), ",") != test.ignored {
				t.Errorf("%d rows, ignored %q, error %v", len(file.rows), file.ignored(), err)
			}
		})
	}
	file, _ := parseRows([]byte("contact_type;title\nlender;\"A, B\"\n"), "auto", mapping{})
	if d := file.rows[0].draft; d[model.FieldTitle] != "A, B" || d[model.FieldType] != model.TypeLender {
		t.Errorf("the row is %v", d)
	}
}

func TestGivenJSON(t *testing.T) {
	t.Parallel()
	for body, problem := range map[string]string{
		`{"title":"VP","email":null,"is_primary":true,"phones":[],"company_id":5,"id":7}`: "", `{"phones":"1"}`: "phones is a list of phones",
		`[]`: "not a JSON object", `{"title":3}`: "title is text or null", `{"is_primary":"yes"}`: "is_primary is true or false",
		`{"is_primary":null}`: "cannot be emptied", `{} {}`: "more than one", `{"title":"a"`: "not a JSON object",
	} {
		g := newGiven()
		g.addJSON([]byte(body))
		if problem != "" {
			if !strings.Contains(strings.Join(g.wrong, "; "), problem) {
				t.Errorf("%s: it is wrong for %q, want %q", body, g.wrong, problem)
			}
			continue
		}
		if len(g.wrong) > 0 || g.draft[model.FieldTitle] != "VP" || g.draft[model.FieldPrimary] != "true" || len(g.extra) != 1 || len(g.readOnly) != 1 {
			t.Errorf("%s: %+v", body, g)
		}
		if text, emptied := g.draft[model.FieldEmail]; !emptied || text != "" {
			t.Error("null does not empty a field")
		}
	}
}

func TestParseSince(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 15, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"": {}, "24h": now.Add(-24 * time.Hour), "7d": now.AddDate(0, 0, -7), "2w": now.AddDate(0, 0, -14), "2026-03-01": time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		"2026-03-01T10:00:00Z": time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC),
	} {
		if got, err := parseSince(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, error %v", text, got, err)
		}
	}
	if _, err := parseSince("last week", now); err == nil {
		t.Error("last week is a moment")
	}
}
