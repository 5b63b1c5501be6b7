package main

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"strings"
)

// release is the version of this source.
const release = "0.2.0"

// The linker sets these for a release (see .goreleaser.yaml).
var version, commit, date string

// build is what a program was built from. Empty means not known.
type build struct{ version, commit, date string }

// buildInfo is what the linker or, without it, Go's own stamps say.
func buildInfo() build {
	b := build{version, commit, date}
	if b.commit != "" {
		return b
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	return stamped(info)
}

// stamped reads Go's stamps: those of the repository for a build in it, and the
// module's version for go install.
func stamped(info *debug.BuildInfo) build {
	var b build
	modified := ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value
		case "vcs.time":
			b.date = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				modified = " modified"
			}
		}
	}
	if b.commit == "" && strings.HasPrefix(info.Main.Version, "v") {
		b.version = info.Main.Version
	}
	b.commit = b.commit[:min(len(b.commit), 12)] + modified
	return b
}

// versionOf is the number of the version.
func versionOf(b build) string { return strings.TrimPrefix(cmp.Or(b.version, release), "v") }

// describe is what stands behind the number in --version.
func describe(b build) string {
	var parts []string
	for _, part := range []string{b.commit, b.date, runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH} {
		if strings.TrimSpace(part) != "" {
			parts = append(parts, part)
		}
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
