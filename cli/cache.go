package cli

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/store"
)

func (g *globals) cacheCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "cache",
		Short:   "Look at the local copy of the contacts, or remove it",
		GroupID: groupSetUp,
	}
	cmd.AddCommand(g.cacheStatus(), g.cacheClear())
	return onlyCommands(cmd)
}

// copyState is what cache status tells.
type copyState struct {
	Profile  string     `json:"profile"`
	On       bool       `json:"on"`
	Folder   string     `json:"folder"`
	Bytes    int64      `json:"bytes"`
	Rows     int        `json:"contacts"`
	Total    int        `json:"total"` // as the service last said, -1 when it did not
	SyncedAt *time.Time `json:"complete_at"`
	Begun    int        `json:"begun_pass_contacts"` // of an unfinished pass
	Problem  string     `json:"problem,omitempty"`
}

func (g *globals) cacheStatus() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how much is kept, and how old it is",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := g.start(cmd.Context())
			if err != nil {
				return err
			}
			state, err := g.app.copyState(cmd.Context(), s)
			if err != nil {
				return err
			}
			if asJSON {
				return g.app.encode(state)
			}
			return g.app.facts(state.table(s.Now()))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// copyState looks at the copy without a request. A copy that does not exist is
// not made by looking at it.
func (a *App) copyState(ctx context.Context, s *Start) (copyState, error) {
	cfg := s.Config
	state := copyState{Profile: cfg.Profile.Value, On: cfg.Cache.Value, Folder: cfg.Paths.CacheDir(cfg.Profile.Value), Total: -1}
	size, err := folderSize(state.Folder)
	if err != nil || size == 0 || !state.On {
		state.Bytes = size
		return state, err
	}
	state.Bytes = size
	if _, err := s.Key(ctx); err != nil {
		return state, err
	}
	session, err := a.Connect(ctx, s)
	if err != nil {
		return state, err
	}
	defer session.Close()
	opening, err := session.OpenCopy(ctx)
	if err != nil {
		return state, err
	}
	info := opening.Info
	state.Total, state.Begun, state.Problem = info.Total, info.Seen, info.Problem
	if state.Rows, err = session.CopyRows(ctx); err != nil {
		return state, err
	}
	if !info.SyncedAt.IsZero() {
		state.SyncedAt = &info.SyncedAt
	}
	return state, nil
}

func (c copyState) table(now time.Time) [][]string {
	table := [][]string{{"Profile", c.Profile}, {"Folder", c.Folder}}
	if !c.On {
		table = append(table, []string{"State", "off (cache = false)"})
	}
	table = append(table, []string{"On disk", humanize.Bytes(uint64(max(0, c.Bytes)))})
	if c.Bytes == 0 || c.On && c.Rows == 0 && c.Begun == 0 && c.Problem == "" {
		return append(table, []string{"Contacts", "none are kept"})
	}
	if !c.On {
		return table
	}
	held := grouped(c.Rows)
	if c.Total >= 0 {
		held += " of " + grouped(c.Total) + ", as the service last said"
	}
	age := "never was; the screen goes on where it stopped"
	if c.SyncedAt != nil {
		age = c.SyncedAt.Local().Format("2006-01-02 15:04") + ", " + plain.Ago(*c.SyncedAt, now)
	}
	table = append(table, []string{"Contacts", held}, []string{"Complete", age})
	if c.Begun > 0 {
		table = append(table, []string{"Under way", "a pass over the list that has read " + grouped(c.Begun)})
	}
	if c.Problem != "" {
		table = append(table, []string{"Problem", c.Problem})
	}
	return table
}

// folderSize is what the files of a folder take, 0 when there is no folder.
func folderSize(dir string) (int64, error) {
	var size int64
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	for _, e := range entries {
		if info, e := e.Info(); e == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
	}
	return size, err
}

func (g *globals) cacheClear() *cobra.Command {
	return &cobra.Command{
		Use:   "clear",
		Short: "Remove the local copy of the contacts; drafts and history stay",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := g.start(cmd.Context())
			if err != nil {
				return err
			}
			gone, err := g.app.removeCache(cmd.Context(), s)
			switch {
			case err != nil:
				return err
			case gone:
				g.app.inform("levcontacts: the local copy of profile %s is removed", s.Config.Profile.Value)
			default:
				g.app.inform("levcontacts: there is no local copy of profile %s", s.Config.Profile.Value)
			}
			return nil
		},
	}
}

// removeCache empties the copy of a profile, whoever's rows they are, and says
// whether there was one. Other running programs go on without.
func (a *App) removeCache(ctx context.Context, s *Start) (bool, error) {
	dir := s.Config.Paths.CacheDir(s.Config.Profile.Value)
	if size, err := folderSize(dir); err != nil || size == 0 {
		return false, err
	}
	// Opened for nobody, the copy drops what belongs to anybody.
	c, err := store.OpenCache(ctx, dir, store.Identity{}, s.Now)
	if err != nil {
		return false, err
	}
	return true, errors.Join(c.Clear(ctx), c.Close())
}
