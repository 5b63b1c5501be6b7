package ui

import (
	"image/color"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/uitest"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
	"github.com/levcontacts/levcontacts/work"
)

// What is left of the rate limit is shown when it is little.
func TestTheQuotaIsShownWhenItIsShort(t *testing.T) {
	t.Parallel()
	for left, want := range map[int]bool{20: false, 6: false, 5: true, 0: true} {
		if shown := len(quotaForms(work.Quota{Limit: 20, Left: left})) > 0; shown != want {
			t.Errorf("%d of 20 left: shown %v", left, shown)
		}
	}
	if forms := quotaForms(work.Quota{Limit: 20, Left: 3}); !strings.Contains(forms[0], "list requests left") {
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

// Every terminal can draw the program again, go back with ctrl+[, and give the
// keys of a keyboard that is not Latin.
func TestKeysOfEveryTerminal(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 120, 40)
	_, cmd := s.a.Update(press("ctrl+l"))
	if cmd == nil || !contains(cmd, tea.ClearScreen()) {
		t.Error("ctrl+l does not draw the screen again")
	}
	s.typed("оо") // j j on a Russian keyboard
	s.want("\n 3 of 60")
	s.typed("Щ") // O means nothing
	s.typed(".") // / is not where a Russian keyboard has a letter
	s.keys("/")
	s.typed("оа")
	s.want("/ оа")
	s.keys("ctrl+[")
	s.wantNot("/ оа")
	s.keys("enter", "ctrl+[", "ctrl+m")
	if s.a.browse.Scope() != keymap.Detail {
		t.Error("ctrl+m is not enter")
	}
	s.keys("e", "ctrl+i")
	s.typed("Ы")
	s.want("PriyaЫ")
}

// contains reports that a message is among those that a command brings.
func contains(cmd tea.Cmd, want tea.Msg) bool {
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		return slices.ContainsFunc(msg, func(c tea.Cmd) bool { return c != nil && contains(c, want) })
	default:
		return reflect.TypeOf(msg) == reflect.TypeOf(want)
	}
}

// The background is asked for again when another terminal or other colors may
// be there, and few colors have their own theme.
func TestColorsFollowTheTerminal(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(5), 80, 24, func(o *Options) { o.Theme = "auto" })
	for _, msg := range []tea.Msg{tea.ResumeMsg{}, uv.DarkColorSchemeEvent{}, uv.LightColorSchemeEvent{}} {
		if _, cmd := s.a.Update(msg); cmd == nil || !contains(cmd, tea.RequestBackgroundColor()) {
			t.Errorf("after %T the background is not asked for", msg)
		}
	}
	s.a.Update(tea.BackgroundColorMsg{Color: color.White})
	if s.a.theme.Dark {
		t.Error("white is taken for dark")
	}
	s.a.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	if s.a.theme.Spec(theme.Danger) != theme.Pick("ansi16", true).Spec(theme.Danger) || s.a.theme.Dark {
		t.Errorf("16 colors: %+v", s.a.theme.Spec(theme.Danger))
	}
	s = start(t, newFake(5), 80, 24, func(o *Options) { o.Colors = map[string]string{"danger": "red on black"} })
	if got := s.a.theme.Spec(theme.Danger); got != (theme.Spec{FG: "1", BG: "0"}) {
		t.Errorf("danger is %+v", got)
	}
}

// A field chosen by its letter from the list comes back to the list.
func TestALetterEditsAField(t *testing.T) {
	t.Parallel()
	s := start(t, newFake(60), 80, 24)
	s.keys("j", "m")
	s.typed("new@example.com")
	s.keys("enter")
	if got := s.f.saves[0].Patch.Changes(); len(got) != 1 || got[0].After.String() != "new@example.com" {
		t.Errorf("saved %+v", got)
	}
	if s.a.browse.Scope() != keymap.List {
		t.Error("not back in the list")
	}
	s.keys("t", "enter")
	if len(s.f.saves) != 1 || s.a.browse.Scope() != keymap.List {
		t.Errorf("%d saves; nothing was typed", len(s.f.saves))
	}
}

// What an edit asks opens over that edit: for a company, and whether an earlier
// attempt has made one of these contacts.
func TestAnEditAsksOverItself(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.Refuse["create"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "company_id is required",
		Fields: map[string]string{"company_id": "company_id is required"}}
	s := start(t, f, 120, 40)
	s.keys("n", "right", "tab")
	s.typed("Nadia")
	s.keys("ctrl+s", "enter")
	s.want("The service wants a company for a new contact")
	delete(f.Refuse, "create")
	f.candidates = []model.Contact{uitest.Person(3)}
	s.typed("1204")
	s.keys("enter")
	s.want("An earlier attempt may have arrived. Is this the contact?", uitest.Person(3).Name(), "No, create it now")
	s.keys("down", "enter")
	s.want("Created Nadia")
	if n := len(f.creates); n != 3 || string(f.creates[2].Extra["company_id"]) != "1204" {
		t.Errorf("%d creates: %+v", n, f.creates)
	}
}

// unanswered is a service that never answered a change of a title, whose edit was
// open when the program ended.
func unanswered(kind work.DraftKind) *fake {
	f, sarah := newFake(60), uitest.Person(0)
	f.drafts["d"] = work.Draft{ID: "d", Kind: kind, ContactID: sarah.ID(), Field: model.FieldTitle,
		Base: sarah, Values: model.Draft{model.FieldTitle: "Partner"}, Open: true}
	f.unknown = []work.Entry{{ID: "e", Kind: work.KindUpdate, ContactID: sarah.ID(), DraftID: "d", Name: sarah.Name(),
		Result: work.Unknown, Changes: []model.Change{{Field: model.FieldTitle, After: model.TextValue("Partner")}}}}
	f.finding = work.FoundMissing
	return f
}

// What the start asks about a change that did not arrive waits for the edit of
// its draft, and for the save of that: then there is nothing left to ask.
func TestASaveAnswersWhatTheStartAsks(t *testing.T) {
	t.Parallel()
	for _, saved := range []bool{true, false} {
		f := unanswered(work.DraftField)
		s := start(t, f, 120, 40)
		const asked = "Nothing is re-sent until you choose"
		s.want("Partner", "enter save   esc leave")
		s.wantNot(asked)
		s.slow()
		if !saved {
			f.Refuse["save"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "title was not accepted"}
		}
		s.keys("enter")
		s.wantNot(asked)
		s.answer()
		s.wantNot(asked)
		if !saved {
			s.want("title was not accepted", "Partner")
			s.keys("esc")
			s.want(asked)
		}
	}
}

// What is discarded is not asked about, not for a moment either: the answer would
// be typed into what lies below.
func TestADiscardAnswersWhatTheStartAsks(t *testing.T) {
	t.Parallel()
	s := start(t, unanswered(work.DraftEdit), 120, 40)
	const asked = "Nothing is re-sent until you choose"
	s.want("Partner", "ctrl+s save")
	s.keys("esc")
	s.want("What you typed is not saved")
	s.a.Update(press("d")) // the disk has not answered yet
	s.wantNot(asked)
	s.want("q quit")
}

// Whoever signs in for a save waits for it: what it says then comes to the front.
func TestASaveComesBackAfterTheSignIn(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.Refuse["save"] = &model.Error{Kind: model.KindUnauthorized, Status: 401, Message: "Authentication required"}
	s := start(t, f, 120, 40)
	s.fix("Partner")
	s.want("Sign in again: paste a key")
	f.Refuse["save"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "title was not accepted"}
	s.typed("lev_sk_good")
	s.keys("enter")
	s.want("title was not accepted", "Partner", "enter save   esc leave")
}

// An account that did not come at the start is asked for with the next refresh.
func TestTheAccountComesWithARefresh(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	name := f.account.Name
	f.account.Name = ""
	f.Refuse["account"] = &model.Error{Kind: model.KindUnavailable, Status: 500}
	s := start(t, f, 120, 40)
	s.wantNot(name)
	f.account.Name = name
	delete(f.Refuse, "account")
	s.keys("r")
	s.want(name)
	asked := f.Calls["account"]
	s.keys("r")
	if f.Calls["account"] != asked {
		t.Error("it is asked for again")
	}
}
