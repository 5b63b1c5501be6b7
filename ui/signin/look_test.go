package signin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Every state on every size fills the screen exactly; rig.look does the looking.
func TestGeometry(t *testing.T) {
	t.Parallel()
	for _, s := range states() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := s.make(t)
			for _, w := range []int{1, 2, 3, 5, 8, 12, 13, 20, 21, 33, 39, 40, 41, 60, 80, 81, 120, 300} {
				for _, h := range []int{1, 2, 3, 4, 5, 6, 8, 11, 12, 13, 24, 60} {
					r.size(w, h)
				}
			}
			r.size(0, 0)
			if r.m.w != 80 || r.m.h != 24 {
				t.Errorf("0x0 counts as %dx%d", r.m.w, r.m.h)
			}
		})
	}
}

// What the cursor is on, and what the user must know, is there on the smallest
// screen that is promised not to break.
func TestSmallestScreen(t *testing.T) {
	t.Parallel()
	want := map[string]string{"start": "▌ Look around", "key": "▌ Key", "bad-url": "▌ Service", "wrong-key": "▌ Key",
		"place": "▌ In the system", "file": "● no", "kept": "stored in", "found": "Meridian", "trying": "▌ Key"}
	for _, s := range states() {
		if w, ok := want[s.name]; ok {
			s.make(t).size(20, 5).shows(w)
		}
	}
}

func TestLongTextScrollsWithItsCursor(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().press("tab").size(40, 10)
	r.shows("▌ Service …").hides("https://api.lev")
	if c := r.m.View().Cursor; c == nil || c.X < 30 {
		t.Errorf("cursor %v", c)
	}
	r.press("home").shows("▌ Service https://api.levcapital.co…")
	if c := r.m.View().Cursor; c == nil || c.X != margin+2+labelW {
		t.Errorf("cursor %v", c)
	}
	for range 30 {
		r.press("right")
	}
	r.shows("Service …").size(80, 24).shows("Service " + baseURL)
	r.press("ctrl+u").typed("https://日本語.example/日本語日本語日本語日本語日本語日本語").size(40, 10)
	for range 40 {
		r.press("left")
	}
}

func TestThemes(t *testing.T) {
	t.Parallel()
	for _, name := range theme.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range states() {
				r := s.make(t)
				r.m.o.Theme = name
				for _, bg := range []bool{true, false} {
					th := theme.Pick(name, bg)
					r.m.theme = th
					r.look()
					if name == "ascii" {
						for _, c := range strings.ReplaceAll(r.frame(), "\n", "") {
							if c < 0x20 || c > 0x7e {
								t.Fatalf("%q in %s:\n%s", c, s.name, r.frame())
							}
						}
					}
				}
			}
		})
	}
}

func TestBackgroundChangesTheColours(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *FirstOptions) { o.Theme = "auto" }).connecting().paste(goodKey)
	dark := r.raw()
	r.send(tea.BackgroundColorMsg{Color: ansi.BrightWhite})
	if light := r.raw(); light == dark || ansi.Strip(light) != ansi.Strip(dark) {
		t.Error("the colours, and only those, must change")
	}
	r.press("esc").shows("▌ Connect an account")
	if !strings.Contains(r.raw(), theme.Pick("light", false).Spec(theme.Accent).FG[1:3]) &&
		!strings.Contains(r.raw(), "38;2;26;86;196") {
		t.Errorf("the list is not in the light theme: %q", r.raw())
	}
}

// Text from outside cannot drive the terminal, turn text around or break lines,
// and the key is not shown when a server repeats it, however it hides it.
func TestTextFromOutside(t *testing.T) {
	t.Parallel()
	evil := "a\x1b[31mb\x1b]52;c;ZXZpbA==\x07c\u202ed\r\ne\u009b2Jf\x00 " + goodKey + " " + goodKey[:10] + "\x00" +
		goodKey[10:] + " " + goodKey[:14] + "… tail"
	check := func(r *rig) {
		t.Helper()
		r.look()
		for _, size := range [][2]int{{80, 24}, {40, 10}, {20, 5}, {200, 50}} {
			r.size(size[0], size[1])
			for _, bad := range []string{"\x1b]", "\x1b[2J", "\x1b[31m", "\u202e", "\u009b", "\x00", "\r", "\x07"} {
				if strings.Contains(r.raw(), bad) {
					t.Fatalf("%q in %q", bad, r.raw())
				}
			}
		}
	}
	r := newRig(t, func(o *FirstOptions) { o.Version, o.KeyFile = evil[:40], evil })
	f := meridian()
	f.Account.Name, f.Account.User, f.Account.Role, f.Account.Tier, f.Account.ReadOnly = evil, evil, evil, evil, evil
	f.Account.Scopes = []string{evil, evil}
	r.fake.try = func(context.Context, Attempt) (Found, error) { return f, nil }
	r.fake.ring = func(context.Context) (bool, string) { return false, evil }
	r.fake.keep = func(context.Context, Attempt, Where) (string, error) { return "", errors.New(evil) }
	check(r)
	r.size(80, 24).accepted().shows("[redacted]")
	check(r)
	r.press("enter")
	check(r)
	r.press("enter")
	check(r)
	r.press("y")
	check(r)
	r.fake.keep = func(context.Context, Attempt, Where) (string, error) { return evil, nil }
	r.press("enter", "y").on(pageStored)
	check(r)
	if o := r.m.Outcome(); strings.Contains(o.Account.Name, goodKey) {
		t.Error("the key is in the account's name")
	}
	for _, kind := range []model.ErrorKind{model.KindUnauthorized, model.KindNetwork, model.KindProtocol,
		model.KindUnavailable} {
		r := newRig(t).failing(&model.Error{Kind: kind, Status: 500, Type: evil, Message: evil,
			RequestID: evil}).accepted().on(pageKey)
		check(r)
	}
}

func TestSpinnerComesAfterAWhile(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().paste(goodKey)
	r.hold = true
	r.press("enter").hides("checking the key…").shows("esc stop")
	if !slices.Equal(r.ticks, []time.Duration{spinnerAfter}) {
		t.Fatalf("ticks %v", r.ticks)
	}
	if r.m.View().Cursor != nil {
		t.Error("a cursor where nothing can be typed")
	}
	r.now = r.now.Add(spinnerAfter)
	r.send(tickMsg{}).shows("checking the key…").hides(" s ")
	before := r.words()
	r.now = r.now.Add(120 * time.Millisecond)
	if r.send(tickMsg{}); r.words() == before {
		t.Error("it does not turn")
	}
	r.now = r.now.Add(5 * time.Second)
	r.send(tickMsg{}).shows("· 5 s")
	n := len(r.ticks)
	r.release().on(pageFound)
	if r.send(tickMsg{}); len(r.ticks) != n {
		t.Error("the clock goes on with nothing to show")
	}
}

func TestWaitForTheRateLimitCountsDown(t *testing.T) {
	t.Parallel()
	r := newRig(t).failing(&model.Error{Kind: model.KindRateLimited, Status: 429,
		RetryAfter: 2 * time.Second}).accepted().shows("Wait 2 s")
	r.now = r.now.Add(1100 * time.Millisecond)
	r.send(tickMsg{}).shows("Wait 1 s")
	r.now = r.now.Add(time.Second)
	r.send(tickMsg{}).shows("Press enter to retry")
	n := len(r.ticks)
	if r.send(tickMsg{}); len(r.ticks) != n {
		t.Error("the clock goes on with nothing to show")
	}
}

func TestNothingIsSaidOfTheUnknown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fake.try = func(context.Context, Attempt) (Found, error) { return Found{}, nil }
	r.accepted().shows("does not say whose it is", "write access unknown").hides("Tier", "Role")
	f := meridian()
	f.Account.Role, f.AccountLimit = "", 0
	r = newRig(t)
	r.fake.try = func(context.Context, Attempt) (Found, error) { return f, nil }
	r.accepted().shows("20 requests a minute per endpoint").hides("Role", "–")
	f.AccountLimit, f.EndpointLimit = 30, 0
	r = newRig(t)
	r.fake.try = func(context.Context, Attempt) (Found, error) { return f, nil }
	r.accepted().shows("Limits 30 requests a minute Allowed")
	f.Account.Name = ""
	r = newRig(t, func(o *FirstOptions) { o.Context, o.KeyFile = nil, "" })
	r.fake.try = func(context.Context, Attempt) (Found, error) { return f, nil }
	r.accepted().press("enter", "down", "enter").shows("as plain text to a file,").press("y").on(pageStored).hides("Account")
}

func TestOtherMessagesChangeNothing(t *testing.T) {
	t.Parallel()
	for _, s := range states() {
		r := s.make(t)
		before := r.raw()
		for _, msg := range []tea.Msg{nil, struct{}{}, tea.KeyReleaseMsg{Code: 'q', Text: "q"}, tea.FocusMsg{},
			tea.MouseClickMsg{}, checkedMsg{}, keyringMsg{}, storedMsg{}} {
			r.send(msg)
		}
		if r.raw() != before {
			t.Errorf("%s changed:\n%s", s.name, r.frame())
		}
	}
	if newRig(t).m.Init() == nil {
		t.Error("the background is not asked for")
	}
	r := newRig(t).paste(goodKey).on(pageStart)
	if r.m.fields[fieldKey].text() != "" {
		t.Error("a paste went where it cannot be seen")
	}
}
