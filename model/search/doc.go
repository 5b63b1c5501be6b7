// Package search finds, filters, orders and compares the contacts of a book
// without a request. It does no I/O and keeps no index: every search reads the
// packed rows, so nothing in it can be stale.
//
// One language serves the search bar, list, export, saved views and completion:
// Parser.Parse reads it, Query.Hints says what was taken differently from what it
// looks like, LooksAt and Examples say what can be typed. ParseFilter reads the
// part of it that is a Filter, "state=NY,CA primary=yes"; in a query the same
// words are a term.
//
// A search has two results, which a screen and a command keep apart:
//
//   - Result.Direct holds the contacts in which every word stands, begun or inside
//     a word, in any text, ranked by the table in weights.go. Contacts that are
//     found by a known equal (Bob for Robert, TX for Texas, SVP; data/*.txt) stand
//     behind the others. Only these are counted, marked and written out.
//   - Result.Similar holds contacts that match but for a mistake. Matcher.Find asks
//     for them when a caller wants them or when fewer than FewDirect are direct;
//     Matcher.Similar gives them alone, over whatever slots the screen shows.
//
// Match and MatchSimilar say which parts of a row to mark.
//
// Best match is the zero model.Sort: Direct comes in that order. Any other order
// is made by Sort over the same slots, during a search as well.
//
// Extends says when the hits of the last query are all that the next has to look
// at; it holds while a word is being typed. Similar contacts are never narrowed.
//
// FacetsWithin counts the values of any of model.FacetFields within some slots,
// normally the hits of the query before the filter; several facets are counted in
// one walk. Twins and Pairs find likely duplicates with the same folding, known
// equals and mistakes.
package search
