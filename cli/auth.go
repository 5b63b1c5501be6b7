package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/config"
)

func (g *globals) authCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "auth",
		Short:   "Sign in and out, and choose the account",
		GroupID: groupSetUp,
		Long: `Sign in and out. A key is kept in the system keyring, and never read from the command line, where
other people of the machine could see it. LEV_API_KEY and --api-key-file are used before a stored key.`,
	}
	cmd.AddCommand(g.authLogin(), g.authStatus(), g.authLogout(), g.authSwitch(), g.authToken())
	return onlyCommands(cmd)
}

func (g *globals) authLogin() *cobra.Command {
	var withToken, insecure bool
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Try a key and keep it for the profile",
		Args:  noArgs,
		Long: `Try a key against the service and keep it for the profile. A profile that is not in the configuration
file yet is added.`,
		Example: `  levcontacts auth login
  pass show lev | levcontacts auth login --with-token
  levcontacts auth login --profile harbor`,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.login(cmd.Context(), withToken, insecure) },
	}
	cmd.Flags().BoolVar(&withToken, "with-token", false, "read the key from standard input")
	cmd.Flags().BoolVar(&insecure, "insecure-storage", false, "keep the key in a file of the configuration folder, in plain text, where there is no keyring")
	return cmd
}

// login reads a key, tries it, and keeps it when it is good.
func (g *globals) login(ctx context.Context, withToken, insecure bool) error {
	a := g.app
	if g.demo {
		return usagef("--demo needs no key")
	}
	if g.stdinKey() || g.flags.Changed("api-key-file") {
		return usagef("auth login keeps a key; give it on standard input with --with-token instead of --api-key-file")
	}
	in := g.input()
	in.NewProfile = true
	s, err := a.startWith(in)
	if err != nil {
		return err
	}
	key, err := a.readKey(ctx, withToken, s)
	if err != nil {
		return err
	}
	me, err := s.Ask(ctx, key)
	if err != nil {
		return err
	}
	before := a.storedAccount(ctx, s)
	where, source := "", config.Source("")
	err = s.KeepKey(func() (err error) {
		where, source, err = a.keep(ctx, s, key, insecure)
		return err
	}, func() error {
		_, err := s.Credentials.Delete(context.WithoutCancel(ctx), s.Config, source)
		return err
	})
	if err != nil {
		return err
	}
	a.inform("levcontacts: the key %s is good and kept in %s", key, where)
	if me.Account != "" {
		a.inform("levcontacts: signed in to %s", me.Account)
	}
	if now := cmp.Or(me.Account, me.AccountSlug); before != "" && now != "" && now != before {
		a.note("levcontacts: the drafts and the history of profile %s belong to %s, so the screen changes nothing with this key: "+
			"add a profile for %s (levcontacts config add NAME), or sign out with levcontacts auth logout --forget first",
			s.Config.Profile.Value, before, now)
	}
	if text, _ := s.input.Env(string(config.SourceEnv)); text != "" {
		a.note("levcontacts: LEV_API_KEY is set and is used before the stored key")
	}
	return nil
}

// storedAccount is the account that the drafts and the history of the profile
// belong to, as the service called it when it was last asked; "" when nothing is
// kept or it is not known. Nothing is asked now.
func (a *App) storedAccount(ctx context.Context, s *Start) string {
	if size, err := folderSize(s.Config.Paths.StateDir(s.Config.Profile.Value)); err != nil || size == 0 {
		return ""
	}
	silent := *s
	silent.keyless = true
	session, err := a.Connect(ctx, &silent)
	if err != nil {
		return "" // a word of warning is not worth a failure
	}
	defer session.Close()
	account, _ := session.Account(ctx) // without a key it tells what an earlier run was told
	return account.Name
}

// readKey asks for a key on the terminal, or reads it from standard input.
func (a *App) readKey(ctx context.Context, fromInput bool, s *Start) (config.Token, error) {
	if fromInput && !a.InTTY {
		raw, err := io.ReadAll(io.LimitReader(a.In, 64<<10))
		if err != nil {
			return config.Token{}, fmt.Errorf("read the key from standard input: %w", err)
		}
		return asUsage(config.NewToken(string(raw)))
	}
	if !a.InTTY || !a.ErrTTY {
		return config.Token{}, usagef("auth login asks on a terminal; in scripts pipe the key into levcontacts auth login --with-token")
	}
	a.note("Sign in to %s as profile %s.", s.Config.BaseURL.Value, s.Config.Profile.Value)
	text, err := a.ReadSecret(ctx, "Paste the API key (it is not shown): ")
	if err != nil {
		return config.Token{}, fmt.Errorf("read the key: %w", err)
	}
	return asUsage(config.NewToken(text))
}

func asUsage(t config.Token, err error) (config.Token, error) {
	if err != nil {
		return t, usageError{err}
	}
	return t, nil
}

// keep stores a key in the keyring, or, after a plain yes, in a file. It says
// where in words, and which of the two that is.
func (a *App) keep(ctx context.Context, s *Start, key config.Token, insecure bool) (string, config.Source, error) {
	err := s.Credentials.Store(ctx, s.Config, key)
	if err == nil {
		return "the system keyring", config.SourceKeyring, nil
	}
	if !errors.Is(err, config.ErrKeyringUnavailable) && !errors.Is(err, config.ErrKeyringTimeout) {
		return "", "", err
	}
	path := s.Config.Paths.KeyFile(s.Config.Profile.Value)
	switch {
	case insecure:
		a.note("levcontacts: %s; keeping the key in plain text in %s (readable by you alone)", err, path)
	case a.InTTY && a.ErrTTY:
		a.note("%s.", err)
		a.note("The key can be kept in plain text in %s instead, readable by you alone.", path)
		if !a.confirm(ctx, "Keep it there?") {
			return "", "", notAllowed{errors.New("the key is not kept; set LEV_API_KEY, or set up api_key_command in the configuration file")}
		}
	default:
		return "", "", notAllowed{fmt.Errorf("%w; --insecure-storage keeps the key in plain text in %s, or set LEV_API_KEY or api_key_command", err, path)}
	}
	path, err = s.Credentials.StoreFile(s.Config, key)
	return path, config.SourceStoredFile, err
}

func (g *globals) authStatus() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show which key is used, and what it may do",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return g.status(cmd.Context(), asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// standing is what auth status tells.
type standing struct {
	Profile  string   `json:"profile"`
	BaseURL  string   `json:"base_url"`
	Key      string   `json:"key"` // masked
	Source   string   `json:"source"`
	Account  string   `json:"account,omitempty"`
	User     string   `json:"user,omitempty"`
	Role     string   `json:"role,omitempty"`
	Tier     string   `json:"tier,omitempty"`
	Limit    int      `json:"account_requests_per_minute,omitempty"`
	Each     int      `json:"endpoint_requests_per_minute,omitempty"`
	Scopes   []string `json:"scopes,omitempty"`
	ReadOnly string   `json:"read_only,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

func (g *globals) status(ctx context.Context, asJSON bool) error {
	s, err := g.start(ctx)
	if err != nil {
		return err
	}
	key, err := s.Key(ctx)
	if err != nil {
		return err
	}
	me, err := s.Ask(ctx, key.Token)
	if err != nil {
		g.app.note("profile %s at %s, key %s from %s", s.Config.Profile.Value, s.Config.BaseURL.Value, key.Token, key.Source)
		return err
	}
	out := standing{
		Profile: s.Config.Profile.Value, BaseURL: s.Config.BaseURL.Value, Key: key.Token.String(), Source: string(key.Source),
		Account: me.Account, User: me.Name, Role: me.Role, Tier: me.Tier, Limit: me.AccountLimit, Each: me.EndpointLimit,
		Scopes: me.Scopes, Warnings: key.Warnings,
	}
	if key.Detail != "" {
		out.Source += " (" + key.Detail + ")"
	}
	if may, known := me.Writes(); known && !may {
		out.ReadOnly = "the key may only read"
	}
	if s.Config.ReadOnly.Value {
		out.ReadOnly = "read_only is set (" + s.Config.ReadOnly.Origin.String() + ")"
	}
	if asJSON {
		return g.app.encode(out)
	}
	return g.app.facts(out.table())
}

func (s standing) table() [][]string {
	unknown := func(text string) string {
		if text == "" {
			return "the service does not say"
		}
		return text
	}
	user := s.User
	if s.Role != "" {
		user += " (" + s.Role + ")"
	}
	table := [][]string{
		{"Profile", s.Profile}, {"Service", s.BaseURL}, {"Key", s.Key}, {"From", s.Source},
		{"Account", unknown(s.Account)}, {"User", unknown(user)}, {"Tier", unknown(s.Tier)}, {"Limits", unknown(s.limits())},
		{"Scopes", unknown(strings.Join(s.Scopes, ", "))},
	}
	if s.ReadOnly != "" {
		table = append(table, []string{"Writing", "off: " + s.ReadOnly})
	}
	for _, w := range s.Warnings {
		table = append(table, []string{"Warning", w})
	}
	return table
}

// limits are those that the service names, and in place of the others those
// that the published API documentation gives for the tier.
func (s standing) limits() string {
	published, tiered := budget.Tier(s.Tier)
	account := fmt.Sprintf("%d requests a minute", cmp.Or(s.Limit, published.Account))
	each := fmt.Sprintf("%d for each endpoint", cmp.Or(s.Each, published.Endpoint))
	source := ", as published for the tier " + s.Tier
	switch {
	case tiered && cmp.Or(s.Limit, published.Account) >= budget.Unlimited:
		return "none"
	case s.Limit > 0 && s.Each > 0:
		return account + ", " + each
	case s.Limit > 0 && tiered:
		return account + "; " + each + source
	case s.Each > 0 && tiered:
		return account + source + "; " + each
	case tiered:
		return account + ", " + each + source
	case s.Limit > 0:
		return account
	case s.Each > 0:
		return fmt.Sprintf("%d requests a minute for each endpoint", s.Each)
	}
	return ""
}

func (g *globals) authSwitch() *cobra.Command {
	return &cobra.Command{
		Use:               "switch PROFILE",
		Short:             "Choose the profile that is used when none is asked for",
		Args:              oneArg("the name of a profile"),
		ValidArgsFunction: g.completeProfile,
		RunE: func(cmd *cobra.Command, args []string) error {
			in := g.input()
			in.Flags["profile"] = args[0]
			cfg, err := config.Load(in)
			if err != nil {
				return err
			}
			if err := config.SetDefaultProfile(cfg.Paths, args[0]); err != nil {
				return err
			}
			g.app.inform("levcontacts: profile %s is used from now on (%s)", args[0], cfg.Paths.SavedFile())
			if name, _ := in.Env("LEV_PROFILE"); name != "" && name != args[0] {
				g.app.note("levcontacts: LEV_PROFILE is set to %s and is used before it", name)
			}
			return nil
		},
	}
}

func (g *globals) authToken() *cobra.Command {
	var show bool
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Give the key to another program",
		Args:  noArgs,
		Long: `Write the key to standard output, for a pipe or a file. On a terminal, where it would stay on the screen
and in its history, it is written with --show only.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if g.app.OutTTY && !show {
				return usagef("the key would be shown on this terminal; pipe it, or say --show")
			}
			s, err := g.start(cmd.Context())
			if err != nil {
				return err
			}
			key, err := s.Key(cmd.Context())
			if err != nil {
				return err
			}
			return g.app.line(key.Token.Reveal())
		},
	}
	cmd.Flags().BoolVar(&show, "show", false, "also on a terminal")
	return cmd
}
