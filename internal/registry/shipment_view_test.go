package registry_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
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
	unlisted := func(at fleet.PlaceCode, serial fleet.Serial, damaged bool) {
		w.do(w.boss, registry.ReceiveUnlisted{Shipment: "SHP-1", Place: at, Device: fleet.Device{Serial: serial}, Damaged: damaged})
	}
	w.do(w.boss, registry.ReceiveDevice{Serial: "AAA001"}, registry.ReceiveDevice{Serial: "AAA002", Damaged: true}, registry.ReceiveDevice{Serial: "BBB001"})
	unlisted("", "CCC001", false)
	unlisted("PK6-35200001", "CCC002", true)

	school := w.as(fleet.SchoolRole, "PK6-35200001")
	twice := w.reg.As(registry.Actor{User: 7, Grants: []fleet.Grant{ // one of its places lies in the other
		{Role: fleet.Viewer, Place: w.path("PK6-35100001")}, {Role: fleet.Officer, Place: w.path("PK602")},
	}})
	part := func(state fleet.ShipmentState, p fleet.Shipment) fleet.Shipment {
		p.ID, p.Number, p.Supplier, p.Dispatched, p.State = 1, "SHP-1", "Tez", announced.Dispatched, state
		return p
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
	see(school, part(fleet.PartlyReceived, fleet.Shipment{Lines: 3, Received: 2, Damaged: 1, Over: 1}))
	see(twice, part(fleet.PartlyReceived, fleet.Shipment{Lines: 2, Received: 1}))
	w.do(w.boss, registry.DispatchDevice{Serial: "AAA002", To: "PK6-35100001"}) // what became of it since does not count
	see(school, part(fleet.PartlyReceived, fleet.Shipment{Lines: 2, Received: 1, Over: 1}))
	see(twice, part(fleet.PartlyReceived, fleet.Shipment{Lines: 3, Received: 2, Damaged: 1}))
	w.do(w.boss, registry.CloseShipment{Number: "SHP-1"})
	see(school, part(fleet.ShipmentClosed, fleet.Shipment{Lines: 2, Received: 1, Over: 1, Short: 1}))

	_, err := w.as(fleet.SchoolRole, "PK6-35200002").Shipment(context.Background(), "SHP-1")
	wantCode(t, err, "shipment.not_found")
	whole, err := w.as(fleet.Viewer, "PK601-STORE").Shipment(context.Background(), "SHP-1")
	if err != nil || whole.Lines != 5 || whole.Over != 2 || whole.Damaged != 1 || whole.Short != 2 || whole.File != "abc" {
		t.Errorf("who sees its destination sees %+v, %v", whole, err)
	}
	w.sound()
}

// Who has of a shipment only what its list does not name sees that.
func TestAShipmentIsSeenByWhoHasOnlyWhatWasNotListed(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK601-STORE", "AAA001")
	w.do(w.boss, registry.ReceiveUnlisted{Shipment: "SHP-1", Place: "PK6-35100001", Device: fleet.Device{Serial: "CCC001"}})
	s, err := w.as(fleet.SchoolRole, "PK6-35100001").Shipment(context.Background(), "SHP-1")
	if err != nil || s.Lines != 0 || s.Received != 0 || s.Over != 1 || s.Awaited() != 0 {
		t.Errorf("it sees %+v, %v", s, err)
	}
}

// How devices came in does not split the counts by shipment, today's or those of
// a day before.
func TestCountsByShipmentTakeAllArrivalsTogether(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK6-35200001", "AAA001", "AAA002", "AAA003", "AAA004")
	announced := fleet.DateOf(w.clock)
	w.setClock(w.clock.AddDate(0, 0, 1))
	w.do(w.boss, registry.ReceiveDevice{Serial: "AAA001"}, registry.ReceiveDevice{Serial: "AAA002", Damaged: true},
		registry.ReceiveUnlisted{Shipment: "SHP-1", Place: "PK6-35200001", Device: fleet.Device{Serial: "CCC001"}})
	received := fleet.DateOf(w.clock)
	w.setClock(w.clock.AddDate(0, 0, 1))
	w.do(w.boss, registry.ReceiveDevice{Serial: "AAA003"}, registry.CloseShipment{Number: "SHP-1"})
	for day, want := range map[fleet.Date]string{
		announced: "SHP-1/expected:4 = 4",
		received:  "SHP-1/expected:2 SHP-1/at_school:3 = 5",
		0:         "SHP-1/expected:1 SHP-1/at_school:4 = 5",
	} {
		by := []registry.Dimension{registry.ByShipment, registry.ByStatus}
		if got := w.counts(registry.CountQuery{Place: "PK601", By: by, AsOf: day}); got != want {
			t.Errorf("on day %s: %s, want %s", day, got, want)
		}
	}
	w.sound()
}

// A register whose counters know no arrival counts them anew when it is opened.
func TestARegisterOfAnotherSchemaCountsArrivalsAnew(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK6-35200001", "AAA001", "AAA002")
	w.do(w.boss, registry.ReceiveDevice{Serial: "AAA001", Damaged: true})
	now := w.pairs()
	w.reg.Close()

	older := memkv.New()
	err := older.Update(context.Background(), func(wr kv.Writer) error {
		for _, p := range now {
			key, val := kv.Tuple(p.Key), p.Val
			r := kv.NewPartReader(p.Key)
			switch r.Str() {
			case "meta":
				val = []byte("another schema")
			case "device.shipment_at":
				key = kv.Key("device.shipment_at").Uint(r.Uint()).Str(r.Str()).Uint(r.Uint()).Uint(r.Uint())
			case "device.shipment_at.daily":
				key = kv.Key("device.shipment_at.daily").Uint(r.Uint()).Str(r.Str()).Uint(r.Uint()).Uint(r.Uint()).Uint(r.Uint())
			}
			if err := wr.Put(key, val); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.store = older
	if w.reg, err = registry.Open(context.Background(), older, registry.Options{}); err != nil {
		t.Fatal(err)
	}
	defer w.reg.Close()
	w.boss = w.reg.As(registry.Operator())
	w.sound()
	s, err := w.as(fleet.SchoolRole, "PK6-35200001").Shipment(context.Background(), "SHP-1")
	if err != nil || s.Lines != 2 || s.Received != 1 || s.Damaged != 1 || s.Awaited() != 1 {
		t.Errorf("it sees %+v, %v", s, err)
	}
	if after := w.pairs(); !slices.EqualFunc(after, now, samePair) {
		t.Errorf("%d pairs, not the %d there were", len(after), len(now))
	}
}

func samePair(a, b kv.Pair) bool { return bytes.Equal(a.Key, b.Key) && bytes.Equal(a.Val, b.Val) }
