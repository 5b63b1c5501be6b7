package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/levcontacts/levcontacts/model"
)

func TestAdviceIsForTheCommandLine(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 13, 5, 0, 0, time.UTC)
	a := &App{Now: func() time.Time { return now }}
	for _, test := range []struct {
		e    model.Error
		want string
	}{
		{model.Error{Kind: model.KindRateLimited, RetryAfter: time.Hour}, "wait 3600 s (until 14:05), then run the same command again"},
		{model.Error{Kind: model.KindRateLimited, RetryAfter: 11 * time.Hour}, "wait 39600 s (until Mar 21 00:05), then run the same command again"},
		{model.Error{Kind: model.KindUnavailable, RetryAfter: 90*time.Second + 1}, "wait 91 s (until 13:06), then run the same command again"},
		{model.Error{Kind: model.KindRateLimited}, "wait a minute, then run the same command again"},
		{model.Error{Kind: model.KindForbidden, Method: "GET"}, "ask for a key with read access, or for the role"},
		{model.Error{Kind: model.KindForbidden, Method: "PATCH"}, "ask for a key with write access, or for the role"},
		{model.Error{Kind: model.KindNotFound, Method: "GET"}, "it may have been removed or moved to another account; levcontacts list shows what there is"},
		{model.Error{Kind: model.KindRefused}, ""},
	} {
		if got := a.advice(&test.e); got != test.want {
			t.Errorf("of %v with %s the advice is %q, want %q", test.e.Kind, test.e.RetryAfter, got, test.want)
		}
	}
}

// Nothing in a command speaks of the screen.
func TestNoAdviceSpeaksOfTheScreen(t *testing.T) {
	t.Parallel()
	a := &App{Now: time.Now}
	for kind := model.KindUnknown; kind <= model.KindCanceled; kind++ {
		for _, method := range []string{"GET", "POST", "PATCH"} {
			got := a.advice(&model.Error{Kind: kind, Method: method})
			for _, word := range []string{"refresh", "save", "press", "by itself", "sign in"} {
				if strings.Contains(got, word) {
					t.Errorf("of %v the advice is %q", kind, got)
				}
			}
		}
	}
}
