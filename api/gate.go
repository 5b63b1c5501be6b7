package api

import (
	"context"
	"time"
)

// Priority says how urgently a request is wanted. A greater one goes first
// when the requests of a minute are scarce.
type Priority uint8

// The priorities, from the least to the most urgent.
const (
	PriorityIndex  Priority = iota // reading the rest of the list in the background
	PriorityNext                   // the page that will be wanted next
	PriorityScreen                 // what the person is waiting to see
	PriorityWrite                  // what the person has asked to be saved
)

// The endpoints as rate limits count them, and as Gate and Exchange name them.
const (
	EndpointList   = "list"
	EndpointGet    = "get"
	EndpointCreate = "create"
	EndpointUpdate = "update"
	EndpointMe     = "me"
)

// Gate decides when a request may go out. It must be safe for concurrent use.
type Gate interface {
	// Wait returns nil when one request to the endpoint may be sent, and counts
	// it. It returns the context's error when that ends first, and then counts
	// nothing. It is asked again before every attempt.
	Wait(ctx context.Context, endpoint string, p Priority) error
	// Unsent takes back the last request to the endpoint that was counted: the
	// service was not reached.
	Unsent(endpoint string)
	// Limited says that the service answered 429: which limit was hit (its
	// limit_type, "" when it does not say) and for how long, 0 when unknown.
	Limited(endpoint, scope string, retryAfter time.Duration)
}
