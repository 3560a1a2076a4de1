package registry

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// AnnounceShipment makes a shipment, or brings the facts of an open one up to date.
type AnnounceShipment struct {
	Number      string
	Supplier    string
	Destination fleet.PlaceCode
	Dispatched  fleet.Date
	File        string // SHA-256 of the packing list, in hex; empty leaves the one there is
	FileName    string
}

// Name is the change's name in the journal.
func (AnnounceShipment) Name() string { return "announce_shipment" }

func (c AnnounceShipment) apply(t *tx) error {
	number, err := fleet.ParseShipmentNumber(c.Number)
	if err != nil {
		return err
	}
	if err := fleet.CheckDispatched(c.Dispatched, fleet.DateOf(t.now)); err != nil {
		return err
	}
	to, err := t.place(c.Destination)
	if err != nil {
		return err
	}
	if err := t.allow(fleet.RunShipments, to.Path, absentPlace(c.Destination)); err != nil {
		return err
	}
	s, err := t.shipment(number)
	switch {
	case errors.Is(err, absentShipment(number)):
		id, err := shipments.NextID(t.w)
		if err != nil {
			return err
		}
		s = fleet.Shipment{ID: fleet.ShipmentID(id), Number: number, State: fleet.Announced}
		t.result(number)
	case err != nil:
		return err
	default:
		if err := s.Open(); err != nil {
			return err
		}
	}
	if s, err = s.Redirect(to.Path); err != nil {
		return err
	}
	s.Supplier, s.Dispatched = c.Supplier, c.Dispatched
	if c.File != "" {
		s.File, s.FileName = c.File, c.FileName
	}
	if err := s.Check(); err != nil {
		return err
	}
	if s, err = s.Expect(0); err != nil { // a date of dispatch is a step of its own
		return err
	}
	// Saved at once, so that the lines that follow find it by its number.
	if err := save(t, shipments, &s); err != nil {
		return err
	}
	t.shipments[s.ID] = s
	return nil
}

func absentShipment(number string) error {
	return fleet.NotFoundf("shipment.not_found", "there is no shipment %s", number).In("shipment")
}

// shipment reads a shipment that the actor runs.
func (t *tx) shipment(number string) (fleet.Shipment, error) {
	s, err := t.numbered(number)
	if err != nil || t.actor.May(fleet.RunShipments, s.Destination) {
		return s, err
	}
	return s, t.allow(fleet.RunShipments, s.Destination, absentShipment(number))
}

// numbered reads a shipment by its number. Lines of a packing list ask for the same
// one again and again.
func (t *tx) numbered(number string) (fleet.Shipment, error) {
	if s, kept := t.shipments[t.lastShipment]; kept && s.Number == number {
		return s, nil
	}
	id, ok, err := shipments.Lookup(t.w, shipments.Index("by_number").Str(number))
	if err != nil {
		return fleet.Shipment{}, err
	}
	if !ok {
		return fleet.Shipment{}, absentShipment(number)
	}
	s, kept := t.shipments[fleet.ShipmentID(id)]
	if !kept {
		s, _, err = shipments.Get(t.w, id)
	}
	t.lastShipment = fleet.ShipmentID(id)
	return s, err
}

// ExpectDevice adds a line to a shipment's packing list: a device not heard of before.
type ExpectDevice struct {
	Shipment string
	Place    fleet.Path   // where it is bound: a school, or the shipment's destination when empty
	Device   fleet.Device // its description
	Model    string
}

// Name is the change's name in the journal.
func (ExpectDevice) Name() string { return "expect_device" }

func (c ExpectDevice) apply(t *tx) error {
	s, err := t.shipment(c.Shipment)
	if err != nil {
		return err
	}
	if s, err = s.Expect(1); err != nil {
		return err
	}
	d := c.Device
	d.Status, d.Condition, d.Arrival = fleet.Expected, fleet.OK, fleet.Awaited
	if err := t.addDevice(&d, &s, c.Place, c.Model); err != nil {
		return err
	}
	t.shipments[s.ID] = s
	return nil
}

// addDevice brings a new device into the register.
func (t *tx) addDevice(d *fleet.Device, s *fleet.Shipment, at fleet.Path, model string) error {
	if d.Place = at; at == "" {
		d.Place = s.Destination
	}
	if _, err := t.placeAt(d.Place); err != nil {
		return err
	}
	if !t.actor.May(fleet.RunShipments, d.Place) {
		return t.allow(fleet.RunShipments, d.Place, absentPlace(""))
	}
	if err := d.Check(); err != nil {
		return err
	}
	var err error
	if d.Model, err = t.model(model); err != nil {
		return err
	}
	id, err := devices.NextID(t.w)
	if err != nil {
		return err
	}
	d.ID, d.Version, d.Shipment, d.Changed = fleet.DeviceID(id), 0, s.ID, t.now.Truncate(1e9)
	t.touch(d.Place)
	return add(t, devices, d)
}

// ReceiveDevice records that a listed device arrived.
type ReceiveDevice struct {
	Serial  fleet.Serial
	Damaged bool
}

// Name is the change's name in the journal.
func (ReceiveDevice) Name() string { return "receive_device" }

func (c ReceiveDevice) apply(t *tx) error {
	d, at, err := t.device(c.Serial, fleet.AcceptGoods)
	if err != nil {
		return err
	}
	return t.receive(d, at, c.Damaged)
}

func (t *tx) receive(d fleet.Device, at fleet.Place, damaged bool) error {
	d, err := d.Receive(at.Kind, damaged, t.now)
	if err != nil {
		return err
	}
	s, err := t.shipmentOf(&d)
	if err != nil {
		return err
	}
	if s, err = s.Take(d.Arrival); err != nil {
		return err
	}
	if err := t.saveDevice(&d); err != nil {
		return err
	}
	t.shipments[s.ID] = s
	return nil
}

func (t *tx) shipmentOf(d *fleet.Device) (fleet.Shipment, error) {
	if s, kept := t.shipments[d.Shipment]; kept {
		return s, nil
	}
	s, ok, err := shipments.Get(t.w, uint64(d.Shipment))
	if err == nil && !ok {
		err = kv.ErrCorrupt
	}
	return s, err
}

// ReceiveUnlisted records a device that came with a shipment though its packing
// list does not name it.
type ReceiveUnlisted struct {
	Shipment string
	Place    fleet.PlaceCode // empty: the shipment's destination
	Device   fleet.Device
	Model    string
	Damaged  bool
}

// Name is the change's name in the journal.
func (ReceiveUnlisted) Name() string { return "receive_unlisted" }

func (c ReceiveUnlisted) apply(t *tx) error {
	s, err := t.shipment(c.Shipment)
	if err != nil {
		return err
	}
	at := s.Destination
	if c.Place != "" {
		p, err := t.place(c.Place)
		if err != nil {
			return err
		}
		at = p.Path
	}
	place, err := t.placeAt(at)
	if err != nil {
		return err
	}
	if s, err = s.Take(fleet.Over); err != nil {
		return err
	}
	d := c.Device
	d.Status, d.Arrival = fleet.Expected, fleet.Over
	if d, err = d.Receive(place.Kind, c.Damaged, t.now); err != nil {
		return err
	}
	if err := t.addDevice(&d, &s, at, c.Model); err != nil {
		return err
	}
	t.shipments[s.ID] = s
	return nil
}

// CloseShipment ends a shipment. Listed devices that have not come are short;
// they stay in the register as expected.
type CloseShipment struct{ Number string }

// Name is the change's name in the journal.
func (CloseShipment) Name() string { return "close_shipment" }

func (c CloseShipment) apply(t *tx) error {
	s, err := t.shipment(c.Number)
	if err != nil {
		return err
	}
	if s, err = s.Close(); err != nil {
		return err
	}
	short, err := t.awaitedOf(s.ID)
	if err != nil {
		return err
	}
	for _, id := range short {
		d, _, err := devices.Get(t.w, id)
		if err != nil {
			return err
		}
		if d, err = d.MarkShort(t.now); err != nil {
			return err
		}
		if err := t.saveDevice(&d); err != nil {
			return err
		}
	}
	t.shipments[s.ID] = s
	return nil
}

func (t *tx) awaitedOf(s fleet.ShipmentID) (ids []uint64, err error) {
	key := devices.Index("by_shipment").Uint(uint64(s)).Uint(uint64(fleet.Awaited))
	for id, err := range devices.IDs(t.w, key, key.End()) {
		if err != nil {
			return nil, err
		}
		if ids = append(ids, id); len(ids) > maxMoved {
			return nil, fleet.Conflictf("shipment.too_open", "more than %d devices of this shipment have not come: receive them first", maxMoved)
		}
	}
	return ids, nil
}

// receivePart is how many devices ReceiveAll takes in one transaction.
const receivePart = 10_000

// ReceiveAll receives every awaited device of a shipment that is in the actor's
// scope, in parts, and tells how many and what the last part's receipt is. After
// an interruption call it again: the request counts as made when its last part is,
// and given once more under its ID then receives nothing.
func (s Session) ReceiveAll(ctx context.Context, q Request, number string) (last Receipt, received int, err error) {
	if q.ID != "" && q.Digest == nil {
		sum := sha256.Sum256([]byte("receive all " + number))
		q.Digest = sum[:]
	}
	if first, again, err := s.Earlier(ctx, q); err != nil || again {
		return first, 0, err
	}
	for {
		serials, err := s.awaited(ctx, number, receivePart)
		if err != nil {
			return last, received, err
		}
		changes := make([]Change, len(serials))
		for i, serial := range serials {
			changes[i] = ReceiveDevice{Serial: serial}
		}
		if len(serials) == receivePart {
			if _, err := s.Apply(ctx, Request{}, changes...); err != nil {
				return last, received, err
			}
			received += receivePart
			continue
		}
		if last, err = s.Apply(ctx, q, changes...); err == nil {
			received += len(serials)
		}
		return last, received, err
	}
}

// awaited lists devices of the shipment that have not come.
func (s Session) awaited(ctx context.Context, number string, limit int) (serials []fleet.Serial, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		ship, err := s.visibleShipment(r, number)
		if err != nil {
			return err
		}
		key := devices.Index("by_shipment").Uint(uint64(ship.ID)).Uint(uint64(fleet.Awaited))
		for id, err := range devices.IDs(r, key, key.End()) {
			if err != nil || len(serials) == limit {
				return err
			}
			d, _, err := devices.Get(r, id)
			if err != nil {
				return err
			}
			if s.actor.May(fleet.AcceptGoods, d.Place) {
				serials = append(serials, d.Serial)
			}
		}
		return nil
	})
	return serials, err
}
