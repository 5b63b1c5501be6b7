package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func TestListReadsThePageOfMarch2026(t *testing.T) {
	t.Parallel()
	r := newRig(t, says(200, `{"request_id":"b8c9","timestamp":"2026-03-20T15:30:45Z","data":[{"id":78,
		"contact_type":"lender_contact","first_name":"Sarah","last_name":"Chen","email":"","title":null,
		"is_primary":true,"owner_account_id":56,"phones":[{"raw":"1"}]}],
		"pagination":{"total":128,"limit":50,"has_more":true,"next_cursor":"eyJpZCI6IDc4fQ=="}}`))
	page, err := r.List(t.Context(), firstPage(), work.Screen)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "total", page.Total, 128)
	equal(t, "limit", page.Limit, 50)
	equal(t, "has more", page.HasMore, true)
	equal(t, "next cursor", page.NextCursor, "eyJpZCI6IDc4fQ==")
	equal(t, "request id", page.RequestID, "b8c9")
	c := page.Contacts()[0]
	equal(t, "id", c.ID(), 78)
	equal(t, "name", c.Name(), "Sarah Chen")
	equal(t, "email", c.Get(model.FieldEmail), model.TextValue(""))
	equal(t, "title", c.Get(model.FieldTitle), model.NullValue())
	equal(t, "city", c.Get(model.FieldCity), model.Value{})
	phones, _ := c.Extra("phones")
	equal(t, "phones", phones, `[{"raw":"1"}]`)
}

func TestListQueries(t *testing.T) {
	t.Parallel()
	title := model.Sort{Field: model.FieldTitle, Desc: true}
	tests := []struct {
		name string
		ask  model.Request
		want url.Values
	}{
		{"start", firstPage(), url.Values{"limit": {"50"}}},
		{"zero request", model.Request{}, url.Values{"limit": {"50"}}},
		{"cursor", model.ResumeList(model.ConnectedOnly, "a=b&c", 200), url.Values{"limit": {"200"}, "cursor": {"a=b&c"}}},
		{"not connected", model.CursorList(model.NotConnected, 1), url.Values{"limit": {"1"}, "filter[is_connected]": {"false"}}},
		{"sorted", model.SortedList(model.ConnectedOnly, title, 100, 50), url.Values{"limit": {"50"}, "sort": {"-title"}, "offset": {"100"}}},
		{"sorted start", model.SortedList(model.NotConnected, title, 0, 50),
			url.Values{"limit": {"50"}, "sort": {"-title"}, "offset": {"0"}, "filter[is_connected]": {"false"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, says(200, listOf(1)))
			if _, err := r.List(t.Context(), tt.ask, work.Screen); err != nil {
				t.Fatal(err)
			}
			got, err := url.ParseQuery(r.request(0).query)
			if err != nil || got.Encode() != tt.want.Encode() {
				t.Errorf("query is %v (%v), want %v", got, err, tt.want)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			says(200, listOf(1))(w, r)
			return
		}
		says(201, oneContact(142))(w, r)
	}
	r := newRig(t, handler, func(o *Options) { o.Account = "acme" })
	if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Create(t.Context(), newPatch(), nil, "key-1"); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"Authorization": "Bearer " + testToken, "X-Origin-App": "levcontacts/test",
		"X-Active-Account": "acme", "Accept": "application/json", "User-Agent": "levcontacts/test (test)", "Accept-Encoding": "gzip"}
	for name, value := range want {
		equal(t, name, r.request(0).header.Get(name), value)
		equal(t, name, r.request(1).header.Get(name), value)
	}
	equal(t, "headers of a read", len(r.request(0).header), len(want))
	equal(t, "Content-Type", r.request(1).header.Get("Content-Type"), "application/json")
	equal(t, "Idempotency-Key", r.request(1).header.Get("Idempotency-Key"), "key-1")
	equal(t, "headers of a write", len(r.request(1).header), len(want)+3) // and Content-Length
}

func TestNoAccountHeaderWithoutAccount(t *testing.T) {
	t.Parallel()
	r := newRig(t, says(200, oneContact(78)))
	c, id, err := r.Get(t.Context(), 78, work.Screen)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "id", c.ID(), 78)
	equal(t, "request id", id, "req-78")
	if _, sent := r.request(0).header["X-Active-Account"]; sent {
		t.Error("X-Active-Account was sent")
	}
	equalLists(t, "requests", r.log(), []string{"GET /contacts/78"})
}

func TestWriteBodies(t *testing.T) {
	t.Parallel()
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			says(201, oneContact(142))(w, r)
			return
		}
		says(200, oneContact(78))(w, r)
	}
	r := newRig(t, handler)
	c, receipt, err := r.Create(t.Context(), newPatch(), map[string]json.RawMessage{
		"company_id": json.RawMessage(" 7 "), "phones": json.RawMessage(`[ ]`)}, "")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "id", c.ID(), 142)
	equal(t, "receipt", receipt, Receipt{RequestID: "req-142", Status: 201, Attempts: 1, At: start()})
	equal(t, "body", r.request(0).body, `{"contact_type":"lender_contact","first_name":"James","company_id":7,"phones":[]}`)
	equal(t, "generated key", r.request(0).header.Get("Idempotency-Key"), "new-id")

	patch := model.NewPatch(
		model.Change{Field: model.FieldTitle, Before: model.TextValue("VP"), After: model.NullValue()},
		model.Change{Field: model.FieldCity, Before: model.NullValue(), After: model.TextValue("<Köln>")})
	if _, _, err = r.Update(t.Context(), 78, patch, "k"); err != nil {
		t.Fatal(err)
	}
	equal(t, "body", r.request(1).body, `{"title":null,"city":"<Köln>"}`)
	if _, _, err = r.Create(t.Context(), model.Patch{}, map[string]json.RawMessage{"contact_type": json.RawMessage(`"sponsor"`)}, "k"); err != nil {
		t.Fatal(err)
	}
	equal(t, "body", r.request(2).body, `{"contact_type":"sponsor"}`)
	equalLists(t, "requests", r.log(), []string{"POST /build/contacts", "PATCH /contacts/78", "POST /build/contacts"})
}

func TestWritesThatAreNotSent(t *testing.T) {
	t.Parallel()
	readOnly := func(o *Options) { o.ReadOnly = true }
	raw := func(s string) map[string]json.RawMessage {
		return map[string]json.RawMessage{"company_id": json.RawMessage(s)}
	}
	tests := []struct {
		name   string
		change func(*Options)
		do     func(*rig) (Receipt, error)
		want   string
	}{
		{"update read-only", readOnly, func(r *rig) (Receipt, error) {
			_, rec, err := r.Update(t.Context(), 78, titlePatch(), "k")
			return rec, err
		}, "save contact 78: this program was started read-only"},
		{"create read-only", readOnly, func(r *rig) (Receipt, error) {
			_, rec, err := r.Create(t.Context(), newPatch(), nil, "k")
			return rec, err
		}, "create contact: this program was started read-only"},
		{"nothing changed", nil, func(r *rig) (Receipt, error) {
			_, rec, err := r.Update(t.Context(), 78, model.Patch{}, "k")
			return rec, err
		}, "nothing has changed"},
		{"no id", nil, func(r *rig) (Receipt, error) {
			_, rec, err := r.Update(t.Context(), 0, titlePatch(), "k")
			return rec, err
		}, "positive"},
		{"no id to read", nil, func(r *rig) (Receipt, error) {
			_, _, err := r.Get(t.Context(), -1, work.Screen)
			return Receipt{}, err
		}, "positive"},
		{"extra is not JSON", nil, func(r *rig) (Receipt, error) {
			_, rec, err := r.Create(t.Context(), newPatch(), raw("{"), "k")
			return rec, err
		}, "company_id is not JSON"},
		{"extra is empty", nil, func(r *rig) (Receipt, error) {
			_, rec, err := r.Create(t.Context(), newPatch(), raw(""), "k")
			return rec, err
		}, "company_id is not JSON"},
		{"extra repeats a field", nil, func(r *rig) (Receipt, error) {
			_, rec, err := r.Create(t.Context(), newPatch(), map[string]json.RawMessage{"first_name": json.RawMessage(`"x"`)}, "k")
			return rec, err
		}, "first_name is given twice"},
		{"line break in the key", nil, func(r *rig) (Receipt, error) {
			_, rec, err := r.Update(t.Context(), 78, titlePatch(), "k\r\nX-Evil: 1")
			return rec, err
		}, "idempotency key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			change := func(o *Options) {
				if tt.change != nil {
					tt.change(o)
				}
			}
			r := newRig(t, says(500, ""), change)
			receipt, err := tt.do(r)
			e := failed(t, err, model.KindRefused)
			contains(t, "message", e.Error(), tt.want)
			equal(t, "receipt", receipt, Receipt{})
			equal(t, "requests", len(r.log()), 0)
		})
	}
}

func TestUnusableKeysAreNotSent(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{"empty": " \n", "line break": "lev_sk_a\r\nX-Evil: 1", "space": "two words"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, says(200, listOf()), func(o *Options) { o.Token = func() string { return token } })
			_, err := r.List(t.Context(), firstPage(), work.Screen)
			e := failed(t, err, model.KindUnauthorized)
			contains(t, "message", e.Message, "key")
			if strings.Contains(err.Error(), strings.TrimSpace(token)) && strings.TrimSpace(token) != "" {
				t.Errorf("error holds the key: %v", err)
			}
			equal(t, "requests", len(r.log()), 0)
		})
	}
}

func TestTokenIsAskedEachTime(t *testing.T) {
	t.Parallel()
	tokens := make(chan string, 16)
	for _, s := range []string{"old-key", "old-key", "old-key", "new-key", "new-key", "new-key"} {
		tokens <- s // the join key and two questions an attempt
	}
	r := newRig(t, says(200, listOf(1)), func(o *Options) { o.Token = func() string { return " " + <-tokens + "\n" } })
	for range 2 {
		if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "first", r.request(0).header.Get("Authorization"), "Bearer old-key")
	equal(t, "second", r.request(1).header.Get("Authorization"), "Bearer new-key")
}

func TestAnswerForAnotherContact(t *testing.T) {
	t.Parallel()
	r := newRig(t, says(200, oneContact(79)))
	_, _, err := r.Get(t.Context(), 78, work.Screen)
	e := failed(t, err, model.KindProtocol)
	contains(t, "message", e.Message, "asked for contact 78", "contact 79")
	_, receipt, err := r.Update(t.Context(), 78, titlePatch(), "k")
	failed(t, err, model.KindProtocol)
	equal(t, "unsure", receipt.Unknown, true)
	equal(t, "requests", len(r.log()), 2)
}

func TestNewRefusesOptions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, want string
		change     func(*Options)
	}{
		{"no token", "Token", func(o *Options) { o.Token = nil }},
		{"no origin", "X-Origin-App", func(o *Options) { o.Origin = "" }},
		{"origin", "origin", func(o *Options) { o.Origin = "a\nb" }},
		{"user agent", "user agent", func(o *Options) { o.UserAgent = "a\x7fb" }},
		{"account", "account", func(o *Options) { o.Account = "a\rb" }},
		{"timeout", "-1s", func(o *Options) { o.Timeout = -1e9 }},
		{"no CA file", "ca_file: open /nonexistent/ca.pem", func(o *Options) { o.CAFile = "/nonexistent/ca.pem" }},
		{"CA file without certificates", "client.go holds no PEM certificate", func(o *Options) { o.CAFile = "client.go" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := Options{BaseURL: "https://api.lev.com/api/external/v2", Token: func() string { return "k" }, Origin: "x"}
			tt.change(&o)
			_, err := New(o)
			if err == nil {
				t.Fatal("no error")
			}
			contains(t, "error", err.Error(), tt.want)
		})
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"https://api.levcapital.com/api/external/v2", "https://api.lev.com/api/external/v2/", "https://api.lev.com",
		"http://127.0.0.1:8080/api/external/v2", "http://127.9.9.9", "http://[::1]:1/x", "http://localhost:99", "http://LOCALHOST",
	} {
		if _, err := parseBase(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for bad, want := range map[string]string{
		"":                                  "absolute",
		"api.lev.com/v2":                    "absolute",
		"/api":                              "absolute",
		"ftp://api.lev.com":                 "absolute",
		"https:api.lev.com":                 "absolute",
		"https://":                          "absolute",
		"https://:443/x":                    "absolute",
		"http://api.lev.com":                "plain http",
		"http://localhost.evil.com":         "plain http",
		"http://127.0.0.1.evil.com":         "plain http",
		"http://0.0.0.0":                    "plain http",
		"http://10.0.0.1":                   "plain http",
		"https://user:s3cret@api.lev.com":   "user name",
		"https://api.lev.com?key=s3cret":    "query",
		"https://api.lev.com/#s3cret":       "query or a fragment",
		"https://api.lev.com/%zz?k=s3cret":  "not a valid address",
		"https://u:s3cret@api.lev.com:port": "not a valid address",
	} {
		_, err := parseBase(bad)
		if err == nil {
			t.Errorf("%q was taken", bad)
			continue
		}
		contains(t, "error", err.Error(), want)
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("error tells a secret: %v", err)
		}
	}
}
