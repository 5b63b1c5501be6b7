package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/levcontacts/levcontacts/config"
	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

// linear is the program without a screen: questions and answers, one line after
// the other. Nothing that was written is ever written over, so that a screen
// reader or a slow line can follow.
type linear struct {
	app     *App // writes to one place and never takes a line back
	session Session
	start   *Start
	ctx     context.Context

	seen *model.Book // the contacts that were read, for likely duplicates
}

var (
	// errLeave ends plain mode: q, or the end of the input.
	errLeave = errors.New("leave")
	// errBack ends one job of it, errChosen the menu around the job.
	errBack   = errors.New("back")
	errChosen = errors.New("chosen")
)

// linear runs plain mode until the person leaves it.
func (g *globals) linear(ctx context.Context, s *Start) error {
	app := *g.app
	app.ErrTTY, app.Err = false, app.Out
	l := &linear{app: &app, start: s, ctx: ctx, seen: &model.Book{}}
	if _, err := s.Key(ctx); errors.Is(err, config.ErrNoKey) {
		if l.start, err = l.firstStart(g); err != nil {
			return l.end(err)
		}
	} else if err != nil {
		return err
	}
	session, err := app.Connect(ctx, l.start)
	if err != nil {
		return err
	}
	defer session.Close()
	l.session = &progress{Session: session, app: &app, cfg: l.start.Config}
	return l.end(l.run())
}

// end is how plain mode ended for the caller.
func (l *linear) end(err error) error {
	switch {
	case l.ctx.Err() != nil:
		return l.ctx.Err()
	case errors.Is(err, errLeave), errors.Is(err, errBack):
		l.say("Bye.")
		return nil
	}
	return err
}

// firstStart asks what to do without a key.
func (l *linear) firstStart(g *globals) (next *Start, err error) {
	l.say("levcontacts %s, plain mode. There is no API key yet.", l.app.Version)
	err = l.menu([]job{
		{"enter a key, which is tried and kept", func() (err error) {
			if err := g.login(l.ctx, false, false); err != nil {
				return err
			}
			if next, err = l.start.onto(g.app, l.start.Config.Profile.Value); err != nil {
				return err
			}
			return errChosen
		}},
		{"look at sample data", func() (err error) {
			if next, err = g.startDemo(l.ctx); err != nil {
				return err
			}
			return errChosen
		}},
	}, false)
	return next, err
}

func (l *linear) run() error {
	account, _ := l.session.Account(l.ctx) // what is wrong is said by the first job
	whose := "account " + account.Name
	switch {
	case l.start.Demo:
		whose = "sample data"
	case account.Name == "":
		whose = "profile " + l.start.Config.Profile.Value
	}
	l.say("levcontacts %s, plain mode, %s.", l.app.Version, whose)
	l.tellWaiting()
	return l.menu([]job{
		{"list contacts", l.list},
		{"search", l.search},
		{"open a contact by its id", l.openByID},
		{"new contact", l.create},
		{"history and undo", l.history},
		{"drafts", l.drafts},
		{"about plain mode", l.about},
	}, false)
}

// tellWaiting says what an earlier run has left.
func (l *linear) tellWaiting() {
	if drafts, err := l.session.Drafts(l.ctx); err == nil && len(drafts) > 0 {
		l.say("%s not saved; choose drafts to go on with it.", was(len(drafts), "draft"))
	}
	if open, err := l.session.Unresolved(l.ctx); err == nil && len(open) > 0 {
		l.say("%s sent and got no response; choose history to look what became of it.", was(len(open), "change"))
	}
}

func was(n int, thing string) string {
	if n == 1 {
		return counted(n, thing) + " was"
	}
	return counted(n, thing) + " were"
}

func (l *linear) about() error {
	l.say("Every question waits for a line. Type the number of a choice, or the letter before it, and press enter.")
	l.say("? shows the choices again, b goes back, q quits. ctrl+d quits everywhere, ctrl+c stops at once.")
	l.say("Nothing is sent before you have seen it and said yes. What you typed and did not save is kept as a draft.")
	l.say("Plain mode is chosen by --plain, plain = true in the configuration, ACCESSIBLE=1 or TERM=dumb.")
	l.say("levcontacts --help lists the commands, which answer without questions.")
	return nil
}

// say writes one line.
func (l *linear) say(format string, args ...any) { l.app.note(format, args...) }

// ask asks one question and gives the line of the answer without the space
// around it. The error is errLeave at the end of the input, or the context's.
func (l *linear) ask(question string) (string, error) {
	for {
		fmt.Fprint(l.app.Out, oneLine(question)+" ")
		lines := make(chan string, 1)
		go func() { lines <- l.app.readLine() }()
		var line string
		select {
		case line = <-lines:
		case <-l.ctx.Done():
			fmt.Fprintln(l.app.Out)
			return "", l.ctx.Err()
		}
		text, whole := strings.CutSuffix(line, "\n")
		if !whole {
			fmt.Fprintln(l.app.Out)
			if text == "" {
				return "", errLeave
			}
		}
		if text = strings.TrimSpace(text); utf8.ValidString(text) && strings.IndexFunc(text, unicode.IsControl) < 0 {
			return text, nil
		}
		l.say("That holds characters that cannot be read, such as those of an arrow key. Please type it again.")
	}
}

// yes asks a question to which anything but yes is no.
func (l *linear) yes(question string) (bool, error) {
	answer, err := l.ask(question + " [y/N]")
	return strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes"), err
}

// choose asks a question until the answer is the number of one of some texts, and
// gives its place. show lists them first. The error is errBack for b, errLeave
// for q, and that of ask.
func (l *linear) choose(question string, texts []string, show, back bool) (int, error) {
	for {
		for i := 0; show && i < len(texts); i++ {
			l.say("  %d  %s", i+1, texts[i])
		}
		answer, err := l.ask(question)
		n, bad := strconv.Atoi(answer)
		switch show = answer == "?" || answer == ""; {
		case err != nil:
			return 0, err
		case answer == "b" && back:
			return 0, errBack
		case answer == "q":
			return 0, errLeave
		case bad == nil && n >= 1 && n <= len(texts):
			return n - 1, nil
		case !show:
			l.say("There is no choice %q; ? lists them.", answer)
		}
	}
}

// pick asks which of some texts is meant and gives its place, see choose.
func (l *linear) pick(question string, texts ...string) (int, error) {
	numbers := "1"
	if len(texts) > 1 {
		numbers = fmt.Sprintf("1 to %d", len(texts))
	}
	return l.choose(fmt.Sprintf("%s (%s, b back):", question, numbers), texts, true, true)
}

// job is one entry of a menu.
type job struct {
	text string
	do   func() error
}

// menu lets the person choose jobs until one of them ends it with errChosen. What
// goes wrong in a job is said. back says that there is something to go back to.
func (l *linear) menu(jobs []job, back bool) error {
	question := "What now? (? list, q quit):"
	if back {
		question = "What now? (? list, b back, q quit):"
	}
	var texts []string
	for _, j := range jobs {
		texts = append(texts, j.text)
	}
	for show := true; ; show = false {
		n, err := l.choose(question, texts, show, back)
		switch {
		case errors.Is(err, errBack):
			return nil
		case err != nil:
			return err
		}
		if err = jobs[n].do(); errors.Is(err, errChosen) {
			return nil
		}
		if err := l.done(err); err != nil {
			return err
		}
	}
}

// done is what a job ended with for the menu around it.
func (l *linear) done(err error) error {
	switch {
	case l.ctx.Err() != nil:
		return l.ctx.Err()
	case errors.Is(err, errLeave):
		return err
	case err == nil, errors.Is(err, errBack):
		return nil
	}
	l.app.report(err)
	return nil
}

// mayWrite says why nothing can be written, where that is so.
func (l *linear) mayWrite() (ok bool) {
	account, _ := l.session.Account(l.ctx)
	if account.ReadOnly == "" {
		return true
	}
	l.say("Nothing is changed: %s.", account.ReadOnly)
	return false
}

// keep stores a draft. A failure is said, and does not stop anybody.
func (l *linear) keep(d *work.Draft) {
	d.Updated = l.start.Now()
	if err := l.session.KeepDraft(l.ctx, *d); err != nil && l.ctx.Err() == nil {
		l.app.report(err)
	}
}
