package sandbox

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func mustFaults(t testing.TB, spec string) []Fault {
	t.Helper()
	f, err := ParseFaults(spec)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string][]Fault{
		"":                  nil,
		" , ":               nil,
		"500@list":          {{kind: faultStatus, status: 500, endpoint: "list"}},
		"500@*:*":           {{kind: faultStatus, status: 500, endpoint: "*"}},
		"500@create:1-2":    {{kind: faultStatus, status: 500, endpoint: "create", first: 1, last: 2}},
		"429@list:3":        {{kind: faultStatus, status: 429, endpoint: "list", first: 3, last: 3}},
		"429=7s@list:3-":    {{kind: faultStatus, status: 429, endpoint: "list", first: 3, wait: 7 * time.Second}},
		"503=1m@get":        {{kind: faultStatus, status: 503, endpoint: "get", wait: time.Minute}},
		"reset@patch:1/2":   {{kind: faultReset, endpoint: "patch", chance: .5}},
		"slow=5s@*":         {{kind: faultSlow, endpoint: "*", wait: 5 * time.Second}},
		"refuse=email@*:1":  {{kind: faultRefuse, endpoint: "*", field: "email", first: 1, last: 1}},
		"repeat-cursor@*":   {{kind: faultRepeatCursor, endpoint: "*"}},
		"nulls@me, html@me": {{kind: faultNulls, endpoint: "me"}, {kind: faultHTML, endpoint: "me"}},
	} {
		got, err := ParseFaults(spec)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v %v, want %+v", spec, got, err, want)
		}
	}
	all := "html@get:*,truncated@list:2,duplicate-rows@list:*,revoke@*:10,wrong-type@list:1,empty-page@list,no-cursor@list,lost-answer@create"
	if got := mustFaults(t, all); len(got) != 8 {
		t.Errorf("%d rules", len(got))
	}
}

func TestParseFaultsErrors(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		"500":                "has no endpoint",
		"500@":               `no endpoint ""`,
		"500@lists":          `no endpoint "lists", want list, get`,
		"200@list":           "status 200 is not an error",
		"600@list":           "status 600 is not an error",
		"500=3s@list":        "status 500 takes no wait",
		"429=x@list":         `"x" is no wait`,
		"429=@list":          `"" is no wait`,
		"429=-1s@list":       `"-1s" is no wait`,
		"boom@list":          `nothing is called "boom"`,
		"@list":              `nothing is called ""`,
		"status@list":        `nothing is called "status"`,
		"slow@*:5s":          "slow needs a duration, such as slow=5s@list",
		"slow=0s@list":       "slow needs a duration",
		"refuse@patch":       "refuse needs a field",
		"reset=1@list":       "reset takes no value",
		"repeat-cursor@get":  "repeat-cursor is about lists",
		"500@list:":          `"" is not when`,
		"500@list:0":         `"0" is not when`,
		"500@list:x":         `"x" is not when`,
		"500@list:+1":        `"+1" is not when`,
		"500@list:3-1":       `"3-1" is not when`,
		"500@list:-2":        `"-2" is not when`,
		"500@list:1-x":       `"1-x" is not when`,
		"500@list:2/1":       `"2/1" is not when`,
		"500@list:0/5":       `"0/5" is not when`,
		"500@list:1/0":       `"1/0" is not when`,
		"500@list,bad@get":   `fault "bad@get": nothing is called`,
		"500@list:1:2":       `"1:2" is not when`,
		"404@list,429@list;": `no endpoint "list;"`,
	} {
		_, err := ParseFaults(spec)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", spec, err, want)
		}
	}
}

func TestWhenFaultsApply(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		":1": "x.....", ":3": "..x...", ":2-4": ".xxx..", ":5-": "....xx", ":*": "xxxxxx", "": "xxxxxx", ":1/1": "xxxxxx",
	} {
		f := mustFaults(t, "500@list"+when)[0]
		got := ""
		for n := range 6 {
			if f.applies(n+1, 0, defaultSeed) {
				got += "x"
			} else {
				got += "."
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", when, got, want)
		}
	}
	f := mustFaults(t, "500@list:1/20")[0]
	hits, other := 0, 0
	for n := range 10_000 {
		if f.applies(n+1, 0, defaultSeed) {
			hits++
		}
		if f.applies(n+1, 0, defaultSeed) != f.applies(n+1, 1, defaultSeed) {
			other++
		}
	}
	if hits < 400 || hits > 600 {
		t.Errorf("one in twenty hit %d of 10,000", hits)
	}
	if other == 0 {
		t.Error("two rules with a chance hit the same requests")
	}
}
