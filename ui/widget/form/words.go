package form

import (
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// emptyWord stands for a value that is or becomes empty, where a dash would be
// too little to say so.
const emptyWord = "(empty)"

// hiddenText warns of characters that the screen does not show.
const hiddenText = "hidden characters are in it"

// words is a value as the screen shows it, "" for nothing.
func words(def model.Field, v model.Value) string {
	switch {
	case def.Format != model.FormatBool:
		return visible(def.Show(v))
	case v.True():
		return "yes"
	}
	return "no"
}

// wordLines are the words, a line for each value of a list.
func wordLines(def model.Field, v model.Value) []string {
	if !def.List() {
		return []string{wordsOrEmpty(def, v)}
	}
	lines := def.Lines(v)
	for i, l := range lines {
		lines[i] = visible(l)
	}
	if len(lines) == 0 {
		lines = []string{emptyWord}
	}
	return lines
}

// pairs are a change in words, one pair for each value of a list.
func pairs(c model.Change) []model.Pair {
	def := c.Field.Def()
	if !def.List() {
		return []model.Pair{{Before: wordsOrEmpty(def, c.Before), After: wordsOrEmpty(def, c.After)}}
	}
	out := c.Pairs()
	for i := range out {
		p := &out[i]
		p.Before, p.After = visible(p.Before), visible(p.After)
		switch {
		case p.Before == "":
			p.Before = "(new)"
		case p.After == "":
			p.After = "(removed)"
		}
	}
	return out
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
