package api

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) receiveShipment(ctx context.Context, in *receiveIn) (*shipmentOut, error) {
	listed := len(in.Body.Serials) + len(in.Body.Damaged) + len(in.Body.Unlisted)
	if in.Body.All == (listed > 0) {
		return nil, fleet.Invalidf("shipment.receive", "say either all, or which devices came").In("all")
	}
	s := a.session(ctx)
	q := registry.Request{ID: in.Key, Digest: digestOf("receive "+in.Number, in.Body)}
	if in.Body.All {
		receipt, _, err := s.ReceiveAll(ctx, q, in.Number)
		if err != nil {
			return nil, err
		}
		return shipmentAfter(ctx, s, receipt, in.Number)
	}
	if first, again, err := s.Earlier(ctx, q); err != nil {
		return nil, err
	} else if again {
		return shipmentAfter(ctx, s, first, in.Number)
	}
	ship, err := s.Shipment(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	r := receiving{ctx: ctx, session: s, ship: ship}
	if err := r.all(&in.Body); err != nil {
		return nil, err
	}
	return changeShipment(ctx, s, q, in.Number, r.changes...)
}

// receiving gathers the changes that receive the devices of a request.
type receiving struct {
	ctx     context.Context
	session registry.Session
	ship    fleet.Shipment
	changes []registry.Change
}

func (r *receiving) all(came *takhti.Received) error {
	for _, serial := range came.Serials {
		if err := r.listed(serial, false); err != nil {
			return err
		}
	}
	for _, serial := range came.Damaged {
		if err := r.listed(serial, true); err != nil {
			return err
		}
	}
	for _, u := range came.Unlisted {
		if err := r.unlisted(u); err != nil {
			return err
		}
	}
	return nil
}

// listed receives a device of the packing list.
func (r *receiving) listed(text string, damaged bool) error {
	serial, err := fleet.ParseSerial(text)
	if err != nil {
		return err
	}
	d, err := r.session.Device(r.ctx, serial)
	if err != nil {
		return err
	}
	if d.Shipment != r.ship.ID {
		return fleet.Conflictf("shipment.not_listed", "device %s is not on the packing list of shipment %s", serial, r.ship.Number).In("serials")
	}
	r.changes = append(r.changes, registry.ReceiveDevice{Serial: serial, Damaged: damaged})
	return nil
}

// unlisted receives a device that no packing list names.
func (r *receiving) unlisted(u takhti.Unlisted) error {
	serial, err := fleet.ParseSerial(u.Serial)
	if err != nil {
		return err
	}
	tag, err := fleet.ParseTag(u.AssetTag)
	if err != nil {
		return err
	}
	r.changes = append(r.changes, registry.ReceiveUnlisted{
		Shipment: r.ship.Number, Model: u.Model, Damaged: u.Damaged, Device: fleet.Device{Serial: serial, Tag: tag},
	})
	return nil
}
