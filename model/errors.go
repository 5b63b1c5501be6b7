package model

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrorKind sorts failures by what a person can do about them.
type ErrorKind uint8

// The kinds. Network is no answer at all, Protocol an answer that is not the
// documented one, Refused a request this program would not send.
const (
	KindUnknown ErrorKind = iota
	KindBadRequest
	KindUnauthorized
	KindPayment
	KindForbidden
	KindNotFound
	KindConflict
	KindValidation
	KindRateLimited
	KindUnavailable
	KindNetwork
	KindProtocol
	KindRefused
	KindCanceled
)

// String is the kind's name in logs and JSON.
func (k ErrorKind) String() string {
	return [...]string{"unknown", "bad_request", "unauthorized", "payment", "forbidden", "not_found", "conflict",
		"validation", "rate_limited", "unavailable", "network", "protocol", "refused", "canceled"}[k]
}

// Error is every failure of a request, whatever its cause. Strings that came
// from the server are as they came, except in a protocol error's Message.
type Error struct {
	Kind       ErrorKind
	Op         string // what was being done: "list contacts", "save contact 78"
	Method     string
	URL        string // without query, never with a key
	Status     int    // HTTP status, 0 when no answer came
	Type       string // the server's own word for it, such as validation_error
	Message    string // the server's sentence, or ours when it gave none
	Fields     map[string]string
	RetryAfter time.Duration // how long the server asks to wait, 0 when it does not say
	Scope      string        // limit_type of a 429: which limit was hit, "" when it does not say
	RequestID  string
	UpgradeURL string
	Cause      error
}

// Error is one line for logs and standard error.
func (e *Error) Error() string {
	s := e.Message
	if s == "" && e.Cause != nil {
		s = e.Cause.Error()
	}
	if s == "" {
		s = e.Kind.String()
	}
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Status != 0 {
		s += fmt.Sprintf(" (%d", e.Status)
		if e.Type != "" {
			s += " " + e.Type
		}
		s += ")"
	}
	if e.RequestID != "" {
		s += " request " + e.RequestID
	}
	return s
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf finds the kind of any error, KindUnknown for one that is not an Error.
func KindOf(err error) ErrorKind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindUnknown
}

// AsError is the *Error inside err, or one of kind unknown made around it, so
// that a screen has one shape to show.
func AsError(op string, err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Kind: KindUnknown, Op: op, Message: err.Error(), Cause: err}
}

// Headline says what happened in plain words, without jargon.
func (e *Error) Headline() string {
	switch e.Kind {
	case KindBadRequest:
		return "The service did not understand the request"
	case KindUnauthorized:
		return "The service does not accept the key"
	case KindPayment:
		return "The account's plan or credits do not cover this"
	case KindForbidden:
		return "The key is not allowed to do this"
	case KindNotFound:
		if e.noService() {
			return "This address has no contacts service"
		}
		return "Not found, or not visible to this key"
	case KindConflict:
		return "The service says this conflicts with something"
	case KindValidation:
		return "The service refused a value"
	case KindRateLimited:
		return "The service is asking us to slow down"
	case KindUnavailable:
		return "The service has trouble"
	case KindNetwork:
		return "The service cannot be reached"
	case KindProtocol:
		return "The answer is not what the service documents"
	case KindRefused:
		return "Not sent"
	case KindCanceled:
		return "Stopped"
	default:
		return "Something went wrong"
	}
}

// noService says that a list was asked for at an address that has none.
func (e *Error) noService() bool { return e.Kind == KindNotFound && e.Op == "list contacts" }

// Advice says what to do next.
func (e *Error) Advice() string {
	switch e.Kind {
	case KindConflict:
		if e.fixedField(FieldEmail) {
			return FixedAdvice(FieldEmail)
		}
		return "try again; if it stays, send the request id to support"
	case KindBadRequest, KindProtocol:
		return "try again; if it stays, send the request id to support"
	case KindUnauthorized:
		return "sign in again, or give another key (LEV_API_KEY, --api-key-file)"
	case KindPayment:
		return "the account's plan must be changed first"
	case KindForbidden:
		if e.Method == "GET" {
			return "ask for a key with read access, or for the role"
		}
		return "ask for a key with write access, or for the role"
	case KindNotFound:
		if e.noService() {
			return "check the base URL"
		}
		return "it may have been removed or moved to another account; refresh the list"
	case KindValidation:
		return "change the value and save again"
	case KindRateLimited:
		return "it goes on by itself after the wait"
	case KindUnavailable:
		return "try again in a moment"
	case KindNetwork:
		return "check the connection and the base URL; nothing is lost"
	default:
		return "try again"
	}
}

// FixedAdvice says of a field that the service does not change it, and what to do
// instead.
func FixedAdvice(f FieldID) string {
	switch f {
	case FieldEmail:
		return "this service does not change an e-mail address: create a new contact with the new one"
	case FieldType, FieldTypes:
		return "this service does not change the type of a contact: create a new contact of the other type"
	}
	return "this service has refused to change this field before"
}

// FixedFields are the fields that the service refuses to change at all, whatever
// the value.
func (e *Error) FixedFields() (out []FieldID) {
	for _, f := range Fields() {
		if f.Update && e.fixedField(f.ID) {
			out = append(out, f.ID)
		}
	}
	return out
}

func (e *Error) fixedField(f FieldID) bool {
	said, named := e.Fields[f.Name()]
	said = strings.ToLower(said)
	if e.Kind != KindConflict && e.Kind != KindValidation || !named {
		return false
	}
	return strings.Contains(said, "cannot be changed") || strings.Contains(said, "not supported")
}

// Unsure says that a write may or may not have happened: no answer arrived, or
// one that cannot be read. Such a write is looked up before it is repeated.
func (e *Error) Unsure() bool {
	return e.Kind == KindNetwork || e.Kind == KindProtocol || e.Kind == KindUnavailable || e.Kind == KindCanceled && e.Status == 0
}
