// Package kill holds tests of the real program in a real terminal that is
// killed, or loses its service, its files or its disk, at any moment: what was
// typed, what was sent and what is shown at the next start.
package kill
