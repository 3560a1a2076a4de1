package registry

import (
	"context"
	"fmt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// FaultEvent is one step of a fault's history.
type FaultEvent struct {
	Entry  Entry
	Before *fleet.Fault // nil: it was reported with this step
	After  fleet.Fault
}

// FaultHistory reads all that happened to a fault, oldest first.
func (s Session) FaultHistory(ctx context.Context, ref string) (events []FaultEvent, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		f, err := visibleFault(r, s.actor, ref)
		if err != nil {
			return err
		}
		events, err = faultHistory(r, f.ID)
		return err
	})
	return events, err
}

// FaultHistories reads all that happened to the faults of a device, as far as the
// actor sees them: those of the oldest fault first, and of each the oldest first.
func (s Session) FaultHistories(ctx context.Context, serial fleet.Serial) (events []FaultEvent, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		d, err := visibleDevice(r, s.actor, serial)
		if err != nil {
			return err
		}
		all, err := faultsOf(r, d.ID)
		if err != nil {
			return err
		}
		for _, f := range all {
			if !s.actor.sees(f.Place) {
				continue
			}
			steps, err := faultHistory(r, f.ID)
			if err != nil {
				return err
			}
			events = append(events, steps...)
		}
		return nil
	})
	return events, err
}

func faultHistory(r kv.Reader, id fleet.FaultID) (events []FaultEvent, err error) {
	var last *fleet.Fault
	for e, err := range subjectEntries(r, faults, uint64(id)) {
		if err != nil {
			return nil, err
		}
		if e.After == nil {
			return nil, fmt.Errorf("%w: journal entry %d takes a fault away", kv.ErrCorrupt, e.Seq)
		}
		after, err := faults.Decode(e.After)
		if err != nil {
			return nil, err
		}
		events = append(events, FaultEvent{Entry: e, Before: last, After: after})
		last = &after
	}
	return events, nil
}
