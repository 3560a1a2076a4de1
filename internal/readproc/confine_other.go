//go:build !linux

package readproc

import (
	"os"
	"os/exec"
)

// hand tells the process where the file is: not every system lets a process
// inherit an open one.
func hand(_ *exec.Cmd, f *os.File, o *opening) { o.Path = f.Name() }

func handed(o *opening) (*os.File, error) { return os.Open(o.Path) }

// confine can do no more than a process can do to itself: no kernel but Linux's
// bounds memory as a Go program takes it.
func confine(l Limits) error {
	boundMemory(l.Memory)
	return nil
}
