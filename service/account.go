package service

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// meAgain is how long it is believed that the service has no GET /me.
const meAgain = 7 * 24 * time.Hour

// accountBook is what is known about the account.
type accountBook struct {
	mu       sync.Mutex
	readOnly string // why nothing may be written
	foreign  string // why nothing that is kept may be used with this key
	tier     string
}

// holder is whom the rows, drafts and journal of a profile belong to, as the
// service named it.
type holder struct {
	ID   int64  `json:"id,omitempty"`
	Slug string `json:"slug,omitempty"`
	Name string `json:"name,omitempty"`
	User string `json:"user,omitempty"`
	Role string `json:"role,omitempty"`
	Tier string `json:"tier,omitempty"`
	// Requests a minute, as the service said or as its tier allows.
	AccountLimit  int `json:"account_limit,omitempty"`
	EndpointLimit int `json:"endpoint_limit,omitempty"`
}

func holderOf(me api.Me) holder {
	limits := limitsOf(me)
	return holder{ID: me.AccountID, Slug: me.AccountSlug, Name: me.Account, User: cmp.Or(me.Name, me.Email), Role: me.Role, Tier: me.Tier,
		AccountLimit: limits.Account, EndpointLimit: limits.Endpoint}
}

// limitsOf are the limits that GET /me names, or else those of the tier it names.
func limitsOf(me api.Me) budget.Limits {
	tier, _ := budget.Tier(me.Tier)
	return budget.Limits{Account: cmp.Or(me.AccountLimit, tier.Account), Endpoint: cmp.Or(me.EndpointLimit, tier.Endpoint), Source: budget.SourceMe}
}

// differs says that two holders are known to be different accounts.
func (h holder) differs(other holder) bool {
	switch {
	case h.ID != 0 && other.ID != 0:
		return h.ID != other.ID
	case h.Slug != "" && other.Slug != "":
		return h.Slug != other.Slug
	}
	return false
}

func (h holder) words() string {
	return cmp.Or(h.Name, h.Slug, "another account")
}

// KnowLimits asks the service for the limits of the account, unless they are
// configured or an earlier run was told. Without an answer those that are
// counted stay.
func (s *Service) KnowLimits(ctx context.Context) {
	if s.askedLimits.Swap(true) {
		return
	}
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return
	}
	defer leave()
	if h := s.recallHolder(ctx); s.o.Budget.Limits.Source == budget.SourceConfig || h.AccountLimit+h.EndpointLimit > 0 {
		return
	}
	_, _ = s.Account(ctx)
}

// Account says whom the key belongs to and what it may do. It asks the service,
// unless that was found not to know the question less than a week ago; that is
// no error. With an error it still tells what an earlier run was told.
func (s *Service) Account(ctx context.Context) (work.Account, error) {
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return s.accountOf(holder{}, nil), err
	}
	defer leave()
	client, err := s.remote(ctx)
	if err != nil {
		return s.accountOf(holder{}, nil), err
	}
	s.forgetRefusal()
	known := s.recallHolder(ctx)
	if at, err := time.Parse(time.RFC3339, s.fact(ctx, factNoMe)); err == nil && s.o.Now().Sub(at) < meAgain {
		return s.accountOf(known, nil), nil
	}
	me, err := client.Me(ctx)
	switch model.KindOf(err) {
	case model.KindNotFound:
		s.setFact(ctx, factNoMe, s.o.Now().UTC().Format(time.RFC3339))
		return s.accountOf(known, nil), nil
	case model.KindForbidden:
		return s.accountOf(known, nil), nil
	}
	if err != nil {
		return s.accountOf(known, nil), err
	}
	s.askedLimits.Store(true)
	s.learn(me)
	if now := holderOf(me); known.differs(now) {
		s.refuseForeign(known, now)
		return s.accountOf(now, me.Scopes), nil
	}
	s.rememberHolder(ctx, me)
	return s.accountOf(holderOf(me), me.Scopes), nil
}

func (s *Service) accountOf(h holder, scopes []string) work.Account {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	return work.Account{
		Profile: s.o.Profile, Name: cmp.Or(h.Name, h.Slug), User: h.User, Role: h.Role, Tier: h.Tier, Scopes: scopes,
		ReadOnly: cmp.Or(s.account.readOnly, s.account.foreign), Demo: s.o.Demo, BaseURL: s.o.API.BaseURL,
	}
}

// learn takes the limits and permissions from what the service says of the key.
func (s *Service) learn(me api.Me) {
	s.account.mu.Lock()
	s.account.tier = me.Tier
	s.account.readOnly = s.o.ReadOnly
	if allowed, known := me.Writes(); s.o.ReadOnly == "" && known && !allowed {
		s.account.readOnly = "the key may not write contacts"
		if len(me.Scopes) > 0 {
			s.account.readOnly += " (it has " + strings.Join(me.Scopes, ", ") + ")"
		}
	}
	s.account.mu.Unlock()
	if s.o.Budget.Limits.Source == budget.SourceConfig {
		return
	}
	if limits := limitsOf(me); limits.Account > 0 || limits.Endpoint > 0 {
		s.budget.SetLimits(limits)
	}
}

// refuseForeign stops the use of what is kept: it belongs to another account.
func (s *Service) refuseForeign(kept, now holder) {
	why := "the key belongs to " + now.words() + ", and what this profile keeps belongs to " + kept.words() +
		": use another profile for it, or sign out of this one first"
	s.account.mu.Lock()
	s.account.foreign = why
	s.account.mu.Unlock()
	s.copy.forbid(why)
}

// mayWrite refuses a write that must not be sent.
func (s *Service) mayWrite(op string) error {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	if s.account.readOnly != "" {
		return refused(op, "read-only: %s", s.account.readOnly)
	}
	if s.account.foreign != "" {
		return refused(op, "%s", s.account.foreign)
	}
	return nil
}

// learnReadOnly takes the service at its word when it says that the key cannot
// write at all; a role that may not create may still edit.
func (s *Service) learnReadOnly(e *model.Error) {
	if e.Kind != model.KindForbidden {
		return
	}
	text := strings.ToLower(e.Type + " " + e.Message)
	for _, sign := range []string{"read-only", "read only", "readonly", "read_only", "contacts:write", "write scope", "write access"} {
		if strings.Contains(text, sign) {
			s.account.mu.Lock()
			s.account.readOnly = cmp.Or(s.account.readOnly, "the service says that the key may not write")
			s.account.mu.Unlock()
		}
	}
}

// forgetRefusal lets writes be tried again that the service refused for want of
// a right: what it says of the account now counts.
func (s *Service) forgetRefusal() {
	s.account.mu.Lock()
	s.account.readOnly = s.o.ReadOnly
	s.account.mu.Unlock()
}

func (s *Service) recallHolder(ctx context.Context) (h holder) {
	if text := s.fact(ctx, factAccount); text != "" && json.Unmarshal([]byte(text), &h) != nil {
		return holder{}
	}
	return h
}

func (s *Service) rememberHolder(ctx context.Context, me api.Me) {
	if text, err := json.Marshal(holderOf(me)); err == nil {
		s.setFact(ctx, factAccount, string(text))
	}
	s.setFact(ctx, factNoMe, "")
}

// SignIn tries a key and, when it is good, uses it from now on and keeps it. A
// key that cannot be kept is used all the same; OnProblem is told. One of
// another account than what the profile keeps is refused: the rows and drafts
// of one account are never used with the key of another.
func (s *Service) SignIn(ctx context.Context, key string) (work.Account, error) {
	const op = "sign in"
	ctx, leave, err := s.enter(ctx)
	if err != nil {
		return s.accountOf(holder{}, nil), err
	}
	defer leave()
	if s.o.Keys == nil {
		return s.accountOf(holder{}, nil), refused(op, "there is nothing to sign in to here")
	}
	known := s.recallHolder(ctx)
	me, err := s.o.Keys.Try(ctx, key)
	if err != nil {
		return s.accountOf(known, nil), err
	}
	now := holderOf(me)
	if known.differs(now) {
		return s.accountOf(known, nil), refused(op, "this key belongs to %s, and this profile holds %s: use another profile for it, or sign out of this one first",
			now.words(), known.words())
	}
	s.o.Keys.Use(key)
	if me.Known {
		s.learn(me)
		s.rememberHolder(ctx, me)
		known = now
	}
	if err := s.o.Keys.Keep(ctx, key); err != nil {
		s.problem("the key works and could not be kept, so the next start asks again: %s", err)
	}
	return s.accountOf(known, me.Scopes), nil
}

// Profiles are the profiles that can be switched to.
func (s *Service) Profiles() []string { return s.o.Profiles }

// recallLimits takes up what earlier runs were told, until the service is
// asked again.
func (s *Service) recallLimits(ctx context.Context) {
	if h := s.recallHolder(ctx); s.o.Budget.Limits.Source != budget.SourceConfig && h.AccountLimit+h.EndpointLimit > 0 {
		s.budget.SetLimits(budget.Limits{Account: h.AccountLimit, Endpoint: h.EndpointLimit, Source: budget.SourceEarlier})
	}
}

func (s *Service) recallRoutes(ctx context.Context) api.Routes {
	name := s.fact(ctx, factRoutes)
	for _, r := range []api.Routes{api.RoutesBuild, api.RoutesPlain} {
		if r.String() == name {
			return r
		}
	}
	return api.RoutesUnknown
}
