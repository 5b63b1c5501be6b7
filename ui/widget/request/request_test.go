package request

import (
	"context"
	"testing"
	"time"
)

func TestStaleAnswers(t *testing.T) {
	t.Parallel()
	var k Slot
	first, one := k.Begin(context.Background(), time.Time{})
	second, two := k.Begin(context.Background(), time.Time{})
	if first.Err() == nil || second.Err() != nil {
		t.Error("beginning again does not end the one before, or ends itself")
	}
	if k.Take(one) || !k.Take(two) || k.Take(two) || k.Busy() {
		t.Error("only the newest answer counts, and once")
	}
	third, three := k.Begin(context.Background(), time.Time{})
	k.Interrupt()
	if third.Err() == nil || !k.Take(three) {
		t.Error("an interrupted request is still answered")
	}
	k.Begin(context.Background(), time.Time{})
	k.Stop()
	if k.Busy() || k.Take(4) {
		t.Error("a stopped request is answered")
	}
}
