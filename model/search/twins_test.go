package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func reasons(list []Reason) string {
	var out []string
	for _, r := range list {
		out = append(out, r.String())
	}
	return strings.Join(out, ", ")
}

func TestTwins(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[
		{"id":1,"first_name":"Sarah","last_name":"Chen","email":"schen@meridian.com","linkedin_url":"https://www.linkedin.com/in/sarah-chen-cre/","city":"New York","phones":[{"id":5550100,"raw":"(212) 555-0100 ext 4","e164":"+12125550100","extension":"4"}]},
		{"id":2,"first_name":"James","last_name":"Rodriguez","email":"jr@eastdil.com","phones":[{"raw":"212.555.0100"}]},
		{"id":3,"first_name":"Mary-Ann","last_name":"O’Brien","email":"mary@gmail.com"},
		{"id":4,"first_name":"Jürgen","last_name":"Weiß","city":"München"},
		{"id":5,"first_name":"Dana"},
		{"id":6,"first_name":"Robert","last_name":"Schneider","email":"rs@eastdil.com"},
		{"id":7,"last_name":"Wei Zhang"},
		{"id":8,"linkedin_url":"https://linkedin.com/in/"},
		{"id":9,"linkedin_url":"https://eastdil.com"}]`)
	for _, c := range []struct {
		candidate string
		want      []string
	}{
		{`{"id":0,"email":" SCHEN@Meridian.com "}`, []string{"1 same e-mail (90)"}},
		{`{"id":1,"email":"schen@meridian.com"}`, nil}, // itself
		{`{"id":0,"email":"schen@meridian"}`, nil},
		{`{"id":0,"first_name":"sarah","last_name":"CHEN"}`, []string{"1 same name (50)"}},
		{`{"id":0,"first_name":"Sarah Chen","city":"new york"}`, []string{"1 same name, same city (60)"}},
		{`{"id":0,"first_name":"Chen","last_name":"Sarah"}`, []string{"1 first and last name swapped (45)"}},
		{`{"id":0,"first_name":"Sara","last_name":"Chen"}`, []string{"1 similar name (30)"}},
		{`{"id":0,"first_name":"S.","last_name":"Chen"}`, []string{"1 similar name (30)"}},
		{`{"id":0,"first_name":"Sarah","last_name":"Cheng","email":"other@meridian.com"}`, []string{"1 similar name, same e-mail domain (45)"}},
		{`{"id":0,"first_name":"Sarah"}`, nil},
		{`{"id":0,"first_name":"Sarah","last_name":"Miller"}`, nil},
		{`{"id":0,"first_name":"Rob","last_name":"Schneider"}`, []string{"6 similar name (30)"}},
		{`{"id":0,"first_name":"Bob","last_name":"Schneider"}`, []string{"6 similar name (30)"}},
		{`{"id":0,"first_name":"Jim","last_name":"Rodriguez","email":"jim@eastdil.com"}`, []string{"2 similar name, same e-mail domain (45)"}},
		{`{"id":0,"first_name":"Robert","last_name":"Schnieder"}`, []string{"6 similar name (30)"}},
		{`{"id":0,"first_name":"Maryann","last_name":"OBrien","email":"m@gmail.com"}`, []string{"3 similar name (30)"}},
		{`{"id":0,"first_name":"Mary Ann","last_name":"O'Brien"}`, []string{"3 same name (50)"}},
		{`{"id":0,"first_name":"jurgen","last_name":"weiss","city":"Munchen"}`, []string{"4 same name, same city (60)"}},
		{`{"id":0,"first_name":"DANA"}`, []string{"5 same name (50)"}},
		{`{"id":0,"first_name":"Wei","last_name":"Zhang"}`, []string{"7 same name (50)"}},
		{`{"id":0,"linkedin_url":"linkedin.com/in/Sarah-Chen-CRE?trk=x"}`, []string{"1 same LinkedIn (90)"}},
		{`{"id":0,"linkedin_url":"https://uk.linkedin.com/in/sarah%2Dchen-cre"}`, []string{"1 same LinkedIn (90)"}},
		{`{"id":0,"linkedin_url":"https://linkedin.com/in/"}`, nil},
		{`{"id":0,"linkedin_url":"https://linkedin.com/"}`, nil},
		{`{"id":0,"linkedin_url":"http://www.eastdil.com/"}`, nil},
		{`{"id":0,"phones":[{"raw":"+1 212 5550100"}]}`, []string{"1 same phone (45)", "2 same phone (45)"}},
		{`{"id":0,"first_name":"Sarah","last_name":"Chen","phones":["2125550100"]}`, []string{"1 same phone, same name (95)", "2 same phone (20)"}},
		{`{"id":0,"phones":[{"raw":"555-0100"}]}`, nil},
		{`{"id":0,"phones":[{"id":2125550100}]}`, nil},
		{`{"id":0,"phones":[{"raw":"4"}]}`, nil},
		{`{"id":0}`, nil},
	} {
		var candidate model.Contact
		decode(t, c.candidate, &candidate)
		twins, err := Twins(context.Background(), snap, candidate, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, twin := range twins {
			if snap.At(twin.Slot).ID() != twin.ID {
				t.Errorf("slot %d is not contact %d", twin.Slot, twin.ID)
			}
			got = append(got, fmt.Sprintf("%d %s (%d)", twin.ID, reasons(twin.Reasons), twin.Score))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("twins of %s: %q, want %q", c.candidate, got, c.want)
		}
	}
}

func TestTwinsLimitAndStop(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[{"id":1,"first_name":"Al","last_name":"Ray"},{"id":2,"first_name":"Al","last_name":"Ray","city":"Rome"},{"id":3,"email":"a@b.c"}]`)
	candidate := model.NewContact(0, map[model.FieldID]model.Value{model.FieldFirstName: model.TextValue("Al"), model.FieldLastName: model.TextValue("Ray"),
		model.FieldCity: model.TextValue("Rome"), model.FieldEmail: model.TextValue("a@b.c")})
	for limit, want := range map[int][]int64{-1: {}, 0: {}, 1: {3}, 2: {3, 2}, 9: {3, 2, 1}} {
		twins, err := Twins(context.Background(), snap, candidate, limit)
		got := []int64{}
		for _, twin := range twins {
			got = append(got, twin.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("limit %d: %v %v", limit, got, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Twins(ctx, snap, candidate, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

// The gate never closes on a contact that comparing would find.
func TestTwinsGate(t *testing.T) {
	t.Parallel()
	snap := fakeBook(t, 150)
	r := newRow(personFields())
	for i := range snap.Len() {
		r.load(snap.At(i))
		me := personOf(r, snap.At(i))
		gate := newGate(&me)
		for j := range snap.Len() {
			r.load(snap.At(j))
			open := gate.open(r, snap.At(j))
			other := personOf(r, snap.At(j))
			if _, score := me.compare(&other); score >= minTwin && !open {
				t.Fatalf("contact %d and %d: score %d behind a closed gate", snap.At(i).ID(), snap.At(j).ID(), score)
			}
		}
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[
		{"id":1,"first_name":"Sarah","last_name":"Chen","email":"schen@meridian.com","phones":["212 555 0100"]},
		{"id":2,"first_name":"James","last_name":"Rodriguez","email":"jr@eastdil.com","linkedin_url":"https://linkedin.com/in/jr"},
		{"id":3,"first_name":"Chen","last_name":"Sarah"},
		{"id":4,"first_name":"Jim","last_name":"Rodriguez","email":"JR@eastdil.com","linkedin_url":"http://www.linkedin.com/in/JR/"},
		{"id":5,"first_name":"Sara","last_name":"Chen","email":"sc@meridian.com"},
		{"id":6,"first_name":"Sarah","last_name":"Cheng","email":"sc2@meridian.com"},
		{"id":7,"first_name":"Sarah","last_name":"Cheng","email":"x@other.com"},
		{"id":8,"first_name":"Otto","last_name":"Olsen","email":"o@meridian.com","phones":["(212) 555-0100"]},
		{"id":9,"phones":["+12125550100"]},
		{"id":10,"first_name":"Anna","last_name":"Bell","email":"a@gmail.com"},
		{"id":11,"first_name":"Ana","last_name":"Bell","email":"b@gmail.com"}]`)
	var got []string
	if err := Pairs(context.Background(), snap, func(p Pair) bool {
		if p.Slots[0] >= p.Slots[1] || snap.At(p.Slots[0]).ID() != p.IDs[0] || snap.At(p.Slots[1]).ID() != p.IDs[1] {
			t.Errorf("pair %+v", p)
		}
		got = append(got, fmt.Sprintf("%d+%d %s (%d)", p.IDs[0], p.IDs[1], reasons(p.Reasons), p.Score))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2+4 same e-mail, same LinkedIn, similar name (210)", // Jim is James
		"1+9 same phone (45)",
		"8+9 same phone (45)",
		"1+3 first and last name swapped (45)",
		"6+7 same name (50)",
		"1+5 similar name, same e-mail domain (45)",
		"1+6 similar name, same e-mail domain (45)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("pairs\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPairsStop(t *testing.T) {
	t.Parallel()
	snap := bookOf(t, `[{"id":1,"email":"a@b.c"},{"id":2,"email":"a@b.c"},{"id":3,"email":"a@b.c"}]`)
	n := 0
	if err := Pairs(context.Background(), snap, func(Pair) bool { n++; return n < 2 }); err != nil || n != 2 {
		t.Errorf("%d pairs, %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Pairs(ctx, snap, func(Pair) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

// A thousand contacts behind one address are a chain and not half a million
// pairs, and do not hide the pairs among them.
func TestPairsOfManyWithOneAddress(t *testing.T) {
	t.Parallel()
	var b model.Book
	for i := range 1000 {
		values := map[model.FieldID]model.Value{model.FieldEmail: model.TextValue("info@x.com"), model.FieldFirstName: model.TextValue(fmt.Sprintf("f%04d", i))}
		if i == 10 || i == 900 {
			values[model.FieldFirstName], values[model.FieldLastName] = model.TextValue("Ann"), model.TextValue("Lee")
		}
		b.Put(model.NewContact(int64(i)+1, values).Pack())
	}
	n, found := 0, false
	if err := Pairs(context.Background(), b.Snapshot(), func(p Pair) bool {
		n++
		found = found || p.IDs == [2]int64{11, 901}
		return true
	}); err != nil || n != 1000 || !found {
		t.Errorf("%d pairs, %v, the two of one name: %v", n, err, found)
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"", "", 2, 0}, {"a", "", 2, 1}, {"chen", "chen", 0, 0}, {"chen", "chan", 2, 1}, {"chen", "chne", 2, 1}, {"chen", "hcne", 2, 2},
		{"chen", "cheng", 2, 1}, {"chen", "hen", 2, 1}, {"kitten", "sitting", 3, 3}, {"kitten", "sitting", 2, 3}, {"abcdef", "uvwxyz", 2, 3}, {"a", "abcdef", 2, 3},
	} {
		if got := distance([]rune(c.a), []rune(c.b), c.limit); got != c.want {
			t.Errorf("distance(%q, %q, %d) = %d, want %d", c.a, c.b, c.limit, got, c.want)
		}
		if got := distance([]rune(c.b), []rune(c.a), c.limit); got != c.want {
			t.Errorf("distance(%q, %q, %d) = %d, want %d", c.b, c.a, c.limit, got, c.want)
		}
	}
}
