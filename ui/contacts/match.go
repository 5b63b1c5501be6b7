package contacts

import (
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

// matches remembers what the search found in the rows on the screen: they are
// drawn again with every key.
type matches map[int64]match

type match struct {
	row   model.Packed
	found search.Highlights
}

// mostMatches are more rows than any screen has.
const mostMatches = 1000

// Match is which parts of a row the search found, nil for nothing to mark.
func (m *Model) Match(p model.Packed) search.Highlights {
	id, q := p.ID(), m.order.query
	if known, ok := m.matches[id]; ok && known.row == p {
		return known.found
	}
	found, ok := search.Match(q, p)
	if !ok {
		found, _ = search.MatchSimilar(q, p)
	}
	if m.matches == nil || len(m.matches) >= mostMatches {
		m.matches = matches{}
	}
	m.matches[id] = match{p, found}
	return found
}

// setQuery chooses what is searched for.
func (m *Model) setQuery(q search.Query) { m.order.query, m.matches = q, nil }
