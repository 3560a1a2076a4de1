package workbook

import (
	"fmt"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// shipmentPlan is a shipment that rows of the file belong to.
type shipmentPlan struct {
	fleet.Shipment
	exists bool
	err    error // why it can take no devices
	told   bool  // that was said
}

// note makes a problem of the checker's row if the shipment can take no devices. It
// is told of the first row only, for one answer puts all of them right.
func (s *shipmentPlan) note(c *checker) {
	if s.err == nil {
		return
	}
	if c.bad = true; s.told {
		c.alike(colShipment, s.err)
		return
	}
	s.told = true
	c.problem(colShipment, s.Number, s.err)
}

// restate brings the shipment that the options name to the supplier and the
// destination that they give. It says so, as no row of the file does.
func (p *devicePlanner) restate(s *shipmentPlan) error {
	want := s.Shipment
	if p.options.Supplier != "" {
		want.Supplier = p.options.Supplier
	}
	from, err := p.gazetteer.at(want.Destination)
	if err != nil {
		return err
	}
	to := from
	if p.options.To != "" {
		if to, err = p.usualPlace(); err != nil {
			return err
		}
		want.Destination = to.Path
	}
	if to == nil {
		return nil
	}
	p.Destination = to.label()
	fields := shipmentFields(&s.Shipment, &want, from.label(), to.label())
	if len(fields) == 0 {
		return nil
	}
	if n := int(s.Received + s.Over); n > 0 && to != from {
		return fleet.Conflictf("shipment.destination_fixed", "shipment %s goes to %s, and %s of it %s been received: it cannot go to %s. Import the list with the place that it went to",
			s.Number, from.label(), plural(n, "device", "devices"), hasHave(n), to.label()).In("to")
	}
	for _, f := range fields {
		p.remarks = append(p.remarks, fmt.Sprintf("Shipment %s: the %s changes from %s to %s.", s.Number, strings.ToLower(f.Name), or(f.Before, "none"), f.After))
	}
	p.Differences = append(p.Differences, Difference{What: s.Number, Fields: fields})
	p.announce(want, to)
	return nil
}

func (p *devicePlanner) announce(s fleet.Shipment, to *node) {
	p.Destination = to.label()
	p.add(step{change: registry.AnnounceShipment{
		Number: s.Number, Supplier: s.Supplier, Destination: to.Code, Dispatched: s.Dispatched, File: s.File, FileName: s.FileName,
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
		p.announce(s.Shipment, to)
	}
	return s, nil
}
