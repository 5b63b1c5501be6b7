package cli

import (
	"fmt"
	"net/http"
	"time"

	"levcontacts/model"
)

// advice says what to do next, in words of the command line. Where the error
// itself says so, it is "".
func (a *App) advice(e *model.Error) string {
	if e.RetryAfter > 0 {
		until := a.Now().Add(e.RetryAfter)
		layout := "15:04"
		if until.YearDay() != a.Now().YearDay() {
			layout = "Jan 2 15:04"
		}
		return fmt.Sprintf("wait %d s (until %s), then run the same command again", int((e.RetryAfter+time.Second-1)/time.Second), until.Format(layout))
	}
	switch e.Kind {
	case model.KindUnauthorized:
		return "levcontacts auth login, or give another key (LEV_API_KEY, --api-key-file)"
	case model.KindForbidden:
		if e.Method == http.MethodGet {
			return "ask for a key with read access, or for the role"
		}
	case model.KindNotFound:
		if e.Method == http.MethodPost {
			return "check the base URL, and that what the new contact refers to is there"
		}
		return "it may have been removed or moved to another account; levcontacts list shows what there is"
	case model.KindValidation:
		return "change the value and run the command again"
	case model.KindRateLimited:
		return "wait a minute, then run the same command again"
	case model.KindUnavailable:
		return "run the same command again in a moment"
	case model.KindNetwork:
		return "check the connection and the base URL"
	case model.KindRefused:
		return ""
	}
	return e.Advice()
}
