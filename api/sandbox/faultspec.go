package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseFaults reads rules from text, separated by commas. A rule is
//
//	WHAT@ENDPOINT[:WHEN]
//
// ENDPOINT is list, get, create, patch, me, notes, validate, or * for all of them.
//
// WHEN counts the requests of the endpoint from 1: 3 is the third, 2-4 the second to the fourth,
// 3- the third and later, 1/20 each with a chance of one in twenty (the same on every run with the
// same seed), * every one. Without WHEN it is every one.
//
// WHAT is one of
//
//	400 … 599        that status; 429=7s and 503=7s say how long to wait, 429 alone says 1 s
//	refuse=FIELD     422 with a message for the field
//	revoke           the token is revoked: 401 now and from now on
//	html             a sign-in page with status 200 in place of JSON
//	reset            the connection is reset; the request is not carried out
//	lost-answer      the request is carried out, then the connection is cut
//	truncated        half of the answer, then the connection is cut
//	slow=5s          the answer takes that much longer
//	wrong-type       JSON with the content type text/plain
//	nulls            every nullable field is null
//	repeat-cursor    next_cursor is the cursor that was sent, with has_more
//	duplicate-rows   a page has its first row twice and the last row of the page before
//	empty-page       a page without rows, with has_more
//	no-cursor        has_more without next_cursor
//
// For example "429=7s@list:3,slow=5s@*,500@create:1-2,reset@patch:1/2". Rules are independent;
// where several would answer in place of the service, the first one does. Empty text is no rules.
// An error names the rule and what is wrong with it.
func ParseFaults(spec string) ([]Fault, error) {
	var faults []Fault
	for rule := range strings.SplitSeq(spec, ",") {
		rule = strings.TrimSpace(rule)
		if rule == "" {
			continue
		}
		f, err := parseFault(rule)
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", rule, err)
		}
		faults = append(faults, f)
	}
	return faults, nil
}

func parseFault(rule string) (Fault, error) {
	what, where, ok := strings.Cut(rule, "@")
	if !ok {
		return Fault{}, fmt.Errorf("has no endpoint, want WHAT@ENDPOINT such as 500@list")
	}
	endpoint, when, timed := strings.Cut(where, ":")
	f, err := parseWhat(what)
	if err != nil {
		return Fault{}, err
	}
	if names := endpointNames(); endpoint != "*" && !slices.Contains(names, endpoint) {
		return Fault{}, fmt.Errorf("no endpoint %q, want %s or *", endpoint, strings.Join(names, ", "))
	}
	if f.kind.listOnly() && endpoint != "list" && endpoint != "*" {
		return Fault{}, fmt.Errorf("%s is about lists, want %s@list", f.kind, f.kind)
	}
	f.endpoint = endpoint
	if timed {
		err = f.parseWhen(when)
	}
	return f, err
}

func parseWhat(what string) (Fault, error) {
	name, value, valued := strings.Cut(what, "=")
	if status, err := strconv.Atoi(name); err == nil {
		return parseStatus(status, value, valued)
	}
	f := Fault{kind: faultKind(name)}
	switch f.kind {
	case faultSlow:
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return f, fmt.Errorf("slow needs a duration, such as slow=5s@list")
		}
		f.wait = d
		return f, nil
	case faultRefuse:
		if value == "" {
			return f, fmt.Errorf("refuse needs a field, such as refuse=email@patch")
		}
		f.field = value
		return f, nil
	case faultRevoke, faultHTML, faultReset, faultLost, faultTruncated, faultWrongType, faultNulls,
		faultRepeatCursor, faultDuplicate, faultEmptyPage, faultNoCursor:
		if valued {
			return f, fmt.Errorf("%s takes no value", name)
		}
		return f, nil
	}
	return f, fmt.Errorf("nothing is called %q, want a status from 400 to 599, or refuse=FIELD, revoke, html, reset, "+
		"lost-answer, truncated, slow=DURATION, wrong-type, nulls, repeat-cursor, duplicate-rows, empty-page, no-cursor", name)
}

func parseStatus(status int, value string, valued bool) (Fault, error) {
	f := Fault{kind: faultStatus, status: status}
	if status < 400 || status > 599 {
		return f, fmt.Errorf("status %d is not an error, want 400 to 599", status)
	}
	if !valued {
		return f, nil
	}
	if status != 429 && status != 503 {
		return f, fmt.Errorf("status %d takes no wait, only 429 and 503 do", status)
	}
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 {
		return f, fmt.Errorf("%q is no wait, want a duration such as %d=7s", value, status)
	}
	f.wait = d
	return f, nil
}

func (f *Fault) parseWhen(when string) error {
	bad := fmt.Errorf("%q is not when, want 3, 2-4, 3-, 1/20 or *", when)
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || s[0] == '+' {
			return 0
		}
		return n
	}
	if when == "*" {
		return nil
	}
	if hit, of, ok := strings.Cut(when, "/"); ok {
		k, n := number(hit), number(of)
		if k == 0 || n == 0 || k > n {
			return bad
		}
		f.chance = float64(k) / float64(n)
		return nil
	}
	first, last, isRange := strings.Cut(when, "-")
	f.first, f.last = number(first), number(last)
	switch {
	case f.first == 0, last != "" && f.last < f.first:
		return bad
	case !isRange:
		f.last = f.first
	}
	return nil
}
