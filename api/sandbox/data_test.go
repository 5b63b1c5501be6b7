package sandbox

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func everybody(t *testing.T, o Options) []map[string]any {
	t.Helper()
	x := start(t, o)
	var all []map[string]any
	ids, _ := x.walk("/contacts?limit=200&fields=id", nil)
	disconnectedCount, _ := x.walk("/contacts?limit=200&fields=id&filter%5Bis_connected%5D=false", nil)
	for _, id := range append(ids, disconnectedCount...) {
		c, ok := x.s.Contact(id)
		if !ok {
			t.Fatalf("no contact %d", id)
		}
		all = append(all, c)
	}
	return all
}

func TestDataIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	a := everybody(t, Options{Contacts: 250})
	b := everybody(t, Options{Contacts: 250, Seed: defaultSeed, Now: time.Now})
	if !reflect.DeepEqual(a, b) {
		t.Error("two sandboxes with one seed differ")
	}
	more := everybody(t, Options{Contacts: 300})
	if !reflect.DeepEqual(a[:250], more[:250]) {
		t.Error("the number of contacts changes the contacts")
	}
	c := everybody(t, Options{Contacts: 250, Seed: 7})
	same := 0
	for i := range a {
		if a[i]["last_name"] == c[i]["last_name"] {
			same++
		}
	}
	if same > 50 {
		t.Errorf("another seed has %d of %d names in common", same, len(a))
	}
}

func TestTheTwoPeopleOfThePage(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{0, 7} {
		x := start(t, Options{Contacts: 1284, Seed: seed, Dialect: DialectMarch})
		rows := x.rows(x.get("/build/contacts?limit=2"))
		if rows[0]["id"] != 78.0 || rows[0]["last_name"] != "Chen" || rows[1]["id"] != 142.0 || rows[1]["last_name"] != "Rodriguez" ||
			rows[1]["is_connected"] != true {
			t.Errorf("seed %d: the list begins with %v", seed, rows)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	const rows = 100_000
	g := &generator{rows: rows}
	last, strayCount := int64(0), 0
	for i := range rows {
		id := seedID(i)
		if id <= last {
			t.Fatalf("row %d: id %d after %d", i, id, last)
		}
		last = id
		if n, disconnected, ok := g.index(id); !ok || disconnected || n != i {
			t.Fatalf("id %d: row %d %v %v, want %d", id, n, disconnected, ok, i)
		}
		if hasDisconnected(i) {
			strayCount++
			if id = disconnectedID(i); id <= last {
				t.Fatalf("row %d: the one beside it has id %d", i, id)
			}
			last = id
			if n, disconnected, ok := g.index(id); !ok || !disconnected || n != i {
				t.Fatalf("id %d: row %d %v %v, want the one beside %d", id, n, disconnected, ok, i)
			}
		} else if _, _, ok := g.index(disconnectedID(i)); ok {
			t.Fatalf("row %d has somebody beside it", i)
		}
	}
	if strayCount != disconnectedCount(rows) {
		t.Errorf("%d strays, want %d", strayCount, disconnectedCount(rows))
	}
	for _, id := range []int64{-1, 0, 77, 79, seedID(rows)} {
		if _, _, ok := g.index(id); ok {
			t.Errorf("id %d is somebody", id)
		}
	}
}

func TestCompaniesAreFoundFromBothSides(t *testing.T) {
	t.Parallel()
	g := &generator{rows: 1000}
	byCompany := map[int64][]int{}
	for i := range g.rows {
		byCompany[companyID(i)] = append(byCompany[companyID(i)], i)
		if i > 0 && companyID(i) == companyID(i-1) {
			t.Errorf("rows %d and %d are of one company", i-1, i)
		}
	}
	for company, rows := range byCompany {
		if got := g.employees(company); !slices.Equal(got, rows) {
			t.Errorf("company %d: %v, want %v", company, got, rows)
		}
	}
	for _, nobody := range []int64{0, 5, 5_000_000, 1 << 62} {
		if got := g.employees(nobody); len(got) != 0 {
			t.Errorf("company %d has %v", nobody, got)
		}
	}
}

func TestDataIsPlausible(t *testing.T) {
	t.Parallel()
	all := everybody(t, Options{Contacts: 2000})
	const connected = 2000
	count := map[string]int{}
	domains := map[string]map[string]bool{}
	for _, c := range all {
		for name, v := range c {
			if v == nil {
				count["no "+name]++
			}
		}
		if c["is_primary"] == true {
			count["primary"]++
		}
		if c["is_connected"] == false {
			count["not connected"]++
			if c["is_primary"] == true {
				t.Errorf("%v is primary and not connected", c["id"])
			}
		}
		if kind, ok := c["contact_type"].(string); ok {
			count[kind]++
			if types := c["contact_types"].([]any); types[0] != kind {
				t.Errorf("%v: contact_types %v, contact_type %v", c["id"], types, kind)
			}
			if email, ok := c["email"].(string); ok {
				_, domain, _ := strings.Cut(email, "@")
				if domains[domain] == nil {
					domains[domain] = map[string]bool{}
				}
				domains[domain][kind] = true
			}
		}
		if name, ok := c["last_name"].(string); ok && strings.ContainsFunc(name, func(r rune) bool { return r > 127 }) {
			count["accents"]++
		}
		checkContact(t, c)
	}
	for what, share := range map[string][2]float64{
		"no email": {.02, .06}, "no title": {.01, .04}, "no department": {.05, .15}, "no address": {.02, .08}, "no linkedin_url": {.15, .3},
		"no contact_type": {.001, .02}, "no owner_account_id": {.003, .03}, "no first_name": {.001, .01}, "no photo_url": {.9, .99},
		"primary": {.1, .25}, "not connected": {.07, .09}, "sponsor": {.3, .48}, "lender_contact": {.55, .75}, "accents": {.04, .2},
	} {
		if got := float64(count[what]) / connected; got < share[0] || got > share[1] {
			t.Errorf("%s: %.3f, want %.3f to %.3f", what, got, share[0], share[1])
		}
	}
	mixed := 0
	for _, kinds := range domains {
		if len(kinds) > 1 {
			mixed++
		}
	}
	if len(domains) < 250 || mixed > len(domains)/5 {
		t.Errorf("%d domains, %d of them of lenders and sponsors", len(domains), mixed)
	}
}

func checkContact(t *testing.T, c map[string]any) {
	t.Helper()
	created, err := time.Parse(time.RFC3339, c["created_at"].(string))
	if err != nil {
		t.Fatal(err)
	}
	updated, err := time.Parse(time.RFC3339, c["updated_at"].(string))
	if err != nil {
		t.Fatal(err)
	}
	first, last := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(epoch, 0)
	if created.Before(first) || updated.Before(created) || updated.After(last) {
		t.Errorf("%v: created %v, updated %v", c["id"], created, updated)
	}
	if d := created.Weekday(); d == time.Saturday || d == time.Sunday {
		t.Errorf("%v was created on a %v", c["id"], d)
	}
	if email, ok := c["email"].(string); ok {
		local, domain, found := strings.Cut(email, "@")
		if !found || local == "" || !strings.HasSuffix(domain, ".com") || strings.ContainsFunc(email, func(r rune) bool { return r > 127 || r == ' ' }) {
			t.Errorf("%v: e-mail %q", c["id"], email)
		}
	}
	if link, ok := c["linkedin_url"].(string); ok {
		if u, err := url.Parse(link); err != nil || u.Scheme != "https" || u.Host != "linkedin.com" {
			t.Errorf("%v: LinkedIn %q", c["id"], link)
		}
	}
	if zip, ok := c["zip"].(string); ok && (len(zip) != 5 || c["city"] == nil || c["state"] == nil || c["address"] == nil) {
		t.Errorf("%v: ZIP %q without the rest of the address", c["id"], zip)
	}
	if state, ok := c["state"].(string); ok && len(state) != 2 {
		t.Errorf("%v: state %q", c["id"], state)
	}
}

// The ZIP codes of a state begin with digits that belong to it.
func TestStreetsAreInTheirState(t *testing.T) {
	t.Parallel()
	words, err := newCatalog()
	if err != nil {
		t.Fatal(err)
	}
	area := map[string]string{
		"NY": "1", "MA": "0", "CT": "0", "NJ": "0", "PA": "1", "DC": "2", "MD": "2", "VA": "2", "NC": "2", "GA": "3", "FL": "3",
		"TN": "3", "AL": "3", "LA": "7", "TX": "7", "IL": "6", "MN": "5", "WI": "5", "MI": "4", "OH": "4", "IN": "4", "MO": "6",
		"NE": "6", "IA": "5", "CO": "8", "UT": "8", "AZ": "8", "NV": "8", "CA": "9", "OR": "9", "WA": "9", "ID": "8", "HI": "9",
	}
	for _, p := range words.places.items {
		for _, s := range p.streets {
			if area[p.state] == "" || !strings.HasPrefix(s.zip, area[p.state]) || len(s.zip) != 5 || s.low >= s.high {
				t.Errorf("%s, %s: %+v", p.city, p.state, s)
			}
		}
	}
	for i := range words.names.items {
		for _, n := range slices.Concat(words.names.items[i].given, words.names.items[i].family) {
			if n.plain == "" || n.text != strings.TrimSpace(n.text) || len([]rune(n.plain)) < len([]rune(n.text))-2 {
				t.Errorf("%q is %q in an address", n.text, n.plain)
			}
		}
	}
	for _, kind := range words.trades.items {
		if len(kind.roles.items) < 5 {
			t.Errorf("%s has %d titles", kind.kind, len(kind.roles.items))
		}
	}
}

// Every gap the documentation allows in a phone occurs in a demo's data.
func TestPhonesHaveAllGaps(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range everybody(t, Options{Contacts: 1284}) {
		list := c["phones"].([]any)
		seen[fmt.Sprint(len(list), " numbers")] = true
		for _, p := range list {
			for part, v := range p.(map[string]any) {
				seen[fmt.Sprintf("%s is null: %v", part, v == nil)] = true
				if part == "type" && v != nil {
					seen[v.(string)] = true
				}
				if part == "e164" && v != nil && !strings.Contains(v.(string), "55501") {
					t.Errorf("%v: %v could be somebody's number", c["id"], v)
				}
			}
		}
	}
	want := []string{"0 numbers", "1 numbers", "2 numbers", "mobile", "office", "fax"}
	for _, part := range []string{"id", "type", "raw", "country", "e164", "extension"} {
		want = append(want, part+" is null: true", part+" is null: false")
	}
	for _, w := range want {
		if !seen[w] {
			t.Errorf("never seen: %s, of %v", w, slices.Sorted(maps.Keys(seen)))
		}
	}
}

// The first screen is what the user sees first: complete, varied, and each mail of its company.
func TestFirstScreen(t *testing.T) {
	t.Parallel()
	x := start(t, Options{Contacts: 1284})
	rows := x.rows(x.get("/contacts?limit=32"))
	lastNames, stars, gaps := map[any]bool{}, 0, 0
	for i, r := range rows {
		lastNames[r["last_name"]] = true
		if r["is_primary"] == true {
			stars++
		}
		for _, name := range []string{"email", "title"} {
			if r[name] == nil {
				gaps++
			}
		}
		for _, name := range []string{"first_name", "last_name", "city", "state", "contact_type", "address", "zip"} {
			if r[name] == nil {
				t.Errorf("row %d has no %s", i, name)
			}
		}
		if i >= turn && r["email"] != nil && rows[i-turn]["email"] != nil {
			_, a, _ := strings.Cut(r["email"].(string), "@")
			_, b, _ := strings.Cut(rows[i-turn]["email"].(string), "@")
			if a != b || r["city"] != rows[i-turn]["city"] {
				t.Errorf("rows %d and %d: %s in %v, %s in %v", i-turn, i, b, rows[i-turn]["city"], a, r["city"])
			}
		}
	}
	if len(lastNames) < 29 || stars < 8 || stars > 18 || gaps == 0 || gaps > 4 {
		t.Errorf("%d last names, %d primary, %d gaps", len(lastNames), stars, gaps)
	}
}
