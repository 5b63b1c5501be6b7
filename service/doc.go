// Package service is what the program does with the Lev API and with what it
// keeps on disk: the screen and the command line ask it, and neither speaks to
// the network or to a database itself.
//
// The promises about writes are kept here. A contact is looked at just before
// it is changed, and a change that someone else made to the same field since
// stops the save. Every write is in the journal, on the disk, before it is
// sent; where the journal cannot be written nothing is sent. A write whose
// response never came is looked up, and repeated only when the user asks for it.
// Only what was shown is sent.
//
// What is kept is opened when it is first needed, so that a screen can be drawn
// before. The copy of the contacts is a convenience: whatever goes wrong with
// it is said once, and the program goes on without it.
package service
