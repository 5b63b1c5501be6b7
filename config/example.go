package config

import (
	"fmt"
	"strings"
)

// lineWidth is where the comments of the example are broken.
const lineWidth = 78

// Example is a configuration file that explains itself: every setting with
// its meaning and its default, commented out, and every action with its keys.
// A line that begins with # and no blank is a setting to take the # from.
func Example(in Input) string {
	var b strings.Builder
	comment(&b, "The configuration of levcontacts. Take the # from a line to change the setting; the value shown is an example. What wins: a flag, then the environment, then the profile, then the top of this file, then the default. `levcontacts config check` looks this file over, `levcontacts config show` says where each value came from.")
	b.WriteByte('\n')
	for _, s := range Settings() {
		if s.atTop() && s.Kind != KindViews && s.Kind != KindKeys && s.Kind != KindOwnCommands {
			exampleSetting(&b, s, in)
		}
	}
	exampleKeys(&b, in)
	exampleView(&b, in, "views")
	exampleCommand(&b)
	b.WriteByte('\n')
	comment(&b, "A profile is an account with its own address, key, drafts and cache of the contacts. Add more with other names and switch with --profile NAME or on the screen.")
	b.WriteString("[profiles." + DefaultProfile + "]\n\n")
	var shared []string
	for _, s := range Settings() {
		switch s.Place {
		case PlaceProfile:
			exampleSetting(&b, s, in)
		case PlaceBoth:
			shared = append(shared, s.Name)
		}
	}
	comment(&b, "These can stand in a profile too, for it alone: "+strings.Join(shared, ", ")+". Views of a profile begin with a line such as [profiles."+DefaultProfile+".views.boston].")
	return b.String()
}

func exampleSetting(b *strings.Builder, s Setting, in Input) {
	comment(b, s.Doc)
	if more := s.summary(); more != "" {
		comment(b, more)
	}
	value := s.Example
	if s.Kind == KindColumns {
		value = tomlStrings(someColumns(in))
	}
	fmt.Fprintf(b, "#%s = %s\n\n", s.Name, value)
}

// summary describes what a setting accepts, its default, flag and variable.
func (s Setting) summary() string {
	var summary []string
	if s.Kind == KindEnum || s.Kind == KindInt || s.Kind == KindDuration || s.Kind == KindAge {
		summary = append(summary, "Allowed: "+s.allowed()+".")
	}
	if s.Default != "" {
		summary = append(summary, "Default: "+s.Default+".")
	}
	if s.Flag != "" {
		summary = append(summary, "Flag: --"+s.Flag+".")
	}
	if s.Env != "" {
		summary = append(summary, "Environment: "+s.Env+".")
	}
	return strings.Join(summary, " ")
}

// exampleKeys lists all actions with the keys they have.
func exampleKeys(b *strings.Builder, in Input) {
	s, _ := settingNamed("keys")
	comment(b, s.Doc+" In one place a key can belong to one action only.")
	b.WriteString("[keys]\n")
	scope := ""
	for _, a := range in.Actions {
		if where := strings.Join(a.Scopes, ", "); where != scope {
			scope = where
			b.WriteString("# in " + scope + "\n")
		}
		fmt.Fprintf(b, "#%s = %s\n", tomlString(a.Name), tomlStrings(a.Keys))
	}
	b.WriteByte('\n')
}

func exampleView(b *strings.Builder, in Input, table string) {
	s, _ := settingNamed("views")
	comment(b, s.Doc)
	columns := someColumns(in)
	fmt.Fprintf(b, "#[%s.%s]\n", table, tomlKey("Boston lenders"))
	fmt.Fprintf(b, "#filter = %s\n#sort = %s\n#columns = %s\n", tomlString("type:lender city:Boston"), tomlString("-"+columns[0]), tomlStrings(columns))
}

func exampleCommand(b *strings.Builder) {
	s, _ := settingNamed("commands")
	b.WriteByte('\n')
	comment(b, s.Doc)
	b.WriteString("#[commands.calendar]\n#key = \"f5\"\n#scope = \"details\"\n" +
		"#run = [\"khal\", \"search\", \"{name}\"]\n#ask = false\n#show = true\n#reads = true\n")
}

// someColumns are columns for an example.
func someColumns(in Input) []string {
	if len(in.Columns) == 0 {
		return []string{"name", "email"}
	}
	return in.Columns[:min(len(in.Columns), 4)]
}

// comment writes text as comment lines.
func comment(b *strings.Builder, text string) {
	line := "#"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > lineWidth {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
