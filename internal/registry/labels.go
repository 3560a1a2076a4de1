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
	err = s.reg.viewNamed(ctx, func(_ kv.Reader, n names) error {
		for i := range ds {
			if err := l.add(n, s.actor, &ds[i]); err != nil {
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

func (l *Labels) add(n names, a *Actor, d *fleet.Device) error {
	if _, known := l.Models[d.Model]; !known && d.Model != 0 {
		m, err := named(n, models, uint64(d.Model))
		if err != nil {
			return err
		}
		l.Models[d.Model] = m.Name
	}
	if _, known := l.Shipments[d.Shipment]; !known && d.Shipment != 0 {
		s, err := named(n, shipments, uint64(d.Shipment))
		if err != nil {
			return err
		}
		l.Shipments[d.Shipment] = s.Number
	}
	for _, p := range [...]fleet.Path{d.Place, d.From} {
		if err := addPlace(n, a, p, l.Places); err != nil {
			return err
		}
	}
	return nil
}

// PlacesAt finds the places at the paths, as far as there are such and the actor
// sees them.
func (s Session) PlacesAt(ctx context.Context, paths ...fleet.Path) (known map[fleet.Path]fleet.Place, err error) {
	known = map[fleet.Path]fleet.Place{}
	err = s.reg.viewNamed(ctx, func(_ kv.Reader, n names) error {
		for _, p := range paths {
			if err := addPlace(n, s.actor, p, known); err != nil {
				return err
			}
		}
		return nil
	})
	return known, err
}

func addPlace(n names, a *Actor, p fleet.Path, known map[fleet.Path]fleet.Place) error {
	if _, done := known[p]; done || p == "" || !a.sees(p) {
		return nil
	}
	place, found, err := n.place(p)
	if found {
		known[p] = place
	}
	return err
}
