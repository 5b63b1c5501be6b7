//go:build !linux

package rig

// memory is "": no folder is known to be in memory.
func memory() string { return "" }
