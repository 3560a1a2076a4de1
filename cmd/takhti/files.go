package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// openFile opens a file that was named on the command line.
func openFile(path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fleet.NotFoundf("file.not_found", "there is no file %s", path)
	}
	return f, err
}

// toFile writes to the file, or to standard output when none is named.
func (c *cli) toFile(path string, write func(io.Writer) error) error {
	if path == "" {
		return write(c.stdout)
	}
	return writeFile(path, write)
}

// refuseTerminal refuses to write a workbook where people would see its bytes.
func (c *cli) refuseTerminal(path string) error {
	if path == "" && isTerminal(c.stdout) {
		return usageError("a workbook cannot be shown on a terminal: name a file with -o, such as -o takhti.xlsx")
	}
	return nil
}

// writeFile writes a file whole or not at all: under another name in the same
// folder, and onto the disk, before it gets its own.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err = errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder gets a folder's list of files onto the disk, where that can be done.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = d.Sync() // some systems cannot
	return d.Close()
}
