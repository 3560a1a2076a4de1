package registry_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// packingList is a shipment of n devices for the two schools of Lahore.
func packingList(w *world, number string, n int) []registry.Change {
	at := []fleet.Path{w.path("PK6-35200001"), w.path("PK6-35200002")}
	changes := []registry.Change{registry.AnnounceShipment{Number: number, Destination: "PK601-STORE"}}
	for i := range n {
		changes = append(changes, registry.ExpectDevice{
			Shipment: number, Place: at[i%len(at)], Model: "Takhti 11",
			Device: fleet.Device{
				Serial: fleet.Serial(fmt.Sprintf("%s%07d", number, i)), Tag: fleet.Tag(fmt.Sprintf("T-%s-%07d", number, i)),
				MAC: "A4:BB:6D:01:02:03", Carton: "C-0041", Lot: "L3", Line: "2", PO: "PO-2026-17", Price: 4_500_000, Funding: "Federal",
			},
		})
	}
	return changes
}

// BenchmarkPreview and BenchmarkApply give the cost of one line of a packing
// list of 10,000, with all indexes, counters, ledgers and the journal.
func BenchmarkPreview(b *testing.B) {
	benchmarkList(b, func(w *world, changes []registry.Change) {
		if _, err := w.boss.Preview(context.Background(), changes...); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkApply(b *testing.B) {
	benchmarkList(b, func(w *world, changes []registry.Change) { w.do(w.boss, changes...) })
}

func benchmarkList(b *testing.B, run func(w *world, changes []registry.Change)) {
	const lines = 10_000
	w := newWorld(b)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		changes := packingList(w, fmt.Sprintf("S%d", i), lines)
		b.StartTimer()
		run(w, changes)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
}
