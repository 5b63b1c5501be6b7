package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"levcontacts/docs"
)

// topic shows a page of the documentation. ok is false for an unknown topic.
func topic(cmd *cobra.Command, name string) (ok bool, err error) {
	if name == "topics" {
		for _, t := range docs.Topics() {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%-17s %s\n", t.Name, t.About); err != nil {
				return true, err
			}
		}
		return true, nil
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
	return append(names, cobra.CompletionWithDesc("topics", "All topics"))
}
