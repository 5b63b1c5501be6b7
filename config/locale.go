package config

import (
	"strings"

	"levcontacts/internal/redact"
)

// followLocale draws with plain characters where the locale says that the
// terminal shows no others. A theme that was chosen stays.
func (l *loader) followLocale() {
	if l.config.Theme.Value != "auto" {
		return
	}
	if said := l.in.plainLocale(); said != "" {
		l.config.Theme = Value[string]{"ascii", Origin{Kind: OriginEnvironment, Name: said + ", which is not UTF-8"}}
	}
}

// plainLocale is the variable that says that text is not in UTF-8, such as
// "LANG=C", or "". The first that is set decides, as POSIX has it. A locale that
// names no character set, such as en_US, says nothing about it; neither does an
// environment without these variables, as containers have it.
func (in Input) plainLocale() string {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		locale := in.env(name)
		if locale == "" {
			continue
		}
		said := name + "=" + shorten(redact.Shapes(locale))
		if locale == "C" || locale == "POSIX" {
			return said
		}
		_, charset, named := strings.Cut(locale, ".")
		charset, _, _ = strings.Cut(charset, "@")
		if named && strings.ToLower(strings.ReplaceAll(charset, "-", "")) != "utf8" {
			return said
		}
		return ""
	}
	return ""
}
