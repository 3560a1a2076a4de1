package registry

import (
	"encoding/binary"
	"strings"

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
func (c ExpectDevice) Pack() PackedDevice { return PackedDevice(c.pack(make([]byte, 0, 160))) }

// DevicePacker packs many changes into blocks of memory that they share, so that a
// plan of hundreds of thousands is few things for the garbage collector.
type DevicePacker struct {
	buf    []byte
	text   strings.Builder
	packed []PackedDevice
}

const (
	packerText    = 64 << 10 // bytes in a block
	packerDevices = 512
)

// Pack packs a change.
func (p *DevicePacker) Pack(c ExpectDevice) *PackedDevice {
	p.buf = c.pack(p.buf[:0])
	if p.text.Cap()-p.text.Len() < len(p.buf) {
		p.text = strings.Builder{}
		p.text.Grow(max(packerText, len(p.buf)))
	}
	from := p.text.Len()
	p.text.Write(p.buf)
	if len(p.packed) == cap(p.packed) {
		p.packed = make([]PackedDevice, 0, packerDevices)
	}
	p.packed = append(p.packed, PackedDevice(p.text.String()[from:]))
	return &p.packed[len(p.packed)-1]
}

func (c *ExpectDevice) pack(buf []byte) []byte {
	d := &c.Device
	buf = binary.AppendUvarint(buf, uint64(d.Price))
	buf = binary.AppendVarint(buf, int64(d.WarrantyEnds))
	for _, s := range [...]string{
		c.Shipment, string(c.Place), c.Model, string(d.Serial), string(d.Tag), d.MAC, d.Carton, d.Lot, d.Line, d.PO, d.Funding,
	} {
		buf = binary.AppendUvarint(buf, uint64(len(s)))
		buf = append(buf, s...)
	}
	return buf
}

// Serial is the device's, in the memory of the packed change.
func (p PackedDevice) Serial() fleet.Serial {
	c, _ := p.Unpack()
	return c.Device.Serial
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
