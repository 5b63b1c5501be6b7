package signin

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
)

// states are the pictures of the screen, in the order of a first start.
func states() []struct {
	name string
	make func(*testing.T) *rig
} {
	noRing := func(r *rig) *rig {
		r.fake.ring = func(context.Context) (bool, string) { return false, "there is no desktop session (D-Bus) here" }
		return r
	}
	return []struct {
		name string
		make func(*testing.T) *rig
	}{
		{"start", func(t *testing.T) *rig { return newRig(t) }},
		{"start-notice", func(t *testing.T) *rig {
			return newRig(t, func(o *Options) {
				o.Notice = "No key was found for profile default, and the system keyring cannot be used: it is locked, or was never set up. If your key is there, unlock it and start again."
			})
		}},
		{"key", func(t *testing.T) *rig { return newRig(t).connecting() }},
		{"key-pasted", func(t *testing.T) *rig { return newRig(t).connecting().paste(`"Bearer ` + goodKey + `"`) }},
		{"session", func(t *testing.T) *rig {
			return newRig(t).connecting().paste(session()).press("tab", "tab").typed("meridian")
		}},
		{"bad-url", func(t *testing.T) *rig {
			return newRig(t).connecting().paste(goodKey).press("tab", "ctrl+x").typed("http://api.levcapital.com").press("enter")
		}},
		{"trying", func(t *testing.T) *rig {
			r := newRig(t).connecting().paste(goodKey)
			r.hold = true
			r.press("enter")
			r.now = r.now.Add(3 * time.Second)
			return r.send(tickMsg{})
		}},
		{"wrong-key", func(t *testing.T) *rig { return newRig(t).failing(unauthorized()).accepted() }},
		{"proxy", func(t *testing.T) *rig { return newRig(t).failing(proxy()).accepted() }},
		{"found", func(t *testing.T) *rig { return newRig(t).accepted() }},
		{"found-read-only", func(t *testing.T) *rig {
			r := newRig(t)
			f := meridian()
			f.Account.ReadOnly = "the key has no contacts:write"
			r.fake.try = func(context.Context, Attempt) (Found, error) { return f, nil }
			return r.accepted()
		}},
		{"found-nothing", func(t *testing.T) *rig {
			r := newRig(t)
			r.fake.try = func(context.Context, Attempt) (Found, error) { return Found{}, nil }
			return r.accepted()
		}},
		{"place", func(t *testing.T) *rig { return newRig(t).accepted().press("enter") }},
		{"place-no-keyring", func(t *testing.T) *rig { return noRing(newRig(t)).accepted().press("enter") }},
		{"place-failed", func(t *testing.T) *rig {
			r := newRig(t)
			r.fake.keep = func(context.Context, Attempt, Where) (string, error) {
				return "", errors.New("the system keyring is not available: it is locked, or was never set up")
			}
			return r.accepted().press("enter", "enter")
		}},
		{"file", func(t *testing.T) *rig { return noRing(newRig(t)).accepted().press("enter", "enter") }},
		{"kept", func(t *testing.T) *rig { return newRig(t).accepted().press("enter", "enter") }},
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, s := range states() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := s.make(t)
			for _, size := range [][2]int{{80, 24}, {60, 20}, {40, 10}} {
				t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
					r.t = t
					golden.RequireEqual(t, r.size(size[0], size[1]).picture())
				})
			}
		})
	}
}
