package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// oddCalls are all requests of the client; each says what data its response holds.
var oddCalls = [...]struct {
	name string
	data string // $ stands for a contact
	do   func(context.Context, *rig) (Receipt, error)
}{
	{"first", "[$]", listCall(firstPage())},
	{"later", "[$]", listCall(model.ResumeList(model.ConnectedOnly, "cursor", 50))},
	{"sorted", "[$]", listCall(model.SortedList(model.ConnectedOnly, model.Sort{Field: model.FieldTitle}, 50, 50))},
	{"get", "$", func(ctx context.Context, r *rig) (Receipt, error) {
		_, _, err := r.Get(ctx, 78, work.Screen)
		return Receipt{}, err
	}},
	{"me", `{"user":$}`, func(ctx context.Context, r *rig) (Receipt, error) {
		_, err := r.Me(ctx)
		return Receipt{}, err
	}},
	{"create", "$", func(ctx context.Context, r *rig) (Receipt, error) {
		_, receipt, err := r.Create(ctx, newPatch(), nil, "k")
		return receipt, err
	}},
	{"update", "$", func(ctx context.Context, r *rig) (Receipt, error) {
		_, receipt, err := r.Update(ctx, 78, titlePatch(), "k")
		return receipt, err
	}},
}

func listCall(list model.Request) func(context.Context, *rig) (Receipt, error) {
	return func(ctx context.Context, r *rig) (Receipt, error) {
		_, err := r.List(ctx, list, work.Screen)
		return Receipt{}, err
	}
}

const (
	everyCall  = "first later sorted get me create update"
	listCalls  = "first later sorted"
	plainShape = `{"request_id":"req-1","data":DATA,"pagination":{"total":1,"limit":50,"has_more":false}}`
)

// oddity is a response that no document describes.
type oddity struct {
	name      string
	body      string // DATA stands for the data of the call, "" for plainShape
	contact   string // "" for an ordinary one
	handler   http.HandlerFunc
	tolerated string // calls that succeed anyway
	timeout   time.Duration
}

func oddities() []oddity {
	return []oddity{
		{name: "data null", body: `{"request_id":"r","data":null}`},
		{name: "data missing", body: `{"request_id":"r"}`},
		{name: "data a text", body: `{"data":"contacts"}`},
		{name: "data a number", body: `{"data":7}`},
		{name: "data a list of lists", body: `{"data":[[{"id":78}]]}`},
		{name: "data a list of null", body: `{"data":[null]}`},
		{name: "X14 millions of null", body: `{"data":[` + strings.Repeat("null,", 200_000) + `null]}`},
		{name: "data an empty object", body: `{"data":{}}`, tolerated: "me"},
		{name: "data twice", body: `{"data":null,"data":DATA}`, tolerated: everyCall},
		{name: "data before the request id", body: `{"data":DATA,"request_id":"r"}`, tolerated: everyCall},
		{name: "request id an object", body: `{"request_id":{},"data":DATA}`, tolerated: everyCall},
		{name: "no envelope", body: `DATA`},
		{name: "null", body: `null`},
		{name: "two answers", body: `{"data":DATA}{"data":DATA}`},
		{name: "error and data", body: `{"data":DATA,"error":{"message":"no"}}`, tolerated: everyCall},
		{name: "error instead of data", body: `{"error":{"message":"no"}}`},
		{name: "broken JSON", body: `{"data":DATA,}`},
		{name: "nested a million deep", body: `{"data":` + strings.Repeat("[", 1_000_000)},
		{name: "id missing", contact: `{"first_name":"Sarah"}`, tolerated: "me"},
		{name: "id null", contact: `{"id":null}`, tolerated: "me"},
		{name: "id a text", contact: `{"id":"78"}`, tolerated: "me"},
		{name: "id a fraction", contact: `{"id":78.5}`, tolerated: "me"},
		{name: "id beyond 2^53", contact: `{"id":9007199254740993}`, tolerated: listCalls + " me create"},
		{name: "id beyond 2^63", contact: `{"id":9223372036854775808}`, tolerated: "me"},
		{name: "another id", contact: `{"id":79}`, tolerated: listCalls + " me create"},
		{name: "wrong types", contact: `{"id":78,"first_name":[1],"email":{"a":1},"is_primary":"yes","zip":10004,"contact_type":false}`, tolerated: everyCall},
		{name: "everything null", contact: `{"id":78,"first_name":null,"contact_type":null,"is_primary":null,"created_at":null,"phones":null}`, tolerated: everyCall},
		{name: "dates in other forms", contact: `{"id":78,"created_at":1771605900,"updated_at":"20.02.2026 16:45"}`, tolerated: everyCall},
		{name: "not UTF-8", contact: "{\"id\":78,\"title\":\"\xff\xfe\",\"\xff\":1}", tolerated: everyCall},
		{name: "lone surrogates", contact: `{"id":78,"title":"\ud800","x":"\udfff"}`, tolerated: everyCall},
		{name: "a field twice", contact: `{"id":1,"id":78,"title":"a","title":"b"}`, tolerated: everyCall},
		{name: "X14 many members", contact: `{"id":78` + strings.Repeat(`,"x":1`, 100_000) + `}`, tolerated: "me"},
		{name: "X14 a value of a megabyte", contact: `{"id":78,"title":"` + strings.Repeat("x", 1<<20) + `"}`, tolerated: "me"},
		{name: "no pagination", body: `{"data":DATA}`, tolerated: everyCall},
		{name: "pagination a list", body: `{"data":DATA,"pagination":[]}`, tolerated: "get me create update"},
		{name: "total too small", body: `{"data":DATA,"pagination":{"total":0,"has_more":true,"next_cursor":"x"}}`, tolerated: everyCall},
		{name: "total a text", body: `{"data":DATA,"pagination":{"total":"many","has_more":"perhaps"}}`, tolerated: everyCall},
		{name: "HTML", handler: says(200, "<!DOCTYPE html><p>Welcome", "Content-Type", "text/html")},
		{name: "HTML called JSON", handler: says(200, "<html>")},
		{name: "plain text", handler: says(200, "ok", "Content-Type", "text/plain")},
		{name: "nothing", handler: says(200, "")},
		{name: "no content", handler: says(204, "")},
		{name: "another success", body: plainShape, handler: nil, tolerated: everyCall},
		{name: "an unknown status", handler: says(299, "{}")},
		{name: "not modified", handler: says(304, "")},
		{name: "redirect to nowhere", handler: says(302, "")},
		{name: "redirect elsewhere", handler: says(307, "", "Location", "https://lev.example/contacts")},
		{name: "redirect to itself", handler: func(w http.ResponseWriter, r *http.Request) { says(308, "", "Location", r.URL.String())(w, r) }},
		{name: "an unknown refusal", handler: says(418, `[1]`)},
		{name: "an unknown failure", handler: says(599, "\x00\xff")},
		{name: "a damaged archive", handler: says(200, "not gzip", "Content-Encoding", "gzip")},
		{name: "an archive that breaks off", handler: says(200, halfArchive(), "Content-Encoding", "gzip")},
		{name: "an unknown encoding", handler: says(200, "x", "Content-Encoding", "zstd")},
		{name: "no answer", handler: hangUp},
		{name: "a reset inside the answer", handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100000")
			says(200, `{"data":[`)(w, r)
			panic(http.ErrAbortHandler)
		}},
		{name: "a slow answer", timeout: 60 * time.Millisecond, handler: func(w http.ResponseWriter, r *http.Request) {
			says(200, `{"data":[`)(w, r)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}},
		{name: "silence", timeout: 60 * time.Millisecond, handler: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{name: "X14 an endless answer", handler: func(w http.ResponseWriter, r *http.Request) {
			says(200, `{"data":[`)(w, r)
			_, _ = io.Copy(w, blank())
		}},
		{name: "an endless refusal", handler: func(w http.ResponseWriter, r *http.Request) {
			says(503, `{"error":`)(w, r)
			_, _ = io.Copy(w, blank())
		}},
	}
}

func halfArchive() string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(listOf(1, 2, 3)))
	_ = z.Close()
	return b.String()[:b.Len()/2]
}

// Every request meets every oddity: it succeeds where nothing is lost, or fails
// with a kind and a sentence, soon, and says of a write that it may be done.
func TestEveryOddAnswerToEveryRequest(t *testing.T) {
	t.Parallel()
	cells := 0
	for _, odd := range oddities() {
		for _, call := range oddCalls {
			cells++
			t.Run(odd.name+"/"+call.name, func(t *testing.T) {
				t.Parallel()
				oddCell(t, odd, call.data, strings.Contains(" "+odd.tolerated+" ", " "+call.name+" "), call.do)
			})
		}
	}
	t.Logf("%d cells", cells)
}

func oddCell(t *testing.T, odd oddity, data string, tolerated bool, do func(context.Context, *rig) (Receipt, error)) {
	handler := odd.handler
	if handler == nil {
		contact, body := odd.contact, odd.body
		if contact == "" {
			contact = contactJSON(78)
		}
		if body == "" {
			body = plainShape
		}
		handler = says(200, strings.ReplaceAll(body, "DATA", strings.ReplaceAll(data, "$", contact)))
	}
	r := newRig(t, handler, func(o *Options) {
		if odd.timeout > 0 {
			o.Timeout = odd.timeout
		}
	})
	receipt, err := do(t.Context(), r)
	if odd.timeout > 0 && len(r.log()) == 0 { // the limit was over before it arrived
		odd.timeout *= 2
		oddCell(t, odd, data, tolerated, do)
		return
	}
	if tolerated {
		if err != nil {
			t.Errorf("not tolerated: %v", err)
		}
		return
	}
	e, ok := err.(*model.Error)
	if !ok || e.Kind == model.KindUnknown || e.Kind == model.KindCanceled || e.Message == "" || e.Op == "" {
		t.Fatalf("%#v", err)
	}
	for _, word := range []string{"json:", "jsontext", "unmarshal", "EOF", "*http", testToken} {
		if strings.Contains(e.Error(), word) {
			t.Errorf("%q holds %q", e.Error(), word)
		}
	}
	last := r.request(len(r.log()) - 1)
	arrived := e.Status/100 == 2 || e.Status == 0
	if write := last.method != http.MethodGet; write && arrived && !receipt.Unknown {
		t.Errorf("it is said not to have arrived: %v", e)
	}
	if n := len(r.log()); n > 2*maxAttempts+maxRedirects {
		t.Errorf("%d requests", n)
	}
}
