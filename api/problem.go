package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/model"
)

// problem is what an error answer says, in whichever shape it came: the one of
// the published API documentation ({request_id, error: {status, type, message,
// details, …}}), the older one ({code, message}, alone or under error), and what
// routers and gateways in front of a service write.
type problem struct {
	status    int
	kind      string
	message   string
	requestID string
	upgrade   string
	scope     string
	wait      json.RawMessage
	fields    map[string]string
}

type object = map[string]json.RawMessage

// readProblem reads an error body. False means that there is nothing to read in
// it: no JSON, or none that says anything.
func readProblem(body []byte) (problem, bool) {
	var top object
	if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &top); err != nil || top == nil {
		return problem{}, false
	}
	var nested object
	if json.Unmarshal(top["error"], &nested) != nil || nested == nil {
		nested = object{}
	}
	both := []object{nested, top}
	details := object{}
	_ = json.Unmarshal(pick(both, "details"), &details)
	p := problem{
		kind:      plain(pick(both, "type", "code")),
		message:   plain(pick(both, "message", "detail", "msg", "error_description", "title")),
		requestID: plain(pick([]object{top, nested}, "request_id", "requestId")),
		upgrade:   plain(pick(both, "upgrade_url")),
		scope:     plain(pick(both, "limit_type")),
		wait:      pick(append(both, details), "retry_after_seconds", "retry_after"),
		fields:    map[string]string{},
	}
	p.status, _ = count(pick(both, "status"))
	if said := plain(top["error"]); said != "" { // {"error": "not_found"}, {"error": "No such page"}
		p.message = cmp.Or(p.message, said)
		if !strings.Contains(said, " ") {
			p.kind = cmp.Or(p.kind, said)
		}
	}
	for _, name := range []string{"details", "errors", "detail", "fields", "field_errors"} {
		collectFields(p.fields, pick(both, name), name == "details", 2)
	}
	if len(p.fields) == 0 {
		addField(p.fields, fieldOf(pick([]object{details, nested, top}, "field")), p.message)
	}
	return p, p.message != "" || p.kind != "" || len(p.fields) > 0
}

// pick is the first member of the objects that is there, names before objects.
func pick(objects []object, names ...string) json.RawMessage {
	for _, name := range names {
		for _, o := range objects {
			if !absent(o[name]) {
				return o[name]
			}
		}
	}
	return nil
}

// collectFields reads messages about single fields: {field: text}, {field:
// [texts]}, {errors: …}, and lists of {field or loc, message or msg}. A loose
// object may hold anything, so that of it only names of fields are taken. Depth
// bounds how far down it looks.
func collectFields(into map[string]string, raw json.RawMessage, anyKeys bool, depth int) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		for _, entry := range list {
			var o object
			if json.Unmarshal(entry, &o) != nil {
				for _, name := range namedFields(plain(entry)) { // ["Email is invalid"]
					addField(into, name, plain(entry))
				}
				continue
			}
			field := fieldOf(pick([]object{o}, "field", "loc", "path", "pointer", "param", "source", "property", "name"))
			addField(into, field, textOf(pick([]object{o}, "message", "msg", "detail", "error", "reason", "title", "code", "type")))
		}
		return
	}
	var o object
	if depth == 0 || json.Unmarshal(raw, &o) != nil {
		return
	}
	if _, single := o["message"]; single && !absent(o["field"]) {
		addField(into, fieldOf(o["field"]), textOf(o["message"]))
	}
	for name, value := range o {
		switch name {
		case "errors", "fields", "field_errors":
			collectFields(into, value, false, depth-1)
		default:
			if field := fieldName(name); !anyKeys || isField(field) {
				addField(into, field, textOf(value))
			}
		}
	}
}

func addField(into map[string]string, field, text string) {
	if field != "" && text != "" && into[field] == "" {
		into[field] = text
	}
}

// textOf is a message: a text, an object that holds one, or several of them.
func textOf(raw json.RawMessage) string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return singleText(raw)
	}
	var texts []string
	for _, entry := range list {
		if s := singleText(entry); s != "" {
			texts = append(texts, s)
		}
	}
	return strings.Join(texts, "; ")
}

func singleText(raw json.RawMessage) string {
	var o object
	if json.Unmarshal(raw, &o) == nil {
		return plain(pick([]object{o}, "message", "msg", "detail"))
	}
	v, err := model.ParseValue(raw)
	if err != nil || v.Kind() != model.Text {
		return ""
	}
	return v.String()
}

// fieldOf is the field that a message is about: "email", ["body", "email"],
// "/data/attributes/email", {"pointer": …}. Of a part of a list, such as
// ["phones", 0, "raw"], it is the list.
func fieldOf(raw json.RawMessage) string {
	var o object
	if json.Unmarshal(raw, &o) == nil && o != nil {
		return fieldName(plain(pick([]object{o}, "pointer", "parameter")))
	}
	var path []json.RawMessage
	if json.Unmarshal(raw, &path) != nil {
		return fieldName(plain(raw))
	}
	var parts []string
	for _, part := range path {
		parts = append(parts, plain(part))
	}
	return fieldName(strings.Join(parts, "."))
}

func fieldName(path string) string {
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("./[]#", r) }) {
		name := snake(part)
		if _, err := strconv.Atoi(name); err == nil {
			continue
		}
		switch name {
		case "body", "data", "attributes", "contact", "query", "path", "json", "$":
		default:
			return name
		}
	}
	return ""
}

// snake turns contactType and contact-type into contact_type.
func snake(s string) string {
	if s == strings.ToUpper(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case 'A' <= r && r <= 'Z':
			if i > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r + 'a' - 'A')
		case r == '-' || r == ' ':
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isField knows the fields of the contacts page of March 2026 and those that
// the published API documentation has added.
func isField(name string) bool {
	_, known := model.FieldByName(name)
	return known || name == "company_id"
}

// modelError is the problem as the rest of the program sees it. The message of
// a refused write is searched for the fields that it is about.
func (p problem) modelError(write bool) *model.Error {
	e := &model.Error{Type: p.kind, Message: p.message, RequestID: p.requestID, UpgradeURL: p.upgrade, Scope: p.scope}
	fields := p.fields
	if len(fields) == 0 && write {
		fields = map[string]string{}
		for _, name := range namedFields(p.message) {
			fields[name] = p.message
		}
	}
	if len(fields) > 0 {
		e.Fields = fields
	}
	return e
}

// namedFields lists the fields that a sentence is about: those whose name it
// begins with or quotes, and those whose name cannot be an ordinary word.
func namedFields(message string) []string {
	var names []string
	lower := strings.ToLower(message)
	for _, f := range model.Fields() {
		if f.ID == model.FieldKey {
			continue // "id" is part of too many sentences about something else
		}
		label := strings.ToLower(f.Label)
		if begins(lower, f.Name) || begins(lower, label) || quoted(lower, f.Name) || quoted(lower, label) ||
			!f.CommonWord && containsWord(lower, f.Name) {
			names = append(names, f.Name)
		}
	}
	if containsWord(lower, "company_id") {
		names = append(names, "company_id")
	}
	return names
}

func begins(s, word string) bool {
	rest, ok := strings.CutPrefix(s, word)
	return ok && (rest == "" || !isNamePart(rest[0]))
}

func quoted(s, word string) bool {
	for _, q := range []string{"'", `"`, "`"} {
		if strings.Contains(s, q+word+q) {
			return true
		}
	}
	return false
}

func containsWord(s, word string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(word)
		if (i == 0 || !isNamePart(s[i-1])) && (end == len(s) || !isNamePart(s[end])) {
			return true
		}
		from = end
	}
}

func isNamePart(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
