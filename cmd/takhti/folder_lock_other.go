//go:build !unix || solaris || aix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// lockFolder keeps other restores from the folder until unlock. A restore that was
// killed leaves the lock behind.
func lockFolder(folder string) (unlock func() error, err error) {
	name := filepath.Join(folder, "restore.lock")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%w; if it was killed, delete %s", errRestoring, name)
	}
	if err != nil {
		return nil, err
	}
	return func() error { return errors.Join(f.Close(), os.Remove(name)) }, nil
}
