package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// Page is one page of a list that has a cursor.
type Page[T any] struct {
	Items      []T
	Total      int    // -1 where the service does not say
	NextCursor string // "" on the last page
	RequestID  string
}

// pageLimit is how many items a page of notes or companies holds at most.
const pageLimit = 200

func cursorQuery(cursor string) string {
	v := url.Values{"limit": {strconv.Itoa(pageLimit)}}
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	return v.Encode()
}

// readList reads a page. what names an item in errors.
func readList[T any](what string) reader[Page[T]] {
	return func(env envelope) (Page[T], error) {
		page := Page[T]{Total: -1, RequestID: env.requestID}
		var items []json.RawMessage
		if err := json.Unmarshal(env.data, &items); err != nil {
			return page, fmt.Errorf("the data are not a list of %s", what)
		}
		for i, raw := range items {
			var item T
			if err := json.Unmarshal(raw, &item); err != nil {
				return page, fmt.Errorf("row %d of the list: %w", i+1, err)
			}
			page.Items = append(page.Items, item)
		}
		var p struct {
			Total   json.RawMessage `json:"total"`
			HasMore json.RawMessage `json:"has_more"`
			Next    json.RawMessage `json:"next_cursor"`
		}
		if absent(env.pagination) {
			return page, nil
		}
		if err := json.Unmarshal(env.pagination, &p); err != nil {
			return page, errors.New("the pagination is not an object")
		}
		if total, ok := count(p.Total); ok {
			page.Total = total
		}
		if more := string(p.HasMore); more != "false" && more != `"false"` {
			page.NextCursor = plain(p.Next)
		}
		return page, nil
	}
}

// readOne reads one item.
func readOne[T any](env envelope) (item T, err error) {
	return item, json.Unmarshal(env.data, &item)
}

// MissingRoute says that a failure means that the service does not have the
// endpoint at all, and not that it does not know the thing that was asked for.
func MissingRoute(err error, thing ...string) bool {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || !routeMissing(e) && e.Status != http.StatusNotImplemented {
		return false
	}
	for _, word := range thing {
		if containsWord(strings.ToLower(e.Message), word) {
			return false
		}
	}
	return true
}
