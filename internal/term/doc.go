// Package term runs a real program in a real pseudo-terminal and shows its
// screen as a terminal would: as text for tests, as cells for pictures, as
// times for measurements.
//
// Nothing here waits blindly. Every wait is for a condition on the screen, is
// woken by the program's own output, and ends with an error that shows the
// screen when the condition does not come true in time or the program ends
// first. A frame that the program brackets with synchronized output is shown
// whole or not at all.
package term
