package sandbox

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestOptionsErrors(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]Options{
		"Contacts is -1":            {Contacts: -1},
		"Contacts is 1000001":       {Contacts: 1_000_001},
		"Latency is -1s":            {Latency: -time.Second},
		`Tier is "gold"`:            {Tier: "gold"},
		"Dialect is 3":              {Dialect: 3},
		"ErrorShape is -1":          {ErrorShape: -1},
		"exclude each other":        {IgnoreConnectedFilter: true, RefuseConnectedFilter: true},
		`SortableFields has "x"`:    {SortableFields: []string{"last_name", "x"}},
		`SortableFields has "phon`:  {SortableFields: []string{"phones"}},
		`SortableFields has "addre`: {Dialect: DialectMarch, SortableFields: []string{"address2"}},
		"Keys[0] has no Token":      {Keys: []Key{{}}},
		"Keys[1] repeats":           {Keys: []Key{{Token: "lev_sk_a", Account: "a"}, {Token: "lev_sk_a", Account: "b"}}},
		"Keys[2] repeats":           {Keys: []Key{{Token: jwt, Account: "a"}, {Token: jwt}, {Token: jwt}}},
	} {
		if s, err := New(o); err == nil || s != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	_, err := New(Options{Contacts: -1, Tier: "gold"})
	if err == nil || !strings.Contains(err.Error(), "Contacts") || !strings.Contains(err.Error(), "Tier") {
		t.Errorf("two mistakes: %v", err)
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 100})
	plain := x.get("/contacts?fields=email")
	for accept, want := range map[string]string{
		"gzip": "gzip", "br, gzip;q=0.5": "gzip", "*": "gzip", "deflate": "", "gzip;q=0": "", "gzip; q=0.0": "", "": "", "gzip;q=x": "",
	} {
		r := x.get("/contacts?fields=email", "Accept-Encoding: "+accept)
		if got := r.header.Get("Content-Encoding"); got != want {
			t.Errorf("%q: Content-Encoding %q, want %q", accept, got, want)
			continue
		}
		if fmt.Sprint(len(r.raw)) != r.header.Get("Content-Length") {
			t.Errorf("%q: %d bytes, Content-Length %s", accept, len(r.raw), r.header.Get("Content-Length"))
		}
		if want == "" {
			continue
		}
		z, err := gzip.NewReader(strings.NewReader(r.raw))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(z)
		if err != nil || !strings.Contains(string(body), string(plain.Data)) || len(r.raw) >= len(body) {
			t.Errorf("%q: %v, %d bytes from %d", accept, err, len(r.raw), len(body))
		}
	}
	if r := x.get("/contacts/1", "Accept-Encoding: gzip"); r.header.Get("Content-Encoding") != "" {
		t.Error("a short answer is compressed")
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	var told []Entry
	ids := 0
	x := start(t, Options{
		Contacts: 1, KeepRequests: 3, Dialect: DialectLater,
		Log:   func(e Entry) { told = append(told, e) },
		NewID: func() string { ids++; return fmt.Sprint("id-", ids) },
	})
	x.get("/contacts?limit=5&fields=id", "Accept-Encoding: gzip")
	x.send("PATCH", "/contacts/78", `{"title":"x"}`, "Idempotency-Key: k1", "User-Agent: test/1")
	x.get("/contacts/78", "Authorization:")
	x.get("/build/contacts")
	if len(told) != 4 {
		t.Fatalf("told of %d requests", len(told))
	}
	kept := x.s.Requests()
	if !reflect.DeepEqual(kept, told[1:]) {
		t.Errorf("kept %+v", kept)
	}
	want := Entry{
		Time: x.clock.Now(), RequestID: "id-2", Method: "PATCH", Path: "/contacts/78", Endpoint: "patch", Account: "meridian-partners",
		Header: map[string][]string{
			"Content-Type": {"application/json"}, "Idempotency-Key": {"k1"}, "User-Agent": {"test/1"}, "X-Origin-App": {"sandbox-test"},
		},
		Body: []byte(`{"title":"x"}`), Status: 200, Applied: true,
	}
	if !reflect.DeepEqual(told[1], want) {
		t.Errorf("got  %+v\nwant %+v", told[1], want)
	}
	if e := told[0]; e.Query != "limit=5&fields=id" || e.Endpoint != "list" || e.Header.Get("Accept-Encoding") != "gzip" {
		t.Errorf("the list: %+v", e)
	}
	if e := told[2]; e.Status != 401 || e.Account != "" || e.Applied {
		t.Errorf("without a token: %+v", e)
	}
	if e := told[3]; e.Status != 404 || e.Endpoint != "" || e.Path != "/build/contacts" {
		t.Errorf("no such route: %+v", e)
	}
	if strings.Contains(fmt.Sprintf("%+v", told), "lev_sk_test") {
		t.Error("the log holds the token")
	}
	all := start(t, Options{KeepRequests: -1})
	for range 50 {
		all.get("/me")
	}
	if n := len(all.s.Requests()); n != 50 {
		t.Errorf("kept %d of all", n)
	}
}

func TestBehindTheClientsBack(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 10})
	x.door = x.s // what a contact holds here is not as documented, on purpose
	if !x.s.Update(78, map[string]any{"title": "EVP", "is_connected": false, "loyalty": map[string]any{"tier": "gold"}, "id": 5}) {
		t.Fatal("no contact 78")
	}
	c := x.object(x.get("/contacts/78"), 200)
	if c["id"] != 78.0 || c["title"] != "EVP" || c["updated_at"] != "2026-03-20T15:30:45Z" || !reflect.DeepEqual(c["loyalty"], map[string]any{"tier": "gold"}) {
		t.Errorf("after Update: %v", c)
	}
	if x.s.Total() != 9 || idsOf(x.rows(x.get("/contacts")))[0] != 142 {
		t.Error("a disconnected contact is in the default list")
	}
	x.s.Update(78, map[string]any{"title": 7, "is_primary": "yes", "updated_at": nil, "contact_types": "x", "phones": nil, "owner_account_id": nil})
	c = x.object(x.get("/contacts/78"), 200)
	for name, want := range map[string]any{
		"title": 7.0, "is_primary": "yes", "updated_at": nil, "contact_types": "x", "phones": nil, "owner_account_id": nil,
	} {
		if c[name] != want {
			t.Errorf("a wrong %s is sent as %v, want %v", name, c[name], want)
		}
	}
	c = x.object(x.send("PATCH", "/contacts/78", `{"title":"VP","is_primary":false,"phones":[]}`), 200)
	if c["title"] != "VP" || c["is_primary"] != false || !reflect.DeepEqual(c["phones"], []any{}) || c["updated_at"] != "2026-03-20T15:30:45Z" {
		t.Errorf("a patch puts it right: %v", c)
	}

	id := x.s.Add(map[string]any{"first_name": "Wu\u0301\x1b[31m", "contact_type": "sponsor", "created_at": "2026-01-01T00:00:00Z"})
	c, ok := x.s.Contact(id)
	if !ok || c["first_name"] != "Wu\u0301\x1b[31m" || c["is_connected"] != true || c["contact_type"] != "sponsor" ||
		!reflect.DeepEqual(c["contact_types"], []any{"sponsor"}) || c["created_at"] != "2026-01-01T00:00:00Z" {
		t.Errorf("added: %v", c)
	}
	if x.s.Total() != 10 {
		t.Errorf("Total is %d", x.s.Total())
	}
	if !x.s.Remove(id) || x.s.Remove(id) || x.s.Remove(5) || x.s.Update(id, nil) {
		t.Error("removed twice, or changed after that")
	}
	if _, ok := x.s.Contact(id); ok || x.get(fmt.Sprintf("/contacts/%d", id)).status != 404 {
		t.Error("still there")
	}
	if next := x.s.Add(nil); next != id+1 {
		t.Errorf("the id %d was given again as %d", id, next)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 500, Faults: mustFaults(t, "500@get:1/10")})
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 20 {
				switch (worker + i) % 8 {
				case 0:
					x.get("/contacts?limit=20")
				case 1:
					x.get("/contacts?limit=20&sort=-updated_at")
				case 2:
					x.send("PATCH", fmt.Sprintf("/contacts/%d", seedID(i)), fmt.Sprintf(`{"title":"%d"}`, worker))
				case 3:
					x.send("POST", "/contacts", `{"contact_type":"sponsor","is_primary":true,"company_id":1001}`)
				case 4:
					x.s.Update(seedID(i+30), map[string]any{"city": fmt.Sprint(worker)})
				case 5:
					x.s.Remove(x.s.Add(map[string]any{"last_name": "Brief"}))
				case 6:
					x.get("/contacts/78")
					x.s.Requests()
				case 7:
					x.s.SetFaults(mustFaults(t, "500@get:1/10"))
					x.s.Contact(78)
					x.s.Total()
				}
			}
		})
	}
	wg.Wait()
	ids, _ := x.walk("/contacts?limit=200", nil)
	if len(ids) != 500 || !slices.IsSorted(ids) || x.s.Total() != 500 {
		t.Errorf("%d contacts, Total %d", len(ids), x.s.Total())
	}
	byName, _ := x.walk("/contacts?limit=200&sort=-updated_at", nil)
	slices.Sort(byName)
	if !slices.Equal(ids, byName) {
		t.Error("the sorted list has other contacts")
	}
}

func TestAMillionContacts(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1_000_000})
	if got := idsOf(x.rows(x.get("/contacts?limit=2"))); !slices.Equal(got, []int64{78, 142}) {
		t.Errorf("the list begins with %v", got)
	}
	r := x.get("/contacts?limit=200&cursor=" + url.QueryEscape(*makeCursor(seedID(999_989))))
	rows := x.rows(r)
	if len(rows) != 10 || r.Pagination["has_more"] != false || r.Pagination["total"] != 1e6 || idsOf(rows)[9] != seedID(999_999) {
		t.Errorf("the list ends with %d rows, %v", len(rows), r.Pagination)
	}
	emails := map[any]bool{}
	for _, row := range rows {
		if email, ok := row["email"].(string); ok && (emails[email] || !strings.ContainsAny(email, "0123456789")) {
			t.Errorf("%s is the address of someone else, too", email)
		}
		emails[row["email"]] = true
	}
	r = x.get("/contacts?limit=1&filter%5Bis_connected%5D=false")
	if r.Pagination["total"] != 83333.0 {
		t.Errorf("not connected: %v", r.Pagination)
	}
}

func TestSleep(t *testing.T) {
	t.Parallel()
	if err := sleep(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
