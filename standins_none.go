//go:build !standins

package main

// newProgram is the program with what every machine has around it.
func newProgram() program { return program{} }
