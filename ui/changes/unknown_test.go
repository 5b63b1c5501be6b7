package changes

import (
	"errors"
	"testing"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/screen/stage"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/work"
)

func resolution(e work.Entry, f work.Finding) work.Resolution {
	return work.Resolution{Entry: e, Finding: f}
}

const (
	didNotArrive = "The change to Sarah Chen did not arrive"
	whetherThis  = "Is one of these the contact you created as Ada Lovelace?"
)

// What got no response is looked up at the start and only sent when the user
// says so.
func TestAChangeThatDidNotArrive(t *testing.T) {
	t.Parallel()
	after := sarah().With(model.FieldTitle, model.TextValue("Chair"))
	for name, tt := range map[string]struct {
		keys  []string
		calls []string
		says  string
	}{
		"nothing is sent unasked":     {nil, nil, didNotArrive},
		"save it now":                 {[]string{"s"}, []string{"send e"}, "Saved title of Sarah Chen"},
		"forget it":                   {[]string{"f"}, []string{"forget e"}, "Forgotten: the change to Sarah Chen"},
		"decide later":                {[]string{"l"}, nil, ""},
		"esc decides nothing":         {[]string{"esc"}, nil, ""},
		"open the draft of it":        {[]string{"e"}, nil, ""},
		"look at the contact":         {[]string{"g"}, nil, "check it there again"},
		"enter is the first of them:": {[]string{"enter"}, []string{"send e"}, "Saved"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := titleEntry("e", work.Unknown)
			f := &fake{unknown: []work.Entry{e},
				found:  map[string]work.Resolution{"e": resolution(e, work.FoundMissing)},
				drafts: []work.Draft{titleDraft()}, saved: work.Saved{Contact: after}}
			s, m := begin(t, f)
			s.Want(didNotArrive, "title Principal → Chair", "Nothing is re-sent until you choose")
			if len(tt.keys) > 0 {
				s.Press(tt.keys...)
				s.WantNot(didNotArrive)
			}
			s.Want(tt.says)
			f.wants(t, append([]string{"resolve e"}, tt.calls...)...)
			if sent := name == "save it now"; sent && (len(stage.Of[Put](s)) != 1 || len(m.Drafts()) != 0) {
				t.Errorf("puts %+v, drafts %v", stage.Of[Put](s), m.Drafts())
			}
			if opens := name == "open the draft of it"; opens != (len(stage.Of[OpenDraft](s)) == 1) {
				t.Errorf("opens %+v", stage.Of[OpenDraft](s))
			}
			if goes := name == "look at the contact"; goes != (len(stage.Of[GoTo](s)) == 1) {
				t.Errorf("goes to %+v", stage.Of[GoTo](s))
			}
		})
	}
}

// House B1: a question of the background is not laid over what is being typed.
func TestAQuestionWaitsUntilNothingIsOpen(t *testing.T) {
	t.Parallel()
	e := lostCreate()
	f := &fake{unknown: []work.Entry{e}, found: map[string]work.Resolution{"create": {Entry: e,
		Finding: work.FoundCandidates, Candidates: []model.Contact{sarah()}}}}
	s := stage.New(t, Actions()...)
	s.Covered = true
	m := New(Options{Backend: f, Keys: s.Keys, Now: s.Clock})
	s.Show(m, m.Init())
	if s.Top() != nil {
		t.Fatalf("open while typing: %s", s.Text())
	}
	s.Uncover()
	s.Want(whetherThis, "chen@meridian.com", "none of these")
	s.Press("enter")
	f.wants(t, "resolve create", "settle create 78")
	if got := stage.Of[GoTo](s); len(got) != 1 || got[0].ID != 78 {
		t.Errorf("goes to %+v", got)
	}
}

// The user has said in the form what happened to it, before and after it was asked.
func TestWhatIsSettledElsewhereIsNotAsked(t *testing.T) {
	t.Parallel()
	e := lostCreate()
	f := &fake{unknown: []work.Entry{e}, found: map[string]work.Resolution{"create": {Entry: e,
		Finding: work.FoundCandidates, Candidates: []model.Contact{sarah()}}}}
	s, m := begin(t, f)
	s.Want(whetherThis)
	s.Do(nil, m.Settled("create"))
	s.WantNot(whetherThis)

	s = stage.New(t, Actions()...)
	m = New(Options{Backend: f, Keys: s.Keys, Now: s.Clock})
	s.Show(m, nil)
	cmd, events := m.Update(unresolvedMsg{entries: f.unknown})
	s.Do(nil, events)
	s.Do(nil, m.Settled("create"))
	s.Do(cmd, nil)
	s.WantNot(whetherThis)
}

// A draft that is given up takes its change with it.
func TestADiscardedDraftIsNotAskedAbout(t *testing.T) {
	t.Parallel()
	e := titleEntry("e", work.Unknown)
	s, m := begin(t, &fake{unknown: []work.Entry{e},
		found: map[string]work.Resolution{"e": resolution(e, work.FoundMissing)}, drafts: []work.Draft{titleDraft()}})
	s.Want(didNotArrive)
	s.Do(nil, m.RemoveDraft("draft"))
	s.WantNot(didNotArrive)
}

func TestWhatBecameOfAChange(t *testing.T) {
	t.Parallel()
	after := sarah().With(model.FieldTitle, model.TextValue("Chair"))
	for name, tt := range map[string]struct {
		entry work.Entry
		found work.Resolution
		err   error
		says  string
	}{
		"arrived": {titleEntry("e", work.Unknown), work.Resolution{Finding: work.FoundSaved, Contact: after}, nil,
			"Your earlier change to Sarah Chen did arrive"},
		"created": {lostCreate(), work.Resolution{Finding: work.FoundSaved, Contact: after}, nil,
			"Your new contact Ada Lovelace did arrive"},
		"conflict": {titleEntry("e", work.Unknown), work.Resolution{Finding: work.FoundConflict}, nil,
			"someone else changed it since"},
		"gone": {titleEntry("e", work.Unknown), work.Resolution{Finding: work.FoundGone}, nil,
			"the contact is not there any more"},
		"create that did not arrive": {lostCreate(),
			work.Resolution{Finding: work.FoundMissing, Entry: work.Entry{Result: work.Failed}}, nil,
			"did not arrive; its draft is saved"},
		"cannot be asked": {lostCreate(), work.Resolution{},
			&model.Error{Kind: model.KindConflict, Cause: work.ErrCannotLook},
			"the contact may already exist. Check in Lev"},
		"sent elsewhere": {titleEntry("e", work.Unknown), work.Resolution{},
			&model.Error{Kind: model.KindConflict, Cause: work.ErrElsewhere}, ""},
		"offline": {titleEntry("e", work.Unknown), work.Resolution{},
			&model.Error{Kind: model.KindNetwork, Message: "connection refused"}, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			second := titleEntry("second", work.Unknown)
			f := &fake{unknown: []work.Entry{tt.entry}, found: map[string]work.Resolution{tt.entry.ID: tt.found},
				lost: tt.err}
			if tt.err == nil {
				f.unknown = append(f.unknown, second)
				f.found["second"] = resolution(second, work.FoundMissing)
			}
			s, m := begin(t, f)
			s.Want(tt.says)
			if tt.says == "" && len(s.Said) > 0 {
				t.Errorf("says %v", s.Said)
			}
			if put := stage.Of[Put](s); tt.found.Contact.ID() != 0 &&
				(len(put) != 1 || put[0].Created != (name == "created")) {
				t.Errorf("puts %+v", put)
			}
			if tt.err == nil {
				s.Want(didNotArrive) // the next one
				return
			}
			f.lost = nil
			f.found[tt.entry.ID] = resolution(tt.entry, work.FoundMissing)
			s.Do(m.Retry(), nil)
			if again := name == "offline"; again != (s.Top() != nil) {
				t.Errorf("looked at again: %v", s.Top())
			}
		})
	}
}

// A draft whose values the service turns out to hold is done with; one that was
// typed into since, or has an editor, is not.
func TestADraftGoesWithAChangeThatArrived(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*Model, work.Draft){
		"":            nil,
		"typed since": func(_ *Model, d work.Draft) { d.Values[model.FieldCity] = "Reno" },
		"open":        func(m *Model, d work.Draft) { m.SetOpen(d.ID) },
	} {
		e, d := titleEntry("e", work.Unknown), titleDraft()
		f := &fake{unknown: []work.Entry{e}, drafts: []work.Draft{d},
			found: map[string]work.Resolution{"e": {Entry: e, Finding: work.FoundSaved,
				Contact: sarah().With(model.FieldTitle, model.TextValue("Chair"))}}}
		s, m := begin(t, f, func(m *Model) {
			if prepare != nil {
				prepare(m, d)
			}
		})
		s.Want("Your earlier change to Sarah Chen did arrive")
		if kept := len(m.Drafts()) == 1; kept != (prepare != nil) {
			t.Errorf("%q: the draft is kept: %v", name, kept)
		}
		want := []string{"resolve e", "drop draft"}
		if prepare != nil {
			want = want[:1]
		}
		f.wants(t, want...)
	}
}

func TestASendThatGoesWrong(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		saved work.Saved
		err   error
		want  string
	}{
		"someone else changed it": {work.Saved{Conflicts: []model.Conflict{{}}, Theirs: sarah()}, nil,
			"Not saved: someone else changed Sarah Chen meanwhile"},
		"no response": {work.Saved{},
			&model.Error{Kind: model.KindNetwork, Message: work.OutcomeUnknownText}, "may or may not have been saved"},
		"it may be one of these": {work.Saved{Candidates: []model.Contact{sarah()}}, nil, "Is one of these"},
		"refused key":            {work.Saved{}, &model.Error{Kind: model.KindUnauthorized, Status: 401}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := titleEntry("e", work.Unknown)
			f := &fake{unknown: []work.Entry{e},
				found: map[string]work.Resolution{"e": resolution(e, work.FoundMissing)}, saved: tt.saved,
				refuse: map[string]error{"send e": tt.err}}
			s, m := begin(t, f)
			s.Hold = true
			s.Press("s")
			if m.Activity().Rank != screen.RankSaving {
				t.Error("saving is not shown")
			}
			s.Release()
			s.Want(tt.want)
			if in := stage.Of[screen.SignIn](s); (name == "refused key") != (len(in) == 1 && in[0].Asked &&
				in[0].Retry != nil) {
				t.Errorf("sign in: %+v", in)
			}
			if m.Activity().Rank != screen.RankNone {
				t.Error("saving goes on")
			}
		})
	}
}

// A 401 of a look in the background interrupts nothing; a read-only key may
// look and may not send; the history lets one decide again.
func TestLookingIsQuiet(t *testing.T) {
	t.Parallel()
	e := titleEntry("e", work.Unknown)
	f := &fake{unknown: []work.Entry{e}, lost: &model.Error{Kind: model.KindUnauthorized, Status: 401},
		found: map[string]work.Resolution{"e": resolution(e, work.FoundMissing)}}
	s, m := begin(t, f, func(m *Model) { m.SetReadOnly("your role") })
	in := stage.Of[screen.SignIn](s)
	if len(in) != 1 || in[0].Asked {
		t.Fatalf("sign in: %+v", in)
	}
	f.lost = nil
	s.Send(in[0].Retry)
	s.Want(didNotArrive, "read-only: your role")
	s.Press("s")
	s.Want(didNotArrive)
	s.Press("l")
	f.entries = []work.Entry{e}
	run(s, m, keymap.History)
	s.Press("enter")
	s.Want("check whether this arrived")
	s.Press("enter")
	s.Want(didNotArrive)
	if _, events := m.Update(unresolvedMsg{err: errors.New("disk full")}); len(events) != 1 {
		t.Errorf("%v", events)
	}
}

// What another program sends, and the contacts of a bulk edit, are left alone.
func TestEntriesOfOthersAreLeft(t *testing.T) {
	t.Parallel()
	elsewhere, bulk := titleEntry("a", work.Unknown), titleEntry("b", work.Unknown)
	elsewhere.Elsewhere, bulk.Run = true, "run"
	f := &fake{unknown: []work.Entry{elsewhere, bulk}}
	begin(t, f)
	f.wants(t)
}

// The drafts are there before a change is looked up: its outcome may end their editor,
// which would otherwise open afterwards and send the same again.
func TestDraftsAreReadBeforeChangesAreLookedUp(t *testing.T) {
	t.Parallel()
	m := New(Options{Backend: &fake{}, Context: t.Context()})
	first := m.Init()()
	if _, ok := first.(draftsMsg); !ok {
		t.Fatalf("%T is read first", first)
	}
	next, _ := m.Update(first)
	if _, ok := next().(unresolvedMsg); !ok {
		t.Errorf("then %T", next())
	}
}
