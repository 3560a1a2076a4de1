package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// mostAtOnce bounds how many changes are one request.
const mostAtOnce = 2_000

// entries are changes that one member of the cast makes on one day. No device has
// two events on a day, so it does not matter who enters theirs first.
type entries struct {
	changes []registry.Change
	reports []int     // the numbers of the faults that are reported in it, in order
	last    time.Time // of its last event
}

// diary is what the register has been told so far.
type diary struct {
	*filler
	day  fleet.Date
	refs map[int]string // what the register calls a fault, by its number
}

// live enters everything that happened, at its time.
func (f *filler) live(ctx context.Context) error {
	d := &diary{filler: f, refs: map[int]string{}}
	begin, end := fleet.DateOf(f.world.start()), fleet.DateOf(f.world.opts.Now)
	for e := range f.world.Events() {
		if day := fleet.DateOf(e.Time); day != d.day {
			if err := d.endDay(ctx); err != nil {
				return err
			}
			d.day = day
			f.progress("eighteen months", int64(day-begin), int64(end-begin))
		}
		if err := d.enter(ctx, &e); err != nil {
			return fmt.Errorf("%s, %s: %w", e.Time.Format(time.DateTime), e.Kind, err)
		}
	}
	return d.endDay(ctx)
}

func (d *diary) endDay(ctx context.Context) error {
	for _, c := range d.cast.all() {
		if err := d.flush(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// enter enters one event, at the latest by the end of its day.
func (d *diary) enter(ctx context.Context, e *Event) error {
	d.summary.Events++
	switch e.Kind {
	case Announce:
		d.Clock.turn(e.Time)
		return d.announce(ctx, e.Shipment)
	case CloseShipment:
		d.Clock.turn(e.Time)
		_, err := d.operator.Apply(ctx, registry.Request{}, registry.CloseShipment{Number: d.world.shipments[e.Shipment].Number})
		return err
	case Report:
		d.summary.Faults++
	}
	c := d.cast.enters(d.world, e)
	for n := range d.world.Devices(*e) {
		if c.last = e.Time; e.Kind == Report {
			c.reports = append(c.reports, e.Fault)
		}
		if c.changes = append(c.changes, d.change(e, n)); len(c.changes) == mostAtOnce {
			if err := d.flush(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush makes the changes that a member of the cast has gathered.
func (d *diary) flush(ctx context.Context, c *crew) error {
	if len(c.changes) == 0 {
		return nil
	}
	d.Clock.turn(c.last)
	receipt, err := c.session.Apply(ctx, registry.Request{}, c.changes...)
	if err != nil {
		return err
	}
	for i, fault := range c.reports {
		d.refs[fault] = receipt.Refs[i]
	}
	c.changes, c.reports = c.changes[:0], c.reports[:0]
	return nil
}

// change is what an event means for the device of number n.
func (d *diary) change(e *Event, n int) registry.Change {
	serial, ref := d.world.serial(e.Shipment, n), d.refs[e.Fault]
	switch e.Kind {
	case Receive, Deliver:
		return registry.ReceiveDevice{Serial: serial, Damaged: d.world.Arrival(n) == fleet.DamagedOnArrival}
	case Dispatch:
		return registry.DispatchDevice{Serial: serial, To: d.world.schools[e.School].Code}
	case Accept:
		return registry.AcceptDevice{Serial: serial}
	case Assign:
		return registry.AssignDevice{Serial: serial, Holder: e.Holder}
	case Report:
		return registry.ReportFault{Serial: serial, Category: e.Category, Severity: e.Severity, Note: e.Note, FIR: e.FIR}
	case Triage:
		return registry.TriageFault{Ref: ref, Severity: e.Severity, Note: e.Note}
	case SendToRepair:
		return registry.SendToRepair{Ref: ref, Route: e.Route, Note: e.Note}
	case ReturnFromRepair:
		return registry.ReturnFromRepair{Ref: ref, Outcome: e.Outcome, Note: e.Note}
	case Close:
		return registry.CloseFault{Ref: ref, Outcome: e.Outcome, Note: e.Note}
	default:
		return registry.RetireDevice{Serial: serial}
	}
}
