package workbook

import (
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// devicePlanner plans a packing list.
type devicePlanner struct {
	*planner
	usual     string // the shipment of rows that name none
	shipments map[string]*shipmentPlan
	models    map[fleet.ModelID]string
	places    map[destination]found
	numbers   map[fleet.ShipmentID]string
}

// shipmentPlan is a shipment that rows of the file belong to.
type shipmentPlan struct {
	fleet.Shipment
	exists bool
	err    error // why it can take no devices
}

func (m *planner) devices(f File) (*report, error) {
	p := devicePlanner{
		planner: m, shipments: map[string]*shipmentPlan{}, models: map[fleet.ModelID]string{},
		places: map[destination]found{}, numbers: map[fleet.ShipmentID]string{},
	}
	if err := p.prepare(); err != nil {
		return nil, err
	}
	return list(m.ctx, f, Devices, m.options.Limits, parseDevice, p.row)
}

func (p *devicePlanner) prepare() (err error) {
	if p.options.Shipment != "" {
		if p.usual, err = fleet.ParseShipmentNumber(p.options.Shipment); err != nil {
			return err
		}
	}
	models, err := p.session.Models(p.ctx)
	if err != nil {
		return err
	}
	for _, m := range models {
		p.models[m.ID] = m.Name
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

func (p *devicePlanner) row(c *checker, r deviceRow) error {
	p.checker, p.heads[c.at.Sheet] = c, c.head
	if err := p.plan(c, r); err != nil {
		return err
	}
	if c.bad {
		p.bad[c.at] = true
	}
	return p.tick()
}

func (p *devicePlanner) plan(c *checker, r deviceRow) error {
	to, err := p.destination(c, r.to)
	if err != nil || r.facts.Serial == "" {
		return err
	}
	old, err := p.session.Device(p.ctx, r.facts.Serial)
	switch {
	case err == nil:
		p.update(c, r, old, to)
		return nil
	case fleet.KindOf(err) != fleet.NotFound:
		return err
	}
	return p.create(c, r, to)
}

// create plans a line of a shipment, and the shipment when it is the first.
func (p *devicePlanner) create(c *checker, r deviceRow, to *node) error {
	number := or(r.shipment, p.usual)
	if number == "" {
		c.problem(colShipment, "", fleet.Invalidf("shipment.number", "the row does not say which shipment it belongs to: add a column Shipment, or give the number when you import"))
		return nil
	}
	s, err := p.shipment(number)
	if err != nil {
		return err
	}
	if s.err != nil {
		c.problem(colShipment, number, s.err)
	}
	if c.bad {
		return nil
	}
	change := registry.ExpectDevice{Shipment: number, Device: r.facts, Model: r.model}
	if to != nil {
		change.Place = to.Path
	}
	p.add(step{change, creates, c.at, string(r.facts.Serial)})
	return nil
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
	now, model := described(old, r.facts), p.models[old.Model]
	same := now == old && (r.model == "" || registry.Fold(r.model) == registry.Fold(model))
	if same || c.bad {
		return
	}
	p.add(step{registry.CorrectDevice{Serial: old.Serial, Device: now, Model: or(r.model, model)}, alters, c.at, string(old.Serial)})
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
	return ", at " + n.Name + " (" + string(n.Code) + ")"
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

// destination finds the place that a row names; nil when it names none, or none
// that there is, which is then a problem of the row.
func (p *devicePlanner) destination(c *checker, d destination) (*node, error) {
	if d == (destination{}) {
		return nil, nil
	}
	f, kept := p.places[d]
	if !kept {
		var err error
		if f, err = p.find(d); err != nil {
			return nil, err
		}
		p.places[d] = f
	}
	return f.note(c), nil
}

func (p *devicePlanner) find(d destination) (found, error) {
	if d.code != "" {
		n, err := p.gazetteer.codeOrEMIS(d.code)
		return orAbsent(n, err, colCode, string(d.code))
	}
	in, err := p.gazetteer.region(d.in, nil)
	if err != nil || in.err != nil {
		return in, err
	}
	if d.emis != "" {
		return p.school(d.emis, in.node)
	}
	if d.name != "" {
		return p.byName(d.name, in.node)
	}
	return in, nil
}

func orAbsent(n *node, err error, column columnID, value string) (found, error) {
	if err == nil && n == nil {
		err = fleet.NotFoundf("place.not_found", "there is no place %s", value)
	}
	if err != nil && fleet.KindOf(err) == 0 {
		return found{}, err
	}
	return found{n, column, value, err}, nil
}

// school finds a school by its EMIS code, which only its province makes unique.
func (p *devicePlanner) school(emis string, in *node) (found, error) {
	if in != nil {
		code, err := p.gazetteer.schoolCode(in, emis)
		if err != nil {
			return found{}, err
		}
		if n, err := p.gazetteer.code(code); n != nil || err != nil {
			return p.lyingIn(n, in, emis, err)
		}
	}
	n, err := p.gazetteer.codeOrEMIS(fleet.PlaceCode(emis))
	if err == nil && n == nil {
		err = p.unknownSchool(emis, in)
	}
	return p.lyingIn(n, in, emis, err)
}

// lyingIn refuses a school that lies elsewhere than the row says.
func (p *devicePlanner) lyingIn(n, in *node, emis string, err error) (found, error) {
	if err == nil && in != nil && !n.within(in) {
		err = fleet.Conflictf("school.elsewhere", "school %s (%s) does not lie in %s", emis, n.Name, in.Name)
	}
	return orAbsent(n, err, colEMIS, emis)
}

// unknownSchool tells which codes are near, among the schools of the district.
func (p *devicePlanner) unknownSchool(emis string, in *node) error {
	e := fleet.NotFoundf("school.unknown", "there is no school with EMIS code %s%s", emis, inside(in))
	schools, err := p.schoolsIn(in)
	if err != nil {
		return err
	}
	byEMIS := map[string]*node{}
	var codes []string
	for _, n := range schools {
		if n.EMIS != "" {
			byEMIS[strings.ToLower(n.EMIS)] = n
			codes = append(codes, strings.ToLower(n.EMIS))
		}
	}
	near := nearest(strings.ToLower(emis), codes, 3)
	if len(near) == 0 {
		return e
	}
	var list []string
	for _, code := range near {
		list = append(list, byEMIS[code].EMIS+" "+byEMIS[code].Name)
	}
	e.Message += "; is it " + strings.Join(list, ", ") + "?"
	return &suggestion{e, byEMIS[near[0]].EMIS}
}

// schoolsIn are the schools of a district or a tehsil; of nothing larger.
func (p *devicePlanner) schoolsIn(in *node) ([]*node, error) {
	if in == nil {
		if roots := p.gazetteer.roots; len(roots) == 1 {
			in = roots[0]
		}
	}
	if in == nil || in.Kind < fleet.District {
		return nil, nil
	}
	children, err := p.gazetteer.childrenOf(in)
	if err != nil {
		return nil, err
	}
	for _, c := range children {
		if c.Kind == fleet.Tehsil {
			if _, err := p.gazetteer.childrenOf(c); err != nil {
				return nil, err
			}
		}
	}
	return p.gazetteer.below(in, fleet.School), nil
}

// byName finds a school, a store or a workshop by its name.
func (p *devicePlanner) byName(name string, in *node) (found, error) {
	all, err := p.schoolsIn(in)
	if err != nil {
		return found{}, err
	}
	if len(all) == 0 {
		return p.searched(name, in)
	}
	for _, k := range []fleet.PlaceKind{fleet.Store, fleet.Workshop} {
		all = append(all, p.gazetteer.below(in, k)...)
	}
	n, err := named(all, fleet.School, name, inside(in))
	return found{n, colName, name, err}, nil
}

// searched looks for a name in all that the actor sees.
func (p *devicePlanner) searched(name string, in *node) (found, error) {
	places, err := p.session.SearchPlaces(p.ctx, name, 50)
	if err != nil {
		return found{}, err
	}
	var all []*node
	for _, place := range places {
		parent, err := p.gazetteer.at(place.Path.Parent())
		if err != nil {
			return found{}, err
		}
		n := p.gazetteer.byPath[place.Path]
		if n == nil {
			n = p.gazetteer.add(place, parent)
		}
		if in == nil || n.within(in) {
			all = append(all, n)
		}
	}
	n, err := named(all, fleet.School, name, inside(in))
	return found{n, colName, name, err}, nil
}
