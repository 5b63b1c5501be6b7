package contract

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	contactID = `"id":78,"contact_type":"lender_contact","first_name":"Sarah","last_name":null,"email":null,"title":null,` +
		`"department":null,"address":null,"city":null,"state":null,"zip":null,"linkedin_url":null,"is_primary":true,` +
		`"is_connected":true,"owner_account_id":56,"created_at":"2025-09-01T11:00:00Z","updated_at":null`
	later = `,"contact_types":["lender_contact"],"address2":null,"photo_url":null,"phones":[{"id":"a","type":null,"raw":null,` +
		`"country":null,"e164":null,"extension":null}]`
	page      = `{"total":1,"limit":50,"has_more":false,"next_cursor":null}`
	laterPage = `{"total":1,"limit":50,"cursor":null,"has_more":false,"next_cursor":null}`
)

func envelope(data, pagination string) string {
	if pagination != "" {
		pagination = `,"pagination":` + pagination
	}
	return `{"request_id":"r","timestamp":"2026-03-20T15:30:45Z","data":` + data + pagination + `}`
}

// Each row is one exchange and what the Watch says of it, "" for nothing.
func TestExchanges(t *testing.T) {
	t.Parallel()
	one, both := "{"+contactID+"}", "{"+contactID+later+"}"
	problem := `{"request_id":"r","error":{"status":404,"type":"not_found","message":"Contact not found","details":{}}}`
	for _, c := range []struct {
		name          string
		version       Version
		request, body string
		status        int
		response      string
		drop          string // a header that the request does not have
		want          string
	}{
		{"a list of March", March, "GET /build/contacts?limit=200&cursor=abc%3D", "", 200, envelope("["+one+"]", page), "", ""},
		{"a list of later", Later, "GET /contacts?limit=200&sort=-last_name&offset=200", "", 200,
			envelope("["+both+"]", `{"total":1,"limit":50,"offset":0,"has_more":false}`), "", ""},
		{"filter", March, "GET /build/contacts?filter%5Bis_connected%5D=false", "", 200, envelope("[]", page), "", ""},
		{"cursor and sort", March, "GET /build/contacts?cursor=a&sort=city", "", 400, problem, "", "together"},
		{"limit too large", March, "GET /build/contacts?limit=201", "", 200, envelope("[]", page), "", "limit"},
		{"unknown parameter", March, "GET /build/contacts?page=2", "", 200, envelope("[]", page), "", "page"},
		{"no origin", March, "GET /contacts/78", "", 200, envelope(one, ""), "X-Origin-App", "X-Origin-App"},
		{"no token", March, "GET /contacts/78", "", 200, envelope(one, ""), "Authorization", "bearer"},
		{"no idempotency key", March, "PATCH /contacts/78", `{"title":"VP"}`, 200, envelope(one, ""), "Idempotency-Key", "Idempotency-Key"},
		{"empties a field", March, "PATCH /contacts/78", `{"title":null}`, 200, envelope(one, ""), "", ""},
		{"patch of nothing", March, "PATCH /contacts/78", `{}`, 200, envelope(one, ""), "", "properties"},
		{"patch of the id", March, "PATCH /contacts/78", `{"id":79}`, 200, envelope(one, ""), "", "id"},
		{"patch of the type", March, "PATCH /contacts/78", `{"contact_type":"sponsor"}`, 200, envelope(one, ""), "", ""},
		{"patch of the type, later", Later, "PATCH /contacts/78", `{"contact_type":"sponsor"}`, 200, envelope(both, ""), "", "contact_type"},
		{"phones", Later, "PATCH /contacts/78", `{"phones":[{"raw":"212 555 0100"}]}`, 200, envelope(both, ""), "", ""},
		{"phone without number", Later, "PATCH /contacts/78", `{"phones":[{"type":"fax"}]}`, 200, envelope(both, ""), "", "raw"},
		{"create", March, "POST /build/contacts", `{"contact_type":"sponsor"}`, 201, envelope(one, ""), "", ""},
		{"create without type", March, "POST /build/contacts", `{"city":"Dallas"}`, 201, envelope(one, ""), "", "contact_type"},
		{"create without company", Later, "POST /contacts", `{"contact_type":"sponsor"}`, 201, envelope(both, ""), "", "company_id"},
		{"refused as documented", Later, "POST /contacts", `{"contact_type":"sponsor"}`, 422, problem, "", ""},
		{"create with company", Later, "POST /contacts", `{"contact_type":"sponsor","company_id":9}`, 201, envelope(both, ""), "", ""},
		{"both take either path", Both, "POST /build/contacts", `{"contact_type":"sponsor"}`, 201, envelope(both, ""), "", ""},
		{"note", Later, "POST /contacts/78/notes", `{"text":"Called."}`, 201,
			envelope(`{"id":1,"text":"Called.","created_by":{"id":1,"name":"A"},"created_at":null,"updated_at":null}`, ""), "", ""},
		{"blank note", Later, "POST /contacts/78/notes", `{"text":"  "}`, 400, problem, "", "text"},
		{"notes", Later, "GET /contacts/78/notes?limit=50", "", 200, envelope("[]", laterPage), "", ""},
		{"unknown member in a response", March, "GET /contacts/78", "", 200, envelope("{"+contactID+`,"pet":"cat"}`, ""), "", "pet"},
		{"missing member in a response", Later, "GET /contacts/78", "", 200, envelope(one, ""), "", "contact_types"},
		{"status that is not described", March, "GET /contacts/78", "", 418, problem, "", "status"},
		{"older error", March, "GET /contacts/78", "", 404, `{"request_id":"r","error":{"code":"NOT_FOUND","message":"no"}}`, "", ""},
		{"mixed error", March, "GET /contacts/78", "", 404, `{"request_id":"r","error":{"code":"NOT_FOUND","status":404}}`, "", "error"},
		{"no envelope", March, "GET /contacts/78", "", 200, one, "", "unsupported"},
		{"a path that is tried", Later, "GET /build/contacts", "", 404, problem, "", ""},
		{"a path that should not be there", March, "GET /contacts", "", 200, envelope("[]", page), "", "no such path"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, err := New(c.version, Options{})
			if err != nil {
				t.Fatal(err)
			}
			method, path, _ := strings.Cut(c.request, " ")
			r := httptest.NewRequest(method, basePath+path, strings.NewReader(c.body))
			for name, value := range map[string]string{"Authorization": "Bearer t", "X-Origin-App": "test", "Idempotency-Key": "k", "Content-Type": "application/json"} {
				if name != c.drop {
					r.Header.Set(name, value)
				}
			}
			w.Around(http.HandlerFunc(func(to http.ResponseWriter, _ *http.Request) {
				to.Header().Set("Content-Type", "application/json")
				to.WriteHeader(c.status)
				fmt.Fprint(to, c.response)
			})).ServeHTTP(httptest.NewRecorder(), r)
			got := fmt.Sprint(w.Report())
			if c.want == "" && got != "<nil>" || !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %q", got, c.want)
			}
		})
	}
}
