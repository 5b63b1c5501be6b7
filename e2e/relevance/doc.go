// Relevance measures how well a search finds people: go run ./e2e/relevance.
//
// It makes queries of ten kinds from the sample data, runs them through package
// search, through the engine that was in use before (baseline.go) and through the
// algorithm of fzf, and prints for each kind how many of the hits hold what was
// typed (precision) and how often a person sought stands first, among the first
// three and among the first ten. Similar hits count in places behind the direct
// ones, and not in the precision.
package main
