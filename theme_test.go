package main

import (
	"slices"
	"testing"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// The configuration knows the themes and what they draw without knowing the
// screen.
func TestTheConfigurationKnowsTheThemes(t *testing.T) {
	t.Parallel()
	for _, s := range config.Settings() {
		want := map[string][]string{"theme": theme.Names(), "colors": theme.Roles()}[s.Name]
		if want != nil && !slices.Equal(s.Choices, want) {
			t.Errorf("%s has %v, want %v", s.Name, s.Choices, want)
		}
	}
}
