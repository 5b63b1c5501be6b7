package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/cli"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/internal/redact"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui"
	"github.com/levcontacts/levcontacts/ui/signin"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

// How long the screen waits for the key. A profile that was used before has one,
// so the screen does not wait for a slow keyring; the first start has to know.
const (
	keyWaitReturning = 100 * time.Millisecond
	keyWaitFirst     = 5 * time.Second
	// After this the program says why the screen is not there yet.
	keyNoticeDelay = 400 * time.Millisecond
)

// keyMissing reports whether the first-run screen is to be shown: there is no key.
// The error is why a key that is set up cannot be used.
func (w *wiring) keyMissing(ctx context.Context) (bool, error) {
	cfg, wait := w.start.Config, keyWaitFirst
	if usedBefore(cfg) {
		wait = keyWaitReturning
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	slow := time.AfterFunc(keyNoticeDelay, func() { fmt.Fprint(os.Stderr, "looking for the key…") })
	_, err := w.key.wait(ctx)
	if !slow.Stop() {
		fmt.Fprint(os.Stderr, "\r\x1b[K")
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return false, nil // it is still being looked for
	case errors.Is(err, config.ErrNoKey):
		return true, nil
	}
	return false, err
}

// usedBefore reports whether the contacts of a profile were opened before on this machine.
func usedBefore(cfg *config.Config) bool {
	_, err := os.Stat(cfg.Paths.StateDir(cfg.Profile.Value))
	return err == nil
}

// firstRun shows the first-run screen. again is the run to continue with, next
// what the command line prepares; both are empty when the user quit.
func (p program) firstRun(ctx context.Context, s *cli.Start) (again *cli.Start, next cli.Next, err error) {
	cfg := s.Config
	life, end := context.WithCancel(ctx)
	defer end()
	screen := signin.NewFirst(signin.FirstOptions{
		Theme: cfg.Theme.Value, Colors: cfg.Colors.Value, Still: !cfg.Spinner.Value,
		Keys: keymap.New(ui.Actions(), cfg.KeysByAction), Version: release, BaseURL: cfg.BaseURL.Value,
		KeyFile: cfg.Paths.KeyFile(cfg.Profile.Value), Profile: switchedProfile(s), Back: s.From, Notice: keyringNotice(life, s), Now: s.Now, Context: life, Backend: firstRunBackend{s},
	})
	g := &guard{screen: screen}
	if err := p.show(ctx, g, cfg); err != nil {
		return nil, next, err
	}
	if c := g.crash(); c != nil {
		return nil, next, crashError(s, redact.New(), c, false)
	}
	switch out := screen.Outcome(); {
	case ctx.Err() != nil:
		return nil, next, ctx.Err()
	case out.Choice == signin.Back:
		return nil, cli.Next{Profile: s.From}, nil
	case out.Choice == signin.Demo:
		return nil, cli.Next{Demo: true}, nil
	case out.Choice == signin.Connected && out.Where == signin.ThisRun:
		key, err := config.NewToken(out.Attempt.Key.Reveal())
		return s.Given(out.Attempt.BaseURL, out.Attempt.ActiveAccount, key), next, err
	case out.Choice == signin.Connected:
		return nil, cli.Next{Profile: cfg.Profile.Value}, nil
	}
	return nil, next, nil
}

// switchedProfile is the profile that the user switched to, "" when it is the one that
// the program was started with.
func switchedProfile(s *cli.Start) string {
	if s.From == "" {
		return ""
	}
	return s.Config.Profile.Value
}

// keyringNotice is shown where a profile was used before: its key may be
// in a keyring that does not open.
func keyringNotice(ctx context.Context, s *cli.Start) string {
	if !usedBefore(s.Config) {
		return ""
	}
	ok, why := firstRunBackend{s}.KeyringAvailable(ctx)
	if ok {
		return ""
	}
	return "No key was found for profile " + s.Config.Profile.Value + ", and the system keyring cannot be used: " + why +
		". If your key is there, unlock it and start again."
}

// firstRunBackend is the backend of the first-run screen.
type firstRunBackend struct{ start *cli.Start }

// Try asks the service whose a key is.
func (n firstRunBackend) Try(ctx context.Context, a signin.Attempt) (signin.Found, error) {
	key, err := config.NewToken(a.Key.Reveal())
	if err != nil {
		return signin.Found{}, err
	}
	s := n.start.Given(a.BaseURL, a.ActiveAccount, key)
	me, err := s.Ask(ctx, key)
	if err != nil {
		return signin.Found{}, err
	}
	if me.Account == "" && me.AccountSlug == "" && len(me.Accounts) > 1 {
		slugs := make([]string, len(me.Accounts))
		for i, account := range me.Accounts {
			slugs[i] = account.Slug
		}
		return signin.Found{}, &model.Error{Op: "try the key", Kind: model.KindForbidden, RequestID: me.RequestID,
			Message: "It belongs to several accounts, and one must be named: " + strings.Join(slugs, ", ")}
	}
	return accountOf(me, s.Config), nil
}

func accountOf(me api.Me, cfg *config.Config) signin.Found {
	may, known := me.Writes()
	out := signin.Found{
		Account: work.Account{
			Profile: cfg.Profile.Value, Name: cmp.Or(me.Account, me.AccountSlug), User: cmp.Or(me.Name, me.Email), Role: me.Role,
			Tier: me.Tier, Scopes: me.Scopes, BaseURL: cfg.BaseURL.Value,
		},
		AccountLimit: me.AccountLimit, EndpointLimit: me.EndpointLimit, WriteKnown: known,
	}
	if known && !may {
		out.Account.ReadOnly = "the key may only read"
	}
	return out
}

// KeyringAvailable reports whether the keyring works. The result of looking for a
// key is cached, so this takes no time.
func (n firstRunBackend) KeyringAvailable(ctx context.Context) (bool, string) {
	_, err := n.start.Credentials.Find(ctx, n.start.Config)
	switch {
	case errors.Is(err, config.ErrKeyringTimeout):
		return false, "it did not respond, and may be locked or asking for its password in another window"
	case !errors.Is(err, config.ErrKeyringUnavailable):
		return true, ""
	}
	for _, r := range n.start.Credentials.Describe(ctx, n.start.Config) {
		if why, ok := strings.CutPrefix(r.State, config.ErrKeyringUnavailable.Error()+": "); ok {
			return false, why
		}
	}
	return false, "it is not available"
}

// Keep stores a key and binds the profile to the address it belongs to. When
// the profile cannot be written, the key is taken out again.
func (n firstRunBackend) Keep(ctx context.Context, a signin.Attempt, where signin.Where) (string, error) {
	key, err := config.NewToken(a.Key.Reveal())
	if err != nil {
		return "", err
	}
	s, described, source := n.start.Given(a.BaseURL, a.ActiveAccount, key), "the system keyring", config.SourceKeyring
	keep := func() error { return s.Credentials.Store(ctx, s.Config, key) }
	if where == signin.File {
		source = config.SourceStoredFile
		keep = func() (err error) {
			described, err = s.Credentials.StoreFile(s.Config, key)
			return err
		}
	}
	err = s.KeepKey(keep, func() error {
		_, err := s.Credentials.Delete(context.WithoutCancel(ctx), s.Config, source)
		return err
	})
	return described, err
}
