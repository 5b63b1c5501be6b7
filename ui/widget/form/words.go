package form

import (
	"strings"

	"levcontacts/internal/plain"
	"levcontacts/model"
)

// emptyWord stands for a value that is or becomes empty, where a dash would be
// too little to say so.
const emptyWord = "(empty)"

// hiddenText warns of characters that the screen does not show.
const hiddenText = "hidden characters are in it"

// words is a value as the screen shows it, "" for nothing.
func words(def model.Field, v model.Value) string {
	switch def.Format {
	case model.FormatBool:
		if v.True() {
			return "yes"
		}
		return "no"
	case model.FormatType:
		return visible(model.TypeLabel(v))
	default:
		return visible(v.String())
	}
}

// wordsOrEmpty is words with a word for nothing.
func wordsOrEmpty(def model.Field, v model.Value) string {
	if s := words(def, v); s != "" {
		return s
	}
	return emptyWord
}

// visible is cleaned text, and words for text in which nothing can be seen.
func visible(s string) string {
	c := plain.Clean(s)
	if s != "" && strings.TrimSpace(c) == "" {
		return "(only blanks or hidden characters)"
	}
	return c
}
