package config

import (
	"context"
	"errors"
	"io/fs"
	"os"
)

// A SourceReport is the state of one source of keys.
type SourceReport struct {
	Source Source
	// Detail names the file, program or keyring entry; it may be empty.
	Detail string
	// InUse is true for the one source that [Credentials.Find] would take
	// the key from.
	InUse bool
	// State is the rest in words: "in use", "not reached" because one before
	// it answers or fails, "not set", or why it cannot be used.
	State string
}

// Describe reports for every source, in the order in which they are asked, how
// it stands and which one would answer. No key is part of the result, no
// program is run and standard input is not read; the keyring is asked if none
// before it answers.
func (c *Credentials) Describe(ctx context.Context, cfg *Config) []SourceReport {
	var reports []SourceReport
	found := false
	report := func(source Source, detail string, there bool, state string) {
		r := SourceReport{Source: source, Detail: detail, State: state}
		switch {
		case there && found:
			r.State = "not reached"
		case there:
			r.State, r.InUse, found = "in use", true, true
		}
		reports = append(reports, r)
	}
	for _, p := range c.probes(cfg) {
		_, err := os.Stat(p.path)
		if p.set && p.path != "" && err != nil {
			report(p.source, p.detail, found, "cannot be read: "+reason(err))
			found = true
			continue
		}
		report(p.source, p.detail, p.set, "not set")
	}
	var err error
	state := "not set"
	if !found { // else it might ask for its password for nothing
		_, err = c.ring.get(ctx, storedAs(cfg))
	}
	if err != nil && !errors.Is(err, ErrKeyringNotFound) {
		state = err.Error()
	}
	report(SourceKeyring, keyringDetail(cfg), err == nil, state)
	path := c.options.Paths.KeyFile(cfg.Profile.Value)
	_, err = readStored(path, cfg)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		report(SourceStoredFile, path, false, "not set")
	case err != nil:
		report(SourceStoredFile, path, found, unusableReason(err))
	default:
		report(SourceStoredFile, path, true, "")
	}
	return reports
}

// unusableReason returns why a key file gives no key.
func unusableReason(err error) string {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return "cannot be read: " + reason(err)
	}
	return err.Error()
}
