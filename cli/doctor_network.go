package cli

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/api"
	"github.com/levcontacts/levcontacts/api/budget"
	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

const (
	dnsLimit   = 5 * time.Second
	probeLimit = 15 * time.Second
	// A clock that is further off than this makes session tokens and "since"
	// questions go wrong.
	skewLimit   = 2 * time.Minute
	certWarning = 14 * 24 * time.Hour
)

// network goes from the name of the host to what the key may do there.
func (e *examination) network(ctx context.Context, s *Start, key config.Credential, keyErr error) {
	base, err := url.Parse(s.Config.BaseURL.Value)
	if err != nil {
		return // the configuration has checked it
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: base})
	switch {
	case err != nil:
		e.wrong("proxy", "the proxy of the environment cannot be used", "correct HTTPS_PROXY or HTTP_PROXY")
		return
	case proxy == nil && e.badProxy() != "":
		e.warn("proxy", e.badProxy()+" is not an address, so no proxy is used", "write signs such as % and # in its password as %25 and %23")
	case proxy != nil:
		e.ok("proxy", "requests go through "+proxy.Scheme+"://"+proxy.Host)
	default:
		e.ok("proxy", "none")
		if !e.dns(ctx, base.Hostname()) {
			return
		}
	}
	if !e.probe(ctx, s.Config, base) || keyErr != nil {
		return
	}
	e.service(ctx, s, key)
}

func (e *examination) dns(ctx context.Context, host string) bool {
	if net.ParseIP(host) != nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, dnsLimit)
	defer cancel()
	begun := time.Now()
	found, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		e.wrong("name", fmt.Sprintf("%s cannot be found", host), "check the connection and the service address; a company network may need HTTPS_PROXY")
		return false
	}
	e.ok("name", fmt.Sprintf("%s has %d addresses (%s)", host, len(found), since(begun, time.Now())))
	return true
}

// probe connects without a key and looks at the certificate and the clock.
func (e *examination) probe(ctx context.Context, cfg *config.Config, base *url.URL) bool {
	roots, err := rootsOf(cfg.CAFile.Value)
	if err != nil {
		e.wrong("certificates", "ca_file: "+err.Error(), "name a file of PEM certificates")
		return false
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, base.String(), nil)
	if err != nil {
		e.wrong("connection", err.Error(), "")
		return false
	}
	begun := time.Now()
	res, err := transport.RoundTrip(r)
	if err != nil {
		text, do := connectionTrouble(err)
		e.wrong("connection", text, do)
		return false
	}
	_ = res.Body.Close()
	took := since(begun, time.Now())
	if res.TLS == nil {
		e.ok("connection", fmt.Sprintf("%s without encryption, to this machine (%s)", res.Proto, took))
	} else {
		e.certificate(res, took)
	}
	e.clock(res.Header.Get("Date"))
	return true
}

func (e *examination) certificate(res *http.Response, took string) {
	text := fmt.Sprintf("%s, %s (%s)", res.Proto, tls.VersionName(res.TLS.Version), took)
	if len(res.TLS.PeerCertificates) == 0 {
		e.ok("connection", text)
		return
	}
	cert := res.TLS.PeerCertificates[0]
	text += fmt.Sprintf(", certificate by %s until %s", cmp.Or(cert.Issuer.CommonName, "somebody without a name"), cert.NotAfter.Format(time.DateOnly))
	if left := cert.NotAfter.Sub(e.app.Now()); left < certWarning {
		e.warn("connection", text, "the certificate ends soon; tell those who run the service")
		return
	}
	e.ok("connection", text)
}

// badProxy names a variable whose proxy is passed over, because its address
// cannot be read: the program would connect without.
func (e *examination) badProxy() string {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if e.app.Input.Env == nil {
			return ""
		}
		text, _ := e.app.Input.Env(name)
		if _, err := url.Parse(text); err != nil {
			return name
		}
	}
	return ""
}

// connectionTrouble says in words why there is no connection.
func connectionTrouble(err error) (text, do string) {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the certificate is by somebody this machine does not trust", "a company proxy may have put in its own: name its certificate with ca_file in the profile"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the certificate is for another host", "check the service address"
	}
	if bad, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		if bad.Reason == x509.Expired {
			return "the certificate has expired, or this machine's clock is wrong", "check the clock"
		}
		return "the certificate cannot be used", "tell those who run the service"
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "no answer in time", "check the connection; a company network may need HTTPS_PROXY"
	}
	if strings.Contains(err.Error(), "connection refused") {
		return "nothing listens at that address", "check the service address"
	}
	return err.Error(), "check the connection and the service address"
}

// clock compares this machine's clock with the service's.
func (e *examination) clock(date string) {
	at, err := http.ParseTime(date)
	if err != nil {
		e.ok("clock", "the service does not say what time it is")
		return
	}
	off := e.app.Now().Sub(at)
	if off.Abs() > skewLimit {
		e.warn("clock", fmt.Sprintf("this machine is off by %s", off.Round(time.Second)), "set the clock: session tokens and times of changes depend on it")
		return
	}
	e.ok("clock", "agrees with the service")
}

func rootsOf(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no PEM certificate", file)
	}
	return roots, nil
}

// service asks what the key may do, and where the contacts are.
func (e *examination) service(ctx context.Context, s *Start, key config.Credential) {
	client, end, err := s.client(key.Token)
	if err != nil {
		e.wrong("service", err.Error(), "")
		return
	}
	defer func() {
		if err := end(); err != nil {
			e.wrong("log", err.Error(), "")
		}
	}()
	me, err := client.Me(ctx)
	switch kind := model.KindOf(err); {
	case err == nil:
		e.ok("account", permitted(me))
		if may, sure := me.Writes(); sure && !may {
			e.warn("writing", "the key may only read", "ask for a key with contacts:write to change anything")
		}
	case kind == model.KindNotFound, kind == model.KindForbidden:
		e.ok("account", "the service does not say whose the key is (no GET /me)")
	default:
		e.trouble("account", err)
		if kind == model.KindUnauthorized {
			return
		}
	}
	page, err := client.List(ctx, model.CursorList(model.ConnectedOnly, 1), work.Screen)
	if err != nil {
		e.trouble("contacts", asNoService(err, s.Config))
		return
	}
	total := "an unknown number of"
	if page.Total >= 0 {
		total = fmt.Sprint(page.Total)
	}
	e.ok("contacts", fmt.Sprintf("%s contacts, at %s", total, map[api.Routes]string{api.RoutesBuild: "/build/contacts", api.RoutesPlain: "/contacts"}[client.Routes()]))
	e.limits(s.Config, me)
}

// permitted says what a key is good for.
func permitted(me api.Me) string {
	text := "the key is good"
	for _, part := range [][2]string{{"role", me.Role}, {"tier", me.Tier}, {"scopes", strings.Join(me.Scopes, " ")}} {
		if part[1] != "" {
			text += ", " + part[0] + " " + part[1]
		}
	}
	return text
}

func (e *examination) trouble(area string, err error) {
	if none, ok := errors.AsType[noService](err); ok {
		e.wrong(area, none.Error(), none.advice())
		return
	}
	failed := model.AsError(area, err)
	text := failed.Headline() + ": " + failed.Error()
	e.wrong(area, text, e.app.advice(failed))
}

// limits says how many requests a minute are counted on, and who says so.
func (e *examination) limits(cfg *config.Config, me api.Me) {
	say := func(account, endpoint int, who string) {
		if account >= budget.Unlimited {
			e.ok("rate limit", "none ("+who+")")
			return
		}
		e.ok("rate limit", fmt.Sprintf("%d requests a minute, %d for each endpoint (%s)", account, endpoint, who))
	}
	standard, _ := budget.Tier("standard")
	switch l := cfg.RateLimit.Value; {
	case l != config.RateLimit{}:
		say(cmp.Or(l.Account, standard.Account), cmp.Or(l.Endpoint, standard.Endpoint), "rate_limit in the configuration")
	case me.AccountLimit > 0 && me.EndpointLimit > 0:
		say(me.AccountLimit, me.EndpointLimit, "as the service says")
	default:
		if tier, ok := budget.Tier(me.Tier); ok {
			say(tier.Account, tier.Endpoint, "tier "+me.Tier)
			return
		}
		say(standard.Account, standard.Endpoint, "the service does not say; counted as the standard tier until it does")
	}
}
