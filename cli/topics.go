package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/docs"
)

// flagsTopic is the page of the flags of every command.
const (
	flagsTopic = "flags"
	flagsAbout = "The flags that every command takes"
)

// topic shows a page of the documentation. ok is false for an unknown topic.
func topic(cmd *cobra.Command, name string) (ok bool, err error) {
	if name == "topics" {
		for _, t := range append(docs.Topics(), docs.Topic{Name: flagsTopic, About: flagsAbout}) {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%-17s %s\n", t.Name, t.About); err != nil {
				return true, err
			}
		}
		return true, nil
	}
	if name == flagsTopic {
		_, err := fmt.Fprint(cmd.OutOrStdout(), flagsAbout+".\n\n"+flagTexts(cmd.PersistentFlags(), helpColumns, false))
		return true, err
	}
	text, ok := docs.Text(name)
	if ok {
		_, err = fmt.Fprint(cmd.OutOrStdout(), text)
	}
	return ok, err
}

// topicNames completes the names of topics.
func topicNames() (names []cobra.Completion) {
	for _, t := range docs.Topics() {
		names = append(names, cobra.CompletionWithDesc(t.Name, t.About))
	}
	return append(names, cobra.CompletionWithDesc(flagsTopic, flagsAbout),
		cobra.CompletionWithDesc("topics", "All topics"))
}
