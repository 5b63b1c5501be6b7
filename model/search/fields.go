package search

import (
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// fieldByWord finds the field that a person means by the word before a colon:
// its JSON name, its command-line flag, or a shorter word for it.
func fieldByWord(word string) (model.FieldID, bool) {
	if word == nameWord {
		return nameTarget, true
	}
	for f := range model.FieldID(model.NumFacets) {
		f := f.Def()
		if f.Name == word || f.Flag != "" && f.Flag == word || slices.Contains(strings.Fields(f.Words), word) {
			return f.ID, true
		}
	}
	return 0, false
}

// nameWord is what a query calls first and last name together.
const nameWord = "name"

// FieldWords are the words before a colon that a query knows, the usual one of
// each field.
func FieldWords() []string {
	out := []string{nameWord}
	for _, f := range model.FieldTable() {
		out = append(out, f.Word())
	}
	return append(out, "company", "phones")
}

// allWords are FieldWords and their synonyms.
func allWords() []string {
	out := FieldWords()
	for _, f := range model.FieldTable() {
		out = append(out, strings.Fields(f.Words)[1:]...)
	}
	return out
}

// extraByWord finds a field that the contacts page of March 2026 does not
// name: those of later documents, and those seen in the book.
func extraByWord(word string, seen []string) (string, bool) {
	for _, f := range model.Fields() {
		if f.Later && (f.Name == word || f.Flag == word || slices.Contains(strings.Fields(f.Words), word)) {
			return f.Name, true
		}
	}
	if slices.Contains(strings.Fields(model.FieldNotes.Def().Words), word) {
		return notesField, true
	}
	i := slices.IndexFunc(seen, func(name string) bool { return strings.EqualFold(name, word) })
	if i < 0 {
		return "", false
	}
	return seen[i], true
}

// notesField stands for the notes on a contact, which are not part of it.
const notesField = "notes"

// plainFields are where a word without a field is looked for.
func plainFields() fieldSet {
	need := setOf(extraTarget)
	for _, f := range model.FieldTable() {
		if f.Search != model.ClassNone {
			need |= setOf(f.ID)
		}
	}
	return need
}

// needOf is the real fields behind a target.
func needOf(target model.FieldID) fieldSet {
	if target == nameTarget {
		return setOf(model.FieldFirstName, model.FieldLastName)
	}
	return setOf(target)
}
