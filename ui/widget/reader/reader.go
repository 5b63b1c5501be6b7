// Package reader shows text over the screen: help, the log, JSON, an error. It
// scrolls and can be searched.
package reader

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/input"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// Line is one line: an optional key or label on the left, and clean text.
type Line struct {
	Left    string
	Text    string
	Role    theme.Role
	Heading bool
	Msg     tea.Msg // what enter on the line means, nil for nothing
	Discard tea.Msg // what the key that discards means there, nil for nothing
}

// Options are what a reader is opened with.
type Options struct {
	Title string
	Foot  string // what else there is to say, in parts with three blanks between them
	Lines []Line
	Copy  string // what copying gives, "" for the text that is shown
	Pick  string // what the key that opens a line does, for the footer; "" for open
	// Columns lets a text that has headings stand in two columns where they fit.
	Columns bool
	// Stays keeps the reader open after something was picked.
	Stays bool
	// Key is what a key means that a reader has no use for; with it the reader stays.
	Key     func(key string) tea.Msg
	OnClose tea.Msg // delivered when it is left without picking anything
}

// Reader is an open reader: a screen.Overlay that takes all the room.
type Reader struct {
	o         Options
	lines     []Line
	shown     []int
	offset    int
	cursor    int
	rows      int // lines of the text as drawn last
	head, h   int // lines of the last View above the text, and of the text
	searching bool
	input     *input.Model
}

var _ screen.Overlay = (*Reader)(nil)

// Open makes a reader, with the cursor on the first line that means something.
func Open(o Options) *Reader {
	r := &Reader{o: o, lines: o.Lines, input: input.New(0, false)}
	r.filter()
	r.cursor = max(0, slices.IndexFunc(r.lines, Line.means))
	return r
}

// SetLines replaces the text; the cursor and the search stay.
func (r *Reader) SetLines(lines []Line) {
	cursor, offset := r.cursor, r.offset
	r.lines = lines
	r.filter()
	r.cursor, r.offset = max(0, min(cursor, len(r.shown)-1)), offset
}

func (l Line) means() bool { return l.Msg != nil || l.Discard != nil }

// picks reports whether some line means something.
func (r *Reader) picks() bool { return slices.ContainsFunc(r.lines, Line.means) }

func (r *Reader) current() Line {
	if r.cursor >= len(r.shown) {
		return Line{}
	}
	return r.lines[r.shown[r.cursor]]
}

// text is everything that is shown, for the clipboard.
func (r *Reader) text() string {
	if r.o.Copy != "" {
		return r.o.Copy
	}
	var b strings.Builder
	for _, i := range r.shown {
		fmt.Fprintln(&b, strings.TrimSpace(r.lines[i].Left+"  "+r.lines[i].Text))
	}
	return b.String()
}

func (r *Reader) filter() {
	words := strings.Fields(strings.ToLower(r.input.Value()))
	r.shown = nil
	heading := -1 // of the part that i is in, until it is shown
	for i, l := range r.lines {
		if len(words) > 0 && l.Heading {
			heading = i
			continue
		}
		hay := strings.ToLower(l.Left + " " + l.Text)
		if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(hay, w) }) {
			continue
		}
		if heading >= 0 {
			r.shown = append(r.shown, heading)
			heading = -1
		}
		r.shown = append(r.shown, i)
	}
	r.cursor, r.offset = 0, 0
}

// Update takes a key or a paste.
func (r *Reader) Update(msg tea.Msg, keys keymap.Map) screen.Result {
	key, isKey := msg.(tea.KeyPressMsg)
	if r.searching {
		return r.search(msg, key, isKey)
	}
	if !isKey {
		return screen.Result{}
	}
	action, _ := keys.Find(key.String(), keymap.Viewer)
	switch action.Name {
	case keymap.MenuClose, keymap.Help:
		return screen.Result{Closed: true, Chosen: messages(r.o.OnClose)}
	case keymap.ViewerPick:
		return r.means(r.current().Msg, key)
	case keymap.ViewerCopy:
		return screen.Result{Copy: r.text()}
	case keymap.ViewerDiscard:
		return r.means(r.current().Discard, key)
	case keymap.ViewerSearch:
		r.searching = true
	case keymap.MoveUp:
		r.Scroll(-1)
	case keymap.MoveDown:
		r.Scroll(1)
	case keymap.MoveHalfUp:
		r.Scroll(-r.h / 2)
	case keymap.MoveHalfDown:
		r.Scroll(r.h / 2)
	case keymap.MovePageUp:
		r.Scroll(-r.h)
	case keymap.MovePageDown:
		r.Scroll(r.h)
	case keymap.MoveTop:
		r.Scroll(-len(r.shown))
	case keymap.MoveBottom:
		r.Scroll(len(r.shown))
	default:
		return r.means(nil, key)
	}
	return screen.Result{}
}

// means gives what a key means on a line, or where that is nothing what it means
// elsewhere.
func (r *Reader) means(msg tea.Msg, key tea.KeyPressMsg) screen.Result {
	switch {
	case msg != nil:
		return r.picked(msg)
	case r.o.Key != nil:
		return screen.Result{Chosen: messages(r.o.Key(key.String()))}
	}
	return screen.Result{}
}

func (r *Reader) picked(msg tea.Msg) screen.Result {
	return screen.Result{Chosen: messages(msg), Closed: !r.o.Stays}
}

func messages(msg tea.Msg) []tea.Msg {
	if msg == nil {
		return nil
	}
	return []tea.Msg{msg}
}

func (r *Reader) search(msg tea.Msg, key tea.KeyPressMsg, isKey bool) screen.Result {
	before := r.input.Value()
	var cmd tea.Cmd
	switch {
	case isKey && key.String() == "esc":
		r.searching = false
		r.input.SetValue("")
	case isKey && key.String() == "enter":
		r.searching = false
	default:
		cmd = r.input.Update(msg)
	}
	if r.input.Value() != before {
		r.filter()
	}
	return screen.Result{Cmd: cmd}
}

// Scroll moves the cursor where lines can be picked, and the text otherwise.
// The cursor passes over headings and empty lines.
func (r *Reader) Scroll(by int) {
	last := max(0, len(r.shown)-1)
	if !r.picks() {
		r.offset = max(0, min(r.offset+by, max(0, r.rows-r.h)))
		return
	}
	r.cursor = max(0, min(r.cursor+by, last))
	for r.cursor > 0 && r.cursor < last && r.current().passed() {
		r.cursor += max(-1, min(1, by))
	}
}

func (l Line) passed() bool { return l.Heading || l.Text == "" && l.Left == "" }

// Click picks the line that was clicked when it is already under the cursor,
// and moves the cursor there otherwise.
func (r *Reader) Click(_, line int) screen.Result {
	i := line - r.head + r.offset
	if !r.picks() || line < r.head || line >= r.head+r.h || i >= len(r.shown) || r.lines[r.shown[i]].passed() {
		return screen.Result{}
	}
	if i == r.cursor && r.current().Msg != nil {
		return r.picked(r.current().Msg)
	}
	r.cursor = i
	return screen.Result{}
}

// Typing reports that letters are text here.
func (r *Reader) Typing() bool { return r.searching }

// Scope is where the keys of a reader have their meaning.
func (r *Reader) Scope() keymap.Scope { return keymap.Viewer }

// Label is what the footer says of an action.
func (r *Reader) Label(a keymap.Action) string {
	switch a.Name {
	case keymap.Help:
		return "" // it closes what is read, as esc does
	case keymap.MenuClose:
		if r.searching {
			return "end search"
		}
	case keymap.MoveDown, keymap.ViewerSearch, keymap.ViewerCopy:
		if r.searching {
			return ""
		}
	case keymap.ViewerPick:
		if r.searching || r.current().Msg == nil {
			return ""
		}
		return cmp.Or(r.o.Pick, a.Label)
	case keymap.ViewerDiscard:
		if r.searching || !slices.ContainsFunc(r.lines, func(l Line) bool { return l.Discard != nil }) {
			return ""
		}
	}
	return a.Label
}

// SetTitle replaces the title.
func (r *Reader) SetTitle(title string) { r.o.Title = title }
