package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

// writeFile writes a file that was named on the command line whole or not at all:
// under another name in the same folder, and onto the disk, before it gets its
// own. What is no file but takes bytes, such as a pipe, gets them as they come.
func (c *cli) writeFile(path string, write func(io.Writer) error) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fleet.Invalidf("file.folder", "%s is a folder: name a file in it", path)
	case err == nil && !info.Mode().IsRegular():
		return writeStraight(path, write)
	}
	target, err := linkedFile(path)
	if err != nil {
		return unwritable(path, err)
	}
	if c.isRegisters(target) {
		return fleet.Conflictf("file.registers", "%s is a file of the register itself: name another file", path)
	}
	return writeWhole(path, target, write)
}

func writeStraight(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return unwritable(path, err)
	}
	return errors.Join(write(f), f.Close())
}

func writeWhole(path, target string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+"-*")
	if err != nil {
		return unwritable(path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err = errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), target); err != nil {
		return unwritable(path, err)
	}
	return syncFolder(filepath.Dir(target))
}

// linkedFile is where the symbolic links at the path lead, in the end perhaps to a
// file that is yet to be made.
func linkedFile(path string) (string, error) {
	const most = 40 // as on Linux
	for range most {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link: it is the file, or none is there
		}
		if !filepath.IsAbs(to) {
			folder, err := filepath.EvalSymlinks(filepath.Dir(path))
			if err != nil {
				return "", err
			}
			to = filepath.Join(folder, to)
		}
		path = to
	}
	return "", errors.New("its links lead nowhere")
}

// isRegisters says whether the path is that of a database in a data folder, this
// one or another, also of one put aside, or of an imported workbook, or leads to a
// database by another name.
func (c *cli) isRegisters(path string) bool {
	if boltkv.IsDatabase(path) {
		return true
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return true // better no file than the register's
	}
	folder, database := filepath.Dir(path), filepath.Base(c.databaseFile())
	isData := func(folder string) bool {
		_, err := os.Lstat(filepath.Join(folder, database))
		return err == nil || sameFolder(folder, c.data)
	}
	return strings.HasPrefix(filepath.Base(path), database) && isData(folder) ||
		filepath.Base(folder) == filepath.Base(c.importsFolder()) && isData(filepath.Dir(folder)) || sameFolder(folder, c.importsFolder())
}

func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// unwritable says of the file as it was named why it cannot be written.
func unwritable(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fleet.NotFoundf("folder.not_found", "there is no folder %s: make it, or name another file", filepath.Dir(path))
	}
	var one *fs.PathError
	var two *os.LinkError
	switch {
	case errors.As(err, &one):
		err = one.Err
	case errors.As(err, &two):
		err = two.Err
	}
	return fmt.Errorf("%s cannot be written: %w", path, err)
}
