//go:build unix && !solaris && !aix

package boltkv

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/takhti-edu/takhti/internal/kv"
)

// lock takes the lock that bbolt takes again later, on the same open file.
func lock(f *os.File, exclusive bool, wait time.Duration) error {
	const pause = 50 * time.Millisecond
	how := syscall.LOCK_NB | syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_NB | syscall.LOCK_EX
	}
	for ; ; wait -= pause {
		err := syscall.Flock(int(f.Fd()), how)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("cannot be locked: %w", err)
		}
		if wait <= 0 {
			return kv.ErrLocked
		}
		time.Sleep(pause)
	}
}
