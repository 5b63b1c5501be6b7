// Package sandbox is a whole Lev contacts service as an [net/http.Handler]: what
// the contacts page of March 2026 and the published API documentation say of
// contacts, with believable data that is the same on every run, and with knobs
// for everything that goes wrong between a client and a service.
//
// It shares no code with a client. Two independent readings of one document
// are the point: where they disagree, a test fails.
//
// Where the documents leave a question open, the sandbox answers it this way:
//
//   - offset without sort, and cursor with offset, are a 400.
//   - A field in fields, filter or a body that the dialect does not know is refused
//     (400 in a query, 422 in a body); other query parameters are ignored.
//   - Sorting ignores case, puts null last (first with a leading minus) and breaks ties by id.
//   - A change that changes nothing leaves updated_at alone.
//   - An idempotency key keeps the first answer of a write that was executed or refused for
//     its content, never a 401, 403, 429 or 5xx; the two paths of create are one operation to it.
//   - Every account sees the same book. Rate limits and idempotency keys are per account.
//   - A contact that is not connected is reachable by its id.
package sandbox
