package cli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// copyFlags say how a command uses the local copy of the contacts.
type copyFlags struct {
	maxAge         time.Duration
	fresh, offline bool
}

// copyHelp is what the help of every command with these flags says about them.
const copyHelp = `The local copy of the contacts is read where it is complete and not older than --max-age, without a request.
An older one is brought up to date first, which takes one request when nothing changed. --fresh reads the
whole list again, --offline asks the service nothing. Standard error says which it was.`

func (c *copyFlags) addTo(cmd *cobra.Command) {
	f := cmd.Flags()
	f.DurationVar(&c.maxAge, "max-age", 0, "how old the local copy may be to be read as it is, such as 30s or 2h (setting max_age, 10m without one)")
	f.BoolVar(&c.fresh, "fresh", false, "read the whole list from the service again")
	f.BoolVar(&c.offline, "offline", false, "read the local copy whatever its age, and ask the service nothing")
	cmd.MarkFlagsMutuallyExclusive("max-age", "fresh", "offline")
}

// open begins the session of a command and its reader. done ends them.
func (c *copyFlags) open(cmd *cobra.Command, g *globals) (r *reader, done func(), err error) {
	session, s, err := g.session(cmd.Context())
	if err != nil {
		return nil, nil, err
	}
	r, err = c.reader(cmd, g.app, session, s)
	if err != nil {
		session.Close()
		return nil, nil, err
	}
	return r, func() { session.Close() }, nil
}

// connected reads all connected contacts, for a command that looks at them
// together.
func (c *copyFlags) connected(cmd *cobra.Command, g *globals, look func(*reader, model.Snapshot) error) error {
	r, done, err := c.open(cmd, g)
	if err != nil {
		return err
	}
	defer done()
	book, err := listing{connected: "yes"}.book(cmd.Context(), r)
	if err != nil {
		return err
	}
	return look(r, book.Snapshot())
}

func (c *copyFlags) reader(cmd *cobra.Command, a *App, session Session, s *Start) (*reader, error) {
	sync := work.Sync{MaxAge: s.Config.MaxAge.Value, Fresh: c.fresh, Offline: c.offline}
	if cmd.Flags().Changed("max-age") {
		sync.MaxAge = c.maxAge
	}
	if sync.MaxAge < 0 {
		return nil, usagef("--max-age is a time such as 30s or 2h, not %s", c.maxAge)
	}
	r := newReader(a, session, sync)
	r.direct = s.Demo || !s.Config.Cache.Value
	if r.direct && c.offline {
		return nil, usagef("--offline reads the local copy, which is off (cache = false)")
	}
	return r, nil
}
