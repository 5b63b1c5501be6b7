//go:build standins

package main

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/work"
)

// newProgram is the program that tests of commands and of the terminal run: the real one
// with a keyring in a folder, and with mistakes on request.
func newProgram() program {
	p := program{keyring: folderKeyring(os.Getenv("LEVCONTACTS_TEST_KEYRING"))}
	if where := os.Getenv("LEVCONTACTS_TEST_PANIC"); where != "" {
		p.wrap = func(m tea.Model) tea.Model { return panicky{m, where} }
	}
	return p
}

// folderKeyring is a keyring in a folder; without one there is none.
type folderKeyring string

func (k folderKeyring) path(user string) (string, error) {
	switch k {
	case "":
		return "", errors.New("there is no keyring in this test")
	case "locked":
		select {} // asks someone who is not there
	}
	return filepath.Join(string(k), url.PathEscape(user)), nil
}

func (k folderKeyring) Get(_, user string) (string, error) {
	path, err := k.path(user)
	if err != nil {
		return "", err
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", config.ErrKeyringNotFound
	}
	return string(raw), err
}

func (k folderKeyring) Set(_, user, secret string) error {
	path, err := k.path(user)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(secret), 0o600)
}

func (k folderKeyring) Delete(_, user string) error {
	path, err := k.path(user)
	if err != nil {
		return err
	}
	if err := os.Remove(path); errors.Is(err, fs.ErrNotExist) {
		return config.ErrKeyringNotFound
	} else if err != nil {
		return err
	}
	return nil
}

// panicky is a screen that fails inside.
type panicky struct {
	tea.Model
	where string
}

func (p panicky) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	key, pressed := msg.(tea.KeyPressMsg)
	if pressed && key.String() == "x" {
		switch p.where {
		case "update":
			panic("a mistake in Update")
		case "view":
			p.where = "view now"
			return p, nil
		case "stuck update":
			select {}
		case "stuck view":
			p.where = "stuck view now"
			return p, nil
		case "command":
			return p, tea.Batch(nil, tea.Sequence(func() tea.Msg { return nil }, func() tea.Msg { panic("a mistake in a command") }))
		}
	}
	next, cmd := p.Model.Update(msg)
	p.Model = next
	return p, cmd
}

func (p panicky) View() tea.View {
	if p.where == "view now" {
		panic("a mistake in View")
	}
	if p.where == "stuck view now" {
		select {}
	}
	return p.Model.View()
}

func (p panicky) OpenDrafts() []work.Draft {
	if s, ok := p.Model.(interface{ OpenDrafts() []work.Draft }); ok {
		return s.OpenDrafts()
	}
	return nil
}
