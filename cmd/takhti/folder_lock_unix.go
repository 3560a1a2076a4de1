//go:build unix && !solaris && !aix

package main

import (
	"errors"
	"os"
	"syscall"
)

// lockFolder keeps other restores from the folder until unlock, or until this
// process ends, however it does.
func lockFolder(folder string) (unlock func() error, err error) {
	d, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errRestoring
		}
		return nil, errors.Join(err, d.Close())
	}
	return d.Close, nil
}
