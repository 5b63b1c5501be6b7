package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"levcontacts/ui/widget/keymap"
	"levcontacts/ui/widget/menu"
	"levcontacts/ui/widget/reader"
)

// onKey gives a key to the innermost part that is open. ctrl+c reaches the
// program from everywhere.
func (m *Model) onKey(msg tea.KeyPressMsg) tea.Cmd {
	m.touched = m.o.Now()
	m.ageToast()
	if m.keys.Is(msg.String(), keymap.Global, keymap.ForceQuit) {
		return m.askQuit(true)
	}
	if m.keys.Is(msg.String(), keymap.Global, keymap.Suspend) {
		if m.o.CanSuspend != nil && !m.o.CanSuspend() {
			m.say(toastNote, "No shell to return to.")
			return nil
		}
		return tea.Sequence(m.keepDraftNow(), tea.Suspend)
	}
	if cmd, taken := m.toOpen(msg); taken {
		return cmd
	}
	action, ok := m.keys.Find(msg.String(), m.scope(), keymap.Global)
	if !ok {
		return nil
	}
	return m.run(action)
}

// onPaste gives pasted text to the text being typed, once.
func (m *Model) onPaste(msg tea.PasteMsg) tea.Cmd {
	m.touched = m.o.Now()
	cmd, _ := m.toOpen(msg)
	return cmd
}

// toOpen gives a key or a paste to what is open over the panes, innermost
// first, and says whether there was anything.
func (m *Model) toOpen(msg tea.Msg) (cmd tea.Cmd, taken bool) {
	switch {
	case m.confirm != nil:
		return m.confirmMsg(msg), true
	case m.prompt != nil:
		return m.promptMsg(msg), true
	case m.menu != nil:
		return m.menuMsg(msg), true
	case m.viewer != nil:
		return m.viewerMsg(msg), true
	case m.edit.active():
		return m.editMsg(msg), true
	case m.search.open:
		return m.searchMsg(msg), true
	}
	return nil, false
}

// covered says that something is open that takes the keys. What was asked for
// before it opened is not laid over it: the person has gone on.
func (m *Model) covered() bool {
	return m.confirm != nil || m.prompt != nil || m.menu != nil || m.viewer != nil || m.edit.active() || m.search.open
}

// forward passes on messages of libraries, such as those of a form's fields.
func (m *Model) forward(msg tea.Msg) tea.Cmd {
	if m.edit.active() {
		return m.editMsg(msg)
	}
	return nil
}

// scope is the innermost scope: what the footer and the help describe.
func (m *Model) scope() keymap.Scope {
	switch {
	case m.confirm != nil:
		return keymap.Confirm
	case m.prompt != nil:
		return keymap.Prompt
	case m.menu != nil:
		return keymap.Menu
	case m.viewer != nil:
		return keymap.Viewer
	case m.edit.active():
		return m.edit.scope()
	case m.search.open:
		return keymap.SearchBar
	case m.focus == paneDetail:
		return keymap.Detail
	default:
		return keymap.List
	}
}

// unable says why an action is not possible now, "" when it is.
func (m *Model) unable(a keymap.Action) string {
	if a.Writes && m.account.ReadOnly != "" {
		return "read-only: " + m.account.ReadOnly
	}
	switch a.Name {
	case keymap.ContactEdit, keymap.ContactCopy, keymap.FieldEdit, keymap.CopyMenu, keymap.OpenMenu, keymap.DetailOpen, keymap.MarkToggle:
		if m.selected == 0 {
			return "no contact is selected"
		}
	case keymap.BulkEdit, keymap.MarkExport:
		if len(m.marks.ids) == 0 {
			return "nothing is marked; " + m.keys.Key(keymap.MarkToggle) + " marks a contact"
		}
	}
	return ""
}

// run carries out an action of the list, the details or the program. It is the
// table of contents of what a person can do.
func (m *Model) run(a keymap.Action) tea.Cmd {
	if why := m.unable(a); why != "" {
		m.say(toastNote, why)
		return nil
	}
	switch a.Name {
	case keymap.DetailOpen, keymap.PaneNext, keymap.PanePrev:
		return m.focusOther(a.Name)
	case keymap.FieldEdit:
		return m.editField()
	case keymap.Back:
		return m.back()
	case keymap.ContactEdit:
		return m.editContact()
	case keymap.ContactNew:
		return m.newContact(false)
	case keymap.ContactCopy:
		return m.newContact(true)
	case keymap.CopyMenu:
		m.openCopyMenu()
	case keymap.OpenMenu:
		m.openOpenMenu()
	case keymap.Undo:
		return m.undo()
	case keymap.MarkToggle, keymap.MarkRange, keymap.MarkAll, keymap.MarkNone:
		return m.mark(a.Name)
	case keymap.BulkEdit:
		return m.editMarked()
	case keymap.MarkExport:
		return m.exportMarked()
	case keymap.Search:
		return m.openSearch()
	case keymap.SortMenu:
		m.openSortMenu()
	case keymap.FilterMenu:
		return m.openFilterMenu()
	case keymap.ViewMenu:
		return m.openViewMenu()
	case keymap.ColumnMenu:
		m.openColumnMenu()
	case keymap.Refresh:
		return m.refresh()
	default:
		return m.runProgram(a.Name)
	}
	return nil
}

func (m *Model) runProgram(n keymap.Name) tea.Cmd {
	switch n {
	case keymap.Drafts:
		m.openDrafts()
	case keymap.History:
		return readHistory(m.ctx, m.o.Backend)
	case keymap.Runs:
		return m.openRuns()
	case keymap.Log:
		m.openLog()
	case keymap.Profiles:
		m.openProfiles()
	case keymap.Palette:
		m.openPalette()
	case keymap.Help:
		m.openHelp()
	case keymap.MouseToggle:
		m.toggleMouse()
	case keymap.Dismiss:
		m.dismiss()
	case keymap.ErrorDetails:
		return m.copyError()
	case keymap.Quit:
		return m.askQuit(false)
	default:
		return m.runMove(n)
	}
	return nil
}

func (m *Model) runMove(n keymap.Name) tea.Cmd {
	if m.focus == paneDetail {
		m.moveInDetail(n)
		return nil
	}
	return m.moveInList(n)
}

// focusOther moves the focus; from the list the details always follow.
func (m *Model) focusOther(n keymap.Name) tea.Cmd {
	if m.focus == paneList && m.selected != 0 {
		m.focus = paneDetail
	} else if n != keymap.DetailOpen {
		m.focus = paneList
	}
	m.relayout()
	return nil
}

// back is one step back. It stops loading first, then leaves the details, then
// the search, the filter and the marks; it never quits.
func (m *Model) back() tea.Cmd {
	switch {
	case m.focus == paneDetail:
		m.focus = paneList
		m.relayout()
	case m.stopLoading():
		m.say(toastNote, "stopped; what was loaded stays")
	case !m.search.query.Empty() || m.search.input.Value() != "":
		return m.clearSearch()
	case m.toast.kind != toastNone:
		m.dismiss()
	case len(m.marks.ids) > 0:
		return m.mark(keymap.MarkNone)
	}
	return nil
}

// askQuit quits, after a question when an edit is open or a bulk edit is going
// on. What was typed is kept as a draft either way, and the rest of a bulk edit
// can be sent later, except in a demo.
func (m *Model) askQuit(force bool) tea.Cmd {
	if m.quitting {
		return tea.Quit
	}
	if force && m.confirm != nil && m.confirm.id == "quit" {
		return m.quit()
	}
	title, lines := "", []string{}
	if m.edit.dirty() {
		title, lines = "An edit is open. Quit?", []string{"What you typed is kept as a draft and is here", "again at the next start."}
	}
	if m.bulk.ticket.Busy() {
		where := "here"
		if m.bulk.run.Total > 0 {
			where = "at " + farWords(m.bulk.run)
		}
		title = "A bulk edit is going on. Quit?"
		lines = append([]string{"It stops " + where + " and can be resumed:", m.keys.Key(keymap.Runs) + " lists the bulk edits."}, lines...)
	}
	if title == "" {
		return m.quit()
	}
	if m.account.Demo {
		lines = []string{"This is sample data: nothing of it is kept."}
	}
	m.confirm = &confirmation{id: "quit", title: title, lines: lines, yes: m.quit}
	return nil
}

func (m *Model) quit() tea.Cmd {
	m.quitting = true
	keep := m.keepDraftNow()
	if keep == nil {
		return tea.Quit
	}
	return tea.Sequence(keep, tea.Quit)
}

// menuMsg gives a message to the open menu and carries out what was chosen.
func (m *Model) menuMsg(msg tea.Msg) tea.Cmd {
	next, cmd, intent := m.menu.Update(msg, m.keys)
	m.menu = &next
	switch intent {
	case menu.Chosen:
		return tea.Batch(cmd, m.onMenu(next.ID, next.Current()))
	case menu.Closed:
		m.menu = nil
		return tea.Batch(cmd, m.onMenuClosed(next.ID))
	}
	return cmd
}

// viewerMsg gives a message to the open viewer.
func (m *Model) viewerMsg(msg tea.Msg) tea.Cmd {
	next, cmd, intent := m.viewer.Update(msg, m.keys)
	m.viewer = &next
	switch intent {
	case reader.Closed:
		m.viewer = nil
	case reader.Copy:
		return tea.Batch(cmd, m.copyText(m.viewerText(next), "the text"))
	case reader.Picked:
		return tea.Batch(cmd, m.onPicked(next.ID, next.Current()))
	}
	return cmd
}

// doubleClick is how soon a second click opens what the first selected.
const doubleClick = 400 * time.Millisecond
