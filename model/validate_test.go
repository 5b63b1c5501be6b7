package model

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 101)
	for _, c := range []struct {
		field FieldID
		typed string
		want  Severity
		part  string
	}{
		// Refused: only what the documents refuse.
		{FieldType, "lender_contact", Fine, ""},
		{FieldType, " sponsor ", Fine, ""},
		{FieldType, "", Fine, ""},
		{FieldType, "broker", Refused, "lender_contact or sponsor"},
		{FieldType, "Sponsor", Refused, "lender_contact or sponsor"},
		// Everything else is a warning at most.
		{FieldEmail, "", Fine, ""},
		{FieldEmail, "schen@meridiancapital.com", Fine, ""},
		{FieldEmail, "  schen@meridiancapital.com  ", Fine, ""},
		{FieldEmail, "o'brien+crm@a-b.co.uk", Fine, ""},
		{FieldEmail, "schen", Warning, "e-mail"},
		{FieldEmail, "schen@", Warning, "e-mail"},
		{FieldEmail, "@x.com", Warning, "e-mail"},
		{FieldEmail, "a b@x.com", Warning, "e-mail"},
		{FieldEmail, "Sarah <schen@x.com>", Warning, "e-mail"},
		{FieldEmail, "a@x.com, b@x.com", Warning, "e-mail"},
		{FieldEmail, "schen@localhost", Warning, "no dot"},
		{FieldEmail, strings.Repeat("a", 250) + "@x.com", Warning, "long"},
		{FieldLinkedIn, "https://linkedin.com/in/x", Fine, ""},
		{FieldLinkedIn, "http://linkedin.com/in/x", Fine, ""},
		{FieldLinkedIn, "linkedin.com/in/x", Warning, "https://"},
		{FieldLinkedIn, "https://", Warning, "https://"},
		{FieldLinkedIn, "ftp://x.com", Warning, "https://"},
		{FieldLinkedIn, "javascript:alert(1)", Warning, "https://"},
		{FieldLinkedIn, "https://x.com/%zz", Warning, "https://"},
		{FieldState, "NY", Fine, ""},
		{FieldState, "DC", Fine, ""},
		{FieldState, "PR", Fine, ""},
		{FieldState, "XX", Warning, "state"},
		{FieldState, "New York", Warning, "state"},
		{FieldState, "N", Warning, "state"},
		{FieldState, "Y A", Warning, "state"},
		{FieldZip, "10004", Fine, ""},
		{FieldZip, "10004-1234", Fine, ""},
		{FieldZip, "1000", Warning, "ZIP"},
		{FieldZip, "100045", Warning, "ZIP"},
		{FieldZip, "10004-", Warning, "ZIP"},
		{FieldZip, "SW1A 1AA", Warning, "ZIP"},
		{FieldFirstName, long[:200], Fine, ""}, // a hundred letters
		{FieldFirstName, long, Warning, "long"},
		{FieldTitle, long, Fine, ""},
		{FieldPrimary, "yes", Fine, ""},
	} {
		got := c.field.Def().Check(c.typed)
		if got.Severity != c.want || !strings.Contains(got.Text, c.part) || (got.Text == "") != (c.want == Fine) {
			t.Errorf("%s %q: %d %q, want %d %q", c.field.Name(), c.typed, got.Severity, got.Text, c.want, c.part)
		}
	}
}

func TestCheckCreate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field FieldID
		typed string
		want  Severity
	}{
		{FieldType, "", Refused},
		{FieldType, "  ", Refused},
		{FieldType, "broker", Refused},
		{FieldType, "sponsor", Fine},
		{FieldEmail, "", Fine},
		{FieldEmail, "x", Warning},
	} {
		if got := c.field.Def().CheckCreate(c.typed); got.Severity != c.want {
			t.Errorf("%s %q: %+v, want %d", c.field.Name(), c.typed, got, c.want)
		}
	}
}
