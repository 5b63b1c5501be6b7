package ui

import (
	"testing"
	"time"
)

func TestWordsForTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{0: "a moment ago", 30 * time.Second: "a moment ago", 5 * time.Minute: "5 minutes ago", 26 * time.Hour: "1 day ago"} {
		if got := ago(now.Add(-d), now); got != want {
			t.Errorf("ago(%v) = %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "1 s", 1500 * time.Millisecond: "2 s", 99 * time.Second: "99 s", 3 * time.Minute: "3 min", 2 * time.Hour: "2 h 0 min"} {
		if got := lasting(d); got != want {
			t.Errorf("lasting(%v) = %q, want %q", d, got, want)
		}
	}
}
