package search

import (
	"bytes"
	"embed"
	"slices"
	"strings"
	"sync"

	"github.com/levcontacts/levcontacts/model"
)

// What people use for each other: short forms of given names, the letters of
// the states, short forms of titles. The files name their sources.
//
//go:embed data/*.txt
var equalFiles embed.FS

// equal is another text for what was typed, and where it counts.
type equal struct {
	target model.FieldID
	word   word
	text   string
}

func (e equal) same(o equal) bool { return e.target == o.target && e.text == o.text }

// in says that the equal stands in the row: as words of a name or a title, or
// as a whole state.
func (e *equal) in(r *row) (ok bool) {
	text := r.folded(e.target)
	e.word.each(text, func(start, end int) bool {
		whole := e.target != model.FieldState || start == 0 && end == len(bytes.TrimRight(text, " "))
		ok = whole && wordStart(text, start) && wordEnd(text, end)
		return !ok
	})
	return ok
}

// equalsByText has the equals of each folded text of the files, without their words:
// a search needs a few of the thousands.
var equalsByText = sync.OnceValue(func() map[string][]equal {
	out := make(map[string][]equal)
	add := func(text string, target model.FieldID, other string) {
		e := equal{target: target, text: other}
		if text != other && !slices.ContainsFunc(out[text], e.same) {
			out[text] = append(out[text], e)
		}
	}
	for _, names := range equalLines("nicknames") {
		group := strings.Fields(names)
		for _, a := range group {
			for _, b := range group {
				add(a, model.FieldFirstName, b)
			}
		}
	}
	for file, targets := range map[string][]model.FieldID{
		"states": {model.FieldState}, "titles": {model.FieldTitle, model.FieldDepartment},
	} {
		for _, line := range equalLines(file) {
			short, long, _ := strings.Cut(line, " ")
			for _, target := range targets {
				add(short, target, long)
				add(long, target, short)
			}
		}
	}
	return out
})

// equalLines reads one of the files, folded.
func equalLines(name string) []string {
	data, err := equalFiles.ReadFile("data/" + name + ".txt")
	if err != nil {
		panic("search: " + err.Error()) // it is part of the program
	}
	var out []string
	for line := range strings.Lines(Fold(string(data))) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// longestEqual is how many words a text of the files has at most.
const longestEqual = 3

// equalsOf are the equals of what was typed for a term: for a term without a
// field all, otherwise those of its field.
func equalsOf(t *term, typed string) []equal {
	if t.not || t.extra != "" {
		return nil
	}
	all := equalsWithWords(strings.TrimRight(typed, "."))
	if t.targets == nil {
		return all
	}
	return slices.DeleteFunc(all, func(e equal) bool {
		own := slices.Contains(t.targets, e.target)
		return !own && (e.target != model.FieldFirstName || !slices.Contains(t.targets, nameTarget))
	})
}

// equalsWithWords are the equals of a folded text.
func equalsWithWords(text string) []equal {
	out := slices.Clone(equalsByText()[text])
	for i := range out {
		out[i].word = newWord(out[i].text)
	}
	return out
}

// joinEquals replaces words that follow each other and together have equals,
// such as "vice president", by the words or their equals.
func joinEquals(terms []term) []term {
	for i := 0; i < len(terms); i++ {
		for n := min(longestEqual, len(terms)-i); n > 1; n-- {
			run := terms[i : i+n]
			if slices.ContainsFunc(run, func(t term) bool { return !t.plainWord() }) {
				continue
			}
			var words []string
			for _, t := range run {
				words = append(words, Fold(t.text))
			}
			equals := equalsWithWords(strings.Join(words, " "))
			if len(equals) == 0 {
				continue
			}
			either := term{kind: kindAny, text: strings.Join(words, " "), any: [][]term{slices.Clone(run)}}
			for _, e := range equals {
				either.any = append(either.any, []term{{kind: kindWord, text: e.text, equals: []equal{e}}})
			}
			terms = slices.Replace(terms, i, i+n, either)
			break
		}
	}
	return terms
}

// Equals are the words that are used for a word, or for some words together, and
// so found for it: "robert" for "bob", "tx" for "texas".
func Equals(text string) []string {
	var out []string
	for _, e := range equalsByText()[Fold(text)] {
		out = append(out, e.text)
	}
	return out
}

// sameGiven says that two folded given names are used for each other.
func sameGiven(a, b string) bool {
	return slices.ContainsFunc(equalsByText()[a], func(e equal) bool {
		return e.target == model.FieldFirstName && e.text == b
	})
}
