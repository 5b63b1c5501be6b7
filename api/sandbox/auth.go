package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

const (
	scopeRead  = "contacts:read"
	scopeWrite = "contacts:write"
)

// isJWT tells a short-lived token of the user from a long-lived key.
func isJWT(token string) bool { return strings.Count(token, ".") == 2 }

// defaulted fills in what a key left empty.
func (k Key) defaulted() Key {
	if k.Account == "" {
		k.Account = defaultSlug
	}
	if k.Name == "" {
		k.Name = defaultUser
	}
	if k.Role == "" {
		k.Role = defaultRole
	}
	if k.Scopes == nil {
		k.Scopes = []string{scopeRead, scopeWrite}
	}
	return k
}

func (k Key) may(scope string) bool { return slices.Contains(k.Scopes, scope) }

// keysOf are the keys a token stands for, one for each account of its user; none if it is not accepted.
func (s *Server) keysOf(token string) []Key {
	if s.revoked[token] {
		return nil
	}
	var found []Key
	for _, k := range s.options.Keys {
		if k.Token == token {
			found = append(found, k.defaulted())
		}
	}
	if len(s.options.Keys) == 0 && acceptable(token) {
		found = append(found, Key{Token: token}.defaulted())
	}
	return found
}

// acceptable is what counts as a token where no keys are listed.
func acceptable(token string) bool {
	if rest, ok := strings.CutPrefix(token, "lev_sk_"); ok {
		return rest != ""
	}
	return isJWT(token) && !slices.Contains(strings.Split(token, "."), "")
}

// bearer reads the token of an Authorization header.
func bearer(header string) (token string, ok bool) {
	scheme, token, found := strings.Cut(header, " ")
	return token, found && strings.EqualFold(scheme, "Bearer") && token != "" && !strings.ContainsAny(token, " \t")
}

// authenticate finds out who is asking and for which account. The page of March 2026 documents the
// 401; X-Active-Account is from the published API documentation.
func (s *Server) authenticate(c *call) *problem {
	token, ok := bearer(c.request.Header.Get("Authorization"))
	if !ok {
		return ref(unauthorized())
	}
	keys := s.keysOf(token)
	if len(keys) == 0 {
		return ref(unauthorized())
	}
	c.token, c.key, c.accounts = token, keys[0], keys
	slug := c.request.Header.Get("X-Active-Account")
	switch {
	case !isJWT(token): // an API key is bound to its account and does not read the header
		return nil
	case len(s.options.Keys) == 0:
		c.key.Account = cmp.Or(slug, c.key.Account)
		return nil
	}
	if slug == "" {
		if len(keys) > 1 && !c.route.unscoped {
			return ref(badRequest("Active account required: send its slug as X-Active-Account"))
		}
		return nil
	}
	at := slices.IndexFunc(keys, func(k Key) bool { return k.Account == slug })
	if at < 0 {
		return ref(forbidden("You are not a member of the account in X-Active-Account"))
	}
	c.key, c.accounts = keys[at], keys[at:at+1]
	return nil
}

// authorize checks what the key may do.
func (s *Server) authorize(c *call) *problem {
	switch {
	case c.route.open || c.route.unscoped:
		return nil
	case !c.route.write && !c.key.may(scopeRead):
		return ref(forbidden("Missing required scope: " + scopeRead))
	case c.route.write && c.key.ReadOnly:
		return ref(forbidden("This API key is read-only"))
	case c.route.write && !c.key.may(scopeWrite):
		return ref(forbidden("Missing required scope: " + scopeWrite))
	case c.route.name == "create" && c.key.NoCreate:
		return ref(forbidden("User not authorized to create contact"))
	}
	return nil
}
