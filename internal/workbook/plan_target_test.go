package workbook

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// target is what was said of a place and a day.
func (w *world) target(code fleet.PlaceCode, by string) uint32 {
	w.t.Helper()
	day, err := fleet.ParseDate(by)
	if err != nil {
		w.t.Fatal(err)
	}
	n, err := w.boss.Target(w.t.Context(), w.place(code).Path, day)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestTargetsOfDistrictsAndSchools(t *testing.T) {
	w := newWorld(t)
	p := w.twice(xlsx(t,
		[]any{"Rollout plan 2026"},
		[]any{"Province", "District", "School EMIS", "No. of Devices", "Target Date"},
		[]any{"Punjab", "Lahore", "", 4000, "30/06/2026"},
		[]any{"Punjab", "Lahore", "", "9,000", "Dec 2026"},
		[]any{"Balochistan", "کوئٹہ", "", "۱۲۰۰", "2026-06-30"},
		[]any{"", "", "35200001", 40, "30/06/2026"},
		[]any{"Punjab", "", "", 20000, "June 2026"},
		[]any{"Total", "", "", 34240, ""},
	), Options{Kind: Targets})
	wantCounts(t, p, 5, 0, 0, 0)
	for at, want := range map[string]uint32{
		"PK601 2026-06-30": 4000, "PK601 2026-12-31": 9000, "PK201 2026-06-30": 1200, "PK6-35200001 2026-06-30": 40, "PK6 2026-06-30": 20000,
	} {
		var code fleet.PlaceCode
		var by string
		_, _ = fmt.Sscan(at, &code, &by)
		if got := w.target(code, by); got != want {
			t.Errorf("%s: %d, want %d", at, got, want)
		}
	}

	p = w.twice(lines("again.csv", "ضلع,ہدف,آخری تاریخ", "Lahore,4500,30/06/2026", "Kasur,0,30/06/2026", "Quetta,0,30/06/2026"), Options{Kind: Targets})
	wantCounts(t, p, 0, 2, 1, 0)
	if w.target("PK601", "2026-06-30") != 4500 || w.target("PK201", "2026-06-30") != 0 {
		t.Error("the targets were not set anew")
	}
	if len(p.Differences) != 2 || p.Differences[0].What != "PK601" || len(p.Differences[0].Fields) != 1 || p.Differences[0].Fields[0] != (FieldDifference{"Target Devices", "4000", "4500"}) {
		t.Errorf("the differences are %+v", p.Differences)
	}
}

func TestTargetProblems(t *testing.T) {
	w := newWorld(t)
	p := w.plan(lines("plan.csv",
		"District,EMIS,Devices,By",
		"Lahor,,40,30/06/2026",
		",,40,30/06/2026",
		"Kasur,,,30/06/2026",
		"Kasur,,some,30/06/2026",
		"Kasur,,40,",
		"Kasur,,40,soon",
		"Lahore,,40,30/06/2026",
		",35299999,40,30/06/2026",
		"Lahore,,50,30/06/2026",
	), Options{Kind: Targets})
	wantCounts(t, p, 1, 0, 0, 8)
	wantProblems(t, p,
		`plan!A2: there is no district "Lahor"; is it Lahore?`,
		`plan!B3: say for which place the target is`,
		`plan!C4: say how many devices there are to be: 0 takes a target back`,
		`plan!C5: "some" is not a whole number`,
		`plan!D6: say by which day the devices are to be there`,
		`plan!D7: "soon" is not a date`,
		`plan!B9: there is no school with EMIS code 35299999`,
		`plan!C10: the target for Lahore by 2026-06-30 is in the file twice, in plan!8 and in plan!10: keep one of the two rows`,
	)
}

// Targets are set by those who may, and by others not, wherever the list comes from.
func TestWhoBringsTargetsIn(t *testing.T) {
	w := newWorld(t)
	list := lines("plan.csv", "District,Devices,By", "Lahore,40,30/06/2026")
	for _, c := range []struct {
		session   registry.Session
		isNew, no int
	}{{w.as(fleet.Ministry, "PK"), 1, 0}, {w.as(fleet.Manager, "PK6"), 1, 0}, {w.as(fleet.Officer, "PK601"), 0, 1}} {
		p, err := NewPlan(t.Context(), c.session, list, Options{Kind: Targets})
		if err != nil {
			t.Fatal(err)
		}
		wantCounts(t, p, c.isNew, 0, 0, c.no)
	}
	// The ministry sends lists in, and may with them no more than without.
	p, err := NewPlan(t.Context(), w.as(fleet.Ministry, "PK"), lines("list.csv", "EMIS,School Name,District,Province", "35200009,GGPS New,Lahore,Punjab"), Options{Kind: Places})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, p, 0, 0, 0, 1)
}

// An export of the plan brings the same plan back.
func TestTargetsComeBack(t *testing.T) {
	codes := []fleet.PlaceCode{"PK", "PK6", "PK601", "PK602", "PK601-CITY", "PK601-STORE", "PK6-35200001", "PK6-35200003"}
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		n := 0
		for _, code := range codes {
			devices := rapid.Uint32Range(0, 900_000).Draw(r, "devices")
			by := fleet.Date(rapid.Int32Range(20_500, 22_000).Draw(r, "by"))
			w.does(registry.SetTarget{Place: code, By: by, Devices: devices})
			n += min(int(devices), 1)
		}
		for _, f := range []Format{XLSX, CSV} {
			p := w.plan(w.exported(w.boss, ExportOptions{Kind: Targets, Format: f}), Options{Kind: Targets})
			if len(p.Problems) > 0 || len(p.Changes()) > 0 || p.Unchanged != n {
				r.Fatalf("as %s: %d of %d unchanged, problems %v, changes %+v", f, p.Unchanged, n, p.Problems, p.Changes())
			}
		}
	})
}
