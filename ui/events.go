package ui

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/browse"
	"github.com/levcontacts/levcontacts/ui/bulk"
	"github.com/levcontacts/levcontacts/ui/changes"
	"github.com/levcontacts/levcontacts/ui/edit"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/signin"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/work"
)

// apply runs the command of a part and carries out its events in order.
func (a *App) apply(cmd tea.Cmd, events []screen.Event) tea.Cmd {
	cmds := []tea.Cmd{cmd}
	for _, e := range events {
		cmds = append(cmds, a.on(e))
	}
	return tea.Batch(cmds...)
}

// on carries out an event. It is the table of contents of what the parts can
// ask of each other.
func (a *App) on(event screen.Event) tea.Cmd {
	switch e := event.(type) {
	case screen.Say:
		a.messages.Show(e.Message, a.o.Now())
	case screen.Retract:
		a.messages.Retract(e.Owner)
	case screen.Open:
		a.overlays.push(e, a.coveredFor(e.Over))
	case screen.Close:
		a.overlays.close(e.Overlay)
	case screen.SignIn:
		e.Asked = e.Asked && a.edits.top() == nil || !a.covered() // nothing is being typed
		return a.apply(nil, a.signin.Ask(e))
	case screen.ReadOnly:
		a.refused = true
		a.setReadOnly(e.Reason + "; " + a.keys.Key(keymap.Refresh) + " asks again")
	case browse.Refreshed:
		return askAgain(a)
	case browse.EditTable, edit.TableAgain, edit.TableDone:
		return openTable(a.o.Desktop, e)
	case browse.Synced:
		return a.changes.ReadNews()
	case browse.Asked:
		return a.run(e.Action.Name)
	case browse.Replay:
		return a.replay(e.Msgs)
	case browse.Back:
		a.stepBack()
	case browse.AccountSeen:
		a.account.Name = cmp.Or(a.account.Name, e.Name)
	case browse.EditField, browse.EditContact, browse.NewContact, browse.CopyContact, browse.BulkEdit, tableRead,
		browse.EditNote, browse.DeleteNote,
		changes.OpenDraft, changes.UndoEntry:
		return a.openEdit(e)
	case browse.Copy:
		return a.copyText(e.Text, e.What)
	case browse.OpenTarget:
		return openTarget(a.o.Desktop, e.Target)
	case browse.BackOnline:
		return a.backOnline()
	case edit.Ended:
		return a.endEdit(e)
	case edit.DraftKept:
		return tea.Batch(a.apply(nil, a.changes.PutDraft(e.Draft)), a.left(e.Draft.ID, e.Asked))
	case edit.DraftDiscarded:
		return tea.Batch(a.apply(nil, a.changes.RemoveDraft(e.ID)), a.left(e.ID, e.Asked))
	case edit.DraftNotKept:
		if e.Asked {
			a.quitting.drafts = nil
			a.ask(lossQuestion(e.Err))
		}
	case edit.TwinChosen:
		return a.apply(a.browse.GoTo(e.ID))
	case edit.Theirs:
		return a.apply(a.browse.Put(e.Contact, false))
	case edit.CompaniesRead:
		a.browse.SetCompanies(e.Companies)
	case edit.NotesChanged:
		return a.apply(a.browse.NotesChanged(e.ContactID))
	case edit.Answered:
		return a.apply(a.browse.Resume())
	case edit.Unreachable:
		return a.apply(a.browse.Unreachable(e.Err))
	case edit.BulkAsked:
		return a.apply(a.bulk.Start(e.Title, e.DraftID, e.Items))
	case bulk.Started:
		return a.bulkStarted(e)
	case bulk.Put:
		return a.apply(a.browse.Put(e.Contact, false))
	case bulk.Waiting:
		a.sayWaiting(&a.leftover.runs, e.Text)
	case signin.SignedIn:
		return a.signedIn(e)
	case signin.SwitchProfile:
		a.quitting.next = e.Name
		return a.askQuit()
	}
	return onChange(a, event)
}

// askAgain asks for the account where it did not come at the start, or where a
// role or a key may have been given the right to write since.
func askAgain(a *App) tea.Cmd {
	switch {
	case a.refused:
		a.refused = false
		a.setReadOnly("")
	case a.account.Name != "":
		return nil
	}
	return askAccount(a.o.Context, a.o.Backend)
}

// onChange carries out what became of earlier changes.
func onChange(a *App, event screen.Event) tea.Cmd {
	switch e := event.(type) {
	case changes.Put:
		return a.apply(a.browse.Put(e.Contact, e.Created))
	case changes.NoteArrived:
		var cmds []tea.Cmd
		for _, m := range a.edits.all {
			if m.ID() == e.DraftID {
				cmds = append(cmds, a.apply(m.Arrived(e.Text)))
			}
		}
		return tea.Batch(cmds...)
	case changes.NotesChanged:
		return a.apply(a.browse.NotesChanged(e.ContactID))
	case changes.GoTo:
		return a.apply(a.browse.GoTo(e.ID))
	case changes.News:
		a.messages.Retract(browse.OwnerFound) // this says more
		a.sayWaiting(&a.leftover.news, e.Text)
	case changes.Waiting:
		a.sayWaiting(&a.leftover.changes, e.Text)
	}
	return nil
}

// leftover is what the start found left over from earlier runs, in words, and
// what others have changed since.
type leftover struct{ changes, runs, news string }

// sayWaiting says all of it in one message, whichever was read first. What is said
// anew, or after the message has gone, stands alone.
func (a *App) sayWaiting(part *string, words string) {
	const owner = "start"
	if *part != "" && words != "" || !a.messages.Has(owner) {
		a.leftover = leftover{}
	}
	*part = words
	a.messages.Retract(owner)
	if all := text.Join(" · ", a.leftover.news, a.leftover.changes, a.leftover.runs); all != "" {
		a.messages.Follow(screen.Message{Owner: owner, Text: all}, a.o.Now())
	}
}

func (a *App) editOptions() edit.Options {
	return edit.Options{
		Backend: a.o.Backend, Keys: a.keys, Theme: a.theme, Now: a.o.Now, NewID: a.o.NewID, After: a.o.After,
		Context: a.o.Context, Contacts: a.browse.Snapshot(), ReadOnly: a.account.ReadOnly, Editor: editText(a.o.Desktop),
	}
}

// openEdit opens an edit on top of what is there.
func (a *App) openEdit(event screen.Event) tea.Cmd {
	o := a.editOptions()
	var e *edit.Model
	switch event := event.(type) {
	case browse.EditNote:
		if waits := a.edits.notSavedOf(event.Contact.ID(), true); waits != nil {
			a.toFront(waits)
			return nil
		}
		e = edit.Note(o, event.Contact, event.Note, a.changes.DraftsOf(event.Contact.ID()))
	case browse.DeleteNote:
		e = edit.DeleteNote(o, event.Contact, event.Note)
		e.SetHeld(len(a.edits.saving()) > 0)
	case browse.EditField:
		if waits := a.edits.notSavedOf(event.Contact.ID(), false); waits != nil {
			a.toFront(waits)
			return nil
		}
		event.Contact = a.edits.over(event.Contact)
		e = edit.Field(o, event.Contact, event.Field, a.changes.DraftsOf(event.Contact.ID()))
		if event.Replace {
			e.Replace()
		}
	case browse.EditContact:
		if waits := a.edits.notSavedOf(event.Contact.ID(), false); waits != nil {
			a.toFront(waits)
			return nil
		}
		event.Contact = a.edits.over(event.Contact)
		e = edit.Form(o, event.Contact, a.changes.DraftsOf(event.Contact.ID()))
	case browse.NewContact:
		e = edit.Create(o)
	case browse.CopyContact:
		e = edit.Copy(o, event.Contact)
	case browse.BulkEdit:
		e = edit.Bulk(o, event.Contacts, nil)
	case tableRead:
		e = edit.ForTable(o, event.table, event.items)
	case changes.UndoEntry:
		now, _ := a.browse.Find(event.Entry.ContactID)
		e = edit.Undo(o, event.Entry, now)
	case changes.OpenDraft:
		return a.openDraft(event)
	}
	return a.begin(e)
}

// openDraft opens a draft where it was left, over the contact as it is now.
func (a *App) openDraft(event changes.OpenDraft) tea.Cmd {
	d, o := event.Draft, a.editOptions()
	if event.Resumed && (a.covered() || a.edits.pressed > 0) { // the next key is meant for what is on the screen
		return a.apply(nil, a.changes.NotResumed())
	}
	var said tea.Cmd
	if event.Resumed {
		said = a.apply(nil, a.changes.Resumed())
	}
	if d.Kind == work.DraftBulk {
		return tea.Batch(said, a.begin(edit.Bulk(o, a.browse.Marked(), &d)))
	}
	now, loaded := model.Contact{}, false
	if d.ContactID != 0 {
		now, loaded = a.browse.Find(d.ContactID)
	}
	if d.Kind == work.DraftField && loaded {
		a.browse.FocusField(now, d.Field)
	} else if d.Kind == work.DraftField {
		a.browse.FocusField(d.Base, d.Field)
	}
	return tea.Batch(said, a.begin(edit.Reopen(o, d, now)))
}

// begin puts an edit on the screen.
func (a *App) begin(e *edit.Model) tea.Cmd {
	a.edits.all = append(a.edits.all, e)
	return e.Init()
}

// endEdit removes an edit and shows the contact as the service answered it,
// without fetching it.
func (a *App) endEdit(e edit.Ended) tea.Cmd {
	stayed := a.edits.waitsFor(e.ID)
	a.edits.remove(e.ID)
	a.messages.Retract("save " + e.ID)
	a.overlays.ended(e.ID)
	var cmds []tea.Cmd
	switch e.Outcome {
	case edit.Saved:
		cmds = append(cmds, a.apply(nil, a.changes.RemoveDraft(e.ID)))
		if e.Contact.ID() != 0 {
			cmds = append(cmds, a.apply(a.browse.Put(e.Contact, e.Created)))
		}
		if stayed && (e.Created || e.Contact.ID() == 0) && e.Kind != work.DraftNote {
			cmds = append(cmds, a.apply(a.browse.GoTo(e.ContactID)))
		}
	case edit.Discarded: // its draft follows, when it is off the disk
		cmds = append(cmds, a.apply(nil, a.changes.Withdraw(e.ID)))
	case edit.Existing:
		cmds = append(cmds, a.apply(a.browse.GoTo(e.ContactID)))
	case edit.BulkStarted:
		a.browse.ClearMarks()
	}
	return tea.Batch(append(cmds, a.replay(e.Typed), a.left(e.ID, true))...)
}

// replay delivers keys that were held back, in order.
func (a *App) replay(msgs []tea.Msg) tea.Cmd {
	if a.quitting.asked {
		a.quitting.typed = append(a.quitting.typed, msgs...)
		return nil
	}
	var cmds []tea.Cmd
	for _, msg := range msgs {
		cmds = append(cmds, a.route(msg))
	}
	return tea.Batch(cmds...)
}

// bulkStarted tells the form of a bulk edit whether its run has begun.
func (a *App) bulkStarted(e bulk.Started) tea.Cmd {
	var cmds []tea.Cmd
	for _, m := range a.edits.all {
		if m.ID() == e.DraftID {
			cmds = append(cmds, a.apply(m.BulkResult(e.Err)))
		}
	}
	if e.Err == nil {
		cmds = append(cmds, a.apply(nil, a.changes.RemoveDraft(e.DraftID)))
	}
	return tea.Batch(cmds...)
}

// backOnline offers what was not sent; nothing is sent unasked.
func (a *App) backOnline() tea.Cmd {
	a.messages.Retract("offline")
	if n := a.changes.Unsent(); n > 0 {
		a.say(screen.Note, "Back online. "+text.Plural(n, "edit")+" not sent · "+a.keys.Key("show.drafts"))
	}
	return a.changes.Retry()
}

type accountMsg struct {
	account work.Account
	err     error
}

func askAccount(ctx context.Context, b Backend) tea.Cmd {
	return func() tea.Msg {
		account, err := b.Account(ctx)
		return accountMsg{account, err}
	}
}

// onAccount takes what the service says about the account, or said in an
// earlier run when it does not answer now. The list reports what is wrong.
func (a *App) onAccount(msg accountMsg) {
	if msg.err != nil && msg.account.Name == "" {
		return
	}
	msg.account.ReadOnly = cmp.Or(msg.account.ReadOnly, a.account.ReadOnly)
	a.setAccount(msg.account)
}

func (a *App) setAccount(account work.Account) {
	a.account = account
	a.signin.SetAccount(account)
	a.browse.SetUser(account.User)
	a.setReadOnly(account.ReadOnly)
}

func (a *App) setReadOnly(reason string) {
	a.account.ReadOnly = reason
	a.browse.SetReadOnly(reason)
	a.changes.SetReadOnly(reason)
	a.bulk.SetReadOnly(reason)
	for _, e := range a.edits.all {
		e.SetReadOnly(reason)
	}
}

// signedIn goes on with what the refused key stopped.
func (a *App) signedIn(e signin.SignedIn) tea.Cmd {
	a.setAccount(e.Account)
	a.edits.waitFor()
	cmds := []tea.Cmd{a.apply(a.browse.Resume()), a.changes.Retry()}
	return tea.Batch(append(cmds, a.replay(e.Retry))...)
}

// stepBack is esc where nothing is left to leave but the message. Marks stay.
func (a *App) stepBack() {
	if q := a.edits.openQueue(a.o.Now()); q != nil {
		a.overlays.push(screen.Open{Overlay: q}, false)
		return
	}
	if a.messages.Empty() {
		if words := a.browse.MarksStay(); words != "" {
			a.say(screen.Note, words)
		}
		return
	}
	a.messages.Dismiss()
}

// openTarget opens a web or mail address outside the terminal.
func openTarget(d Desktop, target string) tea.Cmd {
	return func() tea.Msg {
		if err := d.Open(target); err != nil {
			return doneMsg{Level: screen.Failure, Err: model.AsError("open", err)}
		}
		return doneMsg{Level: screen.Good, Text: "Opening " + plain.Clean(target)}
	}
}
