// Command licenses prints the licenses of all modules and data that the program is
// built from, on any of the systems it is released for. It fails where one has none.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := write(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func write(to io.Writer) error {
	modules := map[string]string{} // folders by name and version
	for _, system := range []string{"linux", "darwin", "windows", "freebsd"} {
		if err := collect(system, modules); err != nil {
			return err
		}
	}
	modules["The metadata of libphonenumber, by Google"] = filepath.Join("model", "numbers")
	names := make([]string, 0, len(modules))
	for name := range modules {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintln(to, "levcontacts holds these modules and data, each under its own license.")
	for _, name := range names {
		texts, err := licenses(modules[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(to, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 79), name, texts)
	}
	return nil
}

// collect adds the modules of the program on one system, and Go itself.
func collect(system string, modules map[string]string) error {
	const format = `{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{"\t"}}{{.Dir}}{{end}}{{end}}`
	cmd := exec.Command("go", "list", "-deps", "-f", format, ".")
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go list for %s: %w", system, err)
	}
	for line := range strings.Lines(string(out)) {
		if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			modules[name] = dir
		}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	modules["The Go standard library"] = strings.TrimSpace(string(root))
	return nil
}

// licenses are the texts in a module's folder.
func licenses(dir string) (string, error) {
	var texts []string
	for _, pattern := range []string{"LICEN[SC]E*", "COPYING*", "NOTICE*"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", err
		}
		for _, path := range paths {
			if info, err := os.Stat(path); err != nil || info.IsDir() {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			texts = append(texts, strings.TrimSpace(string(text)))
		}
	}
	if len(texts) == 0 {
		return "", errors.New("no license file")
	}
	return strings.Join(texts, "\n\n"), nil
}
