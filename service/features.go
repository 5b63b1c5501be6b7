package service

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// The facts about what a service lacks: when it was found out, RFC 3339.
const (
	factNoNotes     = "no-notes"
	factNoCompanies = "no-companies"
	factFixed       = "fixed-fields" // names with blanks between
)

// seen is what this run has met of the service.
type seen struct {
	later  onceSet // "later" once a contact had a field that came after March 2026
	asked  onceSet // what was found missing in this run
	notYet onceSet
}

// Features says what the service has beside the contacts of March 2026, as far
// as that is known. It sends nothing.
func (s *Service) Features(ctx context.Context) work.Features {
	presence := func(fact string, held bool) work.Presence {
		switch {
		case s.lacks(ctx, fact):
			return work.Lacking
		case held:
			return work.Present
		}
		return work.Unasked
	}
	out := work.Features{Notes: presence(factNoNotes, false), Companies: presence(factNoCompanies, false)}
	if s.seen.later.has("later") {
		out.Later = work.Present
	} else if s.seen.notYet.has("rows") {
		out.Later = work.Lacking
	}
	for name := range strings.FieldsSeq(s.fact(ctx, factFixed)) {
		if f, ok := model.FieldByName(name); ok {
			out.Fixed = append(out.Fixed, f.ID)
		}
	}
	return out
}

// learnFixed remembers the fields that the service does not change, and forgets
// those that it has changed.
func (s *Service) learnFixed(ctx context.Context, refusal *model.Error, changed model.Patch) {
	known := strings.Fields(s.fact(ctx, factFixed))
	now := slices.DeleteFunc(slices.Clone(known), func(name string) bool {
		f, ok := model.FieldByName(name)
		_, sent := changed.Get(f.ID)
		return !ok || sent && refusal == nil
	})
	if refusal != nil {
		for _, f := range refusal.FixedFields() {
			if !slices.Contains(now, f.Name()) {
				now = append(now, f.Name())
			}
		}
	}
	if !slices.Equal(now, known) {
		s.setFact(ctx, factFixed, strings.Join(now, " "))
	}
}

// meet learns from contacts whether the service has the later fields.
func (s *Service) meet(rows ...model.Packed) {
	if len(rows) == 0 {
		return
	}
	s.seen.notYet.add("rows")
	if rows[0].HasLater() {
		s.seen.later.add("later")
	}
}

// lacks says that the service was found not to have something. A later version
// of it is asked anew, once a run.
func (s *Service) lacks(ctx context.Context, fact string) bool {
	if s.seen.asked.has(fact) {
		return true
	}
	return !s.seen.later.has("later") && s.fact(ctx, fact) != ""
}

func (s *Service) learnLack(ctx context.Context, fact string) {
	s.seen.asked.add(fact)
	s.setFact(ctx, fact, s.o.Now().UTC().Format(time.RFC3339))
}

// has reports whether the text was met.
func (s *onceSet) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[text]
}
