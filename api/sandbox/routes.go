package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// route is one endpoint: a method and a path below BasePath, in which {} is a number.
type route struct {
	method, path string
	name         string // what fault rules and the log call it
	write        bool   // needs contacts:write and a key that may write
	open         bool   // needs no Authorization
	unscoped     bool   // may be called without choosing an account
	handle       func(*Server, *call) answer
}

func (r *route) template() string { return r.method + " " + r.path }

// endpointNames are the names fault rules may use.
func endpointNames() []string {
	return []string{"list", "get", "create", "patch", "me", "notes", "companies", "validate"}
}

func routes(d Dialect) []route {
	all := []route{
		{method: http.MethodGet, path: "/contacts/{}", name: "get", handle: (*Server).getContact},
		{method: http.MethodPatch, path: "/contacts/{}", name: "patch", write: true, handle: (*Server).patchContact},
	}
	collection := func(path string) {
		all = append(all,
			route{method: http.MethodGet, path: path, name: "list", handle: (*Server).listContacts},
			route{method: http.MethodPost, path: path, name: "create", write: true, handle: (*Server).createContact},
		)
	}
	if d != DialectLater {
		collection("/build/contacts")
	}
	if d == DialectMarch {
		return all
	}
	collection("/contacts")
	return append(all,
		route{method: http.MethodGet, path: "/me", name: "me", unscoped: true, handle: (*Server).me},
		route{method: http.MethodPost, path: "/auth/validate-api-key", name: "validate", open: true, handle: (*Server).validateKey},
		route{method: http.MethodGet, path: "/contacts/{}/notes", name: "notes", handle: (*Server).listNotes},
		route{method: http.MethodPost, path: "/contacts/{}/notes", name: "notes", write: true, handle: (*Server).createNote},
		route{method: http.MethodPatch, path: "/contacts/{}/notes/{}", name: "notes", write: true, handle: (*Server).patchNote},
		route{method: http.MethodDelete, path: "/contacts/{}/notes/{}", name: "notes", write: true, handle: (*Server).deleteNote},
		route{method: http.MethodGet, path: "/companies", name: "companies", handle: (*Server).listCompanies},
		route{method: http.MethodPost, path: "/companies", name: "companies", write: true, handle: (*Server).createCompany},
		route{method: http.MethodGet, path: "/companies/{}", name: "companies", handle: (*Server).getCompany},
		route{method: http.MethodPatch, path: "/companies/{}", name: "companies", write: true, handle: (*Server).patchCompany},
	)
}

// find returns the route of a request and the numbers in its path. Without one, allow holds the
// methods the path has; if that is empty too, there is no such path.
func find(all []route, method, path string) (found *route, ids []int64, allow []string) {
	for i := range all {
		got, ok := match(all[i].path, path)
		if !ok {
			continue
		}
		if all[i].method == method {
			return &all[i], got, nil
		}
		if !slices.Contains(allow, all[i].method) {
			allow = append(allow, all[i].method)
		}
	}
	return nil, nil, allow
}

// match compares a path with a template. What is no number stands for an id that nothing has.
func match(template, path string) (ids []int64, ok bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	for i, part := range want {
		switch {
		case part == "{}" && got[i] != "":
			id, err := strconv.ParseInt(got[i], 10, 64)
			if err != nil {
				id = -1
			}
			ids = append(ids, id)
		case part != got[i]:
			return nil, false
		}
	}
	return ids, true
}
