package registry

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// deviceCodec is made by hand because exports and verification decode every
// device: numbers first as varints, then the strings, which on reading share one
// allocation.
//
// Layout, version 1: the version byte; uvarints ID, version, status, condition,
// arrival, model, shipment, holder kind, roll, and varints price, warranty end,
// received, changed; then eleven strings, each as uvarint length and bytes. Version 2,
// which is used where a learner's ID was given, has its mark as a twelfth.
var deviceCodec = table.Codec[fleet.Device]{Append: appendDevice, Decode: decodeDevice}

const (
	deviceCodecVersion = 1
	deviceCodecMarked  = 2
)

func appendDevice(buf []byte, d *fleet.Device) ([]byte, error) {
	version := byte(deviceCodecVersion)
	if d.Holder.Mark != "" {
		version = deviceCodecMarked
	}
	buf = append(buf, version)
	for _, n := range [...]uint64{
		uint64(d.ID), uint64(d.Version), uint64(d.Status), uint64(d.Condition), uint64(d.Arrival),
		uint64(d.Model), uint64(d.Shipment), uint64(d.Holder.Kind), uint64(d.Holder.Roll),
	} {
		buf = binary.AppendUvarint(buf, n)
	}
	for _, n := range [...]int64{int64(d.Price), int64(d.WarrantyEnds), int64(d.Received), d.Changed.Unix()} {
		buf = binary.AppendVarint(buf, n)
	}
	for _, s := range [...]string{
		string(d.Serial), string(d.Tag), string(d.Place), d.Holder.Label, string(d.From),
		d.MAC, d.Carton, d.Lot, d.Line, d.PO, d.Funding,
	} {
		buf = binary.AppendUvarint(buf, uint64(len(s)))
		buf = append(buf, s...)
	}
	if mark := d.Holder.Mark; version == deviceCodecMarked {
		buf = append(binary.AppendUvarint(buf, uint64(len(mark))), mark...)
	}
	return buf, nil
}

func decodeDevice(data []byte, d *fleet.Device) error {
	if len(data) == 0 || data[0] != deviceCodecVersion && data[0] != deviceCodecMarked {
		return fmt.Errorf("%w: a device record of an unknown version", kv.ErrCorrupt)
	}
	r := recordReader{rest: data[1:]}
	*d = fleet.Device{
		ID: fleet.DeviceID(r.uint()), Version: uint32(r.uint()),
		Status: fleet.Status(r.uint()), Condition: fleet.Condition(r.uint()), Arrival: fleet.Arrival(r.uint()),
		Model: fleet.ModelID(r.uint()), Shipment: fleet.ShipmentID(r.uint()),
		Holder: fleet.Holder{Kind: fleet.HolderKind(r.uint()), Roll: uint32(r.uint())},
		Price:  fleet.Rupees(r.int()), WarrantyEnds: fleet.Date(r.int()), Received: fleet.Date(r.int()),
	}
	d.Changed = time.Unix(r.int(), 0).UTC()
	text := textReader{recordReader: r, all: string(r.rest), size: len(r.rest)}
	d.Serial, d.Tag, d.Place = fleet.Serial(text.next()), fleet.Tag(text.next()), fleet.Path(text.next())
	d.Holder.Label, d.From = text.next(), fleet.Path(text.next())
	d.MAC, d.Carton, d.Lot, d.Line, d.PO, d.Funding = text.next(), text.next(), text.next(), text.next(), text.next(), text.next()
	if data[0] == deviceCodecMarked {
		d.Holder.Mark = fleet.LearnerMark(text.next())
		text.bad = text.bad || d.Holder.Mark == ""
	}
	if text.bad || len(text.rest) != 0 {
		return fmt.Errorf("%w: a device record that is cut or too long", kv.ErrCorrupt)
	}
	return nil
}

// recordReader reads numbers; after the first fault it gives zeros and is bad.
type recordReader struct {
	rest []byte
	bad  bool
}

func (r *recordReader) uint() uint64 {
	n, size := binary.Uvarint(r.rest)
	return n * r.advance(size)
}

func (r *recordReader) int() int64 {
	n, size := binary.Varint(r.rest)
	return n * int64(r.advance(size))
}

func (r *recordReader) advance(size int) uint64 {
	if size <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return 1
}

// textReader reads strings out of one string that holds them all.
type textReader struct {
	recordReader
	all  string
	size int
}

func (r *textReader) next() string {
	n := r.uint()
	if r.bad || n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return ""
	}
	start := r.size - len(r.rest)
	r.rest = r.rest[n:]
	return r.all[start : start+int(n)]
}
