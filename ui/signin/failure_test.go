package signin

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

func TestFailuresSayWhatToDoAndKeepTyping(t *testing.T) {
	t.Parallel()
	const id = "7c0e2b1c-52a4"
	tests := []struct {
		name  string
		err   error
		want  []string
		focus fieldID
	}{
		{"wrong key", unauthorized(), []string{"does not accept this key", "Invalid or revoked API key",
			"whole key was copied", "401 unauthorized, request 7c0e2b1c"}, fieldKey},
		{"no scope", &model.Error{Kind: model.KindForbidden, Status: 403, Type: "forbidden", Message: "Missing scope",
			RequestID: id}, []string{"may not read contacts", "Missing scope", "contacts:read", id}, fieldKey},
		{"no network", &model.Error{Kind: model.KindNetwork, Message: "there is no server named api.lev.example"},
			[]string{"cannot be reached", "no server named", "Check the connection and the address",
				"press enter to retry"}, fieldKey},
		{"nothing but a cause", &model.Error{Kind: model.KindNetwork, Cause: errors.New("network is unreachable")},
			[]string{"cannot be reached", "network is unreachable"}, fieldKey},
		{"wrong base URL", &model.Error{Kind: model.KindNotFound, Status: 404, Message: "neither path exists"},
			[]string{"has no contacts service", "/api/external/v2", "404"}, fieldURL},
		{"sign-in page", &model.Error{Kind: model.KindProtocol, Status: 200,
			Message: "the service answered 200 with text/html: <html> Hotel"},
			[]string{"not the Lev service", "text/html", "sign-in page"}, fieldURL},
		{"company proxy", proxy(), []string{"certificate of the service is not trusted", "ca_file",
			"levcontacts config edit"}, fieldKey},
		{"rate limit", &model.Error{Kind: model.KindRateLimited, Status: 429, Type: "rate_limit_exceeded",
			RetryAfter: 12 * time.Second, RequestID: id},
			[]string{"asking us to slow down", "Wait 12 s", "429 rate_limit_exceeded", id}, fieldKey},
		{"rate limit, no time", &model.Error{Kind: model.KindRateLimited, Status: 429},
			[]string{"asking us to slow down", "Press enter to retry"}, fieldKey},
		{"server", &model.Error{Kind: model.KindUnavailable, Status: 500, Type: "internal_error", Message: "boom",
			RequestID: id}, []string{"The service has trouble", "boom", "Try again in a moment", "typed stays", id},
			fieldKey},
		{"plan", &model.Error{Kind: model.KindPayment, Status: 402, Message: "no credits"},
			[]string{"no credits", "plan must be changed"}, fieldKey},
		{"bad request", &model.Error{Kind: model.KindBadRequest, Status: 400, Message: "bad", RequestID: id},
			[]string{"bad", "request id", id}, fieldKey},
		{"not sent", &model.Error{Kind: model.KindRefused, Message: "plain http"},
			[]string{"Not sent", "plain http", "press enter to retry"}, fieldKey},
		{"any error", errors.New("the CA file cannot be read"),
			[]string{"Something went wrong", "the CA file cannot be read"}, fieldKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.fake.try = func(context.Context, Attempt) (Found, error) { return Found{}, tt.err }
			r.accepted().on(pageKey).shows(tt.want...)
			if r.m.at != tt.focus {
				t.Errorf("the cursor is in field %d, want %d", r.m.at, tt.focus)
			}
			if r.m.fields[fieldKey].text() != goodKey || r.m.fields[fieldURL].text() != baseURL {
				t.Error("typing is lost")
			}
			r.fake.try = func(context.Context, Attempt) (Found, error) { return meridian(), nil }
			r.press("enter").on(pageFound)
			if len(r.fake.tries) != 2 || r.fake.tries[1].Key.Reveal() != goodKey {
				t.Errorf("%d tries", len(r.fake.tries))
			}
			for _, size := range [][2]int{{60, 20}, {40, 10}} {
				r.fake.try = func(context.Context, Attempt) (Found, error) { return Found{}, tt.err }
				r.size(size[0], size[1]).press("esc", "enter").shows(strings.Fields(tt.want[0])[0])
				if tt.want[len(tt.want)-1] == id && !strings.Contains(strings.ReplaceAll(r.words(), " ", ""), id) {
					t.Errorf("no request id at %v:\n%s", size, r.frame())
				}
				r.fake.try = func(context.Context, Attempt) (Found, error) { return meridian(), nil }
				r.press("enter").on(pageFound)
			}
		})
	}
}

func TestTypingTakesAProblemAway(t *testing.T) {
	t.Parallel()
	newRig(t).failing(unauthorized()).accepted().shows("does not accept").typed("x").hides("does not accept")
}

func TestSessionTokensGetTheirOwnAdvice(t *testing.T) {
	t.Parallel()
	newRig(t).failing(unauthorized()).connecting().paste(session()).press("enter").shows("Session tokens end soon")
	newRig(t).failing(&model.Error{Kind: model.KindForbidden}).connecting().paste(session()).press("enter").shows("name another account below")
	r := newRig(t).connecting()
	r.now = r.now.Add(72 * time.Hour)
	r.paste(session()).shows("This session token expired 2 days ago").press("enter").on(pageFound)
}
