package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// Times for the network below one attempt. An idle connection is given up
// before the usual load balancer closes it, so that a write is not sent into a
// connection that is going away.
const (
	dialTimeout      = 10 * time.Second
	handshakeTimeout = 10 * time.Second
	idleTimeout      = 45 * time.Second
	pingAfter        = 15 * time.Second
	maxHeaderBytes   = 1 << 20
)

// parseBase checks the root address. Errors name it without anything secret
// that it may hold.
func parseBase(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	bad := func(why string) (*url.URL, error) {
		return nil, fmt.Errorf("base URL %q: %s", maskAddress(raw), why)
	}
	switch {
	case err != nil:
		return bad("not a valid address")
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "", u.Hostname() == "", u.Opaque != "":
		return bad("must be absolute and begin with https:// (or http:// for this machine)")
	case u.User != nil:
		return bad("must not hold a user name or a password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return bad("must not hold a query or a fragment")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return bad("plain http is only allowed to this machine (localhost, 127.0.0.1, ::1); use https")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	if u.Path == "" {
		u.Path = "/" // without one, what is joined to it would not begin with a slash
	}
	return u, nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// maskAddress hides the parts of an address that may hold a secret.
func maskAddress(raw string) string {
	raw, _, _ = strings.Cut(raw, "?")
	raw, _, _ = strings.Cut(raw, "#")
	if at := strings.LastIndexByte(raw, '@'); at >= 0 {
		scheme, _, found := strings.Cut(raw, "://")
		if !found {
			scheme = "…"
		}
		raw = scheme + "://…@" + raw[at+1:]
	}
	return raw
}

// readRoots gives the system's certificate authorities and those of the file;
// nil, which means the system's, without a file.
func readRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("ca_file: %w", err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("ca_file: %s holds no PEM certificate", file)
	}
	return roots, nil
}

type proxyFunc func(*http.Request) (*url.URL, error)

func newDialer() *net.Dialer { return &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second} }

// loopbackDialer connects to this machine only, whatever a name is resolved to:
// over plain http the key must not leave it.
func loopbackDialer() *net.Dialer {
	d := newDialer()
	d.Control = func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !to.Addr().Unmap().IsLoopback() {
			return &otherMachineError{address}
		}
		return nil
	}
	return d
}

// otherMachineError is an address of another machine under a name of this one.
type otherMachineError struct{ address string }

func (e *otherMachineError) Error() string { return e.address + " is not this machine" }

// newTransport is the real network. It asks for gzip and unpacks it by itself.
func newTransport(roots *x509.CertPool, proxy proxyFunc, headerTimeout time.Duration) *http.Transport {
	return &http.Transport{
		Proxy:                  proxy.find,
		OnProxyConnectResponse: checkProxy,
		DialContext:            newDialer().DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    handshakeTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter},
	}
}

// proxyError is a proxy that is not usable: its setting, or its response to
// CONNECT.
type proxyError struct{ why string }

func (e *proxyError) Error() string { return e.why }

func (p proxyFunc) find(r *http.Request) (*url.URL, error) {
	u, err := p(r)
	if err != nil {
		return nil, &proxyError{maskAddress(err.Error())}
	}
	return u, nil
}

func checkProxy(_ context.Context, proxy *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{fmt.Sprintf("%s answered %d %s", proxy.Host, res.StatusCode, http.StatusText(res.StatusCode))}
}

// headerSafe reports whether a value can be sent as a header: no control characters.
func headerSafe(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
