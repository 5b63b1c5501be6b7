// Command tui is a full-screen program for the tests of package term: it shows
// what it was told by its terminal.
package main

import (
	"fmt"
	"os"
	"strings"

	tea "charm.land/bubbletea/v2"
)

type model struct {
	width, height int
	keys          []string
	pasted        string
	background    string
	title         string
}

func (model) Init() tea.Cmd { return tea.RequestBackgroundColor }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.background = "dark"
		if !msg.IsDark() {
			m.background = "light"
		}
	case tea.PasteMsg:
		m.pasted = msg.Content
	case tea.KeyPressMsg:
		m.keys = append(m.keys, msg.String())
		switch msg.String() {
		case "q":
			return m, tea.Quit
		case "p":
			panic("asked for it")
		case "t":
			m.title = "a title; with a semicolon"
		case "y":
			return m, tea.SetClipboard("copied")
		}
	}
	return m, nil
}

func (m model) View() tea.View {
	keys := m.keys[max(0, len(m.keys)-10):]
	v := tea.NewView(fmt.Sprintf("size %dx%d\nkeys %d: %s.\npasted %q\nbackground %s\n",
		m.width, m.height, len(m.keys), strings.Join(keys, " "), m.pasted, m.background))
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	v.ReportFocus = true
	v.WindowTitle = m.title
	return v
}

func main() {
	if _, err := tea.NewProgram(model{}).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
