package browse

import (
	"errors"
	"testing"
)

// The responses to a request come in hostile orders.
func TestCheckKey(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	if s.m.checkKey() == nil || s.m.checkKey() != nil {
		t.Fatal("a double trigger asks twice")
	}
	first := uint64(1)
	s.send(keyMsg{seq: first + 1, good: true}) // of nothing that was asked
	s.wantNot("The key is good")
	s.send(keyMsg{seq: first, err: errors.New("the network is down")})
	s.want("The network is down")
	s.send(keyMsg{seq: first, good: true}) // late
	s.wantNot("The key is good")
	s.keys("K")
	s.want("The key is good")
}
