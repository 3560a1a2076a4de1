package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Labels are the names of what records refer to by number.
type Labels struct {
	Places    map[fleet.Path]fleet.Place // those that the actor sees
	Models    map[fleet.ModelID]string
	Shipments map[fleet.ShipmentID]string
}

// DeviceLabels finds the places, models and shipments of the devices.
func (s Session) DeviceLabels(ctx context.Context, ds ...fleet.Device) (l Labels, err error) {
	l = newLabels()
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for i := range ds {
			if err := l.add(r, s.actor, &ds[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return l, err
}

func newLabels() Labels {
	return Labels{Places: map[fleet.Path]fleet.Place{}, Models: map[fleet.ModelID]string{}, Shipments: map[fleet.ShipmentID]string{}}
}

func (l *Labels) add(r kv.Reader, a Actor, d *fleet.Device) error {
	if _, known := l.Models[d.Model]; !known && d.Model != 0 {
		m, _, err := models.Get(r, uint64(d.Model))
		if err != nil {
			return err
		}
		l.Models[d.Model] = m.Name
	}
	if _, known := l.Shipments[d.Shipment]; !known && d.Shipment != 0 {
		s, _, err := shipments.Get(r, uint64(d.Shipment))
		if err != nil {
			return err
		}
		l.Shipments[d.Shipment] = s.Number
	}
	for _, p := range [...]fleet.Path{d.Place, d.From} {
		if err := addPlace(r, a, p, l.Places); err != nil {
			return err
		}
	}
	return nil
}

// PlacesAt finds the places at the paths, as far as there are such and the actor
// sees them.
func (s Session) PlacesAt(ctx context.Context, paths ...fleet.Path) (known map[fleet.Path]fleet.Place, err error) {
	known = map[fleet.Path]fleet.Place{}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for _, p := range paths {
			if err := addPlace(r, s.actor, p, known); err != nil {
				return err
			}
		}
		return nil
	})
	return known, err
}

func addPlace(r kv.Reader, a Actor, p fleet.Path, known map[fleet.Path]fleet.Place) error {
	if _, done := known[p]; done || p == "" || !a.sees(p) {
		return nil
	}
	place, found, err := places.Get(r, uint64(p.ID()))
	if found && place.Path == p {
		known[p] = place
	}
	return err
}
