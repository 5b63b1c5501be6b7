package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/work"
)

const (
	goodKey = "lev_sk_4f9aQ2c81d7eB0356aa1"
	baseURL = "https://api.levcapital.com/api/external/v2"
)

// session is a JSON web token that ends half a day after the rig's clock.
func session() string {
	return "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTUzODQwMDB9.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw"
}

// fakeBackend answers from functions and writes down what it was asked.
type fakeBackend struct {
	tries  []Attempt
	probes int
	kept   []Where
	try    func(context.Context, Attempt) (Found, error)
	ring   func(context.Context) (bool, string)
	keep   func(context.Context, Attempt, Where) (string, error)
}

func (f *fakeBackend) Try(ctx context.Context, a Attempt) (Found, error) {
	f.tries = append(f.tries, a)
	return f.try(ctx, a)
}

func (f *fakeBackend) KeyringAvailable(ctx context.Context) (bool, string) {
	f.probes++
	return f.ring(ctx)
}

func (f *fakeBackend) Keep(ctx context.Context, a Attempt, w Where) (string, error) {
	f.kept = append(f.kept, w)
	return f.keep(ctx, a, w)
}

func meridian() Found {
	return Found{
		Account: work.Account{Profile: "default", Name: "Meridian Partners", User: "Dana Reyes", Role: "admin",
			Tier:   "standard",
			Scopes: []string{"contacts:read", "contacts:write"}, BaseURL: baseURL},
		AccountLimit: 100, EndpointLimit: 20, WriteKnown: true,
	}
}

// rig drives the screen as Bubble Tea does, on one goroutine and without
// waiting, and looks at every frame.
type rig struct {
	t      *testing.T
	m      *First
	fake   *fakeBackend
	now    time.Time
	hold   bool      // keep commands back instead of running them
	held   []tea.Cmd // commands held back
	quit   bool
	ticks  []time.Duration
	secret []string // what no frame may show
}

func newRig(t *testing.T, change ...func(*FirstOptions)) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), secret: []string{goodKey, session()}}
	r.fake = &fakeBackend{
		try:  func(context.Context, Attempt) (Found, error) { return meridian(), nil },
		ring: func(context.Context) (bool, string) { return true, "" },
		keep: func(_ context.Context, _ Attempt, w Where) (string, error) {
			return map[Where]string{Keyring: "the system keyring (service levcontacts, user default)",
				File: "/home/dana/.config/levcontacts/keys/default"}[w], nil
		},
	}
	o := FirstOptions{Theme: "dark", Keys: uitest.Keys(Actions()...), Version: "1.0.0", BaseURL: baseURL,
		KeyFile: "~/.config/levcontacts/keys/default",
		Now:     func() time.Time { return r.now }, Context: t.Context(), Backend: r.fake}
	for _, f := range change {
		f(&o)
	}
	r.m = NewFirst(o)
	r.m.tick = func(d time.Duration) tea.Cmd {
		r.ticks = append(r.ticks, d)
		return nil
	}
	r.look()
	return r
}

// send gives the screen a message and runs what it asks for.
func (r *rig) send(msg tea.Msg) *rig {
	r.t.Helper()
	_, cmd := r.m.Update(msg)
	r.look()
	if _, resized := msg.(tea.WindowSizeMsg); !resized {
		r.prints()
	}
	r.run(cmd)
	return r
}

func (r *rig) run(cmd tea.Cmd) {
	r.t.Helper()
	if cmd == nil {
		return
	}
	if r.hold {
		r.held = append(r.held, cmd)
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			r.run(c)
		}
	case tea.QuitMsg:
		r.quit = true
	default:
		r.send(msg)
	}
}

// release runs the commands that were held back.
func (r *rig) release() *rig {
	r.t.Helper()
	held := r.held
	r.hold, r.held = false, nil
	for _, c := range held {
		r.run(c)
	}
	return r
}

func (r *rig) press(names ...string) *rig {
	r.t.Helper()
	for _, n := range names {
		r.send(keyPress(n))
	}
	return r
}

func (r *rig) typed(s string) *rig {
	r.t.Helper()
	for _, c := range s {
		r.send(tea.KeyPressMsg{Code: c, Text: string(c)})
	}
	return r
}

func (r *rig) paste(s string) *rig {
	r.t.Helper()
	return r.send(tea.PasteMsg{Content: s})
}

func (r *rig) size(w, h int) *rig {
	r.t.Helper()
	return r.send(tea.WindowSizeMsg{Width: w, Height: h})
}

// connecting goes to the page with the fields.
func (r *rig) connecting() *rig {
	r.t.Helper()
	return r.press("down", "enter")
}

// accepted continues to what the service says about a good key.
func (r *rig) accepted() *rig {
	r.t.Helper()
	return r.connecting().paste(goodKey).press("enter")
}

// failing lets every attempt fail.
func (r *rig) failing(e *model.Error) *rig {
	r.fake.try = func(context.Context, Attempt) (Found, error) { return Found{}, e }
	return r
}

func keyPress(name string) tea.KeyPressMsg {
	codes := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp,
		"down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "backspace": tea.KeyBackspace,
		"space": tea.KeySpace}
	var k tea.KeyPressMsg
	for _, mod := range []struct {
		prefix string
		mod    tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"shift+", tea.ModShift}} {
		if rest, ok := strings.CutPrefix(name, mod.prefix); ok {
			name, k.Mod = rest, mod.mod
		}
	}
	if c, ok := codes[name]; ok {
		k.Code = c
		return k
	}
	k.Code = []rune(name)[0]
	if k.Mod == 0 {
		k.Text = name
	}
	return k
}

func (r *rig) raw() string { return r.m.View().Content }

// frame is the screen as plain text.
func (r *rig) frame() string { return ansi.Strip(r.raw()) }

// words is the screen as one line of text, wherever it was broken.
func (r *rig) words() string { return strings.Join(strings.Fields(r.frame()), " ") }

// picture is the screen and its cursor for a golden file.
func (r *rig) picture() string {
	var b strings.Builder
	for _, l := range strings.Split(r.frame(), "\n") {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	if c := r.m.View().Cursor; c != nil {
		fmt.Fprintf(&b, "cursor %d,%d\n", c.X, c.Y)
	}
	return b.String()
}

// look holds what is true of every frame: it fills the screen exactly and shows
// no key.
func (r *rig) look() {
	r.t.Helper()
	v := r.m.View()
	lines := strings.Split(v.Content, "\n")
	if len(lines) != r.m.h {
		r.t.Fatalf("%d lines on %dx%d:\n%s", len(lines), r.m.w, r.m.h, v.Content)
	}
	for i, l := range lines {
		if w := plain.Width(l); w != r.m.w {
			r.t.Fatalf("line %d has %d cells on %dx%d: %q", i, w, r.m.w, r.m.h, l)
		}
	}
	if c := v.Cursor; c != nil && (c.X < 0 || c.Y < 0 || c.X >= r.m.w || c.Y >= r.m.h) {
		r.t.Fatalf("cursor %d,%d outside of %dx%d", c.X, c.Y, r.m.w, r.m.h)
	}
	r.noKey(v.Content, strings.Join(strings.Fields(ansi.Strip(v.Content)), ""), v.WindowTitle)
}

// prints holds that nothing that prints what is exported shows the key.
func (r *rig) prints() {
	r.t.Helper()
	o := r.m.Outcome()
	asJSON, err := json.Marshal(o)
	if err != nil {
		r.t.Fatal(err)
	}
	printed := []string{string(asJSON)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed = append(printed, fmt.Sprintf(verb, r.m), fmt.Sprintf(verb, o), fmt.Sprintf(verb, &o),
			fmt.Sprintf(verb, r.m.attempt), fmt.Sprintf(verb, r.fake.tries))
	}
	r.noKey(printed...)
}

func (r *rig) noKey(texts ...string) {
	r.t.Helper()
	for _, s := range texts {
		for _, key := range r.secret {
			if strings.Contains(s, key) || strings.Contains(s, key[:12]) ||
				strings.Contains(s, fmt.Sprintf("%x", key)) {
				r.t.Fatalf("the key is in %q", s)
			}
		}
	}
}

func (r *rig) shows(want ...string) *rig {
	r.t.Helper()
	for _, w := range want {
		if !strings.Contains(r.words(), w) {
			r.t.Fatalf("no %q on the screen:\n%s", w, r.frame())
		}
	}
	return r
}

func (r *rig) hides(unwanted ...string) *rig {
	r.t.Helper()
	for _, w := range unwanted {
		if strings.Contains(r.words(), w) {
			r.t.Fatalf("%q is on the screen:\n%s", w, r.frame())
		}
	}
	return r
}

func (r *rig) on(p page) *rig {
	r.t.Helper()
	if r.m.page != p {
		r.t.Fatalf("on page %d, want %d:\n%s", r.m.page, p, r.frame())
	}
	return r
}

func unauthorized() *model.Error {
	return &model.Error{Kind: model.KindUnauthorized, Op: "read the account", Method: "GET", Status: 401,
		Type:    "unauthorized",
		Message: "Invalid or revoked API key", RequestID: "7c0e2b1c-52a4-4d55-9a6e-0f2f4f6d1a10"}
}

func proxy() *model.Error {
	return &model.Error{Kind: model.KindNetwork, Cause: errors.New("x509: certificate signed by unknown authority"),
		Message: "the certificate of api.levcapital.com is not trusted; where a company's proxy replaces certificates, name its authority in ca_file"}
}
