package workbook

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// sign is a digest of everything the plan would do.
func (p *Plan) sign() []byte {
	d := digester{h: sha256.New()}
	d.text(p.Kind.String(), p.SHA256)
	d.number(int64(p.Rows), int64(p.New), int64(p.Changed), int64(p.Unchanged), int64(p.LeftOut))
	for _, s := range p.steps {
		d.change(s.change)
	}
	d.text(p.results...)
	return d.h.Sum(nil)
}

// digester writes values one after the other, each text with its length, so that
// no two different sequences give the same bytes. A packing list has 50,000 rows,
// which is why it knows the changes instead of reflecting on them.
type digester struct {
	h   hash.Hash
	buf []byte
}

func (d *digester) text(all ...string) {
	for _, s := range all {
		d.buf = binary.AppendUvarint(d.buf, uint64(len(s)))
		d.buf = append(d.buf, s...)
	}
	d.flush()
}

func (d *digester) number(all ...int64) {
	for _, n := range all {
		d.buf = binary.AppendVarint(d.buf, n)
	}
	d.flush()
}

func (d *digester) flush() {
	d.h.Write(d.buf)
	d.buf = d.buf[:0]
}

func (d *digester) change(c registry.Change) {
	d.text(c.Name())
	switch c := c.(type) {
	case *registry.PackedDevice:
		d.text(string(*c))
	case registry.CorrectDevice:
		d.text(string(c.Serial), c.Model)
		d.device(&c.Device)
	case registry.ReceiveDevice:
		d.text(string(c.Serial))
		d.number(yes(c.Damaged))
	case registry.ReceiveUnlisted:
		d.text(c.Shipment, string(c.Place), c.Model)
		d.device(&c.Device)
		d.number(yes(c.Damaged))
	case registry.AssignDevice:
		d.text(string(c.Serial), c.Holder.Label, string(c.Holder.Mark))
		d.number(int64(c.Holder.Kind), int64(c.Holder.Roll))
	case registry.ReturnDevice:
		d.text(string(c.Serial))
	case registry.SaveModel:
		d.text(c.Model.Name, c.Model.Manufacturer, c.Model.Screen)
		d.number(int64(c.Model.AUE), int64(c.Model.LifeMonths))
	case registry.RecordStockTake:
		d.text(string(c.Place))
		d.number(int64(c.Date), int64(len(c.Serials)))
		for _, s := range c.Serials {
			d.text(string(s))
		}
	case registry.SetTarget:
		d.text(string(c.Place))
		d.number(int64(c.By), int64(c.Devices))
	case registry.OpenSchool:
		d.text(string(c.School), c.FullName)
	case registry.AddUser:
		d.text(c.User, c.FullName)
		d.number(int64(len(c.Grants)))
		for _, g := range c.Grants {
			d.text(g.Role.String(), string(g.Place))
		}
	case registry.SavePlace:
		d.text(string(c.Parent))
		d.place(&c.Place)
	default:
		fmt.Fprintf(d.h, "%#v", c)
	}
}

func yes(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (d *digester) device(v *fleet.Device) {
	d.text(string(v.Serial), string(v.Tag), v.MAC, v.Carton, v.Lot, v.Line, v.PO, v.Funding)
	d.number(int64(v.Price), int64(v.WarrantyEnds))
}

func (d *digester) place(v *fleet.Place) {
	d.text(string(v.Code), v.EMIS, v.Name, v.NameUrdu, v.Division, v.Level, v.Gender, v.Phone)
	d.number(int64(len(v.Aliases)))
	d.text(v.Aliases...)
	d.number(int64(v.Kind), int64(v.State), int64(v.Enrolment), int64(v.Electricity), int64(v.Internet),
		int64(math.Float64bits(v.Latitude)), int64(math.Float64bits(v.Longitude)))
}
