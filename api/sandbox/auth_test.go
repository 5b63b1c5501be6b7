package sandbox

import (
	"reflect"
	"testing"
)

const jwt = "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0"

func TestTokensWithoutAKeyList(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	for token, want := range map[string]int{
		"lev_sk_x": 200, jwt: 200,
		"lev_sk_": 401, "sk_x": 401, "a.b": 401, "..": 401, "a.b.": 401, "a.b.c.d": 401, "": 401,
	} {
		x.token = token
		if got := x.get("/contacts").status; got != want {
			t.Errorf("%q: %d, want %d", token, got, want)
		}
	}
	x.token = "lev_sk_x"
	if got := x.get("/contacts", "Authorization: bearer lev_sk_x").status; got != 200 {
		t.Errorf("the scheme in lower case: %d", got)
	}
	if got := x.get("/contacts", "Authorization: Bearer lev_sk_x y").status; got != 401 {
		t.Errorf("two words: %d", got)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1, Keys: []Key{
		{Token: "lev_sk_all"},
		{Token: "lev_sk_reader", ReadOnly: true},
		{Token: "lev_sk_scoped", Scopes: []string{"contacts:read"}},
		{Token: "lev_sk_writer", Scopes: []string{"contacts:write"}},
		{Token: "lev_sk_none", Scopes: []string{}},
		{Token: "lev_sk_keeper", NoCreate: true},
	}})
	const body = `{"contact_type":"sponsor"}`
	for _, test := range []struct {
		token                  string
		list, get, post, patch int
		message                string
	}{
		{"lev_sk_all", 200, 200, 201, 200, ""},
		{"lev_sk_reader", 200, 200, 403, 403, "This API key is read-only"},
		{"lev_sk_scoped", 200, 200, 403, 403, "Missing required scope: contacts:write"},
		{"lev_sk_writer", 403, 403, 201, 200, "Missing required scope: contacts:read"},
		{"lev_sk_none", 403, 403, 403, 403, "Missing required scope: contacts:"},
		{"lev_sk_keeper", 200, 200, 403, 200, "User not authorized to create contact"},
		{"lev_sk_other", 401, 401, 401, 401, "Authentication required"},
	} {
		x.token = test.token
		got := []int{
			x.get("/contacts").status, x.get("/contacts/78").status,
			x.send("POST", "/contacts", body).status, x.send("PATCH", "/contacts/78", `{}`).status,
		}
		if want := []int{test.list, test.get, test.post, test.patch}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", test.token, got, want)
		}
		if test.token == "lev_sk_reader" {
			x.wantError(x.send("POST", "/contacts/78/notes", `{"text":"x"}`), 403, "forbidden", test.message)
		}
		if me := x.get("/me").status; (me == 200) != (test.list != 401) {
			t.Errorf("%s: GET /me is %d", test.token, me)
		}
	}
}

func TestRevokedToken(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1})
	x.object(x.get("/contacts/78"), 200)
	x.s.RevokeToken("lev_sk_test")
	x.wantError(x.get("/contacts/78"), 401, "unauthorized", "Authentication required")
	x.token = "lev_sk_new"
	x.object(x.get("/contacts/78"), 200)
}

func TestActiveAccount(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1, Keys: []Key{
		{Token: jwt, Account: "meridian-partners", Name: "Ann Lee", Role: "member"},
		{Token: jwt, Account: "harbor-point", Name: "Ann Lee", ReadOnly: true},
		{Token: "lev_sk_one", Account: "harbor-point"},
	}})
	x.token = jwt
	x.wantError(x.get("/contacts"), 400, "bad_request", "Active account required: send its slug as X-Active-Account")
	x.wantError(x.get("/contacts", "X-Active-Account: nobody"), 403, "forbidden", "You are not a member of the account in X-Active-Account")
	if r := x.get("/contacts", "X-Active-Account: harbor-point"); r.status != 200 {
		t.Errorf("with the header: %s", r.raw)
	}
	made := x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor"}`, "X-Active-Account: meridian-partners"), 201)
	if made["owner_account_id"] != 56.0 {
		t.Errorf("owner is %v", made["owner_account_id"])
	}
	x.wantError(x.send("POST", "/contacts", `{"contact_type":"sponsor"}`, "X-Active-Account: harbor-point"), 403, "forbidden", "This API key is read-only")
	unscoped := x.object(x.get("/me"), 200)
	want := []any{
		map[string]any{"id": 56.0, "slug": "meridian-partners", "name": "Meridian Partners"},
		map[string]any{"id": 57.0, "slug": "harbor-point", "name": "Harbor Point"},
	}
	if !reflect.DeepEqual(unscoped["available_accounts"], want) || unscoped["account"] != nil {
		t.Errorf("GET /me without a choice: %v", unscoped)
	}
	scoped := x.object(x.get("/me", "X-Active-Account: harbor-point"), 200)
	if !reflect.DeepEqual(scoped["account"], want[1]) || !reflect.DeepEqual(scoped["scopes"], []any{"contacts:read"}) {
		t.Errorf("GET /me with a choice: %v", scoped)
	}
	x.token = "lev_sk_one"
	made = x.object(x.send("POST", "/contacts", `{"contact_type":"sponsor"}`, "X-Active-Account: meridian-partners"), 201)
	if made["owner_account_id"] != 57.0 {
		t.Errorf("a key does not read the header, yet the owner is %v", made["owner_account_id"])
	}
}

func TestMe(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Tier: "standard"})
	got := x.object(x.get("/me"), 200)
	user := map[string]any{
		"id": 1201.0, "first_name": "Jordan", "last_name": "Avery", "full_name": "Jordan Avery",
		"email": "jordan.avery@meridian-partners.example", "role": "admin",
	}
	scopes := []any{"contacts:read", "contacts:write"}
	want := map[string]any{
		"user":    user,
		"account": map[string]any{"id": 56.0, "slug": "meridian-partners", "name": "Meridian Partners"},
		"platform": map[string]any{
			"api_tier": "standard", "granted_scopes": scopes,
			"rate_limits": map[string]any{"account_requests_per_minute": 100.0, "endpoint_requests_per_minute": 20.0},
		},
		"scopes": scopes,
	}
	profile := map[string]any{"read_only": false}
	for k, v := range user {
		profile[k] = v
	}
	want["profile"] = profile
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	free := start(t, Options{Tier: "unlimited"})
	limits := free.object(free.get("/me"), 200)["platform"].(map[string]any)["rate_limits"]
	if !reflect.DeepEqual(limits, map[string]any{"account_requests_per_minute": nil, "endpoint_requests_per_minute": nil}) {
		t.Errorf("without limits: %v", limits)
	}
}

func TestValidateKey(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Tier: "free", Keys: []Key{{Token: "lev_sk_good", ReadOnly: true}}})
	validate := func(body string, headers ...string) map[string]any {
		t.Helper()
		return x.object(x.send("POST", "/auth/validate-api-key", body, headers...), 200)
	}
	good := map[string]any{"valid": true, "user_id": 1201.0, "account_id": 56.0, "scopes": []any{"contacts:read"}, "tier": "free"}
	bad := map[string]any{"valid": false}
	for _, test := range []struct {
		got, want map[string]any
	}{
		{validate(`{"api_key":"lev_sk_good"}`, "Authorization:"), good},
		{validate(`{"api_key":"lev_sk_bad"}`, "Authorization:"), bad},
		{validate("", "Authorization: Bearer lev_sk_good"), good},
		{validate("", "Authorization:"), bad},
	} {
		if !reflect.DeepEqual(test.got, test.want) {
			t.Errorf("got %v, want %v", test.got, test.want)
		}
	}
	x.s.RevokeToken("lev_sk_good")
	if got := validate(`{"api_key":"lev_sk_good"}`); got["valid"] != false {
		t.Errorf("revoked: %v", got)
	}
	x.wantError(x.send("POST", "/auth/validate-api-key", `[1]`), 400, "bad_request", "The request body must be a JSON object")
	for range 4 {
		validate("")
	}
	if r := x.send("POST", "/auth/validate-api-key", ""); r.status != 429 {
		t.Errorf("the eleventh request in a minute: %d", r.status)
	}
}
