package demo

import (
	"math"
	"time"
)

// How often devices fail. The weak lot brings the average to about six in a
// hundred a year.
const (
	faultsPerYear = 0.053 // of a device
	weakFactor    = 4     // how much more often one of a weak lot fails
	missingShare  = 10    // of faults, in percent: the device is lost or stolen

	// Beyond this many devices the number of faults no longer grows, so that a
	// large country takes no longer to live through than a middling one.
	faultyDevices = 100_000
)

// faultEvents are all events from Report on, device by device.
func (w *World) faultEvents() []Event {
	rate := faultsPerYear * min(1, faultyDevices/float64(w.opts.Devices))
	var events []Event
	faults := 0
	for i := range w.consignments {
		c := &w.consignments[i]
		if !w.happened(c.accepted) {
			continue
		}
		yearly := rate
		if w.shipments[c.shipment].Lots[c.lot].Weak {
			yearly *= weakFactor
		}
		for n := int(c.first); n < int(c.first+c.count); n++ {
			if first := w.firstFault(n, c, yearly); w.happened(first) && w.takesPart(n, Report) {
				l := w.life(n, c, faults)
				l.live(moment(first), yearly)
				events, faults = append(events, l.events...), l.faults
			}
		}
	}
	return events
}

// firstFault is when a device first fails, perhaps long after the last moment.
func (w *World) firstFault(n int, c *consignment, yearly float64) int64 {
	u := fraction(mix(w.opts.Seed, faultStream, n))
	return c.settled(w) + seconds(-math.Log(1-u)/yearly)
}

// settled is when the devices of a consignment are in use.
func (c *consignment) settled(w *World) int64 {
	if w.happened(c.handedOut) {
		return c.handedOut
	}
	return c.accepted
}

const year = 365 * 24 * time.Hour

func seconds(years float64) int64 {
	return int64(min(years, 100) * year.Seconds())
}
