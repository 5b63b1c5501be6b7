package signin

import (
	"crypto/x509"
	"errors"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
)

// problem is a failure in words: what happened, what the service or the system
// says, what to do, and what support asks for.
type problem struct {
	headline, message, advice, trace string
	at                               fieldID // the field it is shown under
}

// problemOf explains why a key could not be tried. The advice of model.Error is
// for a program that runs already; here the key and the address are in doubt.
func problemOf(e *model.Error, kind keyKind) problem {
	p := problem{headline: e.Headline(), message: e.Message, advice: e.Advice(), trace: trace(e)}
	if p.message == "" && e.Cause != nil {
		p.message = e.Cause.Error()
	}
	const retryHint = "What you typed stays; press enter to retry."
	switch e.Kind {
	case model.KindUnauthorized:
		p.headline, p.at = "The service does not accept this key", fieldKey
		p.advice = "Check that the whole key was copied, that it was not revoked, and that it belongs to this service."
		if kind == kindSession {
			p.advice = "Session tokens end soon: sign in again and copy a new one."
		}
	case model.KindForbidden:
		p.headline, p.at = "The key is valid but may not read contacts", fieldKey
		p.advice = "Ask for a key with the scope contacts:read."
		if kind == kindSession {
			p.advice = "Ask for the right to read contacts, or name another account below."
		}
	case model.KindPayment:
		p.advice = "The account's plan must be changed first, or use the key of another account."
	case model.KindNotFound:
		p.headline, p.at = "This address has no contacts service", fieldURL
		p.advice = "Check the address of the service; it usually ends in /api/external/v2."
	case model.KindProtocol:
		p.headline, p.at = "The server at this address is not the Lev service", fieldURL
		p.advice = "Check the address. On a guest or company network, a sign-in page may have responded instead."
	case model.KindNetwork:
		p.at = fieldURL
		p.advice = "Check the connection and the address. " + retryHint
		if foreignCertificate(e) {
			p.headline, p.message = "The certificate of the service is not trusted", ""
			p.advice = "A company proxy may have put its own in place. Name the file of its authority as ca_file in the configuration (levcontacts config edit), then start again."
		}
	case model.KindRateLimited:
		p.advice = "" // said with the seconds that are left
	case model.KindUnavailable:
		p.advice = "Try again in a moment. " + retryHint
	case model.KindBadRequest, model.KindValidation, model.KindConflict:
		p.at = fieldURL
		p.advice = "Check the address; if it is right, send the request id to support."
	default:
		p.advice = retryHint
	}
	return p
}

// foreignCertificate reports whether the connection failed for a certificate that
// someone on the way may have put in place.
func foreignCertificate(e *model.Error) bool {
	_, unknown := errors.AsType[x509.UnknownAuthorityError](e)
	return unknown || strings.Contains(e.Message, "ca_file")
}

// trace is the part of an error for people who look into it.
func trace(e *model.Error) string {
	var parts []string
	if e.Status != 0 {
		parts = append(parts, strings.TrimSpace(strconv.Itoa(e.Status)+" "+e.Type))
	}
	if e.RequestID != "" {
		parts = append(parts, "request "+e.RequestID)
	}
	return strings.Join(parts, ", ")
}

// safe makes a text from outside fit to be drawn, without the key that is or
// was being tried: a service may repeat it.
func (m *First) safe(s string) string {
	s = plain.Clean(s)
	s = hide(s, m.attempt.Key.Reveal())
	return hide(s, m.read().key)
}
