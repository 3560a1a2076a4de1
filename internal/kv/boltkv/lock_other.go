//go:build !unix || solaris || aix

package boltkv

import (
	"os"
	"time"
)

// lock leaves locking to bbolt, which does it after the file was walked.
func lock(*os.File, bool, time.Duration) error { return nil }
