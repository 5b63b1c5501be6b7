package search

import "github.com/levcontacts/levcontacts/model"

// Classes of text beside those of the field table.
const (
	classCompany = model.ClassRest + 1 + iota
	classPhone
	numClasses = int(classPhone) + 1
)

// weight is what a match of one word is worth: the whole of a word, its
// beginning, or a place inside it.
type weight struct{ whole, begins, inside int }

// weights is how hits are ranked. People look for people by name, so every match
// in a name counts more than any other; then follows what is nearly a name (the
// e-mail address), what is on a business card in the order of how few people
// share it (phone, company, title, place), and the rest. Inside a class a whole
// word says more than a beginning, and a beginning more than a place inside.
var weights = [numClasses]weight{
	model.ClassName:  {100, 84, 64},
	model.ClassEmail: {56, 52, 46},
	classPhone:       {56, 52, 46},
	classCompany:     {44, 40, 34},
	model.ClassTitle: {32, 28, 24},
	model.ClassPlace: {22, 18, 14},
	model.ClassRest:  {12, 8, 6},
}

const (
	// shortInside is the worth of one or two letters inside a word, wherever it is:
	// they stand in half of all words and say nothing ("ny" in "Tiffany").
	shortInside = 3
	// lastName is added for a whole last name, by which people are filed.
	lastName = 2
	// scattered is the worth of ~word: letters in order, in the best of its places.
	scattered = 2
	// known is the worth of a known equal. It stands behind every contact in which
	// each word begins a word or is part of a name, and before those where a word
	// is only inside another: Edward is meant by "ted" less than Ted, and more than
	// a "Limited Partner".
	known = 50
	// asTyped is added when the words stand in the name in the order in which they
	// were typed: "d james" is Daniel James before James Daniels.
	asTyped = 24
	// phraseWhole and phraseBegins are added when the query as typed is the name,
	// or several words of it the beginning: "kelly james" is Kelly James before
	// James Kelly.
	phraseWhole, phraseBegins = 50, 30
)

// share is how much of its worth the n-th word of a query counts: what is typed
// first matters most.
func share(n int) int { return max(8-n, 4) }

// The scale of a hit's fit: strong ones lie above those with known equals and
// with words inside others, the worth of the words is spread over each half.
const (
	fitScale  = 4 // steps to a point of worth
	fitStrong = maxFit / 2
	maxFit    = 1024 // more than any fit
)
