package demo

import (
	"sort"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// consignment is a run of devices of one shipment that go to one school together.
type consignment struct {
	school     int32
	first      int32
	count      int32
	shipment   uint8
	lot        uint8
	dispatched int64 // from the store, in Unix seconds, as the next two
	accepted   int64
	handedOut  int64 // zero: the school keeps its devices unassigned
}

// planConsignments shares the devices out to schools. Each shipment reaches
// schools of all districts; its packing list has them in the schools' order.
func (w *World) planConsignments() []consignment {
	queue, all := w.allotments(), []consignment(nil)
	for s, ship := range w.shipments {
		start, left := len(all), int32(ship.Count) // at most MaxDevices
		for left > 0 {
			n := min(left, queue[0].count)
			all = append(all, consignment{school: queue[0].school, count: n, shipment: uint8(s)}) // three shipments
			left -= n
			if queue[0].count -= n; queue[0].count == 0 {
				queue = queue[1:]
			}
		}
		w.pack(all[start:], ship)
	}
	return all
}

// pack numbers the devices of a shipment's consignments and sets their dates.
func (w *World) pack(list []consignment, ship Shipment) {
	sort.Slice(list, func(i, j int) bool { return list[i].school < list[j].school })
	first := int32(ship.First) // at most MaxDevices
	for i := range list {
		c := &list[i]
		c.first = first
		first += c.count
		c.lot = ship.lotFor(mix(w.opts.Seed, lotStream, int(c.first)))
		w.schedule(c, ship)
	}
}

// lotFor chooses a lot with the chance of its share.
func (s Shipment) lotFor(x uint64) uint8 {
	n := int(x % 100)
	for i, l := range s.Lots {
		if n -= l.share; n < 0 {
			return uint8(i) // a few lots
		}
	}
	return 0
}

// schedule sets when the consignment is sent, accepted and handed out; what
// would come after the last moment has not happened.
func (w *World) schedule(c *consignment, ship Shipment) {
	r := source(w.opts.Seed, consignmentStream, int(c.first))
	t, least := workTime(ship.Received, between(r, 2, ship.window), officeHour(r.Uint64())), 1
	if ship.Closed.After(w.opts.Now) && r.IntN(16) == 0 { // some are on their way right now
		t, least = workTime(w.opts.Now, -2, officeHour(r.Uint64())), 4
	}
	c.dispatched = t.Unix()
	t = workTime(t, between(r, least, 9), officeHour(r.Uint64()))
	c.accepted = t.Unix()
	if r.IntN(5) > 0 {
		c.handedOut = workTime(t, between(r, 2, 25), officeHour(r.Uint64())).Unix()
	}
}

// allotment is how many devices a school is to get.
type allotment struct {
	school int32
	count  int32
	turn   float64
}

// allotments says in which turn schools get how many devices. Turns go round the
// districts, so that the first few hundred schools lie in all of them.
func (w *World) allotments() []allotment {
	list, total := make([]allotment, len(w.schools)), 0
	for i, s := range w.schools {
		r := source(w.opts.Seed, allotStream, i)
		n := batch[s.Level].lo + r.IntN(batch[s.Level].span)
		list[i] = allotment{school: int32(i), count: int32(n), turn: r.Float64() / batch[s.Level].first} // small
		total += n
	}
	more := int32((w.opts.Devices + total - 1) / total) // at most MaxDevices
	for i := range list {
		list[i].count *= max(1, more)
	}
	w.takeTurns(list)
	sort.SliceStable(list, func(i, j int) bool { return list[i].turn < list[j].turn })
	return list
}

// batch is how many devices a school of a level gets, and how much sooner.
var batch = map[string]struct {
	lo, span int
	first    float64
}{
	"primary": {6, 5, 1}, "middle": {10, 5, 2}, "high": {16, 9, 4}, "higher_secondary": {24, 17, 5},
}

// takeTurns replaces each school's turn by its rank within its district, as a
// fraction of the district's schools. Some schools of Lahore, where the demo's
// accounts are, come first, so that they have devices however few there are.
func (w *World) takeTurns(list []allotment) {
	for start := 0; start < len(list); {
		end := start + 1
		for end < len(list) && w.districtCode(end) == w.districtCode(start) {
			end++
		}
		district := list[start:end]
		sort.Slice(district, func(i, j int) bool { return district[i].turn < district[j].turn })
		for k := range district {
			district[k].turn = (float64(k) + district[k].turn/2) / float64(len(district))
			if k < 10 && w.districtCode(start) == string(lahore) {
				district[k].turn /= 20
			}
		}
		start = end
	}
}

func (w *World) districtCode(school int) string {
	return string(w.schools[school].Parent[:districtCodeLen])
}

// consignmentOf finds the consignment of a device.
func (w *World) consignmentOf(device int) *consignment {
	i := sort.Search(len(w.consignments), func(i int) bool { return int(w.consignments[i].first) > device })
	return &w.consignments[i-1]
}

func (w *World) happened(unix int64) bool { return unix != 0 && unix <= w.opts.Now.Unix() }

func moment(unix int64) time.Time { return time.Unix(unix, 0).In(fleet.PKT) }
