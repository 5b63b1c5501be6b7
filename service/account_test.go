package service_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/work"
)

// keyring signs in to the world's service.
type keyring struct {
	w         *world
	key, kept string
	refuse    error
}

func (k *keyring) Try(ctx context.Context, key string) (api.Me, error) {
	o := k.w.options(&program{}).API
	o.Token = func() string { return key }
	c, err := api.New(o)
	if err != nil {
		return api.Me{}, err
	}
	return c.Check(ctx)
}

func (k *keyring) Use(key string) { k.key = key }

func (k *keyring) Keep(_ context.Context, key string) error {
	if k.refuse == nil {
		k.kept = key
	}
	return k.refuse
}

func (k *keyring) in(o *service.Options) { o.Keys, o.API.Token = k, func() string { return k.key } }

func TestAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Tier: "free", Keys: []sandbox.Key{{Token: testKey, Account: "meridian", Name: "Jo", Role: "admin"}}})
	p := w.start(func(o *service.Options) { o.Profiles = []string{"default", "other"} })
	want(t, "limit before", p.Quota().Limit, 20)
	a, err := p.Account(t.Context())
	must(t, err)
	want(t, "profile", a.Profile, "default")
	want(t, "user", a.User, "Jo")
	want(t, "role, tier", a.Role+" "+a.Tier, "admin free")
	want(t, "scopes", len(a.Scopes), 2)
	want(t, "name", a.Name != "", true)
	want(t, "read-only", a.ReadOnly, "")
	want(t, "limit learned", p.Quota().Limit, 10)
	want(t, "profiles", len(p.Profiles()), 2)

	must(t, p.Close())
	p = w.start()
	w.hook(func(*http.Request, []byte, bool) error { return errCut })
	b, err := p.Account(t.Context())
	wantKind(t, err, model.KindNetwork)
	want(t, "known from before", b.Name+b.User, a.Name+a.User)
}

// The rows of an earlier run come with the name of the account, before the
// service is asked.
func TestOpeningNamesTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Keys: []sandbox.Key{{Token: testKey, Account: "meridian"}}})
	p := w.start()
	a, err := p.Account(t.Context())
	must(t, err)
	opening, err := p.OpenCopy(t.Context())
	must(t, err)
	want(t, "without rows", opening.AccountName, "")
	p.pass()
	must(t, p.Close())
	p = w.start()
	opening, err = p.OpenCopy(t.Context())
	must(t, err)
	want(t, "with rows", opening.AccountName, a.Name)
	want(t, "a name", a.Name != "", true)
}

// The limits of the account are asked for once, and hold in later runs.
func TestLimitsOutliveTheRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Tier: "free"})
	p := w.start()
	p.KnowLimits(t.Context())
	want(t, "limit", p.Quota().Limit, 10)
	want(t, "questions", w.asked("me"), 1)
	must(t, p.Close())
	p = w.start()
	p.KnowLimits(t.Context())
	want(t, "questions in the next run", w.asked("me"), 1)
	p.anID()
	want(t, "limit in the next run", p.Quota(), work.Quota{Limit: 10, Left: 9})
	must(t, p.Close())
	p = w.start(func(o *service.Options) {
		o.Budget.Limits = budget.Limits{Account: 100, Endpoint: 20, Source: budget.SourceConfig}
	})
	p.anID()
	want(t, "configured", p.Quota().Limit, 20)
}

// Limits that are not known are asked for before the second page.
func TestLimitsAreAskedForBeforeTheSecondPage(t *testing.T) {
	t.Parallel()
	for tier, limit := range map[string]int{"free": 10, "unlimited": 0} {
		w := newWorld(t, sandbox.Options{Contacts: 500, Tier: tier})
		p := w.start()
		p.pass()
		var asked []string
		for _, e := range w.sandbox.Requests() {
			asked = append(asked, e.Endpoint)
		}
		want(t, tier+": requests", strings.Join(asked, " "), "list me list list")
		want(t, tier+": limit", p.Quota().Limit, limit)
		must(t, p.Close())
	}
}

func TestConfiguredLimitsHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Tier: "enterprise"})
	p := w.start(func(o *service.Options) {
		o.Budget.Limits = budget.Limits{Account: 30, Endpoint: 10, Source: budget.SourceConfig}
	})
	_, err := p.Account(t.Context())
	must(t, err)
	want(t, "limit", p.Quota().Limit, 10)
}

func TestMissingMeIsAskedOnceAWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Dialect: sandbox.DialectMarch})
	asked := func() int {
		n := 0
		for _, e := range w.sandbox.Requests() {
			if strings.HasSuffix(e.Path, "/me") {
				n++
			}
		}
		return n
	}
	for range 2 {
		p := w.start()
		a, err := p.Account(t.Context())
		must(t, err)
		want(t, "base URL", a.BaseURL, w.server.URL+sandbox.BasePath)
		_, err = p.Account(t.Context())
		must(t, err)
		must(t, p.Close())
	}
	want(t, "asked", asked(), 1)
	w.clock.add(8 * 24 * time.Hour)
	_, err := w.start().Account(t.Context())
	must(t, err)
	want(t, "asked a week later", asked(), 2)
}

func TestForbiddenMeIsNoError(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10})
	w.faults("403@me")
	p := w.start()
	_, err := p.Account(t.Context())
	must(t, err)
	w.faults("401@me")
	_, err = p.Account(t.Context())
	wantKind(t, err, model.KindUnauthorized)
}

func TestSignInOverARunningProgram(t *testing.T) {
	t.Parallel()
	const second = "lev_sk_second_0123456789"
	w := newWorld(t, sandbox.Options{Contacts: 10, Keys: []sandbox.Key{
		{Token: testKey, Account: "meridian"}, {Token: second, Account: "meridian"}, {Token: "lev_sk_other", Account: "other"}}})
	k := &keyring{w: w, key: testKey}
	p := w.start(k.in)
	_, err := p.Account(t.Context())
	must(t, err)
	base := p.contact(p.anID())
	p.pass()
	save := work.Save{ID: base.ID(), Base: base, DraftID: "d1", Patch: set(base, map[model.FieldID]string{model.FieldTitle: "Y"})}
	w.sandbox.RevokeToken(testKey)
	_, err = p.Save(t.Context(), save)
	wantKind(t, err, model.KindUnauthorized)

	_, err = p.SignIn(t.Context(), "lev_sk_wrong")
	wantKind(t, err, model.KindUnauthorized)
	want(t, "key in use", k.key, testKey)
	_, err = p.SignIn(t.Context(), "lev_sk_other")
	wantKind(t, err, model.KindRefused, "use another profile")
	want(t, "key in use", k.key, testKey)
	a, err := p.SignIn(t.Context(), second)
	must(t, err)
	want(t, "kept", k.kept, second)
	want(t, "account", a.Name != "", true)
	_, err = p.Save(t.Context(), save)
	must(t, err)
	want(t, "saved once", w.applied("patch"), 1)

	k.refuse = errors.New("the keyring is locked")
	_, err = p.SignIn(t.Context(), second)
	must(t, err)
	want(t, "said", strings.Contains(w.said()[0], "the keyring is locked"), true)
	for _, path := range filesBelow(t, w.dir) {
		want(t, path+" holds a key", holds(t, path, second[:16]) || holds(t, path, testKey[:16]), false)
	}
}

func TestSignInWithoutMe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Dialect: sandbox.DialectMarch, Keys: []sandbox.Key{{Token: testKey}}})
	k := &keyring{w: w}
	p := w.start(k.in)
	_, err := p.SignIn(t.Context(), testKey)
	must(t, err)
	want(t, "kept", k.kept, testKey)
	p.anID()
	demo := w.start(inMemory)
	_, err = demo.SignIn(t.Context(), testKey)
	wantKind(t, err, model.KindRefused)
}

// The key changed outside of the program, to one of another account.
func TestKeyOfAnotherAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Keys: []sandbox.Key{{Token: testKey, Account: "meridian"}, {Token: "lev_sk_other", Account: "other"}}})
	k := &keyring{w: w, key: testKey}
	p := w.start(k.in)
	_, err := p.Account(t.Context())
	must(t, err)
	p.pass()
	must(t, p.Close())

	k.key = "lev_sk_other"
	p = w.start(k.in)
	a, err := p.Account(t.Context())
	must(t, err)
	want(t, "reason", strings.Contains(a.ReadOnly, "sign out"), true)
	_, err = p.Create(t.Context(), jane())
	wantKind(t, err, model.KindRefused, "use another profile")
	_, rows := p.held()
	want(t, "rows of the other account", len(rows), 0)
	p.pass() // can be read all the same
}

// A 429 below the limits that are counted halves them, for this run.
func TestRefusalHalvesTheLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Contacts: 10, Tier: "free"})
	p := w.start(func(o *service.Options) { o.Budget.Path = "" })
	for range 15 {
		p.anID()
	}
	want(t, "limit", p.Quota().Limit, 10)
	must(t, p.Close())
	p = w.start(func(o *service.Options) { o.Budget.Path = "" })
	want(t, "limit of the next run", p.Quota().Limit, 20)
	refusals := slices.DeleteFunc(w.sandbox.Requests(), func(e sandbox.Entry) bool { return e.Status != 429 })
	want(t, "refusals", len(refusals), 1)
}
