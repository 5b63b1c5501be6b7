package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func secret(t *testing.T, text string) config.Token {
	t.Helper()
	out, err := config.NewToken(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// jwt is a session token with these claims; nothing here checks a signature.
func jwt(t *testing.T, claims map[string]string, signature string) config.Token {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	part := func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
	return secret(t, part([]byte(`{"alg":"none"}`))+"."+part(payload)+"."+part([]byte(signature)))
}

func TestFingerprintTellsAccountsApart(t *testing.T) {
	t.Parallel()
	key := fingerprint(secret(t, testKey))
	if key != fingerprint(secret(t, testKey)) || len(key) != 16 || strings.Contains(testKey, key) {
		t.Errorf("the fingerprint of a key is %q", key)
	}
	if key == fingerprint(secret(t, testKey+"5")) {
		t.Error("two keys have one fingerprint")
	}
	ada := map[string]string{"iss": "lev", "sub": "ada"}
	if fingerprint(jwt(t, ada, "first signature")) != fingerprint(jwt(t, ada, "another signature")) {
		t.Error("a renewed session token looks like another account's")
	}
	if fingerprint(jwt(t, ada, "s")) == fingerprint(jwt(t, map[string]string{"iss": "lev", "sub": "bob"}, "s")) {
		t.Error("the tokens of two people have one fingerprint")
	}
}

func TestViewsKeepFilterAndSearch(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ filter, search string }{
		{"", ""}, {"state=NY,CA", ""}, {"", "chen !analyst"}, {"state=NY,CA primary=yes", "chen"}, {"", "/vp|svp/"}, {`city="New York"`, "title:director"},
	} {
		filter, query := splitFilter(joinFilter(v.filter, v.search))
		if filter != v.filter || query != v.search {
			t.Errorf("filter %q and search %q come back as %q and %q", v.filter, v.search, filter, query)
		}
	}
}

func TestSavedViewIsThereAtOnce(t *testing.T) {
	t.Parallel()
	in := config.Input{Home: t.TempDir()}
	cfg, err := config.Load(in)
	if err != nil {
		t.Fatal(err)
	}
	v := views{cfg}
	want := work.View{Name: "ny", Filter: "state=NY", Search: "chen", Sort: model.Sort{Field: model.FieldUpdated, Desc: true}, Columns: []string{"name"}}
	for range 2 {
		if err := v.SaveView(want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := v.Views()
	if err != nil || len(got) != 1 || got[0].Filter != want.Filter || got[0].Search != want.Search || got[0].Sort != want.Sort {
		t.Errorf("views are %+v, error %v", got, err)
	}
	loaded, err := config.Load(in)
	if err != nil || len(loaded.Views) != 1 || loaded.Views[0].Sort != "-updated_at" {
		t.Errorf("the file has %+v, error %v", loaded, err)
	}
	if err := v.RemoveView("ny"); err != nil || len(v.cfg.Views) != 0 {
		t.Errorf("views are %+v, error %v", v.cfg.Views, err)
	}
	if loaded, err := config.Load(in); err != nil || len(loaded.Views) != 0 {
		t.Errorf("the file has %+v, error %v", loaded, err)
	}
	if err := v.RemoveView("ny"); err == nil || !strings.Contains(err.Error(), "it stands in") {
		t.Errorf("error %v", err)
	}
}

func TestLogHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	key := secret(t, testKey)
	l := &requestLog{log: newLogger(&b, redact.New(key.Reveal()))}
	l.exchange(api.Exchange{At: time.Now(), Method: "GET", Path: "/api/external/v2/contacts/78?email=ada@example.com", Endpoint: "get", Attempt: 1,
		Status: 404, Duration: 12 * time.Millisecond, RequestID: "r-1", Kind: model.KindNotFound})
	l.problem("somebody wrote " + testKey + " into a message")
	for _, text := range []string{testKey, "ada@example.com", "/78"} {
		if strings.Contains(b.String(), text) {
			t.Errorf("the log holds %q: %s", text, b.String())
		}
	}
	var line map[string]any
	first, _, _ := strings.Cut(b.String(), "\n")
	if err := json.Unmarshal([]byte(first), &line); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"method": "GET", "path": "/api/external/v2/contacts/{id}", "status": 404.0, "ms": 12.0, "request_id": "r-1", "problem": "not_found", "level": "WARN"} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
}

func TestPathTemplate(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/v2/contacts/78": "/v2/contacts/{id}", "/v2/contacts/78/notes/9": "/v2/contacts/{id}/notes/{id}",
		"/v2/build/contacts?limit=50&cursor=abc": "/v2/build/contacts", "/api2/v2/me": "/api2/v2/me",
	} {
		if got := pathTemplate(path); got != want {
			t.Errorf("%s becomes %s, want %s", path, got, want)
		}
	}
}

// Every key that the user can bind is known to the configuration, and what is
// typed into text is not taken for an action there.
func TestInputNamesActionsAndColumns(t *testing.T) {
	t.Parallel()
	in := input()
	byName := map[string]config.Action{}
	for _, a := range in.Actions {
		byName[a.Name] = a
	}
	if !byName["form.save"].Typing || byName["contact.edit"].Typing {
		t.Error("it is not told apart where text is typed")
	}
	if len(in.Columns) < model.NumFields {
		t.Errorf("columns are %q", in.Columns)
	}
}
