package config

import (
	"strings"

	"github.com/levcontacts/levcontacts/internal/redact"
)

// applyLocale draws with plain characters where the locale says that the
// terminal shows no others. A theme that was chosen stays.
func (l *loader) applyLocale() {
	if l.config.Theme.Value != "auto" {
		return
	}
	if variable := l.in.NonUTF8Locale(); variable != "" {
		l.config.Theme = Value[string]{"ascii", Origin{Kind: OriginEnvironment, Name: variable + ", which is not UTF-8"}}
	}
}

// NonUTF8Locale is the variable that says that text is not in UTF-8, such as
// "LANG=C", or "". The first that is set decides, as POSIX has it. A locale that
// names no character set, such as en_US, says nothing about it; neither does an
// environment without these variables, as containers have it.
func (in Input) NonUTF8Locale() string {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		locale := in.env(name)
		if locale == "" {
			continue
		}
		variable := name + "=" + shorten(redact.Shapes(locale))
		if locale == "C" || locale == "POSIX" {
			return variable
		}
		_, charset, named := strings.Cut(locale, ".")
		charset, _, _ = strings.Cut(charset, "@")
		if named && strings.ToLower(strings.ReplaceAll(charset, "-", "")) != "utf8" {
			return variable
		}
		return ""
	}
	return ""
}
