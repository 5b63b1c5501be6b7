package main

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestStamps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                string
		main                string
		settings            map[string]string
		wantVersion, inside string
	}{
		{"go install", "v0.9.1", nil, "0.9.1", ""},
		{"go build in the repository", "v0.0.0-20260101000000-abcdefabcdef", map[string]string{
			"vcs.revision": "0123456789abcdef0123", "vcs.time": "2026-11-28T10:00:00Z", "vcs.modified": "true"},
			release, "(0123456789ab modified, 2026-11-28T10:00:00Z, go"},
		{"go run", "(devel)", nil, release, "(go"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			info := &debug.BuildInfo{Main: debug.Module{Version: c.main}}
			for key, value := range c.settings {
				info.Settings = append(info.Settings, debug.BuildSetting{Key: key, Value: value})
			}
			b := stamped(info)
			if got := versionOf(b); got != c.wantVersion || !strings.Contains(describe(b), c.inside) {
				t.Errorf("version %q %q", got, describe(b))
			}
		})
	}
}
