package workbook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// deliveryRow is a row of a list of what came with a shipment. Missing says that the
// device was ticked off as one that did not.
type deliveryRow struct {
	facts            fleet.Device
	model            string
	damaged, missing bool
}

func (r deliveryRow) subject() string { return string(r.facts.Serial) }

func parseDelivery(c *checker) deliveryRow {
	r := deliveryRow{facts: fleet.Device{Serial: c.serial(), Tag: c.tag(), Carton: c.code(colCarton)}, model: c.text(colModel)}
	switch c.word(colCondition, "delivery.condition", "condition in which a device came", "Received, Damaged or Missing") {
	case "damaged":
		r.damaged = true
	case "missing":
		r.missing = true
	}
	if err := r.facts.Check(); err != nil {
		c.breaks(err)
	}
	return r
}

// comings are what people write of devices that came; a column called Damaged has
// yes and no.
var comings = words{
	"received": {"ok", "good", "fine", "new", "came", "no", "n", "undamaged", "received", "موصول", "ٹھیک", "نہیں"},
	"damaged":  {"damaged", "damage", "broken", "faulty", "defective", "bad", "yes", "y", "doa", "dead on arrival", "خراب", "ٹوٹا ہوا", "ہاں"},
	"missing":  {"missing", "short", "not received", "not found", "absent", "غائب", "کم"},
}

// deliveryPlanner matches what came with the packing list of a shipment.
type deliveryPlanner struct {
	*devicePlanner
	near    *nearSerials
	ship    fleet.Shipment
	awaited map[fleet.Serial]bool // still, as the rows so far leave it
}

func (m *planner) delivery(f File) (*report, error) {
	p := deliveryPlanner{devicePlanner: newDevicePlanner(m), near: newNearSerials(m), awaited: map[fleet.Serial]bool{}}
	if err := p.prepare(); err != nil {
		return nil, err
	}
	r, err := listed(m, f, Delivery, parseDelivery, deliveryRow.subject, p.plan)
	if err == nil && len(p.awaited) > 0 {
		r.notes = append([]string{p.short()}, r.notes...)
	}
	return r, err
}

var errNoShipment = fleet.Invalidf("shipment.number", "say with which shipment these devices came: give its number").In("shipment")

// prepare reads the shipment and the devices of it that have not come.
func (p *deliveryPlanner) prepare() error {
	number, err := fleet.ParseShipmentNumber(p.options.Shipment)
	if err != nil {
		return errNoShipment
	}
	if p.ship, err = p.session.Shipment(p.ctx, number); err != nil {
		return err
	}
	if err := p.ship.Open(); err != nil {
		return err
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
	}
	return eachDeviceOf(p.ctx, p.session, p.ship.ID, func(d *fleet.Device) {
		if d.Arrival == fleet.Awaited {
			p.awaited[d.Serial] = true
		}
	})
}

func (p *deliveryPlanner) plan(c *checker, r deliveryRow) error {
	serial := r.facts.Serial
	if serial == "" {
		return nil
	}
	d, err := p.session.FindDevice(p.ctx, serial)
	switch {
	case err != nil:
		return err
	case d == nil && r.missing:
		c.problem(colSerial, string(serial), fleet.Invalidf("delivery.not_listed", "device %s is missing, and is on no packing list: delete the row", serial))
		return nil
	case d == nil:
		return p.unlisted(c, r)
	case d.Shipment != p.ship.ID:
		c.problem(colSerial, string(serial), fleet.Conflictf(codeElsewhere, "device %s is not of shipment %s: it is in the register%s%s", serial, p.ship.Number, p.onShipment(*d), p.atPlace(*d)))
		return nil
	}
	if !c.bad {
		p.contradicted(c, r, *d)
	}
	if c.bad || r.missing {
		return nil
	}
	if delete(p.awaited, serial); d.Arrival == fleet.Awaited {
		p.add(step{change: registry.ReceiveDevice{Serial: serial, Damaged: r.damaged}, effect: alters, at: c.at, value: string(serial)})
	}
	return nil
}

// contradicted makes a problem of a row that says otherwise of a device than how it was
// received.
func (p *deliveryPlanner) contradicted(c *checker, r deliveryRow, d fleet.Device) {
	const code = "delivery.received"
	switch {
	case r.missing && d.Arrival != fleet.Awaited:
		c.problem(colCondition, c.text(colCondition), fleet.Conflictf(code, "device %s was received already, and the row says that it is missing: delete the row, or undo the list with which it was received", d.Serial))
	case r.damaged && d.Arrival == fleet.AsListed:
		c.problem(colCondition, c.text(colCondition), fleet.Conflictf(code, "device %s was received already, undamaged: report a fault of it instead, or undo the list with which it was received", d.Serial))
	}
}

// unlisted takes a device that is on no packing list: that it came as one too many,
// and is no misread one of the list, is for somebody to say.
func (p *deliveryPlanner) unlisted(c *checker, r deliveryRow) error {
	serial := r.facts.Serial
	e := error(fleet.NotFoundf(codeUnlisted, "device %s is not on the packing list of shipment %s", serial, p.ship.Number))
	near, err := p.near.nearest(serial)
	if err != nil {
		return err
	}
	if p.awaited[near] {
		e = suggest(fleet.NotFoundf(codeUnlisted, "device %s is not on the packing list of shipment %s; is it %s, which has not come?", serial, p.ship.Number, near), string(near))
	}
	c.problem(colSerial, string(serial), e)
	if !c.bad {
		p.add(step{change: registry.ReceiveUnlisted{Shipment: p.ship.Number, Device: r.facts, Model: r.model, Damaged: r.damaged}, effect: creates, at: c.at, value: string(serial)})
	}
	return nil
}

// short tells which devices of the packing list the file does not name.
func (p *deliveryPlanner) short() string {
	const most = 20
	var serials []string
	for s := range p.awaited {
		serials = append(serials, string(s))
	}
	slices.Sort(serials)
	list := strings.Join(serials[:min(most, len(serials))], ", ")
	if n := len(serials) - most; n > 0 {
		list += fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("Short: %s of the packing list of shipment %s %s not come with this list: %s.", plural(len(serials), "device", "devices"), p.ship.Number, hasHave(len(serials)), list)
}
