package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrFileExists means that a configuration file is there already.
var ErrFileExists = errors.New("the configuration file exists already and is left as it is")

// Init writes the documented example to path, for the user alone (0600).
// The error is [ErrFileExists] when a file exists.
func Init(path string, in Input) error {
	if err := makeParent(path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %s", ErrFileExists, path)
	}
	if err != nil {
		return fmt.Errorf("create %s: %s", path, reason(err))
	}
	_, err = f.WriteString(Example(in))
	return errors.Join(err, f.Close())
}

// makeParent creates the folder of a file. Only the program's own folder is
// closed to others; one that the user chose is theirs.
func makeParent(path string) error {
	dir := filepath.Dir(path)
	if filepath.Base(dir) == folder {
		return MakePrivateDir(dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create folder %s: %s", dir, reason(err))
	}
	return nil
}

// writeFile replaces a file in one step, for the user alone (0600): after
// a crash there is the old one or the new one.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %s", path, reason(err))
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path) // CreateTemp made it 0600
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %s", path, reason(err)), os.Remove(f.Name()))
	}
	return nil
}
