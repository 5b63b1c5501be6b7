package contract

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
)

// SpoiledHeader is the response header by which a sandbox names the faults that
// made a response other than the documents say.
const SpoiledHeader = "X-Sandbox-Fault"

// CountVar is the environment variable that names a file. Report adds a line
// with the numbers of compared requests and responses to it.
const CountVar = "LEVCONTACTS_CONTRACT_COUNT"

// maxProblems is how many problems a Watch keeps.
const maxProblems = 10

// Watch stands between client and service and compares what passes with a
// description. It changes nothing. It is safe for concurrent use.
type Watch struct {
	description *Description
	options     Options

	mu       sync.Mutex
	counts   Counts
	problems []string
}

// Options say what is not compared.
type Options struct {
	// AnyRequest is for tests that write requests by hand.
	AnyRequest bool
	// AnyResponse is for services that answer wrongly on purpose.
	AnyResponse bool
}

// New makes a Watch over traffic of a version.
func New(v Version, o Options) (*Watch, error) {
	d, err := Load(v)
	if err != nil {
		return nil, err
	}
	return &Watch{description: d, options: o}, nil
}

// T is the part of *testing.T that Handler needs.
type T interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Logf(format string, args ...any)
}

// Handler compares what a service gets and answers, and fails the test at its
// end for each difference. Call it before the server is started that uses it.
func Handler(t T, v Version, o Options, service http.Handler) http.Handler {
	t.Helper()
	w, err := New(v, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Report(); err != nil {
			t.Errorf("%v", err)
		}
		t.Logf("compared with the documents: %s", w.Counts())
	})
	return w.Around(service)
}

// Counts say how much was compared.
type Counts struct {
	Requests, Responses int
	// Refused are requests that lack something, as the 422 to them says.
	Refused int
	// Apart are requests for paths that the version does not have, and responses
	// that are spoiled on purpose, never came, or hold only chosen fields.
	Apart int
}

// String is the counts in a line.
func (c Counts) String() string {
	return fmt.Sprintf("%d requests, %d of them refused as documented; %d responses; %d set apart",
		c.Requests, c.Refused, c.Responses, c.Apart)
}

// Counts are the counts so far.
func (w *Watch) Counts() Counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.counts
}

// Report gives what differed, nil for nothing, and adds the numbers to the file
// of CountVar.
func (w *Watch) Report() error {
	if path := os.Getenv(CountVar); path != "" {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(f, w.Counts())
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.problems) == 0 {
		return nil
	}
	return errors.New("not as documented:\n" + strings.Join(w.problems, "\n"))
}

// Around puts the Watch in front of a service.
func (w *Watch) Around(service http.Handler) http.Handler {
	return http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
		heard := &recorder{ResponseWriter: to}
		complete := false
		defer func() {
			if !complete { // the service cut the connection
				heard.status = 0
			}
			if err == nil {
				w.compare(r, body, heard)
			}
		}()
		service.ServeHTTP(heard, r)
		complete = true
	})
}

func (w *Watch) compare(r *http.Request, body []byte, heard *recorder) {
	x, err := w.description.request(r, body)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case errors.Is(err, ErrNoRoute):
		// A client may try a path. A service that has it needs a description.
		w.counts.Apart++
		if heard.status < 400 && heard.status > 0 && !w.options.AnyResponse {
			w.note(err)
		}
		return
	case !w.options.AnyRequest:
		w.counts.Requests++
		if err != nil && heard.status == http.StatusUnprocessableEntity {
			// The user left something out, and the service says what.
			w.counts.Refused++
			err = nil
		}
		w.note(err)
	}
	if heard.status == 0 || w.options.AnyResponse || heard.Header().Get(SpoiledHeader) != "" || r.URL.Query().Has("fields") {
		w.counts.Apart++
		return
	}
	w.counts.Responses++
	text, err := heard.text()
	if err == nil {
		err = x.response(heard.status, heard.Header(), text)
	}
	w.note(err)
}

func (w *Watch) note(err error) {
	if err != nil && len(w.problems) < maxProblems {
		w.problems = append(w.problems, err.Error())
	}
}

// recorder passes a response on and keeps it.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// Unwrap lets http.ResponseController flush, and take the connection over.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// text is the body, not compressed.
func (r *recorder) text() ([]byte, error) {
	if r.Header().Get("Content-Encoding") != "gzip" {
		return r.body.Bytes(), nil
	}
	z, err := gzip.NewReader(&r.body)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// newBody is a request's body, to be read once.
func newBody(body []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(body)) }

// failing is the end of a body that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
