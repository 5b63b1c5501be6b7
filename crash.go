package main

import (
	"fmt"
	"reflect"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/levcontacts/levcontacts/work"
)

// crash is a panic that was caught.
type crash struct {
	what  string
	stack string
}

// guard runs a screen and catches the panics of it and of its commands, so that
// the terminal is restored before they are reported.
type guard struct {
	screen tea.Model
	stop   func() // ends the program from any goroutine
	// running gets the way to send a message to the screen.
	running func(send func(tea.Msg))

	// busy is held while the screen works, so that drafts can notice one that is stuck.
	busy sync.Mutex

	mu      sync.Mutex
	crashed *crash
	last    tea.View
	leaving bool // the program ends: the last frame is empty
}

type crashMsg struct{}

func (g *guard) Init() (cmd tea.Cmd) {
	defer g.catch()
	return g.watch(g.screen.Init())
}

func (g *guard) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	if _, ended := msg.(crashMsg); ended || g.crash() != nil {
		return g, tea.Quit
	}
	g.busy.Lock()
	defer g.busy.Unlock()
	defer func() {
		if r := recover(); r != nil {
			g.note(r)
			m, cmd = g, tea.Quit
		}
	}()
	g.screen, cmd = g.screen.Update(msg)
	return g, g.watch(cmd)
}

func (g *guard) View() (v tea.View) {
	if g.leaving {
		v = g.last
		v.Content, v.Cursor = " ", nil // where there is no other screen to leave
		return v
	}
	if g.crash() != nil {
		return g.last
	}
	g.busy.Lock()
	defer g.busy.Unlock()
	defer func() {
		if r := recover(); r != nil {
			g.note(r)
			v = g.last
			go g.stop()
		}
	}()
	g.last = g.screen.View()
	return g.last
}

// leave is called on the goroutine of Update and View.
func (g *guard) leave() { g.leaving = true }

// watch catches the panics of a command, and of those it responds with: a batch
// or a sequence is a slice of commands.
func (g *guard) watch(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				g.note(r)
				msg = crashMsg{}
			}
		}()
		msg = cmd()
		if batch := reflect.ValueOf(msg); batch.Kind() == reflect.Slice && batch.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range batch.Len() {
				one, _ := batch.Index(i).Interface().(tea.Cmd)
				batch.Index(i).Set(reflect.ValueOf(g.watch(one)))
			}
		}
		return msg
	}
}

func (g *guard) catch() {
	if r := recover(); r != nil {
		g.note(r)
		go g.stop()
	}
}

// note keeps the first panic; those after it are its consequences.
func (g *guard) note(r any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.crashed == nil {
		g.crashed = &crash{what: fmt.Sprint(r), stack: string(debug.Stack())}
	}
}

func (g *guard) crash() *crash {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.crashed
}

// draftTime is how long a screen that ended may still be busy.
const draftTime = 200 * time.Millisecond

// drafts returns what was being typed. That may panic again, and a screen that is
// stuck has its last draft on the disk.
func (g *guard) drafts() (out []work.Draft) {
	for end := time.Now().Add(draftTime); !g.busy.TryLock(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			return nil
		}
	}
	defer g.busy.Unlock()
	defer func() {
		if r := recover(); r != nil {
			g.note(r)
			out = nil
		}
	}()
	if s, types := g.screen.(interface{ OpenDrafts() []work.Draft }); types {
		return s.OpenDrafts()
	}
	return nil
}
