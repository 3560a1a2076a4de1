package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestDevicesAreListed(t *testing.T) {
	w := newWorld(t)
	for name, tc := range map[string]struct {
		user  string
		query takhti.DeviceQuery
		want  string
	}{
		"all":                 {"analyst", takhti.DeviceQuery{}, "KASUR00001 KASUR00002 LAH0000001 LAH0000002 LAH0000003"},
		"one's own":           {"chak77", takhti.DeviceQuery{}, "LAH0000003"},
		"at a place":          {"analyst", takhti.DeviceQuery{Place: "PK602-KASUR"}, "KASUR00001 KASUR00002"},
		"by status":           {"analyst", takhti.DeviceQuery{Status: takhti.StatusAtSchool}, "KASUR00002 LAH0000003"},
		"by condition":        {"analyst", takhti.DeviceQuery{Condition: takhti.ConditionFaulty}, "KASUR00002"},
		"by model":            {"lahore.officer", takhti.DeviceQuery{Model: "slate  11"}, "LAH0000001 LAH0000002 LAH0000003"},
		"by shipment":         {"analyst", takhti.DeviceQuery{Shipment: "kasur-1"}, "KASUR00001 KASUR00002"},
		"by part of a serial": {"analyst", takhti.DeviceQuery{Search: "h000000"}, "LAH0000001 LAH0000002 LAH0000003"},
		"by all of it":        {"analyst", takhti.DeviceQuery{Place: "PK601", Status: takhti.StatusInStore, Search: "02", Model: "Slate 11"}, "LAH0000002"},
		"none":                {"analyst", takhti.DeviceQuery{Status: takhti.StatusRetired}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, limit := range []int{0, 1, 2} {
				found := map[string]bool{}
				for tc.query.Cursor = ""; ; {
					tc.query.Limit = limit
					page := must(w.as(tc.user).DevicePage(t.Context(), tc.query))(t)
					for _, d := range page.Items {
						found[d.Serial] = true
					}
					if tc.query.Cursor = page.Next; page.Next == "" {
						break
					}
				}
				if got := sorted(found); got != tc.want {
					t.Errorf("by %d: got %s, want %s", limit, got, tc.want)
				}
			}
		})
	}
}

func TestOneDeviceAndItsHistory(t *testing.T) {
	w := newWorld(t)
	d := must(w.as("analyst").Device(t.Context(), "lah 0000003"))(t)
	want := takhti.Device{
		Serial: "LAH0000003", Model: "Slate 11", Status: takhti.StatusAtSchool, Condition: takhti.ConditionOK, Arrival: takhti.ArrivalReceived,
		Place: "PK6-35200001", PlaceName: "GGHS Chak 77", Shipment: "LAHORE-1", Lot: "L1", Price: 45000, Received: "2026-06-01", Changed: w.clock,
	}
	if d.Device != want {
		t.Errorf("got %+v", d.Device)
	}
	if got := story(d.History); got != "expect_device expected at PK601-STORE, receive_device in_store at PK601-STORE, "+
		"dispatch_device in_transit at PK6-35200001, accept_device at_school at PK6-35200001" {
		t.Error(got)
	}
	status, _, body := w.raw(w.token("analyst"), "GET /api/v1/devices/LAH0000003?history=false", "")
	if status != 200 || strings.Contains(body, "history") {
		t.Errorf("%d %s", status, body)
	}
}

func story(events []takhti.DeviceEvent) string {
	var steps []string
	for _, e := range events {
		steps = append(steps, fmt.Sprintf("%s %s at %s", e.Change, e.Status, e.Place))
	}
	return strings.Join(steps, ", ")
}

func TestDeviceGoesThroughItsLife(t *testing.T) {
	w := newWorld(t)
	officer, school := w.as("lahore.officer"), w.as("chak77")
	ctx := t.Context()

	d := must(officer.DispatchDevice(ctx, "LAH0000001", "35200001"))(t)
	if d.Status != takhti.StatusInTransit || d.Place != "PK6-35200001" || d.From != "PK601-STORE" {
		t.Fatalf("dispatched: %+v", d)
	}
	d = must(school.AcceptDevice(ctx, "LAH0000001"))(t)
	if d.Status != takhti.StatusAtSchool || d.From != "" {
		t.Fatalf("accepted: %+v", d)
	}
	d = must(school.AssignDevice(ctx, "LAH0000001", takhti.Holder{Kind: takhti.HeldByLearner, Label: "9-B", Roll: 7}))(t)
	if d.Status != takhti.StatusIssued || *d.Holder != (takhti.Holder{Kind: takhti.HeldByLearner, Label: "9-B", Roll: 7}) {
		t.Fatalf("assigned: %+v", d)
	}
	_, err := school.AssignDevice(ctx, "LAH0000001", takhti.Holder{Kind: takhti.HeldInCart, Label: "1"})
	if e := wantCode(t, err, "device.issued"); e.Status != 409 {
		t.Errorf("%+v", e)
	}
	d = must(school.ReturnDevice(ctx, "LAH0000001"))(t)
	if d.Status != takhti.StatusAtSchool || d.Holder != nil {
		t.Fatalf("returned: %+v", d)
	}
	_, err = school.RetireDevice(ctx, "LAH0000001")
	if e := wantCode(t, err, "forbidden"); e.Status != 403 {
		t.Errorf("%+v", e)
	}
	if d = must(officer.RetireDevice(ctx, "LAH0000001"))(t); d.Status != takhti.StatusRetired {
		t.Fatalf("retired: %+v", d)
	}
	_, err = school.AssignDevice(ctx, "LAH0000003", takhti.Holder{Kind: takhti.HeldByLearner, Label: "9-B"})
	if e := wantCode(t, err, "holder.roll_missing"); e.Field != "roll" {
		t.Errorf("%+v", e)
	}
}

// A learner whose number was given is given no second device; the number itself is
// never answered.
func TestALearnerIsKnownAgainByTheirNumber(t *testing.T) {
	w := newWorld(t)
	school := w.as("chak77")
	learner := takhti.Holder{Kind: takhti.HeldByLearner, Label: "9-B", Roll: 7, ID: "GR-1077"}
	d := must(school.AssignDevice(t.Context(), "LAH0000003", learner))(t)
	if *d.Holder != (takhti.Holder{Kind: takhti.HeldByLearner, Label: "9-B", Roll: 7, HasID: true}) {
		t.Errorf("%+v", d.Holder)
	}
	w.do(registry.DispatchDevice{Serial: "LAH0000001", To: "PK6-35200001"}, registry.AcceptDevice{Serial: "LAH0000001"})
	learner.Roll, learner.ID = 8, "gr 1077"
	_, err := school.AssignDevice(t.Context(), "LAH0000001", learner)
	if e := wantCode(t, err, "holder.has_device"); e.Field != "learner_id" || !strings.Contains(e.Detail, "LAH0000003") {
		t.Errorf("%+v", e)
	}
	must(school.ReturnDevice(t.Context(), "LAH0000003"))(t)
	must(school.AssignDevice(t.Context(), "LAH0000001", learner))(t)
}

func TestDeviceInTransitHidesWhereItGoesFromWhoMayNotSee(t *testing.T) {
	w := newWorld(t)
	w.do(registry.DispatchDevice{Serial: "LAH0000003", To: "PK6-KASUR0001"})
	d := must(w.as("chak77").Device(t.Context(), "LAH0000003"))(t)
	if d.Place != "" || d.PlaceName != "" || d.From != "PK6-35200001" {
		t.Errorf("%+v", d.Device)
	}
	if got := must(w.as("kasur.officer").Device(t.Context(), "LAH0000003"))(t); got.Place != "PK6-KASUR0001" || got.From != "" {
		t.Errorf("%+v", got.Device)
	}
}

func TestModels(t *testing.T) {
	w := newWorld(t)
	w.do(registry.SaveModel{Model: fleet.Model{Name: "Slate 14", Manufacturer: "Tez", AUE: fleet.NewDate(2034, 6, 30), LifeMonths: 60}})
	if got := fmt.Sprint(must(w.as("chak77").Models(t.Context()))(t)); got != "[{Slate 11    0} {Slate 14 Tez  2034-06-30 60}]" {
		t.Error(got)
	}
}
