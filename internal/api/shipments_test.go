package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestShipmentIsReceived(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	s := must(officer.AnnounceShipment(ctx, takhti.NewShipment{Number: "lahore-2", Supplier: "Tez", Destination: "PK601-STORE", Dispatched: "2026-05-20"}))(t)
	if s.Number != "LAHORE-2" || s.Dispatched != "2026-05-20" || s.Destination != "PK601-STORE" {
		t.Fatalf("announced: %+v", s)
	}
	for n := range 5 {
		w.do(registry.ExpectDevice{Shipment: "LAHORE-2", Device: fleet.Device{Serial: fleet.Serial(fmt.Sprintf("LAH200000%d", n))}})
	}
	s = must(officer.ReceiveShipment(ctx, "LAHORE-2", takhti.Received{
		Serials: []string{"LAH2000000"}, Damaged: []string{"lah2000001"},
		Unlisted: []takhti.Unlisted{{Serial: "LAH2999999", AssetTag: "T-1", Model: "Slate 14", Damaged: true}},
	}))(t)
	if s.State != takhti.ShipmentPartlyReceived || s.Listed != 5 || s.Received != 2 || s.Damaged != 1 || s.Over != 1 || s.Awaited != 3 {
		t.Fatalf("partly received: %+v", s)
	}
	if d := must(officer.Device(ctx, "LAH2999999"))(t); d.Arrival != takhti.ArrivalOver || d.Condition != takhti.ConditionFaulty || d.AssetTag != "T-1" {
		t.Errorf("over: %+v", d.Device)
	}
	s = must(officer.ReceiveShipment(ctx, "LAHORE-2", takhti.Received{All: true}))(t)
	if s.State != takhti.ShipmentReceived || s.Received != 5 || s.Awaited != 0 {
		t.Fatalf("all received: %+v", s)
	}
	if s = must(officer.CloseShipment(ctx, "LAHORE-2"))(t); s.State != takhti.ShipmentClosed {
		t.Fatalf("closed: %+v", s)
	}
	_, err := officer.CloseShipment(ctx, "LAHORE-2")
	wantCode(t, err, "shipment.closed")
}

func TestReceiptIsAllOrNothingAndOfOneShipment(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	w.do(registry.AnnounceShipment{Number: "LAHORE-2", Destination: "PK601-STORE"},
		registry.ExpectDevice{Shipment: "LAHORE-2", Device: fleet.Device{Serial: "LAH2000000"}},
		registry.AnnounceShipment{Number: "LAHORE-3", Destination: "PK601-STORE"},
		registry.ExpectDevice{Shipment: "LAHORE-3", Device: fleet.Device{Serial: "LAH3000000"}})
	for name, tc := range map[string]struct {
		came takhti.Received
		code string
	}{
		"a device of another shipment":  {takhti.Received{Serials: []string{"LAH2000000", "LAH3000000"}}, "shipment.not_listed"},
		"a device that nobody heard of": {takhti.Received{Serials: []string{"LAH2000000", "NOBODY0001"}}, "device.not_found"},
		"the same device twice":         {takhti.Received{Serials: []string{"LAH2000000", "LAH2000000"}}, "device.in_store"},
		"nothing":                       {takhti.Received{}, "shipment.receive"},
		"all, and some":                 {takhti.Received{All: true, Serials: []string{"LAH2000000"}}, "shipment.receive"},
		"no serial":                     {takhti.Received{Damaged: []string{"1.2E+11"}}, "serial.scientific"},
	} {
		_, err := officer.ReceiveShipment(ctx, "LAHORE-2", tc.came)
		wantCode(t, err, tc.code)
		if d := must(officer.Device(ctx, "LAH2000000"))(t); d.Status != takhti.StatusExpected {
			t.Errorf("%s: a device was received all the same", name)
		}
	}
}

func TestAnnouncingAgainKeepsThePackingList(t *testing.T) {
	w := newWorld(t)
	w.do(registry.AnnounceShipment{Number: "LAHORE-2", Destination: "PK601-STORE", File: strings.Repeat("ab", 32), FileName: "lot2.xlsx"})
	s := must(w.as("lahore.officer").AnnounceShipment(t.Context(), takhti.NewShipment{Number: "LAHORE-2", Supplier: "Tez", Destination: "PK601-STORE"}))(t)
	if s.Supplier != "Tez" || s.FileName != "lot2.xlsx" || len(s.SHA256) != 64 {
		t.Errorf("%+v", s)
	}
}

func TestShipmentsAreListedTheNewestFirst(t *testing.T) {
	w := newWorld(t)
	w.do(registry.AnnounceShipment{Number: "LAHORE-2", Destination: "PK601-STORE"})
	for user, want := range map[string]string{"analyst": "LAHORE-2 KASUR-1 LAHORE-1", "chak77": "LAHORE-1", "kasur.officer": "KASUR-1"} {
		var numbers []string
		for cursor := ""; ; {
			page := must(w.as(user).ShipmentPage(t.Context(), 1, cursor))(t)
			for _, s := range page.Items {
				numbers = append(numbers, s.Number)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if got := strings.Join(numbers, " "); got != want {
			t.Errorf("%s: %s", user, got)
		}
	}
}
