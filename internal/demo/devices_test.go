package demo_test

import (
	"testing"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"pgregory.net/rapid"
)

func TestIdentitiesNeedNoCorrection(t *testing.T) {
	w := world(t, demo.Options{})
	for _, d := range w.PackingList(0) {
		serial, err := fleet.ParseSerial(string(d.Serial))
		if err != nil || serial != d.Serial || len(d.Serial) < 10 || len(d.Serial) > 12 {
			t.Fatalf("serial %q is read as %q, %v", d.Serial, serial, err)
		}
		tag, err := fleet.ParseTag(string(d.Tag))
		if err != nil || tag != d.Tag {
			t.Fatalf("tag %q is read as %q, %v", d.Tag, tag, err)
		}
	}
}

func TestEveryDeviceIsOnOnePackingList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := demo.Options{Seed: rapid.Uint64().Draw(t, "seed"), Devices: rapid.IntRange(demo.MinDevices, 4_000).Draw(t, "devices"), Schools: rapid.IntRange(1, 400).Draw(t, "schools"), Now: today}
		w, err := demo.New(o)
		if err != nil {
			t.Fatal(err)
		}
		next := 0
		for s, ship := range w.Shipments() {
			if ship.First != next {
				t.Fatalf("shipment %s begins with device %d, want %d", ship.Number, ship.First, next)
			}
			for n, d := range w.PackingList(s) {
				if n != next || w.Device(n) != d {
					t.Fatalf("line %d of %s is device %d, %v; asked for by number it is %v", next, ship.Number, n, d, w.Device(n))
				}
				next++
			}
			if next != ship.First+ship.Count {
				t.Fatalf("shipment %s ends before device %d, want %d", ship.Number, next, ship.First+ship.Count)
			}
		}
		if next != o.Devices {
			t.Fatalf("%d devices, want %d", next, o.Devices)
		}
	})
}

func TestThreeShipmentsReachAllDistricts(t *testing.T) {
	w := world(t, demo.Options{})
	districts := map[fleet.PlaceCode]bool{}
	var counts []int
	for s, ship := range w.Shipments() {
		counts = append(counts, ship.Count)
		for _, d := range w.PackingList(s) {
			districts[w.Schools()[d.School].Parent[:5]] = true
		}
	}
	if len(counts) != 3 || counts[0] != 3_000 || counts[1] != 1_800 || counts[2] != 1_200 {
		t.Errorf("shipments of %v devices, want 3000, 1800 and 1200", counts)
	}
	if len(districts) != 160 {
		t.Errorf("%d districts get devices, want 160", len(districts))
	}
}

func TestAPackingListIsFilledIn(t *testing.T) {
	w := world(t, demo.Options{})
	models := map[string]bool{}
	for _, m := range w.Models() {
		models[m.Name] = true
		if err := m.Check(); err != nil {
			t.Error(err)
		}
	}
	for s, ship := range w.Shipments() {
		if _, err := fleet.ParseShipmentNumber(ship.Number); err != nil {
			t.Error(err)
		}
		for n, d := range w.PackingList(s) {
			row := w.PackingRow(d)
			if len(row) != len(ship.Columns) {
				t.Fatalf("%d cells under %d columns", len(row), len(ship.Columns))
			}
			for i, cell := range row {
				if cell == "" || cell == fleet.Date(0) || cell == fleet.Rupees(0) {
					t.Fatalf("device %d: %s is empty", n, ship.Columns[i])
				}
			}
			if !models[d.Model] {
				t.Fatalf("device %d is of the unknown model %q", n, d.Model)
			}
		}
	}
}
