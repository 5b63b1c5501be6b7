package signin

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestFieldKeys(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().paste(goodKey)
	r.press("tab").shows("▌ Service").press("tab").shows("▌ Key").press("shift+tab").shows("▌ Service").press("down",
		"up").shows("▌ Service")
	r.press("ctrl+u").typed("https://lev.example/api/external/v2").shows("ctrl+r goes back to " + baseURL)
	r.press("ctrl+r").shows(baseURL).paste("https://other.example/api/external/v2\n").shows("▌ Service https://other.example/api/external/v2 ctrl+r")
	r.paste("/x").shows("other.example/api/external/v2/x")
	r.press("tab", "ctrl+r")
	if r.m.fields[fieldKey].text() != goodKey {
		t.Error("the key has nothing to go back to")
	}
	r.press("ctrl+u").shows("Paste it here")
	if r.m.fields[fieldKey].text() != "" {
		t.Error("not emptied")
	}
	r.typed("abc").press("left", "backspace").typed("X")
	if got := r.m.fields[fieldKey].text(); got != "aXc" {
		t.Errorf("edited to %q", got)
	}
	r.hold = true
	if r.press("ctrl+v"); len(r.held) != 1 {
		t.Fatal("ctrl+v does not ask the terminal for its clipboard")
	}
	r.send(tea.ClipboardMsg{Content: goodKey})
	if got := r.m.fields[fieldKey].text(); got != goodKey {
		t.Error("the clipboard did not replace what was there")
	}
}

func TestAccountIsOnlyAskedOfPeople(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().hides("Account").paste(session()).shows("Account").press("tab",
		"tab").typed("a b").press("enter").on(pageKey)
	r.shows("▌ Account", "no blanks").press("backspace", "backspace").press("enter").on(pageFound)
	if got := r.fake.tries[0].ActiveAccount; got != "a" {
		t.Errorf("account %q", got)
	}
	r.press("esc", "tab", "paste")
	r.m.at = fieldKey
	r.paste(goodKey).hides("Account").press("enter").on(pageFound)
	if got := r.fake.tries[1].ActiveAccount; got != "" {
		t.Errorf("account %q of a key", got)
	}
}

func TestTokenBrokenOverLines(t *testing.T) {
	t.Parallel()
	broken := session()[:40] + "\n  " + session()[40:] + "\n"
	r := newRig(t).connecting().paste(broken).shows("A session token of 76 characters. Left out: line breaks.").press("enter").on(pageFound)
	if got := r.fake.tries[0].Key.Reveal(); got != session() {
		t.Error("it was not put together again")
	}
	r.press("esc").paste(session()).shows("A session token of 76 characters.").hides("Left out")
	r.press("ctrl+u").typed("abc").shows("A key of 3 characters.").press("backspace", "backspace",
		"backspace").shows("Paste it here")
}

func TestKeyIsNotTakenWhereItWouldShow(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().press("tab").paste("Bearer "+goodKey).shows("paste the key into the Key field", baseURL)
	r.typed("x").hides("paste the key into the Key field")
	r.press("tab").paste(session()).press("tab", "tab").paste(goodKey).shows("paste the key into the Key field")
}

func TestWhatCannotBeSentIsNotTried(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().press("enter").shows("Paste a key first")
	r.paste("lev_sk_… (last used today)").press("enter").shows("shortened form")
	r.press("ctrl+u").paste("two words").shows("The key has a space in it").press("enter")
	r.press("ctrl+u").paste(goodKey).press("tab", "ctrl+u").press("tab", "enter").shows("▌ Service",
		"The address is empty")
	r.typed("http://lev.example/api").press("enter").shows("The address would send the key in the clear")
	if len(r.fake.tries) > 0 {
		t.Errorf("tried %+v", r.fake.tries)
	}
	r.press("ctrl+u").typed("http://127.0.0.1:8080/api/external/v2/").press("enter").on(pageFound)
	if got := r.fake.tries[0].BaseURL; got != "http://127.0.0.1:8080/api/external/v2" {
		t.Errorf("base URL %q", got)
	}
}

func TestLettersAreTextInFields(t *testing.T) {
	t.Parallel()
	r := newRig(t).connecting().typed("qjkGhl?/: ").on(pageKey)
	if got := r.m.fields[fieldKey].text(); got != "qjkGhl?/: " {
		t.Errorf("typed %q", got)
	}
}
