package form

import (
	"errors"
	"strings"
	"testing"

	"github.com/levcontacts/levcontacts/model"
)

func refusedEmail() *model.Error {
	return &model.Error{Kind: model.KindValidation, Status: 422, Type: "validation_error",
		RequestID: "d0e1f2a3-b4c5-6789-3456-890123456789",
		Message:   "validation failed", Fields: map[string]string{"email": "email is already used by another contact"}}
}

func forbidden() *model.Error {
	return &model.Error{Kind: model.KindForbidden, Status: 403, Type: "forbidden",
		RequestID: "d0e1f2a3-b4c5-6789-3456-890123456789", Message: "User not authorized to create contact"}
}

func TestServerErrorStandsBesideItsField(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah(), nil), model.FieldTitle)
	f = refusing(typing(f, "x"), refusedEmail())
	if f.rows[f.at].def.ID != model.FieldEmail {
		t.Errorf("the focus is on %s", f.rows[f.at].def.Name)
	}
	s := screenText(f.View())
	at := strings.Index(s, "email is already used")
	if at < strings.Index(s, "schen@") || at > strings.Index(s, "LinkedIn") || !strings.Contains(s,
		"d0e1f2a3-b4c5-6789-3456-890123456789") {
		t.Errorf("the refusal is not under its field:\n%s", s)
	}
	f, _ = press(f, "tab", "shift+tab", "ctrl+s")
	if !strings.Contains(screenText(f.View()), "email is already used") {
		t.Error("the refusal went although nothing changed")
	}
	if _, intent := press(f, "ctrl+s"); intent != SaveAsked {
		t.Errorf("saving again is %v", intent)
	}
	f = typing(f, "m")
	if strings.Contains(screenText(f.View()), "email is already used") {
		t.Error("the refusal stayed when its field changed")
	}
	checkDraft(t, f.Draft(), model.Draft{model.FieldTitle: "Senior Vice Presidentx",
		model.FieldEmail: "schen@meridiancapital.comm"})
	if refusing(f, refusedEmail()); frozen(f, true).anyServer() {
		t.Error("saving again must take the refusal away")
	}
}

func TestServerErrorAtTheHead(t *testing.T) {
	t.Parallel()
	f := focused(editing(sarah(), nil), model.FieldTitle)
	f, _ = press(f, "left")
	x := f.Cursor().X
	f = refusing(frozen(f, true), forbidden())
	if f.rows[f.at].def.ID != model.FieldTitle || f.Cursor() == nil || f.Cursor().X != x {
		t.Error("the cursor did not stay where it was")
	}
	s := screenText(f.View())
	for _, want := range []string{"not saved", "The key is not allowed to do this",
		"User not authorized to create contact", "ask for a key", "403 · request d0e1f2a3"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is missing in\n%s", want, s)
		}
	}
	f = typing(f, "x")
	if !strings.Contains(screenText(f.View()), "not allowed") {
		t.Error("typing took the head away")
	}
	if s := screenText(frozen(f, true).View()); strings.Contains(s, "not allowed") {
		t.Error("the head stayed through the next save")
	}
}

func TestServerErrorWithOddFields(t *testing.T) {
	t.Parallel()
	e := &model.Error{Kind: model.KindValidation, Status: 422, Fields: map[string]string{"company_id": "is required",
		"contact.zip": "", "x": "y\x1b[2J"}}
	f := refusing(editing(sarah(), nil), e)
	s := screenText(f.View())
	checkFrame(t, "odd fields", f.View(), 60, 34)
	for _, want := range []string{"company_id: is required; x: y", "The service refused a value"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is missing in\n%s", want, s)
		}
	}
	if f.rows[f.at].def.ID != model.FieldZip {
		t.Errorf("a field with a path was not found: at %s", f.rows[f.at].def.Name)
	}
	f = refusing(editing(sarah(), nil), &model.Error{Kind: model.KindNetwork, Cause: errors.New("dial tcp: no route")})
	if !strings.Contains(screenText(f.View()), "dial tcp: no route") {
		t.Error("the cause is not shown when there is no message")
	}
}

func TestHeadLeavesRoomForTheField(t *testing.T) {
	t.Parallel()
	e := forbidden()
	e.Message = strings.Repeat("a long story ", 200)
	for _, size := range [][2]int{{20, 5}, {40, 10}, {60, 20}, {15, 4}} {
		f := noted(refusing(sized(focused(editing(sarah(), nil), model.FieldZip), size[0], size[1]), e),
			[]string{"n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"})
		c := f.Cursor()
		if c == nil || !strings.Contains(screenText(f.View()[c.Y:c.Y+1]), "1") {
			t.Errorf("at %v the field being typed in is covered:\n%s", size, picture(f.View(), c))
		}
		if size[1] >= 10 && !strings.Contains(strings.Join(strings.Fields(screenText(f.View())), ""), "890123456789") {
			t.Errorf("at %v the request id is gone:\n%s", size, picture(f.View(), c))
		}
	}
}
