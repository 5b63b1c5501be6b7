package api

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func TestMe(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, data string
		want       Me
	}{
		{"parts as published", `{"user":{"id":3},"profile":{"name":"Dana Reyes","email":"dana@acme.com","role":"admin"},
			"account":{"id":56,"name":"Acme","slug":"acme"},"subscription":{},
			"platform":{"api_tier":"Free","rate_limits":{"account":30,"endpoint":10},"permission_level":"read_only"},
			"scopes":["contacts:read","contacts:write"]}`,
			Me{Name: "Dana Reyes", Email: "dana@acme.com", Role: "admin", AccountID: 56, Account: "Acme", AccountSlug: "acme",
				Tier: "free", AccountLimit: 30, EndpointLimit: 10, Permission: "read_only", Scopes: []string{"contacts:read", "contacts:write"}}},
		{"other places", `{"user":{"first_name":"Dana","last_name":"Reyes"},"account_id":"7","account_name":"Acme","api_tier":"standard","role":"member",
			"platform":{"rate_limits":{"account":{"requests_per_minute":100,"window_seconds":60},"per_endpoint":{"requests_per_minute":20.0}}},
			"api_key":{"scopes":[{"name":"contacts:read"},{"scope":"deals:read"},7,{}]}}`,
			Me{Name: "Dana Reyes", AccountID: 7, Account: "Acme", Role: "member", Tier: "standard", AccountLimit: 100, EndpointLimit: 20,
				Scopes: []string{"contacts:read", "deals:read"}}},
		{"several endpoints", `{"platform":{"rate_limits":{"requests_per_minute":500,"endpoints":{"contacts":60,"deals":40},"requests_per_hour":9,"remaining":3}},
			"scope":"contacts:read contacts:write"}`,
			Me{AccountLimit: 500, EndpointLimit: 40, Scopes: []string{"contacts:read", "contacts:write"}}},
		{"a choice of accounts", `{"user":{"full_name":"Dana Reyes"},"available_accounts":[{"id":1,"slug":"acme","name":"Acme"},{"slug":"beta"},{"id":3},"x"]}`,
			Me{Name: "Dana Reyes", Accounts: []Account{{1, "acme", "Acme"}, {0, "beta", ""}}}},
		{"read-only flag", `{"profile":{"read_only":true},"platform":{"granted_scopes":["contacts:read"]}}`,
			Me{Permission: "read_only", Scopes: []string{"contacts:read"}}},
		{"no read-only flag", `{"profile":{"read_only":false},"read_only":"x"}`, Me{}},
		{"nothing", `{}`, Me{}},
		{"nulls", `{"profile":null,"account":null,"platform":{"rate_limits":null},"scopes":null}`, Me{}},
		{"odd types", `{"profile":[],"account":"x","platform":{"api_tier":{},"rate_limits":["a",{"account":-1}]},"scopes":{"a":1}}`, Me{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, says(200, `{"request_id":"r","data":`+tt.data+`}`))
			me, err := r.Me(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Known, tt.want.RequestID = true, "r"
			equal(t, "me", fmt.Sprintf("%+v", me), fmt.Sprintf("%+v", tt.want))
			equalLists(t, "requests", r.log(), []string{"GET /me"})
		})
	}
}

func TestMeWhereItDoesNotExist(t *testing.T) {
	t.Parallel()
	for _, code := range []int{404, 405, 501} {
		r := newRig(t, says(code, "<html>", "Content-Type", "text/html"))
		me, err := r.Me(t.Context())
		failed(t, err, model.KindNotFound)
		equal(t, "known", me.Known, false)
		equal(t, "requests", len(r.log()), 1)
	}
	r := newRig(t, says(200, `{"data":[]}`))
	_, err := r.Me(t.Context())
	contains(t, "message", failed(t, err, model.KindProtocol).Message, "not an object")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	list := map[string]http.HandlerFunc{"/build/contacts": says(200, listOf(1))}
	with := func(me http.HandlerFunc, lists http.HandlerFunc) http.HandlerFunc {
		return onPath(http.NotFound, map[string]http.HandlerFunc{"/me": me, "/build/contacts": lists})
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		kind    model.ErrorKind
		want    Me
		log     []string
	}{
		{"me", with(says(200, `{"request_id":"r","data":{"role":"x"}}`), nil), 0, Me{Known: true, Role: "x", RequestID: "r"}, []string{"GET /me"}},
		{"no me", onPath(http.NotFound, list), 0, Me{RequestID: "req-list"}, []string{"GET /me", "GET /build/contacts"}},
		{"me kept from the key", with(status(403), list["/build/contacts"]), 0, Me{RequestID: "req-list"}, []string{"GET /me", "GET /build/contacts"}},
		{"bad key", with(status(401), nil), model.KindUnauthorized, Me{}, []string{"GET /me"}},
		{"bad key, no me", with(status(404), status(401)), model.KindUnauthorized, Me{}, []string{"GET /me", "GET /build/contacts"}},
		{"wrong base URL", http.NotFound, model.KindNotFound, Me{}, []string{"GET /me", "GET /build/contacts", "GET /contacts"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.handler)
			me, err := r.Check(t.Context())
			equal(t, "kind", model.KindOf(err), tt.kind)
			equal(t, "me", fmt.Sprintf("%+v", me), fmt.Sprintf("%+v", tt.want))
			equalLists(t, "requests", r.log(), tt.log)
			if len(tt.log) == 2 {
				equal(t, "query", r.request(1).query, "limit=1")
			}
		})
	}
}

func TestWrites(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		me             Me
		allowed, known bool
	}{
		{Me{}, false, false},
		{Me{Scopes: []string{"contacts:read", "contacts:write"}}, true, true},
		{Me{Scopes: []string{"contacts:read"}}, false, true},
		{Me{Scopes: []string{"*"}}, true, true},
		{Me{Scopes: []string{"full_access"}}, false, false},
		{Me{Permission: "READ-ONLY", Scopes: []string{"contacts:write"}}, false, true},
		{Me{Permission: "read only"}, false, true},
		{Me{Permission: "read_write"}, false, false},
	} {
		if allowed, known := tt.me.Writes(); allowed != tt.allowed || known != tt.known {
			t.Errorf("%+v: %v, %v", tt.me, allowed, known)
		}
	}
}
