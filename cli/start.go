package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/weburl"
)

// Start is what a run works with: its configuration and where its key is.
type Start struct {
	Config      *config.Config
	Credentials *config.Credentials
	Now         func() time.Time
	Demo        bool
	From        string // profile that the user came from, "" for none
	Place       Place  // where the screen opens

	version string
	log     OpenLog
	input   config.Input
	own     string       // base URL of the profile without flag and environment
	given   config.Token // for this run only; zero to look for the key
	keyless bool         // looks for no key and asks the service nothing
	// unwritten says that the profile is to be saved.
	unwritten bool
}

// Place is where the screen opens; the zero Place is where it was left.
type Place struct {
	View    string // the name of a view
	Search  string
	Contact int64 // the contact that is shown, 0 for the first
}

// startWith resolves a configuration and prepares a run with it.
func (a *App) startWith(in config.Input) (*Start, error) {
	cfg, err := config.Load(in)
	if err != nil {
		return nil, err
	}
	s := a.newStart(in, cfg)
	if in.NewProfile {
		in.NewProfile = false
		_, err := config.Load(in)
		s.unwritten = err != nil // for it can be about nothing else
	}
	return s, nil
}

// newStart prepares a run with a configuration.
func (a *App) newStart(in config.Input, cfg *config.Config) *Start {
	s := &Start{Config: cfg, Now: a.Now, version: a.Version, log: a.OpenLog, input: in, own: ownBaseURL(in, cfg)}
	s.Credentials = config.NewCredentials(config.CredentialOptions{
		Paths: cfg.Paths, Env: in.Env, Stdin: a.In, Keyring: a.Keyring, Run: config.RunCommand,
	})
	return s
}

// ownBaseURL is the address that the profile's own key belongs to: the base
// URL as it is without flag and environment.
func ownBaseURL(in config.Input, cfg *config.Config) string {
	kind := cfg.BaseURL.Origin.Kind
	if kind != config.OriginFlag && kind != config.OriginEnvironment {
		return cfg.BaseURL.Value
	}
	bare := in
	bare.Flags = map[string]string{}
	for name, value := range in.Flags {
		if name != "base-url" {
			bare.Flags[name] = value
		}
	}
	bare.Env = func(name string) (string, bool) {
		if name == "LEV_BASE_URL" || in.Env == nil {
			return "", false
		}
		return in.Env(name)
	}
	own, err := config.Load(bare)
	if err != nil {
		return "" // belongs to no address, so it is sent to none
	}
	return own.BaseURL.Value
}

// onto is the run of another profile, or of the same one after it was changed.
func (s *Start) onto(a *App, profile string) (*Start, error) {
	in := s.input
	in.Flags = maps.Clone(in.Flags)
	in.Flags["profile"] = profile
	in.NewProfile = true // one that has no key yet begins with the first-run screen
	cfg, err := config.Load(in)
	if err != nil {
		return nil, fmt.Errorf("go on with profile %s: %w", profile, err)
	}
	out := a.newStart(in, cfg)
	if from := s.Config.Profile.Value; from != profile {
		out.From = from
	} else {
		out.Place = s.Place
	}
	out.Credentials = s.Credentials // has read standard input, and knows of a keyring that does not answer
	return out, nil
}

// firstScreen is where values come from that a person typed there.
const firstScreen = "the first screen"

// SourceFirstScreen is the source of a key that a person gave on the first
// screen, for this run only.
const SourceFirstScreen config.Source = firstScreen + ", for this run only"

// Given is the run with a key and an address that the person has just given,
// and that are kept nowhere.
func (s *Start) Given(base, account string, key config.Token) *Start {
	out, cfg := *s, *s.Config
	here := config.Origin{Kind: config.OriginFlag, Name: firstScreen}
	cfg.BaseURL = config.Value[string]{Value: base, Origin: here}
	if account != "" { // else the configured one, if any
		cfg.ActiveAccount = config.Value[string]{Value: account, Origin: here}
	}
	out.Config, out.given = &cfg, key
	return &out
}

// Key finds the key of the run. A stored key is only ever one that was stored for
// the address of the run; what the profile itself names is refused for another
// address than the profile's.
func (s *Start) Key(ctx context.Context) (config.Credential, error) {
	if s.keyless {
		return config.Credential{}, config.ErrNoKey
	}
	if s.Demo {
		return config.Credential{Token: s.given, Source: "sample data"}, nil
	}
	if !s.given.IsZero() {
		return config.Credential{Token: s.given, Source: SourceFirstScreen}, nil
	}
	found, err := s.Credentials.Find(ctx, s.Config)
	if home := s.home(); errors.Is(err, config.ErrNoKey) && home != s.Config {
		if stored, e := s.Credentials.Find(ctx, home); e == nil {
			return stored, s.staysHome(stored)
		}
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, config.ErrNoKey):
		return found, err
	case err != nil:
		return found, notAllowed{err}
	}
	switch found.Source {
	case config.SourceCommand, config.SourceFile: // which the profile names, for its own address
		return found, s.staysHome(found)
	}
	return found, nil
}

// home is the configuration with the profile's own address, which is that of
// the run unless a flag or the environment names another one.
func (s *Start) home() *config.Config {
	if s.own == "" || weburl.SameOrigin(s.own, s.Config.BaseURL.Value) {
		return s.Config
	}
	home := *s.Config
	home.BaseURL.Value = s.own
	return &home
}

// staysHome refuses to send a key that belongs to the profile's own address to
// another one.
func (s *Start) staysHome(key config.Credential) error {
	if weburl.SameOrigin(s.own, s.Config.BaseURL.Value) {
		return nil
	}
	return notAllowed{fmt.Errorf("the key of profile %s (from %s) belongs to %s and is not sent to %s, which %s names: "+
		"give a key for that address with LEV_API_KEY or --api-key-file",
		s.Config.Profile.Value, key.Source, originOf(s.own), originOf(s.Config.BaseURL.Value), s.Config.BaseURL.Origin)}
}

// originOf is what a key is bound to, in words.
func originOf(address string) string { return cmp.Or(weburl.Origin(address), "no address") }

// APIOptions says how the service is reached with a key.
func (s *Start) APIOptions(token func() string) api.Options {
	cfg, name := s.Config, "levcontacts/"+s.version
	return api.Options{
		BaseURL: cfg.BaseURL.Value, Token: token, Account: cfg.ActiveAccount.Value,
		Origin: cmp.Or(cfg.OriginApp.Value, name), UserAgent: name,
		Timeout: cfg.Timeout.Value, CAFile: cfg.CAFile.Value, Now: s.Now,
	}
}

// client reaches the service with a key outside of a session, with a line in
// the log for every request. end closes the log.
func (s *Start) client(key config.Token) (c *api.Client, end func() error, err error) {
	o := s.APIOptions(key.Reveal)
	if o.OnExchange, end, err = s.log(s.Config.LogFile.Value, key); err != nil {
		return nil, nil, err
	}
	if c, err = api.New(o); err != nil {
		return nil, nil, errors.Join(usageError{err}, end())
	}
	return c, end, nil
}

// Ask asks the service whom a key belongs to and what it may do, without
// keeping it. It is how a key is tried.
func (s *Start) Ask(ctx context.Context, key config.Token) (api.Me, error) {
	client, end, err := s.client(key)
	if err != nil {
		return api.Me{}, err
	}
	me, err := client.Check(ctx)
	if e := end(); err == nil {
		err = e
	}
	return me, err
}

// KeepKey keeps a key with keep, and sees to it that the profile belongs to the
// address and the account that the key was tried on: both or neither. A profile
// that says nothing of them is filled in, and added where there is none; one
// that says otherwise is left alone. forget takes the key out again.
func (s *Start) KeepKey(keep, forget func() error) error {
	cfg := s.Config
	values := map[string]string{}
	if typed := cfg.BaseURL.Origin.Name == firstScreen; !weburl.SameOrigin(s.own, cfg.BaseURL.Value) || typed && s.own != cfg.BaseURL.Value {
		values["base_url"] = cfg.BaseURL.Value
	}
	if account := cfg.ActiveAccount; account.Value != "" && account.Origin.Kind == config.OriginFlag {
		values["active_account"] = account.Value
	}
	if len(values) == 0 && !s.unwritten {
		return keep()
	}
	stored := false
	err := config.ExtendProfile(s.input, cfg.Profile.Value, values, func() error {
		err := keep()
		stored = err == nil
		return err
	})
	switch {
	case err == nil:
		s.own = cfg.BaseURL.Value
		return nil
	case stored:
		return errors.Join(err, forget())
	case errors.Is(err, config.ErrProfileExists) && weburl.SameOrigin(s.own, cfg.BaseURL.Value):
		return notAllowed{fmt.Errorf("%w: change that with levcontacts config edit, or add another profile with levcontacts config add", err)}
	case errors.Is(err, config.ErrProfileExists):
		return notAllowed{fmt.Errorf("profile %s is for %s, and the key was tried on %s: add a profile for that address with levcontacts config add NAME --url %s, and sign in with --profile NAME",
			cfg.Profile.Value, originOf(s.own), originOf(cfg.BaseURL.Value), cfg.BaseURL.Value)}
	}
	return err
}
