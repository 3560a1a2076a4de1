package registry_test

import (
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestAShipmentDoesNotLeaveInTheFarFuture(t *testing.T) {
	w := newWorld(t)
	announced := registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601", Dispatched: fleet.NewDate(2099, 1, 1)}
	w.refused(w.boss, "shipment.dispatched", announced)
	announced.Dispatched = fleet.NewDate(2026, 7, 1)
	w.do(w.boss, announced)
}
