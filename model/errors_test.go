package model

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// kinds are all of them, by name.
func kinds() map[ErrorKind]string {
	return map[ErrorKind]string{
		KindUnknown: "unknown", KindBadRequest: "bad_request", KindUnauthorized: "unauthorized", KindPayment: "payment",
		KindForbidden: "forbidden", KindNotFound: "not_found", KindConflict: "conflict", KindValidation: "validation",
		KindRateLimited: "rate_limited", KindUnavailable: "unavailable", KindNetwork: "network", KindProtocol: "protocol",
		KindRefused: "refused", KindCanceled: "canceled",
	}
}

func TestErrorKinds(t *testing.T) {
	t.Parallel()
	headlines := map[string]ErrorKind{}
	for k, name := range kinds() {
		e := &Error{Kind: k}
		if k.String() != name || e.Error() != name {
			t.Errorf("kind %d is %q and says %q, want %q", k, k, e, name)
		}
		if e.Headline() == "" || e.Advice() == "" {
			t.Errorf("%s: headline %q, advice %q", k, e.Headline(), e.Advice())
		}
		if other, ok := headlines[e.Headline()]; ok {
			t.Errorf("%s and %s have one headline", k, other)
		}
		headlines[e.Headline()] = k
	}
}

// The same answer means another thing for another request.
func TestErrorsOfTheWholeList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		e              Error
		headline, next string
	}{
		{Error{Kind: KindNotFound, Op: "list contacts"}, "This address has no contacts service", "check the base URL"},
		{Error{Kind: KindNotFound, Op: "get contact 78"}, "Not found, or not visible to this key", "refresh the list"},
		{Error{Kind: KindForbidden, Method: "GET"}, "The key is not allowed to do this", "read access"},
		{Error{Kind: KindForbidden, Method: "PATCH"}, "The key is not allowed to do this", "write access"},
	} {
		if c.e.Headline() != c.headline || !strings.Contains(c.e.Advice(), c.next) {
			t.Errorf("%s %s: %s, %s", c.e.Op, c.e.Method, c.e.Headline(), c.e.Advice())
		}
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		e    Error
		want string
	}{
		{Error{Kind: KindNotFound, Op: "load contact 78", Status: 404, Type: "not_found", Message: "Contact not found", RequestID: "7c0e"},
			"load contact 78: Contact not found (404 not_found) request 7c0e"},
		{Error{Kind: KindUnavailable, Status: 503}, "unavailable (503)"},
		{Error{Kind: KindNetwork, Op: "list contacts", Cause: io.ErrUnexpectedEOF}, "list contacts: unexpected EOF"},
		{Error{Kind: KindNetwork, Message: "no answer", Cause: io.EOF}, "no answer"},
		{Error{}, "unknown"},
	} {
		if got := c.e.Error(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestErrorWrapping(t *testing.T) {
	t.Parallel()
	inner := &Error{Kind: KindConflict, Cause: io.EOF}
	wrapped := fmt.Errorf("saving: %w", inner)
	if KindOf(wrapped) != KindConflict || KindOf(io.EOF) != KindUnknown || KindOf(nil) != KindUnknown {
		t.Errorf("kinds %s %s %s", KindOf(wrapped), KindOf(io.EOF), KindOf(nil))
	}
	if !errors.Is(wrapped, io.EOF) {
		t.Error("the cause is lost")
	}
	if AsError("x", wrapped) != inner {
		t.Error("the error inside is not found")
	}
	if e := AsError("export", io.EOF); e.Kind != KindUnknown || e.Op != "export" || e.Message != "EOF" || !errors.Is(e, io.EOF) {
		t.Errorf("made %+v", e)
	}
}

func TestUnsure(t *testing.T) {
	t.Parallel()
	unsure := map[ErrorKind]bool{KindNetwork: true, KindProtocol: true, KindUnavailable: true, KindCanceled: true}
	for k := range kinds() {
		if got := (&Error{Kind: k}).Unsure(); got != unsure[k] {
			t.Errorf("%s unsure %v", k, got)
		}
	}
	if (&Error{Kind: KindCanceled, Status: 422}).Unsure() {
		t.Error("an answer had arrived")
	}
}
