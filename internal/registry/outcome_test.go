package registry_test

import (
	"context"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestOutcomeIsThatOfTheRequestWhateverHappenedSince(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.atSchool("PK6-35200001", "AAA001")
	assigned := w.do(w.boss, registry.AssignDevice{Serial: "AAA001", Holder: fleet.Holder{Kind: fleet.HeldInCart, Label: "Cart 1"}})
	reported := w.do(w.boss, registry.ReportFault{Serial: "AAA001", Category: fleet.FaultScreen, Severity: fleet.Minor})
	ref := reported.Refs[0]
	renamed := w.do(w.boss, place("PK602", "PK6", fleet.District, "Kasoor"))
	closed := w.do(w.boss, registry.CloseShipment{Number: "SHP-1"})

	w.do(w.boss, registry.ReturnDevice{Serial: "AAA001"}, registry.TriageFault{Ref: ref, Severity: fleet.Unusable},
		place("PK602", "PK6", fleet.District, "Kasur"))

	d, err := w.boss.DeviceAfter(ctx, assigned, "AAA001")
	if err != nil || d.Status != fleet.Issued || d.Holder.Label != "Cart 1" {
		t.Errorf("after it was assigned the device is %s, held by %q: %v", d.Status, d.Holder.Label, err)
	}
	f, err := w.boss.FaultAfter(ctx, reported, ref)
	if err != nil || f.State != fleet.Reported || f.Severity != fleet.Minor {
		t.Errorf("after it was reported the fault is %s, %s: %v", f.State, f.Severity, err)
	}
	p, err := w.boss.PlaceAfter(ctx, renamed, "PK602")
	if err != nil || p.Name != "Kasoor" {
		t.Errorf("after it was renamed the place is %q: %v", p.Name, err)
	}
	s, err := w.boss.ShipmentAfter(ctx, closed, "SHP-1")
	if err != nil || s.State != fleet.ShipmentClosed {
		t.Errorf("after it was closed the shipment is %s: %v", s.State, err)
	}
}

func TestOutcomeKeepsToTheScopeAndToWhatIsThere(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.atSchool("PK6-35200001", "AAA001")
	receipt := w.do(w.boss, registry.AssignDevice{Serial: "AAA001", Holder: fleet.Holder{Kind: fleet.HeldInCart, Label: "Cart 1"}})
	_, err := w.as(fleet.Viewer, "PK602").DeviceAfter(ctx, receipt, "AAA001")
	wantCode(t, err, "device.not_found")

	nothing := w.do(w.boss, place("PK602", "PK6", fleet.District, "Kasur"))
	w.do(w.boss, place("PK602", "PK6", fleet.District, "Kasoor"))
	p, err := w.boss.PlaceAfter(ctx, nothing, "PK602")
	if err != nil || nothing.Last != 0 || p.Name != "Kasur" {
		t.Errorf("a request that changed nothing: %q, %+v, %v", p.Name, nothing, err)
	}
}
