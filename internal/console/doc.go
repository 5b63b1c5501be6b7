// Package console holds the terminal that the screen is drawn on: it takes the
// terminal, reads it, and gives it back as it was found.
//
// The terminal library reads [Console.Input] and writes through [Output]; only this
// package changes the line settings. So pastes arrive whole, the terminal can
// be given back while the library is stuck, and a suspended program never
// touches the terminal of its shell.
package console
