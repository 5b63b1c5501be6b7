package ui

import (
	"testing"

	"levcontacts/model"
	"levcontacts/work"
)

func refused() *model.Error {
	return &model.Error{Kind: model.KindNetwork, Message: "connection refused"}
}

// What is merely being typed while offline, or left so, was never to be sent.
func TestTypingOfflineIsNotUnsent(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	s := start(t, f, 120, 40)
	f.refuse["page"] = refused()
	s.keys("r")
	s.want("OFFLINE")
	s.keys("e", "tab")
	s.typed("x")
	s.send(draftDueMsg{s.m.edit.draftSeq})
	if len(f.drafts) != 1 {
		t.Fatalf("%d drafts", len(f.drafts))
	}
	s.wantNot("NOT SENT")
	s.keys("esc", "l")
	s.wantNot("NOT SENT")
}

// A save that failed for want of a connection is not sent, and no other form
// says so of itself.
func TestFailedSaveStaysWithItsEdit(t *testing.T) {
	t.Parallel()
	for name, opens := range map[string]string{"form": "e", "field": "enter"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(60)
			s := start(t, f, 120, 40)
			f.refuse["save"], f.refuse["page"] = refused(), refused()
			s.keys("e", "tab")
			s.typed("x")
			s.keys("ctrl+s", "enter")
			s.want("Not sent: the service cannot be reached", "1 edit NOT SENT")
			s.keys("esc", "l")
			s.wantNot("Not sent:")
			s.want("1 edit NOT SENT", "kept as a draft")
			s.keys("j", opens)
			s.now = s.now.Add(2 * noteStays)
			s.keys("tab")
			s.wantNot("Not sent:")
			s.want("1 edit NOT SENT")
		})
	}
}

// An edit that was not sent stays so in the next run and while it is typed on;
// an answer of the service ends it.
func TestUnsentEditOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	f := newFake(60)
	f.drafts["d"] = work.Draft{ID: "d", Kind: work.DraftEdit, ContactID: 78, Base: f.contacts[0], Values: model.Draft{model.FieldTitle: "Chair"}, NotSent: true}
	s := start(t, f, 120, 40)
	s.want("1 edit NOT SENT")
	s.keys("e")
	s.typed("x")
	s.send(draftDueMsg{s.m.edit.draftSeq})
	s.want("1 edit NOT SENT")
	f.refuse["save"] = &model.Error{Kind: model.KindValidation, Status: 422, Message: "title: too long"}
	s.keys("ctrl+s", "enter")
	s.wantNot("NOT SENT")
}
