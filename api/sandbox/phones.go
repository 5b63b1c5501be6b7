package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// phones makes the numbers of a seeded contact: from none to two, and the gaps that records from
// before phone support have. All are of the range 555-0100 to 555-0199, which belongs to no one.
func (g *generator) phones(id int64, area string) []phone {
	d := g.randomAt(forPhones, uint64(id))
	number := func(kind string, n int) phone {
		line := strconv.Itoa(100 + d.below(100))
		return phone{
			ID: phoneID(id, n), Type: ref(kind), Country: ref("US"),
			Raw: ref("(" + area + ") 555-0" + line), E164: ref("+1" + area + "5550" + line),
		}
	}
	switch n := d.below(100); {
	case id == firstID || n < 28:
		return []phone{number("office", 0)}
	case n < 44:
		return []phone{number("mobile", 0)}
	case n < 58:
		return []phone{number("office", 0), number("mobile", 1)}
	case n < 68:
		p := number("office", 0)
		p.Extension = ref(strconv.Itoa(100 + d.below(900)))
		return []phone{p}
	case n < 72:
		return []phone{number("office", 0), number("fax", 1)}
	case n < 75: // typed in before phone support
		return []phone{{Raw: ref(area + "-555-0" + strconv.Itoa(100+d.below(100)))}}
	case n < 77:
		p := number("mobile", 0)
		p.Raw = nil
		return []phone{p}
	case n < 79:
		p := number("office", 0)
		p.Type = nil
		return []phone{p}
	case n < 80: // nothing the service could read
		return []phone{{ID: phoneID(id, 0), Type: ref("office"), Raw: ref("call the desk")}}
	case n < 81:
		p := number("mobile", 0)
		p.Country = nil
		return []phone{p}
	}
	return nil
}

func phoneID(contact int64, n int) *string {
	return ref("ph_" + strconv.FormatInt(contact, 36) + "-" + strconv.Itoa(n))
}

// ref is a pointer to a copy of v.
func ref[T any](v T) *T { return &v }

// readPhones reads the phones of a write, which replace the whole list. Ids of numbers the contact
// already has are stored, others are new. Problems are by field, as phones[0].raw.
func readPhones(raw json.RawMessage, contact int64, before []phone) (list []phone, problems map[string]string) {
	var items []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, map[string]string{"phones": "must be a list of phone objects"}
	}
	problems = map[string]string{}
	for i, item := range items {
		at := "phones[" + strconv.Itoa(i) + "]"
		if item == nil {
			problems[at] = "must be an object"
			continue
		}
		list = append(list, readPhone(item, at, problems))
	}
	used := map[string]bool{}
	keep := func(id string) bool {
		return !used[id] && slices.ContainsFunc(before, func(p phone) bool { return p.ID != nil && *p.ID == id })
	}
	for i := range list {
		if p := &list[i]; p.ID != nil && keep(*p.ID) {
			used[*p.ID] = true
		} else {
			p.ID = nil
		}
	}
	for i, n := 0, 0; i < len(list); i++ {
		for list[i].ID == nil {
			id := phoneID(contact, n)
			if n++; !used[*id] && !keep(*id) {
				list[i].ID, used[*id] = id, true
			}
		}
	}
	return list, problems
}

// readPhone reads one number. The service works out e164 itself, so one that is sent is ignored.
func readPhone(item map[string]json.RawMessage, at string, problems map[string]string) phone {
	var p phone
	parts := map[string]**string{
		"id": &p.ID, "type": &p.Type, "raw": &p.Raw, "country": &p.Country, "e164": &p.E164, "extension": &p.Extension,
	}
	for name, raw := range item {
		target, ok := parts[name]
		if !ok {
			problems[at+"."+name] = "is not a field of a phone"
		} else if err := json.Unmarshal(raw, target); err != nil {
			problems[at+"."+name] = "must be a string or null"
		}
	}
	p.E164 = nil
	if p.Type == nil {
		p.Type = ref("mobile")
	} else if !slices.Contains([]string{"mobile", "office", "fax"}, *p.Type) {
		problems[at+".type"] = "must be mobile, office or fax"
	}
	if p.Country == nil {
		p.Country = ref("US")
	} else if len(*p.Country) != 2 {
		problems[at+".country"] = "must be a country code of two letters"
	}
	if _, wrong := problems[at+".raw"]; wrong {
		return p
	}
	if p.Raw == nil {
		problems[at+".raw"] = "is required"
	} else if e164, ok := normalize(*p.Raw, *p.Country); ok {
		p.E164 = ref(e164)
	} else {
		problems[at+".raw"] = "is not a phone number"
	}
	return p
}

// normalize writes a number as E.164: one with a plus as it stands, one of the North American plan
// with +1. Numbers of other countries need their plus, which is all a sandbox has to know of them.
func normalize(raw, country string) (string, bool) {
	var digits strings.Builder
	for i, r := range strings.TrimSpace(raw) {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == '+' && i == 0, strings.ContainsRune(" -.()/", r):
		default:
			return "", false
		}
	}
	n := digits.String()
	if strings.HasPrefix(strings.TrimSpace(raw), "+") {
		return "+" + n, len(n) >= 8 && len(n) <= 15
	}
	if strings.ToUpper(country) != "US" && strings.ToUpper(country) != "CA" {
		return "", false
	}
	n = strings.TrimPrefix(n, "1")
	return "+1" + n, len(n) == 10
}
