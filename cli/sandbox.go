package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/weburl"
	"github.com/levcontacts/levcontacts/model"
)

func (g *globals) sandboxCommand() *cobra.Command {
	var addr, dialect, faults string
	var keys []string
	o := sandbox.Options{TextFields: model.TextFieldNames(), Notes: true}
	cmd := &cobra.Command{
		Use:     "sandbox",
		Short:   "Serve a whole contacts service with sample data",
		GroupID: groupTools,
		Args:    noArgs,
		Long: `Serve a contacts service with sample data on this machine, for trying things out and for tests of
programs that use the API. Any key that begins with lev_sk_ is accepted unless --key names some. It listens
on this machine alone unless --addr names another address of it.

Faults are rules WHAT@ENDPOINT[:WHEN], separated by commas:
  ENDPOINT  list, get, create, patch, me, notes, validate, or * for all
  WHEN      counts the requests of the endpoint: 3, 2-4, 3-, 1/20 (one in twenty), * (every one, the default)
  WHAT      400 to 599 (429=7s says how long to wait), refuse=FIELD, revoke, html, reset, lost-answer,
            truncated, slow=5s, wrong-type, nulls, repeat-cursor, duplicate-rows, empty-page, no-cursor`,
		Example: `  levcontacts sandbox --addr 127.0.0.1:8080 --contacts 10000 --tier free
  LEV_API_KEY=lev_sk_anything LEV_BASE_URL=http://127.0.0.1:8080/api/external/v2 levcontacts
  levcontacts sandbox --faults '429=7s@list:3,lost-answer@create:1'`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if o.Dialect, err = parseDialect(dialect); err != nil {
				return err
			}
			if o.Faults, err = sandbox.ParseFaults(faults); err != nil {
				return usagef("--faults: %w", err)
			}
			for _, k := range keys {
				o.Keys = append(o.Keys, sandbox.Key{Token: k})
			}
			o.KeepRequests = 1
			if !g.app.quiet {
				o.Log = g.app.logEntry
			}
			return g.app.serve(cmd.Context(), addr, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&addr, "addr", "127.0.0.1:8080", "where to listen, `HOST:PORT`; without a host on this machine alone; port 0 picks a free one")
	f.IntVar(&o.Contacts, "contacts", demoContacts, "how many connected contacts there are, up to 1,000,000")
	f.DurationVar(&o.Latency, "latency", 0, "how long every answer takes")
	f.StringVar(&o.Tier, "tier", demoTier, "the rate limits: free, standard, enterprise or unlimited")
	f.StringVar(&dialect, "dialect", "both", "which documents to follow: march (2026), later (July 2026) or both")
	f.StringVar(&faults, "faults", "", "what goes wrong, as `RULES`")
	f.Uint64Var(&o.Seed, "seed", 0, "chooses the sample data; 0 is the usual")
	f.StringArrayVar(&keys, "key", nil, "accept only this `KEY`, which is no secret; may be repeated")
	complete(cmd, "tier", cobra.FixedCompletions([]string{"free", "standard", "enterprise", "unlimited"}, cobra.ShellCompDirectiveNoFileComp))
	complete(cmd, "dialect", cobra.FixedCompletions([]string{"march", "later", "both"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func parseDialect(name string) (sandbox.Dialect, error) {
	switch name {
	case "both":
		return sandbox.DialectBoth, nil
	case "march":
		return sandbox.DialectMarch, nil
	case "later":
		return sandbox.DialectLater, nil
	}
	return 0, usagef("--dialect is march, later or both")
}

// serve listens until ctx ends. The address goes to standard output, so that a
// script can wait for it and use it.
func (a *App) serve(ctx context.Context, addr string, o sandbox.Options) error {
	service, err := sandbox.New(o)
	if err != nil {
		return usageError{err}
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return usagef("--addr is HOST:PORT: %w", err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	fmt.Fprintln(a.Out, "http://"+listener.Addr().String()+sandbox.BasePath)
	a.inform("serving %d contacts at that address until interrupted; any key that begins with lev_sk_ is good",
		service.Total())
	if !weburl.IsLoopback(host) {
		a.note("anybody who reaches %s can use it, too", listener.Addr().String())
	}
	server := &http.Server{Handler: service, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil // ended as it was asked to
}

// logEntry lists a request that the sandbox answered.
func (a *App) logEntry(e sandbox.Entry) {
	path := e.Path
	if e.Query != "" {
		path += "?" + e.Query
	}
	a.note("%s %3d %-5s %s", e.Time.Format("15:04:05.000"), e.Status, e.Method, path)
}
