package kv_test

import (
	"fmt"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

// BenchmarkImport writes what a shipment of 50,000 devices writes: eight pairs
// and ten counters a device, each device behind a savepoint of its own. Keys
// come in order in most tables, and at random in that of the serials.
func BenchmarkImport(b *testing.B) {
	const devices = 50_000
	tables := []string{"device", "device.by_place", "device.by_tag", "journal", "journal.by_subject", "line", "line.by_device"}
	record := make([]byte, 120)
	for b.Loop() {
		err := memkv.New().View(b.Context(), func(r kv.Reader) error {
			o := kv.NewOverlay(r)
			for i := range uint64(devices) {
				o.Savepoint()
				for t, table := range tables {
					if err := o.Put(kv.Key(table).Uint(i/30).Uint(i), record[:120/(1+t)]); err != nil {
						return err
					}
				}
				serial := fmt.Sprintf("5CD%08X", uint32(i*2654435761))
				if err := o.Put(kv.Key("device.by_serial").Str(serial).Uint(i), nil); err != nil {
					return err
				}
				for level := range uint64(10) {
					if err := o.Add(kv.Key("device.status_at").Uint(i%(1+level*5)).Uint(level), 1); err != nil {
						return err
					}
				}
			}
			n := 0
			for range o.Ops() {
				n++
			}
			b.ReportMetric(float64(n), "ops")
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
