package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// inform says what was done and what it took. --quiet leaves it out, unlike
// warnings, errors and what a question is about.
func (a *App) inform(format string, args ...any) {
	if !a.quiet {
		a.note(format, args...)
	}
}

// rewrites says that a line of the terminal can show progress.
func (a *App) rewrites() bool { return a.ErrTTY && !a.Dumb && !a.quiet }

// pages marks a command whose output may be long.
const pages = "pages"

// paged lets long output of a command go to the pager.
func paged(cmd *cobra.Command) *cobra.Command {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[pages] = "yes"
	return cmd
}

// pagerCommand is the program that PAGER names; LEVCONTACTS_PAGER counts more. ""
// and cat are none.
func (a *App) pagerCommand() string {
	for _, name := range []string{"LEVCONTACTS_PAGER", "PAGER"} {
		if a.Input.Env == nil {
			break
		}
		if text, set := a.Input.Env(name); set {
			if text = strings.TrimSpace(text); text == "cat" {
				return ""
			}
			return text
		}
	}
	return ""
}

// pager is standard output through a pager, which is begun with the first byte.
// What is said on standard error meanwhile waits, so that it is not drawn over.
type pager struct {
	app   *App
	ctx   context.Context
	out   io.Writer // past the pager
	err   io.Writer
	on    bool
	begun io.WriteCloser
	said  bytes.Buffer
}

// errPagerLeft means that the person has read enough.
var errPagerLeft = errors.New("the pager was left")

// turnOn makes the output of the command go to the pager, if there is one.
func (p *pager) turnOn(ctx context.Context) {
	p.on, p.ctx = p.app.OutTTY && !p.app.Dumb && p.app.Page != nil && p.app.pagerCommand() != "", ctx
}

func (p *pager) Write(b []byte) (int, error) {
	if p.on && p.begun == nil {
		begun, err := p.app.Page(p.ctx, p.app.pagerCommand())
		if err != nil { // the text is worth more than the pager
			p.on = false
			p.app.note("levcontacts: %s", err)
		} else {
			p.begun = begun
		}
	}
	if p.begun == nil {
		return p.out.Write(b)
	}
	n, err := p.begun.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		err = errPagerLeft
	}
	return n, err
}

// end waits until the person leaves the pager.
func (p *pager) end() {
	if p.begun == nil {
		return
	}
	_ = p.begun.Close() // how a pager ends is its own matter
	p.begun = nil
	_, _ = p.err.Write(p.said.Bytes())
}

// messages is standard error, held back while the pager has the terminal.
type messages struct{ *pager }

func (m messages) Write(b []byte) (int, error) {
	if m.begun != nil {
		return m.said.Write(b)
	}
	return m.err.Write(b)
}
