package main

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/junegunn/fzf/src/algo"
	"github.com/junegunn/fzf/src/util"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

// fzf's tables are package state of its own, filled before anything runs.
var _ = algo.Init("default")

// baseline is the engine that was in use before: every plain word is looked for
// as a subsequence in the fields below, ranked by fzf's score of the best field.
type baseline struct {
	rows [][]baseField // by slot
	slab *util.Slab
}

type baseField struct {
	folded []byte
	weight int
}

func newBaseline(snap model.Snapshot) *baseline {
	b := &baseline{slab: util.MakeSlab(32*1024, 4096)}
	for i := range snap.Len() {
		p := snap.At(i)
		name := strings.TrimSpace(p.Get(model.FieldFirstName).String() + " " + p.Get(model.FieldLastName).String())
		fields := []baseField{{[]byte(search.Fold(name)), 3}}
		for _, f := range []struct {
			id     model.FieldID
			weight int
		}{
			{model.FieldType, 0}, {model.FieldTitle, 1}, {model.FieldDepartment, 0}, {model.FieldEmail, 2},
			{model.FieldCity, 0}, {model.FieldState, 0},
		} {
			fields = append(fields, baseField{[]byte(search.Fold(p.Get(f.id).String())), f.weight})
		}
		b.rows = append(b.rows, fields)
	}
	return b
}

// search gives the hits, the best first.
func (b *baseline) search(typed string) []int32 {
	words := strings.Fields(search.Fold(typed))
	var hits []scored
next:
	for slot, fields := range b.rows {
		sum := 0
		for _, w := range words {
			best := 0
			for _, f := range fields {
				if !subsequence(f.folded, []byte(w)) {
					continue
				}
				chars := util.ToChars(f.folded)
				result, _ := algo.FuzzyMatchV2(true, false, true, &chars, []rune(w), false, b.slab)
				score := result.Score + 4*f.weight
				if bytes.Contains(f.folded, []byte(w)) {
					score += 16
				}
				best = max(best, score)
			}
			if best == 0 {
				continue next
			}
			sum += best
		}
		hits = append(hits, scored{int32(slot), sum, 0})
	}
	return ordered(hits)
}

// fzf is fzf over one line a contact.
type fzf struct {
	lines []util.Chars
	slab  *util.Slab
}

func newFzf(snap model.Snapshot) *fzf {
	f := &fzf{slab: util.MakeSlab(100*1024, 2048)}
	for i := range snap.Len() {
		p := snap.At(i)
		var parts []string
		for _, field := range model.FieldTable() {
			if v := p.Get(field.ID).String(); v != "" && field.Search != model.ClassNone {
				parts = append(parts, v)
			}
		}
		if phones, _ := p.Extra("phones"); phones != "" {
			parts = append(parts, phones)
		}
		f.lines = append(f.lines, util.ToChars([]byte(search.Fold(strings.Join(parts, " ")))))
	}
	return f
}

func (f *fzf) search(typed string) []int32 {
	words := strings.Fields(search.Fold(typed))
	var hits []scored
next:
	for slot := range f.lines {
		sum := 0
		for _, w := range words {
			result, _ := algo.FuzzyMatchV2(true, false, true, &f.lines[slot], []rune(w), false, f.slab)
			if result.Start < 0 {
				continue next
			}
			sum += result.Score
		}
		hits = append(hits, scored{int32(slot), sum, f.lines[slot].Length()})
	}
	return ordered(hits)
}

type scored struct {
	slot          int32
	score, length int
}

func ordered(hits []scored) []int32 {
	slices.SortStableFunc(hits, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.length, b.length))
	})
	out := make([]int32, len(hits))
	for i, h := range hits {
		out[i] = h.slot
	}
	return out
}

func subsequence(text, want []byte) bool {
	for _, c := range want {
		i := bytes.IndexByte(text, c)
		if i < 0 {
			return false
		}
		text = text[i+1:]
	}
	return true
}
