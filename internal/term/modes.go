//go:build unix

package term

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

const modeShowCursor = ansi.ModeTextCursorEnable

// Modes are what a program has changed about its terminal and not put back.
// The zero value is a terminal as it was found.
type Modes struct {
	AltScreen      bool // the second screen, which keeps the first untouched
	CursorHidden   bool
	BracketedPaste bool
	Mouse          bool // any kind of mouse report
	Focus          bool // reports of gaining and losing the focus
	Synchronized   bool // a frame was begun and not ended

	KeyboardLevels int  // entries on the stacks of the Kitty keyboard protocol, of both screens
	OtherKeys      bool // xterm's modifyOtherKeys

	Colors      bool // the terminal's own foreground, background or cursor color
	CursorShape bool
	Title       bool // of the window, where the program started with one
	Line        bool // settings of the line: echo, raw input, and so on

	Other []string // further modes by number, private ones with a question mark
}

// Err is nil when nothing is left changed; otherwise it names all that is.
func (m Modes) Err() error {
	var left []string
	for _, e := range []struct {
		is   bool
		name string
	}{
		{m.AltScreen, "the alternate screen"},
		{m.CursorHidden, "a hidden cursor"},
		{m.BracketedPaste, "bracketed paste"},
		{m.Mouse, "mouse reports"},
		{m.Focus, "focus reports"},
		{m.Synchronized, "an unfinished synchronized frame"},
		{m.KeyboardLevels > 0, "the Kitty keyboard protocol"},
		{m.OtherKeys, "modifyOtherKeys"},
		{m.Colors, "changed colours"},
		{m.CursorShape, "a changed cursor shape"},
		{m.Title, "a changed title"},
		{m.Line, "changed line settings"},
	} {
		if e.is {
			left = append(left, e.name)
		}
	}
	for _, name := range m.Other {
		left = append(left, "mode "+name)
	}
	if len(left) == 0 {
		return nil
	}
	return errors.New("the terminal is left with " + strings.Join(left, ", "))
}

// Modes returns what differs now from the terminal the program was given.
func (t *Terminal) Modes() Modes {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &t.seen
	m := Modes{
		AltScreen:      t.emu.IsAltScreen(),
		Synchronized:   t.inFrame,
		KeyboardLevels: len(s.keyboard[0]) + len(s.keyboard[1]),
		OtherKeys:      s.otherKeys,
		Colors:         s.colors != [3]bool{},
		CursorShape:    s.cursorStyle != 0,
		Title:          s.title != s.foundTitle,
		Line:           t.line.changed(),
	}
	for mode := range s.modes {
		switch mode {
		case ansi.ModeAltScreen, ansi.ModeAltScreenSaveCursor, ansi.ModeSaveCursor, ansi.ModeSynchronizedOutput:
		case modeShowCursor:
			m.CursorHidden = true
		case ansi.ModeBracketedPaste:
			m.BracketedPaste = true
		case ansi.ModeFocusEvent:
			m.Focus = true
		case ansi.ModeMouseX10, ansi.ModeMouseNormal, ansi.ModeMouseHighlight, ansi.ModeMouseButtonEvent,
			ansi.ModeMouseAnyEvent, ansi.ModeMouseExtSgr:
			m.Mouse = true
		default:
			m.Other = append(m.Other, modeName(mode))
		}
	}
	slices.Sort(m.Other)
	return m
}

func modeName(mode ansi.Mode) string {
	if _, private := mode.(ansi.DECMode); private {
		return fmt.Sprintf("?%d", mode.Mode())
	}
	return fmt.Sprint(mode.Mode())
}

// Title returns the window's title as the program last set it.
func (t *Terminal) Title() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seen.title
}

// Clipboard returns the texts that the program has sent to a clipboard with OSC
// 52, oldest first.
func (t *Terminal) Clipboard() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.seen.clipboard)
}

// signals are what a program has told its terminal apart from what to draw.
type signals struct {
	title       string
	clipboard   []string
	titles      []string // pushed with CSI 22 t
	foundTitle  string
	shape       CursorShape
	cursorStyle int                // as it was last set; 0 is the user's own
	colors      [3]bool            // foreground, background, cursor: set by the program
	modes       map[ansi.Mode]bool // those that differ from a fresh terminal's
	keyboard    [2][]int           // Kitty keyboard flags pushed, on the first and the second screen
	otherKeys   bool
}

// isSet reports whether a mode differs from its value in a fresh terminal.
func (s *signals) isSet(mode ansi.Mode) bool { return s.modes[mode] }

// setMode notes a mode that was switched on or off.
func (s *signals) setMode(mode ansi.Mode, on bool) {
	fresh := mode == modeShowCursor || mode == ansi.ModeAutoWrap
	if on == fresh {
		delete(s.modes, mode)
		return
	}
	s.modes[mode] = true
}

// newEmulator makes the emulator and listens to what it does not keep or does
// not let be asked. All handlers run inside its Write, with t.mu held.
func (t *Terminal) newEmulator(o Options) *vt.Emulator {
	s := &t.seen
	s.modes = make(map[ansi.Mode]bool)
	emu := vt.NewEmulator(o.Cols, o.Rows)
	emu.SetScrollbackSize(1) // no one reads it, and a full one is slow
	emu.SetDefaultForegroundColor(o.Foreground)
	emu.SetDefaultBackgroundColor(o.Background)
	// A mode that was once reset is known to the emulator, so a program that
	// asks is told that it can have synchronized frames.
	_, _ = emu.WriteString(ansi.ResetModeSynchronizedOutput)
	emu.SetCallbacks(vt.Callbacks{
		EnableMode:  func(mode ansi.Mode) { t.modeChanged(mode, true) },
		DisableMode: func(mode ansi.Mode) { t.modeChanged(mode, false) },
	})
	t.listenForKeyboard(emu)
	// The emulator has a shape for each screen; terminals have one.
	emu.RegisterCsiHandler(ansi.Command(0, ' ', 'q'), func(p ansi.Params) bool {
		style, _, _ := p.Param(0, 0)
		s.shape = CursorShape(max(0, style-1) / 2)
		s.cursorStyle = style
		return false // the emulator draws it
	})
	s.title, s.foundTitle = o.Title, o.Title
	emu.RegisterCsiHandler('t', func(p ansi.Params) bool {
		switch op, _, _ := p.Param(0, 0); {
		case op == 22:
			s.titles = append(s.titles, s.title)
		case op == 23 && len(s.titles) > 0:
			s.title = s.titles[len(s.titles)-1]
			s.titles = s.titles[:len(s.titles)-1]
		}
		return true
	})
	for _, cmd := range []int{0, 2} {
		emu.RegisterOscHandler(cmd, func(data []byte) bool {
			_, title, _ := bytes.Cut(data, []byte{';'}) // the emulator ignores titles with a semicolon
			s.title = string(title)
			return true
		})
	}
	emu.RegisterOscHandler(52, func(data []byte) bool {
		parts := bytes.SplitN(data, []byte{';'}, 3)
		if len(parts) < 3 || string(parts[2]) == "?" {
			return true
		}
		if text, err := base64.StdEncoding.DecodeString(string(parts[2])); err == nil {
			s.clipboard = append(s.clipboard, string(text))
		}
		return true
	})
	for i := range s.colors {
		emu.RegisterOscHandler(10+i, func(data []byte) bool {
			if _, value, found := bytes.Cut(data, []byte{';'}); found && string(value) != "?" {
				s.colors[i] = true
			}
			return false // the emulator answers and keeps it
		})
		emu.RegisterOscHandler(110+i, func([]byte) bool {
			s.colors[i] = false
			return false
		})
	}
	return emu
}

// modeChanged notes a mode, and the begin and the end of a synchronized frame.
func (t *Terminal) modeChanged(mode ansi.Mode, on bool) {
	t.seen.setMode(mode, on)
	if mode != ansi.ModeSynchronizedOutput || on == t.inFrame {
		return
	}
	t.inFrame = on
	if on {
		t.frameAt = t.readAt
		return
	}
	t.frames++
	t.watch.frame(t.frameAt, t.readAt)
}

// listenForKeyboard keeps the state of the two keyboard protocols, which the
// emulator does not know. Queries stay unanswered, as in xterm.
func (t *Terminal) listenForKeyboard(emu *vt.Emulator) {
	s := &t.seen
	stack := func() *[]int {
		if emu.IsAltScreen() {
			return &s.keyboard[1]
		}
		return &s.keyboard[0]
	}
	emu.RegisterCsiHandler(ansi.Command('>', 0, 'u'), func(p ansi.Params) bool {
		flags, _, _ := p.Param(0, 0)
		*stack() = append(*stack(), flags)
		return true
	})
	emu.RegisterCsiHandler(ansi.Command('<', 0, 'u'), func(p ansi.Params) bool {
		n, _, _ := p.Param(0, 1)
		levels := stack()
		*levels = (*levels)[:max(0, len(*levels)-n)]
		return true
	})
	emu.RegisterCsiHandler(ansi.Command('>', 0, 'm'), func(p ansi.Params) bool {
		resource, _, _ := p.Param(0, 0)
		value, _, _ := p.Param(1, 0)
		if resource == 4 {
			s.otherKeys = value != 0
		}
		return true
	})
}
