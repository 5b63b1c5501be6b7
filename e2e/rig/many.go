package rig

import (
	"flag"
	"runtime"
	"strconv"
)

// RunMany lets more tests run at once than the machine has processors: they
// wait more than they work. The command line wins.
func RunMany() {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(max(8, 2*runtime.GOMAXPROCS(0))))
	}
}
