package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/levcontacts/levcontacts/model"
)

// Routes is where a service keeps its collection of contacts. The contacts page
// of March 2026 says /build/contacts, the published API documentation of July
// 2026 /contacts. One contact is at /contacts/{id} in both.
type Routes uint8

// The styles.
const (
	RoutesUnknown Routes = iota
	RoutesBuild          // /build/contacts
	RoutesPlain          // /contacts
)

// String is the style in a word, for files and reports.
func (r Routes) String() string {
	switch r {
	case RoutesBuild:
		return "build"
	case RoutesPlain:
		return "plain"
	default:
		return "unknown"
	}
}

func (r Routes) collection() string {
	if r == RoutesPlain {
		return "/contacts"
	}
	return "/build/contacts"
}

// routeBook is what is known about the paths of the service.
type routeBook struct {
	mu      sync.Mutex
	style   Routes
	proven  bool // a request succeeded on it during this run
	onLearn func(Routes)
}

func (b *routeBook) known() (style Routes, proven bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.style, b.proven
}

// order is the styles worth trying. One that worked before is tried first and
// not believed blindly, as a service can be moved to a later version; one that
// worked on this run is, so that a 404 about something else costs one request.
func (b *routeBook) order() []Routes {
	style, proven := b.known()
	switch {
	case proven:
		return []Routes{style}
	case style == RoutesPlain:
		return []Routes{RoutesPlain, RoutesBuild}
	default:
		return []Routes{RoutesBuild, RoutesPlain}
	}
}

func (b *routeBook) learn(style Routes, proven bool) {
	b.mu.Lock()
	news := b.style != style
	b.style = style
	b.proven = b.proven && !news || proven
	b.mu.Unlock()
	if news && b.onLearn != nil {
		b.onLearn(style)
	}
}

// onCollection sends a call to the collection under whichever path the service
// has. A 404 or 405 there means that nothing was done, so that a create may go
// to the other path with the same idempotency key.
func onCollection[T any](ctx context.Context, c *Client, q call, read reader[T]) (T, Receipt, error) {
	var none T
	var total Receipt
	var missedRoute []*model.Error
	order := c.routes.order()
	for _, style := range order {
		q.path = style.collection()
		value, receipt, err := send(ctx, c, q, read)
		total = total.and(receipt)
		e, failed := errors.AsType[*model.Error](err)
		if failed && len(order) > 1 && routeMissing(e) {
			missedRoute = append(missedRoute, e)
			continue
		}
		if !failed || routeAnswered(e) {
			c.routes.learn(style, !failed)
		}
		return value, total, err
	}
	return none, total, neither(missedRoute)
}

func routeMissing(e *model.Error) bool {
	return e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed
}

// routeAnswered reports whether a refusal comes from the route itself, and not from
// a check or a proxy in front of it that would refuse any path alike.
func routeAnswered(e *model.Error) bool {
	switch e.Kind {
	case model.KindBadRequest, model.KindPayment, model.KindConflict, model.KindValidation:
		return e.Status != 0
	}
	return false
}

// neither is the failure of both paths. What the service said about the first
// one is stored: it may have meant something else, such as an unknown account.
func neither(missedRoute []*model.Error) *model.Error {
	e := *missedRoute[0]
	said := ""
	if e.Type != "" { // its own words, not those of a router
		said = "; the first says: " + e.Message
	}
	e.Kind = model.KindNotFound
	e.Message = fmt.Sprintf("there are no contacts at %s (%d) nor at %s (%d): check the base URL%s",
		missedRoute[0].URL, missedRoute[0].Status, missedRoute[1].URL, missedRoute[1].Status, said)
	return &e
}
