package workbook

import "github.com/takhti-edu/takhti/internal/fleet"

// deviceRow is a row of a packing list: the device's description, and where it
// is bound as the file has it. A zero fact is one that the file does not state.
type deviceRow struct {
	facts    fleet.Device // serial and description only
	model    string
	shipment string
	to       destination
}

// destination names a place in whatever way the file does.
type destination struct {
	code       fleet.PlaceCode
	emis, name string
	in         region
}

func parseDevice(c *checker) deviceRow {
	r := parseUpdate(c)
	r.shipment = c.shipmentNumber()
	r.to = c.destination()
	return r
}

// parseUpdate reads a device's description alone.
func parseUpdate(c *checker) deviceRow {
	var r deviceRow
	d := &r.facts
	d.Serial, d.Tag = c.serial(), c.tag()
	d.MAC, d.Carton, d.Lot, d.Line, d.PO = c.code(colMAC), c.code(colCarton), c.code(colLot), c.code(colLine), c.code(colPO)
	d.Funding = c.text(colFunding)
	d.Price, d.WarrantyEnds = c.money(colPrice), c.date(colWarranty)
	r.model = c.text(colModel)
	if err := d.Check(); err != nil {
		c.breaks(err)
	}
	return r
}

func (c *checker) destination() destination {
	return destination{
		code: fleet.PlaceCode(c.placeCode(colCode)), emis: c.placeCode(colEMIS), name: c.text(colName), in: c.region(),
	}
}

// serial reads the serial of a list that names each device once.
func (c *checker) serial() fleet.Serial {
	serial := c.scanned()
	if serial != "" {
		c.once(colSerial, "serial.twice", "serial", string(serial), string(serial))
	}
	return serial
}

// scanned reads a serial that another row may have, too.
func (c *checker) scanned() fleet.Serial {
	s := c.exact(colSerial)
	if s == "" && c.bad {
		return "" // what is wrong with the cell was said
	}
	if c.heading(s) {
		c.problem(colSerial, s, errHeading)
		return ""
	}
	serial, err := fleet.ParseSerial(s)
	if err == nil && javaNumber(s) {
		err = fleet.Invalidf("serial.scientific", "%q is not a serial: a spreadsheet turned it into a number. Format the column as Text and type or paste the serial again", s)
	}
	if err != nil {
		c.problem(colSerial, s, err)
		return ""
	}
	return serial
}

func (c *checker) tag() fleet.Tag {
	s := c.exact(colTag)
	if noTag[key(s)] {
		return ""
	}
	tag, err := fleet.ParseTag(s)
	if err != nil {
		c.problem(colTag, s, err)
		return ""
	}
	if tag != "" {
		c.once(colTag, "tag.twice", "asset tag", string(tag), string(tag))
	}
	return tag
}

// noTag is what people write where a device has no tag.
var noTag = map[string]bool{"na": true, "nil": true, "none": true, "notag": true, "notags": true, "notavailable": true, "notchecked": true, "nottagged": true, "untagged": true}

func (c *checker) shipmentNumber() string {
	s := c.code(colShipment)
	if s == "" {
		return ""
	}
	n, err := fleet.ParseShipmentNumber(s)
	if err != nil {
		c.problem(colShipment, s, err)
	}
	return n
}

func (r deviceRow) subject() string { return string(r.facts.Serial) }
