package registry_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestShipmentComesIn(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK601-STORE", "AAA001", "AAA002", "AAA003")
	if got := w.counts(registry.CountQuery{Place: "PK"}); got != "expected:3 = 3" {
		t.Errorf("announced: %s", got)
	}
	w.do(w.boss,
		registry.ReceiveDevice{Serial: "AAA001"},
		registry.ReceiveDevice{Serial: "AAA002", Damaged: true},
		registry.ReceiveUnlisted{Shipment: "SHP-1", Device: fleet.Device{Serial: "ZZZ009"}, Model: "Takhti 11"},
	)
	w.refused(w.boss, "device.in_store", registry.ReceiveDevice{Serial: "AAA001"})
	w.do(w.boss, registry.CloseShipment{Number: "SHP-1"})
	s, err := w.boss.Shipment(context.Background(), "shp-1")
	if err != nil {
		t.Fatal(err)
	}
	if s.Lines != 3 || s.Received != 2 || s.Damaged != 1 || s.Over != 1 || s.Short != 1 || s.State != fleet.ShipmentClosed {
		t.Errorf("shipment %+v", s)
	}
	if got := w.counts(registry.CountQuery{Place: "PK601"}); got != "expected:1 in_store:3 = 4" {
		t.Errorf("closed: %s", got)
	}
	if got := w.counts(registry.CountQuery{Place: "PK", By: []registry.Dimension{registry.ByCondition}}); got != "ok:3 faulty:1 = 4" {
		t.Errorf("conditions: %s", got)
	}
	w.refused(w.boss, "shipment.closed", registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"})
	w.sound()
}

func TestReceiveAll(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK601-STORE", "AAA001", "AAA002")
	w.expect("SHP-1", "PK6-35200001", "AAA003")
	_, n, err := w.boss.ReceiveAll(context.Background(), registry.Request{}, "SHP-1")
	if err != nil || n != 3 {
		t.Fatalf("received %d: %v", n, err)
	}
	if got := w.counts(registry.CountQuery{Place: "PK601", By: []registry.Dimension{registry.ByShipment, registry.ByStatus}}); got != "SHP-1/in_store:2 SHP-1/at_school:1 = 3" {
		t.Error(got)
	}
	w.sound()
}

func TestReceivingAllCanBeRepeated(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK601-STORE", "AAA001", "AAA002")
	q := registry.Request{ID: "truck 7"}
	receive := func(number string) (registry.Receipt, int, error) {
		return w.boss.ReceiveAll(context.Background(), q, number)
	}
	first, n, err := receive("SHP-1")
	if err != nil || n != 2 || first.Request != q.ID || first.Last == 0 {
		t.Fatalf("received %d, %+v: %v", n, first, err)
	}
	w.expect("SHP-1", "PK601-STORE", "AAA003")
	w.expect("SHP-2", "PK601-STORE", "BBB001")
	again, n, err := receive("SHP-1")
	if err != nil || n != 0 || !again.Repeated || again.Last != first.Last {
		t.Errorf("repeated it received %d, %+v: %v", n, again, err)
	}
	_, _, err = receive("SHP-2")
	wantCode(t, err, "request.reused")
	_, err = w.boss.Apply(context.Background(), q, registry.CloseShipment{Number: "SHP-1"})
	wantCode(t, err, "request.reused")
	q.ID = "truck 8"
	if _, n, err := receive("SHP-1"); err != nil || n != 1 {
		t.Errorf("the one that came later: %d, %v", n, err)
	}
}

func TestFaultFromReportToClose(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	teacher, officer := w.as(fleet.SchoolRole, "PK6-35200001"), w.as(fleet.Officer, "PK601")

	report := registry.ReportFault{Serial: "AAA001", Category: fleet.FaultScreen, Severity: fleet.Major, Note: "cracked"}
	ref := w.do(teacher, report).Refs[0]
	report.Note = "worse now"
	if again := w.do(teacher, report).Refs[0]; again != ref {
		t.Errorf("a second report of the same fault got %s, not %s", again, ref)
	}
	w.refused(teacher, "forbidden", registry.TriageFault{Ref: ref, Severity: fleet.Unusable})
	w.do(officer, registry.TriageFault{Ref: ref, Severity: fleet.Unusable})
	w.do(officer, registry.SendToRepair{Ref: ref, Route: fleet.ByWorkshop})
	if got := w.counts(registry.CountQuery{Place: "PK601"}); got != "in_repair:1 = 1" {
		t.Error(got)
	}
	w.do(officer, registry.ReturnFromRepair{Ref: ref, Outcome: fleet.Repaired})
	w.do(teacher, registry.CloseFault{Ref: ref})

	f, err := teacher.Fault(context.Background(), strings.ToLower(ref))
	if err != nil || f.State != fleet.FaultClosed || f.Outcome != fleet.Repaired || len(f.Notes) != 2 {
		t.Errorf("%+v %v", f, err)
	}
	d, err := teacher.Device(context.Background(), "AAA001")
	if err != nil || d.Status != fleet.AtSchool || d.Condition != fleet.OK {
		t.Errorf("%+v %v", d, err)
	}
	w.sound()
}

func TestHistoryOfADevice(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	w.do(w.boss, registry.AssignDevice{Serial: "AAA001", Holder: fleet.Holder{Kind: fleet.HeldByLearner, Label: "6-B", Roll: 14}})
	events, err := w.boss.History(context.Background(), "AAA001")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range events {
		names = append(names, e.Entry.Change)
	}
	if want := []string{"expect_device", "receive_device", "assign_device"}; !slices.Equal(names, want) {
		t.Errorf("history %v, want %v", names, want)
	}
	if last := events[2]; last.Before.Status != fleet.AtSchool || last.After.Status != fleet.Issued || last.After.Holder.Roll != 14 {
		t.Errorf("last event %+v %+v", last.Before, last.After)
	}
}

func TestRequestsAreSafeToRepeat(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001", "AAA002")
	apply := func(id string, serial fleet.Serial) (registry.Receipt, error) {
		return w.boss.Apply(context.Background(), registry.Request{ID: id},
			registry.ReportFault{Serial: serial, Category: fleet.FaultBattery, Severity: fleet.Minor})
	}
	first, err := apply("phone-1", "AAA001")
	if err != nil {
		t.Fatal(err)
	}
	again, err := apply("phone-1", "AAA001")
	if err != nil || !again.Repeated || again.Refs[0] != first.Refs[0] || again.Last != first.Last {
		t.Errorf("repeated: %+v, %v; first %+v", again, err, first)
	}
	_, err = apply("phone-1", "AAA002")
	wantCode(t, err, "request.reused")
	f, _, _ := w.boss.Faults(context.Background(), registry.FaultQuery{Place: w.path("PK"), Limit: 10})
	if len(f) != 1 {
		t.Errorf("%d faults, want 1", len(f))
	}
	w.sound()
}

func TestARequestHappensWholeOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	before := w.counts(registry.CountQuery{Place: "PK"})
	w.refused(w.boss, "device.not_found",
		registry.RetireDevice{Serial: "AAA001"},
		registry.RetireDevice{Serial: "NONE99"},
	)
	if got := w.counts(registry.CountQuery{Place: "PK"}); got != before {
		t.Errorf("a failed request left %s, was %s", got, before)
	}
	w.sound()
}

func TestOneBadRequestDoesNotHarmItsBatch(t *testing.T) {
	w := newWorld(t)
	var serials []fleet.Serial
	for i := range 64 {
		serials = append(serials, fleet.Serial("SN-"+strings.Repeat("X", 3)+string(rune('A'+i/26))+string(rune('A'+i%26))))
	}
	w.atSchool("PK6-35200001", serials...)
	var wg sync.WaitGroup
	errs := make([]error, 128)
	for i := range errs {
		wg.Go(func() {
			serial := fleet.Serial("MISSING")
			if i%2 == 0 {
				serial = serials[i/2]
			}
			_, errs[i] = w.boss.Apply(context.Background(), registry.Request{},
				registry.ReportFault{Serial: serial, Category: fleet.FaultAudio, Severity: fleet.Minor})
		})
	}
	wg.Wait()
	for i, err := range errs {
		if (err == nil) != (i%2 == 0) {
			t.Errorf("request %d: %v", i, err)
		}
	}
	rows, err := w.boss.FaultCounts(context.Background(), "PK601")
	if err != nil || len(rows) != 1 || rows[0].Count != 64 {
		t.Errorf("faults %+v, %v", rows, err)
	}
	w.sound()
}

func TestCountsAsOfAnyDay(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001", "AAA002") // 1 June
	w.setClock(time.Date(2026, 6, 10, 20, 30, 0, 0, time.UTC))
	w.do(w.boss, registry.ReportFault{Serial: "AAA001", Category: fleet.FaultLost, Severity: fleet.Unusable}) // 11 June in Pakistan
	w.setClock(time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC))
	w.do(w.boss, registry.RetireDevice{Serial: "AAA002"})

	for day, want := range map[string]string{
		"2026-05-31": "= 0",
		"2026-06-01": "at_school:2 = 2",
		"2026-06-10": "at_school:2 = 2",
		"2026-06-11": "at_school:1 lost:1 = 2",
		"2026-06-30": "at_school:1 lost:1 = 2",
		"2026-07-01": "lost:1 retired:1 = 2",
	} {
		asOf, _ := fleet.ParseDate(day)
		if got := w.counts(registry.CountQuery{Place: "PK6", AsOf: asOf}); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	days := []fleet.Date{fleet.NewDate(2026, 5, 31), fleet.NewDate(2026, 6, 1), fleet.NewDate(2026, 6, 30), fleet.NewDate(2026, 7, 1)}
	trend, err := w.boss.DeviceTrend(context.Background(), "PK6", days)
	if err != nil || trend[0].Total() != 0 || trend[1][fleet.AtSchool] != 2 || trend[2][fleet.Lost] != 1 || trend[3][fleet.Retired] != 1 {
		t.Errorf("trend %v %v", trend, err)
	}
	faultTrend, err := w.boss.FaultTrend(context.Background(), "PK6", days)
	if err != nil || faultTrend[1].Reported != 0 || faultTrend[2] != (registry.FaultPoint{Open: 1, Reported: 1}) {
		t.Errorf("fault trend %v %v", faultTrend, err)
	}
	_, err = w.boss.Counts(context.Background(), registry.CountQuery{Place: "PK", AsOf: fleet.NewDate(2026, 7, 2)})
	wantCode(t, err, "counts.future")
}

func TestPartsAddUpToTheWhole(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001", "AAA002")
	w.atSchool("PK6-35100001", "BBB001")
	w.expect("SHP-2", "PK601", "CCC001") // at the district itself
	byPlace := []registry.Dimension{registry.ByPlace}
	for _, c := range []struct{ place, want string }{
		{"PK", "PK6/?:4 = 4"},
		{"PK6", "PK601/?:3 PK602/?:1 = 4"},
		{"PK601", "PK601/?:1 PK6-35200001/?:2 = 3"},
	} {
		got := strings.ReplaceAll(w.counts(registry.CountQuery{Place: fleet.PlaceCode(c.place), By: byPlace}), "/:", "/?:")
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.place, got, c.want)
		}
	}
}

func TestCountsAreKeptUntilTheyChange(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	ask := func(place fleet.PlaceCode) *registry.Counts {
		c, err := w.boss.Counts(context.Background(), registry.CountQuery{Place: place})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	punjab, sindh := ask("PK6"), ask("PK7")
	if ask("PK6") != punjab {
		t.Error("the answer was worked out anew though nothing had changed")
	}
	w.do(w.boss, registry.RetireDevice{Serial: "AAA001"})
	if c := ask("PK6"); c == punjab || c.ETag == punjab.ETag || c.Rows[0].Status != fleet.Retired {
		t.Errorf("stale counts: %+v", c)
	}
	if ask("PK7") != sindh {
		t.Error("a change in Punjab dropped the counts of Sindh")
	}
}

func TestWhatIsOutsideScopeDoesNotExist(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	w.atSchool("PK6-35100001", "BBB001")
	ref := w.do(w.boss, registry.ReportFault{Serial: "BBB001", Category: fleet.FaultHinge, Severity: fleet.Minor}).Refs[0]
	lahore := w.as(fleet.Officer, "PK601")
	ctx := context.Background()

	_, err := lahore.Device(ctx, "BBB001")
	_, absent := lahore.Device(ctx, "BBB002")
	if err == nil || strings.ReplaceAll(err.Error(), "BBB001", "") != strings.ReplaceAll(absent.Error(), "BBB002", "") {
		t.Errorf("%v, but an absent device gives %v", err, absent)
	}
	for serial, there := range map[fleet.Serial]bool{"AAA001": true, "BBB001": false, "BBB002": false} {
		if d, err := lahore.FindDevice(ctx, serial); err != nil || (d != nil) != there || there && d.Serial != serial {
			t.Errorf("%s: found %v, %v", serial, d, err)
		}
	}
	_, err = lahore.Place(ctx, "PK602")
	wantCode(t, err, "place.not_found")
	_, err = lahore.Fault(ctx, ref)
	wantCode(t, err, "fault.not_found")
	_, err = lahore.Counts(ctx, registry.CountQuery{Place: "PK6"})
	wantCode(t, err, "place.not_found")
	w.refused(lahore, "device.not_found", registry.RetireDevice{Serial: "BBB001"})
	w.refused(lahore, "fault.not_found", registry.TriageFault{Ref: ref, Severity: fleet.Minor})
	w.refused(lahore, "place.not_found", registry.DispatchDevice{Serial: "AAA001", To: "PK6-35100001"})

	for _, q := range []registry.DeviceQuery{
		{Limit: 10}, {Limit: 10, Text: "B"}, {Limit: 10, Condition: fleet.Faulty}, {Limit: 10, Status: fleet.AtSchool}, {Limit: 10, Shipment: 1},
	} {
		page, _, err := lahore.Devices(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page {
			if d.Serial != "AAA001" {
				t.Errorf("%+v shows %s to Lahore", q, d.Serial)
			}
		}
	}
	if found, _ := lahore.SearchPlaces(ctx, "kot radha", 10); len(found) != 0 {
		t.Errorf("Lahore finds %v", found)
	}
	viewer := w.as(fleet.Viewer, "PK601")
	w.refused(viewer, "forbidden", registry.ReportFault{Serial: "AAA001", Category: fleet.FaultHinge, Severity: fleet.Minor})
}

func TestPagesOfDevices(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001", "AAA002", "ABX003")
	w.atSchool("PK6-35200002", "BBB001", "BBX002")
	for _, q := range []registry.DeviceQuery{
		{}, {Place: w.path("PK601")}, {Status: fleet.AtSchool}, {Shipment: 1}, {Text: "00"},
	} {
		var all []string
		for q.Limit = 2; ; {
			page, next, err := w.boss.Devices(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range page {
				all = append(all, string(d.Serial))
			}
			if q.After = next; next == nil {
				break
			}
		}
		slices.Sort(all)
		if got := strings.Join(all, " "); got != "AAA001 AAA002 ABX003 BBB001 BBX002" {
			t.Errorf("%+v: %s", q, got)
		}
	}
	page, _, _ := w.boss.Devices(context.Background(), registry.DeviceQuery{Text: "bx", Limit: 10})
	if len(page) != 2 {
		t.Errorf("search found %d devices, want ABX003 and BBX002", len(page))
	}
}

func TestMovingAPlaceTakesEverythingAlong(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	ref := w.do(w.boss, registry.ReportFault{Serial: "AAA001", Category: fleet.FaultHinge, Severity: fleet.Minor}).Refs[0]
	w.do(w.boss, place("PK60101", "PK601", fleet.Tehsil, "Model Town"))
	w.do(w.boss, school("35200001", "PK60101", "GGHS Chak 77"))
	w.do(w.boss, place("PK60101", "PK602", fleet.Tehsil, "Model Town")) // with the school in it

	kasur := w.as(fleet.Officer, "PK602")
	if _, err := kasur.Device(context.Background(), "AAA001"); err != nil {
		t.Error(err)
	}
	if _, err := kasur.Fault(context.Background(), ref); err != nil {
		t.Error(err)
	}
	if got := w.counts(registry.CountQuery{Place: "PK601"}); got != "= 0" {
		t.Errorf("Lahore still has %s", got)
	}
	if got := w.counts(registry.CountQuery{Place: "PK602"}); got != "at_school:1 = 1" {
		t.Errorf("Kasur has %s", got)
	}
	w.do(w.boss, school("35200001", "PK602", "GGHS Chak 77"))
	w.refused(w.boss, "place.kind_order", place("PK60101", "PK6-35100001", fleet.Tehsil, "Model Town"))
	w.sound()
}

func TestMovingAPlaceTakesAlongWhatRefersToIt(t *testing.T) {
	w := newWorld(t)
	w.do(w.boss, place("PK60101", "PK601", fleet.Tehsil, "Model Town"), place("PK60101-STORE", "PK60101", fleet.Store, "Store"))
	w.do(w.boss,
		registry.AnnounceShipment{Number: "SHP-1", Destination: "PK60101-STORE"},
		registry.ExpectDevice{Shipment: "SHP-1", Device: fleet.Device{Serial: "AAA001"}},
		registry.ExpectDevice{Shipment: "SHP-1", Device: fleet.Device{Serial: "AAA002"}},
		registry.ReceiveDevice{Serial: "AAA001"},
		registry.DispatchDevice{Serial: "AAA001", To: "PK6-35200002"},
		registry.AddUser{User: "amna", Grants: []registry.UserGrant{{Role: fleet.Officer, Place: "PK60101"}}},
	)
	w.do(w.boss, place("PK60101", "PK602", fleet.Tehsil, "Model Town"))

	amna, ok, err := w.reg.Gate().User(context.Background(), "amna")
	if err != nil || !ok {
		t.Fatal(err)
	}
	hers := w.reg.As(registry.Actor{User: amna.ID, Name: "amna", Grants: amna.Grants})
	w.do(hers, registry.ReceiveDevice{Serial: "AAA002"})
	if _, err := hers.Device(context.Background(), "AAA001"); err != nil {
		t.Errorf("a device on its way from a moved store: %v", err)
	}
	w.do(w.boss, registry.ReceiveUnlisted{Shipment: "SHP-1", Device: fleet.Device{Serial: "AAA003"}})
	w.do(w.boss, registry.RefuseDevice{Serial: "AAA001"})
	if got := w.counts(registry.CountQuery{Place: "PK602"}); got != "in_store:2 in_transit:1 = 3" {
		t.Error(got)
	}
	w.sound()
}

func TestAPlaceWithDevicesKeepsItsKind(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-1", "PK601-STORE", "AAA001")
	w.refused(w.boss, "place.kind_fixed", place("PK601-STORE", "PK601", fleet.Workshop, "Lahore store"))
	w.do(w.boss, place("PK601-STORE", "PK601", fleet.Store, "Lahore depot"))
}

func TestAnnouncingAgainKeepsThePackingList(t *testing.T) {
	w := newWorld(t)
	first := registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601", File: "abc", FileName: "list.xlsx"}
	w.do(w.boss, first)
	w.do(w.boss, registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601", Supplier: "Tez", Dispatched: fleet.NewDate(2026, 5, 30)})
	s, err := w.boss.Shipment(context.Background(), "SHP-1")
	if err != nil || s.File != "abc" || s.Supplier != "Tez" || s.State != fleet.Shipped {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestTransitIsSeenFromBothEnds(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	w.do(w.boss, registry.DispatchDevice{Serial: "AAA001", To: "PK6-35100001"})
	from, to := w.as(fleet.SchoolRole, "PK6-35200001"), w.as(fleet.SchoolRole, "PK6-35100001")
	if _, err := from.Device(context.Background(), "AAA001"); err != nil {
		t.Errorf("the sender: %v", err)
	}
	w.refused(from, "forbidden", registry.AcceptDevice{Serial: "AAA001"})
	w.do(to, registry.AcceptDevice{Serial: "AAA001"})
	_, err := from.Device(context.Background(), "AAA001")
	wantCode(t, err, "device.not_found")
	w.sound()
}

func TestPreviewSaysWhatApplyWould(t *testing.T) {
	w := newWorld(t)
	changes := []registry.Change{
		registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"},
		registry.ExpectDevice{Shipment: "SHP-1", Device: fleet.Device{Serial: "AAA001"}, Model: "T"},
		registry.ExpectDevice{Shipment: "SHP-1", Device: fleet.Device{Serial: "AAA001"}, Model: "T"},
		registry.ExpectDevice{Shipment: "SHP-1", Device: fleet.Device{Serial: "AAA002", Tag: "T1"}, Model: "T"},
		registry.ExpectDevice{Shipment: "SHP-1", Device: fleet.Device{Serial: "AAA003", Tag: "T1"}, Model: "T"},
	}
	errs, err := w.boss.Preview(context.Background(), changes...)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"<nil>", "<nil>", "serial.taken", "<nil>", "tag.taken"}
	for i := range want {
		if got := codeOf(errs[i]); got != want[i] {
			t.Errorf("change %d: %s, want %s", i, got, want[i])
		}
	}
	if got := w.counts(registry.CountQuery{Place: "PK"}); got != "= 0" {
		t.Errorf("the preview left %s", got)
	}
	w.do(w.boss, changes[0], changes[1], changes[3])
	if got := w.counts(registry.CountQuery{Place: "PK"}); got != "expected:2 = 2" {
		t.Error(got)
	}
	w.sound()
}

func TestACancelledRequestIsNotApplied(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.boss.Apply(ctx, registry.Request{}, registry.RetireDevice{Serial: "AAA001"}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := w.reg.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.boss.Apply(context.Background(), registry.Request{}, registry.RetireDevice{Serial: "AAA001"}); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}
