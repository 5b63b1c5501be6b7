package sandbox

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 10})
	c := x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor","last_name":"","email":null,"is_primary":true}`), 201)
	for name, want := range map[string]any{
		"id": 718.0, "contact_type": "sponsor", "first_name": nil, "last_name": "", "email": nil, "title": nil,
		"is_primary": true, "is_connected": false, "owner_account_id": 56.0,
		"created_at": "2026-03-20T15:30:45Z", "updated_at": "2026-03-20T15:30:45Z",
	} {
		if c[name] != want {
			t.Errorf("%s is %v, want %v", name, c[name], want)
		}
	}
	if !reflect.DeepEqual(c["contact_types"], []any{"sponsor"}) || !reflect.DeepEqual(c["phones"], []any{}) {
		t.Errorf("later fields: %v", c)
	}
	if x.s.Total() != 10 {
		t.Errorf("a new contact is in the default list: %d", x.s.Total())
	}
	if r := x.get("/contacts/718"); r.status != 200 {
		t.Errorf("GET of it: %d", r.status)
	}
	if next := x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor"}`), 201)["id"]; next != 719.0 {
		t.Errorf("the next id is %v", next)
	}
}

func TestPatchChangesOnlyWhatIsSent(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 10})
	before := x.object(x.get("/contacts/78"), 200)
	after := x.object(x.send("PATCH", "/contacts/78", `{"title":null,"department":"","city":"Boston"}`), 200)
	want := maps.Clone(before)
	maps.Copy(want, map[string]any{"title": nil, "department": "", "city": "Boston", "updated_at": "2026-03-20T15:30:45Z"})
	if !reflect.DeepEqual(after, want) {
		t.Errorf("got  %v\nwant %v", after, want)
	}
	if again := x.object(x.get("/contacts/78"), 200); !reflect.DeepEqual(again, want) {
		t.Errorf("GET says %v", again)
	}
	if row := x.rows(x.get("/contacts?limit=1"))[0]; !reflect.DeepEqual(row, want) {
		t.Errorf("the list says %v", row)
	}
}

func TestUpdatedAtMoves(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 10})
	patch := func(body string) string {
		t.Helper()
		return x.object(x.send("PATCH", "/contacts/78", body), 200)["updated_at"].(string)
	}
	for i, step := range []struct{ body, want string }{
		{`{}`, "2026-02-20T16:45:00Z"},                                // nothing sent
		{`{"title":"Senior Vice President"}`, "2026-02-20T16:45:00Z"}, // nothing changed
		{`{"title":"A"}`, "2026-03-20T15:30:45Z"},                     // now
		{`{"title":"B"}`, "2026-03-20T15:30:46Z"},                     // the clock stands still
		{`{"title":"C"}`, "2026-03-20T15:30:47Z"},
		{`{"title":"C"}`, "2026-03-20T15:30:47Z"},
	} {
		if got := patch(step.body); got != step.want {
			t.Errorf("step %d, %s: updated_at %s, want %s", i, step.body, got, step.want)
		}
	}
	x.clock.advance(time.Hour)
	if got := patch(`{"title":"D"}`); got != "2026-03-20T16:30:45Z" {
		t.Errorf("an hour later: %s", got)
	}
	x.clock.advance(-24 * time.Hour)
	if got := patch(`{"title":"E"}`); got != "2026-03-20T16:30:46Z" {
		t.Errorf("with the clock set back: %s", got)
	}
}

func TestRefusedWrites(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body  string
		field string
		want  string
	}{
		"unknown type":       {`{"contact_type":"bank"}`, "contact_type", "contact_type must be lender_contact or sponsor"},
		"empty type":         {`{"contact_type":""}`, "contact_type", "contact_type must be lender_contact or sponsor"},
		"number for text":    {`{"title":7}`, "title", "title must be a string or null"},
		"object for text":    {`{"city":{}}`, "city", "city must be a string or null"},
		"text for boolean":   {`{"is_primary":"yes"}`, "is_primary", "is_primary must be true or false"},
		"null for boolean":   {`{"is_primary":null}`, "is_primary", "is_primary must be true or false"},
		"unknown field":      {`{"salary":1}`, "salary", "salary is not a field of a contact"},
		"other case":         {`{"Title":"x"}`, "Title", "Title is not a field of a contact"},
		"id":                 {`{"id":5}`, "id", "id is set by the service"},
		"connected":          {`{"is_connected":true}`, "is_connected", "is_connected is set by the service"},
		"owner":              {`{"owner_account_id":1}`, "owner_account_id", "owner_account_id is set by the service"},
		"created":            {`{"created_at":null}`, "created_at", "created_at is set by the service"},
		"updated":            {`{"updated_at":null}`, "updated_at", "updated_at is set by the service"},
		"company on patch":   {`{"company_id":1001}`, "company_id", "company_id is not a field of a contact"},
		"types not a list":   {`{"contact_types":"sponsor"}`, "contact_types", "contact_types must be a list of lender_contact and sponsor"},
		"types with unknown": {`{"contact_types":["x"]}`, "contact_types", "contact_types must be a list of lender_contact and sponsor"},
		"phones not a list":  {`{"phones":"212"}`, "phones", "phones must be a list of phone objects"},
		"phone not a number": {`{"phones":[{"raw":"12"}]}`, "phones[0].raw", "phones[0].raw is not a phone number"},
		"phone without raw":  {`{"phones":[{"type":"fax"}]}`, "phones[0].raw", "phones[0].raw is required"},
		"phone of no type":   {`{"phones":[{"raw":"2125550100","type":"pager"}]}`, "phones[0].type", "phones[0].type must be mobile, office or fax"},
		"phone of no land":   {`{"phones":[{"raw":"2125550100","country":"USA"}]}`, "phones[0].country", "phones[0].country must be a country code of two letters"},
		"phone with more":    {`{"phones":[{"raw":"2125550100","x":1}]}`, "phones[0].x", "phones[0].x is not a field of a phone"},
		"phone with number":  {`{"phones":[{"raw":2125550100}]}`, "phones[0].raw", "phones[0].raw must be a string or null"},
		"phone null":         {`{"phones":[null]}`, "phones[0]", "phones[0] must be an object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := start(t, Options{Contacts: 1})
			r := x.send("PATCH", "/contacts/78", test.body)
			if r.status != 422 || r.Error["type"] != "validation_error" {
				t.Fatalf("got %d %s", r.status, r.raw)
			}
			details := r.Error["details"].(map[string]any)
			if details[test.field] != test.want || !strings.Contains(r.Error["message"].(string), test.want) {
				t.Errorf("got %s", r.raw)
			}
			if c, _ := x.s.Contact(78); c["updated_at"] != "2026-02-20T16:45:00Z" {
				t.Errorf("the contact was changed: %v", c)
			}
		})
	}
}

func TestSeveralProblemsAtOnce(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Dialect: DialectLater})
	r := x.send("POST", "/contacts", `{"city":1,"salary":2}`)
	want := "contact_type is required; city must be a string or null; company_id is required; salary is not a field of a contact"
	x.wantError(r, 422, "validation_error", want)
	if details := r.Error["details"].(map[string]any); len(details) != 4 {
		t.Errorf("details: %v", details)
	}
}

func TestBodiesThatAreNoObject(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	for _, body := range []string{`[]`, `null`, `"x"`, `{"title":`, `{} {}`, `title=x`} {
		for _, to := range []string{"POST /contacts", "PATCH /contacts/78", "POST /contacts/78/notes"} {
			method, path, _ := strings.Cut(to, " ")
			x.wantError(x.send(method, path, body), 400, "bad_request", "The request body must be a JSON object")
		}
	}
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "json;;"} {
		x.wantError(x.send("PATCH", "/contacts/78", `{}`, "Content-Type: "+kind), 400, "bad_request", "Content-Type must be application/json")
	}
	x.wantError(x.send("PATCH", "/contacts/78", `{}`, "Content-Type:"), 400, "bad_request", "Content-Type must be application/json")
	x.object(x.send("PATCH", "/contacts/78", `{}`, "Content-Type: application/json; charset=utf-8"), 200)
	long := `{"title":"` + strings.Repeat("x", maxBody) + `"}`
	x.wantError(x.send("PATCH", "/contacts/78", long), 400, "bad_request", "The request body is longer than 1048576 bytes")
}

func TestContactTypes(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	for _, step := range []struct {
		body  string
		kind  any
		types []any
	}{
		{`{"contact_types":["sponsor","lender_contact"]}`, "sponsor", []any{"sponsor", "lender_contact"}},
		{`{"contact_type":"sponsor"}`, "sponsor", []any{"sponsor", "lender_contact"}}, // as it was
		{`{"contact_type":"lender_contact"}`, "lender_contact", []any{"lender_contact"}},
		{`{"contact_type":null}`, nil, []any{}},
		{`{"contact_types":["lender_contact"]}`, "lender_contact", []any{"lender_contact"}},
		{`{"contact_types":[]}`, nil, []any{}},
	} {
		c := x.object(x.send("PATCH", "/contacts/78", step.body), 200)
		if c["contact_type"] != step.kind || !reflect.DeepEqual(c["contact_types"], step.types) {
			t.Errorf("%s: %v %v", step.body, c["contact_type"], c["contact_types"])
		}
	}
}

func TestLaterDialectRules(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1, Dialect: DialectLater})
	x.wantError(x.send("POST", "/contacts", `{"contact_type":"sponsor"}`), 422, "validation_error", "company_id is required")
	x.wantError(x.send("POST", "/contacts", `{"contact_type":"sponsor","company_id":"x"}`), 422, "validation_error",
		"company_id must be the number of a company")
	x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor","company_id":1000}`), 201)
	x.wantError(x.send("PATCH", "/contacts/78", `{"contact_type":"sponsor"}`), 422, "validation_error", "contact_type cannot be changed")
	x.wantError(x.send("PATCH", "/contacts/78", `{"email":"new@example.com"}`), 409, "conflict",
		"changing a contact's email is not supported yet")
	x.wantError(x.send("PATCH", "/contacts/78", `{"email":null}`), 409, "conflict",
		"changing a contact's email is not supported yet")
	x.object(x.send("PATCH", "/contacts/78", `{"email":"schen@meridiancapital.com","title":"EVP"}`), 200)

	both := start(t, Options{Contacts: 1})
	c := both.object(both.send("PATCH", "/contacts/78", `{"contact_type":"sponsor","email":"new@example.com"}`), 200)
	if c["contact_type"] != "sponsor" || c["email"] != "new@example.com" {
		t.Errorf("DialectBoth: %v", c)
	}
	march := start(t, Options{Contacts: 1, Dialect: DialectMarch})
	march.wantError(march.send("POST", "/build/contacts", `{"contact_type":"sponsor","company_id":1}`), 422, "validation_error",
		"company_id is not a field of a contact")
	march.wantError(march.send("PATCH", "/contacts/78", `{"phones":[]}`), 422, "validation_error", "phones is not a field of a contact")
}

func TestPrimaryDemotesThePrevious(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 100})
	primary := func(id int64) bool {
		c, ok := x.s.Contact(id)
		return ok && c["is_primary"] == true
	}
	colleague := seedID(turn) // of Sarah Chen
	other := seedID(3)        // the primary contact of another company
	if !primary(78) || primary(colleague) || !primary(other) {
		t.Fatal("the data is not what the test needs")
	}
	x.object(x.send("PATCH", fmt.Sprintf("/contacts/%d", colleague), `{"is_primary":true}`), 200)
	if primary(78) || !primary(colleague) || !primary(other) {
		t.Errorf("after the patch: %v %v %v", primary(78), primary(colleague), primary(other))
	}
	if c, _ := x.s.Contact(78); c["updated_at"] != "2026-03-20T15:30:45Z" {
		t.Errorf("the demoted contact was updated %v", c["updated_at"])
	}
	made := x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor","is_primary":true,"company_id":1000}`), 201)
	if !primary(int64(made["id"].(float64))) || primary(colleague) {
		t.Error("a primary contact that is created does not demote")
	}
	x.object(x.send("PATCH", "/contacts/78", `{"is_primary":true}`), 200)
	if !primary(78) || primary(int64(made["id"].(float64))) {
		t.Error("a created contact is not demoted")
	}
	x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor","is_primary":true}`), 201)
	if !primary(78) || !primary(other) {
		t.Error("a contact of no known company demotes somebody")
	}
}

func TestPhonesAreReplaced(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	type m = map[string]any
	set := func(body string) []any {
		t.Helper()
		return x.object(x.send("PATCH", "/contacts/78", body), 200)["phones"].([]any)
	}
	if old := x.object(x.get("/contacts/78"), 200)["phones"].([]any); len(old) != 1 {
		t.Fatalf("at the start: %v", old)
	}
	got := set(`{"phones":[{"raw":"(617) 555-0142 "},{"raw":"+44 20 7946 0958","type":"office","country":"GB","extension":"12","e164":"+1999"}]}`)
	want := []any{
		m{"id": "ph_26-1", "type": "mobile", "raw": "(617) 555-0142 ", "country": "US", "e164": "+16175550142", "extension": nil},
		m{"id": "ph_26-2", "type": "office", "raw": "+44 20 7946 0958", "country": "GB", "e164": "+442079460958", "extension": "12"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	got = set(`{"phones":[{"id":"ph_26-2","raw":"1-617-555-0143","type":"fax"},{"id":"ph_26-2","raw":"617.555.0144"}]}`)
	ids := []any{got[0].(m)["id"], got[1].(m)["id"]}
	if ids[0] != "ph_26-2" || ids[1] == "ph_26-2" || got[0].(m)["e164"] != "+16175550143" {
		t.Errorf("ids are kept and unique: %v", got)
	}
	if got = set(`{"phones":[]}`); len(got) != 0 {
		t.Errorf("after []: %v", got)
	}
	if got = set(`{"phones":null}`); len(got) != 0 {
		t.Errorf("after null: %v", got)
	}
}

func TestReadPhoneNumbers(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"2125550100": "+12125550100", "+1 (212) 555-0100": "+12125550100", "12125550100": "+12125550100",
		"+49 30 901820": "+4930901820", "212/555.0100": "+12125550100",
		"": "", "555-0100": "", "call me": "", "212555010000": "", "+1": "", "21255+50100": "", "+1234567890123456": "",
	} {
		if got, ok := normalize(raw, "us"); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", raw, got, ok, want)
		}
	}
	if _, ok := normalize("030 901820", "DE"); ok {
		t.Error("a German number without its plus is accepted")
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1, Dialect: DialectLater})
	note := x.object(x.send("POST", "/contacts/78/notes", `{"text":"Prefers bridge loans"}`), 201)
	want := map[string]any{
		"id": 78001.0, "text": "Prefers bridge loans", "created_by": map[string]any{"id": 1201.0, "name": "Jordan Avery"},
		"created_at": "2026-03-20T15:30:45Z", "updated_at": "2026-03-20T15:30:45Z",
	}
	if !reflect.DeepEqual(note, want) {
		t.Errorf("got %v, want %v", note, want)
	}
	for i := range 5 {
		x.object(x.send("POST", "/contacts/78/notes", fmt.Sprintf(`{"text":"note %d"}`, i)), 201)
	}
	x.clock.advance(time.Minute)
	edited := x.object(x.send("PATCH", "/contacts/78/notes/78001", `{"text":"Prefers CMBS"}`), 200)
	if edited["text"] != "Prefers CMBS" || edited["updated_at"] != "2026-03-20T15:31:45Z" || edited["created_at"] != want["created_at"] {
		t.Errorf("edited: %v", edited)
	}
	x.object(x.send("DELETE", "/contacts/78/notes/78003", ""), 200)
	ids, pages := x.walk("/contacts/78/notes?limit=2", nil)
	if !slices.Equal(ids, []int64{78001, 78002, 78004, 78005, 78006}) || pages != 3 {
		t.Errorf("the list is %v in %d pages", ids, pages)
	}
	x.wantError(x.send("POST", "/contacts/78/notes", `{"text":"  "}`), 422, "validation_error", "text must not be blank")
	x.wantError(x.send("PATCH", "/contacts/78/notes/78001", `{}`), 422, "validation_error", "text must not be blank")
	x.wantError(x.send("PATCH", "/contacts/78/notes/5", `{"text":"x"}`), 404, "not_found", "Note not found")
	x.wantError(x.send("DELETE", "/contacts/5/notes/5", ""), 404, "not_found", "Note not found")
	x.wantError(x.get("/contacts/5/notes"), 404, "not_found", "Contact not found")
	x.wantError(x.send("POST", "/contacts/5/notes", `{"text":"x"}`), 404, "not_found", "Contact not found")
	x.wantError(x.get("/contacts/78/notes?limit=0"), 400, "bad_request", "limit must be a number from 1 to 200")
	x.wantError(x.get("/contacts/78/notes?cursor=x"), 400, "bad_request", "cursor is not one this service gave out")
}

// Seeded notes are the same on every run, and someone else writes some, too.
func TestNotesOfOthers(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 200, Notes: true})
	if texts := x.s.Notes(78); len(texts) != 3 || !slices.Equal(texts, start(t, Options{Contacts: 5, Notes: true}).s.Notes(78)) {
		t.Errorf("the first contact has %q", texts)
	}
	id := x.s.SetNote(78, 0, "from a colleague")
	x.s.SetNote(78, 78001, "")
	ids, _ := x.walk("/contacts/78/notes?limit=30", nil)
	if !slices.Equal(ids, []int64{78002, 78003, id}) {
		t.Errorf("ids %v", ids)
	}
}

func TestCompanies(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 300, Dialect: DialectLater})
	one := x.object(x.get("/companies/1000"), 200)
	if one["name"] != "Meridian Capital" || one["website"] != "https://www.meridiancapital.com" || one["company_type"] != nil {
		t.Errorf("got %v", one)
	}
	ids, pages := x.walk("/companies?limit=20", nil)
	if pages < 3 || !slices.IsSorted(ids) || ids[0] != 1000 {
		t.Errorf("%v in %d pages", ids, pages)
	}
	made := x.object(x.send("POST", "/companies", `{"name":"Acme Bridge","company_type":"lender","city":"Boston"}`), 201)
	if again := x.object(x.get(fmt.Sprintf("/companies/%.0f", made["id"])), 200); again["name"] != "Acme Bridge" || again["city"] != "Boston" {
		t.Errorf("got %v", again)
	}
	if now, _ := x.walk("/companies?limit=30", nil); len(now) != len(ids)+1 {
		t.Errorf("%d companies, had %d", len(now), len(ids))
	}
	x.wantError(x.send("POST", "/companies", `{"name":"Acme"}`), 422, "validation_error", "company_type is required")
	x.wantError(x.send("POST", "/companies", `{"company_type":"sponsor"}`), 422, "validation_error", "name is required")
	x.wantError(x.send("POST", "/companies", `{"name":" ","company_type":"bank","x":1}`), 422, "validation_error",
		"company_type must be lender or sponsor; name must be 1 to 255 characters; x is not a field of a company")
	changed := x.object(x.send("PATCH", "/companies/1000", `{"name":"Meridian","website":null}`), 200)
	if changed["name"] != "Meridian" || changed["website"] != nil {
		t.Errorf("changed %v", changed)
	}
	x.wantError(x.get("/companies/5"), 404, "not_found", "Company not found")
}

func TestTextFieldsOfTheOptions(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 10, TextFields: []string{"assistant", "title"}})
	if c := x.object(x.get("/contacts/78"), 200); c["assistant"] != nil || c["title"] == nil {
		t.Errorf("an added field and one there was: %v", c)
	}
	for body, status := range map[string]int{`{"assistant":"Ann Bo"}`: 200, `{"assistant":7}`: 422, `{"butler":"x"}`: 422} {
		if r := x.send("PATCH", "/contacts/142", body); r.status != status {
			t.Errorf("%s: %d, want %d", body, r.status, status)
		}
	}
	rows := x.rows(x.get("/contacts?sort=assistant&limit=2"))
	if rows[0]["assistant"] != "Ann Bo" || rows[0]["id"] != 142.0 || rows[1]["assistant"] != nil {
		t.Errorf("sorted by an added field: %v", rows)
	}
	if c := x.object(x.send("PATCH", "/contacts/142", `{"assistant":null}`), 200); c["assistant"] != nil {
		t.Errorf("cleared: %v", c["assistant"])
	}
}
