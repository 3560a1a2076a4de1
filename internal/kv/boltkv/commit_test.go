//go:build linux

package boltkv_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

// replace makes the descriptor by which this process has the file open one of
// another file, as a disk that fails. It returns what undoes that.
func replace(t *testing.T, file, with string, flag int) (undo func()) {
	t.Helper()
	fd := descriptor(t, file)
	was, err := syscall.Dup(fd)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.OpenFile(with, flag, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	if err := syscall.Dup3(int(other.Fd()), fd, 0); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := errors.Join(syscall.Dup3(was, fd, 0), syscall.Close(was)); err != nil {
			t.Fatal(err)
		}
	}
}

func descriptor(t *testing.T, file string) int {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && to == file {
			fd, err := strconv.Atoi(filepath.Base(link))
			if err != nil {
				t.Fatal(err)
			}
			return fd
		}
	}
	t.Fatalf("%s is not open", file)
	return 0
}

func putFormat(s kv.Store, t *testing.T, val string) error {
	return s.Update(t.Context(), func(w kv.Writer) error { return w.Put(kv.Key("format"), []byte(val)) })
}

func TestFullDiskWritesNothingAndGoesOn(t *testing.T) {
	file := path(t)
	s := open(t, file)
	fill(t, s, 100)
	undo := replace(t, file, "/dev/full", os.O_RDWR)
	err := putFormat(s, t, "2")
	want := fmt.Sprintf("%s: the disk is full; nothing was written: make room and try again", file)
	if !errors.Is(err, kv.ErrFull) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got  %v\nwant %s …", err, want)
	}
	got, err := contents(t, s)
	if err != nil || len(got) != 206 || got[len(got)-1] != "02666f726d617400=31" {
		t.Errorf("after it: %q, %v", got, err)
	}
	undo()
	if err := putFormat(s, t, "3"); err != nil {
		t.Errorf("with room again: %v", err)
	}
	closeStore(t, s)
	if err := boltkv.Check(t.Context(), file); err != nil {
		t.Error(err)
	}
	got, err = contents(t, open(t, file))
	if err != nil || len(got) != 206 || got[len(got)-1] != "02666f726d617400=33" {
		t.Errorf("after opening again: %q, %v", got, err)
	}
}

func TestFailedCommitEndsAllUse(t *testing.T) {
	file := path(t)
	s := open(t, file)
	fill(t, s, 100)
	undo := replace(t, file, file, os.O_RDONLY) // writes fail
	err := putFormat(s, t, "2")
	if !errors.Is(err, kv.ErrUnknown) || !errors.Is(err, syscall.EBADF) || errors.Is(err, kv.ErrFull) {
		t.Errorf("a commit that cannot write gives %v", err)
	}
	undo()
	_, err = contents(t, s)
	if !errors.Is(err, kv.ErrClosed) || !strings.Contains(err.Error(), "start again") {
		t.Errorf("a view after it gives %v", err)
	}
	if err := putFormat(s, t, "3"); !errors.Is(err, kv.ErrClosed) || errors.Is(err, kv.ErrUnknown) {
		t.Errorf("an update after it gives %v", err)
	}
	closeStore(t, s)
	s = open(t, file)
	if got, err := contents(t, s); err != nil || len(got) != 206 {
		t.Errorf("after opening again there are %d pairs, %v", len(got), err)
	}
	if err := putFormat(s, t, "4"); err != nil {
		t.Error(err)
	}
}

// TestFileCutOffWhileOpen: reading past the end of a mapped file is a fault,
// which ends a process that is not ready for it.
func TestFileCutOffWhileOpen(t *testing.T) {
	file := path(t)
	s := open(t, file)
	fill(t, s, 1000)
	closeStore(t, s)
	s = open(t, file)
	if err := os.Truncate(file, 2*int64(os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	if _, err := contents(t, s); !errors.Is(err, kv.ErrCorrupt) || !strings.HasPrefix(err.Error(), file+": stored data is damaged: a page cannot be read: ") {
		t.Errorf("a scan gives %v", err)
	}
	err := s.View(t.Context(), func(r kv.Reader) error {
		_, err := r.Get(kv.Key("device").Uint(1))
		return err
	})
	if !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("a get gives %v", err)
	}
	err = s.Update(t.Context(), func(w kv.Writer) error {
		return w.Put(kv.Key("device").Uint(1), nil)
	})
	if !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("an update gives %v", err)
	}
}

// After a commit of unknown outcome, what stood on it is not committed.
func TestABulkOfUnknownOutcomeEndsWhatStandsOnIt(t *testing.T) {
	file := path(t)
	s := open(t, file)
	fill(t, s, 100)
	undo := replace(t, file, file, os.O_RDONLY) // writes fail
	errs := inTurn(t, s,
		func(w kv.Writer) error { return writeMany(w, 0) },
		func(w kv.Writer) error { return w.Put(kv.Key("after"), nil) })
	undo()
	if !errors.Is(errs[0], kv.ErrUnknown) || !errors.Is(errs[1], kv.ErrClosed) || errors.Is(errs[1], kv.ErrUnknown) {
		t.Errorf("got %v", errs)
	}
	closeStore(t, s)
	if got, err := contents(t, open(t, file)); err != nil || len(got) != 206 {
		t.Errorf("after opening again there are %d pairs, %v", len(got), err)
	}
}
