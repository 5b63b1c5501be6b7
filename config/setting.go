package config

import (
	"fmt"
	"strings"

	"github.com/levcontacts/levcontacts/internal/look"
)

// Kind is the kind of value that a setting takes.
type Kind int

// The kinds of settings.
const (
	KindString      Kind = iota // text
	KindBool                    // true or false
	KindInt                     // whole number from 0 to Max
	KindEnum                    // one of Choices
	KindURL                     // root address of the service
	KindDuration                // a time such as "30s"
	KindAge                     // a time such as "10m", 0s for none
	KindPath                    // a file; ~ is the home folder, relative to the configuration file
	KindProfile                 // the name of a profile
	KindCommand                 // array: a program and its arguments
	KindColumns                 // array of column names
	KindRateLimit               // table: account, endpoint
	KindColors                  // table: what is drawn, and how
	KindViews                   // table of named views
	KindKeys                    // table of actions and their keys
	KindOwnCommands             // table of commands of the user's own
	KindSecret                  // never in a file, never shown
)

// Place describes where in the configuration file a setting may stand.
type Place int

// The places of a setting.
const (
	PlaceNowhere Place = iota // only as a flag or in the environment
	PlaceTop                  // at the top level only
	PlaceProfile              // in [profiles.NAME] only
	PlaceBoth                 // at the top level for every profile, or in one profile
)

// A Setting is one row of the table of all settings.
type Setting struct {
	// Name is the key in the configuration file.
	Name string
	Kind Kind
	// Default is the value without flag, environment and file, as it would be
	// written for a flag; empty means none.
	Default string
	// Choices are the values of a KindEnum, and the names in a KindColors.
	Choices []string
	// Max is the largest value of a KindInt; the smallest is 0.
	Max int
	// Place describes where in the file the setting may stand.
	Place Place
	// Flag is the name of the command-line flag without dashes, Env the
	// environment variable; empty when there is none.
	Flag, Env string
	// Doc is one or two sentences for the user.
	Doc string
	// Example is a TOML value that passes the check.
	Example string

	// field is where the resolved value goes; nil for the kinds that are
	// resolved in their own way (views, keys, secret).
	field func(*Config) setter
}

// Settings is the table of everything that can be set, in the order in which
// it is documented.
func Settings() []Setting {
	return append(append(identity(), behaviour()...), appearance()...)
}

// identity: which account, at which address, with which key.
func identity() []Setting {
	return []Setting{
		{Name: "config", Kind: KindPath, Flag: "config",
			Doc:   "The configuration file to read instead of the one in the configuration folder.",
			field: func(c *Config) setter { return &c.ConfigFile }},
		{Name: "profile", Kind: KindProfile, Place: PlaceTop, Flag: "profile", Env: "LEV_PROFILE", Example: `"default"`,
			Doc:   "The profile to use when none is given; `levcontacts auth switch` chooses another one. Without it: the one called default, or the only one there is.",
			field: func(c *Config) setter { return &c.Profile }},
		{Name: "base_url", Kind: KindURL, Place: PlaceProfile, Flag: "base-url", Env: "LEV_BASE_URL", Default: DefaultBaseURL,
			Example: `"` + DefaultBaseURL + `"`,
			Doc:     "The root address of the service, with its version. Plain http is accepted for this machine only.",
			field:   func(c *Config) setter { return &c.BaseURL }},
		{Name: "api_key", Kind: KindSecret, Env: "LEV_API_KEY",
			Doc: "The API key or session token itself. It is never read from the configuration file or the command line; `levcontacts auth login` stores it in the system keyring."},
		{Name: "api_key_command", Kind: KindCommand, Place: PlaceProfile, Example: `["pass", "show", "lev"]`,
			Doc:   "A program, with its arguments, that prints the API key. It is run without a shell: no ~, no variables, no pipes.",
			field: func(c *Config) setter { return &c.APIKeyCommand }},
		{Name: "api_key_file", Kind: KindPath, Place: PlaceProfile, Flag: "api-key-file", Example: `"~/.lev-key"`,
			Doc:   "A file that holds the API key and nothing else; as a flag, - reads standard input. Keep it readable by you alone.",
			field: func(c *Config) setter { return &c.APIKeyFile }},
		{Name: "active_account", Kind: KindString, Place: PlaceProfile, Env: "LEV_ACTIVE_ACCOUNT", Example: `"meridian-partners"`,
			Doc:   "The account to work in, for people whose session token belongs to several accounts. API keys do not need it.",
			field: func(c *Config) setter { return &c.ActiveAccount }},
		{Name: "origin_app", Kind: KindString, Place: PlaceProfile, Example: `"our-integration/1.0"`,
			Doc:   "The name under which requests are sent (X-Origin-App). Without it: levcontacts and its version.",
			field: func(c *Config) setter { return &c.OriginApp }},
		{Name: "rate_limit", Kind: KindRateLimit, Place: PlaceProfile, Example: `{account = 100, endpoint = 20}`,
			Doc:   "Requests a minute that the account has, in all and for one endpoint, when they are not those that the service reports.",
			field: func(c *Config) setter { return &c.RateLimit }},
	}
}

// behavior lists how the program works with the service and the disk.
func behaviour() []Setting {
	return []Setting{
		{Name: "read_only", Kind: KindBool, Place: PlaceBoth, Flag: "read-only", Default: "false", Example: "true",
			Doc:   "Refuse every change, on the screen and in commands.",
			field: func(c *Config) setter { return &c.ReadOnly }},
		{Name: "page_size", Kind: KindInt, Max: 200, Place: PlaceBoth, Default: "0", Example: "100",
			Doc:   "Contacts in one request. 0 is automatic: the first page fits the screen, later ones hold 200.",
			field: func(c *Config) setter { return &c.PageSize }},
		{Name: "cache", Kind: KindBool, Place: PlaceBoth, Default: "true", Example: "false",
			Doc:   "Cache the contacts on this machine, to start at once, search all of them, and read offline.",
			field: func(c *Config) setter { return &c.Cache }},
		{Name: "index", Kind: KindEnum, Choices: []string{"auto", "off"}, Place: PlaceBoth, Default: "auto", Example: `"off"`,
			Doc:   "Whether to fill the cache in the background with requests that nothing else needs.",
			field: func(c *Config) setter { return &c.Index }},
		{Name: "refresh_every", Kind: KindAge, Place: PlaceBoth, Default: "5m", Example: `"15m"`,
			Doc:   "How often the open screen asks by itself what has changed: one request when nothing has. 0 never asks.",
			field: func(c *Config) setter { return &c.RefreshEvery }},
		{Name: "max_age", Kind: KindAge, Place: PlaceBoth, Default: "10m", Example: `"1h"`,
			Doc:   "How old that copy may be for a command to use it as it is. An older one is brought up to date first, mostly with one request.",
			field: func(c *Config) setter { return &c.MaxAge }},
		{Name: "timeout", Kind: KindDuration, Place: PlaceBoth, Default: "30s", Example: `"1m"`,
			Doc:   "How long to wait for a response, from 1s to 10m.",
			field: func(c *Config) setter { return &c.Timeout }},
		{Name: "ca_file", Kind: KindPath, Place: PlaceBoth, Example: `"~/company-ca.pem"`,
			Doc:   "Certificates (PEM) to trust besides those of the system, for a company proxy.",
			field: func(c *Config) setter { return &c.CAFile }},
		{Name: "log_file", Kind: KindPath, Place: PlaceBoth, Flag: "log-file", Example: `"~/levcontacts.log"`,
			Doc:   "A file to append a log to. Keys and personal values are left out.",
			field: func(c *Config) setter { return &c.LogFile }},
	}
}

// appearance: what the screen shows and how it is driven.
func appearance() []Setting {
	return []Setting{
		{Name: "theme", Kind: KindEnum, Choices: []string{"auto", "dark", "light", "high-contrast", "red-green-safe", "blue-yellow-safe", "ansi16", "ascii"},
			Place: PlaceBoth, Default: "auto", Example: `"high-contrast"`,
			Doc:   "The colors. auto follows the terminal, and is ascii where the locale (LC_ALL, LC_CTYPE, LANG) is not UTF-8; red-green-safe and blue-yellow-safe are for people who do not tell these colors apart; ascii draws with plain characters only.",
			field: func(c *Config) setter { return &c.Theme }},
		{Name: "colors", Kind: KindColors, Place: PlaceBoth, Example: `{danger = "#ff5f5f bold", selected = "white on #005f87"}`,
			Choices: colorRoles(),
			Doc:     "Colors of your own over those of the theme, by what is drawn. A look is a color (#rrggbb, a name such as red or bright red, or 0 to 15), on and a color, bold, faint, underline, reverse.",
			field:   func(c *Config) setter { return &c.Colors }},
		{Name: "no_color", Kind: KindBool, Place: PlaceBoth, Flag: "no-color", Env: "NO_COLOR", Default: "false", Example: "true",
			Doc:   "Draw without colors. NO_COLOR with any value but an empty one asks for it too.",
			field: func(c *Config) setter { return &c.NoColor }},
		{Name: "plain", Kind: KindBool, Place: PlaceBoth, Flag: "plain", Env: "ACCESSIBLE", Default: "false", Example: "true",
			Doc: "Ask and answer in lines instead of drawing a screen, for screen readers and slow lines. " +
				"ACCESSIBLE with any value but an empty one asks for it too.",
			field: func(c *Config) setter { return &c.Plain }},
		{Name: "spinner", Kind: KindBool, Place: PlaceBoth, Default: "true", Example: "false",
			Doc:   "Show by a sign that moves that something is loading. Without it nothing on the screen moves by itself.",
			field: func(c *Config) setter { return &c.Spinner }},
		{Name: "columns", Kind: KindColumns, Place: PlaceBoth,
			Doc:   "The columns of the list, from left to right. Without it they are chosen by the width of the screen.",
			field: func(c *Config) setter { return &c.Columns }},
		{Name: "views", Kind: KindViews, Place: PlaceBoth,
			Doc: "Named views: a filter as it would be typed in the search, a sort column (with - before it for descending), columns."},
		{Name: "keys", Kind: KindKeys, Place: PlaceTop,
			Doc: "Keys of actions, by name. A list replaces the keys the action has; an empty list leaves it without one."},
		{Name: "commands", Kind: KindOwnCommands, Place: PlaceTop,
			Doc: "Commands of your own for a contact: a key, where it works (scope), a program with its arguments " +
				"(run; without a shell; {email} stands for a field), whether it asks first (ask, true without it), " +
				"whether its output is shown (show), and whether it only reads (reads), so that read-only does not " +
				"turn it off. The fields are in its environment as LEV_CONTACT_EMAIL and so on."},
	}
}

// colorRoles are the names of what is drawn.
func colorRoles() []string {
	return []string{"text", "dim", "strong", "accent", "attention", "danger", "good", "rule", "heading", "key", "selected",
		"selected-quiet", "match", "selected-match", "quiet-match", "input", "badge"}
}

// allowed describes what a setting accepts, for messages and documentation.
func (s Setting) allowed() string {
	switch s.Kind {
	case KindBool:
		return "true or false"
	case KindInt:
		return fmt.Sprintf("0 (automatic) or 1 to %d", s.Max)
	case KindEnum:
		return strings.Join(s.Choices, ", ")
	case KindURL:
		return "an address such as " + DefaultBaseURL
	case KindDuration:
		return `"1s" to "10m"`
	case KindAge:
		return `"0s" to "720h"`
	case KindPath:
		return "the path of a file"
	case KindProfile:
		return allowedProfileName
	case KindCommand:
		return `an array such as ["pass", "show", "lev"]`
	case KindColumns:
		return "an array of column names"
	case KindRateLimit:
		return "{account = 1 to 100000, endpoint = 1 to 100000}"
	case KindColors:
		return look.Grammar
	case KindViews:
		return "a table of views"
	case KindKeys:
		return "a table of actions and their keys"
	case KindOwnCommands:
		return "a table of commands"
	default:
		return "printable ASCII text"
	}
}

func (s Setting) inProfile() bool { return s.Place == PlaceProfile || s.Place == PlaceBoth }
func (s Setting) atTop() bool     { return s.Place == PlaceTop || s.Place == PlaceBoth }

// settingNamed finds a row of the table.
func settingNamed(name string) (Setting, bool) {
	for _, s := range Settings() {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}
