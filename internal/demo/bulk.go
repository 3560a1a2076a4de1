package demo

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// bulk gives the register many changes, in requests of as many as it takes at once.
type bulk struct {
	session registry.Session
	changes []registry.Change
}

func (b *bulk) add(ctx context.Context, c registry.Change) error {
	if b.changes = append(b.changes, c); len(b.changes) < mostRows {
		return nil
	}
	return b.flush(ctx)
}

func (b *bulk) flush(ctx context.Context) error {
	_, err := b.session.Apply(ctx, registry.Request{}, b.changes...)
	b.changes = b.changes[:0]
	return err
}

// placeChanges brings in stores, workshops and schools without workbooks.
func (f *filler) placeChanges(ctx context.Context) error {
	b := bulk{session: f.operator}
	for _, p := range append(depots(), f.world.schools...) {
		if err := b.add(ctx, registry.SavePlace{Parent: p.Parent, Place: p.Place}); err != nil {
			return err
		}
	}
	return b.flush(ctx)
}

// announceChanges brings in a packing list without a workbook.
func (f *filler) announceChanges(ctx context.Context, shipment int) error {
	ship := &f.world.shipments[shipment]
	var schools []fleet.Path
	if ship.Direct {
		var err error
		if schools, err = f.schoolPaths(ctx); err != nil {
			return err
		}
	}
	b := bulk{session: f.operator}
	err := b.add(ctx, registry.AnnounceShipment{
		Number: ship.Number, Supplier: ship.Supplier, Destination: ship.To, Dispatched: ship.Dispatched,
	})
	if err != nil {
		return err
	}
	for n, d := range f.world.PackingList(shipment) {
		c := registry.ExpectDevice{Shipment: ship.Number, Model: d.Model, Device: d.described()}
		if ship.Direct {
			c.Place = schools[d.School]
		}
		if err := b.add(ctx, c); err != nil {
			return err
		}
		if n%mostRows == 0 {
			f.progress("packing list "+ship.Number, int64(n-ship.First), int64(ship.Count))
		}
	}
	return b.flush(ctx)
}

// described is the device as its packing list describes it.
func (d *Device) described() fleet.Device {
	return fleet.Device{
		Serial: d.Serial, Tag: d.Tag, MAC: d.MAC, Carton: d.Carton, Lot: d.Lot, Line: d.Line, PO: d.PO,
		Price: d.Price, Funding: d.Funding, WarrantyEnds: d.WarrantyEnds,
	}
}

// schoolPaths finds where in the register's tree the schools are.
func (f *filler) schoolPaths(ctx context.Context) ([]fleet.Path, error) {
	const page = 1_000
	index := make(map[fleet.PlaceCode]int, len(f.world.schools))
	for i := range f.world.schools {
		index[f.world.schools[i].Code] = i
	}
	paths := make([]fleet.Path, len(f.world.schools))
	var after fleet.Path
	for {
		places, err := f.operator.PlacesUnder(ctx, "", after, page)
		if err != nil || len(places) == 0 {
			return paths, err
		}
		for i := range places {
			if at, known := index[places[i].Code]; known {
				paths[at] = places[i].Path
			}
		}
		after = places[len(places)-1].Path
	}
}
