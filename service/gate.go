package service

import (
	"context"
	"time"

	"levcontacts/api"
	"levcontacts/api/budget"
	"levcontacts/work"
)

// gate lets the client's requests out as the budget says.
type gate struct{ budget *budget.Budget }

// background marks the writes of a bulk edit: the client sends every write as
// the person's, and these must leave the person the reserve.
type background struct{}

func inBackground(ctx context.Context) context.Context {
	return context.WithValue(ctx, background{}, true)
}

func (g gate) Wait(ctx context.Context, endpoint string, p api.Priority) error {
	priority := budget.Index
	switch {
	case ctx.Value(background{}) != nil:
	case p == api.PriorityWrite:
		priority = budget.Write
	case p == api.PriorityScreen:
		priority = budget.Screen
	case p == api.PriorityNext:
		priority = budget.Next
	}
	return g.budget.Wait(ctx, endpoint, priority)
}

func (g gate) Unsent(endpoint string) { g.budget.Unsent(endpoint) }

func (g gate) Limited(endpoint, scope string, retryAfter time.Duration) {
	g.budget.Limited(endpoint, scope, retryAfter)
}

// apiPriority is the client's word for a priority; it counts the other way.
func apiPriority(p work.Priority) api.Priority {
	switch p {
	case work.Write:
		return api.PriorityWrite
	case work.Screen:
		return api.PriorityScreen
	case work.Next:
		return api.PriorityNext
	default:
		return api.PriorityIndex
	}
}

func budgetPriority(p work.Priority) budget.Priority {
	switch p {
	case work.Write:
		return budget.Write
	case work.Screen:
		return budget.Screen
	case work.Next:
		return budget.Next
	default:
		return budget.Index
	}
}
