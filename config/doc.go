// Package config resolves what a run of the program is told to do: settings
// from flags, environment, the configuration file and defaults; the profiles
// in that file; where files are stored; and the API key and where it came from.
//
// One table, [Settings], says what can be set. Checking, the listing with
// origins, the documented example, the schema for editors and the reference
// text are all made from it, so a setting is added in one place.
//
// The package reads the environment only through [Input], so that tests and
// several configurations in one process do not disturb each other.
package config
