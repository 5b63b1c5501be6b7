package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/levcontacts/levcontacts/internal/plain"
	"github.com/levcontacts/levcontacts/ui/browse"
	"github.com/levcontacts/levcontacts/ui/screen"
	"github.com/levcontacts/levcontacts/ui/widget/keymap"
	"github.com/levcontacts/levcontacts/ui/widget/text"
	"github.com/levcontacts/levcontacts/ui/widget/theme"
)

// layout says where the parts of the frame are. A part without height is not
// drawn.
type layout struct {
	w, h           int
	header         screen.Rect
	body           screen.Rect
	message        screen.Rect
	status, footer screen.Rect
}

// arrange is a pure function from the size of the terminal and the number of
// message lines to the places of the parts.
func arrange(w, h, messages int) layout {
	l := layout{w: w, h: h}
	top, bottom := 0, h
	if h >= 4 {
		l.header = screen.Rect{W: w, H: 1}
		top = 1
	}
	if h >= 16 {
		top = 2 // one empty line under the header
	}
	if h >= 3 {
		l.footer = screen.Rect{Y: h - 1, W: w, H: 1}
		bottom--
	}
	if h >= 2 {
		bottom--
		l.status = screen.Rect{Y: bottom, W: w, H: 1}
	}
	if n := min(messages, bottom-top-2); n > 0 {
		bottom -= n
		l.message = screen.Rect{Y: bottom, W: w, H: n}
	}
	l.body = screen.Rect{Y: top, W: w, H: max(0, bottom-top)}
	return l
}

// layout is where everything is now.
func (a *App) layout() layout { return arrange(a.w, a.h, len(a.messageLines())) }

// settle gives every part its place and tells it what else is on the screen.
// It runs after every message, because any of them can change that.
func (a *App) settle() tea.Cmd {
	l := a.layout()
	var open []string // drafts that have an editor
	for _, e := range a.edits.all {
		e.SetSize(l.body.W, l.body.H)
		e.SetContacts(a.browse.Snapshot())
		open = append(open, e.ID())
	}
	a.changes.SetOpen(open...)
	a.browse.SetCovered(a.top() != screen.Part(a.browse))
	e := a.edits.top()
	a.browse.SetEditing(e != nil && !e.Covers())
	var seen tea.Cmd
	if c, ok := a.browse.Selected(); ok && a.browse.Scope() == keymap.Detail {
		seen = a.changes.LookedAt(c.ID())
	}
	a.browse.SetChanged(a.changes.Unseen())
	return tea.Batch(seen, a.apply(a.browse.SetSize(l.body, l.message.H)))
}

// View draws the frame and, over it, the overlay that takes the keys.
func (a *App) View() tea.View {
	l := a.layout()
	lines := make([]string, a.h)
	var cursor *tea.Cursor
	put := func(r screen.Rect, f screen.Frame) {
		for i, s := range f.Lines {
			if i < r.H && r.Y+i < a.h {
				lines[r.Y+i] = s
			}
		}
		if f.Cursor != nil && r.H > 0 {
			cursor = moved(f.Cursor, r.X, r.Y)
		}
	}
	put(l.header, screen.Frame{Lines: []string{a.header(l.w)}})
	put(l.body, a.body(l.body))
	put(l.message, screen.Frame{Lines: a.messageLines()})
	status := screen.Frame{Lines: []string{a.browse.Status(l.w, a.activity())}}
	status.Cursor = a.browse.StatusCursor(l.w)
	put(l.status, status)
	put(l.footer, screen.Frame{Lines: []string{a.footer(l.w)}})
	for i, s := range lines {
		if s == "" {
			lines[i] = plain.Blank(a.w)
		}
	}
	if e := a.edits.top(); e != nil {
		if f, r, boxed := e.Box(l.body); boxed {
			a.dim(lines, l.body)
			cursor = drawOver(lines, f, r, a.w, a.theme)
		}
	}
	if o := a.overlays.top(); o != nil {
		f, r := a.overlayFrame(o)
		a.dim(lines, l.body)
		cursor = drawOver(lines, f, r, a.w, a.theme)
	}
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	if !a.noMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.KeyboardEnhancements.ReportAlternateKeys = true // for keyboards that are not Latin
	v.WindowTitle = windowTitle(a.account.Profile)
	v.ProgressBar = progressBar(a.bulk.Activity(), a.browse.Activity())
	v.Cursor = cursor
	return v
}

// progressBar is how far the first of some activities is whose end is known, for
// the terminal to show in its own way.
func progressBar(all ...screen.Activity) *tea.ProgressBar {
	for _, act := range all {
		if act.All > 0 {
			return tea.NewProgressBar(tea.ProgressBarDefault, min(100, 100*act.Done/act.All))
		}
	}
	return nil
}

// moved is a cursor of a frame as a cursor of the terminal. The bar does not
// blink: nothing on this screen does.
func moved(c *tea.Cursor, x, y int) *tea.Cursor {
	out := *c
	out.X, out.Y = c.X+x, c.Y+y
	out.Shape, out.Blink = tea.CursorBar, false
	return &out
}

// body is the edit that is open, or list and details.
func (a *App) body(r screen.Rect) screen.Frame {
	e := a.edits.top()
	boxed := false
	if e != nil {
		_, _, boxed = e.Box(r)
	}
	if e == nil || boxed {
		return a.browse.View(browse.Look{})
	}
	if e.Covers() {
		return e.View(r)
	}
	field, _ := e.Editor()
	return a.browse.View(browse.Look{Editor: field, EditorCursor: e.EditorCursor})
}

func windowTitle(profile string) string {
	if p := plain.Clean(profile); p != "" {
		return "levcontacts " + p
	}
	return "levcontacts"
}

func (a *App) messageLines() []string {
	keys := a.keys.Key("message.dismiss") + " dismisses, " + a.keys.Key("message.copy") + " copies"
	return a.messages.Lines(a.w, a.theme, keys, !a.covered())
}

// drawOver lays a framed box over lines of w cells and says where its cursor is.
func drawOver(lines []string, f screen.Frame, r screen.Rect, w int, th theme.Theme) *tea.Cursor {
	box := framed(f.Lines, r.W-2, th)
	for i, s := range box {
		y := r.Y + i
		if y < 0 || y >= len(lines) {
			continue
		}
		right := plain.Slice(lines[y], r.X+r.W, w)
		pad := plain.Blank(w - r.X - r.W - plain.Width(right)) // a wide character was cut in two
		left := text.Fit(plain.Slice(lines[y], 0, r.X), r.X)
		lines[y] = text.Fit(left+"\x1b[0m"+s+"\x1b[0m"+pad+right, w)
	}
	if f.Cursor == nil {
		return nil
	}
	return moved(f.Cursor, r.X+1, r.Y+1)
}

// dim makes the lines of a part quiet: something lies over it.
func (a *App) dim(lines []string, r screen.Rect) {
	for i := r.Y; i < r.Y+r.H && i < len(lines); i++ {
		lines[i] = a.theme.Paint(theme.Dim, ansi.Strip(lines[i]))
	}
}

// overlayFrame is the picture of an overlay and the box around it, centered
// above the footer.
func (a *App) overlayFrame(o screen.Overlay) (screen.Frame, screen.Rect) {
	w := max(10, min(o.Width(), a.w-4))
	if o.Width() == 0 {
		w = max(1, a.w-2)
	}
	f := o.View(w, max(1, a.h-3), a.theme)
	h := len(f.Lines) + 2
	return f, screen.Rect{X: max(0, (a.w-w-2)/2), Y: max(0, (a.h-1-h)/2), W: w + 2, H: h}
}

// framed puts a box around lines of w cells.
func framed(rows []string, w int, th theme.Theme) []string {
	tl, tr, bl, br, h, v := "╭", "╮", "╰", "╯", "─", "│"
	if th.Name == "ascii" {
		tl, tr, bl, br, h, v = "+", "+", "+", "+", "-", "|"
	}
	out := []string{th.Paint(theme.Rule, tl+strings.Repeat(h, w)+tr)}
	for _, r := range rows {
		out = append(out, th.Paint(theme.Rule, v)+r+th.Paint(theme.Rule, v))
	}
	return append(out, th.Paint(theme.Rule, bl+strings.Repeat(h, w)+br))
}
