package work

import (
	"time"

	"github.com/levcontacts/levcontacts/model"
)

// Changed is a contact that someone else changed, as the local copy met it.
type Changed struct {
	N         int64 // goes up with every change that was met
	ContactID int64
	Name      string
	// At is when it changed, as the service says, or when that was met.
	At      time.Time
	New     bool // the contact was not there before
	Changes []model.Change
	Seen    bool // the person has looked at it
}
