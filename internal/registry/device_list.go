package registry

import (
	"bytes"
	"context"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

func visibleDevice(r kv.Reader, a *Actor, serial fleet.Serial) (fleet.Device, error) {
	d, ok, err := deviceBySerial(r, serial)
	if err == nil && (!ok || !a.seesDevice(&d)) {
		err = absentDevice(serial)
	}
	return d, err
}

// Device reads one device.
func (s Session) Device(ctx context.Context, serial fleet.Serial) (d fleet.Device, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		d, err = visibleDevice(r, s.actor, serial)
		return err
	})
	return d, err
}

// FindDevice is Device for serials that are mostly not there, as those of a list
// of new devices: nil says so.
func (s Session) FindDevice(ctx context.Context, serial fleet.Serial) (found *fleet.Device, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		d, ok, err := deviceBySerial(r, serial)
		if err == nil && ok && s.actor.seesDevice(&d) {
			found = new(d)
		}
		return err
	})
	return found, err
}

// maxLooked bounds how many records one page may read, so that a filter that
// few records pass gives short pages rather than slow ones.
const maxLooked = 20_000

// DeviceQuery says which devices are wanted.
type DeviceQuery struct {
	Place     fleet.Path // and everything below it; empty: all, for operators
	Status    fleet.Status
	Condition fleet.Condition
	Model     fleet.ModelID
	Shipment  fleet.ShipmentID
	Text      string // part of a serial or an asset tag
	After     []byte // from the page before; nil to begin
	Limit     int
}

// Devices pages through devices. The next page begins after next, which is nil
// when there are no more; a page may be shorter than its limit and yet not the last.
func (s Session) Devices(ctx context.Context, q DeviceQuery) (page []fleet.Device, next []byte, err error) {
	if q.Place != "" && !s.actor.sees(q.Place) {
		return nil, nil, nil
	}
	q.Text = strings.ToUpper(q.Text)
	err = s.reg.view(ctx, func(r kv.Reader) error {
		scan := deviceScan{Session: s, q: &q, r: r}
		ranges, err := q.ranges(r)
		if err != nil {
			return err
		}
		for i := cursorRange(q.After); i < len(ranges); i++ {
			if full, err := scan.run(byte(i), ranges[i]); err != nil || full {
				page, next = scan.page, scan.next
				return err
			}
			q.After = nil
		}
		page = scan.page
		return nil
	})
	return page, next, err
}

// cursorRange is the range that a cursor points into: its first byte.
func cursorRange(after []byte) int {
	if len(after) == 0 {
		return 0
	}
	return int(after[0])
}

// deviceScan gathers one page from one or more ranges of index keys.
type deviceScan struct {
	Session
	q      *DeviceQuery
	r      kv.Reader
	looked int
	page   []fleet.Device
	next   []byte
}

// deviceRange is a part of an index. In a keyed range the key itself tells
// whether the text occurs, so that only records that match are read.
type deviceRange struct {
	prefix kv.Tuple
	keyed  bool
}

// run reads the range until the page is full; number is the range's own, for the cursor.
func (s *deviceScan) run(number byte, in deviceRange) (full bool, err error) {
	lo := []byte(in.prefix)
	if len(s.q.After) > 0 {
		lo = append(append(lo[:len(lo):len(lo)], s.q.After[1:]...), 0)
	}
	for pair, err := range s.r.Scan(lo, in.prefix.End()) {
		if err != nil {
			return false, err
		}
		rest := pair.Key[len(in.prefix):]
		if in.keyed && !bytes.Contains(rest, []byte(s.q.Text)) {
			continue
		}
		if len(s.page) == s.q.Limit || s.looked == maxLooked {
			return true, nil
		}
		s.looked++
		s.next = append(append(s.next[:0], number), rest...)
		d, err := s.deviceOf(pair)
		if err != nil {
			return false, err
		}
		twice := number > 0 && strings.Contains(string(d.Serial), s.q.Text)
		if s.actor.seesDevice(&d) && s.q.matches(&d) && !twice {
			s.page = append(s.page, d)
		}
	}
	return false, nil
}

// deviceOf reads the device that an index entry stands for.
func (s *deviceScan) deviceOf(entry kv.Pair) (fleet.Device, error) {
	for id, err := range devices.IDs(s.r, entry.Key, append(entry.Key[:len(entry.Key):len(entry.Key)], 0)) {
		if err != nil {
			return fleet.Device{}, err
		}
		d, _, err := devices.Get(s.r, id)
		return d, err
	}
	return fleet.Device{}, kv.ErrCorrupt
}

// ranges are the index ranges that hold what is asked for. Searching a text in
// many devices reads the keys of the serials and of the tags, which takes a few
// hundredths of a second for 500,000, and not the records.
func (q *DeviceQuery) ranges(r kv.Reader) ([]deviceRange, error) {
	switch {
	case q.Shipment != 0:
		return []deviceRange{{prefix: devices.Index("by_shipment").Uint(uint64(q.Shipment))}}, nil
	case q.Status != 0:
		return []deviceRange{{prefix: devices.Index("by_status").Uint(uint64(q.Status)).Open(string(q.Place))}}, nil
	case q.Condition > fleet.OK:
		return []deviceRange{{prefix: devices.Index("by_condition").Uint(uint64(q.Condition)).Open(string(q.Place))}}, nil
	}
	here := []deviceRange{{prefix: devices.Index("by_place").Open(string(q.Place))}}
	if q.Text == "" {
		return here, nil
	}
	if q.Place != "" {
		n, err := devicesAt(r, q.Place)
		if err != nil || n <= maxLooked {
			return here, err
		}
	}
	return []deviceRange{
		{prefix: devices.Index("by_serial"), keyed: true},
		{prefix: devices.Index("by_tag"), keyed: true},
	}, nil
}

func (q *DeviceQuery) matches(d *fleet.Device) bool {
	return (q.Place.Contains(d.Place) || d.From != "" && q.Place.Contains(d.From)) &&
		(q.Status == 0 || d.Status == q.Status) &&
		(q.Condition == 0 || d.Condition == q.Condition) &&
		(q.Model == 0 || d.Model == q.Model) &&
		(q.Shipment == 0 || d.Shipment == q.Shipment) &&
		(q.Text == "" || strings.Contains(string(d.Serial), q.Text) || strings.Contains(string(d.Tag), q.Text))
}

// DeviceEvent is one step of a device's history.
type DeviceEvent struct {
	Entry  Entry
	Before *fleet.Device // nil for the first
	After  *fleet.Device
}

// History reads what happened to a device, oldest first.
func (s Session) History(ctx context.Context, serial fleet.Serial) (events []DeviceEvent, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		d, err := visibleDevice(r, s.actor, serial)
		if err != nil {
			return err
		}
		events, err = historyOf(r, s.actor, &d)
		return err
	})
	return events, err
}

const usualHistory = 8 // events

// historyOf reads the history of a device that the actor sees. Of the time when it was
// at places that the actor does not see, nobody is named.
func historyOf(r kv.Reader, a *Actor, d *fleet.Device) (events []DeviceEvent, err error) {
	events = make([]DeviceEvent, 0, usualHistory)
	for e, err := range subjectEntries(r, devices, uint64(d.ID)) {
		if err != nil {
			return nil, err
		}
		event := DeviceEvent{Entry: e}
		if n := len(events); n > 0 && bytes.Equal(e.Before, events[n-1].Entry.After) {
			event.Before = events[n-1].After
		} else if event.Before, err = decodeOptional(e.Before); err != nil {
			return nil, err
		}
		if event.After, err = decodeOptional(e.After); err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	for i := range events {
		a.hideElsewhere(&events[i])
	}
	return events, nil
}

// hideElsewhere takes out of an event who held the device, and who did what, where the
// actor does not see it.
func (a *Actor) hideElsewhere(e *DeviceEvent) {
	if e.After != nil && !a.seesDevice(e.After) {
		e.Entry.Actor, e.After.Holder = "", fleet.Holder{}
	}
	if e.Before != nil && !a.seesDevice(e.Before) {
		e.Before.Holder = fleet.Holder{}
	}
}

func decodeOptional(data []byte) (*fleet.Device, error) {
	if data == nil {
		return nil, nil
	}
	d, err := devices.Decode(data)
	return &d, err
}
