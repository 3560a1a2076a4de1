package registry

import (
	"encoding/binary"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// PackedDevice is an [ExpectDevice] in a third of its memory, for plans that hold
// hundreds of thousands. It is the same change, with the same name.
//
// Layout: uvarint price, varint warranty end; then the texts, each as uvarint length
// and bytes.
type PackedDevice string

// Pack packs the change.
func (c ExpectDevice) Pack() PackedDevice {
	d := &c.Device
	buf := binary.AppendUvarint(make([]byte, 0, 160), uint64(d.Price))
	buf = binary.AppendVarint(buf, int64(d.WarrantyEnds))
	for _, s := range [...]string{
		c.Shipment, string(c.Place), c.Model, string(d.Serial), string(d.Tag), d.MAC, d.Carton, d.Lot, d.Line, d.PO, d.Funding,
	} {
		buf = binary.AppendUvarint(buf, uint64(len(s)))
		buf = append(buf, s...)
	}
	return PackedDevice(buf)
}

// Unpack is the change that was packed.
func (p PackedDevice) Unpack() (c ExpectDevice, err error) {
	r := recordReader{rest: []byte(p)}
	d := &c.Device
	d.Price, d.WarrantyEnds = fleet.Rupees(r.uint()), fleet.Date(r.int())
	text := textReader{recordReader: r, all: string(p)[len(p)-len(r.rest):], size: len(r.rest)}
	c.Shipment, c.Place, c.Model = text.next(), fleet.Path(text.next()), text.next()
	d.Serial, d.Tag = fleet.Serial(text.next()), fleet.Tag(text.next())
	d.MAC, d.Carton, d.Lot, d.Line, d.PO, d.Funding = text.next(), text.next(), text.next(), text.next(), text.next(), text.next()
	if text.bad || len(text.rest) != 0 {
		err = kv.ErrCorrupt
	}
	return c, err
}

// Name is the name of the change that was packed.
func (p PackedDevice) Name() string { return ExpectDevice{}.Name() }

func (p PackedDevice) apply(t *tx) error {
	c, err := p.Unpack()
	if err != nil {
		return err
	}
	return c.apply(t)
}
