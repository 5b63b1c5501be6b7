package signin

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/uitest"
)

func TestWaysOut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		keys []string
		want Choice
	}{
		{"sample data", []string{"enter"}, Demo},
		{"sample data with space", []string{"space"}, Demo},
		{"down and up again", []string{"j", "k", "enter"}, Demo},
		{"quit from the list", []string{"down", "down", "enter"}, Quit},
		{"round the list", []string{"up", "enter"}, Quit},
		{"the end of the list", []string{"G", "enter"}, Quit},
		{"the end and the begin of the list", []string{"end", "home", "enter"}, Demo},
		{"q", []string{"q"}, Quit},
		{"ctrl+c", []string{"ctrl+c"}, Quit},
		{"ctrl+c over typed text", []string{"down", "enter", "x", "ctrl+c"}, Quit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).press(tt.keys...)
			if !r.quit || r.m.Outcome().Choice != tt.want {
				t.Errorf("quit %v with %d, want %d", r.quit, r.m.Outcome().Choice, tt.want)
			}
			if len(r.fake.tries)+r.fake.probes+len(r.fake.kept) > 0 {
				t.Errorf("the backend was asked: %+v", r.fake)
			}
		})
	}
}

// Screen 11: someone who chose a profile without a key is told which, and can
// go back.
func TestAProfileWithoutAKey(t *testing.T) {
	t.Parallel()
	west := func(o *FirstOptions) { o.Profile, o.Back = "west", "default" }
	for _, keys := range [][]string{{"esc"}, {"down", "enter"}} {
		r := newRig(t, west).shows("Profile west has no key yet", "Go back to profile default", "esc back",
			"▌ Connect an account").press(keys...)
		if !r.quit || r.m.Outcome().Choice != Back {
			t.Errorf("%v: quit %v with %d", keys, r.quit, r.m.Outcome().Choice)
		}
	}
	newRig(t, west).press("enter").on(pageKey).press("esc").on(pageStart)
	r := newRig(t, func(o *FirstOptions) { o.Profile = "west" }).shows("Profile west").hides("Go back").press("esc")
	if r.quit {
		t.Error("esc goes back to nowhere")
	}
}

func TestCtrlCQuitsEverywhere(t *testing.T) {
	t.Parallel()
	for _, s := range states() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := s.make(t).press("ctrl+c")
			if !r.quit && len(r.held) == 0 {
				t.Error("still there")
			}
			if o := r.m.Outcome(); o.Choice != Quit || o.Attempt.Key.Reveal() != "" {
				t.Errorf("outcome %v", o)
			}
			if r.m.checking.Busy() || r.m.probing.Busy() || r.m.storing.Busy() {
				t.Error("something is still under way")
			}
		})
	}
}

func TestConnectWithKeyring(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().on(pageKey).paste(goodKey)
	if len(r.fake.tries) > 0 {
		t.Fatal("tried before enter")
	}
	r.press("enter").on(pageFound)
	r.shows("Meridian Partners", "Dana Reyes", "admin", "standard", "100 requests a minute, 20 per endpoint",
		"read and change contacts")
	a := r.fake.tries[0]
	if len(r.fake.tries) != 1 || a.Key.Reveal() != goodKey || a.BaseURL != baseURL || a.ActiveAccount != "" {
		t.Errorf("tried %+v", r.fake.tries)
	}
	r.press("enter").on(pagePlace)
	if len(r.fake.kept) > 0 || r.fake.probes != 1 {
		t.Fatalf("kept %v, %d probes before the choice", r.fake.kept, r.fake.probes)
	}
	r.press("enter").on(pageStored).shows("stored in the system keyring (service levcontacts, user default)")
	r.press("esc").on(pageStored)
	if r.quit {
		t.Fatal("esc quits")
	}
	r.press("enter")
	o := r.m.Outcome()
	if !r.quit || o.Choice != Connected || o.Where != Keyring || o.Account.Name != "Meridian Partners" ||
		o.Attempt.Key.Reveal() != goodKey {
		t.Errorf("quit %v, outcome %v", r.quit, o)
	}
	if !slices.Equal(r.fake.kept, []Where{Keyring}) {
		t.Errorf("kept %v", r.fake.kept)
	}
}

func TestFileOnlyAfterAPlainYes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		keys []string
		yes  bool
	}{
		{"y", []string{"y"}, true},
		{"moved to yes", []string{"left", "enter"}, true},
		{"enter alone", []string{"enter"}, false},
		{"n", []string{"n"}, false},
		{"esc", []string{"esc"}, false},
		{"there and back", []string{"tab", "tab", "enter"}, false},
		{"yes, then esc", []string{"left", "esc"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).accepted().press("enter", "down", "enter").on(pageFile)
			r.shows("plain text", "~/.config/levcontacts/keys/default", "mode 0600", "revoke it", "● no")
			r.press(tt.keys...)
			if !tt.yes {
				r.on(pagePlace)
				if len(r.fake.kept) > 0 {
					t.Errorf("kept %v", r.fake.kept)
				}
				r.press("enter").on(pageFile).shows("● no")
				return
			}
			r.on(pageStored).shows("/home/dana/.config/levcontacts/keys/default").press("enter")
			if !slices.Equal(r.fake.kept, []Where{File}) || r.m.Outcome().Where != File {
				t.Errorf("kept %v, outcome %v", r.fake.kept, r.m.Outcome())
			}
		})
	}
}

func TestOnlyForThisRun(t *testing.T) {
	t.Parallel()
	r := newRig(t).accepted().press("enter", "down", "down").shows("The key is not written anywhere").press("enter")
	o := r.m.Outcome()
	if !r.quit || o.Choice != Connected || o.Where != ThisRun || o.Attempt.Key.Reveal() != goodKey {
		t.Errorf("quit %v, outcome %v", r.quit, o)
	}
	if len(r.fake.kept) > 0 {
		t.Errorf("kept %v", r.fake.kept)
	}
}

// What the cursor is on is what happens: going to the last place with one key
// must not keep the key in the first.
func TestLastPlaceWithOneKey(t *testing.T) {
	t.Parallel()
	r := newRig(t).accepted().press("enter", "G").shows("The key is not written anywhere").press("enter")
	if o := r.m.Outcome(); o.Where != ThisRun || len(r.fake.kept) > 0 {
		t.Errorf("outcome %v, kept %v", o, r.fake.kept)
	}
}

func TestEscGoesOneStepBackAndKeepsTyping(t *testing.T) {
	t.Parallel()
	r := newRig(t).press("esc").on(pageStart)
	r.connecting().paste(session()).press("tab",
		"ctrl+u").typed("https://lev.example/api/external/v2").press("tab").typed("acme").press("enter")
	r.on(pageFound).press("enter").on(pagePlace).press("down", "enter").on(pageFile)
	for _, p := range []page{pagePlace, pageFound, pageKey, pageStart, pageStart} {
		r.press("esc").on(p)
	}
	r.press("enter").on(pageKey).press("enter").on(pageFound)
	a := r.fake.tries[1]
	if len(r.fake.tries) != 2 || a.Key.Reveal() != session() || a.BaseURL != "https://lev.example/api/external/v2" ||
		a.ActiveAccount != "acme" {
		t.Errorf("tried %d times, last %+v", len(r.fake.tries), a)
	}
	if r.quit || len(r.fake.kept) > 0 {
		t.Errorf("quit %v, kept %v", r.quit, r.fake.kept)
	}
}

func TestAnswersAfterEscAreDropped(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"good": nil, "bad": unauthorized()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			var seen context.Context
			r.fake.try = func(ctx context.Context, _ Attempt) (Found, error) {
				seen = ctx
				return meridian(), err
			}
			r.connecting().paste(goodKey)
			r.hold = true
			r.press("enter", "enter", "x", "tab").paste("more").press("esc").on(pageKey)
			r.release().on(pageKey).hides("does not accept")
			if seen.Err() == nil {
				t.Error("esc did not end the question")
			}
			if r.m.fields[fieldKey].text() != goodKey || len(r.fake.tries) != 1 || r.fake.probes != 0 {
				t.Errorf("field changed or %d tries, %d probes", len(r.fake.tries), r.fake.probes)
			}
		})
	}
}

func TestAnswerOfAnOlderTryIsDropped(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fake.try = func(_ context.Context, a Attempt) (Found, error) {
		if a.Key.Reveal() != goodKey {
			return Found{}, unauthorized()
		}
		return meridian(), nil
	}
	r.connecting().typed("lev_sk_mistyped0")
	r.hold = true
	r.press("enter", "esc").paste(goodKey).press("enter")
	old := r.held[0]
	r.held = r.held[1:]
	r.hold = false
	r.run(old)
	r.on(pageKey).hides("does not accept")
	r.release().on(pageFound)
}

func TestWaitingForTheKeyring(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().paste(goodKey)
	r.hold = true
	r.press("enter")
	try := r.held[0]
	r.held = nil
	r.send(try()) // the probe is held back
	r.on(pageFound).press("enter").on(pagePlace).hides("system keyring")
	r.press("enter", "down").on(pagePlace)
	r.now = r.now.Add(time.Second)
	r.send(tickMsg{}).shows("asking the system keyring")
	r.press("esc").on(pageFound).press("enter")
	r.release().shows("In the system keyring").press("enter").on(pageStored)
}

func TestLateKeyringAnswerOfAnEarlierKey(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().paste(goodKey)
	r.hold = true
	r.press("enter")
	try := r.held[0]
	r.held = nil
	r.send(try())
	first := r.held[0]
	r.held = nil
	r.press("esc", "enter")
	r.send(r.held[0]())
	r.hold = false
	r.fake.ring = func(context.Context) (bool, string) { return false, "of the first key" }
	r.run(first)
	r.press("enter").hides("of the first key")
}

func TestNoKeyring(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fake.ring = func(context.Context) (bool, string) { return false, "it is locked, or was never set up." }
	r.accepted().press("enter").shows("The system keyring cannot be used: it is locked, or was never set up.",
		"▌ In a file")
	r.hides("In the system keyring", "up..")
	r.press("enter").on(pageFile)
	r = newRig(t)
	r.fake.ring = func(context.Context) (bool, string) { return false, "" }
	r.accepted().press("enter").shows("The system keyring cannot be used.")
}

func TestKeepingFails(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	full := true
	r.fake.keep = func(_ context.Context, _ Attempt, w Where) (string, error) {
		if w == Keyring {
			return "", errors.New("it is locked")
		}
		if full {
			return "", errors.New("no space left on device")
		}
		return "a file", nil
	}
	r.accepted().press("enter", "enter").on(pagePlace)
	r.shows("could not be stored in the system keyring", "it is locked", "It is not stored", "choose another place",
		"In a file", "Nowhere")
	r.press("down", "enter").on(pageFile).press("y").on(pagePlace).shows("could not be stored in a file",
		"no space left on device")
	if r.m.Outcome().Choice != Quit {
		t.Error("connected without a place")
	}
	full = false
	r.press("enter", "y").on(pageStored).press("enter")
	if !slices.Equal(r.fake.kept, []Where{Keyring, File, File}) || r.m.Outcome().Where != File {
		t.Errorf("kept %v, outcome %v", r.fake.kept, r.m.Outcome())
	}
	r = newRig(t)
	r.fake.keep = func(context.Context, Attempt, Where) (string, error) { return "", errors.New("it is locked") }
	r.accepted().press("enter", "enter", "esc", "enter").hides("it is locked")
}

// Only its response tells whether a key is stored, so that esc does not throw the
// answer away.
// Where the key is stays on the screen until the person has read it: what comes
// late, again or by itself does not replace it.
func TestStoredStaysUntilEnter(t *testing.T) {
	t.Parallel()
	r := newRig(t).accepted().press("enter")
	r.hold = true
	r.press("enter")
	held := slices.Clone(r.held)
	r.release().on(pageStored)
	for range 2 {
		for _, cmd := range held { // what was answered is answered again
			r.run(cmd)
		}
		r.send(keyringMsg{}).send(tickMsg{}).send(tea.FocusMsg{}).size(90, 30).press("esc", "y", "down")
		r.now = r.now.Add(time.Hour)
	}
	r.on(pageStored).shows("Connected", "stored in the system keyring")
	if r.quit {
		t.Error("it is left before enter")
	}
	if r.press("enter"); !r.quit {
		t.Error("enter does not go on")
	}
}

func TestEscWhileStoring(t *testing.T) {
	t.Parallel()
	for _, honoured := range []bool{true, false} {
		r := newRig(t)
		r.fake.keep = func(ctx context.Context, _ Attempt, _ Where) (string, error) {
			if honoured {
				return "", ctx.Err()
			}
			return "the system keyring", nil
		}
		r.accepted().press("enter")
		r.hold = true
		r.press("enter", "enter", "down")
		r.now = r.now.Add(time.Second)
		r.shows("storing the key").press("esc").on(pagePlace).shows("stopping")
		r.press("esc").on(pagePlace)
		r.release()
		if honoured {
			r.on(pagePlace).shows("Stopped", "The key is not stored.")
			continue
		}
		r.on(pageStored)
		if len(r.fake.kept) != 1 {
			t.Errorf("kept %v", r.fake.kept)
		}
	}
}

func TestRemappedKeys(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *FirstOptions) {
		o.Keys = uitest.Remapped(map[string][]string{
			"prompt.done": {"ctrl+j"}, "prompt.close": {"ctrl+b"}, "menu.choose": {"o"}, "menu.close": {"b"},
			"move.down": {"n"}, "program.quit": {"Q"}, "confirm.yes": {"j"},
		})
	})
	r.press("q").on(pageStart).press("n", "o").on(pageKey).paste(goodKey).shows("ctrl+j check the key",
		"ctrl+b back").press("ctrl+j").on(pageFound)
	r.press("ctrl+j", "n", "o").on(pageFile).press("ctrl+b").on(pagePlace).press("o", "j").on(pageStored).press("ctrl+j")
	if r.m.Outcome().Choice != Connected {
		t.Error("not connected")
	}
	if r := newRig(t, func(o *FirstOptions) {
		o.Keys = uitest.Remapped(map[string][]string{"program.quit": {"Q"}})
	}).press("Q"); !r.quit {
		t.Error("Q does not quit")
	}
}
