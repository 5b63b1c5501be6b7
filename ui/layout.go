package ui

// rect is a part of the screen in cells.
type rect struct{ x, y, w, h int }

func (r rect) has(x, y int) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }

// layout says where everything is. A part with no height or width is not drawn.
type layout struct {
	w, h           int
	header         rect
	body           rect
	list, detail   rect
	rule           rect // between list and detail, one cell thick
	message        rect
	status, footer rect
}

// The breakpoints: side by side from wideAt columns; below that the detail
// stands under the list from tallAt rows, otherwise in its place.
const (
	wideAt = 100
	tallAt = 36
)

// arrange is a pure function from the size of the terminal, the pane in focus
// and the number of message lines to the places of the parts.
func arrange(w, h int, detailFocused bool, messages int) layout {
	l := layout{w: w, h: h}
	top, bottom := 0, h
	if h >= 4 {
		l.header = rect{0, 0, w, 1}
		top = 1
	}
	if h >= 16 {
		top = 2 // one empty line under the header
	}
	if h >= 3 {
		l.footer = rect{0, h - 1, w, 1}
		bottom--
	}
	if h >= 2 {
		bottom--
		l.status = rect{0, bottom, w, 1}
	}
	free := max(0, bottom-top) // with the lines of messages, which come and go
	if n := min(messages, bottom-top-2); n > 0 {
		bottom -= n
		l.message = rect{0, bottom, w, n}
	}
	l.body = rect{0, top, w, max(0, bottom-top)}
	switch b := l.body; {
	case w >= wideAt:
		dw := min(max(w*38/100, 42), 80)
		l.list = rect{0, b.y, w - dw - 1, b.h}
		l.rule = rect{w - dw - 1, b.y, 1, b.h}
		l.detail = rect{w - dw, b.y, dw, b.h}
	case h >= tallAt:
		lh := max(0, min(free*45/100, b.h-2)) // a message takes from the details first
		l.list = rect{0, b.y, w, lh}
		l.rule = rect{0, b.y + lh, w, 1}
		l.detail = rect{0, b.y + lh + 1, w, max(0, b.h-lh-1)}
	case detailFocused:
		l.detail = b
	default:
		l.list = b
	}
	return l
}

// beside says that list and detail stand side by side.
func (l layout) beside() bool { return l.w >= wideAt }

// bothPanes says that list and detail are on the screen together.
func (l layout) bothPanes() bool { return l.rule.w > 0 && l.rule.h > 0 }
