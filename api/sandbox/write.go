package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
)

const notAnObject = "The request body must be a JSON object"

// createContact is POST of the collection, from the contacts page of March 2026. A new contact is
// not connected, and not primary unless that is asked for. company_id is from the later documentation.
func (s *Server) createContact(c *call) answer {
	body, ok := readObject(c.body)
	if !ok {
		return s.refuse(c, badRequest(notAnObject))
	}
	r := &record{owner: s.accountID(c.key.Account)}
	problems := map[string]string{}
	s.readCompany(r, body, problems)
	s.assign(r, body, problems, nil)
	if t, ok := body["contact_type"]; !ok || isNull(t) || string(t) == `""` {
		problems["contact_type"] = "contact_type is required"
	}
	if len(problems) > 0 {
		return s.refuse(c, invalid(problems, summary(problems)))
	}
	now := some(c.now.UTC().Format(time.RFC3339))
	r.text[textCreated], r.text[textUpdated] = now, now
	s.book.add(r)
	if r.primary {
		s.demote(r, c.now)
	}
	return s.success(c, http.StatusCreated, s.style(c).appendRecord(nil, r), nil)
}

// readCompany takes company_id out of the body of a create. The response never shows it.
func (s *Server) readCompany(r *record, body map[string]json.RawMessage, problems map[string]string) {
	raw, sent := body["company_id"]
	required := s.options.Dialect == DialectLater
	if s.options.Dialect == DialectMarch {
		return // the page does not know it: assign refuses it
	}
	delete(body, "company_id")
	switch {
	case !sent || isNull(raw):
		if required {
			problems["company_id"] = "company_id is required"
		}
	case json.Unmarshal(raw, &r.company) != nil || r.company <= 0:
		problems["company_id"] = "company_id must be the number of a company"
	}
}

// patchContact is PATCH of one contact, from the contacts page of March 2026: only the fields sent
// are changed, and null clears one.
func (s *Server) patchContact(c *call) answer {
	body, ok := readObject(c.body)
	if !ok {
		return s.refuse(c, badRequest(notAnObject))
	}
	before := s.book.get(c.ids[0])
	if before == nil {
		return s.refuse(c, notFound("Contact not found"))
	}
	var fixed []string
	if s.options.Dialect == DialectLater {
		fixed = []string{"contact_type", "contact_types"}
	}
	after := before.copy()
	problems := map[string]string{}
	s.assign(after, body, problems, fixed)
	if len(problems) > 0 {
		return s.refuse(c, invalid(problems, summary(problems)))
	}
	if s.options.Dialect == DialectLater && after.text[textEmail] != before.text[textEmail] {
		return s.refuse(c, conflict("changing a contact's email is not supported yet"))
	}
	if !reflect.DeepEqual(before, after) {
		touch(after, c.now)
		s.book.replace(after)
		if after.primary && !before.primary {
			s.demote(after, c.now)
		}
	}
	return s.success(c, http.StatusOK, s.style(c).appendRecord(nil, after), nil)
}

func (s *Server) style(c *call) style {
	return style{fields: s.schema.fields, nulls: c.plan.has(faultNulls)}
}

// touch moves updated_at: to now, and in any case to a later second than before, so that it always
// marks a change.
func touch(r *record, now time.Time) {
	at := now.UTC().Truncate(time.Second)
	if last, err := time.Parse(time.RFC3339, r.text[textUpdated].value); err == nil && !at.After(last) {
		at = last.Add(time.Second)
	}
	r.text[textUpdated] = some(at.UTC().Format(time.RFC3339))
	delete(r.odd, "updated_at")
}

// demote takes is_primary from the others at the company of r, as the published API documentation says.
func (s *Server) demote(r *record, now time.Time) {
	for _, id := range s.book.employees(r.company) {
		other := s.book.get(id)
		if other == nil || other.id == r.id || !other.primary {
			continue
		}
		other = other.copy()
		other.primary = false
		touch(other, now)
		s.book.replace(other)
	}
}

// assign writes the fields of a body into r and collects what is wrong with them, by field.
// Fields in fixed cannot be changed by this request.
func (s *Server) assign(r *record, body map[string]json.RawMessage, problems map[string]string, fixed []string) {
	for _, name := range slices.Sorted(maps.Keys(body)) { // contact_type before contact_types
		f, known := s.schema.byName[name]
		switch {
		case !known:
			problems[name] = name + " is not a field of a contact"
		case f.readOnly:
			problems[name] = name + " is set by the service"
		case slices.Contains(fixed, name):
			problems[name] = name + " cannot be changed"
		default:
			s.assignField(r, f, body[name], problems)
		}
	}
}

func (s *Server) assignField(r *record, f field, raw json.RawMessage, problems map[string]string) {
	delete(r.odd, f.name)
	switch f.kind {
	case kindAdded:
		if t := (text{}); !t.read(raw) {
			problems[f.name] = f.name + " must be a string or null"
		} else if t.set {
			r.odd = maps.Clone(r.odd)
			if r.odd == nil {
				r.odd = map[string]json.RawMessage{}
			}
			r.odd[f.name] = raw
		}
	case kindText:
		if !r.text[f.text].read(raw) {
			problems[f.name] = f.name + " must be a string or null"
		} else if f.text == textType {
			assignType(r, problems)
		}
	case kindPrimary:
		if isNull(raw) || json.Unmarshal(raw, &r.primary) != nil {
			problems[f.name] = f.name + " must be true or false"
		}
	case kindTypes:
		assignTypes(r, raw, problems)
	case kindPhones:
		id := r.id
		if id == 0 {
			id = s.book.next
		}
		list, wrong := readPhones(raw, id, r.phones)
		r.phones = list
		for at, message := range wrong {
			problems[at] = at + " " + message
		}
	}
}

// assignType follows a change of contact_type, which is the first of contact_types.
func assignType(r *record, problems map[string]string) {
	t := r.text[textType]
	switch {
	case !t.set:
		r.types = nil
	case len(r.types) > 0 && r.types[0] == t.value:
		// Said again: a contact of both types stays one.
	case t.value == typeLender || t.value == typeSponsor:
		r.types = []string{t.value}
	default:
		problems["contact_type"] = "contact_type must be " + typeLender + " or " + typeSponsor
	}
}

func assignTypes(r *record, raw json.RawMessage, problems map[string]string) {
	var types []string
	known := func(t string) bool { return t == typeLender || t == typeSponsor }
	if json.Unmarshal(raw, &types) != nil || slices.ContainsFunc(types, func(t string) bool { return !known(t) }) {
		problems["contact_types"] = "contact_types must be a list of " + typeLender + " and " + typeSponsor
		return
	}
	r.types, r.text[textType] = nil, text{}
	if len(types) > 0 {
		r.types, r.text[textType] = types, some(types[0])
	}
}

// read takes a JSON string or null.
func (t *text) read(raw json.RawMessage) bool {
	var v *string
	if json.Unmarshal(raw, &v) != nil {
		return false
	}
	*t = text{}
	if v != nil {
		*t = some(*v)
	}
	return true
}

func isNull(raw json.RawMessage) bool { return string(raw) == "null" }

// summary is one message for all the problems. A missing contact_type goes first, in the words of
// the contacts page.
func summary(problems map[string]string) string {
	var messages []string
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		if name == "contact_type" {
			messages = slices.Insert(messages, 0, problems[name])
			continue
		}
		messages = append(messages, problems[name])
	}
	return strings.Join(messages, "; ")
}
