package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"syscall"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// wrong use of a command that only shows once it runs, such as two flags that
// do not go together.
type usageError string

func (e usageError) Error() string { return string(e) }

// reported is an error of which everything was said already; only the exit code
// is left.
type reported int

func (reported) Error() string { return "" }

// report tells people what went wrong and what to do next, and gives the exit code.
func (c *cli) report(err error) int {
	var told reported
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &told):
		return int(told)
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("stopped before it was done")
	}
	code := exitUsage
	if c.began {
		code = exitCodeOf(err)
	}
	c.tell("takhti: %v", err)
	if next := c.next(err, code); next != "" {
		c.tell("takhti: %s", next)
	}
	return code
}

// exitCodeOf is the exit code of an error of a command that ran.
func exitCodeOf(err error) int {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, kv.ErrLocked), errors.Is(err, errRestoring):
		return exitInUse
	case errors.Is(err, kv.ErrDump):
		return exitRefused
	}
	var answer *takhti.Error
	switch kind := fleet.KindOf(err); {
	case kind == fleet.NotFound || takhti.IsNotFound(err):
		return exitNotFound
	case kind == fleet.Invalid || kind == fleet.Conflict || kind == fleet.Forbidden || kind == fleet.Unauthenticated:
		return exitRefused
	case errors.As(err, &answer) && answer.Status < http.StatusInternalServerError && answer.Status != http.StatusTooManyRequests:
		return exitRefused
	}
	return exitFailed
}

// next is what can be done about an error, where its own text does not say.
func (c *cli) next(err error, code int) string {
	var network *net.OpError
	switch {
	case code == exitUsage && c.command != nil:
		return fmt.Sprintf("run \"%s --help\" to see how it is used", c.command.CommandPath())
	case errors.Is(err, kv.ErrLocked):
		return fmt.Sprintf("work through the server that has it open, with --server URL --token TOKEN, or stop that server first (data folder %s)", c.data)
	case errors.Is(err, errRestoring):
		return "nothing was changed; wait until that one has ended"
	case errors.Is(err, kv.ErrCorrupt):
		return fmt.Sprintf("nothing was changed; put a backup in its place with \"takhti restore FILE --data %s\"", c.data)
	case errors.Is(err, kv.ErrDump):
		return "nothing was changed; use another backup"
	case errors.Is(err, kv.ErrFull):
		return "" // it says so itself
	case errors.Is(err, kv.ErrUnknown):
		return "it is not known whether this was done: look before you repeat it"
	case errors.Is(err, syscall.ENOSPC):
		return "make room on the disk and repeat the command"
	case errors.Is(err, fs.ErrPermission):
		return "use a folder and files that belong to you"
	case errors.Is(err, syscall.EADDRINUSE):
		return "another program listens there; name another address with --addr, such as 127.0.0.1:8081"
	case errors.As(err, &network) && errors.Is(err, syscall.ECONNREFUSED):
		return "is the server running there? \"takhti serve\" starts one"
	}
	return ""
}
