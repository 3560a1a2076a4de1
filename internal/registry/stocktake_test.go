package registry_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const chak77, modelTown, storeCode = fleet.PlaceCode("PK6-35200001"), fleet.PlaceCode("PK6-35200002"), fleet.PlaceCode("PK601-STORE")

var today = fleet.NewDate(2026, 6, 1)

// count is a place's count of a day as the session sees it.
func (w *world) count(s registry.Session, at fleet.PlaceCode, day fleet.Date) string {
	w.t.Helper()
	d, err := s.StockTake(context.Background(), at, day)
	if err != nil {
		return codeOf(err)
	}
	return resultOf(&d.StockTake)
}

func resultOf(s *fleet.StockTake) string {
	var elsewhere []string
	for _, m := range s.Misplaced {
		elsewhere = append(elsewhere, fmt.Sprintf("%s %s", m.Serial, m.Status))
	}
	return fmt.Sprintf("found %v missing %v unexpected %v misplaced %v by %s", s.Found, s.Missing, s.Unexpected, elsewhere, s.By)
}

func TestACountIsRecordedAndMovesNothing(t *testing.T) {
	w := newWorld(t)
	w.atSchool(chak77, "AAA001", "AAA002", "AAA003", "AAA004")
	w.atSchool(modelTown, "BBB001")
	w.expect("SHP-1", storeCode, "CCC001")
	w.do(w.boss, registry.AssignDevice{Serial: "AAA002", Holder: fleet.Holder{Kind: fleet.HeldInRoom, Label: "Lab"}})
	w.do(w.boss, registry.ReportFault{Serial: "AAA004", Category: fleet.FaultLost, Severity: fleet.Unusable})
	before := w.counts(registry.CountQuery{Place: "PK", By: []registry.Dimension{registry.ByPlace, registry.ByStatus}})
	school := w.as(fleet.SchoolRole, chak77)
	listed := []fleet.Serial{"ZZZ999", "BBB001", "AAA002", "AAA001", "AAA004", "CCC001", "AAA001"}
	w.do(school, registry.RecordStockTake{Place: chak77, Date: today, Serials: listed})
	if after := w.counts(registry.CountQuery{Place: "PK", By: []registry.Dimension{registry.ByPlace, registry.ByStatus}}); after != before {
		t.Errorf("counting changed the numbers from %s to %s", before, after)
	}
	const all = "found [AAA001 AAA002] missing [AAA003] unexpected [ZZZ999] misplaced [AAA004 lost BBB001 at_school CCC001 expected] by school"
	if got := w.count(w.boss, chak77, today); got != all {
		t.Errorf("the count is\n%s", got)
	}
	// What the register has at a place that the school does not see is, to the school, not in it.
	const own = "found [AAA001 AAA002] missing [AAA003] unexpected [BBB001 CCC001 ZZZ999] misplaced [AAA004 lost] by school"
	if got := w.count(school, chak77, today); got != own {
		t.Errorf("the school sees\n%s", got)
	}
	if got := w.count(w.as(fleet.Officer, "PK602"), chak77, today); got != "place.not_found" {
		t.Errorf("Kasur's officer sees\n%s", got)
	}

	// The same once more, and later, stays as it was; another one takes its place.
	w.do(w.boss, registry.DispatchDevice{Serial: "AAA001", To: modelTown})
	if r := w.do(w.boss, registry.RecordStockTake{Place: chak77, Date: today, Serials: listed}); r.First != 0 {
		t.Errorf("the same count was recorded again: %+v", r)
	}
	w.do(w.boss, registry.RecordStockTake{Place: chak77, Date: today, Serials: []fleet.Serial{"AAA002", "AAA003"}})
	if got := w.count(w.boss, chak77, today); got != "found [AAA002 AAA003] missing [] unexpected [] misplaced [] by operator" {
		t.Errorf("the count is\n%s", got)
	}
	w.sound()
}

func TestWhoCounts(t *testing.T) {
	w := newWorld(t)
	take := registry.RecordStockTake{Place: chak77, Date: today}
	w.do(w.as(fleet.Officer, "PK601"), take)
	w.refused(w.as(fleet.Viewer, "PK601"), "forbidden", take)
	w.refused(w.as(fleet.WorkshopRole, "PK601"), "forbidden", take)
	w.refused(w.as(fleet.SchoolRole, modelTown), "place.not_found", take)
	w.refused(w.boss, "stocktake.date", registry.RecordStockTake{Place: chak77, Date: today + 1})
	w.refused(w.boss, "stocktake.date_missing", registry.RecordStockTake{Place: chak77})
	if got := w.count(w.boss, chak77, today-1); got != "stocktake.not_found" {
		t.Error(got)
	}
}

func TestCountsComeInPages(t *testing.T) {
	w := newWorld(t)
	for _, at := range []fleet.PlaceCode{"PK6-35100001", chak77, modelTown, "PK602"} {
		w.do(w.boss, registry.RecordStockTake{Place: at, Date: today}, registry.RecordStockTake{Place: at, Date: today - 300})
	}
	for limit := 1; limit < 4; limit++ {
		var got []string
		var after *fleet.StockTake
		for {
			page, err := w.as(fleet.Officer, "PK601").StockTakesUnder(t.Context(), w.path("PK601"), after, limit)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, s := range page {
				got = append(got, fmt.Sprint(s.Place.ID(), " ", s.Date))
			}
			after = &page[len(page)-1]
		}
		if want := "7 2026-06-01 7 2025-08-05 8 2026-06-01 8 2025-08-05"; strings.Join(got, " ") != want {
			t.Errorf("in pages of %d: %v, want %s", limit, got, want)
		}
	}
}

// Whatever is counted, moved and worked with in between, the register is sound, and no
// device is changed by a count.
func TestCountsAreSoundWhateverIsFound(t *testing.T) {
	at := []fleet.PlaceCode{chak77, modelTown, storeCode, "PK601"}
	serials := []fleet.Serial{"AAA001", "AAA002", "AAA003", "BBB001", "BBB002", "ZZZ001", "ZZZ002"}
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		w.atSchool(chak77, "AAA001", "AAA002", "AAA003")
		w.atSchool(modelTown, "BBB001", "BBB002")
		for range rapid.IntRange(1, 12).Draw(r, "acts") {
			serial := rapid.SampledFrom(serials).Draw(r, "serial")
			switch rapid.IntRange(0, 5).Draw(r, "act") {
			case 0:
				_, _ = w.boss.Apply(context.Background(), registry.Request{}, registry.DispatchDevice{Serial: serial, To: rapid.SampledFrom(at[:3]).Draw(r, "to")})
			case 1:
				_, _ = w.boss.Apply(context.Background(), registry.Request{}, registry.AcceptDevice{Serial: serial})
			case 2:
				w.do(w.boss, place("PK601", rapid.SampledFrom([]string{"PK6", "PK7"}).Draw(r, "province"), fleet.District, "Lahore"))
			default:
				w.countSomething(r, rapid.SampledFrom(at).Draw(r, "at"), rapid.SliceOfDistinct(rapid.SampledFrom(serials), rapid.ID).Draw(r, "listed"))
			}
		}
		for _, f := range w.findings() {
			r.Fatalf("verify: %s", f)
		}
	})
}

// countSomething records a count, which is what the trial before it said.
func (w *world) countSomething(r *rapid.T, at fleet.PlaceCode, listed []fleet.Serial) {
	before := w.versions(r)
	trial, err := w.boss.TryStockTake(context.Background(), w.path(at), today, listed)
	if err != nil {
		r.Fatal(err)
	}
	receipt := w.do(w.boss, registry.RecordStockTake{Place: at, Date: today, Serials: listed})
	if trial.Recorded != (receipt.First == 0) {
		r.Fatalf("the trial says recorded %v, and the receipt is %+v", trial.Recorded, receipt)
	}
	trial.By = "operator"
	if got := w.count(w.boss, at, today); got != resultOf(&trial.StockTake) {
		r.Fatalf("recorded as\n%s\ntried as\n%s", got, resultOf(&trial.StockTake))
	}
	if after := w.versions(r); after != before {
		r.Fatalf("counting changed devices: %s, before %s", after, before)
	}
}

// versions are those of all devices.
func (w *world) versions(r *rapid.T) (all string) {
	found, _, err := w.boss.Devices(context.Background(), registry.DeviceQuery{Limit: 100})
	if err != nil {
		r.Fatal(err)
	}
	for i := range found {
		all += fmt.Sprintf("%s %d ", found[i].Serial, found[i].Version)
	}
	return all
}
