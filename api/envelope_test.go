package api

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func TestAnswersThatAreNotTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	const html = "<!DOCTYPE html>\n<html><head><title>Sign in</title>"
	tests := []struct {
		name     string
		response http.HandlerFunc
		want     []string
		exclude  string
	}{
		{"html", says(200, html, "Content-Type", "text/html; charset=utf-8"), []string{"200", "text/html", "<!DOCTYPE html> <html>"}, "\n"},
		{"html called JSON", says(200, html), []string{"HTML instead of JSON", "<!DOCTYPE html>"}, "\n"},
		{"html without a type", says(200, html, "Content-Type", ""), []string{"HTML instead of JSON"}, ""},
		{"text", says(200, listOf(1), "Content-Type", "text/plain; charset=utf-8"), []string{"text/plain", "instead of JSON"}, ""},
		{"bad type", says(200, listOf(1), "Content-Type", "//"), []string{"instead of JSON"}, ""},
		{"empty", says(200, ""), []string{"200 with nothing in it"}, ""},
		{"blank", says(200, " \n "), []string{"nothing in it"}, ""},
		{"no content", says(204, ""), []string{"204 with nothing in it"}, ""},
		{"truncated", says(200, `{"request_id":"r","data":[{"id":1`), []string{"cannot be read", `{"request_id":"r"`}, ""},
		{"two documents", says(200, listOf(1)+listOf(2)), []string{"cannot be read"}, ""},
		{"array", says(200, `[{"id":1}]`), []string{"another shape"}, ""},
		{"number", says(200, `7`), []string{"another shape"}, ""},
		{"null", says(200, `null`), []string{"no data"}, ""},
		{"data missing", says(200, `{"request_id":"r"}`), []string{"no data", `{"request_id":"r"}`}, ""},
		{"data null", says(200, `{"data":null}`), []string{"no data"}, ""},
		{"data an object", says(200, oneContact(1)), []string{"not a list"}, ""},
		{"data a text", says(200, `{"data":"x"}`), []string{"not a list"}, ""},
		{"row without id", says(200, `{"data":[{"id":1},{"first_name":"x"}]}`), []string{"row 2", "integer id"}, ""},
		{"row null", says(200, `{"data":[null]}`), []string{"row 1", "integer id"}, ""},
		{"row a list", says(200, `{"data":[[]]}`), []string{"row 1", "not a contact"}, ""},
		{"id a text", says(200, `{"data":[{"id":"1"}]}`), []string{"row 1", "integer id"}, ""},
		{"too many rows", says(200, `{"data":[`+strings.Repeat(`{"id":1},`, maxRows)+`{}]}`), []string{"20001 rows", "50 were asked for"}, ""},
		{"pagination a text", says(200, `{"data":[],"pagination":"x"}`), []string{"pagination"}, ""},
		{"escape sequences", says(200, "\x1b]52;c;ZXZpbA==\x07\x1b[2J\u202e\u009b31mhello\x00"), []string{"cannot be read", "]52;c;ZXZpbA== [2J 31mhello"}, "\x1b\x07\u202e\u009b\x00"},
		{"long", says(200, "{"+strings.Repeat("é", 5000)), []string{strings.Repeat("é", 119) + "…"}, strings.Repeat("é", 120)},
		{"not UTF-8", says(200, "{\xff\xfe\"x"), []string{"{ \"x"}, "\xff"},
		{"unknown encoding", says(200, listOf(1), "Content-Encoding", "br"), []string{"encoding", "br"}, ""},
		{"false gzip", says(200, listOf(1), "Content-Encoding", "gzip"), []string{"cannot be decompressed"}, ""},
		{"not modified", says(304, ""), []string{"304 Not Modified"}, ""},
		{"multiple choices", says(300, "x"), []string{"300"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.response)
			_, err := r.List(t.Context(), firstPage(), work.Screen)
			e := failed(t, err, model.KindProtocol)
			contains(t, "message", e.Message, tt.want...)
			if tt.exclude != "" && (strings.ContainsAny(e.Message, tt.exclude) && len(tt.exclude) < 9 || strings.Contains(e.Message, tt.exclude)) {
				t.Errorf("message %q holds what it must not", e.Message)
			}
			if e.Status < 200 || e.Op != "list contacts" || e.URL != r.url+"/api/external/v2/build/contacts" {
				t.Errorf("status, op, URL: %d, %q, %q", e.Status, e.Op, e.URL)
			}
			equal(t, "requests", len(r.log()), 1)
			equal(t, "exchange", r.exchanges[0].Kind, model.KindProtocol)
		})
	}
}

func TestAnswersThatAreTolerated(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		response http.HandlerFunc
		want     model.Page
	}{
		{"charset", says(200, listOf(1), "Content-Type", "application/json; charset=utf-8"), model.Page{Total: 1, Limit: 50}},
		{"vendor type", says(200, listOf(1), "Content-Type", "application/vnd.api+json"), model.Page{Total: 1, Limit: 50}},
		{"no type", says(200, listOf(1), "Content-Type", ""), model.Page{Total: 1, Limit: 50}},
		{"byte order mark", says(200, "\ufeff"+listOf(1)), model.Page{Total: 1, Limit: 50}},
		{"no pagination", says(200, `{"data":[]}`), model.Page{Total: -1}},
		{"pagination null", says(200, `{"data":[],"pagination":null}`), model.Page{Total: -1}},
		{"all null", says(200, `{"data":[],"pagination":{"total":null,"limit":null,"has_more":null,"next_cursor":null}}`), model.Page{Total: -1}},
		{"floats", says(200, `{"data":[],"pagination":{"total":128.0,"limit":5e1,"has_more":false}}`), model.Page{Total: 128, Limit: 50}},
		{"texts", says(200, `{"data":[],"pagination":{"total":"128","limit":"50","has_more":"true","next_cursor":7}}`), model.Page{Total: 128, Limit: 50, HasMore: true, NextCursor: "7"}},
		{"nonsense counts", says(200, `{"data":[],"pagination":{"total":-5,"limit":1.5,"has_more":false}}`), model.Page{Total: -1}},
		{"huge counts", says(200, `{"data":[],"pagination":{"total":1e300,"limit":"NaN","has_more":false}}`), model.Page{Total: -1}},
		{"cursor without has_more", says(200, `{"data":[],"pagination":{"next_cursor":"x"}}`), model.Page{Total: -1, HasMore: true, NextCursor: "x"}},
		{"total beyond the rows", says(200, `{"data":[],"pagination":{"total":3}}`), model.Page{Total: 3, HasMore: true}},
		{"false has_more wins", says(200, `{"data":[],"pagination":{"next_cursor":"x","has_more":false}}`), model.Page{Total: -1, NextCursor: "x"}},
		{"request id in the header", says(200, `{"data":[]}`, "X-Request-Id", "from-header"), model.Page{Total: -1, RequestID: "from-header"}},
		{"request id a number", says(200, `{"request_id":12,"data":[]}`), model.Page{Total: -1, RequestID: "12"}},
		{"error null", says(200, `{"data":[],"error":null}`), model.Page{Total: -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.response)
			got, err := r.List(t.Context(), firstPage(), work.Screen)
			if err != nil {
				t.Fatal(err)
			}
			got.Rows = nil
			if tt.want.RequestID == "" {
				got.RequestID = ""
			}
			equal(t, "page", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", tt.want))
		})
	}
}

func TestEndOfASortedListWithoutHasMore(t *testing.T) {
	t.Parallel()
	title := model.Sort{Field: model.FieldTitle}
	ask := model.SortedList(model.ConnectedOnly, title, 2, 2)
	for body, want := range map[string]bool{
		`{"data":[{"id":1},{"id":2}],"pagination":{"total":5}}`: true,
		`{"data":[{"id":1},{"id":2}],"pagination":{"total":4}}`: false,
		`{"data":[{"id":1},{"id":2}]}`:                          true,
		`{"data":[{"id":1}]}`:                                   false,
	} {
		r := newRig(t, says(200, body))
		page, err := r.List(t.Context(), ask, work.Screen)
		if err != nil || page.HasMore != want {
			t.Errorf("%s: has more is %v (%v), want %v", body, page.HasMore, err, want)
		}
	}
}

func TestNullEverywhere(t *testing.T) {
	t.Parallel()
	var members []string
	for _, f := range model.FieldTable() {
		if f.ID != model.FieldKey {
			members = append(members, fmt.Sprintf("%q:null", f.Name))
		}
	}
	r := newRig(t, says(200, `{"request_id":null,"timestamp":null,"data":[{"id":5,"new_field":null,`+strings.Join(members, ",")+`}],"pagination":null}`))
	page, err := r.List(t.Context(), firstPage(), work.Screen)
	if err != nil {
		t.Fatal(err)
	}
	c := page.Contacts()[0]
	equal(t, "name", c.Name(), "contact 5")
	equal(t, "title", c.Get(model.FieldTitle), model.NullValue())
	equal(t, "extras", fmt.Sprint(c.Extras()), "[{new_field null}]")
}

func TestRequestIDOfAnOddAnswer(t *testing.T) {
	t.Parallel()
	for _, response := range []http.HandlerFunc{
		says(200, listOf(1), "Content-Type", "text/plain"),
		says(200, `{"request_id":"req-list","data":null}`),
		says(200, `{"request_id":"req-list","data":7}`),
		says(200, "<html>", "X-Request-Id", "req-list"),
	} {
		r := newRig(t, response)
		_, err := r.List(t.Context(), firstPage(), work.Screen)
		equal(t, "request id", failed(t, err, model.KindProtocol).RequestID, "req-list")
		equal(t, "exchange", r.exchanges[0].RequestID, "req-list")
	}
}

func TestErrorInsideASuccess(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body    string
		kind    model.ErrorKind
		message string
		unsure  bool
	}{
		{problemJSON(404, "not_found", "Contact not found"), model.KindNotFound, "Contact not found", false},
		{`{"error":{"code":"VALIDATION_ERROR","message":"no"}}`, model.KindValidation, "no", false},
		{`{"error":"odd"}`, model.KindProtocol, "odd", true},
		{`{"error":{},"data":null}`, model.KindProtocol, "the service answered with an error inside a success", true},
	}
	for _, tt := range tests {
		r := newRig(t, says(200, tt.body))
		_, receipt, err := r.Update(t.Context(), 78, titlePatch(), "k")
		e := failed(t, err, tt.kind)
		equal(t, "message", e.Message, tt.message)
		equal(t, "unsure", receipt.Unknown, tt.unsure)
	}
}

// endless is blank for ever.
type endless struct{ blank []byte }

func (e endless) Read(p []byte) (int, error) { return copy(p, e.blank), nil }

func blank() endless { return endless{bytes.Repeat([]byte(" "), 1<<20)} }

func TestSizeLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, listOf(1))
		_, _ = io.CopyN(w, blank(), int64(maxBody-len(listOf(1))))
	})
	if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
		t.Errorf("16 MiB: %v", err)
	}
	var packed bytes.Buffer // a megabyte that packs well, to be sent seventeen times
	z := gzip.NewWriter(&packed)
	_, _ = io.CopyN(z, blank(), 1<<20)
	_ = z.Close()
	r = newRig(t, says(200, strings.Repeat(packed.String(), 17), "Content-Encoding", "gzip"))
	_, err := r.List(t.Context(), firstPage(), work.Screen)
	e := failed(t, err, model.KindProtocol)
	contains(t, "message", e.Message, "larger than 16 MiB")
	equal(t, "requests", len(r.log()), 1)
}

func TestEndlessRefusalIsReadToABound(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(422)
		_, _ = io.WriteString(w, "why not")
		_, _ = io.Copy(w, blank()) // until the client goes away
	})
	_, _, err := r.Update(t.Context(), 78, titlePatch(), "k")
	e := failed(t, err, model.KindValidation)
	equal(t, "message", e.Message, "the service answered 422 Unprocessable Entity: why not")
}

func FuzzReadAnswer(f *testing.F) {
	f.Add([]byte(listOf(1, 2)))
	f.Add([]byte(oneContact(78)))
	f.Add([]byte(problemJSON(422, "validation_error", "contact_type is required")))
	f.Add([]byte(`{"data":[{"id":1e3}],"pagination":{"total":[],"has_more":{}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got := response{status: 200, header: http.Header{}, body: body}
		if page, _, fail := decode(got, newMasker(testToken), readPage(firstPage())); fail == nil {
			for _, c := range page.Contacts() {
				if _, err := c.MarshalJSON(); err != nil {
					t.Errorf("a contact that was read cannot be written: %v", err)
				}
			}
			if page.Total < -1 || page.Limit < 0 {
				t.Errorf("page %+v", page)
			}
		}
		_, _, _ = decode(got, newMasker(testToken), readContact(0))
		_, _, _ = decode(got, newMasker(testToken), readMe)
		p, _ := readProblem(body)
		p.retryAfter(429, http.Header{}, start())
		e := p.modelError(true)
		maskError(e, newMasker(testToken))
		if d := waitInWords(string(body)); d < 0 || d > maxRetryAfter {
			t.Errorf("wait of %s", d)
		}
	})
}

// A full page without a word about the rest is not taken for the end: what the
// copy holds would seem to be gone from the service.
func TestEndOfAListWithoutPagination(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"data":[{"id":1},{"id":2}]}`:                                 true,
		`{"data":[{"id":1},{"id":2}],"pagination":{"total":null}}`:     true,
		`{"data":[{"id":1},{"id":2}],"pagination":{"total":2}}`:        false,
		`{"data":[{"id":1},{"id":2}],"pagination":{"has_more":false}}`: false,
		`{"data":[{"id":1}]}`:                                          false,
	} {
		r := newRig(t, says(200, body))
		page, err := r.List(t.Context(), model.CursorList(model.ConnectedOnly, 2), work.Screen)
		if err != nil || page.HasMore != want {
			t.Errorf("%s: more %v, %v", body, page.HasMore, err)
		}
	}
}
