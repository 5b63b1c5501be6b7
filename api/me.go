package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// Me is who the key belongs to and what it may do. The published API
// documentation names the parts of GET /me (user, account, profile, platform
// with api_tier and rate_limits, scopes) and not their shape, so any of it may
// be missing: "" and 0 mean not known.
type Me struct {
	Known       bool // the service has GET /me and answered it
	Name        string
	Email       string
	Account     string
	AccountSlug string
	AccountID   int64
	Role        string
	Tier        string // free, standard, enterprise
	// Requests a minute, for the whole account and for each endpoint.
	AccountLimit, EndpointLimit int
	Permission                  string // such as read_only
	Scopes                      []string
	// Accounts are those to choose from when the key is the user's who belongs
	// to several and has chosen none (Options.Account).
	Accounts  []Account
	RequestID string
}

// Account is one account of the user.
type Account struct {
	ID         int64
	Slug, Name string
}

// Me asks the service who the key belongs to. The error is of KindNotFound
// where the service does not know the question.
func (c *Client) Me(ctx context.Context) (Me, error) {
	q := call{op: "read the account", endpoint: EndpointMe, method: http.MethodGet, path: "/me"}
	me, err := c.mes.join(ctx, c.joinKey(q), work.Screen, func(ctx context.Context, u *sharedPriority) (Me, error) {
		me, _, err := send(ctx, c, q.as(u), readMe)
		return me, err
	})
	if e, ok := errors.AsType[*model.Error](err); ok && (e.Status == http.StatusMethodNotAllowed || e.Status == http.StatusNotImplemented) {
		missing := *e
		missing.Kind = model.KindNotFound
		return me, &missing
	}
	return me, contextErrorOr(q.op, err)
}

// Check reports whether the key is good: it asks for Me, and where the service
// does not have it, or keeps it from this key, for a list of one row. Me.Known
// tells which.
func (c *Client) Check(ctx context.Context) (Me, error) {
	me, err := c.Me(ctx)
	switch model.KindOf(err) {
	case model.KindNotFound, model.KindForbidden:
		page, err := c.List(ctx, model.CursorList(model.ConnectedOnly, 1), work.Screen)
		return Me{RequestID: page.RequestID}, err
	}
	return me, err
}

// Writes reports whether the key may write contacts, and whether that is known.
func (m Me) Writes() (allowed, known bool) {
	switch strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(m.Permission)) {
	case "read_only", "readonly", "read":
		return false, true
	}
	for _, scope := range m.Scopes {
		switch strings.ToLower(scope) {
		case "contacts:write", "contacts:*", "*":
			return true, true
		case "contacts:read":
			known = true
		}
	}
	return false, known
}

// readMe looks for the parts in the places where they are likely to be.
func readMe(env envelope) (Me, error) {
	d := json.NewDecoder(bytes.NewReader(env.data))
	d.UseNumber()
	var root map[string]any
	if err := d.Decode(&root); err != nil || root == nil {
		return Me{}, errors.New("the data are not an object")
	}
	t := tree{root}
	me := Me{Known: true, RequestID: env.requestID,
		Name:        t.text("profile.name profile.full_name user.name user.full_name name full_name"),
		Email:       t.text("profile.email user.email email"),
		Account:     t.text("account.name active_account.name account.display_name account_name"),
		AccountSlug: t.text("account.slug active_account.slug account_slug"),
		Role:        t.text("profile.role account.role user.role role account.user_role membership.role"),
		Tier:        strings.ToLower(t.text("platform.api_tier platform.tier account.api_tier api_tier tier subscription.api_tier")),
		Permission:  t.text("platform.permission_level platform.permission api_key.permission_level api_key.permission key.permission permission_level permission access"),
		Scopes:      t.list("scopes platform.scopes api_key.scopes platform.api_key.scopes platform.granted_scopes granted_scopes key.scopes token.scopes user.scopes account.scopes profile.scopes scope"),
	}
	if me.Name == "" {
		me.Name = strings.TrimSpace(t.text("profile.first_name user.first_name first_name") + " " + t.text("profile.last_name user.last_name last_name"))
	}
	me.AccountID = t.id("account.id active_account.id account.account_id account_id")
	me.Accounts = t.accounts("available_accounts accounts user.accounts")
	if me.Permission == "" && t.yes("read_only profile.read_only api_key.read_only platform.read_only key.read_only") {
		me.Permission = "read_only"
	}
	for _, place := range []string{"platform.rate_limits", "platform.rate_limit", "rate_limits", "rate_limit", "account.rate_limits"} {
		readLimits(&me, "", t.at(place))
	}
	return me, nil
}

// tree finds values in JSON of unknown shape. Places are paths with dots; the
// first one that holds something counts.
type tree struct{ root map[string]any }

func (t tree) at(path string) any {
	var v any = t.root
	for _, name := range strings.Split(path, ".") {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	return v
}

func (t tree) text(places string) string {
	for _, place := range strings.Fields(places) {
		switch v := t.at(place).(type) {
		case string:
			if v != "" {
				return v
			}
		case json.Number:
			return v.String()
		}
	}
	return ""
}

func (t tree) id(places string) int64 {
	n, _ := strconv.ParseInt(t.text(places), 10, 64)
	return n
}

func (t tree) yes(places string) bool {
	return slices.ContainsFunc(strings.Fields(places), func(place string) bool { return t.at(place) == true })
}

func (t tree) accounts(places string) []Account {
	var out []Account
	for _, place := range strings.Fields(places) {
		list, _ := t.at(place).([]any)
		for _, entry := range list {
			o, _ := entry.(map[string]any)
			a := tree{o}
			if slug := a.text("slug account_slug"); slug != "" {
				out = append(out, Account{ID: a.id("id account_id"), Slug: slug, Name: a.text("name display_name")})
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

func (t tree) list(places string) []string {
	for _, place := range strings.Fields(places) {
		var out []string
		switch v := t.at(place).(type) {
		case string:
			out = strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == ',' })
		case []any:
			for _, entry := range v {
				if o, ok := entry.(map[string]any); ok {
					entry = tree{o}.text("name scope id")
				}
				if s, ok := entry.(string); ok && s != "" {
					out = append(out, s)
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// readLimits takes the limits a minute out of whatever holds them, by the words
// in the names on the way: {account: 100, endpoint: 20},
// {account: {requests_per_minute: 100}, …}, {per_endpoint_per_minute: 20}.
func readLimits(me *Me, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for part, inner := range v {
			readLimits(me, name+"."+strings.ToLower(part), inner)
		}
	case json.Number:
		n, err := strconv.ParseFloat(v.String(), 64)
		if err != nil || n < 1 || n > 1e6 || other(name) {
			return
		}
		if limit := int(n); strings.Contains(name, "endpoint") {
			me.EndpointLimit = min(limit, cmp.Or(me.EndpointLimit, limit))
		} else {
			me.AccountLimit = min(limit, cmp.Or(me.AccountLimit, limit))
		}
	}
}

// other reports whether a number among the limits is not requests a minute.
func other(name string) bool {
	for _, word := range []string{"second", "hour", "day", "month", "window", "remaining", "used", "reset", "burst", "concurren"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
