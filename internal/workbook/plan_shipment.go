package workbook

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// shipmentPlan is a shipment that rows of the file belong to.
type shipmentPlan struct {
	fleet.Shipment
	exists bool
	err    error // why it can take no devices
}

// restate brings the shipment that the options name to the supplier and the
// destination that they give.
func (p *devicePlanner) restate(s *shipmentPlan) error {
	want := s.Shipment
	if p.options.Supplier != "" {
		want.Supplier = p.options.Supplier
	}
	to, err := p.gazetteer.at(want.Destination)
	if err != nil {
		return err
	}
	if p.options.To != "" {
		if to, err = p.usualPlace(); err != nil {
			return err
		}
		want.Destination = to.Path
	}
	if want != s.Shipment && to != nil {
		p.announce(want, to.Code)
	}
	return nil
}

func (p *devicePlanner) announce(s fleet.Shipment, to fleet.PlaceCode) {
	p.add(step{change: registry.AnnounceShipment{
		Number: s.Number, Supplier: s.Supplier, Destination: to, Dispatched: s.Dispatched, File: s.File, FileName: s.FileName,
	}, effect: supports})
}

// shipment finds a shipment, or plans it when the register has none of the number.
func (p *devicePlanner) shipment(number string) (*shipmentPlan, error) {
	if s := p.shipments[number]; s != nil {
		if s.exists && s.err == nil {
			s.err = s.Open()
		}
		return s, nil
	}
	s := &shipmentPlan{Shipment: fleet.Shipment{Number: number, Supplier: p.options.Supplier, File: p.SHA256, FileName: p.FileName}}
	p.shipments[number] = s
	to, err := p.usualPlace()
	switch {
	case err != nil:
		return nil, err
	case to == nil:
		s.err = fleet.Invalidf("shipment.destination", "shipment %s is new: say where it goes when you import, by the code of a district or a store", number)
	default:
		p.announce(s.Shipment, to.Code)
	}
	return s, nil
}
