package workbook

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// stockOf is what a count came to.
func (w *world) stockOf(s registry.Session, code fleet.PlaceCode, day string) string {
	w.t.Helper()
	d, err := fleet.ParseDate(day)
	if err != nil {
		w.t.Fatal(err)
	}
	n, err := ReadStockTake(w.t.Context(), s, code, d)
	if err != nil {
		return err.Error()
	}
	text := fmt.Sprintf("%v found", n.Found)
	for _, l := range n.Lines {
		text += fmt.Sprintf("; %s %s", l.Serial, l.What)
		if l.What == StockMisplaced {
			text += fmt.Sprintf(" at %s as %s", l.Place.Code, l.Status)
		}
	}
	return text
}

func TestACountOfASchool(t *testing.T) {
	w := equipped(t)
	devices := func() string {
		return string(bytesOf(t, w.exported(w.boss, ExportOptions{Kind: Devices, Format: CSV})))
	}
	before := devices()
	o := Options{Kind: StockTakes, To: "35200001"}
	list := lines("scanned.csv", "Serial No", "NB0001", "nb 0002", "NB0004", "XX9999", "NB0001")
	p := w.twice(list, o)
	wantCounts(t, p, 5-1, 0, 1, 0)
	if want := "GGHS Chak 77 (PK6-35200001) on 2026-06-01: 2 found, 1 missing, 1 unexpected, 1 misplaced. Missing: NB0003."; p.Notes[0] != want {
		t.Errorf("the first note is %q, want %q", p.Notes[0], want)
	}
	if want := "1 row names a device that an earlier row names: it counts once."; p.Notes[1] != want {
		t.Errorf("the second note is %q, want %q", p.Notes[1], want)
	}
	if got := w.stockOf(w.boss, "35200001", "2026-06-01"); got != "[NB0001 NB0002] found; NB0003 missing; NB0004 misplaced at PK601-STORE as in_store; XX9999 unexpected" {
		t.Errorf("the count is %s", got)
	}
	if after := devices(); after != before {
		t.Errorf("counting changed devices:\n%s\nbefore\n%s", after, before)
	}
	more := w.twice(lines("corrected.csv", "Serial No", "NB0001", "NB0002", "NB0003"), o)
	wantCounts(t, more, 0, 3, 0, 0)
	if !strings.HasSuffix(more.Notes[0], "This takes the place of what was counted there on that day before.") {
		t.Errorf("the first note is %q", more.Notes[0])
	}
	if got := w.stockOf(w.boss, "35200001", "2026-06-01"); got != "[NB0001 NB0002 NB0003] found" {
		t.Errorf("the corrected count is %s", got)
	}
	w.sound(t)
}

// One list may be of several places and days, in any order.
func TestACountOfSeveralPlaces(t *testing.T) {
	w := equipped(t)
	p := w.twice(lines("count.csv",
		"Device Serial,School EMIS,Location Code,Date of Count",
		"NB0001,35200001,,15/05/2026",
		"NB0004,,PK601-STORE,2026-05-20",
		"NB0002,35200001,,15/05/2026",
		"NB0003,35200002,,",
		"NB0003,35200001,,15/05/2026",
	), Options{Kind: StockTakes})
	wantCounts(t, p, 5, 0, 0, 0)
	for at, want := range map[string]string{
		"PK6-35200001 2026-05-15": "[NB0001 NB0002 NB0003] found",
		"PK601-STORE 2026-05-20":  "[NB0004] found",
		"PK6-35200002 2026-06-01": "[] found; NB0003 misplaced at PK6-35200001 as at_school",
	} {
		code, day, _ := strings.Cut(at, " ")
		if got := w.stockOf(w.boss, fleet.PlaceCode(code), day); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	// What the register has where the actor does not look is not in it for them.
	if got := w.stockOf(w.as(fleet.SchoolRole, "PK6-35200002"), "PK6-35200002", "2026-06-01"); got != "[] found; NB0003 unexpected" {
		t.Errorf("the school sees %s", got)
	}
}

func TestCountProblems(t *testing.T) {
	w := equipped(t)
	list := lines("count.csv",
		"Serial,EMIS Code,Counted On",
		"NBO001,35200001,",
		"NB0002,,",
		"NB0003,,",
		"1.23E+11,35200001,",
		"NB0002,35200009,",
		"NB0002,35200001,30/06/2026",
		"NB0003,35200001,",
	)
	p := w.plan(list, Options{Kind: StockTakes})
	wantCounts(t, p, 1, 0, 0, 6)
	wantProblems(t, p,
		"count!A2: there is no device NBO001 in the register; is it NB0001, which is at GGHS Chak 77?",
		"count!3: the file does not say where these devices were found: give the code of the school or the store when you import",
		`count!A5: "1.23E+11" is not a serial`,
		"count!B6: there is no school with EMIS code 35200009",
		"count!C7: 2026-06-30 has not come yet: give the day on which the devices were counted",
	)
	o := Options{Kind: StockTakes, SkipBad: true, Reading: registry.Reading{Decisions: []registry.Decision{{Cause: codeMistyped + "|serial_number", Do: Accept}}}}
	w.imported(list, o)
	if got := w.stockOf(w.boss, "35200001", "2026-06-01"); got != "[NB0003] found; NB0001 missing; NB0002 missing; NBO001 unexpected" {
		t.Errorf("the count is %s", got)
	}
	officer := w.as(fleet.Officer, "PK602")
	if _, err := NewPlan(t.Context(), officer, list, Options{Kind: StockTakes, To: "PK601"}); fleet.KindOf(err) != fleet.NotFound {
		t.Errorf("Kasur's officer counts in Lahore: %v", err)
	}
	if _, err := NewPlan(t.Context(), w.boss, list, Options{Kind: StockTakes, Date: fleet.NewDate(2026, 7, 1)}); err == nil || !strings.Contains(err.Error(), "has not come yet") {
		t.Errorf("counted tomorrow: %v", err)
	}
	barred, err := NewPlan(t.Context(), w.as(fleet.Ministry, "PK"), lines("count.csv", "Serial", "NB0001", "NB0002"), Options{Kind: StockTakes, To: "PK601-STORE"})
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, barred, 0, 0, 0, 2)
	wantProblems(t, barred, "count!2: your role does not allow counting at Lahore Store (PK601-STORE)")
}

// What is shown is what is recorded: when a device comes meanwhile, it is shown anew.
func TestACountIsRecordedAsItWasShown(t *testing.T) {
	w := equipped(t)
	list, o := lines("count.csv", "Serial", "NB0001", "NB0002"), Options{Kind: StockTakes, To: "PK6-35200001"}
	shown := w.plan(list, o)
	if err := w.plan(list, o).Shown(shown.Digest); err != nil {
		t.Errorf("nothing changed: %v", err)
	}
	w.does(registry.DispatchDevice{Serial: "NB0003", To: "PK6-35200002"})
	if err := w.plan(list, o).Shown(shown.Digest); err == nil {
		t.Error("a device that was missing left the school, and the plan is the same")
	}
}

// Rows in are rows that count, and those that do not: whatever is listed.
func TestCountsAccountForEveryRow(t *testing.T) {
	serial := rapid.SampledFrom([]string{"NB0001", "NB0002", "NB0003", "NB0004", "XX1234", "1.23E+11", "", "NB OOO1"})
	place := rapid.SampledFrom([]string{"", "35200001", "35200002", "35299999"})
	rapid.Check(t, func(r *rapid.T) {
		w := equipped(t)
		list := []string{"Serial,EMIS Code,Condition"}
		for range rapid.IntRange(1, 12).Draw(r, "rows") {
			list = append(list, serial.Draw(r, "serial")+","+place.Draw(r, "place")+",x")
		}
		o := Options{Kind: StockTakes, SkipBad: true, To: fleet.PlaceCode(rapid.SampledFrom([]string{"", "PK601-STORE"}).Draw(r, "to"))}
		p := w.imported(lines("count.csv", list...), o)
		if p.New+p.Changed+p.Unchanged+p.LeftOut != p.Rows {
			r.Fatalf("%d rows: %d new, %d changed, %d unchanged, %d left out", p.Rows, p.New, p.Changed, p.Unchanged, p.LeftOut)
		}
		again := w.plan(lines("count.csv", list...), o)
		if len(again.Changes()) > 0 || again.New+again.Changed > 0 || again.LeftOut != p.LeftOut {
			r.Fatalf("again: %d new, %d changed, %d left out, before %d", again.New, again.Changed, again.LeftOut, p.LeftOut)
		}
		w.sound(r)
	})
}

func TestTheNoteOfACountAsAWorkbook(t *testing.T) {
	w := equipped(t)
	w.imported(lines("count.csv", "Serial", "NB0001", "NB0004", "XX9999"), Options{Kind: StockTakes, To: "PK6-35200001"})
	n, err := ReadStockTake(t.Context(), w.boss, "PK6-35200001", fleet.NewDate(2026, 6, 1))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := n.Write(&out); err != nil {
		t.Fatal(err)
	}
	var got []string
	x := excelizeOf(t, memFile("note.xlsx", out.Bytes()))
	rows, err := x.GetRows("differences")
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range rows {
		got = append(got, strings.Join(cells, "|"))
	}
	want := []string{
		"Difference|Serial Number|Asset Tag|Model|Holder|In the Register At|In the Register As",
		"missing|NB0002||Taleem 11|class: 6-B",
		"missing|NB0003||Taleem 11",
		"misplaced|NB0004||Taleem 11||Lahore Store (PK601-STORE)|in_store",
		"unexpected|XX9999",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the workbook holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
