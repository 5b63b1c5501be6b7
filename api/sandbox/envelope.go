package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const jsonType = "application/json"

// answer is what will be sent back.
type answer struct {
	status      int
	contentType string
	body        []byte
	retryAfter  int    // seconds; 0 sends no Retry-After
	allow       string // methods, for 405
}

// problem is an error answer before it has a shape.
type problem struct {
	status     int
	kind       string
	message    string
	details    map[string]string // messages by field
	retryAfter int               // seconds
}

func badRequest(message string) problem {
	return problem{status: http.StatusBadRequest, kind: "bad_request", message: message}
}

func unauthorized() problem {
	return problem{status: http.StatusUnauthorized, kind: "unauthorized", message: "Authentication required"}
}

func forbidden(message string) problem {
	return problem{status: http.StatusForbidden, kind: "forbidden", message: message}
}

func notFound(message string) problem {
	return problem{status: http.StatusNotFound, kind: "not_found", message: message}
}

func conflict(message string) problem {
	return problem{status: http.StatusConflict, kind: "conflict", message: message}
}

func invalid(details map[string]string, message string) problem {
	return problem{status: http.StatusUnprocessableEntity, kind: "validation_error", message: message, details: details}
}

func rateLimited(wait int) problem {
	return problem{
		status: http.StatusTooManyRequests, kind: "rate_limit_exceeded", retryAfter: wait,
		message: fmt.Sprintf("Rate limit reached; retry after %d seconds", wait),
	}
}

// statusProblem is the error of a status that a fault rule asks for.
func statusProblem(status int) problem {
	known := map[int]problem{
		400: badRequest("The request could not be read"),
		401: unauthorized(),
		402: {status: 402, kind: "payment_required", message: "The account has no credits left"},
		403: forbidden("This key is not allowed to do that"),
		404: notFound("Contact not found"),
		409: conflict("The request conflicts with an earlier one"),
		422: invalid(nil, "The contact was not accepted"),
		503: {status: 503, kind: "service_unavailable", message: "The service is temporarily unavailable"},
	}
	if p, ok := known[status]; ok {
		return p
	}
	kind := "internal_error"
	if status < http.StatusInternalServerError {
		kind = "bad_request"
	}
	return problem{status: status, kind: kind, message: http.StatusText(status)}
}

// typedError is the error object of the later documentation.
type typedError struct {
	Status     int               `json:"status"`
	Type       string            `json:"type"`
	Message    string            `json:"message"`
	Details    map[string]string `json:"details"`
	LimitType  string            `json:"limit_type,omitempty"`
	RetryAfter int               `json:"retry_after_seconds,omitempty"`
}

// codedError is the error object of the earlier documentation.
type codedError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// refuse makes the error answer in the shape the sandbox was given.
func (s *Server) refuse(c *call, p problem) answer {
	body := struct {
		RequestID string `json:"request_id"`
		Error     any    `json:"error"`
	}{RequestID: c.id}
	if s.options.ErrorShape == ErrorCoded {
		body.Error = coded(p)
	} else {
		body.Error = typed(p)
	}
	return answer{status: p.status, contentType: jsonType, body: appendJSON(nil, body), retryAfter: p.retryAfter}
}

func typed(p problem) typedError {
	e := typedError{Status: p.status, Type: p.kind, Message: p.message, Details: p.details}
	if e.Details == nil {
		e.Details = map[string]string{}
	}
	if p.retryAfter > 0 {
		e.LimitType = "requests_per_minute"
		e.RetryAfter = p.retryAfter
	}
	return e
}

func coded(p problem) codedError {
	e := codedError{Code: strings.ToUpper(p.kind), Message: p.message}
	if p.retryAfter > 0 {
		e.Code = "RATE_LIMITED"
	}
	return e
}

// success wraps data, and for a list its pagination, in the documented envelope.
func (s *Server) success(c *call, status int, data []byte, pagination any) answer {
	b := make([]byte, 0, len(data)+256)
	b = append(b, `{"request_id":`...)
	b = appendJSON(b, c.id)
	b = append(b, `,"timestamp":"`...)
	b = c.now.UTC().AppendFormat(b, time.RFC3339)
	b = append(b, `","data":`...)
	b = append(b, data...)
	if pagination != nil {
		b = append(b, `,"pagination":`...)
		b = appendJSON(b, pagination)
	}
	return answer{status: status, contentType: jsonType, body: append(b, '}')}
}

// readObject reads a JSON object, the only body a write may have.
func readObject(body []byte) (map[string]json.RawMessage, bool) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil || object == nil {
		return nil, false
	}
	return object, true
}
