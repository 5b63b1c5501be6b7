package plain

import "testing"

func TestFormulasAreGuarded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                    "",
		"'":                   "'",
		"VP, Debt":            "VP, Debt",
		"a=b":                 "a=b",
		"=1+1":                "'=1+1",
		`=HYPERLINK("x","y")`: `'=HYPERLINK("x","y")`,
		"@SUM(1)":             "'@SUM(1)",
		"+cmd|' /C calc'!A0":  "'+cmd|' /C calc'!A0",
		"-2+3+cmd|' /C x'!A0": "'-2+3+cmd|' /C x'!A0",
		"-A1":                 "'-A1",
		"\t=1":                "'\t=1",
		"\r=1":                "\r'=1",
		"\n=1":                "\n'=1",
		// X22: where semicolons separate, these parts begin cells and lines.
		"x;=1+1;y":              "x;'=1+1;y",
		"x\n=1+1":               "x\n'=1+1",
		"x\r\n@a;'=b":           "x\r\n'@a;''=b",
		"x;-1;'t":               "x;-1;'t",
		"=a;=b":                 "'=a;'=b",
		";":                     ";",
		"a;+1 212 x":            "a;'+1 212 x",
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
		if got := Guarded(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		if got := Unguarded(want); got != text {
			t.Errorf("%q comes back as %q, want %q", want, got, text)
		}
	}
}
