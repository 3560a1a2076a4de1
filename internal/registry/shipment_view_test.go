package registry_test

import (
	"context"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Whoever sees some devices of a shipment, not where it went, learns nothing of
// the rest of it.
func TestShipmentIsSeenAsFarAsTheScopeGoes(t *testing.T) {
	w := newWorld(t)
	announced := registry.AnnounceShipment{
		Number: "SHP-1", Supplier: "Tez", Destination: "PK601-STORE", Dispatched: fleet.NewDate(2026, 5, 20),
		File: "abc", FileName: "national list.xlsx",
	}
	w.do(w.boss, announced)
	expect := func(at fleet.PlaceCode, serials ...fleet.Serial) {
		for _, s := range serials {
			w.do(w.boss, registry.ExpectDevice{Shipment: "SHP-1", Place: w.path(at), Model: "T", Device: fleet.Device{Serial: s}})
		}
	}
	expect("PK6-35200001", "AAA001", "AAA002", "AAA003")
	expect("PK6-35100001", "BBB001", "BBB002")
	w.do(w.boss, registry.ReceiveDevice{Serial: "AAA001"}, registry.ReceiveDevice{Serial: "AAA002", Damaged: true}, registry.ReceiveDevice{Serial: "BBB001"},
		registry.ReceiveUnlisted{Shipment: "SHP-1", Device: fleet.Device{Serial: "CCC001"}})

	school := w.as(fleet.SchoolRole, "PK6-35200001")
	twice := w.reg.As(registry.Actor{User: 7, Grants: []fleet.Grant{ // one of its places lies in the other
		{Role: fleet.Viewer, Place: w.path("PK6-35100001")}, {Role: fleet.Officer, Place: w.path("PK602")},
	}})
	part := func(state fleet.ShipmentState, lines, received, short uint32) fleet.Shipment {
		return fleet.Shipment{
			ID: 1, Number: "SHP-1", Supplier: "Tez", Dispatched: announced.Dispatched, State: state,
			Lines: lines, Received: received, Short: short,
		}
	}
	see := func(s registry.Session, want fleet.Shipment) {
		t.Helper()
		one, err := s.Shipment(context.Background(), "SHP-1")
		if err != nil || one != want {
			t.Errorf("it sees\n     %+v (%v)\nwant %+v", one, err, want)
		}
		all, err := s.Shipments(context.Background())
		if err != nil || len(all) != 1 || all[0] != want {
			t.Errorf("in the list it sees\n     %+v (%v)\nwant %+v", all, err, want)
		}
		after, err := s.ShipmentAfter(context.Background(), registry.Receipt{At: 1 << 40}, "SHP-1")
		if err != nil || after != want {
			t.Errorf("after a change it sees\n     %+v (%v)\nwant %+v", after, err, want)
		}
	}
	see(school, part(fleet.PartlyReceived, 3, 2, 0))
	see(twice, part(fleet.PartlyReceived, 2, 1, 0))
	w.do(w.boss, registry.CloseShipment{Number: "SHP-1"})
	see(school, part(fleet.ShipmentClosed, 3, 2, 1))

	_, err := w.as(fleet.SchoolRole, "PK6-35200002").Shipment(context.Background(), "SHP-1")
	wantCode(t, err, "shipment.not_found")
	whole, err := w.as(fleet.Viewer, "PK601-STORE").Shipment(context.Background(), "SHP-1")
	if err != nil || whole.Lines != 5 || whole.Over != 1 || whole.Damaged != 1 || whole.Short != 2 || whole.File != "abc" {
		t.Errorf("who sees its destination sees %+v, %v", whole, err)
	}
}
