package cli

import (
	"bytes"
	"encoding/csv"
	"testing"

	"levcontacts/model"
)

func TestFormulasAreGuarded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                      "",
		"'":                     "'",
		"VP, Debt":              "VP, Debt",
		"a=b":                   "a=b",
		"=1+1":                  "'=1+1",
		`=HYPERLINK("x","y")`:   `'=HYPERLINK("x","y")`,
		"@SUM(1)":               "'@SUM(1)",
		"+cmd|' /C calc'!A0":    "'+cmd|' /C calc'!A0",
		"-2+3+cmd|' /C x'!A0":   "'-2+3+cmd|' /C x'!A0",
		"-A1":                   "'-A1",
		"\t=1":                  "'\t=1",
		"\r=1":                  "'\r=1",
		"\n=1":                  "'\n=1",
		"＝1＋1":                  "'＝1＋1",
		"-5":                    "-5",
		"-1,234.50":             "-1,234.50",
		"+1 (212) 555-0100":     "+1 (212) 555-0100",
		"+12125550100":          "+12125550100",
		"+1 212 555 0100 x12":   "'+1 212 555 0100 x12",
		"-":                     "-",
		"'=1+1":                 "''=1+1",
		"''=1+1":                "'''=1+1",
		"'t Hart":               "'t Hart",
		"'+1 212":               "'+1 212",
		"\xff=1":                "\xff=1",
		" =1 with a blank fore": " =1 with a blank fore",
	} {
		if got := guarded(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if got := unguarded(want); got != text {
			t.Errorf("%q comes back as %q, want %q", want, got, text)
		}
	}
}

// What is exported as CSV and imported again is what it was.
func TestGuardedValuesComeBack(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"=1+1", "'=1+1", "@home", "+1 212 555-0100", "VP", "-x", "'t"} {
		var out bytes.Buffer
		p := (&App{}).newPrinter(&out, formatCSV, []string{"contact_type", "title"}, false)
		c := model.NewContact(1, map[model.FieldID]model.Value{model.FieldType: model.TextValue("sponsor"), model.FieldTitle: model.TextValue(title)})
		if err := p.print(c); err != nil {
			t.Fatal(err)
		}
		if err := p.end(); err != nil {
			t.Fatal(err)
		}
		table, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
		if err != nil || table[1][1] != guarded(title) {
			t.Errorf("%q is exported as %q, error %v", title, table, err)
		}
		rows, _, err := parseRows(out.Bytes())
		if err != nil || len(rows) != 1 || rows[0].draft[model.FieldTitle] != title {
			t.Errorf("%q comes back as %+v, error %v", title, rows, err)
		}
	}
	// Tab-separated values are not guarded, so nothing is taken off them.
	rows, _, err := parseRows([]byte("contact_type\ttitle\nsponsor\t'=1\n"))
	if err != nil || rows[0].draft[model.FieldTitle] != "'=1" {
		t.Errorf("of a tab-separated file: %+v, error %v", rows, err)
	}
}
