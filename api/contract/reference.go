package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Reference is the page about the API for people, in Markdown: what each
// version has, from the same files that tests compare with.
func Reference() (string, error) {
	march, err := Load(March)
	if err != nil {
		return "", err
	}
	later, err := Load(Later)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(`# What levcontacts uses of the Lev External API v2

This page is generated from two OpenAPI descriptions: ` + "[`api/contract/march-2026.yaml`](../api/contract/march-2026.yaml)" + ` for the
contacts page of March 2026 and ` + "[`api/contract/later-2026.yaml`](../api/contract/later-2026.yaml)" + ` for the documentation of July 2026.
Tests compare every request of the program and every response of its sandbox with them.
levcontacts finds out by itself which of the two a service speaks.

## Requests

| request | parameters | body | March 2026 | July 2026 |
|---|---|---|---|---|
`)
	inMarch, inLater := operations(march.doc), operations(later.doc)
	all := maps.Clone(inMarch)
	maps.Copy(all, inLater)
	has := func(set map[string]operation, name string) string {
		if _, ok := set[name]; ok {
			return "yes"
		}
		return "-"
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		o := all[name]
		fmt.Fprintf(&b, "| `%s` %s | %s | %s | %s | %s |\n", name, o.summary, o.query, o.body, has(inMarch, name), has(inLater, name))
	}
	b.WriteString("\nParameters:\n\n")
	for _, name := range slices.Sorted(maps.Keys(later.doc.Components.Parameters)) {
		if p := later.doc.Components.Parameters[name].Value; p.In != "path" && name != "CompanyFields" {
			fmt.Fprintf(&b, "- `%s` (%s): %s\n", p.Name, p.In, p.Description)
		}
	}
	for _, name := range []string{"Contact", "Phone", "Note", "Company", "Problem", "TypedError", "CodedError"} {
		fmt.Fprintf(&b, "\n## %s\n\n", name)
		writeSchema(&b, name, march.doc, later.doc)
	}
	return b.String(), nil
}

// operation is what the table says of one request.
type operation struct{ summary, query, body string }

func operations(doc *openapi3.T) map[string]operation {
	out := map[string]operation{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			var query []string
			for _, p := range op.Parameters {
				if p.Value.In == "query" {
					query = append(query, "`"+p.Value.Name+"`")
				}
			}
			o := operation{summary: "<br>" + op.Summary, query: strings.Join(query, " ")}
			if op.RequestBody != nil {
				o.body = bodyOf(op.RequestBody.Value.Content.Get("application/json").Schema)
			}
			out[method+" "+path] = o
		}
	}
	return out
}

// bodyOf names a body's schema and what it must have.
func bodyOf(s *openapi3.SchemaRef) string {
	if len(s.Value.Required) == 0 {
		return "any of its fields"
	}
	return "needs `" + strings.Join(s.Value.Required, "`, `") + "`"
}

// writeSchema writes the fields of a schema, and which version has them.
func writeSchema(b *strings.Builder, name string, march, later *openapi3.T) {
	schema := later.Components.Schemas[name].Value
	if schema.Description != "" {
		fmt.Fprintf(b, "%s\n\n", schema.Description)
	}
	old := march.Components.Schemas[name]
	var writable *openapi3.SchemaRef
	for _, ending := range []string{"New", "Sent", "Text"} {
		if s := later.Components.Schemas[name+ending]; s != nil {
			writable = s
		}
	}
	b.WriteString("| field | type | written | March 2026 |\n|---|---|---|---|\n")
	for _, field := range slices.Sorted(maps.Keys(schema.Properties)) {
		written, inMarch := "-", "-"
		if writable != nil && writable.Value.Properties[field] != nil {
			written = "yes"
		}
		if old != nil && old.Value.Properties[field] != nil {
			inMarch = "yes"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", field, typeOf(schema.Properties[field]), written, inMarch)
	}
}

// typeOf is a schema briefly.
func typeOf(s *openapi3.SchemaRef) string {
	v := s.Value
	text := "any"
	switch {
	case len(v.Enum) > 0:
		var words []string
		for _, e := range v.Enum {
			if e != nil {
				words = append(words, fmt.Sprint(e))
			}
		}
		text = strings.Join(words, " or ")
	case v.Type.Is("array"):
		text = "list of " + typeOf(v.Items)
	case v.Type != nil && len(*v.Type) > 0:
		text = (*v.Type)[0]
	}
	if v.Nullable {
		text += " or null"
	}
	return text
}
