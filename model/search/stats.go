package search

import (
	"context"
	"strconv"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// How far back Stats counts by month, and from when on a contact is stale.
const (
	statMonths = 12
	staleAfter = 365 * 24 * time.Hour
)

// Stats are figures of a book of contacts.
type Stats struct {
	Total     int
	Types     []Facet // the most frequent first; "" for none
	States    []Facet
	Companies []Facet
	NoEmail   int
	NoPhone   int
	Created   []Month // the last twelve, oldest first
	Updated   []Month
	Stale     int // not changed for a year
}

// Month is how many contacts something happened to in a month.
type Month struct {
	Begins time.Time
	Count  int
}

// StatsOf computes the figures of a book as of now, by the months of its place.
// The error is the context's.
func StatsOf(ctx context.Context, snap model.Snapshot, now time.Time) (Stats, error) {
	facets, err := FacetsWithin(ctx, snap, nil, Filter{},
		model.FieldType, model.FieldState, model.FacetCompany, model.FacetEmail, model.FacetPhone)
	if err != nil {
		return Stats{}, err
	}
	s := Stats{Total: snap.Len(), Types: facets[model.FieldType], States: facets[model.FieldState],
		Companies: facets[model.FacetCompany], Created: lastMonths(now), Updated: lastMonths(now)}
	no := func(field model.FieldID) (n int) {
		for _, f := range facets[field] {
			if f.Value == No {
				n = f.Count
			}
		}
		return n
	}
	s.NoEmail, s.NoPhone = no(model.FacetEmail), no(model.FacetPhone)
	stale := now.Add(-staleAfter).Unix()
	_, err = eachSlot(ctx, snap, nil, func(_ int32, p model.Packed) {
		if at, ok := p.Seconds(model.FieldCreated); ok {
			countMonth(s.Created, at)
		}
		if at, ok := p.Seconds(model.FieldUpdated); ok {
			countMonth(s.Updated, at)
			if at < stale {
				s.Stale++
			}
		}
	})
	return s, err
}

func lastMonths(now time.Time) []Month {
	out := make([]Month, statMonths)
	for i := range out {
		out[i].Begins = time.Date(now.Year(), now.Month()-time.Month(statMonths-1-i), 1, 0, 0, 0, 0, now.Location())
	}
	return out
}

// countMonth counts a moment, in seconds since 1970, in its month.
func countMonth(months []Month, at int64) {
	for i := len(months) - 1; i >= 0; i-- {
		if begins := months[i].Begins.Unix(); at >= begins {
			if at < months[i].Begins.AddDate(0, 1, 0).Unix() {
				months[i].Count++
			}
			return
		}
	}
}

// StatLine is a line of figures in words: a heading, or a count with the largest
// one beside it, for a bar. Left may be text of a contact and is not safe for a
// terminal.
type StatLine struct {
	Heading     bool
	Left        string
	Count, Most int // Most is 0 where a bar says nothing
}

// Bar is how many of so many cells a count fills; one that is not 0 fills one.
func (l StatLine) Bar(cells int) int {
	if l.Most == 0 || l.Count == 0 {
		return 0
	}
	return max(1, min(cells, l.Count*cells/l.Most))
}

// statRows is how many values of a field Lines names.
const statRows = 10

// Lines are the figures as people read them.
func (s Stats) Lines() []StatLine {
	lines := []StatLine{
		{Heading: true, Left: "Contacts"},
		{Left: "all", Count: s.Total, Most: s.Total},
		{Left: "without e-mail", Count: s.NoEmail, Most: s.Total},
		{Left: "without phone number", Count: s.NoPhone, Most: s.Total},
		{Left: "not changed for a year", Count: s.Stale, Most: s.Total},
	}
	for _, part := range []struct {
		title  string
		facets []Facet
	}{{"Types", s.Types}, {"States", s.States}, {"Companies", s.Companies}} {
		lines = append(lines, StatLine{Heading: true, Left: part.title})
		for _, l := range facetLines(part.facets) {
			if part.title == "Types" {
				l.Left = model.FieldType.Def().Show(model.TextValue(l.Left))
			}
			lines = append(lines, l)
		}
	}
	for _, part := range []struct {
		title  string
		months []Month
	}{{"Created", s.Created}, {"Last changed", s.Updated}} {
		lines = append(lines, StatLine{Heading: true, Left: part.title + ", by month"})
		most := 0
		for _, m := range part.months {
			most = max(most, m.Count)
		}
		for _, m := range part.months {
			lines = append(lines, StatLine{Left: m.Begins.Format("Jan 2006"), Count: m.Count, Most: most})
		}
	}
	return lines
}

// facetLines name the most frequent values, then the others together and those
// without one.
func facetLines(facets []Facet) []StatLine {
	var lines []StatLine
	none, others, more, most := 0, 0, 0, 0
	for _, f := range facets {
		switch {
		case f.Value == "":
			none = f.Count
		case len(lines) < statRows:
			lines, most = append(lines, StatLine{Left: f.Value, Count: f.Count}), max(most, f.Count)
		default:
			others, more = others+f.Count, more+1
		}
	}
	if more > 0 {
		lines = append(lines, StatLine{Left: strconv.Itoa(more) + " others", Count: others})
	}
	if none > 0 {
		lines = append(lines, StatLine{Left: "none", Count: none})
	}
	for i := range lines {
		lines[i].Most = max(most, 1)
	}
	return lines
}
