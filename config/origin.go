package config

import (
	"fmt"
	"path/filepath"
)

// OriginKind describes what a value was taken from, from the weakest to the
// strongest.
type OriginKind int

// The origins of a value.
const (
	OriginDefault     OriginKind = iota
	OriginFile                   // the top level of the configuration file
	OriginProfile                // a profile of the configuration file
	OriginEnvironment            // an environment variable
	OriginFlag                   // the command line
)

// Origin is where a resolved value came from.
type Origin struct {
	Kind    OriginKind
	Name    string // of the flag, with its dashes, or of the variable, with what it says where that matters
	File    string // path of the configuration file
	Line    int    // from 1
	Profile string // the profile it stands in
}

// String gives the origin in words, such as "flag --base-url", "environment
// LEV_BASE_URL", "config.toml:12 profile acme" or "default".
func (o Origin) String() string {
	switch o.Kind {
	case OriginFlag:
		return "flag " + o.Name
	case OriginEnvironment:
		return "environment " + o.Name
	case OriginProfile:
		return fmt.Sprintf("%s:%d profile %s", filepath.Base(o.File), o.Line, o.Profile)
	case OriginFile:
		return fmt.Sprintf("%s:%d", filepath.Base(o.File), o.Line)
	default:
		return "default"
	}
}

func (c *checker) origin(at span, profile string) Origin { return c.doc.origin(at, profile) }

func (d *document) origin(at span, profile string) Origin {
	o := Origin{Kind: OriginFile, File: d.file, Line: d.line(at.from)}
	if profile != "" {
		o.Kind, o.Profile = OriginProfile, profile
	}
	return o
}

// Value is a resolved setting and its origin.
type Value[T any] struct {
	Value  T
	Origin Origin
}

// setter is a Value of any type, as the table of settings knows it.
type setter interface {
	set(value any, origin Origin)
	get() (any, Origin)
}

func (v *Value[T]) set(value any, origin Origin) {
	if typed, ok := value.(T); ok {
		v.Value, v.Origin = typed, origin
	}
}

func (v *Value[T]) get() (any, Origin) { return v.Value, v.Origin }
