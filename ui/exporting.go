package ui

import (
	"context"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"levcontacts/internal/plain"
	"levcontacts/model"
)

type exportedMsg struct {
	n     int
	files []string
	err   error
}

func exportContacts(ctx context.Context, b Backend, rows []model.Packed) tea.Cmd {
	return func() tea.Msg {
		files, err := b.ExportContacts(ctx, rows)
		return exportedMsg{len(rows), files, err}
	}
}

// exportMarked writes the marked contacts to files, in the order of the book.
func (m *Model) exportMarked() tea.Cmd {
	var rows []model.Packed
	for _, id := range m.markedIDs() {
		if p, ok := m.shelf.book.Find(id); ok {
			rows = append(rows, p)
		}
	}
	return exportContacts(m.ctx, m.o.Backend, rows)
}

func (m *Model) onExported(msg exportedMsg) {
	if msg.err != nil {
		m.say(toastError, "The marked contacts could not be written: "+msg.err.Error())
		return
	}
	m.say(toastGood, many(msg.n, "contact")+" written to "+fileWords(msg.files))
}

// fileWords names files of one folder: "/home/jo/a.csv and a.json".
func fileWords(files []string) string {
	var names []string
	for i, f := range files {
		if i > 0 && filepath.Dir(f) == filepath.Dir(files[0]) {
			f = filepath.Base(f)
		}
		names = append(names, plain.Clean(f))
	}
	return strings.Join(names, " and ")
}
