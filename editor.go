package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/desktop"
	"github.com/levcontacts/levcontacts/ui"
)

// machine is the user's machine outside the screen.
type machine struct {
	desktop.Desktop
	folder func() (string, error) // for files of the editor
}

func (w *wiring) machine() machine {
	return machine{desktop.New(os.LookupEnv), func() (string, error) {
		if w.start.Demo {
			return os.TempDir(), nil
		}
		dir := w.start.Config.Paths.StateDir(w.start.Config.Profile.Value)
		return dir, config.MakePrivateDir(dir)
	}}
}

// editorMsg asks to open the editor in place of the screen.
type editorMsg struct {
	path string
	done func(ui.Edited) tea.Msg
}

// EditText implements ui.Desktop.
func (m machine) EditText(path, text string, done func(ui.Edited) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if path != "" {
			return editorMsg{path, done}
		}
		path, err := m.newFile(text)
		if err != nil {
			return done(ui.Edited{Err: err})
		}
		return editorMsg{path, done}
	}
}

// newFile writes a text to a file that only the user can read.
func (m machine) newFile(text string) (string, error) {
	dir, err := m.folder()
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, "edit-*.txt")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	return f.Name(), errors.Join(err, f.Close())
}

// Remove implements ui.Desktop.
func (machine) Remove(path string) error { return os.Remove(path) }

// openEditor leaves the screen to the editor, and reads the file afterward.
func (s *terminalScreen) openEditor(ctx context.Context, msg editorMsg) tea.Msg {
	var failed error
	lend := func() error {
		s.lent.Store(true)
		defer s.lent.Store(false)
		return s.console.Lend(func() error {
			failed = edit(ctx, msg.path)
			return nil
		})
	}
	return s.away(lend, func(err error) tea.Msg {
		raw, e := os.ReadFile(msg.path)
		if err = errors.Join(failed, err); err == nil && e != nil {
			err = fmt.Errorf("read the file: %w", e)
		}
		return msg.done(ui.Edited{Path: msg.path, Text: string(raw), Err: err})
	})
}
