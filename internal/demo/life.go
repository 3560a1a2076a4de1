package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// life is what happens to one device from its first fault on.
type life struct {
	world  *World
	rand   *rand.Rand
	about  Event        // what all its events say
	holder fleet.Holder // who had it before its first fault
	weak   bool         // of a weak lot

	now    time.Time // of the last event
	loose  bool      // at the school, without its holder
	faults int       // of all devices so far
	events []Event
}

func (w *World) life(n int, c *consignment, faults int) *life {
	l := &life{
		world: w, rand: source(w.opts.Seed, lifeStream, n), faults: faults,
		about: Event{Shipment: int(c.shipment), School: int(c.school), First: n, Count: 1, Serial: w.device(n, c).Serial},
		weak:  w.shipments[c.shipment].Lots[c.lot].Weak,
	}
	if w.happened(c.handedOut) {
		l.holder, _ = w.holder(c, n)
	}
	return l
}

// live plays one fault after the other until the last moment.
func (l *life) live(first time.Time, yearly float64) {
	l.now = first
	for l.later(1, 1) && l.fault() && l.backInUse() {
		l.now = l.now.Add(time.Duration(seconds(l.rand.ExpFloat64()/yearly)) * time.Second)
	}
}

// later moves on by that many days and says whether that is still in the past.
func (l *life) later(lo, hi int) bool {
	l.now = workTime(l.now, between(l.rand, lo, hi), officeHour(l.rand.Uint64()))
	return !l.now.After(l.world.opts.Now)
}

func (l *life) chance(percent int) bool { return l.rand.IntN(100) < percent }

// add records an event; about says which device, and which fault while there is one.
func (l *life) add(e Event) {
	a := l.about
	e.Time, e.Shipment, e.School, e.First, e.Count, e.Serial = l.now, a.Shipment, a.School, a.First, a.Count, a.Serial
	if e.Kind >= Report && e.Kind <= Close {
		e.Fault, e.Category = l.faults, a.Category
	}
	l.events = append(l.events, e)
}

// fault plays one fault. It says whether the device then works again; the fault
// may as well be open still, or the device gone.
func (l *life) fault() bool {
	l.faults++
	if l.chance(missingShare) {
		return l.missing()
	}
	t := l.trouble()
	l.about.Category = t.category
	l.add(Event{Kind: Report, Severity: t.severity, Note: t.notes[l.rand.IntN(len(t.notes))]})
	if l.chance(7) || !l.later(1, 9) { // some reports nobody looks at
		return false
	}
	l.add(Event{Kind: Triage, Severity: t.severity})
	if !t.repair || l.chance(15) {
		return l.settleAtSchool()
	}
	return l.repair(t)
}

// trouble is what goes wrong; in a weak lot it is the battery half of the time.
func (l *life) trouble() trouble {
	weights := make([]int, len(troubles))
	for i, t := range troubles {
		weights[i] = t.weight
		if l.weak && t.category == fleet.FaultBattery {
			weights[i] = 100
		}
	}
	return troubles[pick(l.rand, weights)]
}

func (l *life) settleAtSchool() bool {
	if !l.later(1, 5) {
		return false
	}
	outcome, note := fleet.Repaired, "Put right at the school"
	if l.chance(35) {
		outcome, note = fleet.NoFaultFound, "Tried for an hour, works"
	}
	l.add(Event{Kind: Close, Outcome: outcome, Note: note})
	return true
}

// repair sends the device away; it comes back mended, or to be retired.
func (l *life) repair(t trouble) bool {
	if !l.later(1, 14) {
		return false
	}
	l.loose = true
	l.add(Event{Kind: SendToRepair, Route: l.route(t)})
	if l.chance(6) || !l.later(5, 45) { // some wait for parts that do not come
		return false
	}
	outcome := []fleet.Outcome{fleet.Repaired, fleet.Replaced, fleet.WrittenOff}[pick(l.rand, []int{100 - t.hopeless, t.hopeless / 2, t.hopeless - t.hopeless/2})]
	l.add(Event{Kind: ReturnFromRepair, Outcome: outcome})
	if l.chance(6) || !l.later(1, 6) { // some schools forget to confirm it
		return false
	}
	l.add(Event{Kind: Close, Outcome: outcome, Note: "Confirmed by the school"})
	if outcome == fleet.Repaired {
		return true
	}
	l.retire()
	return false
}

// route is the workshop for what the user broke, and mostly the warranty for the rest.
func (l *life) route(t trouble) fleet.Route {
	switch {
	case l.chance(12):
		return fleet.AwaitingParts
	case t.damage || l.chance(35):
		return fleet.ByWorkshop
	default:
		return fleet.ByWarranty
	}
}

// missing plays a loss or theft: some devices are found, some written off.
func (l *life) missing() bool {
	l.loose = true
	report := Event{Kind: Report, Severity: fleet.Unusable, Note: "Not found at the weekly check"}
	l.about.Category = fleet.FaultLost
	if l.chance(40) {
		l.about.Category, report.Note = fleet.FaultStolen, "The lock of the store room was broken"
	}
	if l.chance(80) {
		report.FIR = fmt.Sprintf("%d/%d", between(l.rand, 40, 900), l.now.Year())
	}
	l.add(report)
	if !l.later(1, 5) {
		return false
	}
	l.add(Event{Kind: Triage, Severity: fleet.Unusable, Note: "Police and head teacher informed"})
	switch pick(l.rand, []int{30, 25, 45}) {
	case 0:
		if l.later(5, 60) {
			l.add(Event{Kind: Close, Outcome: fleet.Recovered, Note: "Found and brought back"})
			return true
		}
	case 1:
		if l.later(60, 150) {
			l.add(Event{Kind: Close, Outcome: fleet.WrittenOff, Note: "Written off by the district"})
			l.retire()
		}
	}
	return false
}

func (l *life) retire() {
	if l.later(5, 30) {
		l.add(Event{Kind: Retire})
	}
}

// backInUse gives a device that works again back to its holder.
func (l *life) backInUse() bool {
	if !l.loose || l.holder.Kind == 0 {
		return true
	}
	if !l.later(1, 7) {
		return false
	}
	l.loose = false
	l.add(Event{Kind: Assign, Holder: l.holder})
	return true
}
