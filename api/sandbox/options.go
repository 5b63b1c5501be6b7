package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// BasePath is the path the service lives below. The base URL of a listening
// sandbox is http://HOST:PORT followed by BasePath.
const BasePath = "/api/external/v2"

// Dialect is a reading of the documents: which paths exist and which fields a contact has.
type Dialect int

// The dialects a sandbox can speak.
const (
	// DialectBoth has both path styles, the later fields and GET /me, and asks for nothing extra.
	DialectBoth Dialect = iota
	// DialectMarch is the contacts page of March 2026 and nothing else: the collection at
	// /build/contacts, the seventeen fields, no /me.
	DialectMarch
	// DialectLater is the published OpenAPI document of July 2026: the collection at /contacts,
	// later fields, notes, company_id required on create, no change of e-mail or contact_type.
	DialectLater
)

// ErrorShape is the form of an error answer.
type ErrorShape int

// The two error shapes the published documentation has shown.
const (
	// ErrorTyped is {"status","type","message","details"}.
	ErrorTyped ErrorShape = iota
	// ErrorCoded is the older {"code","message"}; the wait of a 429 is in its message and header only.
	ErrorCoded
)

// Key is a bearer token the sandbox accepts and what it may do.
type Key struct {
	// Token is the text after "Bearer ". A token with two dots is a JWT: it may be listed once
	// for each account its user belongs to, and X-Active-Account then chooses between them.
	Token string
	// Account is the account slug. Empty means "meridian-partners".
	Account string
	// Name and Role are the user's, as GET /me shows them. Empty means "Jordan Avery", "admin".
	Name, Role string
	// ReadOnly refuses every write with 403.
	ReadOnly bool
	// Scopes are what the key may do: contacts:read, contacts:write. Nil means both.
	Scopes []string
	// NoCreate refuses to create contacts with the documented 403, and allows the rest.
	NoCreate bool
}

// Options describes what the sandbox holds and how it behaves. The zero value is an
// empty account on the standard tier.
type Options struct {
	// Contacts is the number of connected contacts at the start, 0 to 1,000,000. About a twelfth
	// of that number is added as contacts that are not connected, which the default list leaves out.
	Contacts int
	// Seed chooses the data. 0 means the default seed.
	Seed uint64
	// Latency is added to every answer.
	Latency time.Duration
	// Tier sets the requests a minute: free (30 an account, 10 an endpoint), standard (100, 20),
	// enterprise (500, 60) or unlimited. Empty means standard.
	Tier string
	// Dialect is the reading of the documents. The zero value is DialectBoth.
	Dialect Dialect
	// ErrorShape is the form of error answers. The zero value is ErrorTyped.
	ErrorShape ErrorShape
	// Keys are the accepted tokens. Empty accepts every lev_sk_ key and every JWT, for one account.
	Keys []Key
	// SortableFields are the fields a list may be sorted by. Nil means names, e-mail, title,
	// department, city, state, contact_type, is_primary and both times; an empty slice means none.
	SortableFields []string
	// TextFields are more nullable strings that a contact has, writable and
	// sortable. Names of fields that it has anyway may be among them.
	TextFields []string
	// IgnoreConnectedFilter answers filter[is_connected] with the default list.
	IgnoreConnectedFilter bool
	// RefuseConnectedFilter answers filter[is_connected] with 400.
	RefuseConnectedFilter bool
	// Notes says that some of the seeded contacts have notes. Without it none has.
	Notes bool
	// Faults are the rules for what goes wrong; see ParseFaults.
	Faults []Fault
	// KeepRequests is how many handled requests Requests can return. 0 means the last 10,000,
	// a negative number all of them.
	KeepRequests int
	// Now is the clock. Nil means time.Now.
	Now func() time.Time
	// Sleep waits for d or until ctx is done. Nil means a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// NewID makes request ids. Nil means random UUIDs.
	NewID func() string
	// Log is told of every handled request before its response is sent, from any goroutine.
	Log func(Entry)
}

const (
	maxContacts       = 1_000_000
	defaultSeed       = 20260320
	defaultRequestLog = 10_000
	defaultSlug       = "meridian-partners"
	defaultUser       = "Jordan Avery"
	defaultRole       = "admin"
)

// check returns every mistake in the options, joined, each naming its option.
func (o *Options) check(s *schema) error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if o.Contacts < 0 || o.Contacts > maxContacts {
		say("sandbox: Contacts is %d, want 0 to %d", o.Contacts, maxContacts)
	}
	if o.Latency < 0 {
		say("sandbox: Latency is %v, want 0 or more", o.Latency)
	}
	if _, ok := tierLimits(o.Tier); !ok {
		say("sandbox: Tier is %q, want free, standard, enterprise or unlimited", o.Tier)
	}
	if o.Dialect < DialectBoth || o.Dialect > DialectLater {
		say("sandbox: Dialect is %d, which is none of the dialects", o.Dialect)
	}
	if o.ErrorShape < ErrorTyped || o.ErrorShape > ErrorCoded {
		say("sandbox: ErrorShape is %d, which is none of the error shapes", o.ErrorShape)
	}
	if o.IgnoreConnectedFilter && o.RefuseConnectedFilter {
		say("sandbox: IgnoreConnectedFilter and RefuseConnectedFilter exclude each other")
	}
	for _, name := range o.SortableFields {
		if f, ok := s.byName[name]; !ok || !f.sortable() {
			say("sandbox: SortableFields has %q, which is not a field that can be sorted", name)
		}
	}
	seen := map[string]bool{}
	for i, k := range o.Keys {
		if k.Token == "" {
			say("sandbox: Keys[%d] has no Token", i)
		}
		id := k.Token
		if isJWT(k.Token) {
			id += " " + k.Account
		}
		if seen[id] {
			say("sandbox: Keys[%d] repeats the token of another key", i)
		}
		seen[id] = true
	}
	return errors.Join(wrong...)
}

func (o *Options) fillIn(s *schema) {
	if o.Seed == 0 {
		o.Seed = defaultSeed
	}
	if o.KeepRequests == 0 {
		o.KeepRequests = defaultRequestLog
	}
	if o.SortableFields == nil {
		o.SortableFields = []string{
			"first_name", "last_name", "email", "title", "department", "city", "state",
			"contact_type", "is_primary", "created_at", "updated_at",
		}
		for _, f := range s.fields {
			if f.kind == kindAdded {
				o.SortableFields = append(o.SortableFields, f.name)
			}
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
