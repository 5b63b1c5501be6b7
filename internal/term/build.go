package term

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// Build builds the main package pkg, an import path or a relative folder, into
// the folder dir and returns the path of the program. Further flags, as -race,
// go to go build.
func Build(ctx context.Context, dir, pkg string, flags ...string) (string, error) {
	// A folder of its own, so that the name the go command gives the program
	// can be found.
	out := filepath.Join(dir, "bin")
	if err := os.MkdirAll(out, 0o700); err != nil {
		return "", fmt.Errorf("build %s: %w", pkg, err)
	}
	args := append([]string{"build", "-o", out + string(filepath.Separator)}, flags...)
	if said, err := exec.CommandContext(ctx, "go", append(args, pkg)...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", pkg, err, said)
	}
	made, err := os.ReadDir(out)
	if err != nil {
		return "", fmt.Errorf("build %s: %w", pkg, err)
	}
	if len(made) != 1 {
		return "", fmt.Errorf("build %s: %d files were made, want 1 program; the folder is for one package only", pkg, len(made))
	}
	return filepath.Join(out, made[0].Name()), nil
}

// BuildOnce is [Build] for tests: the first call in a process builds, every
// later one with the same package and flags returns the same path. The program
// stays in the user's cache folder, where the next process finds it up to
// date and only has to make sure of that.
func BuildOnce(ctx context.Context, pkg string, flags ...string) (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("build %s: %w", pkg, err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("build %s: %w", pkg, err)
	}
	what := strings.Join(append([]string{here, pkg}, flags...), "\x00")
	key := fmt.Sprintf("%x", sha256.Sum256([]byte(what)))[:16]
	dir := filepath.Join(cache, "levcontacts-test", key)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("build %s: %w", pkg, err)
	}
	// The lock holds off other processes and, as every call opens the file
	// anew, the other goroutines of this one. The environment is what a process
	// can remember something in without a variable.
	lock := flock.New(filepath.Join(dir, "lock"))
	if err := lock.Lock(); err != nil {
		return "", fmt.Errorf("build %s: %w", pkg, err)
	}
	defer func() { _ = lock.Close() }()
	built := "LEVCONTACTS_TEST_BUILD_" + key
	if path := os.Getenv(built); path != "" {
		return path, nil
	}
	path, err := Build(ctx, dir, pkg, flags...)
	if err == nil {
		err = readSources(ctx, pkg)
	}
	return path, errors.Join(err, os.Setenv(built, path))
}

// readSources looks into the folders of the packages that a program is made of.
// The go command repeats a test whose folders have changed, and would otherwise
// believe an earlier result of a test that starts another program.
func readSources(ctx context.Context, pkg string) error {
	said, err := exec.CommandContext(ctx, "go", "list", "-deps", "-f", "{{if and .Module .Module.Main}}{{.Dir}}{{end}}", pkg).Output()
	if err != nil {
		return fmt.Errorf("list the packages of %s: %w", pkg, err)
	}
	for dir := range strings.SplitSeq(strings.TrimSpace(string(said)), "\n") {
		if _, err := os.ReadDir(dir); err != nil {
			return fmt.Errorf("list the packages of %s: %w", pkg, err)
		}
	}
	return nil
}
