// Package contract holds requests and responses against what the documents of
// the Lev External API v2 say. The descriptions are OpenAPI files beside this
// one, written for this program. Only tests import the package.
package contract

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Version is a reading of the documents. The numbers are those of
// sandbox.Dialect.
type Version int

// The versions.
const (
	// Both takes what either version takes.
	Both Version = iota
	// March is the contacts page of March 2026.
	March
	// Later is the documentation published in July 2026.
	Later
)

// basePath is the path that the service lives below.
const basePath = "/api/external/v2"

//go:embed march-2026.yaml
var marchFile []byte

//go:embed later-2026.yaml
var laterFile []byte

// ErrNoRoute means that a version has no such path and method.
var ErrNoRoute = errors.New("the description has no such path and method")

// Description is one version, ready to be compared with. It is safe for
// concurrent use.
type Description struct{ doc *openapi3.T }

// Load reads the description of a version. It is read once: that takes longer
// than most tests.
func Load(v Version) (*Description, error) {
	one := descriptions()[v]
	return one.description, one.err
}

type loaded struct {
	description *Description
	err         error
}

var descriptions = sync.OnceValue(func() (all [3]loaded) {
	for v := range all {
		all[v].description, all[v].err = load(Version(v))
	}
	return all
})

func load(v Version) (*Description, error) {
	file := laterFile
	if v == March {
		file = marchFile
	}
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(file)
	if err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	if err := doc.Validate(loader.Context); err != nil {
		return nil, fmt.Errorf("check the description: %w", err)
	}
	if v == Both {
		widen(doc)
	}
	return &Description{doc}, nil
}

// widen makes the later version take what only the page of March 2026 knows.
func widen(doc *openapi3.T) {
	doc.Paths.Set("/build/contacts", doc.Paths.Value("/contacts"))
	made, changed := doc.Components.Schemas["ContactNew"].Value, doc.Components.Schemas["ContactChange"].Value
	made.Required = []string{"contact_type"}
	for _, name := range []string{"contact_type", "contact_types"} {
		changed.Properties[name] = made.Properties[name]
	}
}

// find gives the operation of a path, nil when there is none, and the values in
// the path by name.
func (d *Description) find(method, path string) (*routers.Route, map[string]string) {
	path, ok := strings.CutPrefix(path, basePath)
	if !ok {
		return nil, nil
	}
	parts := strings.Split(path, "/")
	for template, item := range d.doc.Paths.Map() {
		operation := item.GetOperation(method)
		wanted := strings.Split(template, "/")
		if operation == nil || len(wanted) != len(parts) {
			continue
		}
		values := map[string]string{}
		fits := true
		for i, part := range wanted {
			if name, isParam := strings.CutPrefix(part, "{"); isParam && parts[i] != "" {
				values[strings.TrimSuffix(name, "}")] = parts[i]
			} else if part != parts[i] {
				fits = false
				break
			}
		}
		if fits {
			return &routers.Route{Spec: d.doc, Path: template, PathItem: item, Method: method, Operation: operation}, values
		}
	}
	return nil, nil
}

// exchange is one request and, later, its response.
type exchange struct {
	input *openapi3filter.RequestValidationInput
}

// request compares a request with the description. body is the request's whole
// body. The error names what differs; it is ErrNoRoute for an unknown path.
func (d *Description) request(r *http.Request, body []byte) (*exchange, error) {
	sent := &http.Request{Method: r.Method, URL: &url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}, Header: r.Header}
	route, path := d.find(r.Method, r.URL.Path)
	if route == nil {
		return nil, fmt.Errorf("%w: %s %s", ErrNoRoute, r.Method, strings.TrimPrefix(r.URL.Path, basePath))
	}
	sent.Body = http.NoBody
	if len(body) > 0 {
		sent.Body = newBody(body)
	}
	x := &exchange{&openapi3filter.RequestValidationInput{Request: sent, PathParams: path, Route: route,
		Options: &openapi3filter.Options{MultiError: true, IncludeResponseStatus: true, SkipSettingDefaults: true,
			RejectWhenRequestBodyNotSpecified: true, AuthenticationFunc: bearer}}}
	problems := []error{undescribed(route, sent.URL.Query())}
	if err := openapi3filter.ValidateRequest(context.Background(), x.input); err != nil {
		problems = append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return x, fmt.Errorf("request %s %s: %s", r.Method, r.URL.RequestURI(), short(err))
	}
	return x, nil
}

// bearer takes a request with a token.
func bearer(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	scheme, token, _ := strings.Cut(in.RequestValidationInput.Request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return errors.New("no bearer token")
	}
	return nil
}

// undescribed finds parameters that the description does not name, and those
// that it keeps apart.
func undescribed(route *routers.Route, query url.Values) error {
	var problems []error
	for name := range query {
		named := func(p *openapi3.ParameterRef) bool { return p.Value.In == "query" && p.Value.Name == name }
		if !slices.ContainsFunc(route.Operation.Parameters, named) {
			problems = append(problems, fmt.Errorf("the description has no parameter %s", name))
		}
	}
	apart, _ := route.Operation.Extensions["x-not-together"].([]any)
	sent := 0
	for _, name := range apart {
		if query.Has(fmt.Sprint(name)) {
			sent++
		}
	}
	if sent > 1 {
		problems = append(problems, fmt.Errorf("%v are sent together", apart))
	}
	return errors.Join(problems...)
}

// response compares a response with the description. body is not compressed.
func (x *exchange) response(status int, header http.Header, body []byte) error {
	in := &openapi3filter.ResponseValidationInput{RequestValidationInput: x.input, Status: status, Header: header,
		Options: x.input.Options}
	in.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(context.Background(), in); err != nil {
		r := x.input.Request
		return fmt.Errorf("response %d to %s %s: %s", status, r.Method, r.URL.RequestURI(), short(err))
	}
	return nil
}

// short is an error without the schemas and values that the library prints.
func short(err error) string {
	var lines []string
	skip := false
	for line := range strings.SplitSeq(err.Error(), "\n") {
		switch {
		case line == "Schema:" || line == "Value:":
			skip = true
		case line != "" && line[0] != ' ' && line[0] != '{' && line[0] != '}' && line[0] != '[':
			skip = false
		}
		if !skip && strings.TrimSpace(line) != "" && len(lines) < 6 {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "; ")
}
