package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/model"
	"github.com/levcontacts/levcontacts/work"
)

func (g *globals) noteCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "note",
		Short:   "List, add, edit and delete the notes on a contact",
		GroupID: groupContacts,
	}
	cmd.AddCommand(g.noteList(), g.noteAdd(), g.noteEdit(), g.noteDelete())
	return onlyCommands(cmd)
}

func (g *globals) noteList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list ID",
		Short: "List the notes on a contact, newest first",
		Args:  oneArg("the id of a contact"),

		ValidArgsFunction: g.completeOneContact,
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			session, _, err := g.session(cmd.Context())
			if err != nil {
				return err
			}
			defer session.Close()
			notes, err := g.app.notesOf(cmd.Context(), session, id)
			if err != nil {
				return err
			}
			return g.app.printNotes(notes, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a JSON array, as the service gave them")
	return paged(cmd)
}

// notesOf are the notes on a contact as the service has them now.
func (a *App) notesOf(ctx context.Context, s Session, id int64) (work.Notes, error) {
	notes, err := s.Notes(ctx, id, 0, work.Screen)
	if err == nil && notes.Lacking {
		err = notAllowed{errors.New("this service is of March 2026 and has no notes")}
	}
	return notes, err
}

func (a *App) printNotes(notes work.Notes, asJSON bool) error {
	if asJSON {
		return a.encode(append([]model.Note{}, notes.Items...))
	}
	if len(notes.Items) == 0 {
		a.inform("levcontacts: there are no notes on contact %d", notes.ContactID)
	}
	if notes.More {
		a.note("levcontacts: there are more notes than these %d", len(notes.Items))
	}
	if !a.OutTTY {
		if err := a.line("id\tcreated_at\tauthor\ttext"); err != nil {
			return err
		}
		for _, n := range notes.Items {
			cells := []string{n.ID, n.Created, n.Author, n.Text}
			for i := range cells {
				cells[i] = quotedCell(cells[i], '\t')
			}
			if err := a.line(strings.Join(cells, "\t")); err != nil {
				return err
			}
		}
		return nil
	}
	for i, n := range notes.Items {
		when := n.Created
		if t, ok := n.CreatedAt(); ok {
			when = t.Local().Format("2006-01-02 15:04")
		}
		head := strings.Join([]string{n.ID, when, cmp.Or(n.Author, "-")}, "  ")
		if n.Edited() {
			head += "  (edited)"
		}
		if i > 0 {
			head = "\n" + head
		}
		if err := a.line(head); err != nil {
			return err
		}
		for text := range strings.Lines(n.Text) {
			if err := a.line("  " + oneLine(strings.TrimRight(text, "\r\n"))); err != nil {
				return err
			}
		}
	}
	return nil
}

// noteText is where the text of a note comes from.
type noteText struct {
	text, file string
	yes, dry   bool
}

func (o *noteText) addTo(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.text, "text", "", "the text of the note")
	f.StringVar(&o.file, "file", "", "read the text from this `FILE`; - is standard input")
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&o.dry, "dry-run", false, "show what would be sent, and send nothing")
	cmd.MarkFlagsMutuallyExclusive("text", "file")
}

// read takes the text of a note from a flag, a file or an editor.
func (o *noteText) read(cmd *cobra.Command, g *globals, begin string) (string, error) {
	text := o.text
	switch {
	case o.file != "":
		raw, err := g.readFile(cmd.Context(), o.file)
		if err != nil {
			return "", err
		}
		if at := invalidByte(raw); at >= 0 {
			return "", usagef("--file: the text is not UTF-8 (byte 0x%02x)", raw[at])
		}
		text = string(raw)
	case !cmd.Flags().Changed("text"):
		if !g.app.terminal() || !g.app.OutTTY {
			return "", usagef("the text of the note is missing: --text, --file, or a terminal for an editor")
		}
		var err error
		if text, err = editText(cmd.Context(), g.app.Edit, begin); err != nil {
			return "", err
		}
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", usagef("a note must not be blank")
	}
	return text, nil
}

// unsent says of a write without a response how to find out about it.
func (a *App) unsent(err error) error {
	if errors.Is(err, work.ErrOutcomeUnknown) {
		a.note("levcontacts: %s The same command looks for it first", work.OutcomeUnknownText)
	}
	return err
}

// editText lets the person write in the editor that edit opens for a file.
func editText(ctx context.Context, edit func(context.Context, string) error, begin string) (string, error) {
	dir, err := os.MkdirTemp("", "levcontacts-note-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "note.txt")
	if err := os.WriteFile(path, []byte(begin), 0o600); err != nil {
		return "", err
	}
	if err := edit(ctx, path); err != nil {
		return "", err
	}
	raw, err := os.ReadFile(path)
	return string(raw), err
}

func (g *globals) noteAdd() *cobra.Command {
	var o noteText
	cmd := &cobra.Command{
		Use:   "add ID",
		Short: "Add a note to a contact",
		Args:  oneArg("the id of a contact"),
		Long: `Add a note to a contact and write its id to standard output. The text comes from a flag, a file or
standard input, or from the editor of VISUAL or EDITOR on a terminal. When no response comes, the same
command looks first whether the note was written.`,
		Example: `  levcontacts note add 78 --text 'Call back on Thursday'
  pbpaste | levcontacts note add 78 --file - --yes`,

		ValidArgsFunction: g.completeOneContact,
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			text, err := o.read(cmd, g, "")
			if err != nil {
				return err
			}
			return g.writeNote(cmd.Context(), o, "a note is added", func(context.Context, Session) (work.NoteWrite, error) {
				return work.NoteWrite{ContactID: id, Text: text}, nil
			})
		},
	}
	o.addTo(cmd)
	return cmd
}

func (g *globals) noteEdit() *cobra.Command {
	var o noteText
	cmd := &cobra.Command{
		Use:   "edit ID NOTE",
		Short: "Change the text of a note",
		Args:  twoArgs("the id of a contact and that of a note"),
		Long: `Change the text of a note, whose id levcontacts note list shows. The editor begins with the text as it is.
A note that someone else changes meanwhile is left alone.`,

		ValidArgsFunction: g.completeOneContact,
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			return g.writeNote(cmd.Context(), o, "a note is changed", func(ctx context.Context, s Session) (work.NoteWrite, error) {
				before, err := g.app.oneNote(ctx, s, id, args[1])
				if err != nil {
					return work.NoteWrite{}, err
				}
				text, err := o.read(cmd, g, before.Text)
				return work.NoteWrite{ContactID: id, Before: before, Text: text}, err
			})
		},
	}
	o.addTo(cmd)
	return cmd
}

func (g *globals) noteDelete() *cobra.Command {
	var o noteText
	cmd := &cobra.Command{
		Use:   "delete ID NOTE",
		Short: "Delete a note for good",
		Args:  twoArgs("the id of a contact and that of a note"),

		ValidArgsFunction: g.completeOneContact,
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[0])
			if err != nil {
				return err
			}
			return g.writeNote(cmd.Context(), o, "a note is deleted", func(ctx context.Context, s Session) (work.NoteWrite, error) {
				before, err := g.app.oneNote(ctx, s, id, args[1])
				return work.NoteWrite{ContactID: id, Before: before, Delete: true}, err
			})
		},
	}
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	return cmd
}

func (a *App) oneNote(ctx context.Context, s Session, contact int64, id string) (model.Note, error) {
	notes, err := a.notesOf(ctx, s, contact)
	if err != nil {
		return model.Note{}, err
	}
	for _, n := range notes.Items {
		if n.ID == id {
			return n, nil
		}
	}
	return model.Note{}, &model.Error{Kind: model.KindNotFound, Op: "look for the note", Message: fmt.Sprintf("contact %d has no note %s", contact, strconv.Quote(id))}
}

// writeNote shows a write of a note, asks, sends it and tells what came of it.
func (g *globals) writeNote(ctx context.Context, o noteText, what string, prepare func(context.Context, Session) (work.NoteWrite, error)) error {
	a := g.app
	if !o.dry {
		if err := a.needsYes(o.yes, what); err != nil {
			return err
		}
	}
	session, s, err := g.session(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	if s.Config.ReadOnly.Value && !o.dry {
		return notAllowed{fmt.Errorf("nothing is changed: read_only is set (%s)", s.Config.ReadOnly.Origin)}
	}
	w, err := prepare(ctx, session)
	if err != nil {
		return err
	}
	if o.dry {
		return a.encode(map[string]string{"text": w.Text})
	}
	if !o.yes {
		a.tellNote(w)
		if !a.confirm(ctx, noteQuestion(w)) {
			return errors.New("nothing was sent")
		}
	}
	saved, err := session.SaveNote(ctx, w)
	switch {
	case err != nil:
		return a.unsent(err)
	case saved.Conflict:
		a.note("levcontacts: someone else changed the note meanwhile; it is now:")
		a.tellText("", saved.Theirs.Text)
		return errors.New("nothing was sent; run the command again to change it from what it is now")
	case saved.Nothing && w.Kind() == work.KindNoteCreate:
		a.note("levcontacts: an earlier attempt had written this note; nothing was sent")
	case saved.Nothing:
		a.note("levcontacts: the service had it so already; nothing was sent")
	default:
		rules, _ := w.Kind().Rules()
		a.inform("levcontacts: %s%s", rules.Past, requestOf(saved.RequestID))
	}
	if w.Kind() == work.KindNoteCreate {
		return a.line(saved.Note.ID)
	}
	return nil
}

func noteQuestion(w work.NoteWrite) string {
	switch w.Kind() {
	case work.KindNoteDelete:
		return "Delete this note for good?"
	case work.KindNoteUpdate:
		return "Save this?"
	}
	return "Add this note?"
}

// tellNote shows a write of a note on standard error, old to new.
func (a *App) tellNote(w work.NoteWrite) {
	a.note("contact %d:", w.ContactID)
	if w.Before.ID != "" {
		a.tellText("- ", w.Before.Text)
	}
	if !w.Delete {
		a.tellText("+ ", w.Text)
	}
}

func (a *App) tellText(mark, text string) {
	for line := range strings.Lines(text) {
		a.note("  %s%s", mark, strings.TrimRight(line, "\r\n"))
	}
}
