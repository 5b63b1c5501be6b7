package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// What follows happens behind a client's back, as when a colleague uses another program: no request,
// no rate limit, no rule about which fields may be written. A value that does not fit its field,
// and a field no one documented, are stored as they are and sent so.

// Update changes fields of a contact and moves updated_at unless that is one of them. It tells
// whether there is such a contact. It panics on a value that JSON cannot hold.
func (s *Server) Update(id int64, fields map[string]any) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.book.get(id)
	if r == nil {
		return false
	}
	r = r.copy()
	force(r, fields)
	if _, set := fields["updated_at"]; !set {
		touch(r, s.options.Now())
	}
	s.book.replace(r)
	return true
}

// Add makes a contact and returns its id. It is connected, a lender contact and created now unless
// the fields say otherwise. company_id puts it into a company. It panics on a value that JSON cannot hold.
func (s *Server) Add(fields map[string]any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &record{owner: defaultOwner, connected: true, types: []string{typeLender}}
	r.text[textType] = some(typeLender)
	touch(r, s.options.Now())
	r.text[textCreated] = r.text[textUpdated]
	force(r, fields)
	s.book.add(r)
	return r.id
}

// Remove takes a contact out, as when it is no longer shared with the account. It tells whether it was there.
func (s *Server) Remove(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.remove(id)
}

// Total is the number of connected contacts, which the default list has.
func (s *Server) Total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.count[true]
}

// Contact returns a contact as the service would send it, numbers as float64.
func (s *Server) Contact(id int64) (map[string]any, bool) {
	s.mu.Lock()
	r := s.book.get(id)
	s.mu.Unlock()
	if r == nil {
		return nil, false
	}
	var fields map[string]any
	if err := json.Unmarshal(style{fields: s.schema.fields}.appendRecord(nil, r), &fields); err != nil {
		panic("sandbox: " + err.Error()) // what it writes, it can read
	}
	return fields, true
}

// Notes are the texts of the notes on a contact, the oldest first.
func (s *Server) Notes(contact int64) (texts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.notes.of(contact) {
		texts = append(texts, n.Text)
	}
	return texts
}

// SetNote writes a note as someone else would, and returns its id: a new one for
// the id 0, otherwise the text of that one, where "" deletes it.
func (s *Server) SetNote(contact, id int64, text string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.notes.of(contact)
	now := s.options.Now().UTC().Format(time.RFC3339)
	at := slices.IndexFunc(list, func(n note) bool { return n.ID == id })
	switch {
	case at < 0 && text != "":
		id = s.notes.next(contact)
		list = append(list, note{ID: id, Text: text, CreatedAt: now, UpdatedAt: now, CreatedBy: author{ID: userID + 1, Name: "Robin Keller"}})
	case at >= 0 && text == "":
		list = slices.Delete(list, at, at+1)
	case at >= 0:
		list[at].Text, list[at].UpdatedAt = text, now
	}
	s.notes.held[contact] = list
	return id
}

// force writes fields into a record, whatever they are. An id cannot be changed.
func force(r *record, fields map[string]any) {
	known := newSchema(DialectBoth, nil)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		raw := json.RawMessage(appendJSON(nil, fields[name]))
		if name == "id" {
			continue
		}
		if name == "company_id" && json.Unmarshal(raw, &r.company) == nil {
			continue
		}
		delete(r.odd, name)
		if f, ok := known.byName[name]; ok && forceField(r, f, raw) {
			continue
		}
		if r.odd == nil {
			r.odd = map[string]json.RawMessage{}
		}
		r.odd[name] = raw
	}
}

// forceField writes a value that fits its field and tells whether it did.
func forceField(r *record, f field, raw json.RawMessage) bool {
	switch f.kind {
	case kindText:
		if !r.text[f.text].read(raw) {
			return false
		}
		if f.text == textType {
			assignType(r, map[string]string{})
		}
		return true
	case kindPrimary:
		return !isNull(raw) && json.Unmarshal(raw, &r.primary) == nil
	case kindConnected:
		return !isNull(raw) && json.Unmarshal(raw, &r.connected) == nil
	case kindOwner:
		var owner *int64
		if json.Unmarshal(raw, &owner) != nil {
			return false
		}
		if r.owner = 0; owner != nil {
			r.owner = *owner
		}
		return true
	case kindTypes:
		problems := map[string]string{}
		assignTypes(r, raw, problems)
		return len(problems) == 0
	case kindPhones:
		var list []phone
		if isNull(raw) || json.Unmarshal(raw, &list) != nil {
			return false
		}
		r.phones = nil
		if len(list) > 0 {
			r.phones = list
		}
		return true
	}
	return false
}
