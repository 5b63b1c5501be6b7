// Package e2e holds tests of the real program in a real terminal, against a
// sandbox over real HTTP: what a person sees, what the service receives, and
// what is left behind.
package e2e
