package table_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/table"
)

// device has about what a register of devices keeps: five entries, and two daily
// counts at five levels.
type device struct {
	id           uint64
	version      uint32
	status       uint64
	serial       string
	place        string // three bytes per level
	tag, rest    string
	model, order uint64
}

func devices() *table.Table[device] {
	levels := func(of func(d *device, dims kv.Tuple) kv.Tuple) func(d *device, emit func(scope, dims kv.Tuple)) {
		return func(d *device, emit func(scope, dims kv.Tuple)) {
			var scope [32]byte
			dims := of(d, make(kv.Tuple, 0, 24))
			for n := 3; n <= len(d.place); n += 3 {
				emit(kv.Tuple(scope[:0]).Uint(uint64(n/3)).Str(d.place[:n]), dims)
			}
		}
	}
	return &table.Table[device]{
		Name:    "device",
		Codec:   table.Codec[device]{Append: appendDevice, Decode: decodeDevice},
		Key:     func(d *device) uint64 { return d.id },
		Version: func(d *device) *uint32 { return &d.version },
		Indexes: []table.Index[device]{
			{Name: "by_serial", Unique: true, Of: func(d *device, key kv.Tuple, emit func(kv.Tuple)) { emit(key.Str(d.serial)) }},
			{Name: "by_tag", Unique: true, Of: func(d *device, key kv.Tuple, emit func(kv.Tuple)) { emit(key.Str(d.tag)) }},
			{Name: "by_place", Of: func(d *device, key kv.Tuple, emit func(kv.Tuple)) { emit(key.Str(d.place)) }},
			{Name: "by_status", Of: func(d *device, key kv.Tuple, emit func(kv.Tuple)) { emit(key.Uint(d.status).Str(d.place)) }},
			{Name: "by_order", Of: func(d *device, key kv.Tuple, emit func(kv.Tuple)) { emit(key.Uint(d.order)) }},
		},
		Counts: []table.Count[device]{
			{Name: "status_at", Daily: true, Of: levels(func(d *device, dims kv.Tuple) kv.Tuple { return dims.Uint(d.status).Uint(d.model) })},
			{Name: "order_at", Daily: true, Of: levels(func(d *device, dims kv.Tuple) kv.Tuple { return dims.Uint(d.order).Uint(d.status) })},
		},
	}
}

func appendDevice(buf []byte, d *device) ([]byte, error) {
	for _, n := range [...]uint64{1, d.id, uint64(d.version), d.status, d.model, d.order} {
		buf = binary.AppendUvarint(buf, n)
	}
	for _, s := range [...]string{d.serial, d.place, d.tag, d.rest} {
		buf = append(binary.AppendUvarint(buf, uint64(len(s))), s...)
	}
	return buf, nil
}

func decodeDevice(data []byte, d *device) error {
	next := func() uint64 {
		n, size := binary.Uvarint(data)
		data = data[size:]
		return n
	}
	next()
	d.id, d.version, d.status, d.model, d.order = next(), uint32(next()), next(), next(), next()
	for _, s := range [...]*string{&d.serial, &d.place, &d.tag, &d.rest} {
		n := next()
		*s, data = string(data[:n]), data[n:]
	}
	return nil
}

// nthDevice goes to one of 35,000 schools, 40 devices in a row to each.
func nthDevice(i int) device {
	school := i / 40
	return device{
		id: uint64(i + 1), status: 1, model: 3, order: uint64(i/10_000) + 1,
		serial: fmt.Sprintf("5CD%07d", i*7919%9_999_991), tag: fmt.Sprintf("PK-%07d", i),
		place: "\x01\x01\x02\x01\x01" + string([]byte{byte(2 + school/7%23), 1, 1, byte(1 + school/7%161), 1, 2, byte(1 + school/200), 1, 3, byte(1 + school%200)}),
		rest:  "aa:bb:cc:dd:ee:ff carton 17 lot 3 line 2 PO-2026-001",
	}
}

// BenchmarkPut stores records on an overlay, as an import does: new ones, the
// same again, and each with another status.
func BenchmarkPut(b *testing.B) {
	const n = 50_000
	for _, c := range []struct {
		name   string
		stored bool
		status uint64
	}{{"new", false, 1}, {"same", true, 1}, {"moved", true, 2}} {
		b.Run(c.name, func(b *testing.B) {
			t, store := devices(), memkv.New()
			fill := func(w kv.Writer, status uint64) error {
				for i := range n {
					d := nthDevice(i)
					d.status = status
					if _, err := t.Put(w, 1, &d); err != nil {
						return err
					}
				}
				return nil
			}
			if c.stored {
				if err := store.Update(context.Background(), func(w kv.Writer) error { return fill(w, 1) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				err := store.View(context.Background(), func(r kv.Reader) error { return fill(kv.NewOverlay(r), c.status) })
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
		})
	}
}
