package api

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func TestErrorShapes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		response http.HandlerFunc
		want     model.Error
	}{
		{"published", says(403, `{"request_id":"r1","error":{"status":403,"type":"forbidden","message":"User not authorized to create contact",
			"details":{},"prerequisites":["x"],"upgrade_url":"https://lev.com/up","limit_type":"account"}}`),
			model.Error{Kind: model.KindForbidden, Status: 403, Type: "forbidden", Message: "User not authorized to create contact", RequestID: "r1", UpgradeURL: "https://lev.com/up", Scope: "account"}},
		{"older", says(404, `{"request_id":"r2","error":{"code":"NOT_FOUND","message":"Contact not found"}}`),
			model.Error{Kind: model.KindNotFound, Status: 404, Type: "NOT_FOUND", Message: "Contact not found", RequestID: "r2"}},
		{"older on top", says(401, `{"code":"UNAUTHORIZED","message":"Authentication required"}`, "X-Request-Id", "r3"),
			model.Error{Kind: model.KindUnauthorized, Status: 401, Type: "UNAUTHORIZED", Message: "Authentication required", RequestID: "r3"}},
		{"published on top", says(402, `{"status":402,"type":"payment_required","message":"No credits","request_id":"r4"}`),
			model.Error{Kind: model.KindPayment, Status: 402, Type: "payment_required", Message: "No credits", RequestID: "r4"}},
		{"id inside", says(409, `{"error":{"type":"conflict","message":"Key reused","request_id":"r5"}}`),
			model.Error{Kind: model.KindConflict, Status: 409, Type: "conflict", Message: "Key reused", RequestID: "r5"}},
		{"body before header", says(400, `{"request_id":"body","error":{"message":"no"}}`, "X-Request-Id", "header"),
			model.Error{Kind: model.KindBadRequest, Status: 400, Message: "no", RequestID: "body"}},
		{"status beats type", says(400, problemJSON(422, "validation_error", "odd")),
			model.Error{Kind: model.KindBadRequest, Status: 400, Type: "validation_error", Message: "odd", RequestID: "req-err"}},
		{"type where status says nothing", says(418, problemJSON(418, "RATE_LIMIT_EXCEEDED", "tea")),
			model.Error{Kind: model.KindRateLimited, Status: 418, Type: "RATE_LIMIT_EXCEEDED", Message: "tea", RequestID: "req-err"}},
		{"unknown 4xx", says(431, ""), model.Error{Kind: model.KindBadRequest, Status: 431, Message: "the service answered 431 Request Header Fields Too Large"}},
		{"gone", says(410, `{"message":"gone"}`), model.Error{Kind: model.KindNotFound, Status: 410, Message: "gone"}},
		{"word", says(401, `{"error":"invalid_token","error_description":"expired"}`), model.Error{Kind: model.KindUnauthorized, Status: 401, Type: "invalid_token", Message: "expired"}},
		{"sentence", says(403, `{"error":"You shall not pass"}`), model.Error{Kind: model.KindForbidden, Status: 403, Message: "You shall not pass"}},
		{"html", says(403, "<html>\r\n<b>Blocked\x1b[2J</b>", "Content-Type", "text/html"), model.Error{Kind: model.KindForbidden, Status: 403, Message: "the service answered 403 Forbidden: <html> <b>Blocked [2J</b>"}},
		{"JSON called text", says(403, problemJSON(403, "forbidden", "no"), "Content-Type", "text/plain"), model.Error{Kind: model.KindForbidden, Status: 403, Type: "forbidden", Message: "no", RequestID: "req-err"}},
		{"empty object", says(403, `{}`), model.Error{Kind: model.KindForbidden, Status: 403, Message: "the service answered 403 Forbidden: {}"}},
		{"type alone", says(403, `{"error":{"type":"forbidden"}}`), model.Error{Kind: model.KindForbidden, Status: 403, Type: "forbidden", Message: "the service answered 403 Forbidden"}},
		{"wrong types", says(403, `{"request_id":{},"error":{"type":[1],"message":{"a":1},"details":"x","limit_type":3}}`),
			model.Error{Kind: model.KindForbidden, Status: 403, Message: "the service answered 403 Forbidden: " + `{"request_id":{},"error":{"type":[1],"message":{"a":1},"details":"x","limit_type":3}}`, Scope: "3"}},
		{"captive portal", says(511, "sign in"), model.Error{Kind: model.KindNetwork, Status: 511, Message: "the service answered 511 Network Authentication Required: sign in"}},
		{"cloud", says(522, "x"), model.Error{Kind: model.KindUnavailable, Status: 522, Message: "the service answered 522: x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.response)
			_, _, err := r.Get(t.Context(), 78, work.Screen)
			e := failed(t, err, tt.want.Kind)
			tt.want.Op, tt.want.Method, tt.want.URL = "get contact 78", "GET", r.url+"/api/external/v2/contacts/78"
			equal(t, "error", fmt.Sprintf("%#v", *e), fmt.Sprintf("%#v", tt.want))
			equal(t, "requests", len(r.log()), 1)
			equal(t, "exchange", fmt.Sprint(r.exchanges[0].Kind, r.exchanges[0].Status, r.exchanges[0].RequestID), fmt.Sprint(e.Kind, e.Status, e.RequestID))
		})
	}
}

func TestFieldMessages(t *testing.T) {
	t.Parallel()
	in := func(details string) string {
		return `{"error":{"type":"validation_error","message":"Validation failed","details":` + details + `}}`
	}
	tests := map[string]map[string]string{
		in(`{"email":"is not an address"}`):                                                         {"email": "is not an address"},
		in(`{"email":["bad","long"],"contactType":"unknown"}`):                                      {"email": "bad; long", "contact_type": "unknown"},
		in(`{"email":{"message":"bad"}}`):                                                           {"email": "bad"},
		in(`{"hint":"look here","limit":3,"email":null}`):                                           nil,
		in(`{"company_id":"is required"}`):                                                          {"company_id": "is required"},
		in(`{"field":"email","message":"bad"}`):                                                     {"email": "bad"},
		in(`{"field":"email"}`):                                                                     {"email": "Validation failed"},
		in(`{"errors":{"custom":["odd"],"zip":"bad"}}`):                                             {"custom": "odd", "zip": "bad"},
		in(`{"fields":[{"name":"zip","reason":"bad"}]}`):                                            {"zip": "bad"},
		in(`[{"field":"email","message":"bad"},{"field":"zip"},7]`):                                 {"email": "bad"},
		in(`[{"loc":["body","email"],"msg":"bad"}]`):                                                {"email": "bad"},
		in(`[{"loc":["body","phones",0,"raw"],"msg":"bad"}]`):                                       {"phones": "bad"},
		in(`[{"path":"/data/attributes/linkedin_url","detail":"bad"}]`):                             {"linkedin_url": "bad"},
		in(`[{"source":{"pointer":"/data/attributes/zip"},"title":"no"}]`):                          {"zip": "no"},
		in(`[{"field":"EMAIL","message":"first"},{"field":"email","message":"second"}]`):            {"email": "first"},
		in(`{"errors":{"errors":{"errors":{"errors":{"email":"deep"}}}}}`):                          nil,
		`{"detail":[{"loc":["body","contact_type"],"msg":"field required","type":"missing"}]}`:      {"contact_type": "field required"},
		`{"errors":["Email is invalid","Something else"]}`:                                          {"email": "Email is invalid"},
		`{"message":"bad","errors":{"state":["unknown"]}}`:                                          {"state": "unknown"},
		`{"error":{"type":"validation_error","message":"contact_type is required","details":{}}}`:   {"contact_type": "contact_type is required"},
		`{"error":{"message":"First name is too long"}}`:                                            {"first_name": "First name is too long"},
		`{"error":{"message":"Changing a contact's email is not supported yet"}}`:                   {"email": "Changing a contact's email is not supported yet"},
		`{"error":{"message":"Unknown value for 'state'"}}`:                                         {"state": "Unknown value for 'state'"},
		`{"error":{"message":"The contact is in an invalid state at this address; id mismatched"}}`: nil,
		`{"error":{"message":"emailing and zipping are off"}}`:                                      nil,
		`{"error":{"message":"company_id is required"}}`:                                            {"company_id": "company_id is required"},
		`{"error":{"message":"State"}}`:                                                             {"state": "State"},
	}
	for body, want := range tests {
		r := newRig(t, says(422, body))
		_, _, err := r.Create(t.Context(), newPatch(), nil, "k")
		e := failed(t, err, model.KindValidation)
		if fmt.Sprint(e.Fields) != fmt.Sprint(want) {
			t.Errorf("%s:\n got %v\nwant %v", body, e.Fields, want)
		}
	}
}

func TestMessageOfAReadNamesNoField(t *testing.T) {
	t.Parallel()
	r := newRig(t, says(400, problemJSON(400, "bad_request", "title cannot be sorted by")))
	_, err := r.List(t.Context(), firstPage(), work.Screen)
	equal(t, "fields", len(failed(t, err, model.KindBadRequest).Fields), 0)
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		header     string
		want       time.Duration
	}{
		{"field", `{"error":{"retry_after_seconds":12}}`, "99", 12 * time.Second},
		{"fraction", `{"error":{"retry_after_seconds":1.5}}`, "", 1500 * time.Millisecond},
		{"text", `{"error":{"retry_after_seconds":"30"}}`, "", 30 * time.Second},
		{"on top", `{"retry_after_seconds":7}`, "", 7 * time.Second},
		{"in details", `{"error":{"details":{"retry_after_seconds":8}}}`, "", 8 * time.Second},
		{"short name", `{"error":{"retry_after":9}}`, "", 9 * time.Second},
		{"header", `{}`, "42", 42 * time.Second},
		{"header date", `{}`, "Fri, 20 Mar 2026 15:31:15 GMT", 30 * time.Second},
		{"past date", `{}`, "Fri, 20 Mar 2026 15:29:15 GMT", 0},
		{"far date", `{}`, "Fri, 20 Mar 2099 15:29:15 GMT", maxRetryAfter},
		{"nonsense header", `{}`, "soon", 0},
		{"field null, header", `{"error":{"retry_after_seconds":null}}`, "3", 3 * time.Second},
		{"zero", `{"error":{"retry_after_seconds":0}}`, "0", 0},
		{"negative", `{"error":{"retry_after_seconds":-5}}`, "-5", 0},
		{"X13 ten years", `{"error":{"retry_after_seconds":315360000}}`, "", 5 * time.Minute},
		{"endless", `{"error":{"retry_after_seconds":1e300}}`, "", maxRetryAfter},
		{"not a number", `{"error":{"retry_after_seconds":"NaN"}}`, "", 0},
		{"words", problemJSON(429, "rate_limit_exceeded", "Rate limit of 100 per 1 minute exceeded. Try again in 12 seconds."), "", 12 * time.Second},
	}
	for _, tt := range tests {
		p, _ := readProblem([]byte(tt.body))
		h := http.Header{}
		if tt.header != "" {
			h.Set("Retry-After", tt.header)
		}
		if got := p.retryAfter(429, h, start()); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	p, _ := readProblem([]byte(`{"message":"try again in 5 seconds"}`))
	equal(t, "words of another refusal", p.retryAfter(400, http.Header{}, start()), 0)
}

func TestWaitInWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"try again in 12 seconds":               12 * time.Second,
		"Please retry after 30s.":               30 * time.Second,
		"retry in 250 ms":                       250 * time.Millisecond,
		"Please wait 1 minute":                  time.Minute,
		"wait for 1 minute and 30 seconds":      90 * time.Second,
		"Retry-After: 5":                        5 * time.Second,
		"Try again in a minute":                 time.Minute,
		"try again after about one hour":        maxRetryAfter,
		"wait at least 2m, 5s and then go":      125 * time.Second,
		"Limit resets in 17 sec":                17 * time.Second,
		"retry after 2.5 seconds":               2500 * time.Millisecond,
		"100 requests per 1 minute":             0,
		"retry 3 times":                         0,
		"retry as soon as you like":             0,
		"try again":                             0,
		"try again at 12:30":                    0,
		"wait a moment":                         0,
		"":                                      0,
		"try again in 99999999999999999 hours":  maxRetryAfter,
		"try again in 99999h, 99999h and 9999h": maxRetryAfter,
	} {
		if got := waitInWords(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
