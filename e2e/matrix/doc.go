// Package matrix holds a test that meets every request of the program with every
// fault of the sandbox and every odd answer, in a terminal.
package matrix
