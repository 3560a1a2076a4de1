package web

import "github.com/takhti-edu/takhti/internal/fleet"

// shipmentRow is a shipment as lists show it.
type shipmentRow struct {
	fleet.Shipment
	place string // its destination; empty when the visitor does not see it
}

func (v *visit) shipmentRows(ships []fleet.Shipment) ([]shipmentRow, error) {
	var paths []fleet.Path
	for _, s := range ships {
		paths = append(paths, s.Destination)
	}
	at, err := v.session.PlacesAt(v.ctx, paths...)
	if err != nil {
		return nil, err
	}
	rows := make([]shipmentRow, 0, len(ships))
	for _, s := range ships {
		row := shipmentRow{Shipment: s, place: v.say("place.elsewhere")}
		if p, ok := at[s.Destination]; ok {
			row.place = p.Name
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (v *visit) listShipments() (reply, error) {
	all, err := v.session.Shipments(v.ctx)
	if err != nil {
		return reply{}, err
	}
	rows, err := v.shipmentRows(all)
	return show(v.say("shipment.list"), shipmentListBody(v.view, rows)), err
}

// lines are the parts of a shipment's packing list, by how they came in.
func (s shipmentRow) lines(v *view) []share {
	all := []share{
		{name: "received", count: int64(s.Received - s.Damaged)},
		{name: "damaged", count: int64(s.Damaged)},
		{name: "awaited", count: int64(s.Awaited())},
		{name: "short", count: int64(s.Short)},
		{name: "over", count: int64(s.Over)},
	}
	for i := range all {
		all[i].label = v.word("lines", all[i].name)
	}
	return all
}
