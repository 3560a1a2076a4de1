package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

// replacement is a database on its way into the place of another. From its
// beginning to its end it has the data folder to itself.
type replacement struct {
	folder, file string
	fresh        string        // the new database, to be filled
	held         *boltkv.Store // the present one, kept from others; nil when it is not there or damaged
	unlock       func() error
}

// errRestoring means that the data folder is being restored by another process.
var errRestoring = errors.New("another restore is at work on this data folder")

func beginReplacement(folder, file string) (*replacement, error) {
	unlock, err := lockFolder(folder)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	const mark = ".restoring-"
	r := &replacement{folder: folder, file: file, unlock: unlock, fresh: file + mark + strings.ToLower(rand.Text())}
	err = r.hold()
	if err == nil {
		err = removeBeginning(file + mark) // of restores that were killed
	}
	if err != nil {
		return nil, errors.Join(err, r.end())
	}
	return r, nil
}

// hold keeps others from the present database, or finds that they have it.
func (r *replacement) hold() (err error) {
	if r.held == nil {
		r.held, err = holdDatabase(r.file)
	}
	return err
}

// holdDatabase opens a database to keep others from it; nil when it is not there,
// or so damaged that nobody can have it open.
func holdDatabase(file string) (*boltkv.Store, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	store, err := boltkv.Open(file, boltkv.LockTimeout(0))
	if errors.Is(err, kv.ErrLocked) {
		return nil, err
	}
	if err != nil {
		return nil, nil
	}
	return store, nil
}

func (r *replacement) letGo() error {
	if r.held == nil {
		return nil
	}
	held := r.held
	r.held = nil
	return held.Close()
}

// swap puts the new database in the place of the present one, which is kept under
// the name that is returned; none when there was none.
func (r *replacement) swap(now time.Time) (aside string, err error) {
	if err := r.hold(); err != nil { // one may have been begun meanwhile
		return "", err
	}
	if runtime.GOOS == "windows" { // it renames no file over one that is open
		if err := r.letGo(); err != nil {
			return "", err
		}
	}
	if aside, err = keepAside(r.file, now); err != nil {
		return "", err
	}
	if err = os.Rename(r.fresh, r.file); err != nil {
		if aside != "" {
			err = errors.Join(err, os.Rename(aside, r.file)) // of two names of one file, both stay
		}
		return "", err
	}
	return aside, syncFolder(r.folder)
}

// end gives the folder back. What was not put in place is deleted.
func (r *replacement) end() error {
	return errors.Join(r.letGo(), removeBeginning(r.fresh), r.unlock())
}

// keepAside gives the file a second name that nothing has yet, so that there is no
// moment at which neither database is in its place. Where a file cannot have two
// names it is renamed.
func keepAside(file string, now time.Time) (aside string, err error) {
	stamp := file + ".before-restore-" + now.In(fleet.PKT).Format("20060102-150405")
	aside = stamp
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return "", err
		}
		aside = fmt.Sprintf("%s-%d", stamp, n)
	}
	err = os.Link(file, aside)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(file, aside)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return aside, err
}

// removeBeginning deletes the files whose names begin so.
func removeBeginning(path string) error {
	folder, name := filepath.Split(path)
	files, err := os.ReadDir(filepath.Clean(folder))
	for _, f := range files {
		if strings.HasPrefix(f.Name(), name) {
			err = errors.Join(err, os.Remove(filepath.Join(folder, f.Name())))
		}
	}
	return err
}
