// Package api is the typed client of the Lev External API v2: it lists, reads,
// creates and updates contacts as the contacts page of March 2026 documents
// them, and reads the differences of the published API documentation beside it.
// Every failure is a *model.Error. A Client is safe for concurrent use.
package api

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/levcontacts/levcontacts/model"
)

// defaultTimeout is how long one attempt may take when Options name no time.
const defaultTimeout = 30 * time.Second

// Options describes where the service is and how to talk to it. BaseURL, Token and
// Origin are required.
type Options struct {
	// BaseURL is the root with its version, such as
	// "https://api.levcapital.com/api/external/v2". Plain http is taken for
	// loopback addresses only.
	BaseURL string
	// Token gives the key. It is asked before every request, so that a new
	// sign-in counts at once. The key is never logged.
	Token func() string
	// Origin names this program in X-Origin-App, such as "levcontacts/0.1.0".
	Origin string
	// UserAgent is the header of that name; "" means Origin.
	UserAgent string
	// Account is the slug for X-Active-Account; "" sends none.
	Account string
	// ReadOnly makes Create and Update fail with model.KindRefused unsent.
	ReadOnly bool
	// Timeout bounds one attempt, from connecting to the last byte of the
	// answer; 0 means 30 seconds.
	Timeout time.Duration
	// CAFile holds certificate authorities (PEM) to trust beside the system's.
	CAFile string
	// Transport replaces the network, for tests; CAFile then has no effect.
	Transport http.RoundTripper
	// RateLimiter gives each attempt its turn; nil never waits.
	RateLimiter RateLimiter
	// Routes is the path style that worked on an earlier run.
	Routes Routes
	// OnRoutes is called when a path style was found that differs from the one
	// known so far. It must be safe for concurrent use.
	OnRoutes func(Routes)
	// OnExchange is called after each HTTP request, for logs. It must be safe
	// for concurrent use and return soon.
	OnExchange func(Exchange)

	// The outside world, replaced in tests; nil means the real one. Sleep
	// returns the context's error when that ends first. Rand is in [0, 1).
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	NewID func() string
	Rand  func() float64
}

// Client talks to one account of the service.
type Client struct {
	opts      Options
	base      *url.URL
	transport http.RoundTripper
	routes    routeBook
	lists     group[model.Page]
	gets      group[found]
	mes       group[Me]

	notes     group[Page[model.Note]]
	companies group[Page[model.Company]]

	lastMasker atomic.Pointer[masker]
}

// New checks the options and makes a client. It sends nothing.
func New(o Options) (*Client, error) {
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if o.Token == nil {
		return nil, errors.New("api: Options.Token is missing")
	}
	if o.Origin == "" {
		return nil, errors.New("api: Options.Origin is empty; the service requires X-Origin-App")
	}
	for _, h := range []struct{ name, value string }{
		{"origin", o.Origin}, {"user agent", o.UserAgent}, {"account", o.Account},
	} {
		if !headerSafe(h.value) {
			return nil, fmt.Errorf("%s %q holds a character that a header cannot carry", h.name, h.value)
		}
	}
	if o.Timeout < 0 {
		return nil, fmt.Errorf("timeout %s is negative", o.Timeout)
	}
	o = withDefaults(o)
	c := &Client{opts: o, base: base, transport: o.Transport}
	c.routes.style, c.routes.onLearn = o.Routes, o.OnRoutes
	if c.transport == nil {
		roots, err := readRoots(o.CAFile)
		if err != nil {
			return nil, err
		}
		transport := newTransport(roots, http.ProxyFromEnvironment, o.Timeout)
		if base.Scheme == "http" {
			transport.DialContext = loopbackDialer().DialContext
		}
		c.transport = transport
	}
	return c, nil
}

func withDefaults(o Options) Options {
	if o.UserAgent == "" {
		o.UserAgent = o.Origin
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.OnExchange == nil {
		o.OnExchange = func(Exchange) {}
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Routes is the path style that is known so far.
func (c *Client) Routes() Routes {
	style, _ := c.routes.known()
	return style
}
