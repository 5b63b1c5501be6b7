package api

import (
	"net/http"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func jsonAnswer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestNotesOfAContact(t *testing.T) {
	t.Parallel()
	r := newRig(t, jsonAnswer(200, `{"request_id":"r1","data":[{"id":"n-1","text":"a<b","created_by":{"id":7,"name":"Ann"},"created_at":"2026-01-01T00:00:00Z","updated_at":null},
		{"id":2,"text":"b","created_by":null}],"pagination":{"total":3,"has_more":true,"next_cursor":"c2"}}`))
	page, err := r.Notes(t.Context(), 78, "c1", work.Screen)
	if err != nil || len(page.Items) != 2 || page.Total != 3 || page.NextCursor != "c2" || page.RequestID != "r1" {
		t.Fatalf("%+v, %v", page, err)
	}
	if n := page.Items[0]; n != (model.Note{ID: "n-1", Text: "a<b", AuthorID: "7", Author: "Ann", Created: "2026-01-01T00:00:00Z"}) || page.Items[1].ID != "2" {
		t.Errorf("%+v", page.Items)
	}
	if q := r.requests[0]; q.method != "GET" || q.path != "/api/external/v2/contacts/78/notes" || q.query != "cursor=c1&limit=200" {
		t.Errorf("%+v", q)
	}
}

func TestWritesOfNotes(t *testing.T) {
	t.Parallel()
	r := newRig(t, jsonAnswer(201, `{"request_id":"r1","data":{"id":5,"text":"x"}}`))
	n, receipt, err := r.CreateNote(t.Context(), 78, "x\ny", "k1")
	if err != nil || n.ID != "5" || receipt.RequestID != "r1" || receipt.Status != 201 {
		t.Fatalf("%+v %+v %v", n, receipt, err)
	}
	if _, _, err = r.UpdateNote(t.Context(), 78, "a/b", "z", "k2"); err != nil {
		t.Fatal(err)
	}
	want := []seen{{method: "POST", path: "/api/external/v2/contacts/78/notes", body: `{"text":"x\ny"}`}, {method: "PATCH", path: "/api/external/v2/contacts/78/notes/a/b", body: `{"text":"z"}`}}
	for i, q := range r.requests {
		if q.method != want[i].method || q.path != want[i].path || q.body != want[i].body || q.header.Get("Idempotency-Key") != []string{"k1", "k2"}[i] {
			t.Errorf("%+v", q)
		}
	}
	for _, status := range []int{200, 204} {
		r := newRig(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if receipt, err := r.DeleteNote(t.Context(), 78, "5", ""); err != nil || receipt.Unknown || r.requests[0].method != "DELETE" {
			t.Errorf("%d: %+v %v", status, receipt, err)
		}
	}
	// What may have arrived is not sent again by itself.
	r = newRig(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, receipt, err = r.CreateNote(t.Context(), 78, "x", ""); err == nil || !receipt.Unknown || len(r.requests) != 1 {
		t.Errorf("%+v %v, %d requests", receipt, err, len(r.requests))
	}
}

func TestMissingRoute(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		want   bool
	}{
		{404, `{"request_id":"r","error":{"status":404,"type":"not_found","message":"Contact not found"}}`, false},
		{404, `{"request_id":"r","error":{"status":404,"type":"not_found","message":"No such path: /contacts/78/notes"}}`, true},
		{404, `<h1>Not Found</h1>`, true}, {405, `{}`, true}, {501, `{}`, true}, {403, `{}`, false}, {400, `{}`, false},
	} {
		r := newRig(t, jsonAnswer(c.status, c.body))
		if _, err := r.Notes(t.Context(), 78, "", work.Screen); err == nil || MissingRoute(err, "contact") != c.want {
			t.Errorf("%d %s: %v", c.status, c.body, err)
		}
	}
}

func TestCompanies(t *testing.T) {
	t.Parallel()
	r := newRig(t, jsonAnswer(200, `{"data":[{"id":12,"name":"Acme","website":"https://www.Acme.com/x","extra":1}],"pagination":{"has_more":false,"next_cursor":"z"}}`))
	page, err := r.Companies(t.Context(), "", work.Screen)
	if err != nil || len(page.Items) != 1 || page.NextCursor != "" || page.Items[0].Name != "Acme" || page.Items[0].Domain() != "acme.com" {
		t.Fatalf("%+v %v", page, err)
	}
	r = newRig(t, jsonAnswer(200, `{"data":{"id":12,"name":"Acme"}}`))
	if c, err := r.Company(t.Context(), 12, work.Screen); err != nil || c.ID != 12 {
		t.Errorf("%+v %v", c, err)
	}
	if _, err := r.Company(t.Context(), 0, work.Screen); err == nil {
		t.Error("company 0")
	}
	if _, _, err := r.CreateCompany(t.Context(), "Acme", model.CompanyLender, "k"); err != nil || r.requests[1].body != `{"name":"Acme","company_type":"lender"}` {
		t.Errorf("%+v %v", r.requests, err)
	}
	r = newRig(t, jsonAnswer(200, `{"data":[{"name":"no id"}]}`))
	if _, err := r.Companies(t.Context(), "", work.Screen); err == nil {
		t.Error("a company without an id")
	}
}
