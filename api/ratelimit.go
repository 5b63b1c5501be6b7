package api

import (
	"context"
	"time"

	"github.com/levcontacts/levcontacts/work"
)

// The endpoints as rate limits count them, and as RateLimiter and Exchange name them.
const (
	EndpointList   = "list"
	EndpointGet    = "get"
	EndpointCreate = "create"
	EndpointUpdate = "update"
	EndpointMe     = "me"

	EndpointNotes         = "notes"
	EndpointNoteCreate    = "note create"
	EndpointNoteUpdate    = "note update"
	EndpointNoteDelete    = "note delete"
	EndpointCompanies     = "companies"
	EndpointCompany       = "company"
	EndpointCompanyCreate = "company create"
)

// RateLimiter decides when a request may go out. It must be safe for concurrent use.
type RateLimiter interface {
	// Wait returns nil when one request to the endpoint may be sent, and counts
	// it. It returns the context's error when that ends first, and then counts
	// nothing. It is asked again before every attempt.
	Wait(ctx context.Context, endpoint string, p work.Priority) error
	// Unsent undoes the last request to the endpoint that was counted: the
	// service was not reached.
	Unsent(endpoint string)
	// Limited reports that the service answered 429: which limit was hit (its
	// limit_type, "" when it does not say) and for how long, 0 when unknown.
	Limited(endpoint, scope string, retryAfter time.Duration)
}
