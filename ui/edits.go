package ui

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/edit"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/menu"
	"github.com/levcontacts/levcontacts/ui/widget/text"
)

// edits are the edits that are open. The last one that is not in the background
// is on the screen. Those in the background are the queue of saves, which are
// sent in their order, one at a time, and those that were not saved.
type edits struct {
	all     []*edit.Model
	pressed uint64            // keys and clicks of the user so far
	since   map[string]uint64 // how many there were when a save began, by edit
	told    map[string]bool   // edits that the user was told are not saved
	queue   *menu.Menu        // the queue on the screen, nil while it is closed
}

// stopSaveMsg stops one save of the queue.
type stopSaveMsg struct{ id string }

// queueClosedMsg says that the queue is not on the screen anymore.
type queueClosedMsg struct{}

func newEdits() edits { return edits{since: map[string]uint64{}, told: map[string]bool{}} }

// top is the edit on the screen, nil for none.
func (s *edits) top() *edit.Model {
	for _, e := range slices.Backward(s.all) {
		if !e.Background() {
			return e
		}
	}
	return nil
}

// saving are the edits in the queue, the one that is sent first.
func (s *edits) saving() []*edit.Model {
	return s.which(func(e *edit.Model) bool { return e.Background() && e.Sending() })
}

// notSaved are the edits that wait in the background for the user.
func (s *edits) notSaved() []*edit.Model {
	return s.which(func(e *edit.Model) bool { return e.Background() && !e.Sending() })
}

// refused are those of notSaved that the service has answered. The others count
// as not sent.
func (s *edits) refused() []*edit.Model {
	return s.which(func(e *edit.Model) bool { return e.Background() && !e.Sending() && !e.NotSent() })
}

func (s *edits) which(is func(*edit.Model) bool) []*edit.Model {
	var out []*edit.Model
	for _, e := range s.all {
		if is(e) {
			out = append(out, e)
		}
	}
	return out
}

// notSavedOf is the edit of a contact, or of a note on it, that was not saved, nil
// for none.
func (s *edits) notSavedOf(contact int64, ofNote bool) *edit.Model {
	for _, e := range s.notSaved() {
		if contact != 0 && e.Contact() == contact && e.OfNote() == ofNote {
			return e
		}
	}
	return nil
}

// over is a contact as it will be once what is on its way is saved: an edit that
// begins now begins from there.
func (s *edits) over(c model.Contact) model.Contact {
	for _, e := range s.saving() {
		if e.Contact() == c.ID() && c.ID() != 0 {
			c = e.Patch().Apply(c)
		}
	}
	return c
}

// move puts an edit that is being saved into the background, so that the user
// goes on, and sends the next one when the one before has its answer.
func (s *edits) move() tea.Cmd {
	sending := false
	for _, e := range s.all {
		if e.Sending() && !e.Background() {
			e.SetBackground(true)
			s.since[e.ID()] = s.pressed
			delete(s.told, e.ID())
		}
		sending = sending || e.Sending() && !e.Queued()
	}
	var cmd tea.Cmd
	for _, e := range s.all {
		if !sending && e.Queued() {
			cmd, sending = e.Send(), true
		}
		e.SetHeld(sending)
	}
	return cmd
}

// waitsFor reports that the user did nothing since a save began.
func (s *edits) waitsFor(id string) bool { return s.since[id] == s.pressed }

// waitFor takes the user to wait for every save: what was pressed since was for
// them, as a new key.
func (s *edits) waitFor() {
	for id := range s.since {
		s.since[id] = s.pressed
	}
}

// toFront puts an edit on the screen, over the others.
func (s *edits) toFront(e *edit.Model) {
	e.SetBackground(false)
	s.all = append(slices.DeleteFunc(s.all, func(o *edit.Model) bool { return o == e }), e)
}

// remove takes out an edit that has ended.
func (s *edits) remove(id string) {
	s.all = slices.DeleteFunc(s.all, func(e *edit.Model) bool { return e.ID() == id })
	delete(s.since, id)
	delete(s.told, id)
}

// stop stops one save. Its edit comes back as it was.
func (s *edits) stop(id string) {
	s.queue = nil
	for _, e := range s.all {
		if e.ID() == id {
			s.since[id] = s.pressed
			e.Stop()
		}
	}
}

// keep writes what is typed in every edit.
func (s *edits) keep() tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range s.all {
		cmds = append(cmds, e.Keep())
	}
	return tea.Batch(cmds...)
}

// notes add what the details say of a contact that is being saved, or was not.
func (s *edits) notes(of map[int64]string, keys keymap.Map) map[int64]string {
	for _, e := range s.saving() {
		of[e.Contact()] = "saving " + e.What()
	}
	for _, e := range s.notSaved() {
		of[e.Contact()] = "not saved: " + e.What() + " · " + keys.Key(keymap.NotSaved) + " opens it"
	}
	delete(of, 0) // new contacts
	return of
}

// queueFrom is how long a save takes before its queue can be opened.
const queueFrom = time.Second

// queueOpens reports that the queue of saves is worth a look.
func (s *edits) queueOpens(now time.Time) bool {
	q := s.saving()
	return len(q) > 0 && now.Sub(q[0].Since()) >= queueFrom
}

// openQueue is the queue of saves, nil when it is not worth a look.
func (s *edits) openQueue(now time.Time) *menu.Menu {
	if !s.queueOpens(now) {
		return nil
	}
	s.queue = menu.Open(menu.Options{Title: "Saving", Items: s.items(now), OnClose: queueClosedMsg{},
		Foot: "enter stops one; what you typed is kept"})
	return s.queue
}

func (s *edits) items(now time.Time) []menu.Item {
	var items []menu.Item
	for _, e := range s.saving() {
		state := fmt.Sprintf("on its way · %d s", int(now.Sub(e.Since())/time.Second))
		if e.Queued() {
			state = "waits for the one before"
		}
		items = append(items, menu.Item{ID: e.ID(), Text: text.Capital(e.What()), Detail: state, Msg: stopSaveMsg{e.ID()}})
	}
	return items
}

// activity says of a save how many there are, and with shows how they are shown.
func (s *edits) activity(act screen.Activity, shows bool) screen.Activity {
	n := len(s.saving())
	if act.Rank != screen.RankSaving || n == 0 {
		return act
	}
	count := fmt.Sprintf("saving %d", n)
	var forms []string
	for _, f := range act.Forms {
		forms = append(forms, count+" · "+f)
	}
	if shows {
		forms = append([]string{forms[0] + " · esc shows"}, forms...)
	}
	act.Forms = append(forms, count)
	return act
}
