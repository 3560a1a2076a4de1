package registry_test

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestFailuresBelowTheRegisterAreExplained(t *testing.T) {
	rule, other := fleet.Conflictf("device.lost", "it is lost"), errors.New("something else")
	for _, tc := range []struct {
		err  error
		kind fleet.Kind
		code string
	}{
		{fmt.Errorf("%w: fsync: input/output error", kv.ErrUnknown), fleet.Unavailable, "register.unknown"},
		{fmt.Errorf("%w: no space left on device", kv.ErrFull), fleet.Unavailable, "register.full"},
		{&fs.PathError{Op: "write", Path: "imports/incoming-1", Err: syscall.ENOSPC}, fleet.Unavailable, "register.full"},
		{kv.ErrClosed, fleet.Unavailable, "register.closed"},
		{fmt.Errorf("%w: device 7", kv.ErrCorrupt), fleet.Damaged, "register.damaged"},
		{rule, fleet.Conflict, "device.lost"},
	} {
		err := registry.Explain(tc.err)
		if fleet.KindOf(err) != tc.kind || codeOf(err) != tc.code {
			t.Errorf("%v: got %v, want %s", tc.err, err, tc.code)
		}
	}
	if registry.Explain(nil) != nil || registry.Explain(other) != other {
		t.Error("an error that is not the register's is not left alone")
	}
}
