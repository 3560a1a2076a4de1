package registry

import (
	"context"
	"errors"
	"syscall"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// failures words what can go wrong below the register.
var failures = []struct {
	is      error
	kind    fleet.Kind
	code    string
	message string
}{
	{kv.ErrUnknown, fleet.Unavailable, "register.unknown", "it is not known whether this was saved: repeat the very same request, which does no harm if it was"},
	{kv.ErrFull, fleet.Unavailable, "register.full", "the disk of the register is full, and nothing was saved: tell its operator, then repeat"},
	{syscall.ENOSPC, fleet.Unavailable, "register.full", "the disk of the register is full, and nothing was saved: tell its operator, then repeat"},
	{kv.ErrClosed, fleet.Unavailable, "register.closed", "the register is stopping or starting: repeat in a moment"},
	{kv.ErrCorrupt, fleet.Damaged, "register.damaged", "stored data is damaged: tell the operator of the register, who runs takhti verify"},
	{kv.ErrInvalid, fleet.Invalid, "record.invalid", "a part of this is too long, or empty, and cannot be stored"},
	{context.DeadlineExceeded, fleet.Unavailable, "register.slow", "this took too long and was given up: repeat in a moment"},
}

// Explain puts a failure of what lies below the register into the vocabulary of
// [fleet.Error]; the details, which are for the log, are dropped. Any other error
// comes back as it is.
func Explain(err error) error {
	var known *fleet.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	for _, f := range failures {
		if errors.Is(err, f.is) {
			return &fleet.Error{Kind: f.kind, Code: f.code, Message: f.message}
		}
	}
	return err
}
