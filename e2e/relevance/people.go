package main

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/model/search"
)

// person is a contact in the forms that queries are made of and judged by.
type person struct {
	slot                       int32
	first, last                string // as written
	local, domain, title, city string
	phones                     []string // ten digits each
	text                       string   // everything that can be searched, squeezed
	foldedFirst, foldedLast    string
	foldedTitle, foldedCity    string
}

// people is the sample data of n contacts.
func people(n int) (model.Snapshot, []person, error) {
	service, err := sandbox.New(sandbox.Options{Contacts: n, Tier: "unlimited", KeepRequests: 1})
	if err != nil {
		return model.Snapshot{}, nil, err
	}
	var book model.Book
	var list []person
	for cursor := ""; ; {
		answer := httptest.NewRecorder()
		request := httptest.NewRequest("GET", sandbox.BasePath+"/build/contacts?limit=200&cursor="+cursor, nil)
		request.Header.Set("Authorization", "Bearer lev_sk_relevance")
		request.Header.Set("X-Origin-App", "external-api")
		service.ServeHTTP(answer, request)
		var page struct {
			Data       []model.Contact
			Pagination struct {
				HasMore    bool   `json:"has_more"`
				NextCursor string `json:"next_cursor"`
			}
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil || answer.Code != 200 {
			err = fmt.Errorf("list of the sample data: status %d: %.200s (%v)", answer.Code, answer.Body, err)
			return model.Snapshot{}, nil, err
		}
		for _, c := range page.Data {
			list = append(list, newPerson(int32(book.Len()), c))
			book.Put(c.Pack())
		}
		if !page.Pagination.HasMore {
			return book.Snapshot(), list, nil
		}
		cursor = page.Pagination.NextCursor
	}
}

func newPerson(slot int32, c model.Contact) person {
	text := func(f model.FieldID) string { return c.Get(f).String() }
	p := person{
		slot: slot, first: text(model.FieldFirstName), last: text(model.FieldLastName),
		title: text(model.FieldTitle), city: text(model.FieldCity),
	}
	p.local, p.domain, _ = strings.Cut(text(model.FieldEmail), "@")
	phones, _ := c.Extra("phones")
	var numbers []struct{ Raw, E164 string }
	if phones != "" && json.Unmarshal([]byte(phones), &numbers) != nil {
		numbers = nil // another shape
	}
	for _, n := range numbers {
		number, _, _ := strings.Cut(n.Raw, "x")
		if d := digits(number); len(d) == 10 {
			p.phones = append(p.phones, d)
		}
	}
	all := []string{p.first + " " + p.last}
	for _, f := range model.FieldTable() {
		if f.Search != model.ClassNone {
			all = append(all, text(f.ID))
		}
	}
	for _, n := range numbers {
		all = append(all, digits(n.Raw), digits(n.E164))
	}
	for _, e := range c.Extras() {
		if e.Name != "phones" && e.Name != "photo_url" {
			all = append(all, e.JSON)
		}
	}
	for i, s := range all {
		all[i] = squeeze(s)
	}
	p.text = strings.Join(all, "\n")
	p.foldedFirst, p.foldedLast = search.Fold(p.first), search.Fold(p.last)
	p.foldedTitle, p.foldedCity = search.Fold(p.title), search.Fold(p.city)
	return p
}

// squeeze folds text and leaves out what makes no difference in a word.
func squeeze(s string) string {
	return strings.NewReplacer(" ", "", "'", "", "-", "", ".", "").Replace(search.Fold(s))
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// holds says that every word of a query stands in the person's texts, or a known
// equal of it.
func (p *person) holds(words [][]string) bool {
	return !slices.ContainsFunc(words, func(either []string) bool {
		return !slices.ContainsFunc(either, func(w string) bool { return strings.Contains(p.text, squeeze(w)) })
	})
}
