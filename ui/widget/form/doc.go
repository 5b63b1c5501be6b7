// Package form is everything in which a person types or decides about values:
// the form of a whole contact, one field edited in place, the picture of a
// change before it is sent, and the choice between two people's changes.
//
// The inputs are fields of huh. huh's own Form is not their host, because it
// cannot show an error beside its field, be saved from anywhere, be left with a
// question, go back from a wrong field, or hold what a service refused.
//
// Nothing here reads a clock or does I/O. Components hold huh fields by
// reference: of a component and its copies only the newest may be used.
package form

// Intent says what the last message asks of the program around a component.
type Intent uint8

// The intents. Changed means that the draft differs from before the message.
const (
	None Intent = iota
	Changed
	SaveAsked
	LeaveAsked
	SaveConfirmed
	Back
	Decided
	EditorAsked // the text is to be written in the user's own editor
)
