package ui

import (
	"strings"
	"testing"

	"levcontacts/model"
	"levcontacts/work"
)

// What is left of the rate limit is shown when it is little.
func TestTheQuotaIsShownWhenItIsShort(t *testing.T) {
	t.Parallel()
	for left, want := range map[int]bool{20: false, 6: false, 5: true, 0: true} {
		if shown := len(quotaForms(work.Gauge{Limit: 20, Left: left})) > 0; shown != want {
			t.Errorf("%d of 20 left: shown %v", left, shown)
		}
	}
	if forms := quotaForms(work.Gauge{Limit: 20, Left: 3}); !strings.Contains(forms[0], "list requests left") {
		t.Errorf("the header says %q", forms[0])
	}
}

// A write that is refused for want of a right turns writes off; a refresh asks
// whether they are allowed by now.
func TestARefreshAsksWhetherWritesAreAllowed(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(20), 120, 40)
	s.f.Refuse["save"] = &model.Error{Kind: model.KindForbidden, Status: 403, Message: "missing scope contacts:write"}
	s.keys("enter")
	s.field(model.FieldTitle)
	s.keys("enter")
	s.typed("X")
	s.keys("enter", "esc")
	s.want("READ-ONLY")
	s.keys("esc", "e")
	s.want("read-only: the service says the key may not write; r asks again")
	asked := s.f.Calls["account"]
	s.keys("r")
	s.wantNot("READ-ONLY")
	if s.f.Calls["account"] != asked+1 {
		t.Errorf("the account was asked %d times", s.f.Calls["account"]-asked)
	}
	s.keys("e")
	s.want("Edit Sarah Chen")
}
