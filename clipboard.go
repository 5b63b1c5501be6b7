package main

import (
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/desktop"
	"github.com/levcontacts/levcontacts/ui"
)

// clipboardWait is how long a terminal may take to give its clipboard.
const clipboardWait = time.Second

// paste gives the screen the machine's clipboard, or asks the terminal for its
// own. Many terminals give it to no program, and do not say so.
func (s *terminalScreen) paste() {
	text, err := desktop.New(os.LookupEnv).Paste()
	switch {
	case err != nil:
	case text == "":
		s.tea.Send(ui.Notice("The clipboard is empty"))
		return
	default:
		s.tea.Send(tea.ClipboardMsg{Content: text})
		return
	}
	select {
	case <-s.pasted: // of a paste before
	default:
	}
	s.tea.Send(tea.RawMsg{Msg: ansi.RequestSystemClipboard})
	select {
	case <-s.pasted:
	case <-time.After(clipboardWait):
		s.tea.Send(ui.Notice("This terminal does not give its clipboard to programs. " +
			"Paste with its own key, often ctrl+shift+v"))
	}
}
