package registry_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Undoing takes back nothing that is elsewhere, whatever kind of thing it is: what the
// import made there and what it altered there, and what it brought from there or took
// there.
func TestUndoingTouchesNothingElsewhere(t *testing.T) {
	const kasur = "PK602"
	w := newWorld(t)
	day, end := fleet.DateOf(w.clock), fleet.NewDate(2026, 12, 31)
	w.expect("SHP-1", "PK602", "AAA-0001")
	w.do(w.boss,
		registry.SetTarget{Place: kasur, By: end, Devices: 10},
		registry.RecordStockTake{Place: kasur, Date: day, Serials: []fleet.Serial{"ZZZ-0001"}})
	w.do(w.as(fleet.Officer, "PK601"), registry.StartImport{Import: registry.Import{Kind: "devices", SHA256: strings.Repeat("a", 64)}})
	steps := []registry.Change{
		school("35100009", "PK602", "GGHS Kasur"),            // a place that is made
		place("PK602", "PK6", fleet.District, "Kasur City"),  // altered
		school("35200002", "PK602", "GBHS Model Town"),       // taken there
		school("35100001", "PK601", "GBPS Kot Radha Kishan"), // and brought from there
		registry.AnnounceShipment{Number: "SHP-2", Supplier: "Tez", Destination: "PK602"},
		registry.AnnounceShipment{Number: "SHP-1", Supplier: "Tez Devices", Destination: "PK602"},
		registry.ExpectDevice{Shipment: "SHP-1", Place: w.path(kasur), Device: fleet.Device{Serial: "AAA-0002"}},
		registry.CorrectDevice{Serial: "AAA-0001", Device: fleet.Device{Lot: "L2"}, Model: "Takhti 11"},
		registry.SetTarget{Place: kasur, By: end + 1, Devices: 5},
		registry.SetTarget{Place: kasur, By: end, Devices: 11},
		registry.RecordStockTake{Place: kasur, Date: day - 1, Serials: []fleet.Serial{"ZZZ-0002"}},
		registry.RecordStockTake{Place: kasur, Date: day, Serials: []fleet.Serial{"ZZZ-0001", "ZZZ-0003"}},
	}
	part := registry.ImportPart{ID: 1, Part: 1, Last: true}
	for _, c := range steps {
		part.Steps = append(part.Steps, registry.ImportStep{Change: c, Row: -1})
	}
	w.do(w.boss, part) // by somebody who may: the sender could then
	plan, err := w.as(fleet.Officer, "PK601").UndoPlan(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Deleted != 0 || plan.Restored != 0 {
		t.Errorf("undoing deletes %d and restores %d of what is in Kasur", plan.Deleted, plan.Restored)
	}
	var kept []string
	for _, k := range plan.Kept {
		kept = append(kept, k.Subject+" "+k.Reason.Code)
	}
	if len(kept) != len(steps) || slices.ContainsFunc(kept, func(k string) bool { return !strings.HasSuffix(k, " undo.outside") }) {
		t.Errorf("kept of %d:\n%s", len(steps), strings.Join(kept, "\n"))
	}
	if plan, err := w.as(fleet.Manager, "PK").UndoPlan(t.Context(), 1); err != nil || len(plan.Kept) != 0 {
		t.Errorf("for the whole country: %+v, %v", plan.Kept, err)
	}
}
