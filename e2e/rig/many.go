package rig

import (
	"flag"
	"os"
	"runtime"
	"strconv"
)

// RunMany lets more tests run at once than the machine has processors: they
// wait more than they work. The command line wins. Their files are kept in memory
// where there is a file system for it: no test needs a real disk, and hundreds of
// programs that make sure of theirs wait for each other.
func RunMany() {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(max(8, 2*runtime.GOMAXPROCS(0))))
	}
	if dir := memory(); dir != "" && os.Getenv("TMPDIR") == "" {
		_ = os.Setenv("TMPDIR", dir)
	}
}
