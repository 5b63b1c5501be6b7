// Package service is what the program does with the Lev API and with what it
// keeps on disk: the screen and the command line ask it, and neither speaks to
// the network or to a database itself.
//
// The promises about writes are kept here. A contact is looked at just before
// it is changed, and a change that somebody else made to the same field since
// stops the save. Every write is in the journal, on the disk, before it is
// sent; one whose answer never came is looked up before it is repeated, and a
// create is never repeated unasked. Only what was shown is sent.
//
// What is kept is opened when it is first needed, so that a screen can be drawn
// before. The copy of the contacts is a convenience: whatever goes wrong with
// it is said once, and the program goes on without it.
package service
