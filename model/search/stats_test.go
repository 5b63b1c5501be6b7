package search

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

func TestStatsOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	var book model.Book
	add := func(id int64, fields map[model.FieldID]string) {
		values := map[model.FieldID]model.Value{}
		for f, s := range fields {
			values[f] = model.TextValue(s)
		}
		book.Put(model.NewContact(id, values).Pack())
	}
	add(1, map[model.FieldID]string{model.FieldType: "lender", model.FieldState: "TX", model.FieldEmail: "a@acme.com",
		model.FieldCreated: "2026-11-01T00:00:00Z", model.FieldUpdated: "2026-11-19T00:00:00Z"})
	add(2, map[model.FieldID]string{model.FieldType: "lender", model.FieldState: "TX",
		model.FieldCreated: "2025-12-31T23:59:59Z", model.FieldUpdated: "2026-10-31T23:59:59Z"})
	add(3, map[model.FieldID]string{model.FieldType: "sponsor", model.FieldEmail: "b@acme.com",
		model.FieldCreated: "2024-01-01T00:00:00Z", model.FieldUpdated: "2025-01-01T00:00:00Z"})
	s, err := StatsOf(context.Background(), book.Snapshot(), now)
	if err != nil {
		t.Fatal(err)
	}
	if s.Total != 3 || s.NoEmail != 1 || s.NoPhone != 3 || s.Stale != 1 {
		t.Errorf("%+v", s)
	}
	if s.Types[0] != (Facet{"lender", 2}) || s.States[0] != (Facet{"TX", 2}) || s.Companies[0] != (Facet{"acme.com", 2}) {
		t.Errorf("types %v, states %v, companies %v", s.Types, s.States, s.Companies)
	}
	if n := len(s.Created); n != 12 || s.Created[0].Begins.Format("2006-01") != "2025-12" || s.Created[0].Count != 1 ||
		s.Created[11].Count != 1 || s.Updated[10].Count != 1 || s.Updated[11].Count != 1 {
		t.Errorf("created %v, updated %v", s.Created, s.Updated)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := StatsOf(ended, book.Snapshot(), now); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
	if s, err := StatsOf(context.Background(), model.Snapshot{}, now); err != nil || s.Total != 0 {
		t.Errorf("of nothing: %+v, %v", s, err)
	}
}
