package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestCursorsGoThroughEverything(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 49, 50, 51, 620} {
		x := start(t, Options{Contacts: n})
		ids, pages := x.walk("/contacts?limit=50&fields=id", nil)
		if len(ids) != n || pages != max(1, (n+49)/50) {
			t.Errorf("%d contacts: got %d in %d pages", n, len(ids), pages)
		}
		if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != n {
			t.Errorf("%d contacts: ids are not ascending", n)
		}
		if got := x.s.Total(); got != n {
			t.Errorf("Total is %d, want %d", got, n)
		}
	}
}

func TestCursorPagination(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 3})
	first := x.get("/contacts?limit=2")
	want := map[string]any{"total": 3.0, "limit": 2.0, "cursor": nil, "has_more": true, "next_cursor": first.Pagination["next_cursor"]}
	if !maps.Equal(first.Pagination, want) {
		t.Errorf("first page: %v", first.Pagination)
	}
	cursor := first.Pagination["next_cursor"].(string)
	last := x.get("/contacts?limit=2&cursor=" + url.QueryEscape(cursor))
	want = map[string]any{"total": 3.0, "limit": 2.0, "cursor": cursor, "has_more": false, "next_cursor": nil}
	if !maps.Equal(last.Pagination, want) {
		t.Errorf("last page: %v", last.Pagination)
	}
	if r := x.get("/contacts"); r.Pagination["limit"] != 50.0 {
		t.Errorf("default limit is %v", r.Pagination["limit"])
	}
}

func TestOffsetPagination(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 5})
	r := x.get("/contacts?sort=last_name&limit=2&offset=2")
	if want := (map[string]any{"total": 5.0, "limit": 2.0, "offset": 2.0, "has_more": true}); !maps.Equal(r.Pagination, want) {
		t.Errorf("pagination is %v", r.Pagination)
	}
	if r = x.get("/contacts?sort=last_name"); r.Pagination["offset"] != 0.0 || r.Pagination["has_more"] != false {
		t.Errorf("without an offset: %v", r.Pagination)
	}
	if r = x.get("/contacts?sort=last_name&offset=99"); len(x.rows(r)) != 0 || r.Pagination["has_more"] != false {
		t.Errorf("behind the end: %s", r.raw)
	}
}

func TestWrongQueries(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 100, SortableFields: []string{"last_name"}})
	const limit = "limit must be a number from 1 to 200"
	const cursor = "cursor is not one this service gave out"
	for query, message := range map[string]string{
		"limit=0": limit, "limit=201": limit, "limit=-1": limit, "limit=abc": limit, "limit=": limit, "limit=1.5": limit,
		"cursor=abc": cursor, "cursor=e30%3D": cursor, "cursor=eyJpZCI6Ing": cursor, "cursor=eyJpZCI6LTF9": cursor,
		"offset=10":                 "offset needs a sort; use cursor pagination without one",
		"sort=last_name&offset=-1":  "offset must be a number, 0 or more",
		"sort=last_name&offset=x":   "offset must be a number, 0 or more",
		"sort=email":                `sort by "email" is not supported`,
		"sort=-phones":              `sort by "phones" is not supported`,
		"sort=last_name,first_name": `sort by "last_name,first_name" is not supported`,
		"fields=id,salary":          `fields names "salary", which is not a field of a contact`,
		"filter[city]=Boston":       "filter[city] is not supported",
		"filter[is_connected]=no":   "filter[is_connected] must be true or false",
	} {
		x.wantError(x.get("/contacts?"+query), 400, "bad_request", message)
	}
	for _, query := range []string{"limit=1", "limit=200", "sort=-last_name", "unknown=1", "cursor=", "fields="} {
		if r := x.get("/contacts?" + query); r.status != 200 {
			t.Errorf("%s: %d %s", query, r.status, r.raw)
		}
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 2})
	want := `[{"id":78,"last_name":"Chen","updated_at":"2026-02-20T16:45:00Z"},` +
		`{"id":142,"last_name":"Rodriguez","updated_at":"2026-03-20T15:30:45Z"}]`
	if got := string(x.get("/contacts?fields=updated_at,%20last_name").Data); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := string(x.get("/contacts/78?fields=title").Data); got != `{"id":78,"title":"Senior Vice President"}` {
		t.Errorf("one contact: %s", got)
	}
	march := start(t, Options{Contacts: 2, Dialect: DialectMarch})
	march.wantError(march.get("/build/contacts?fields=phones"), 400, "bad_request", `fields names "phones", which is not a field of a contact`)
}

func TestConnectedFilter(t *testing.T) {
	t.Parallel()
	const query = "/contacts?limit=200&filter%5Bis_connected%5D="
	x := start(t, Options{Contacts: 1284})
	r := x.get(query + "false")
	rows := x.rows(r)
	if len(rows) != 107 || r.Pagination["total"] != 107.0 {
		t.Errorf("%d not connected, total %v", len(rows), r.Pagination["total"])
	}
	for _, row := range rows {
		if row["is_connected"] != false {
			t.Fatalf("connected: %v", row)
		}
		if got := x.get(fmt.Sprintf("/contacts/%.0f", row["id"])); got.status != 200 {
			t.Fatalf("GET of %v: %d", row["id"], got.status)
		}
	}
	if r := x.get(query + "true"); r.Pagination["total"] != 1284.0 {
		t.Errorf("connected: %v", r.Pagination)
	}
	for _, row := range x.rows(x.get("/contacts?limit=200")) {
		if row["is_connected"] != true {
			t.Fatalf("the default list has %v", row)
		}
	}
	ids, _ := x.walk(query+"false&sort=-created_at", nil)
	if len(ids) != 107 {
		t.Errorf("sorted: %d", len(ids))
	}
	ignores := start(t, Options{Contacts: 100, IgnoreConnectedFilter: true})
	if r := ignores.get(query + "false"); r.Pagination["total"] != 100.0 {
		t.Errorf("ignored: %v", r.Pagination)
	}
	refuses := start(t, Options{Contacts: 100, RefuseConnectedFilter: true})
	refuses.wantError(refuses.get(query+"false"), 400, "bad_request", "filter[is_connected] is not supported")
}

func TestCursorsSurviveChanges(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 100})
	all, _ := x.walk("/contacts?limit=200", nil)
	var added int64
	got, _ := x.walk("/contacts?limit=10", func(page int) {
		switch page {
		case 2:
			x.s.Remove(all[19]) // the contact the cursor names
			x.s.Remove(all[20]) // the next one
			x.s.Remove(all[5])  // one already seen
		case 3:
			added = x.s.Add(map[string]any{"last_name": "Late"})
			x.s.Update(all[40], map[string]any{"is_connected": false})
		}
	})
	want := slices.Concat(all[:20], all[21:40], all[41:], []int64{added})
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func TestSortOrder(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 150})
	// Case does not count, nulls are last, ties go by id.
	x.s.Update(78, map[string]any{"last_name": "aaa"})
	x.s.Update(142, map[string]any{"last_name": "AAA"})
	x.s.Update(213, map[string]any{"last_name": nil})
	for _, field := range []string{"first_name", "last_name", "email", "city", "contact_type", "is_primary", "created_at", "updated_at"} {
		up, _ := x.walk("/contacts?limit=40&fields=id&sort="+field, nil)
		down, _ := x.walk("/contacts?limit=40&fields=id&sort=-"+field, nil)
		if len(up) != 150 {
			t.Fatalf("%s: %d rows", field, len(up))
		}
		keys := map[int64]string{}
		for _, id := range up {
			c, _ := x.s.Contact(id)
			if keys[id] = strings.ToLower(fmt.Sprint(c[field])); c[field] == nil {
				keys[id] = "\U0010ffff"
			}
		}
		if !slices.IsSortedFunc(up, func(a, b int64) int {
			return cmp.Or(strings.Compare(keys[a], keys[b]), cmp.Compare(a, b))
		}) {
			t.Errorf("%s: not sorted", field)
		}
		slices.Reverse(down)
		if !slices.Equal(up, down) {
			t.Errorf("%s: descending is not the reverse", field)
		}
	}
	if ids, _ := x.walk("/contacts?limit=200&sort=last_name", nil); ids[0] != 78 || ids[1] != 142 || ids[149] != 213 {
		t.Errorf("case, ties, nulls: %v … %v", ids[:2], ids[149])
	}
	rare := start(t, Options{Contacts: 30, SortableFields: []string{"id", "owner_account_id", "is_connected"}})
	rare.s.Update(142, map[string]any{"owner_account_id": 7})
	rare.s.Update(213, map[string]any{"owner_account_id": nil})
	if ids, _ := rare.walk("/contacts?sort=owner_account_id", nil); ids[0] != 142 || ids[29] != 213 {
		t.Errorf("by owner: %v", ids)
	}
	for _, field := range []string{"id", "is_connected"} {
		if ids, _ := rare.walk("/contacts?sort="+field, nil); !slices.IsSorted(ids) {
			t.Errorf("by %s: %v", field, ids)
		}
	}
	none := start(t, Options{Contacts: 3, SortableFields: []string{}})
	none.wantError(none.get("/contacts?sort=-updated_at"), 400, "bad_request", `sort by "updated_at" is not supported`)
}

// A kept order must be what sorting again would give, whatever was written in between.
func TestSortedListsFollowWrites(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 60})
	fields := []string{"last_name", "-updated_at", "city", "email", "title"} // one more than is stored
	check := func(when string) {
		t.Helper()
		for _, f := range fields {
			got, _ := x.walk("/contacts?limit=200&fields=id&sort="+f, nil)
			fresh := x.s.book.orders
			x.s.book.orders = orders{}
			want, _ := x.walk("/contacts?limit=200&fields=id&sort="+f, nil)
			x.s.book.orders = fresh
			if !slices.Equal(got, want) {
				t.Errorf("%s, sorted by %s:\ngot  %v\nwant %v", when, f, got, want)
			}
		}
	}
	check("at the start")
	x.send("PATCH", "/contacts/78", `{"last_name":"Zzyzx","city":null}`)
	check("after a patch")
	id := x.s.Add(map[string]any{"last_name": "Mm", "email": "m@example.com"})
	check("after an addition")
	x.s.Remove(142)
	check("after a removal")
	x.s.Update(id, map[string]any{"is_connected": false, "title": 7})
	check("after a disconnection")
	if ids, _ := x.walk("/contacts?limit=200&sort=-updated_at", nil); ids[0] != 78 {
		t.Errorf("the latest change is %d", ids[0])
	}
}

func TestEmptyAccount(t *testing.T) {
	t.Parallel()
	x := start(t, Options{})
	if got := x.get("/contacts"); string(got.Data) != "[]" || got.Pagination["has_more"] != false || got.Pagination["total"] != 0.0 {
		t.Errorf("empty: %s", got.raw)
	}
	if got := x.get("/contacts?sort=last_name"); string(got.Data) != "[]" {
		t.Errorf("empty, sorted: %s", got.raw)
	}
}
