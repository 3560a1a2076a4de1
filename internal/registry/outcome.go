package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// The following tell how a record stood right after a request, whatever happened
// since, so that whoever repeats a request can be given the first answer.

// DeviceAfter is the device after the request of the receipt.
func (s Session) DeviceAfter(ctx context.Context, q Receipt, serial fleet.Serial) (d fleet.Device, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		if d, err = visibleDevice(r, s.actor, serial); err == nil {
			d, err = after(r, devices, uint64(d.ID), q, d)
		}
		return err
	})
	return d, err
}

// FaultAfter is the fault after the request of the receipt.
func (s Session) FaultAfter(ctx context.Context, q Receipt, ref string) (f fleet.Fault, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		if f, err = visibleFault(r, s.actor, ref); err == nil {
			f, err = after(r, faults, uint64(f.ID), q, f)
		}
		return err
	})
	return f, err
}

// ShipmentAfter is the shipment after the request of the receipt. Whoever sees
// only a part of it, see [Session.Shipment], is told the part as it is now.
func (s Session) ShipmentAfter(ctx context.Context, q Receipt, number string) (ship fleet.Shipment, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		if ship, err = s.visibleShipment(r, number); err == nil && s.actor.sees(ship.Destination) {
			ship, err = after(r, shipments, uint64(ship.ID), q, ship)
		}
		return err
	})
	return ship, err
}

// PlaceAfter is the place after the request of the receipt.
func (s Session) PlaceAfter(ctx context.Context, q Receipt, code fleet.PlaceCode) (p fleet.Place, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		if p, err = findPlace(r, s.actor, code); err == nil {
			p, err = after(r, places, uint64(p.ID()), q, p)
		}
		return err
	})
	return p, err
}

// after reads a record from its newest journal entry up to the receipt's time.
func after[T any](r kv.Reader, tbl *table.Table[T], id uint64, q Receipt, present T) (T, error) {
	if q.At == 0 {
		return present, nil
	}
	newest := uint64(0)
	prefix := subjectKey(tableCode(tbl.TableName()), id)
	for pair, err := range r.Scan(prefix, prefix.Clone().Uint(q.At+1)) {
		if err != nil {
			return present, err
		}
		newest = subjectSeq(pair.Key)
	}
	if newest == 0 {
		return present, nil
	}
	e, err := entryAt(r, newest)
	if err != nil || e.After == nil {
		return present, err
	}
	return tbl.Decode(e.After)
}
