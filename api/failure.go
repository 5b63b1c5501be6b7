package api

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"syscall"

	"github.com/levcontacts/levcontacts/model"
)

// retry reports whether the same request may have another outcome soon.
type retry uint8

const (
	retryNever retry = iota
	retryOnce
	retryYes
)

// failure is one attempt that did not succeed, with what the retry rules need
// to know about it.
type failure struct {
	err   *model.Error
	retry retry
	// delivered reports whether the service may have carried the request out.
	delivered bool
	// serverAskedRetry reports whether the service itself asks to retry later.
	serverAskedRetry bool
	// body is what came instead of the documented answer.
	body []byte
}

// permanent is a failure that another attempt does not mend.
func permanent(e *model.Error) *failure { return &failure{err: e} }

// refused is a request that this program does not send.
func refused(op, why string) *model.Error {
	return &model.Error{Kind: model.KindRefused, Op: op, Message: why}
}

// protocol is a response that is not the documented one; body is what came.
func protocol(status int, why string, body []byte) *failure {
	return &failure{err: &model.Error{Kind: model.KindProtocol, Status: status, Message: why}, delivered: true, body: body}
}

func canceled(cause error) *model.Error {
	why := "stopped before the response came"
	if errors.Is(cause, context.DeadlineExceeded) {
		why = "stopped, because the time allowed for it is over"
	}
	return &model.Error{Kind: model.KindCanceled, Message: why, Cause: cause}
}

// notAdmitted is a request that the rate limit did not let out.
func notAdmitted(ctx context.Context, err error) *failure {
	if ctx.Err() != nil {
		e := canceled(ctx.Err())
		e.Message = "stopped before it was sent"
		return permanent(e)
	}
	if e, ok := errors.AsType[*model.Error](err); ok {
		own := *e
		return permanent(&own)
	}
	return permanent(&model.Error{Kind: model.KindRefused, Message: err.Error(), Cause: err})
}

// transportError is a request that got no response, in words for people.
func (c *Client) transportError(ctx context.Context, host string, err error) *failure {
	if ctx.Err() != nil {
		return &failure{err: canceled(ctx.Err()), delivered: true}
	}
	f := &failure{err: &model.Error{Kind: model.KindNetwork, Cause: err}, retry: retryYes, delivered: true}
	dial, isDial := errors.AsType[*net.OpError](err)
	isDial = isDial && dial.Op == "dial"
	switch {
	case describeProxy(f, err), describeTLS(f, host, err), describeName(f, err):
	case isA[*otherMachineError](err):
		f.retry, f.delivered = retryNever, false
		f.err.Message = fmt.Sprintf("%s leads to another machine (%v); over plain http the key is not sent there: use https", host, dial.Err)
	case timedOut(err):
		f.delivered = !isDial
		f.err.Message = fmt.Sprintf("no response from %s within %s", host, c.opts.Timeout)
		if isDial {
			f.err.Message = fmt.Sprintf("no connection to %s: the server does not respond", host)
		}
	case errors.Is(err, syscall.ECONNREFUSED):
		f.delivered = !isDial
		f.err.Message = fmt.Sprintf("nothing answers at %s (connection refused)", host)
	case isDial:
		f.delivered = false
		f.err.Message = fmt.Sprintf("no connection to %s: %v", host, dial.Err)
	case isA[textproto.ProtocolError](err): // also a header that breaks off
		f.err.Kind = model.KindProtocol
		f.err.Message = fmt.Sprintf("the response from %s has an unreadable header", host)
	case strings.Contains(err.Error(), "malformed HTTP"):
		f.retry = retryNever
		f.err.Kind = model.KindProtocol
		f.err.Message = fmt.Sprintf("the server at %s does not speak HTTP", host)
	default:
		f.err.Message = fmt.Sprintf("the connection to %s broke before an answer came", host)
	}
	return f
}

// cutOff is a response that ended too early.
func (c *Client) cutOff(err error) *failure {
	f := &failure{err: &model.Error{Kind: model.KindNetwork, Cause: err}, retry: retryYes, delivered: true}
	f.err.Message = "the connection broke while the answer was being read"
	if timedOut(err) {
		f.err.Message = fmt.Sprintf("the answer was not complete within %s", c.opts.Timeout)
	}
	return f
}

func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || ok && e.Timeout()
}

func decompressionError(err error) bool {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	return corrupt || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum)
}

func describeProxy(f *failure, err error) bool {
	if e, ok := errors.AsType[*proxyError](err); ok {
		f.retry, f.delivered = retryNever, false
		f.err.Message = fmt.Sprintf("the proxy does not let the request through: check HTTPS_PROXY (%v)", e)
		return true
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "proxyconnect" {
		f.retry, f.delivered = retryOnce, false
		f.err.Message = fmt.Sprintf("the proxy cannot be reached: check HTTPS_PROXY (%v)", e.Err)
		return true
	}
	return false
}

func describeTLS(f *failure, host string, err error) bool {
	switch {
	case isA[x509.UnknownAuthorityError](err):
		f.err.Message = fmt.Sprintf("the certificate of %s is not trusted; where a company's proxy replaces certificates, name its authority in ca_file", host)
	case isA[x509.HostnameError](err):
		f.err.Message = fmt.Sprintf("the certificate that came is not for %s; check the base URL and the network", host)
	case isA[x509.CertificateInvalidError](err):
		f.err.Message = fmt.Sprintf("the certificate of %s is not valid (%v); check the clock of this machine", host, err)
	case isA[*tls.CertificateVerificationError](err):
		f.err.Message = fmt.Sprintf("the certificate of %s cannot be checked: %v", host, err)
	case isA[tls.RecordHeaderError](err), errors.Is(err, http.ErrSchemeMismatch):
		f.err.Message = fmt.Sprintf("%s does not speak TLS; check the port in the base URL", host)
	case isA[tls.AlertError](err):
		f.retry = retryNever
		f.err.Message = fmt.Sprintf("%s refuses the TLS connection: %v", host, err)
		return true
	default:
		return false
	}
	f.retry, f.delivered = retryNever, false
	return true
}

func describeName(f *failure, err error) bool {
	e, ok := errors.AsType[*net.DNSError](err)
	if !ok {
		return false
	}
	f.delivered = false
	f.retry = retryOnce
	f.err.Message = fmt.Sprintf("there is no server named %s: check the base URL and the connection", e.Name)
	if !e.IsNotFound {
		f.err.Message = fmt.Sprintf("the name %s cannot be looked up: check the connection (%s)", e.Name, e.Err)
	}
	return true
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// refusal is a response with an error status.
func (c *Client) refusal(q call, got response) *failure {
	p, readable := readProblem(got.body)
	e := p.modelError(q.write())
	e.Status = got.status
	e.Kind = kindOf(got.status, p.kind)
	if e.RequestID == "" {
		e.RequestID = got.header.Get("X-Request-Id")
	}
	e.RetryAfter = p.retryAfter(got.status, got.header, c.opts.Now())
	f := &failure{err: e}
	if !readable || e.Message == "" {
		e.Message = fmt.Sprintf("the service answered %d", got.status)
		if text := http.StatusText(got.status); text != "" {
			e.Message += " " + text
		}
		if !readable {
			f.body = got.body
		}
	}
	switch got.status {
	case http.StatusTooManyRequests:
		f.retry, f.serverAskedRetry = retryYes, true
	case http.StatusServiceUnavailable:
		f.retry, f.delivered = retryYes, true
		f.serverAskedRetry = readable || e.RetryAfter > 0
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		f.retry, f.delivered = retryYes, true
	default:
		f.delivered = e.Kind == model.KindUnavailable || e.Kind == model.KindProtocol
	}
	return f
}

// kindOf sorts a refusal by its status, and by the service's own word for it
// where the status says nothing.
func kindOf(status int, word string) model.ErrorKind {
	switch status {
	case http.StatusBadRequest:
		return model.KindBadRequest
	case http.StatusUnauthorized:
		return model.KindUnauthorized
	case http.StatusPaymentRequired:
		return model.KindPayment
	case http.StatusForbidden:
		return model.KindForbidden
	case http.StatusNotFound, http.StatusGone:
		return model.KindNotFound
	case http.StatusConflict:
		return model.KindConflict
	case http.StatusUnprocessableEntity:
		return model.KindValidation
	case http.StatusTooManyRequests:
		return model.KindRateLimited
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return model.KindUnavailable
	case http.StatusProxyAuthRequired, http.StatusNetworkAuthenticationRequired:
		return model.KindNetwork
	}
	if status >= 500 {
		return model.KindUnavailable
	}
	if kind := kindOfWord(word); kind != model.KindUnknown {
		return kind
	}
	if status >= 400 {
		return model.KindBadRequest
	}
	return model.KindProtocol
}

// kindOfWord knows the error types of the published API documentation.
func kindOfWord(word string) model.ErrorKind {
	switch strings.ToLower(word) {
	case "bad_request":
		return model.KindBadRequest
	case "unauthorized":
		return model.KindUnauthorized
	case "payment_required":
		return model.KindPayment
	case "forbidden":
		return model.KindForbidden
	case "not_found":
		return model.KindNotFound
	case "conflict":
		return model.KindConflict
	case "validation_error":
		return model.KindValidation
	case "rate_limit_exceeded":
		return model.KindRateLimited
	case "internal_error", "service_unavailable":
		return model.KindUnavailable
	}
	return model.KindUnknown
}
