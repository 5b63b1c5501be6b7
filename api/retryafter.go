package api

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxRetryAfter caps what a service can ask for. It counts by the minute: more
// is a mistake, and must not keep the user out.
const maxRetryAfter = 5 * time.Minute

// The parts of a sentence that says how long to wait.
var (
	waitLead = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(?:again|retry|retrying|retry-after|wait|resets?|available)[\s:]+` +
			`(?:(?:again|for|in|after|at\s+least|about|another)\s+)*`)
	})
	waitAmount = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d+(?:\.\d+)?|an?\b|one\b)\s*-?([a-z]*)(?:\s*,|\s+and\b)?\s*`)
	})
)

// retryAfter is how long the service asks to wait: its retry_after_seconds, the
// Retry-After header, or, when it asks to slow down, the words of its message.
// 0 means that it does not say.
func (p problem) retryAfter(status int, header http.Header, now time.Time) time.Duration {
	if s, err := strconv.ParseFloat(plain(p.wait), 64); err == nil && s > 0 {
		return seconds(s)
	}
	said := strings.TrimSpace(header.Get("Retry-After"))
	if s, err := strconv.ParseFloat(said, 64); err == nil && s > 0 {
		return seconds(s)
	}
	if at, err := http.ParseTime(said); err == nil && at.After(now) {
		return min(at.Sub(now), maxRetryAfter)
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		return waitInWords(p.message)
	}
	return 0
}

func seconds(s float64) time.Duration {
	if !(s < maxRetryAfter.Seconds()) {
		return maxRetryAfter
	}
	return time.Duration(s * float64(time.Second))
}

// waitInWords finds the time in sentences such as "retry in 12 seconds",
// "retry after 30s" and "please wait 1 minute". A number elsewhere, such as the
// limit that was hit, is not taken for it.
func waitInWords(message string) time.Duration {
	s := strings.ToLower(message)
	lead := waitLead().FindStringIndex(s)
	if lead == nil {
		return 0
	}
	s = s[lead[1]:]
	var total time.Duration
	for total < maxRetryAfter {
		m := waitAmount().FindStringSubmatch(s)
		if m == nil {
			break
		}
		unit, ok := timeUnit(m[2])
		if !ok || m[2] == "" && total > 0 {
			break
		}
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			n = 1 // "a minute"
		}
		total += seconds(n * unit.Seconds())
		if s = s[len(m[0]):]; m[2] == "" {
			break
		}
	}
	return min(total, maxRetryAfter)
}

func timeUnit(word string) (time.Duration, bool) {
	switch word {
	case "ms", "millisecond", "milliseconds":
		return time.Millisecond, true
	case "", "s", "sec", "secs", "second", "seconds":
		return time.Second, true
	case "m", "min", "mins", "minute", "minutes":
		return time.Minute, true
	case "h", "hour", "hours":
		return time.Hour, true
	}
	return 0, false
}
