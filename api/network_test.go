package api

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// rawServer answers every connection with fixed bytes and closes it.
func rawServer(t *testing.T, response string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if req, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_ = req.Body.Close()
				}
				_, _ = conn.Write([]byte(response))
			}()
		}
	}()
	return l.Addr().String()
}

func TestServersThatDoNotSpeakHTTP(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	tests := []struct {
		name, response string
		kind           model.ErrorKind
		want           string
		attempts       int
	}{
		{"ssh", "SSH-2.0-OpenSSH_9.2\r\n", model.KindProtocol, "does not speak HTTP", 1},
		{"bad header", "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", model.KindProtocol, "unreadable header", 4},
		{"nothing", "", model.KindNetwork, "broke before an answer came", 4},
		{"half a header", "HTTP/1.1 200 OK\r\nContent-", model.KindProtocol, "unreadable header", 4},
		{"half a body", ok + "Content-Length: 500\r\n\r\n{\"data\":[", model.KindNetwork, "while the answer was being read", 4},
		{"half a chunk", ok + "Transfer-Encoding: chunked\r\n\r\nff\r\n{\"da", model.KindNetwork, "while the answer was being read", 4},
		{"bad chunk", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", model.KindNetwork, "while the answer was being read", 4},
		{"half a gzip", ok + "Content-Encoding: gzip\r\nContent-Length: 12\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x00\x00", model.KindNetwork, "while the answer was being read", 4},
		{"endless header", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20) + "\r\n\r\n", model.KindNetwork, "broke before an answer came", 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := &rig{}
			r.Client = newTestClient(t, r, "http://"+rawServer(t, tt.response))
			_, _, err := r.Get(t.Context(), 78, work.Screen)
			e := failed(t, err, tt.kind)
			contains(t, "message", e.Message, tt.want)
			equal(t, "attempts", len(r.exchanges), tt.attempts)
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	r, g := &rig{}, &fakeLimiter{}
	c := newTestClient(t, r, "http://"+addr, func(o *Options) { o.RateLimiter = g })
	_, receipt, err := c.Create(t.Context(), newPatch(), nil, "k")
	e := failed(t, err, model.KindNetwork)
	equal(t, "message", e.Message, "nothing answers at "+addr+" (connection refused)")
	equal(t, "unsure", receipt.Unknown, false)
	equal(t, "attempts", receipt.Attempts, 4)
	equal(t, "exchange", r.exchanges[0].Status, 0)
	equal(t, "turns taken back", strings.Join(g.unsent, " "), "create create create create")
}

func TestFailuresBelowHTTP(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	tests := []struct {
		name     string
		err      error
		want     []string
		attempts int
		unsure   bool
	}{
		{"no such host", dial(&net.DNSError{Err: "no such host", Name: "api.lev.example", IsNotFound: true}), []string{"no server named api.lev.example"}, 2, false},
		{"DNS down", dial(&net.DNSError{Err: "i/o timeout", Name: "api.lev.example", IsTimeout: true}), []string{"api.lev.example cannot be looked up", "i/o timeout"}, 2, false},
		{"no route", dial(errors.New("network is unreachable")), []string{"no connection to 127.0.0.1", "network is unreachable"}, 4, false},
		{"dial time-out", dial(os.ErrDeadlineExceeded), []string{"does not respond"}, 4, false},
		{"proxy gone", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(errors.New("refused"))}, []string{"proxy cannot be reached", "HTTPS_PROXY"}, 2, false},
		{"answer time-out", os.ErrDeadlineExceeded, []string{"no response from", "within 30s"}, 1, true},
		{"broken", errors.New("read: connection reset by peer"), []string{"broke before an answer came"}, 1, true},
		{"wrong host", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}, []string{"not for 127.0.0.1"}, 1, false},
		{"certificate without a reason", &tls.CertificateVerificationError{Err: errors.New("odd")}, []string{"cannot be checked", "odd"}, 1, false},
		{"client certificate", &net.OpError{Op: "remote error", Err: tls.AlertError(116)}, []string{"refuses the TLS connection", "certificate required"}, 1, true},
		{"expired", x509.CertificateInvalidError{Reason: x509.Expired}, []string{"not valid", "clock"}, 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, g := &rig{}, &fakeLimiter{}
			c := newTestClient(t, r, "http://127.0.0.1:1", func(o *Options) {
				o.RateLimiter = g
				o.Transport = wireFunc(func(*http.Request) (*http.Response, error) { return nil, tt.err })
			})
			_, receipt, err := c.Create(t.Context(), newPatch(), nil, "k")
			e := failed(t, err, model.KindNetwork)
			contains(t, "message", e.Message, tt.want...)
			equal(t, "attempts", receipt.Attempts, tt.attempts)
			equal(t, "unsure", receipt.Unknown, tt.unsure)
			equal(t, "a turn is taken back", len(g.unsent) > 0, !tt.unsure)
			equal(t, "cause", errors.Is(err, tt.err), true)
		})
	}
}

// X17: a name of this machine that leads to another one gets no key.
func TestPlainHTTPStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"192.0.2.1:80", "[2001:db8::1]:80", "[::ffff:192.0.2.1]:80", "0.0.0.0:80"} {
		r := &rig{}
		transport := newTransport(nil, http.ProxyFromEnvironment, time.Second)
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return loopbackDialer().DialContext(ctx, network, to)
		}
		c := newTestClient(t, r, "http://localhost:80", func(o *Options) { o.Transport = transport })
		_, receipt, err := c.Create(t.Context(), newPatch(), nil, "k")
		e := failed(t, err, model.KindNetwork)
		contains(t, "message", e.Message, "localhost", "another machine", "https")
		equal(t, "attempts", receipt.Attempts, 1)
		equal(t, "unsure", receipt.Unknown, false)
	}
	r := newRig(t, says(200, listOf(1)))
	if _, err := r.List(t.Context(), firstPage(), work.Screen); err != nil {
		t.Error(err)
	}
}

// secureServer speaks TLS with a certificate that no one trusts, and HTTP/2.
func secureServer(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(handler)
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains about what is tried on it
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv
}

func caFile(t *testing.T, srv *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	asked := false
	srv := secureServer(t, func(http.ResponseWriter, *http.Request) { asked = true })
	r := &rig{}
	c := newTestClient(t, r, srv.URL)
	_, receipt, err := c.Update(t.Context(), 78, titlePatch(), "k")
	e := failed(t, err, model.KindNetwork)
	contains(t, "message", e.Message, "not trusted", "ca_file", srv.Listener.Addr().String())
	equal(t, "attempts", receipt.Attempts, 1)
	equal(t, "unsure", receipt.Unknown, false)
	equal(t, "asked", asked, false)
}

func TestOwnAuthorityAndHTTP2(t *testing.T) {
	t.Parallel()
	srv := secureServer(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write([]byte(fmt.Sprintf(`{"request_id":%q,"data":{"id":78,"key":%q}}`, req.Proto, req.Header.Get("Idempotency-Key"))))
		_ = z.Close()
	})
	r := &rig{}
	c := newTestClient(t, r, srv.URL, func(o *Options) { o.CAFile = caFile(t, srv) })
	contact, receipt, err := c.Update(t.Context(), 78, titlePatch(), "the-key")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "protocol", receipt.RequestID, "HTTP/2.0")
	key, _ := contact.Extra("key")
	equal(t, "key", key, `"the-key"`)
}

func TestWrongSchemes(t *testing.T) {
	t.Parallel()
	plain := newRig(t, says(200, listOf(1)))
	c := newTestClient(t, &rig{}, strings.Replace(plain.url, "http:", "https:", 1))
	_, err := c.List(t.Context(), firstPage(), work.Screen)
	contains(t, "message", failed(t, err, model.KindNetwork).Message, "does not speak TLS")

	secure := secureServer(t, says(200, listOf(1)))
	c = newTestClient(t, &rig{}, strings.Replace(secure.URL, "https:", "http:", 1))
	_, err = c.List(t.Context(), firstPage(), work.Screen)
	contains(t, "message", failed(t, err, model.KindBadRequest).Message, "HTTP request to an HTTPS server")
}

func TestProxyRefuses(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{407: "407 Proxy Authentication Required", 403: "403 Forbidden"} {
		proxy := rawServer(t, fmt.Sprintf("HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n", code))
		r := &rig{}
		c := newTestClient(t, r, "https://api.lev.example", func(o *Options) {
			o.Transport = newTransport(nil, http.ProxyURL(&url.URL{Scheme: "http", User: url.UserPassword("me", "s3cret"), Host: proxy}), time.Second)
		})
		_, receipt, err := c.Update(t.Context(), 78, titlePatch(), "k")
		e := failed(t, err, model.KindNetwork)
		contains(t, "message", e.Message, "proxy", want, "HTTPS_PROXY", proxy)
		equal(t, "attempts", receipt.Attempts, 1)
		equal(t, "unsure", receipt.Unknown, false)
	}
}

func TestProxySettingThatCannotBeRead(t *testing.T) {
	t.Parallel()
	r := &rig{}
	c := newTestClient(t, r, "https://api.lev.example", func(o *Options) {
		o.Transport = newTransport(nil, func(*http.Request) (*url.URL, error) {
			return nil, errors.New(`invalid proxy address "http://me:s3cret@[": parse error`)
		}, time.Second)
	})
	_, err := c.List(t.Context(), firstPage(), work.Screen)
	e := failed(t, err, model.KindNetwork)
	contains(t, "message", e.Message, "HTTPS_PROXY")
	if said := err.Error() + fmt.Sprint(e.Cause); strings.Contains(said, "s3cret") {
		t.Errorf("error tells the password: %s", said)
	}
	equal(t, "attempts", len(r.exchanges), 1)
}

func TestProxyIsUsed(t *testing.T) {
	t.Parallel()
	srv := secureServer(t, says(200, listOf(1)))
	tunnels := make(chan string, 8) // room for connections that are tried again
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		tunnels <- req.Method + " " + req.Host + " " + req.Header.Get("Authorization")
		there, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			return
		}
		w.WriteHeader(200)
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		go func() {
			defer there.Close()
			_, _ = bufio.NewReader(here).WriteTo(there)
		}()
		_, _ = bufio.NewReader(there).WriteTo(here)
	}))
	t.Cleanup(proxy.Close)
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	transport := newTransport(roots, http.ProxyURL(at), time.Minute)
	t.Cleanup(transport.CloseIdleConnections)
	c := newTestClient(t, &rig{}, "https://example.com", func(o *Options) { o.Transport = transport })
	page, err := c.List(context.Background(), firstPage(), work.Screen)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", len(page.Rows), 1)
	equal(t, "tunnel", <-tunnels, "CONNECT example.com:443 ")
}
