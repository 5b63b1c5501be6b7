//go:build unix

package survive

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// judge compares what the service was sent with what was shown, and what it
// holds with what was saved.
func (l *life) judge(ctx context.Context, k kept) error {
	creates, patches := l.rig.applied("create"), l.rig.applied("patch")
	if len(creates) > 1 {
		return fmt.Errorf("the contact was created %d times", len(creates))
	}
	if l.forgotten && len(patches) != l.sentBefore {
		return fmt.Errorf("%d changes were sent after it was forgotten", len(patches)-l.sentBefore)
	}
	for _, e := range slices.Concat(creates, patches) {
		var body map[string]any
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
		if !slices.ContainsFunc(l.shown, func(shown map[string]any) bool { return reflect.DeepEqual(shown, body) }) {
			return fmt.Errorf("%s %s was sent %s, and shown was only %v", e.Method, e.Path, e.Body, l.shown)
		}
	}
	st, err := l.rig.state(ctx, l.rig.stateDir())
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	drafts, err := st.Drafts(ctx)
	if err != nil {
		return err
	}
	switch {
	case k.draft == nil:
		return nil
	case !l.saves() && len(drafts) == 0 && len(k.unsure) > 0:
		return l.holds(k.draft) // the write turned out to have arrived, and the draft went with it
	case !l.saves():
		if len(drafts) != 1 || !maps.Equal(drafts[0].Values, k.draft) {
			return fmt.Errorf("the draft %v was put off, and there are %v", k.draft, drafts)
		}
		return nil
	case len(drafts) > 0:
		return fmt.Errorf("it was saved, and its draft is still there: %v", drafts)
	}
	return l.holds(k.draft)
}

// lastID is beyond every id of these sandboxes.
const lastID = 10_000

// holds is an error when the service does not hold what was saved.
func (l *life) holds(draft model.Draft) error {
	id := int64(sarah)
	if l.kind == work.DraftCreate {
		if draft[model.FieldFirstName] == "" {
			return nil // nothing to know it by was typed before the end
		}
		for id = sarah; ; id++ {
			if held, ok := l.rig.Service.Contact(id); ok && held["first_name"] == draft[model.FieldFirstName] {
				break
			}
			if id > lastID {
				return fmt.Errorf("nobody is %v", draft)
			}
		}
	}
	held, _ := l.rig.Service.Contact(id)
	for name, want := range sentAs(draft) {
		if !reflect.DeepEqual(held[name], want) {
			return fmt.Errorf("%s of contact %d is %v, saved was %v", name, id, held[name], want)
		}
	}
	return nil
}
