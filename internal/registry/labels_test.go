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

// What is read again and again is kept; a change shows at once all the same.
func TestLabelsFollowAChangedName(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	label := func() string {
		t.Helper()
		d, err := w.boss.DeviceDetail(context.Background(), "AAA001", false)
		if err != nil {
			t.Fatal(err)
		}
		return d.Labels.Places[d.Device.Place].Name
	}
	if got := label(); got != "GGHS Chak 77" {
		t.Fatalf("first %q", got)
	}
	w.do(w.boss, school("35200001", "PK601", "GGHSS Chak 77"))
	if got := label(); got != "GGHSS Chak 77" {
		t.Errorf("renamed, it still says %q", got)
	}
	w.do(w.boss, school("35200001", "PK602", "GGHSS Chak 77"))
	if got := label(); got != "GGHSS Chak 77" {
		t.Errorf("moved to another district, it says %q", got)
	}
}
