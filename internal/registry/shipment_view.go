package registry

import (
	"context"
	"errors"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Shipment reads one shipment: to a place of the actor's scope, or as much of one
// as lies in it.
func (s Session) Shipment(ctx context.Context, number string) (ship fleet.Shipment, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		ship, err = s.visibleShipment(r, number)
		return err
	})
	return ship, err
}

func (s Session) visibleShipment(r kv.Reader, number string) (fleet.Shipment, error) {
	number, err := fleet.ParseShipmentNumber(number)
	if err != nil {
		return fleet.Shipment{}, err
	}
	id, ok, err := shipments.Lookup(r, shipments.Index("by_number").Str(number))
	if err != nil || !ok {
		return fleet.Shipment{}, errors.Join(err, absentShipment(number))
	}
	ship, _, err := shipments.Get(r, id)
	if err != nil {
		return ship, err
	}
	ship, seen, err := s.shipmentView(r, ship)
	if err == nil && !seen {
		err = absentShipment(number)
	}
	return ship, err
}

// shipmentView is the shipment as the actor sees it. Whoever sees its destination
// sees all of it. To others it is only what their places have, or are to get, of
// it: its numbers count their devices alone, and nothing tells of the rest, its
// packing list included. ok is false for those who have none of it.
func (s Session) shipmentView(r kv.Reader, ship fleet.Shipment) (seen fleet.Shipment, ok bool, err error) {
	if s.actor.sees(ship.Destination) {
		return ship, true, nil
	}
	part := fleet.Shipment{
		ID: ship.ID, Number: ship.Number, Supplier: ship.Supplier, Dispatched: ship.Dispatched, State: ship.State,
	}
	var came arrivals
	for _, at := range s.actor.outermost(fleet.Read) {
		if err := came.addAt(r, ship.ID, at); err != nil {
			return fleet.Shipment{}, false, err
		}
	}
	part.Lines, part.Received, part.Damaged, part.Over, part.Short = came.lines, came.received, came.damaged, came.over, came.short
	return part, came.lines+came.over > 0, nil
}

// addAt counts the shipment's devices at the place and below it.
func (a *arrivals) addAt(r kv.Reader, ship fleet.ShipmentID, at fleet.Path) error {
	prefix := atPlace(devices.Count("shipment_at"), at).Uint(uint64(ship))
	return eachCounter(r, prefix, func(dims *kv.PartReader, n int64) {
		dims.Uint() // the shipment
		dims.Uint() // the status
		a.add(fleet.Arrival(dims.Uint()), uint32(n))
	})
}

// Shipments reads the shipments that the actor sees, each as far as it does,
// newest first.
func (s Session) Shipments(ctx context.Context) (all []fleet.Shipment, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for ship, err := range shipments.All(r) {
			if err != nil {
				return err
			}
			view, seen, err := s.shipmentView(r, ship)
			if err != nil {
				return err
			}
			if seen {
				all = append(all, view)
			}
		}
		return nil
	})
	slices.Reverse(all)
	return all, err
}
