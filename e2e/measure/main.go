//go:build unix

// Command measure compares levcontacts, over a local copy of many contacts,
// with a Bubble Tea program that does nothing: the time from start to rows on
// the screen, from a key to the frame that answers it, and the most memory
// used. Both run in a pseudo-terminal of 120 x 40 cells on this machine, in
// turns, so that what else the machine does meets both; what counts is the ratio.
//
//	go run ./e2e/measure
//	go run ./e2e/measure -contacts 1000000 -runs 20 -check
//
// It prints a table in Markdown. With -check it ends with 1 when a limit is
// not kept.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/internal/term"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// options are what the command line asks for.
type options struct {
	contacts []int
	dialect  sandbox.Dialect
	runs     int    // starts of each program
	keys     int    // keys of each kind in each program
	check    bool   // end with 1 when a limit is not kept
	program  string // levcontacts, built already
}

func run(ctx context.Context, args []string) (code int) {
	o, err := parse(args)
	if err != nil {
		return 2
	}
	kept, err := measure(ctx, o)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "measure:", err)
		return 1
	case o.check && !kept:
		return 1
	}
	return 0
}

// parse reads the command line; what is wrong with it has been said when it
// returns an error.
func parse(args []string) (o options, err error) {
	o.dialect = sandbox.DialectMarch
	flags := flag.NewFlagSet("measure", flag.ContinueOnError)
	contacts := flags.String("contacts", "100000,1000000", "`numbers` of contacts in the copy, separated by commas")
	flags.Func("dialect", "how large a contact is: `march`, as on the contacts page of March 2026 (the default), or both, with the fields of later versions", func(text string) error {
		switch text {
		case "march":
			o.dialect = sandbox.DialectMarch
		case "both":
			o.dialect = sandbox.DialectBoth
		default:
			return errors.New("want march or both")
		}
		return nil
	})
	flags.IntVar(&o.runs, "runs", 15, "how often each program is started")
	flags.IntVar(&o.keys, "keys", 200, "how many keys of each kind are pressed in each program")
	flags.BoolVar(&o.check, "check", false, "end with 1 when a limit is not kept")
	flags.StringVar(&o.program, "program", "", "measure this `file` and build nothing")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	for text := range strings.SplitSeq(*contacts, ",") {
		n, err := strconv.Atoi(text)
		if err == nil && (n < leastContacts || n > mostContacts) {
			err = errors.New("out of range")
		}
		if err != nil {
			err = fmt.Errorf("-contacts %s: want numbers from %d to %d", *contacts, leastContacts, mostContacts)
			fmt.Fprintln(os.Stderr, err)
			return o, err
		}
		o.contacts = append(o.contacts, n)
	}
	if o.runs < 1 || o.keys < 1 || flags.NArg() > 0 {
		err := errors.New("want -runs and -keys of 1 or more, and no arguments")
		fmt.Fprintln(os.Stderr, err)
		return o, err
	}
	return o, nil
}

// measure builds both programs and prints a table for each number of contacts.
// kept reports whether no limit was missed.
func measure(ctx context.Context, o options) (kept bool, err error) {
	dir, err := os.MkdirTemp("", "levcontacts-measure-")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	empty, err := term.Build(ctx, filepath.Join(dir, "empty"), "github.com/levcontacts/levcontacts/e2e/measure/empty")
	if err != nil {
		return false, err
	}
	if o.program == "" {
		if o.program, err = term.Build(ctx, filepath.Join(dir, "levcontacts"),
			"github.com/levcontacts/levcontacts"); err != nil {
			return false, err
		}
	}
	kept = true
	for _, n := range o.contacts {
		figures, err := measureBook(ctx, o, filepath.Join(dir, strconv.Itoa(n)), empty, n)
		if err != nil {
			return false, fmt.Errorf("%d contacts: %w", n, err)
		}
		rows := figures.rows()
		fmt.Print(table(figures.book, rows))
		for _, r := range rows {
			kept = kept && !r.missed
		}
	}
	return kept, nil
}
