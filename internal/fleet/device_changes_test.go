package fleet

import (
	"strings"
	"testing"
	"time"
)

func TestReceive(t *testing.T) {
	late := time.Date(2026, 3, 9, 20, 30, 0, 0, time.UTC) // 01:30 of the 10th in Pakistan
	for _, c := range []struct {
		name      string
		arrival   Arrival
		damaged   bool
		want      Arrival
		condition Condition
	}{
		{"as listed", Awaited, false, AsListed, OK},
		{"damaged", Awaited, true, DamagedOnArrival, Faulty},
		{"after it was counted short", Short, false, AsListed, OK},
		{"not on the list", Over, false, Over, OK},
		{"not on the list and damaged", Over, true, Over, Faulty},
	} {
		d, err := Device{Status: Expected, Arrival: c.arrival}.Receive(Store, c.damaged, late)
		if err != nil || d.Arrival != c.want || d.Condition != c.condition || d.Status != InStore {
			t.Errorf("%s: %s, %s, %s (%v); want %s, %s, in_store", c.name, d.Arrival, d.Condition, d.Status, err, c.want, c.condition)
		}
		if d.Received.String() != "2026-03-10" {
			t.Errorf("%s: received on %s, want the day in Pakistan", c.name, d.Received)
		}
	}
}

func TestMarkShort(t *testing.T) {
	d, err := Device{Status: Expected, Arrival: Awaited}.MarkShort(noon)
	if err != nil || d.Arrival != Short || d.Status != Expected {
		t.Errorf("%s, %s (%v); want short, expected", d.Arrival, d.Status, err)
	}
}

func TestDispatchAcceptAndRefuse(t *testing.T) {
	store, school := pathOf(1, 6, 60), pathOf(1, 6, 601)
	d := Device{Serial: "5CD1", Status: InStore, Condition: Faulty, Place: store}

	_, err := d.Dispatch(store, noon)
	refused(t, err, "device.already_there", "to")

	sent, err := d.Dispatch(school, noon)
	if err != nil || sent.Place != school || sent.From != store || sent.Condition != Faulty {
		t.Fatalf("sent: at %q from %q, %s (%v)", sent.Place, sent.From, sent.Condition, err)
	}
	accepted, err := sent.Accept(School, noon)
	if err != nil || accepted.Place != school || accepted.From != "" || accepted.Status != AtSchool {
		t.Errorf("accepted: at %q from %q, %s (%v)", accepted.Place, accepted.From, accepted.Status, err)
	}
	refusedThere, err := sent.Refuse(noon)
	if err != nil || refusedThere.Place != store || refusedThere.From != school || refusedThere.Status != InTransit {
		t.Fatalf("refused: at %q from %q, %s (%v)", refusedThere.Place, refusedThere.From, refusedThere.Status, err)
	}
	back, err := refusedThere.Accept(Store, noon)
	if err != nil || back.Place != store || back.From != "" || back.Status != InStore {
		t.Errorf("taken back: at %q from %q, %s (%v)", back.Place, back.From, back.Status, err)
	}
}

func TestAssign(t *testing.T) {
	d := Device{Serial: "5CD1", Status: AtSchool, Condition: OK}
	got, err := d.Assign(Holder{Kind: HeldByTeacher, Label: " Mathematics \u00a0 teacher "}, noon)
	if want := (Holder{Kind: HeldByTeacher, Label: "Mathematics teacher"}); err != nil || got.Holder != want {
		t.Errorf("held by %+v (%v), want %+v", got.Holder, err, want)
	}

	_, err = d.Assign(Holder{Kind: HeldByTeacher}, noon)
	refused(t, err, "holder.label_missing", "holder")

	d.Condition = Faulty
	if _, err = d.Assign(Holder{Kind: HeldInRoom, Label: "Lab"}, noon); err != nil {
		t.Errorf("a faulty device may still be handed out: %v", err)
	}
	d.Condition = BeyondRepair
	_, err = d.Assign(Holder{Kind: HeldInRoom, Label: "Lab"}, noon)
	refused(t, err, "device.beyond_repair", "")
}

// A correction takes every part of the description and nothing else.
func TestCorrectTo(t *testing.T) {
	description := Device{
		Tag: "MOE-1", MAC: "02:00:00:00:00:01", Model: 3, Carton: "C1", Lot: "L1", Line: "A", PO: "PO-1",
		Price: 45_000_00, Funding: "PSDP", WarrantyEnds: NewDate(2028, 6, 30),
	}
	before := Device{
		ID: 7, Version: 2, Serial: "5CD1", Place: pathOf(1, 6), Status: Issued, Condition: Faulty, Arrival: AsListed,
		Shipment: 9, Holder: Holder{Kind: HeldInRoom, Label: "Lab"}, Received: NewDate(2026, 1, 5), Changed: noon.Add(-time.Hour),
	}
	want := before
	want.Tag, want.MAC, want.Model, want.Carton, want.Lot, want.Line = description.Tag, description.MAC, 3, "C1", "L1", "A"
	want.PO, want.Price, want.Funding, want.WarrantyEnds, want.Changed = "PO-1", 45_000_00, "PSDP", description.WarrantyEnds, noon

	got, err := before.CorrectTo(description, noon)
	if err != nil || got != want {
		t.Errorf("corrected to\n%+v (%v), want\n%+v", got, err, want)
	}
	again, err := got.CorrectTo(description, noon.Add(time.Hour))
	if err != nil || again != got {
		t.Errorf("the same description again changed the device to %+v (%v)", again, err)
	}
	_, err = before.CorrectTo(Device{Price: -1}, noon)
	refused(t, err, "device.price", "price")
}

func TestDeviceCheck(t *testing.T) {
	long := strings.Repeat("م", maxText+1)
	for _, c := range []struct {
		device      Device
		code, field string
	}{
		{Device{Price: -1}, "device.price", "price"},
		{Device{Price: maxRupees + 1}, "device.price", "price"},
		{Device{MAC: long}, "device.text_long", "mac"},
		{Device{Carton: long}, "device.text_long", "carton"},
		{Device{Lot: long}, "device.text_long", "lot"},
		{Device{Line: long}, "device.text_long", "line"},
		{Device{PO: long}, "device.text_long", "po"},
		{Device{Funding: long}, "device.text_long", "funding"},
	} {
		refused(t, c.device.Check(), c.code, c.field)
	}
	most := long[:len(long)-len("م")]
	d := Device{Price: maxRupees, MAC: most, Carton: most, Lot: most, Line: most, PO: most, Funding: most}
	if err := d.Check(); err != nil {
		t.Errorf("%d characters were refused: %v", maxText, err)
	}
}
