package sandbox

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"time"
)

// keyLife is how long an idempotency key is remembered, from the published API documentation.
const keyLife = 24 * time.Hour

// maxKeyLength is the longest idempotency key that is accepted, in bytes.
const maxKeyLength = 255

// memory holds the first answer of each idempotency key, by account and key.
type memory struct {
	answers map[string]remembered
	byAge   []string
}

type remembered struct {
	print  string // what was asked
	answer answer
	at     time.Time
}

// forget drops the keys that are too old.
func (m *memory) forget(now time.Time) {
	for len(m.byAge) > 0 && now.Sub(m.answers[m.byAge[0]].at) >= keyLife {
		delete(m.answers, m.byAge[0])
		m.byAge = m.byAge[1:]
	}
}

// once does a write, or gives the response the same write with the same key got before. The same key
// with another body or another operation is a conflict. The caller holds s.mu, so that two requests
// with one key cannot both do it.
func (s *Server) once(c *call, do func() answer) answer {
	key := c.request.Header.Get("Idempotency-Key")
	if key == "" {
		return do()
	}
	if len(key) > maxKeyLength {
		return s.refuse(c, badRequest(fmt.Sprintf("Idempotency-Key must be at most %d characters", maxKeyLength)))
	}
	s.memory.forget(c.now)
	key = c.key.Account + " " + key
	print := fmt.Sprintf("%s %s %v %x", c.route.name, c.request.Method, c.ids, sha256.Sum256(c.body))
	if seen, ok := s.memory.answers[key]; ok {
		if seen.print != print {
			return s.refuse(c, conflict("Idempotency-Key was already used for a different request"))
		}
		c.replayed = true
		return seen.answer
	}
	a := do()
	if a.status < http.StatusInternalServerError {
		s.memory.answers[key] = remembered{print: print, answer: a, at: c.now}
		s.memory.byAge = append(s.memory.byAge, key)
	}
	return a
}
