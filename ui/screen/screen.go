// Package screen holds what all parts of the program on the screen share:
// places, frames, events, messages and overlays. It has values and no state.
package screen

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Rect is a part of the terminal in cells.
type Rect struct{ X, Y, W, H int }

// Has reports whether a cell lies in the rectangle.
func (r Rect) Has(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }

// Frame is what a part draws: lines of exactly the width it was given. Cursor
// is relative to the frame; nil hides the terminal's cursor.
type Frame struct {
	Lines  []string
	Cursor *tea.Cursor
}

// Event is what a part reports to its parent. The types below are shared;
// every package of a screen adds its own.
type Event any

// Level says how a message is shown and how long it stays.
type Level uint8

// The levels. Note and Good disappear with the next key after a while; Failure
// stays until it is dismissed.
const (
	Note Level = iota
	Good
	Failure
)

// Message is a sentence to the user. It ends with its owner: a part that is
// done retracts everything it said that is not true anymore.
type Message struct {
	Owner string // "" for a message that stands alone
	Level Level
	Text  string
	Trace string       // status and request ID
	Err   *model.Error // details that can be copied, nil for none
}

// Say shows a message.
type Say struct{ Message }

// Retract removes the messages of an owner.
type Retract struct{ Owner string }

// When says what becomes of an overlay that is opened while something else
// takes the keys.
type When uint8

// The choices. Now is for what the user just pressed. IfFree drops an answer
// that the user no longer waits for. WhenFree keeps it until nothing is open.
const (
	Now When = iota
	IfFree
	WhenFree
)

// Open puts an overlay on top of everything.
type Open struct {
	Overlay Overlay
	When    When
	// Over is the ID of the edit that the overlay belongs to: that edit does not
	// count as something that takes the keys. It is "" for none.
	Over string
}

// Close removes one overlay, wherever it is in the stack.
type Close struct{ Overlay Overlay }

// SignIn asks for a new key, because the service refused the one in use. What
// the user was doing goes on afterward; Retry is delivered then.
type SignIn struct {
	Err   *model.Error
	Retry tea.Msg // nil for nothing
	// Asked means that the user waits for it. Otherwise nothing is opened
	// over what is being typed; a message says how to sign in.
	Asked bool
}

// ReadOnly reports that the service says the key may not write.
type ReadOnly struct{ Reason string }

// Overlay is a part that lies over the screen and takes the keys: a menu, a
// reader, a prompt, a question.
type Overlay interface {
	Part
	// Update takes a key, a paste, or a message of a library below it.
	Update(msg tea.Msg, keys keymap.Map) Result
	// View draws at most h lines of exactly w cells.
	View(w, h int, th theme.Theme) Frame
	// Width is the width it would like to have, 0 for all there is.
	Width() int
	// Click acts on a cell of the last view; Scroll moves by lines.
	Click(x, line int) Result
	Scroll(by int)
}

// Result is what a message meant to an overlay.
type Result struct {
	Cmd    tea.Cmd
	Chosen []tea.Msg // for the part that opened it, delivered at once and in order
	Copy   string    // text to put on the clipboard
	Closed bool
}

// Part is what the footer and the help need to know of the part that takes
// the keys.
type Part interface {
	Scope() keymap.Scope
	// Label is what the footer says of an action of the scope now; "" leaves
	// the action out.
	Label(a keymap.Action) string
}

// Activity is what goes on, for the right end of the status line, in several
// forms, the fullest first. The activity with the greatest rank is shown.
type Activity struct {
	Rank  Rank
	Role  theme.Role
	Forms []string
	// Done of All is how far it is; All is 0 where that is not known.
	Done, All int
}

// Rank orders activities.
type Rank uint8

// The ranks, least important first.
const (
	RankNone Rank = iota
	RankLoading
	RankToEnd
	RankBulk
	RankTrouble
	RankLimit
	RankOffline
	RankSaving
)

// Wake is when a part's picture changes by itself next; zero for never.
type Wake = time.Time

// Earliest is the earlier of two moments, where zero means never.
func Earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
