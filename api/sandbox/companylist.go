package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// firstCompanies are the names of the companies of the contacts written by hand.
var firstCompanies = [turn]string{
	"Meridian Capital", "Eastdil Secured", "Harbor Point", "Aguilar Capital Partners", "First Harbor Bank", "Beacon Mutual Life",
	"Crescent Waterfront", "Stonecourt Credit", "Landfall Agency", "Cascade Yard", "Peachstate Trust", "Almaden Bank",
	"Lakefront Equities", "Tryon Securities", "Trinity Grove", "Longwharf Capital",
}

// companyRecord is a company as the published API documentation shows it. Its type
// is not in the answer.
type companyRecord struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	Website   *string `json:"website"`
	Address   *string `json:"address"`
	City      *string `json:"city"`
	State     *string `json:"state"`
	Zip       *string `json:"zip"`
	OrgID     *int64  `json:"org_id"`
	Owner     *int64  `json:"owner_account_id"`
	Connected bool    `json:"is_connected"`
	LinkedIn  *string `json:"linkedin_url"`
	CreatedAt string  `json:"created_at"`
	UpdatedAt string  `json:"updated_at"`
}

// firm is a seeded company as a record.
func (g *generator) firm(n int) companyRecord {
	c := g.company(n)
	brand, ending, tag := g.mailDomain(c)
	name := title(brand) + " " + title(strings.TrimSuffix(ending, ".com"))
	if n < turn {
		name = firstCompanies[n]
	}
	if tag != "" {
		name += " " + tag
	}
	const day = "2024-01-15T09:00:00Z"
	return companyRecord{
		ID: houseID + int64(n), Name: name, Website: ref("https://www." + brand + ending),
		Address: ref(strconv.Itoa(c.house) + " " + c.street.name), City: ref(c.place.city), State: ref(c.place.state), Zip: ref(c.street.zip),
		Owner: ref(int64(defaultOwner)), Connected: true, CreatedAt: day, UpdatedAt: day,
	}
}

func title(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// companyStore is the companies: the seeded ones, and over them those that were
// created or changed.
type companyStore struct {
	seeded  int
	overlay map[int64]companyRecord
	added   int64
}

func newCompanyStore(g *generator) *companyStore {
	b := &companyStore{overlay: map[int64]companyRecord{}}
	for n := 0; companyRow(n, 0) < g.rows; n++ {
		b.seeded = n + 1
	}
	return b
}

func (s *Server) company(id int64) (companyRecord, bool) {
	b := s.companies
	if c, ok := b.overlay[id]; ok {
		return c, true
	}
	n := id - houseID
	if n < 0 || n >= int64(b.seeded) {
		return companyRecord{}, false
	}
	return s.book.seeded.firm(int(n)), true
}

func (s *Server) listCompanies(c *call) answer {
	query := c.request.URL.Query()
	limit, p := readNumber(query, "limit", defaultLimit, 1, maxLimit)
	if p != nil {
		return s.refuse(c, *p)
	}
	b := s.companies
	end := houseID + int64(b.seeded) + b.added
	page := cursorPage{Total: int(end - houseID), Limit: limit}
	next := int64(houseID)
	if cursor := query.Get("cursor"); cursor != "" {
		after, ok := readCursor(cursor)
		if !ok {
			return s.refuse(c, badRequest("cursor is not one this service gave out"))
		}
		page.Cursor, next = &cursor, after+1
	}
	list := []companyRecord{}
	for ; next < end && len(list) < limit; next++ {
		if one, ok := s.company(next); ok {
			list = append(list, one)
		}
	}
	if page.HasMore = next < end; page.HasMore {
		page.NextCursor = makeCursor(next - 1)
	}
	return s.success(c, http.StatusOK, appendJSON(nil, list), page)
}

func (s *Server) getCompany(c *call) answer {
	one, ok := s.company(c.ids[0])
	if !ok {
		return s.refuse(c, notFound("Company not found"))
	}
	return s.success(c, http.StatusOK, appendJSON(nil, one), nil)
}

func (s *Server) createCompany(c *call) answer {
	body, ok := readObject(c.body)
	if !ok {
		return s.refuse(c, badRequest(notAnObject))
	}
	problems := map[string]string{}
	var kind string
	if raw, sent := body["company_type"]; !sent {
		problems["company_type"] = "company_type is required"
	} else if json.Unmarshal(raw, &kind) != nil || kind != "lender" && kind != "sponsor" {
		problems["company_type"] = "company_type must be lender or sponsor"
	}
	delete(body, "company_type")
	if _, sent := body["name"]; !sent {
		problems["name"] = "name is required"
	}
	b := s.companies
	now := c.now.UTC().Format(time.RFC3339)
	one := companyRecord{ID: houseID + int64(b.seeded) + b.added, Owner: ref(s.accountID(c.key.Account)), CreatedAt: now, UpdatedAt: now}
	one.assign(body, problems)
	if len(problems) > 0 {
		return s.refuse(c, invalid(problems, summary(problems)))
	}
	b.overlay[one.ID] = one
	b.added++
	return s.success(c, http.StatusCreated, appendJSON(nil, one), nil)
}

func (s *Server) patchCompany(c *call) answer {
	body, ok := readObject(c.body)
	if !ok {
		return s.refuse(c, badRequest(notAnObject))
	}
	one, ok := s.company(c.ids[0])
	if !ok {
		return s.refuse(c, notFound("Company not found"))
	}
	problems := map[string]string{}
	one.assign(body, problems)
	if len(problems) > 0 {
		return s.refuse(c, invalid(problems, summary(problems)))
	}
	one.UpdatedAt = c.now.UTC().Format(time.RFC3339)
	s.companies.overlay[one.ID] = one
	return s.success(c, http.StatusOK, appendJSON(nil, one), nil)
}

// assign writes the fields of a body and collects what is wrong with them.
func (r *companyRecord) assign(body map[string]json.RawMessage, problems map[string]string) {
	texts := map[string]**string{"website": &r.Website, "address": &r.Address, "city": &r.City, "state": &r.State, "zip": &r.Zip, "linkedin_url": &r.LinkedIn}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		target, text := texts[name]
		switch {
		case name == "name":
			if json.Unmarshal(body[name], &r.Name) != nil || strings.TrimSpace(r.Name) == "" || utf8.RuneCountInString(r.Name) > 255 {
				problems[name] = "name must be 1 to 255 characters"
			}
		case name == "org_id":
			if json.Unmarshal(body[name], &r.OrgID) != nil {
				problems[name] = "org_id must be a number"
			}
		case !text:
			problems[name] = name + " is not a field of a company"
		default:
			*target = nil
			if json.Unmarshal(body[name], target) != nil {
				problems[name] = name + " must be a string or null"
			}
		}
	}
}
