package work

import "errors"

// OutcomeUnknownText is the one wording for a write that got no response. "Not
// sent" is only for what certainly never left.
const OutcomeUnknownText = "No response: it may or may not have been saved."

// Causes of a *model.Error, for errors.Is.
var (
	// ErrNoJournal is a write that was not sent, because the journal cannot be
	// opened or written.
	ErrNoJournal = errors.New("the journal cannot be written, so nothing was sent")
	// ErrCannotLook is a create that was held back: an earlier attempt got no
	// response, and the service cannot tell yet whether it made the contact.
	ErrCannotLook = errors.New("an earlier attempt got no response, and the service cannot tell whether it made the contact")
	// ErrOutcomeUnknown is a write that may or may not have been carried out.
	//lint:ignore ST1005 the screen and the commands print it as a sentence
	ErrOutcomeUnknown = errors.New(OutcomeUnknownText)
	// ErrElsewhere is a write that was not sent, because another running program
	// is writing the same thing.
	ErrElsewhere = errors.New("another running program is writing it")
)
