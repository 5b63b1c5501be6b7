package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// plannedRow is a row that was looked at: with the idempotency key to create it
// with, or with what it changes.
type plannedRow struct {
	row
	outcome
	key   string
	patch model.Patch
}

// plan looks at every row without sending anything.
func (o importOptions) plan(rows []row) ([]plannedRow, error) {
	plan := make([]plannedRow, len(rows))
	for i, r := range rows {
		if o.clean {
			for _, f := range r.invisibleFields() {
				r.draft[f] = visible(r.draft[f])
			}
		}
		p := plannedRow{row: r, outcome: outcome{Row: r.number, Line: r.line}}
		if o.matches != nil {
			if err := o.against(&p); err != nil {
				return nil, err
			}
		}
		if p.Result == "" {
			if err := o.asNew(&p); err != nil {
				return nil, err
			}
		}
		plan[i] = p
	}
	return plan, nil
}

// asNew looks at a row that would make a contact.
func (o importOptions) asNew(p *plannedRow) (err error) {
	for f, text := range p.draft {
		if text == "" {
			delete(p.draft, f) // nothing to empty in a new contact
		}
	}
	p.outcome = o.examine(p.row)
	p.Line = p.row.line
	if p.Result == rowWould {
		p.outcome, p.key, err = o.dedupe.look(p.row, p.outcome)
	}
	if p.Result == rowWould && err == nil {
		p.Body, err = bodyOf(p.row)
	}
	return err
}

// importTable shows what would be sent, asks on a terminal, and sends it.
func (a *App) importTable(ctx context.Context, s Session, t table, o importOptions, readOnly bool) error {
	plan, err := o.plan(t.rows)
	if err != nil {
		return err
	}
	if !o.apply && !o.dry && !readOnly && a.terminal() && sendable(plan) > 0 {
		if err := a.runPlan(ctx, s, t, plan, o); err != nil && !isA[silent](err) {
			return err
		}
		if !a.confirm(ctx, "Send these "+counted(sendable(plan), "change")+"?") {
			a.note("levcontacts: nothing was sent")
			return ctx.Err()
		}
		o.apply = true
	}
	return a.runPlan(ctx, s, t, plan, o)
}

// sendable counts the rows of a plan that would be sent.
func sendable(plan []plannedRow) (n int) {
	for _, p := range plan {
		if p.Result == rowWould || p.Result == rowWouldUpdate {
			n++
		}
	}
	return n
}

// importRows looks at rows and sends them.
func (a *App) importRows(ctx context.Context, s Session, rows []row, o importOptions) error {
	plan, err := o.plan(rows)
	if err != nil {
		return err
	}
	return a.runPlan(ctx, s, table{rows: rows}, plan, o)
}

// runPlan writes what becomes of every row, one after the other; with apply it
// sends them.
func (a *App) runPlan(ctx context.Context, s Session, t table, plan []plannedRow, o importOptions) (err error) {
	var run work.BulkRun
	if o.apply {
		if n := sendable(plan); n > 1 {
			a.tellDuration(ctx, s, n)
		}
		if run, err = o.startUpdates(ctx, s, plan); err != nil {
			return err
		}
	}
	failed := failedRows{app: a, path: o.errors, table: t}
	results := make([]outcome, 0, len(plan))
	w := resultWriter{app: a, o: o}
	for _, p := range plan {
		result := p.outcome
		if o.apply {
			if result = a.sendRow(ctx, s, run, p); result.untried() {
				break // stopped before it was sent
			}
			if a.rewrites() {
				a.status(fmt.Sprintf("%d of %d rows", len(results)+1, len(plan)))
				a.progressBar(len(results)+1, len(plan))
			}
		}
		results = append(results, result)
		if err := w.add(result); err != nil {
			return err
		}
		if ctx.Err() != nil || result.stop {
			break
		}
	}
	if a.rewrites() && o.apply {
		a.status("")
		a.progressBar(0, 0)
	}
	if err := w.end(); err != nil {
		return err
	}
	if o.apply || o.dry || !a.terminal() {
		if err := failed.write(plan, results); err != nil {
			return err
		}
	}
	if run.ID != "" && slices.ContainsFunc(plan[len(results):], func(p plannedRow) bool { return p.Result == rowWouldUpdate }) {
		a.note("levcontacts: levcontacts runs resume %s goes on with the changes", run.ID)
	}
	return a.tellImport(ctx, results, len(plan), o)
}

// untried says that a row is still one that would be sent.
func (o outcome) untried() bool {
	return o.Result == rowWould || o.Result == rowWouldUpdate
}

// sendRow creates or changes the contact of a row, if it is to be.
func (a *App) sendRow(ctx context.Context, s Session, run work.BulkRun, p plannedRow) outcome {
	out := p.outcome
	switch p.Result {
	case rowWould:
		out = a.importRow(ctx, s, p)
	case rowWouldUpdate:
		out = a.updateRow(ctx, s, run, p)
	}
	if !out.untried() {
		out.Body = nil
	}
	return out
}

// tellDuration asks for the limits of the account, so that the rows go as fast
// as they may, and says how long they take.
func (a *App) tellDuration(ctx context.Context, s Session, n int) {
	short, stop := context.WithTimeout(ctx, forLimits)
	defer stop()
	s.KnowLimits(short)
	if wait := s.Estimate(n, work.Screen); wait >= 10*time.Second {
		a.inform("levcontacts: %d contacts to send%s", n, about(wait))
	}
}

// tellImport sums up an import. The error has the exit code.
func (a *App) tellImport(ctx context.Context, results []outcome, rows int, o importOptions) error {
	count := func(kinds ...string) (n int) {
		for _, r := range results {
			if slices.Contains(kinds, r.Result) {
				n++
			}
		}
		return n
	}
	warned := ""
	if n := len(slices.DeleteFunc(slices.Clone(results), func(r outcome) bool { return !r.warned })); n > 0 {
		warned = fmt.Sprintf("; %d with a warning", n)
	}
	failed, conflicts := count(rowFailed, rowWrong, rowUnsure), count(rowConflict)
	matched := ""
	if o.matches != nil {
		matched = fmt.Sprintf("%d updated, %d unchanged, %d left out because someone else changed them, ", count(rowUpdated), count(rowSame), conflicts)
		if !o.apply {
			matched = fmt.Sprintf(", %d updated, %d are unchanged, %d are left out because someone else changed them", count(rowWouldUpdate), count(rowSame), conflicts)
		}
	}
	if o.apply {
		a.inform("levcontacts: %d of %d rows created, %s%d there already, %d failed, %d not tried%s",
			count(rowCreated), rows, matched, count(rowExists), failed, rows-len(results), warned)
	} else {
		a.inform("levcontacts: %d of %d rows would be created%s; --apply does it%s", count(rowWould), rows, matched, warned)
	}
	if slices.ContainsFunc(results, func(r outcome) bool { return r.Result == rowExists && strings.HasPrefix(r.Message, hasID) }) {
		a.note("levcontacts: rows with the id of a contact change nothing; --match id does")
	}
	if slices.ContainsFunc(results, func(r outcome) bool { return strings.Contains(r.Message, "contact_type: type is required") }) {
		a.note("levcontacts: --set contact_type=sponsor, or lender_contact, gives every row a type")
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed+conflicts > 0 || len(results) < rows {
		return silent(exitPartly) // which rows has been said
	}
	return nil
}
