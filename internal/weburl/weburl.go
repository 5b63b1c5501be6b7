// Package weburl checks addresses of a service, and says which of them are the
// same server and which are this machine.
package weburl

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// Error describes what keeps a text from being the address of a service.
type Error struct {
	// Message continues a sentence that names the address, such as "holds a query".
	Message string
	// Allowed describes what would do instead; it may be empty.
	Allowed string
}

func (e *Error) Error() string { return e.Message }

// Parse reads the root address of a service: https, or http to this machine,
// for a key that is sent over plain http to anywhere else is given away. The
// scheme and the host come out in small letters, the path without a slash at
// its end. An error is an [*Error] and does not repeat the text, which may hold
// a password.
func Parse(text string) (*url.URL, error) {
	bad := func(message, allowed string) (*url.URL, error) { return nil, &Error{message, allowed} }
	if strings.ContainsFunc(text, unicode.IsSpace) {
		return bad("holds blanks", "")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.Contains(text, `\`):
		return bad("is not an address", "")
	case u.Scheme == "http" || u.Scheme == "https":
	case u.Scheme == "" || u.Opaque != "" || u.Host == "":
		return bad("is not an absolute address; begin it with https://", "")
	default:
		return bad("has a scheme that is not known", "https, or http for this machine")
	}
	port, portErr := strconv.ParseUint(u.Port(), 10, 16)
	switch {
	case u.Hostname() == "":
		return bad("names no host", "")
	case strings.HasSuffix(u.Host, ":") || u.Port() != "" && (portErr != nil || port == 0):
		return bad("has a port that does not exist", "1 to 65535")
	case u.User != nil:
		return bad("holds a user name or password", "")
	case strings.ContainsRune(text, '?'):
		return bad("holds a query", "")
	case strings.ContainsRune(text, '#'):
		return bad("holds a fragment", "")
	case u.Scheme == "http" && !IsLoopback(u.Hostname()):
		return bad("would send the key in the clear", "https, or http for localhost, 127.0.0.0/8 and ::1")
	}
	u.Host = strings.ToLower(u.Host)
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// IsLoopback reports that a host names this machine: localhost, or an address of
// its own. Any other form, such as 127.1 or ::ffff:127.0.0.1, is refused, since
// programs disagree about it.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback() && !addr.Is4In6() && addr.Zone() == ""
}

// Origin is scheme, host and port of an address, such as
// "https://api.levcapital.com": the part that a key is bound to. The case of
// letters, and a port that the scheme has anyway, make no difference. It is ""
// for what is no address.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return OriginOf(u)
}

// OriginOf is [Origin] of an address that was parsed.
func OriginOf(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if scheme == "" || u.Hostname() == "" {
		return ""
	}
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return scheme + "://" + host
}

// SameOrigin reports that a key for one address may be sent to the other.
func SameOrigin(a, b string) bool {
	origin := Origin(a)
	return origin != "" && origin == Origin(b)
}
