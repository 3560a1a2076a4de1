package main

import (
	"errors"
	"io"
	"io/fs"
	"os"

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
	return c.writeFile(path, write)
}

// refuseTerminal refuses to write a workbook where people would see its bytes.
func (c *cli) refuseTerminal(path string) error {
	if path == "" && isTerminal(c.stdout) {
		return usageError("a workbook cannot be shown on a terminal: name a file with -o, such as -o takhti.xlsx")
	}
	return nil
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
