//go:build !unix

package console

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

const answerLimit = 3 * time.Second

// ErrNotStopped means that programs cannot be stopped here.
var ErrNotStopped = errors.New("no shell to return to")

// Console leaves the terminal to the terminal library.
type Console struct {
	in  *os.File
	out *Output
}

// Open takes the terminal.
func Open(in, out *os.File) (*Console, error) { return &Console{in, &Output{File: out}}, nil }

// Input is none: the terminal library reads the terminal itself.
func (c *Console) Input() (r io.Reader, ok bool) { return nil, false }

// Leave does nothing.
func (c *Console) Leave() {}

// Output is where the terminal library writes.
func (c *Console) Output() *Output { return c.out }

// Interrupts never has a value.
func (c *Console) Interrupts() <-chan struct{} { return nil }

// Gone is never closed.
func (c *Console) Gone() <-chan struct{} { return nil }

// Continued never has a value.
func (c *Console) Continued() <-chan struct{} { return nil }

// Paste is empty: the terminal library takes pastes.
func (c *Console) Paste() string { return "" }

// CanSuspend is false.
func CanSuspend() bool { return false }

// Suspend does nothing.
func (c *Console) Suspend(context.Context) error { return ErrNotStopped }

// Lend calls run: the terminal library has left the screen.
func (c *Console) Lend(run func() error) error { return run() }

// TakeBack does nothing.
func (c *Console) TakeBack(context.Context) error { return nil }

// Close gives the terminal back.
func (c *Console) Close(bool) {}
