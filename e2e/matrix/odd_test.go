//go:build unix

package matrix

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
)

// odd is an answer that no document describes. next is the service, elsewhere
// the address of another origin.
type odd func(w http.ResponseWriter, q *http.Request, next http.Handler, elsewhere string)

// fault is something that goes wrong with a request.
type fault struct {
	name  string
	spec  string // of the sandbox, without its endpoint
	odd   odd
	lists bool // it is about lists alone
	hangs bool // no answer comes while it lasts
	// believed says that its contacts look like any: nothing tells the program
	// to fetch them again when it is over.
	believed bool
}

// faults are all of them.
func faults() []fault {
	out := sandboxFaults()
	out = append(out, bodies()...)
	out = append(out, envelopes()...)
	out = append(out, contacts()...)
	return append(out, pages()...)
}

func sandboxFaults() []fault {
	var out []fault
	for _, spec := range []string{
		"400", "401", "402", "403", "404", "405", "409", "410", "413", "418", "422", "429=1s", "500", "501", "502", "503", "503=1s", "504",
		"refuse=title", "revoke", "html", "reset", "lost-answer", "truncated", "slow=1s", "wrong-type", "nulls",
	} {
		out = append(out, fault{name: spec, spec: spec, believed: spec == "nulls"})
	}
	for _, spec := range []string{"repeat-cursor", "duplicate-rows", "empty-page", "no-cursor"} {
		out = append(out, fault{name: spec, spec: spec, lists: true})
	}
	return out
}

// answered is what the service would have answered.
func answered(q *http.Request, next http.Handler) *httptest.ResponseRecorder {
	q.Header.Del("Accept-Encoding")
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, q)
	return rec
}

// pass sends an answer on with another body.
func pass(w http.ResponseWriter, rec *httptest.ResponseRecorder, body []byte) {
	for name, values := range rec.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(body)
}

// bytewise changes the bytes of an answer.
func bytewise(change func([]byte) []byte) odd {
	return func(w http.ResponseWriter, q *http.Request, next http.Handler, _ string) {
		rec := answered(q, next)
		pass(w, rec, change(rec.Body.Bytes()))
	}
}

// instead answers in place of the service, which hears nothing.
func instead(answer func(w http.ResponseWriter, q *http.Request, elsewhere string)) odd {
	return func(w http.ResponseWriter, q *http.Request, _ http.Handler, elsewhere string) {
		answer(w, q, elsewhere)
	}
}

func jsonHeader(w http.ResponseWriter) { w.Header().Set("Content-Type", "application/json") }

// more writes until the fault is lifted or the program goes away.
func more(w http.ResponseWriter, q *http.Request, part string, pause time.Duration) {
	for q.Context().Err() == nil {
		if _, err := w.Write([]byte(part)); err != nil {
			return
		}
		if pause > 0 {
			w.(http.Flusher).Flush()
			select {
			case <-time.After(pause):
			case <-q.Context().Done():
			}
		}
	}
}

// bodies are answers that are no JSON of the documents.
func bodies() []fault {
	redirect := func(status int, where func(q *http.Request, elsewhere string) string) odd {
		return instead(func(w http.ResponseWriter, q *http.Request, elsewhere string) {
			if to := where(q, elsewhere); to != "" {
				w.Header().Set("Location", to)
			}
			w.WriteHeader(status)
		})
	}
	other := func(q *http.Request, elsewhere string) string { return elsewhere + q.URL.RequestURI() }
	return []fault{
		{name: "empty body", odd: bytewise(func([]byte) []byte { return nil })},
		{name: "204", odd: func(w http.ResponseWriter, q *http.Request, next http.Handler, _ string) {
			answered(q, next)
			w.WriteHeader(http.StatusNoContent)
		}},
		{name: "304", odd: instead(func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusNotModified) })},
		{name: "byte order mark", odd: bytewise(func(b []byte) []byte { return append([]byte("\ufeff"), b...) })},
		{name: "two values", odd: bytewise(func(b []byte) []byte { return append(b, b...) })},
		{name: "not UTF-8", odd: bytewise(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("a"), []byte("\xff")) })},
		{name: "zero bytes", odd: bytewise(func(b []byte) []byte { return append(b, 0, 0, 0) })},
		{name: "half of it", odd: bytewise(func(b []byte) []byte { return b[:len(b)/2] })},
		{name: "a page called JSON", odd: bytewise(func([]byte) []byte { return []byte("<html><title>Proxy</title></html>") })},
		{name: "said to be gzip", odd: func(w http.ResponseWriter, q *http.Request, next http.Handler, _ string) {
			rec := answered(q, next)
			rec.Header().Set("Content-Encoding", "gzip")
			pass(w, rec, rec.Body.Bytes())
		}},
		{name: "said to be longer", odd: func(w http.ResponseWriter, q *http.Request, next http.Handler, _ string) {
			rec := answered(q, next)
			w.Header().Set("Content-Length", strconv.Itoa(rec.Body.Len()+10))
			pass(w, rec, rec.Body.Bytes())
		}},
		{name: "redirect here", odd: redirect(http.StatusTemporaryRedirect, func(q *http.Request, _ string) string { return q.URL.RequestURI() })},
		{name: "redirect elsewhere, 302", odd: redirect(http.StatusFound, other)},
		{name: "redirect elsewhere, 307", odd: redirect(http.StatusTemporaryRedirect, other)},
		{name: "redirect nowhere", odd: redirect(http.StatusMovedPermanently, func(*http.Request, string) string { return "" })},
		{name: "no answer", hangs: true, odd: instead(func(_ http.ResponseWriter, q *http.Request, _ string) { <-q.Context().Done() })},
		{name: "slow body", hangs: true, odd: instead(func(w http.ResponseWriter, q *http.Request, _ string) {
			jsonHeader(w)
			more(w, q, " ", 50*time.Millisecond)
		})},
		{name: "endless blanks", odd: instead(func(w http.ResponseWriter, q *http.Request, _ string) {
			jsonHeader(w)
			more(w, q, strings.Repeat(" ", 64<<10), 0)
		})},
		{name: "endless nulls", odd: instead(func(w http.ResponseWriter, q *http.Request, _ string) {
			jsonHeader(w)
			_, _ = w.Write([]byte(`{"data":[`))
			more(w, q, strings.Repeat("null,", 12<<10), 0)
		})},
		{name: "deep nesting", odd: bytewise(func([]byte) []byte {
			return []byte(`{"data":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}")
		})},
	}
}

// decoded changes the JSON of an answer.
func decoded(change func(body map[string]any)) odd {
	return func(w http.ResponseWriter, q *http.Request, next http.Handler, _ string) {
		rec := answered(q, next)
		var body map[string]any
		d := json.NewDecoder(rec.Body)
		d.UseNumber()
		if err := d.Decode(&body); err != nil {
			body = map[string]any{}
		}
		change(body)
		out, _ := json.Marshal(body)
		pass(w, rec, out)
	}
}

// envelopes are answers whose data are not what they should be.
func envelopes() []fault {
	data := func(name string, to any) fault {
		return fault{name: "data " + name, odd: decoded(func(body map[string]any) { body["data"] = to })}
	}
	return []fault{
		data("null", nil), data("a text", "contacts"), data("a number", 7), data("an object", map[string]any{}),
		data("a list", []any{}), data("a list of nulls", []any{nil, nil}), data("a list of texts", []any{"a", "b"}),
		{name: "no data", odd: decoded(func(body map[string]any) { delete(body, "data") })},
		{name: "an error beside the data", odd: decoded(func(body map[string]any) {
			body["error"] = map[string]any{"type": "odd", "message": "something went wrong"}
		})},
		{name: "an error in a success", odd: decoded(func(body map[string]any) {
			delete(body, "data")
			body["error"] = map[string]any{"type": "odd", "message": "something went wrong"}
		})},
		{name: "request id a number", odd: decoded(func(body map[string]any) { body["request_id"] = 7 })},
		{name: "a list of lists", odd: decoded(func(body map[string]any) { body["data"] = []any{body["data"]} })},
	}
}

// rows are the objects in the data of an answer.
func rows(body map[string]any) []map[string]any {
	var out []map[string]any
	switch data := body["data"].(type) {
	case map[string]any:
		out = append(out, data)
	case []any:
		for _, row := range data {
			if row, ok := row.(map[string]any); ok {
				out = append(out, row)
			}
		}
	}
	return out
}

// contacts are answers whose contacts are not as documented.
func contacts() []fault {
	each := func(name string, change func(row map[string]any)) fault {
		return fault{name: name, believed: true, odd: decoded(func(body map[string]any) {
			for _, row := range rows(body) {
				change(row)
			}
		})}
	}
	set := func(what string, to any) func(map[string]any) {
		return func(row map[string]any) { row[what] = to }
	}
	dates := func(name string, to any) fault {
		return each("dates "+name, func(row map[string]any) { row["created_at"], row["updated_at"] = to, to })
	}
	return []fault{
		each("id as text", func(row map[string]any) { row["id"] = fmt.Sprint(row["id"]) }),
		each("id beyond 2^53", func(row map[string]any) { row["id"] = json.Number("9007199254740993" + fmt.Sprint(row["id"])[:1]) }),
		each("id beyond 2^63", func(row map[string]any) { row["id"] = json.Number("18446744073709551616") }),
		each("id with a fraction", func(row map[string]any) { row["id"] = json.Number(fmt.Sprint(row["id"]) + ".5") }),
		each("id null", set("id", nil)),
		each("no id", func(row map[string]any) { delete(row, "id") }),
		each("id negative", func(row map[string]any) { row["id"] = json.Number("-" + fmt.Sprint(row["id"])) }),
		each("texts as numbers", func(row map[string]any) { row["title"], row["city"], row["zip"] = 7, 1.5, true }),
		each("texts as objects", func(row map[string]any) { row["title"], row["first_name"] = map[string]any{"en": "x"}, []any{"x"} }),
		each("flags as texts", func(row map[string]any) { row["is_primary"], row["is_connected"] = "yes", "no" }),
		each("a type nobody knows", set("contact_type", "astronaut")),
		each("nothing but an id", func(row map[string]any) {
			for name := range row {
				if name != "id" {
					delete(row, name)
				}
			}
		}),
		dates("in seconds", 1767225600), dates("without a zone", "2026-02-20 16:45:00"), dates("that are none", "yesterday"),
		dates("empty", ""), dates("null", nil), dates("in the year 0", "0000-00-00T00:00:00Z"),
		each("a long text", set("department", strings.Repeat("Long ", 50_000))),
		each("many members", func(row map[string]any) {
			for i := range 2000 {
				row[fmt.Sprint("member_", i)] = i
			}
		}),
		each("escapes", set("city", "\x1b[2J\x1b]2;evil\x07\u202e")),
	}
}

// pages are lists that do not say well how they go on.
func pages() []fault {
	page := func(name string, change func(body, pagination map[string]any)) fault {
		return fault{name: name, lists: true, odd: decoded(func(body map[string]any) {
			pagination, _ := body["pagination"].(map[string]any)
			if pagination == nil {
				pagination = map[string]any{}
			}
			change(body, pagination)
		})}
	}
	set := func(what string, to any) func(_, pagination map[string]any) {
		return func(_, pagination map[string]any) { pagination[what] = to }
	}
	return []fault{
		page("no pagination", func(body, _ map[string]any) { delete(body, "pagination") }),
		page("pagination null", func(body, _ map[string]any) { body["pagination"] = nil }),
		page("pagination a text", func(body, _ map[string]any) { body["pagination"] = "more" }),
		page("total too small", set("total", 1)),
		page("total 0", set("total", 0)),
		page("total negative", set("total", -5)),
		page("total a text", set("total", "many")),
		page("total huge", set("total", 1<<50)),
		page("total null", set("total", nil)),
		page("has_more a text", set("has_more", "true")),
		page("has_more null", set("has_more", nil)),
		page("next_cursor a number", set("next_cursor", 7)),
		page("next_cursor empty", set("next_cursor", "")),
	}
}
