package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The contact of the page of March 2026, as it stands there without the white space.
const pageContact = `{"id":78,"contact_type":"lender_contact","first_name":"Sarah","last_name":"Chen",` +
	`"email":"schen@meridiancapital.com","title":"Senior Vice President","department":"Originations",` +
	`"address":"1 Battery Park Plaza","city":"New York","state":"NY","zip":"10004",` +
	`"linkedin_url":"https://linkedin.com/in/sarah-chen-cre","is_primary":true,"is_connected":true,` +
	`"owner_account_id":56,"created_at":"2025-09-01T11:00:00Z","updated_at":"2026-02-20T16:45:00Z"}`

func march(t testing.TB, contacts int) *rig {
	return start(t, Options{
		Contacts: contacts, Dialect: DialectMarch,
		NewID: func() string { return "b8c9d0e1-f2a3-4567-1234-678901234567" },
	})
}

func TestListIsThePage(t *testing.T) {
	t.Parallel()
	x := march(t, 128)
	got := x.get("/build/contacts?limit=1").raw
	want := `{"request_id":"b8c9d0e1-f2a3-4567-1234-678901234567","timestamp":"2026-03-20T15:30:45Z","data":[` +
		pageContact + `],"pagination":{"total":128,"limit":1,"has_more":true,"next_cursor":"eyJpZCI6IDc4fQ=="}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestGetIsThePage(t *testing.T) {
	t.Parallel()
	r := march(t, 128).get("/contacts/78")
	want := `{"request_id":"b8c9d0e1-f2a3-4567-1234-678901234567","timestamp":"2026-03-20T15:30:45Z","data":` + pageContact + `}`
	if r.status != http.StatusOK || r.raw != want {
		t.Errorf("got  %d %s\nwant 200 %s", r.status, r.raw, want)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type is %q", got)
	}
}

func TestCreateIsThePage(t *testing.T) {
	t.Parallel()
	// With one contact in the book the next id is the page's 142.
	r := march(t, 1).send(http.MethodPost, "/build/contacts", `{
		"contact_type": "lender_contact", "first_name": "James", "last_name": "Rodriguez",
		"email": "jrodriguez@eastdilsecured.com", "title": "Managing Director", "department": "Debt Capital Markets",
		"address": "40 West 57th Street", "city": "New York", "state": "NY", "zip": "10019",
		"linkedin_url": "https://linkedin.com/in/james-rodriguez-cre"}`)
	want := `{"request_id":"b8c9d0e1-f2a3-4567-1234-678901234567","timestamp":"2026-03-20T15:30:45Z","data":` +
		`{"id":142,"contact_type":"lender_contact","first_name":"James","last_name":"Rodriguez",` +
		`"email":"jrodriguez@eastdilsecured.com","title":"Managing Director","department":"Debt Capital Markets",` +
		`"address":"40 West 57th Street","city":"New York","state":"NY","zip":"10019",` +
		`"linkedin_url":"https://linkedin.com/in/james-rodriguez-cre","is_primary":false,"is_connected":false,` +
		`"owner_account_id":56,"created_at":"2026-03-20T15:30:45Z","updated_at":"2026-03-20T15:30:45Z"}}`
	if r.status != http.StatusCreated || r.raw != want {
		t.Errorf("got  %d %s\nwant 201 %s", r.status, r.raw, want)
	}
}

func TestUpdateIsThePage(t *testing.T) {
	t.Parallel()
	r := march(t, 128).send(http.MethodPatch, "/contacts/78", `{"title": "Executive Vice President"}`)
	want := strings.NewReplacer("Senior Vice", "Executive Vice", "2026-02-20T16:45:00Z", "2026-03-20T15:30:45Z").Replace(pageContact)
	if r.status != http.StatusOK || string(r.Data) != want {
		t.Errorf("got  %d %s\nwant 200 %s", r.status, r.Data, want)
	}
}

func TestErrorsOfThePage(t *testing.T) {
	t.Parallel()
	const body = `{"contact_type":"sponsor"}`
	for name, test := range map[string]struct {
		method, path, body string
		header             string
		status             int
		kind, message      string
	}{
		"list without a token":   {"GET", "/build/contacts", "", "Authorization:", 401, "unauthorized", "Authentication required"},
		"list, token malformed":  {"GET", "/build/contacts", "", "Authorization: lev_sk_test", 401, "unauthorized", "Authentication required"},
		"list, other scheme":     {"GET", "/build/contacts", "", "Authorization: Basic bGV2OnNr", 401, "unauthorized", "Authentication required"},
		"list, unknown token":    {"GET", "/build/contacts", "", "Authorization: Bearer nobody", 401, "unauthorized", "Authentication required"},
		"get without a token":    {"GET", "/contacts/78", "", "Authorization:", 401, "unauthorized", "Authentication required"},
		"create without a token": {"POST", "/build/contacts", body, "Authorization:", 401, "unauthorized", "Authentication required"},
		"patch without a token":  {"PATCH", "/contacts/78", `{}`, "Authorization:", 401, "unauthorized", "Authentication required"},
		"cursor and sort": {"GET", "/build/contacts?cursor=eyJpZCI6IDc4fQ%3D%3D&sort=last_name", "", "", 400, "bad_request",
			"cursor and sort cannot be combined; use offset pagination when sorting"},
		"get what is not there":   {"GET", "/contacts/79", "", "", 404, "not_found", "Contact not found"},
		"get what is no id":       {"GET", "/contacts/sarah", "", "", 404, "not_found", "Contact not found"},
		"patch what is not there": {"PATCH", "/contacts/79", `{"title":null}`, "", 404, "not_found", "Contact not found"},
		"create without a type":   {"POST", "/build/contacts", `{"first_name":"Ann"}`, "", 422, "validation_error", "contact_type is required"},
		"create, type null":       {"POST", "/build/contacts", `{"contact_type":null}`, "", 422, "validation_error", "contact_type is required"},
		"create, type empty":      {"POST", "/build/contacts", `{"contact_type":""}`, "", 422, "validation_error", "contact_type is required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := march(t, 128)
			x.t = t
			x.wantError(x.send(test.method, test.path, test.body, test.header), test.status, test.kind, test.message)
		})
	}
	x := start(t, Options{Keys: []Key{{Token: "lev_sk_test", NoCreate: true}}})
	x.wantError(x.send("POST", "/build/contacts", body), 403, "forbidden", "User not authorized to create contact")
}

func TestErrorShapes(t *testing.T) {
	t.Parallel()
	id := func() string { return "id-1" }
	x := start(t, Options{NewID: id})
	if got, want := x.get("/contacts/1").raw,
		`{"request_id":"id-1","error":{"status":404,"type":"not_found","message":"Contact not found","details":{}}}`; got != want {
		t.Errorf("typed: got %s, want %s", got, want)
	}
	if got, want := x.send("POST", "/contacts", `{"contact_type":"bank"}`).raw,
		`{"request_id":"id-1","error":{"status":422,"type":"validation_error",`+
			`"message":"contact_type must be lender_contact or sponsor",`+
			`"details":{"contact_type":"contact_type must be lender_contact or sponsor"}}}`; got != want {
		t.Errorf("typed: got %s, want %s", got, want)
	}
	old := start(t, Options{NewID: id, ErrorShape: ErrorCoded})
	if got, want := old.get("/contacts/1").raw,
		`{"request_id":"id-1","error":{"code":"NOT_FOUND","message":"Contact not found"}}`; got != want {
		t.Errorf("coded: got %s, want %s", got, want)
	}
}

func TestPathsOfTheDialects(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path                string
		both, march, latest int
	}{
		{"/build/contacts", 200, 200, 404},
		{"/contacts", 200, 404, 200},
		{"/contacts/78", 200, 200, 200},
		{"/contacts/78/notes", 200, 404, 200},
		{"/me", 200, 404, 200},
		{"/build/contacts/78", 404, 404, 404},
		{"/contacts/", 404, 404, 404},
		{"/companies", 200, 404, 200},
		{"/companies/1000", 200, 404, 200},
		{"/companies/1", 404, 404, 404},
		{"", 404, 404, 404},
	} {
		for dialect, want := range map[Dialect]int{DialectBoth: test.both, DialectMarch: test.march, DialectLater: test.latest} {
			if got := start(t, Options{Contacts: 1, Dialect: dialect}).get(test.path).status; got != want {
				t.Errorf("dialect %d, GET %s: %d, want %d", dialect, test.path, got, want)
			}
		}
	}
	r := start(t, Options{}).send("DELETE", "/contacts/78", "")
	if r.status != 405 || r.header.Get("Allow") != "GET, PATCH" {
		t.Errorf("DELETE of a contact: %d, Allow %q", r.status, r.header.Get("Allow"))
	}
}

func TestOutsideBasePath(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	if r := x.send("GET", "/../../../contacts", ""); r.status != 404 {
		t.Errorf("a path outside the service: %d", r.status)
	}
	if r := x.send("GET", "x/contacts", ""); r.status != 404 || x.s.Requests()[1].Path != BasePath+"x/contacts" {
		t.Errorf("a path that only begins like the service's: %d %+v", r.status, x.s.Requests()[1])
	}
}

func TestLaterFields(t *testing.T) {
	t.Parallel()
	for dialect, want := range map[Dialect]bool{DialectBoth: true, DialectMarch: false, DialectLater: true} {
		x := start(t, Options{Contacts: 1, Dialect: dialect})
		c := x.object(x.get("/contacts/78"), 200)
		if n := len(c); want && n != 21 || !want && n != 17 {
			t.Errorf("dialect %d: a contact has %d fields", dialect, n)
		}
		for _, name := range []string{"contact_types", "address2", "photo_url", "phones"} {
			if _, ok := c[name]; ok != want {
				t.Errorf("dialect %d: %s is there: %v, want %v", dialect, name, ok, want)
			}
		}
		if _, ok := c["company_id"]; ok {
			t.Errorf("dialect %d: company_id is shown", dialect)
		}
	}
}

func TestEveryRequestNeedsOriginApp(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	for _, path := range []string{"/contacts", "/contacts/78", "/me"} {
		x.wantError(x.get(path, "X-Origin-App:"), 400, "bad_request", "X-Origin-App header is required")
	}
	x.wantError(x.send("POST", "/auth/validate-api-key", "", "X-Origin-App:"), 400, "bad_request", "X-Origin-App header is required")
}

func TestTimestampIsUTC(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("west", -5*60*60)
	x := start(t, Options{Now: func() time.Time { return time.Date(2026, 5, 1, 8, 0, 0, 123, zone) }})
	if got := x.get("/contacts").Timestamp; got != "2026-05-01T13:00:00Z" {
		t.Errorf("timestamp is %s", got)
	}
}
