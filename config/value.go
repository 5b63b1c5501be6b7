package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/levcontacts/levcontacts/internal/weburl"
)

// DefaultBaseURL is the service's address in the contacts page of March 2026.
const DefaultBaseURL = "https://api.levcapital.com/api/external/v2"

const (
	minTimeout  = time.Second
	maxTimeout  = 10 * time.Minute
	maxAge      = 30 * 24 * time.Hour
	maxRequests = 100_000
	maxText     = 200
)

// RateLimit is how many requests a minute are allowed; 0 is not given.
type RateLimit struct {
	Account  int // for the whole account
	Endpoint int // for each endpoint
}

// String writes the limits as in the configuration file.
func (r RateLimit) String() string {
	switch {
	case r == RateLimit{}:
		return ""
	case r.Endpoint == 0:
		return fmt.Sprintf("{account = %d}", r.Account)
	case r.Account == 0:
		return fmt.Sprintf("{endpoint = %d}", r.Endpoint)
	default:
		return fmt.Sprintf("{account = %d, endpoint = %d}", r.Account, r.Endpoint)
	}
}

// Colors are looks by what is drawn in them.
type Colors map[string]string

// String writes the looks as in the configuration file.
func (c Colors) String() string {
	if len(c) == 0 {
		return ""
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(c)) {
		parts = append(parts, name+" = "+tomlString(c[name]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// roots are the folders that a path may begin from.
type roots struct {
	home string // for ~
	dir  string // for a relative path; empty leaves it relative
}

// fromText reads the values that are written as text, be it in a flag, in the
// environment or as a TOML string.
func (s Setting) fromText(text string, at roots) (any, *fault) {
	switch s.Kind {
	case KindBool:
		on, err := strconv.ParseBool(text)
		if err != nil {
			return nil, &fault{"is neither true nor false", s.allowed()}
		}
		return on, nil
	case KindInt:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, &fault{"is not a whole number", s.allowed()}
		}
		return s.checkInt(int64(n), true)
	case KindEnum:
		if !slices.Contains(s.Choices, text) {
			return nil, &fault{"is not known" + didYouMean(text, s.Choices), s.allowed()}
		}
		return text, nil
	case KindURL:
		return s.parseURL(text)
	case KindDuration:
		return s.parseDuration(text, minTimeout, maxTimeout)
	case KindAge:
		return s.parseDuration(text, 0, maxAge)
	case KindPath:
		return s.parsePath(text, at)
	case KindProfile:
		if why := profileNameFault(text); why != "" {
			return nil, &fault{why, s.allowed()}
		}
		return text, nil
	case KindString:
		return s.parseString(text)
	default:
		return nil, &fault{"can be set in the configuration file only", s.allowed()}
	}
}

func (s Setting) checkInt(n int64, fits bool) (any, *fault) {
	if !fits || n < 0 || n > int64(s.Max) {
		return nil, &fault{"is out of range", s.allowed()}
	}
	return int(n), nil
}

func (s Setting) parseDuration(text string, least, longest time.Duration) (any, *fault) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, &fault{"is not a time with its unit", s.allowed()}
	}
	if d < least || d > longest {
		return nil, &fault{"is out of range", s.allowed()}
	}
	return d, nil
}

// parseString accepts what can be sent as the value of an HTTP header, for
// all settings of this kind are.
func (s Setting) parseString(text string) (any, *fault) {
	if text == "" || strings.TrimSpace(text) != text {
		return nil, &fault{"is empty or has blanks around it", s.allowed()}
	}
	if len(text) > maxText {
		return nil, &fault{fmt.Sprintf("is longer than %d characters", maxText), s.allowed()}
	}
	for i := range len(text) {
		if text[i] < 0x20 || text[i] > 0x7e {
			return nil, &fault{"holds characters that cannot be sent in a header", s.allowed()}
		}
	}
	return text, nil
}

func (s Setting) parsePath(text string, at roots) (any, *fault) {
	switch {
	case text == "":
		return nil, &fault{"is empty", s.allowed()}
	case strings.ContainsRune(text, 0):
		return nil, &fault{"holds a zero byte", s.allowed()}
	case text == "-":
		if s.Name == "api_key_file" && at.dir == "" {
			return text, nil
		}
		return nil, &fault{"standard input can be asked for with --api-key-file only", s.allowed()}
	case text == "~" || strings.HasPrefix(text, "~/"):
		if at.home == "" {
			return nil, &fault{"begins at the home folder, and HOME is not set", s.allowed()}
		}
		return filepath.Join(at.home, text[1:]), nil
	case at.dir != "" && !filepath.IsAbs(text):
		return filepath.Join(at.dir, text), nil
	default:
		return text, nil
	}
}

func (s Setting) parseURL(text string) (any, *fault) {
	u, err := weburl.Parse(text)
	if e, bad := errors.AsType[*weburl.Error](err); bad {
		return nil, &fault{e.Message, cmp.Or(e.Allowed, s.allowed())}
	}
	return u.String(), nil
}
