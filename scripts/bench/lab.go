package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// lab is where benches work: a folder of its own, the registers that several of
// them share, and the table of what was found.
type lab struct {
	dir      string
	keep     string // where registers are made; the same folder unless they are kept
	stderr   io.Writer
	profiles string
	table    table
}

func openLab(keep, profiles string, stderr io.Writer) (*lab, error) {
	dir, err := os.MkdirTemp("", "takhti-bench-")
	for _, named := range []string{keep, profiles} {
		if err == nil && named != "" {
			err = os.MkdirAll(named, 0o700)
		}
	}
	return &lab{dir: dir, keep: cmp.Or(keep, dir), stderr: stderr, profiles: profiles}, err
}

func (l *lab) close() { _ = os.RemoveAll(l.dir) }

// path is a file or folder in the lab's own.
func (l *lab) path(name string) string { return filepath.Join(l.dir, name) }

// say reports progress.
func (l *lab) say(format string, args ...any) { fmt.Fprintf(l.stderr, "bench: "+format+"\n", args...) }

// profiled runs fn, and keeps its CPU profile when that was asked for.
func (l *lab) profiled(name string, fn func() error) (err error) {
	if l.profiles == "" {
		return fn()
	}
	f, err := os.Create(filepath.Join(l.profiles, name+".pprof"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return fn()
}

// copyFile copies a register's file, so that a bench can change its own.
func (l *lab) copyFile(from, name string) (string, error) {
	src, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer src.Close()
	dst, err := os.Create(l.path(name))
	if err != nil {
		return "", err
	}
	_, err = io.Copy(dst, src)
	return dst.Name(), errors.Join(err, dst.Sync(), dst.Close())
}
