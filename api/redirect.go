package api

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
)

const maxRedirects = 5

func redirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// follow describes where a redirect leads. The key stays with the origin it belongs
// to; a write continues only where the redirect means the same request again.
func follow(q call, at *url.URL, got response, jumps int) (*url.URL, *failure) {
	same := got.status == http.StatusTemporaryRedirect || got.status == http.StatusPermanentRedirect
	where := got.header.Get("Location")
	refuse := func(why string) (*url.URL, *failure) {
		shown, _, _ := strings.Cut(where, "?") // a query may hold someone's secrets
		fail := protocol(got.status, "the service answers with a redirect "+why, []byte(shown))
		fail.delivered = q.write() && !same // 302 after a POST may mean that it was done
		return nil, fail
	}
	to, err := at.Parse(where)
	switch {
	case where == "":
		return refuse("that leads nowhere")
	case err != nil:
		return refuse("to an address that cannot be read")
	case !sameOrigin(at, to) || to.User != nil:
		return refuse("to another server; it is not followed, because the key would go there too: check the base URL")
	case q.write() && !same:
		return refuse("to a write, which may mean anything; it is not followed")
	case q.write() && path.Base(to.Path) != path.Base(at.Path):
		return refuse("to another thing than was to be written; it is not followed")
	case jumps >= maxRedirects:
		return refuse(fmt.Sprintf("after %d others", maxRedirects))
	}
	to.Fragment, to.RawFragment = "", ""
	return to, nil
}

func sameOrigin(a, b *url.URL) bool {
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if strings.EqualFold(u.Scheme, "http") {
		return "80"
	}
	return "443"
}
