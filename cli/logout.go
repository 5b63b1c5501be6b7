package cli

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/config"
)

func (g *globals) authLogout() *cobra.Command {
	var forget, yes bool
	cmd := &cobra.Command{
		Use:   "logout",
		Short: "Forget the stored key of the profile, and the local copy of its contacts",
		Args:  noArgs,
		Long: `Forget the key that is stored for the profile, and remove the local copy of its contacts. Drafts and the
history of writes stay, for the same account only: another account's key is refused as long as they are
there. --forget removes them, too.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if g.demo {
				return usagef("--demo has no key to forget")
			}
			s, err := g.start(cmd.Context())
			if err != nil {
				return err
			}
			profile := s.Config.Profile.Value
			if forget && !yes {
				if !g.app.InTTY || !g.app.ErrTTY {
					return usagef("--forget removes drafts and history; without a terminal say --yes as well")
				}
				if !g.app.confirm(cmd.Context(), "Remove the drafts and the history of profile "+profile+", which cannot be brought back?") {
					return errors.New("nothing was changed")
				}
			}
			return g.app.logout(cmd.Context(), s, forget)
		},
	}
	cmd.Flags().BoolVar(&forget, "forget", false, "also remove the drafts and the history of writes")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

// logout forgets what is kept for a profile, as far as it can, and says what
// it did.
func (a *App) logout(ctx context.Context, s *Start, forget bool) error {
	profile := s.Config.Profile.Value
	from, err := a.forgetKey(ctx, s)
	for _, source := range from {
		a.inform("levcontacts: the key of profile %s is gone from the %s", profile, source)
	}
	if len(from) == 0 && err == nil {
		a.inform("levcontacts: no key was kept for profile %s", profile)
	}
	gone, e := a.removeCache(ctx, s)
	if gone && e == nil {
		a.inform("levcontacts: the local copy of its contacts is gone")
	}
	err = errors.Join(err, e)
	if forget {
		if e := os.RemoveAll(s.Config.Paths.StateDir(profile)); e != nil {
			err = errors.Join(err, e)
		} else {
			a.inform("levcontacts: its drafts and history are gone")
		}
	}
	for _, r := range s.Credentials.Describe(ctx, s.Config) {
		if r.InUse {
			a.note("levcontacts: a key still comes from %s, which you set up yourself", r.Source)
		}
	}
	return err
}

// forgetKey removes the stored keys of a profile: for its own address, and for
// the one that a flag or the environment names.
func (a *App) forgetKey(ctx context.Context, s *Start) ([]config.Source, error) {
	from, err := s.Credentials.Delete(ctx, s.Config, config.SourceStoredFile)
	places := []*config.Config{s.Config}
	if home := s.home(); home != s.Config {
		places = append(places, home)
	}
	for _, cfg := range places {
		gone, e := s.Credentials.Delete(ctx, cfg, config.SourceKeyring)
		if errors.Is(e, config.ErrKeyringUnavailable) {
			a.note("levcontacts: %s; if it holds a key, that stays there", e)
			break // where there is no keyring, none holds a key
		}
		from, err = append(gone, from...), errors.Join(err, e)
	}
	return from, err
}
