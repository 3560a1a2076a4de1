package demo

import (
	"iter"
	"sort"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// EventKind is what happens in an [Event].
type EventKind uint8

// The kinds of event.
const (
	Announce      EventKind = iota + 1 // a shipment's packing list comes in
	Receive                            // the shipment arrives at its store
	Deliver                            // a school receives devices from the assembler itself
	CloseShipment                      // what has not come by now is short
	Dispatch                           // devices leave the store for a school
	Accept                             // the school accepts them
	Assign                             // a device is given to a holder inside the school
	Report                             // a device does not work, or is gone
	Triage
	SendToRepair
	ReturnFromRepair
	Close
	Retire
)

var eventKindNames = []string{
	"", "announce", "receive", "deliver", "close shipment", "dispatch", "accept", "assign", "report", "triage",
	"send to repair", "return from repair", "close", "retire",
}

func (k EventKind) String() string { return eventKindNames[k] }

// Event is something that happened to one device, or to a run of devices.
type Event struct {
	Time     time.Time
	Kind     EventKind
	Shipment int          // index into [World.Shipments]
	School   int          // index into [World.Schools]; Deliver, and from Dispatch on
	First    int          // the first device, and from Assign on the only one
	Count    int          // devices in the run; see [World.Devices] for those taking part
	Serial   fleet.Serial // from Assign on
	Holder   fleet.Holder // Assign

	Fault    int // from Report to Close: numbers the faults, from 1
	Category fleet.FaultCategory
	Severity fleet.Severity // Report and Triage
	FIR      string         // Report of a loss or theft
	Route    fleet.Route    // SendToRepair
	Outcome  fleet.Outcome  // ReturnFromRepair and Close
	Note     string
}

// Events are all that happened, in the order of time.
func (w *World) Events() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		faults := w.faultEvents()
		for _, b := range w.beats(faults) {
			if !w.play(b, faults, yield) {
				return
			}
		}
	}
}

// Devices are the numbers of the devices that take part in an event: all of an
// announced or closed packing list, those that came with the shipment when it is
// received or delivered, and from Dispatch on those that came undamaged.
func (w *World) Devices(e Event) iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := e.First; n < e.First+e.Count; n++ {
			if w.takesPart(n, e.Kind) && !yield(n) {
				return
			}
		}
	}
}

func (w *World) takesPart(n int, k EventKind) bool {
	switch a := w.Arrival(n); k {
	case Announce, CloseShipment:
		return true
	case Receive, Deliver:
		return a != fleet.Short
	default:
		return a == fleet.AsListed
	}
}

// beat is a place in the order of events: what its kind is about is the
// shipment, the consignment or, under Report, the event about a fault of number ref.
type beat struct {
	at   int64
	kind EventKind
	ref  int32
}

// beats puts everything in order without holding an event for every device.
func (w *World) beats(faults []Event) []beat {
	var all []beat
	add := func(at int64, k EventKind, ref int) {
		if w.happened(at) {
			all = append(all, beat{at, k, int32(ref)})
		}
	}
	for i, s := range w.shipments {
		add(s.Announced.Unix(), Announce, i)
		if !s.Direct {
			add(s.Received.Unix(), Receive, i)
		}
		add(s.Closed.Unix(), CloseShipment, i)
	}
	for i := range w.consignments {
		c := &w.consignments[i]
		arrival := Accept
		if w.shipments[c.shipment].Direct {
			arrival = Deliver
		}
		if !w.anyTakesPart(c, arrival) {
			continue
		}
		if arrival == Accept {
			add(c.dispatched, Dispatch, i)
		}
		add(c.accepted, arrival, i)
		add(c.handedOut, Assign, i)
	}
	for i := range faults {
		add(faults[i].Time.Unix(), Report, i)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].at < all[j].at })
	return all
}

func (w *World) anyTakesPart(c *consignment, k EventKind) bool {
	for n := c.first; n < c.first+c.count; n++ {
		if w.takesPart(int(n), k) {
			return true
		}
	}
	return false
}

// play yields the events of a beat and says whether more are wanted.
func (w *World) play(b beat, faults []Event, yield func(Event) bool) bool {
	switch b.kind {
	case Announce, Receive, CloseShipment:
		s := &w.shipments[b.ref]
		return yield(Event{Time: moment(b.at), Kind: b.kind, Shipment: int(b.ref), First: s.First, Count: s.Count})
	case Deliver, Dispatch, Accept:
		return yield(w.consignments[b.ref].event(b))
	case Assign:
		return w.handOut(b, yield)
	default:
		return yield(faults[b.ref])
	}
}

func (c *consignment) event(b beat) Event {
	return Event{
		Time: moment(b.at), Kind: b.kind, Shipment: int(c.shipment), School: int(c.school),
		First: int(c.first), Count: int(c.count),
	}
}

// handOut yields the assignments of a school's devices; some stay in the cupboard.
func (w *World) handOut(b beat, yield func(Event) bool) bool {
	c := &w.consignments[b.ref]
	for n := int(c.first); n < int(c.first+c.count); n++ {
		holder, ok := w.holder(c, n)
		if !ok || !w.takesPart(n, Assign) {
			continue
		}
		e := c.event(b)
		e.First, e.Count, e.Serial, e.Holder = n, 1, w.device(n, c).Serial, holder
		if !yield(e) {
			return false
		}
	}
	return true
}
