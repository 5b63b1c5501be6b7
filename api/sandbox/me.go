package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// accountID is the number of an account: the owner of the seeded contacts for the first one.
func (s *Server) accountID(slug string) int64 {
	var slugs []string
	for _, k := range s.options.Keys {
		if k = k.defaulted(); !slices.Contains(slugs, k.Account) {
			slugs = append(slugs, k.Account)
		}
	}
	return defaultOwner + int64(max(0, slices.Index(slugs, slug)))
}

// account is an account as GET /me shows it.
type account struct {
	ID   int64  `json:"id"`
	Slug string `json:"slug"`
	Name string `json:"name"`
}

func (s *Server) account(slug string) account {
	words := strings.FieldsFunc(slug, func(r rune) bool { return r == '-' || r == '_' })
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return account{ID: s.accountID(slug), Slug: slug, Name: strings.Join(words, " ")}
}

// user is the user as GET /me shows them.
type user struct {
	ID        int64  `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	FullName  string `json:"full_name"`
	Email     string `json:"email"`
	Role      string `json:"role"`
}

const userID = 1201

func userOf(k Key) user {
	first, last, _ := strings.Cut(k.Name, " ")
	local := strings.ReplaceAll(strings.ToLower(k.Name), " ", ".")
	return user{
		ID: userID, FirstName: first, LastName: last, FullName: k.Name, Role: k.Role,
		Email: local + "@" + k.Account + ".example",
	}
}

// rates are the limits of a tier, in requests a minute; null where there are none.
type rates struct {
	Account  *int `json:"account_requests_per_minute"`
	Endpoint *int `json:"endpoint_requests_per_minute"`
}

type platform struct {
	Tier   string   `json:"api_tier"`
	Rates  rates    `json:"rate_limits"`
	Scopes []string `json:"granted_scopes"`
}

func (s *Server) tier() string {
	if s.options.Tier == "" {
		return "standard"
	}
	return s.options.Tier
}

func (s *Server) platform(k Key) platform {
	p := platform{Tier: s.tier(), Scopes: grants(k)}
	if l, _ := tierLimits(s.options.Tier); l.account > 0 {
		p.Rates = rates{Account: &l.account, Endpoint: &l.endpoint}
	}
	return p
}

// grants are the scopes a key can use: a read-only one cannot use contacts:write.
func grants(k Key) []string {
	granted := []string{}
	for _, scope := range k.Scopes {
		if !k.ReadOnly || scope != scopeWrite {
			granted = append(granted, scope)
		}
	}
	return granted
}

// me is GET /me of the published API documentation: who is asking, for which account, and what
// they may do. A person in several accounts who has not chosen one is shown the choice instead.
func (s *Server) me(c *call) answer {
	type profile struct {
		user
		ReadOnly bool `json:"read_only"`
	}
	body := struct {
		User      user      `json:"user"`
		Profile   *profile  `json:"profile,omitempty"`
		Account   *account  `json:"account,omitempty"`
		Platform  *platform `json:"platform,omitempty"`
		Scopes    []string  `json:"scopes,omitempty"`
		Available []account `json:"available_accounts,omitempty"`
	}{User: userOf(c.key)}
	if len(c.accounts) > 1 {
		for _, k := range c.accounts {
			body.Available = append(body.Available, s.account(k.Account))
		}
		return s.success(c, http.StatusOK, appendJSON(nil, body), nil)
	}
	body.Profile = &profile{user: body.User, ReadOnly: c.key.ReadOnly}
	body.Account = ref(s.account(c.key.Account))
	body.Platform = ref(s.platform(c.key))
	body.Scopes = grants(c.key)
	return s.success(c, http.StatusOK, appendJSON(nil, body), nil)
}

// validateKey is POST /auth/validate-api-key of the published API documentation: is this key good?
// The key is in the body as api_key; a request without one asks about its own bearer token.
func (s *Server) validateKey(c *call) answer {
	var sent struct {
		Key string `json:"api_key"`
	}
	if len(c.body) > 0 {
		if err := json.Unmarshal(c.body, &sent); err != nil {
			return s.refuse(c, badRequest(notAnObject))
		}
	}
	if sent.Key == "" {
		sent.Key, _ = bearer(c.request.Header.Get("Authorization"))
	}
	keyCheck := struct {
		Valid   bool     `json:"valid"`
		User    int64    `json:"user_id,omitempty"`
		Account int64    `json:"account_id,omitempty"`
		Scopes  []string `json:"scopes,omitempty"`
		Tier    string   `json:"tier,omitempty"`
	}{}
	if keys := s.keysOf(sent.Key); len(keys) > 0 {
		keyCheck.Valid, keyCheck.User, keyCheck.Tier = true, userID, s.tier()
		keyCheck.Account, keyCheck.Scopes = s.accountID(keys[0].Account), grants(keys[0])
	}
	return s.success(c, http.StatusOK, appendJSON(nil, keyCheck), nil)
}
