package registry_test

import (
	"context"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestLabelsNameWhatADeviceRefersTo(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	w.do(w.boss, registry.DispatchDevice{Serial: "AAA001", To: "PK6-35100001"})
	sender := w.as(fleet.SchoolRole, "PK6-35200001")

	d, err := sender.Device(context.Background(), "AAA001")
	if err != nil {
		t.Fatal(err)
	}
	l, err := sender.DeviceLabels(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	if l.Models[d.Model] != "Takhti 11" || l.Shipments[d.Shipment] != "SHP-1" {
		t.Errorf("model %q, shipment %q", l.Models[d.Model], l.Shipments[d.Shipment])
	}
	if from := l.Places[d.From]; from.Code != "PK6-35200001" {
		t.Errorf("the sender's own place is %q", from.Code)
	}
	if to, ok := l.Places[d.Place]; ok {
		t.Errorf("the sender sees %s, which is not within its scope", to.Code)
	}
}

func TestPlacesAtKeepsToTheScope(t *testing.T) {
	w := newWorld(t)
	lahore, kasur := w.path("PK601"), w.path("PK602")
	known, err := w.as(fleet.Viewer, "PK601").PlacesAt(context.Background(), lahore, kasur, "", lahore)
	if err != nil || len(known) != 1 || known[lahore].Code != "PK601" {
		t.Errorf("%v, %v", known, err)
	}
}
