package fleet

import "time"

// Each of the following is one event and all it does to the device. With an
// error they return no device.

// Receive records that the device arrived from its shipment at a place of kind at.
func (d Device) Receive(at PlaceKind, damaged bool, now time.Time) (Device, error) {
	d, err := d.after(Receive, at, now)
	if err != nil {
		return Device{}, err
	}
	d.Received = DateOf(now)
	d.Condition = OK
	if damaged {
		d.Condition = Faulty
	}
	switch {
	case d.Arrival == Over: // no list names it, however it came
	case damaged:
		d.Arrival = DamagedOnArrival
	default:
		d.Arrival = AsListed
	}
	return d, nil
}

// MarkShort records that the device's shipment was closed without it.
func (d Device) MarkShort(now time.Time) (Device, error) {
	d, err := d.after(MarkShort, 0, now)
	if err != nil {
		return Device{}, err
	}
	d.Arrival = Short
	return d, nil
}

// Dispatch sends the device to another place; it counts there, in transit, from now on.
func (d Device) Dispatch(to Path, now time.Time) (Device, error) {
	from := d.Place
	if to == from {
		return Device{}, Conflictf("device.already_there", "device %s is already at that place", d.Serial).In("to")
	}
	d, err := d.after(Dispatch, 0, now)
	if err != nil {
		return Device{}, err
	}
	d.From, d.Place = from, to
	return d, nil
}

// Accept records that a device in transit arrived at its place, of kind at.
func (d Device) Accept(at PlaceKind, now time.Time) (Device, error) { return d.after(Accept, at, now) }

// Refuse sends a device in transit back to where it came from, which has to
// accept it in turn.
func (d Device) Refuse(now time.Time) (Device, error) {
	d, err := d.after(Refuse, 0, now)
	d.From, d.Place = d.Place, d.From
	return d, err
}

// Assign gives the device to a holder inside its school.
func (d Device) Assign(h Holder, now time.Time) (Device, error) {
	if err := h.Check(); err != nil {
		return Device{}, err
	}
	if d.Condition == BeyondRepair {
		return Device{}, Conflictf("device.beyond_repair", "device %s is beyond repair and cannot be issued", d.Serial)
	}
	d, err := d.after(Assign, School, now)
	if err != nil {
		return Device{}, err
	}
	d.Holder = h.tidy()
	return d, nil
}

// Return takes the device back from its holder.
func (d Device) Return(now time.Time) (Device, error) { return d.after(Return, School, now) }

// Recover records that a lost or stolen device was found, at a place of kind at.
func (d Device) Recover(at PlaceKind, now time.Time) (Device, error) {
	return d.after(Recover, at, now)
}

// Retire takes the device out of use for good.
func (d Device) Retire(now time.Time) (Device, error) { return d.after(Retire, 0, now) }

// CorrectTo replaces the description of the device by that of want, which must
// be the same device; status, condition, place and holder stay. A description
// that is the same already changes nothing, the time of the last change included.
func (d Device) CorrectTo(want Device, now time.Time) (Device, error) {
	if err := want.Check(); err != nil {
		return Device{}, err
	}
	if _, err := d.After(Correct, 0); err != nil {
		return Device{}, err
	}
	next := d
	next.Tag, next.MAC, next.Model = want.Tag, want.MAC, want.Model
	next.Carton, next.Lot, next.Line, next.PO = want.Carton, want.Lot, want.Line, want.PO
	next.Price, next.Funding, next.WarrantyEnds = want.Price, want.Funding, want.WarrantyEnds
	if next != d {
		next.Changed = now.Truncate(time.Second)
	}
	return next, nil
}
