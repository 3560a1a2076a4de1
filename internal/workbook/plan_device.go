package workbook

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// devicePlanner plans a packing list.
type devicePlanner struct {
	*planner
	usual      string // the shipment of rows that name none
	numberless bool   // it was said that rows are of no shipment
	shipments  map[string]*shipmentPlan
	places     map[destination]found
	numbers    map[fleet.ShipmentID]string
	packer     registry.DevicePacker
	remarks    []string // on what becomes of the shipment, for the plan's notes
}

func newDevicePlanner(m *planner) *devicePlanner {
	return &devicePlanner{
		planner: m, shipments: map[string]*shipmentPlan{},
		places: map[destination]found{}, numbers: map[fleet.ShipmentID]string{},
	}
}

func (m *planner) devices(f File) (*report, error) {
	p := newDevicePlanner(m)
	if err := p.prepare(); err != nil {
		return nil, err
	}
	r, err := listed(m, f, Devices, parseDevice, deviceRow.subject, p.plan)
	if err != nil {
		return nil, err
	}
	r.notes = append(p.remarks, r.notes...)
	return r, p.suspect()
}

func (p *devicePlanner) prepare() (err error) {
	if p.options.Shipment != "" {
		if p.usual, err = fleet.ParseShipmentNumber(p.options.Shipment); err != nil {
			return err
		}
	}
	if err := p.nameModels(); err != nil {
		return err
	}
	shipments, err := p.session.Shipments(p.ctx)
	if err != nil {
		return err
	}
	for _, s := range shipments {
		p.numbers[s.ID] = s.Number
		p.shipments[s.Number] = &shipmentPlan{Shipment: s, exists: true}
	}
	if s := p.shipments[p.usual]; s != nil {
		return p.restate(s)
	}
	return nil
}

// nameModels reads the names of the models.
func (m *planner) nameModels() (err error) {
	m.models, err = modelNames(m.ctx, m.session)
	return err
}

// modelNames reads the names of the models, of which there are few.
func modelNames(ctx context.Context, s registry.Session) (map[fleet.ModelID]string, error) {
	models, err := s.Models(ctx)
	names := make(map[fleet.ModelID]string, len(models))
	for _, m := range models {
		names[m.ID] = m.Name
	}
	return names, err
}

func (p *devicePlanner) plan(c *checker, r deviceRow) error {
	to, err := p.destination(c, r.to)
	if err != nil || r.facts.Serial == "" {
		return err
	}
	old, err := p.session.FindDevice(p.ctx, r.facts.Serial)
	switch {
	case err != nil:
		return err
	case old != nil:
		p.update(c, r, *old, to)
		return nil
	}
	return p.create(c, r, to)
}

// create plans a line of a shipment, and the shipment when it is the first.
func (p *devicePlanner) create(c *checker, r deviceRow, to *node) error {
	number := or(r.shipment, p.usual)
	if number == "" {
		p.unnumbered(c)
		return nil
	}
	s, err := p.shipment(number)
	if err != nil {
		return err
	}
	s.note(c)
	if c.bad {
		return nil
	}
	change := registry.ExpectDevice{Shipment: number, Device: r.facts, Model: r.model}
	if to != nil {
		change.Place = to.Path
	}
	packed := p.packer.Pack(change)
	serial := string(packed.Serial())
	p.about(serial) // so that nothing of the row is kept but this
	p.add(step{change: packed, effect: creates, at: c.at, value: serial})
	return nil
}

// unnumbered notes that a row belongs to no shipment: once for all rows of a file
// that has no column for it.
func (p *devicePlanner) unnumbered(c *checker) {
	switch {
	case c.head.has(colShipment):
		c.problem(colShipment, "", fleet.Invalidf("shipment.number", "the row does not say which shipment it belongs to: write its number here, or give one when you import"))
	case p.numberless:
		c.alike(0, errNumberless)
	default:
		p.numberless = true
		c.problem(0, "", errNumberless)
	}
	c.bad = true // whatever was decided
}

var errNumberless = fleet.Invalidf("shipment.number", "the file does not say which shipment its devices belong to: give its number when you import, or add a column Shipment")

// update compares a row with the device that the register has.
func (p *devicePlanner) update(c *checker, r deviceRow, old fleet.Device, to *node) {
	if number := or(r.shipment, p.usual); number != "" && number != p.numbers[old.Shipment] {
		c.problem(colSerial, string(old.Serial), fleet.Conflictf("serial.taken", "device %s is already in the register%s%s: a device comes with one shipment only", old.Serial, p.onShipment(old), p.atPlace(old)))
		return
	}
	if to != nil && old.Status == fleet.Expected && !to.Path.Contains(old.Place) {
		c.problem(c.firstOf(colCode, colEMIS, colName, colDistrict), "", fleet.Conflictf("device.elsewhere", "device %s is already in the register%s, not at %s: an import does not move devices", old.Serial, p.atPlace(old), to.Name))
		return
	}
	p.correct(c, r, old)
}

// correct brings a device to the description that the row states.
func (m *planner) correct(c *checker, r deviceRow, old fleet.Device) {
	now, model := described(old, r.facts), m.models[old.Model]
	same := now == old && (r.model == "" || registry.Fold(r.model) == registry.Fold(model))
	if same || c.bad {
		return
	}
	m.add(step{change: registry.CorrectDevice{Serial: old.Serial, Device: now, Model: or(r.model, model)}, effect: alters, at: c.at, value: string(old.Serial)})
}

func (p *devicePlanner) onShipment(d fleet.Device) string {
	if number := p.numbers[d.Shipment]; number != "" {
		return ", on shipment " + number
	}
	return ""
}

func (p *devicePlanner) atPlace(d fleet.Device) string {
	n, err := p.gazetteer.at(d.Place)
	if err != nil || n == nil {
		return ""
	}
	return ", at " + n.label()
}

// firstOf is the first of the columns that the sheet has.
func (c *checker) firstOf(ids ...columnID) columnID {
	for _, id := range ids {
		if c.head.has(id) {
			return id
		}
	}
	return ids[0]
}

// described is the device with the description that the row states.
func described(d, f fleet.Device) fleet.Device {
	d.Tag, d.Price, d.WarrantyEnds = or(f.Tag, d.Tag), or(f.Price, d.Price), or(f.WarrantyEnds, d.WarrantyEnds)
	d.MAC, d.Carton, d.Lot, d.Line = keep(d.MAC, f.MAC), keep(d.Carton, f.Carton), keep(d.Lot, f.Lot), keep(d.Line, f.Line)
	d.PO, d.Funding = keep(d.PO, f.PO), keep(d.Funding, f.Funding)
	return d
}
