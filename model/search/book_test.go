package search

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// fakeBook makes n believable contacts, the same ones every time.
func fakeBook(tb testing.TB, n int) model.Snapshot {
	tb.Helper()
	firsts := []string{"Sarah", "James", "Priya", "Tomás", "Wei", "Anna", "Joanne", "Michael", "Zoë", "Robert", "Linda", "Maria", "David", "Susan", "Daniel", "Karen", "Hannah", "Omar", "Yuki", "Grace"}
	lasts := []string{"Chen", "Rodriguez", "Raman", "Aguilar", "Zhang", "Smith", "Müller", "O’Brien", "Johnson", "Weiß", "Nguyen", "Cohen", "Kim", "Okafor", "Hernandez", "Fischer", "Rossi", "Novak", "Kumar", "Schneider", "Lee", "Garcia", "Marchand", "Petrov"}
	titles := []string{"Senior Vice President", "Managing Director", "Principal", "Managing Partner", "Director of Originations", "Analyst", "Vice President", "Executive Vice President", "Chief Investment Officer", ""}
	depts := []string{"Originations", "Debt Capital Markets", "Acquisitions", "Asset Management", "Structured Finance", "", "Capital Markets"}
	cities := []string{"New York", "Los Angeles", "San Francisco", "Boston", "Chicago", "Dallas", "Miami", "Seattle", "Austin", "Nashville"}
	states := []string{"NY", "CA", "CA", "MA", "IL", "TX", "FL", "WA", "TX", "TN"}
	companies := []string{"meridiancapital.com", "eastdilsecured.com", "harborpoint.com", "aguilarcp.com", "firstharbor.com", "northgatelending.com", "blueridgecre.com", "statelinebank.com"}
	r := rand.New(rand.NewPCG(1, 2))
	base := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var b model.Book
	for i := range n {
		first, last := firsts[r.IntN(len(firsts))], lasts[r.IntN(len(lasts))]
		if i > 2000 { // more surnames than any list holds
			last += fmt.Sprintf("%c%c", 'a'+rune(r.IntN(26)), 'a'+rune(r.IntN(26)))
		}
		place := r.IntN(len(cities))
		kind := model.TypeLender
		if r.IntN(3) == 0 {
			kind = model.TypeSponsor
		}
		created := base.Add(time.Duration(r.IntN(60_000_000)) * time.Second)
		c := model.NewContact(int64(i)+1, map[model.FieldID]model.Value{
			model.FieldType:       model.TextValue(kind),
			model.FieldFirstName:  model.TextValue(first),
			model.FieldLastName:   model.TextValue(last),
			model.FieldTitle:      text(titles[r.IntN(len(titles))]),
			model.FieldDepartment: text(depts[r.IntN(len(depts))]),
			model.FieldEmail:      model.TextValue(fmt.Sprintf("%c%s%d@%s", Fold(first)[0], Fold(last), i, companies[r.IntN(len(companies))])),
			model.FieldLinkedIn:   model.TextValue(fmt.Sprintf("https://linkedin.com/in/%s-%s-%d", Fold(first), Fold(last), i)),
			model.FieldAddress:    model.TextValue(fmt.Sprintf("%d Main Street", r.IntN(900)+1)),
			model.FieldCity:       model.TextValue(cities[place]),
			model.FieldState:      model.TextValue(states[place]),
			model.FieldZip:        model.TextValue(fmt.Sprintf("%05d", 1000+r.IntN(98000))),
			model.FieldPrimary:    model.BoolValue(r.IntN(5) == 0),
			model.FieldConnected:  model.BoolValue(r.IntN(20) != 0),
			model.FieldOwner:      model.IntValue(56),
			model.FieldCreated:    model.TextValue(created.Format(time.RFC3339)),
			model.FieldUpdated:    model.TextValue(created.Add(time.Duration(r.IntN(9_000_000)) * time.Second).Format(time.RFC3339)),
		})
		b.Put(c.Pack())
	}
	return b.Snapshot()
}

func text(s string) model.Value {
	if s == "" {
		return model.NullValue()
	}
	return model.TextValue(s)
}

func decode(tb testing.TB, s string, v any) {
	tb.Helper()
	if err := json.Unmarshal([]byte(s), v); err != nil {
		tb.Fatal(err)
	}
}
