package signin

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/screen/stage"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

type fakeAccess struct {
	keys     []string
	err      error
	profiles []string
}

func (f *fakeAccess) SignIn(_ context.Context, key string) (work.Account, error) {
	f.keys = append(f.keys, key)
	switch {
	case f.err != nil:
		return work.Account{}, f.err
	case key != goodKey:
		return work.Account{}, &model.Error{Kind: model.KindUnauthorized, Status: 401,
			Message: "Authentication required"}
	}
	return work.Account{Profile: "default", Name: "Meridian Partners"}, nil
}

func (f *fakeAccess) Profiles() []string { return f.profiles }

func retryHint(t *testing.T) (*stage.Stage, *Again, *fakeAccess) {
	t.Helper()
	s, f := stage.New(t, Actions()...), &fakeAccess{profiles: []string{"acme", "demo"}}
	m := NewAgain(AgainOptions{Backend: f, Keys: s.Keys, Now: s.Clock, Context: t.Context()})
	s.Show(m, nil)
	return s, m, f
}

func refusedKey(asked bool, retry tea.Msg) screen.SignIn {
	return screen.SignIn{Asked: asked, Retry: retry,
		Err: &model.Error{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required",
			RequestID: "r-401"}}
}

// While a key is tried the sign-in says so, for how long, and how to stop; a
// key that is no good goes, what was said of it stays.
func TestSignInOverTheProgram(t *testing.T) {
	t.Parallel()
	s, m, f := retryHint(t)
	s.Do(nil, m.Ask(refusedKey(true, "retry")))
	s.Do(nil, m.Ask(refusedKey(true, nil)))
	s.Want("Sign in again", "Authentication required", "401 · request r-401", "enter goes on   esc closes")
	s.Press("enter")
	s.Want("Paste a key first", "401 · request r-401")
	s.Type("bad")
	s.Hold = true
	s.Press("enter")
	s.Want("> ***", "checking the key…", "esc stops")
	s.WantNot("enter goes on")
	s.Now = s.Now.Add(3 * time.Second)
	m.Tick()
	s.Want("checking the key… · 3 s")
	s.Press("enter", "x")
	s.Want("> ***", "checking the key…")
	s.Release()
	s.Want("Authentication required", "enter goes on   esc closes")
	s.WantNot("***")

	s.Type("slow")
	s.Hold = true
	s.Press("enter", "esc")
	s.Release()
	s.Want("Sign in again", "Stopped", "enter goes on   esc closes")
	s.WantNot("***")

	f.err = &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
	s.Give(tea.PasteMsg{Content: `"Bearer ` + goodKey + `"` + "\n"})
	s.Press("enter")
	s.Want("connection refused", "*****") // nothing is wrong with the key
	f.err = nil
	s.Press("enter")
	s.Want("Signed in")
	if in := stage.Of[SignedIn](s); len(in) != 1 || in[0].Account.Name != "Meridian Partners" ||
		len(in[0].Retry) != 1 || in[0].Retry[0] != "retry" ||
		s.Top() != nil || m.Pending() || !m.Wake().IsZero() {
		t.Errorf("signed in %+v, open %v", in, s.Top())
	}
	if got := strings.Join(f.keys, " "); got != "bad slow "+goodKey+" "+goodKey {
		t.Errorf("tried %s", got)
	}
}

// House B2: a refusal in the background opens nothing; a message says how to
// sign in. Closing the sign-in says what that means.
func TestARefusalInTheBackground(t *testing.T) {
	t.Parallel()
	s, m, _ := retryHint(t)
	s.Do(nil, m.Ask(refusedKey(false, "page")))
	if s.Top() != nil || !m.Pending() {
		t.Fatalf("open: %v", s.Top())
	}
	s.Want("Authentication required", "r signs in again", "401 · request r-401")
	s.Do(nil, m.Ask(refusedKey(false, "again")))
	if len(s.Said) != 1 {
		t.Errorf("said %d times", len(s.Said))
	}
	s.Do(nil, m.Open())
	s.Do(nil, m.Open())
	s.Want("Sign in again")
	s.Press("esc")
	s.Want("Not signed in; r asks again")
	s.WantNot("Sign in again: paste")
	s.Do(nil, m.Open())
	s.Give(tea.PasteMsg{Content: goodKey})
	s.Press("enter")
	if in := stage.Of[SignedIn](s); len(in) != 1 || len(in[0].Retry) != 0 {
		t.Errorf("what was given up is done: %+v", in)
	}
}

func profiles(s *stage.Stage, m *Again) {
	cmd, events, _ := m.Run(keymap.Profiles)
	s.Do(cmd, events)
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	s, m, f := retryHint(t)
	m.SetAccount(work.Account{Profile: "demo", Name: "Meridian Partners", BaseURL: "https://api.example/v2"})
	profiles(s, m)
	s.Want("▌● demo", "Meridian Partners · https://api.example/v2", "acme", "add an account")
	s.Press("enter")
	profiles(s, m)
	s.Press("up", "enter")
	profiles(s, m)
	s.Press("down", "enter")
	s.Type("no/good")
	s.Press("enter")
	s.Want("letters, digits", "> no/good")
	s.Press("ctrl+u", "enter")
	s.Want("Type a name first")
	s.Type(" north ")
	s.Press("enter")
	if got := stage.Of[SwitchProfile](s); len(got) != 2 || got[0].Name != "acme" || got[1].Name != "north" ||
		s.Top() != nil {
		t.Errorf("goes on with %+v", got)
	}
	f.profiles = nil
	profiles(s, m)
	s.Want("▌● demo")
	s.Press("esc")
	m.SetAccount(work.Account{Demo: true})
	profiles(s, m)
	s.Want("This is sample data")
	if _, _, known := m.Run(keymap.Quit); known || len(Actions()) != 1 || s.Top() != nil {
		t.Error("runs another action, or lists the profiles of sample data")
	}
}
