// Command empty is the least that a Bubble Tea program can be: one line, and a
// number in it that every key makes greater. Package measure compares
// levcontacts with it, so that the figures say what the program costs and not
// what the machine and the library do.
package main

import (
	"fmt"
	"os"

	tea "charm.land/bubbletea/v2"
)

// fps is that of levcontacts, so that both wait for the same clock.
const fps = 120

type model struct{ keys int }

func (m model) Init() tea.Cmd { return nil }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if key.String() == "ctrl+c" {
			return m, tea.Quit
		}
		m.keys++
	}
	return m, nil
}

func (m model) View() tea.View {
	v := tea.NewView(fmt.Sprintf("keys pressed: %d", m.keys))
	v.AltScreen = true
	return v
}

func main() {
	if _, err := tea.NewProgram(model{}, tea.WithFPS(fps)).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
