package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// The most that is read of a response, after unpacking; less of an error response.
const (
	maxBody    = 16 << 20
	maxProblem = 256 << 10
)

// Exchange is one HTTP request and what came of it. It holds no header, no
// body and no key.
type Exchange struct {
	At        time.Time
	Method    string
	Path      string // with the query
	Endpoint  string // as RateLimiter names them
	Attempt   int    // 1 for the first; a redirect that is followed has the same number
	Status    int    // 0 when no response came
	Duration  time.Duration
	RequestID string          // "" when the service gave none
	Kind      model.ErrorKind // KindUnknown when it went well
}

// call is one request as the client means it, whatever it takes to send it.
type call struct {
	op       string // for errors: "save contact 78"
	endpoint string
	method   string
	path     string // below the base URL
	query    string
	body     []byte // of a write
	key      string // idempotency key of a write
	priority *sharedPriority
	verbatim *response // where the answer goes as it came, nil to read it
}

func (q call) write() bool { return q.method != http.MethodGet }

// as is the call with the priority of those who wait for it.
func (q call) as(u *sharedPriority) call {
	q.priority = u
	return q
}

// response is what came back, read completely.
type response struct {
	status int
	header http.Header
	body   []byte
}

// roundTrip is one HTTP request on its way through attempt.
type roundTrip struct {
	Exchange
	sent  bool
	token string
}

// attempt sends a call once, following the redirects that may be followed, and
// reads the response.
func attempt[T any](ctx context.Context, c *Client, q call, n int, read reader[T]) (value T, last roundTrip, fail *failure) {
	at := c.base.JoinPath(q.path)
	at.RawQuery = q.query
	for jump := 0; ; jump++ {
		var got response
		var next *url.URL
		got, last, fail = c.exchange(ctx, q, at, n)
		switch {
		case fail != nil:
		case redirect(got.status):
			next, fail = follow(q, at, got, jump)
		case got.status/100 == 2 && q.verbatim != nil:
			*q.verbatim = got
			last.RequestID = cmp.Or(requestIDIn(got.body), got.header.Get("X-Request-Id"))
		case got.status/100 == 2:
			value, last.RequestID, fail = decode(got, c.masker(last.token), read)
		default:
			fail = c.refusal(q, got)
		}
		c.report(q, at, &last, fail)
		if fail != nil || next == nil {
			return value, last, fail
		}
		at = next
	}
}

// exchange sends one HTTP request when its turn has come.
func (c *Client) exchange(ctx context.Context, q call, at *url.URL, n int) (response, roundTrip, *failure) {
	var h roundTrip
	if _, fail := c.token(); fail != nil {
		return response{}, h, fail // spends no turn
	}
	if c.opts.RateLimiter != nil {
		if err := q.priority.wait(ctx, c.opts.RateLimiter, q.endpoint); err != nil {
			return response{}, h, notAdmitted(ctx, err)
		}
	}
	token, fail := c.token() // a sign-in may have happened during the wait
	if fail != nil {
		return response{}, h, fail
	}
	h = roundTrip{Exchange{At: c.opts.Now(), Method: q.method, Path: at.RequestURI(), Endpoint: q.endpoint, Attempt: n}, true, token}
	tryCtx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	res, err := c.transport.RoundTrip(c.request(tryCtx, q, at, token))
	if err != nil {
		h.Duration = c.opts.Now().Sub(h.At)
		return response{}, h, c.transportError(ctx, at.Host, err)
	}
	defer res.Body.Close()
	h.Status = res.StatusCode
	got := response{status: res.StatusCode, header: res.Header}
	if !redirect(res.StatusCode) {
		got.body, fail = c.readBody(ctx, at.Host, res)
	}
	h.Duration = c.opts.Now().Sub(h.At)
	return got, h, fail
}

func (c *Client) token() (string, *failure) {
	token := strings.TrimSpace(c.opts.Token())
	switch {
	case token == "":
		return "", permanent(&model.Error{Kind: model.KindUnauthorized, Message: "no key to send"})
	case !headerSafe(token) || strings.ContainsAny(token, " \t"):
		return "", permanent(&model.Error{Kind: model.KindUnauthorized, Message: "the key holds a space, a line break or another character that cannot be sent"})
	}
	return token, nil
}

func (c *Client) request(ctx context.Context, q call, at *url.URL, token string) *http.Request {
	r := (&http.Request{Method: q.method, URL: at, Host: at.Host, Header: http.Header{}}).WithContext(ctx)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("X-Origin-App", c.opts.Origin)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", c.opts.UserAgent)
	if c.opts.Account != "" {
		r.Header.Set("X-Active-Account", c.opts.Account)
	}
	if q.write() {
		r.Header.Set("Content-Type", "application/json")
		// Spelled so on purpose: net/http sends a request with a canonical
		// Idempotency-Key again by itself when a kept connection breaks, also
		// after the service may have read it. The retry rules are ours.
		r.Header["idempotency-key"] = []string{q.key}
		r.ContentLength = int64(len(q.body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(q.body)), nil }
		r.Body, _ = r.GetBody()
	}
	return r
}

// readBody reads the response completely. Of an error response any part is enough.
func (c *Client) readBody(ctx context.Context, host string, res *http.Response) ([]byte, *failure) {
	refused := res.StatusCode >= 400
	limit := int64(maxBody + 1)
	if refused {
		limit = maxProblem
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit))
	switch {
	case ctx.Err() != nil:
		return nil, c.transportError(ctx, host, ctx.Err())
	case refused:
		return body, nil
	case err != nil && decompressionError(err):
		return nil, protocol(res.StatusCode, "the response cannot be decompressed: "+err.Error(), nil)
	case err != nil:
		return nil, c.cutOff(err)
	case len(body) > maxBody:
		return nil, protocol(res.StatusCode, "the response is larger than 16 MiB", body)
	}
	return body, nil
}

// report completes the error with what the request was, takes the key out of
// everything, and tells the rate limit and OnExchange.
func (c *Client) report(q call, at *url.URL, h *roundTrip, fail *failure) {
	mask := c.masker(h.token)
	h.Path = mask.text(h.Path)
	if fail != nil {
		e := fail.err
		if quoted := mask.quote(fail.body); quoted != "" {
			e.Message += ": " + quoted
		}
		e.Op, e.Method = q.op, q.method
		where := *at
		where.RawQuery = ""
		e.URL = where.String()
		if e.Kind != model.KindCanceled { // a canceled request has no outcome
			e.Status = h.Status
		}
		maskError(e, mask)
		h.Kind = e.Kind
		if h.sent && c.opts.RateLimiter != nil {
			switch {
			case e.Kind == model.KindRateLimited:
				c.opts.RateLimiter.Limited(q.endpoint, e.Scope, e.RetryAfter)
			case e.Kind == model.KindNetwork && e.Status == 0 && !fail.delivered:
				c.opts.RateLimiter.Unsent(q.endpoint)
			}
		}
		h.RequestID = cmp.Or(h.RequestID, e.RequestID)
	}
	h.RequestID = mask.word(h.RequestID)
	if h.sent {
		c.opts.OnExchange(h.Exchange)
	}
}

// maskError takes secrets out of an error, and then shortens its texts: a key
// that is cut in two would no longer be found.
func maskError(e *model.Error, mask masker) {
	text := func(s string) string { return clip(mask.text(s), maxText) }
	e.URL = mask.text(e.URL)
	e.Type, e.Scope, e.RequestID = mask.word(e.Type), mask.word(e.Scope), mask.word(e.RequestID)
	e.Message, e.UpgradeURL = text(e.Message), text(e.UpgradeURL)
	if len(e.Fields) > 0 {
		clean := make(map[string]string, len(e.Fields))
		for field, why := range e.Fields {
			clean[mask.word(field)] = text(why)
		}
		e.Fields = clean
	}
	if e.Cause != nil {
		if said := e.Cause.Error(); mask.text(said) != said {
			e.Cause = errors.New(mask.text(said))
		}
	}
}
