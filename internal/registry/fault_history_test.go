package registry_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// repaired is a device whose screen was repaired and whose hinge then broke.
func repaired(t *testing.T) (w *world, screen, hinge string) {
	w = newWorld(t)
	w.atSchool("PK6-35200001", "5CD1")
	school, officer := w.as(fleet.SchoolRole, "PK6-35200001"), w.as(fleet.Officer, "PK601")
	screen = w.do(school, registry.ReportFault{Serial: "5CD1", Category: fleet.FaultScreen, Severity: fleet.Major, Note: "black"}).Refs[0]
	w.setClock(w.clock.Add(time.Hour))
	w.do(officer, registry.TriageFault{Ref: screen, Severity: fleet.Unusable})
	hinge = w.do(w.boss, registry.ReportFault{Serial: "5CD1", Category: fleet.FaultHinge, Severity: fleet.Minor}).Refs[0]
	w.do(officer, registry.SendToRepair{Ref: screen, Route: fleet.ByWorkshop})
	w.do(officer, registry.ReturnFromRepair{Ref: screen, Outcome: fleet.Repaired, Note: "new panel"})
	w.do(school, registry.CloseFault{Ref: screen})
	return w, screen, hinge
}

func steps(events []registry.FaultEvent) string {
	var lines []string
	for _, e := range events {
		lines = append(lines, fmt.Sprintf("%s by %s: %s", e.Entry.Change, e.Entry.Actor, e.After.State))
	}
	return strings.Join(lines, "\n")
}

func TestFaultHistoryTellsEveryStep(t *testing.T) {
	w, screen, _ := repaired(t)
	events, err := w.as(fleet.SchoolRole, "PK6-35200001").FaultHistory(t.Context(), screen)
	if err != nil {
		t.Fatal(err)
	}
	const want = `report_fault by school: reported
triage_fault by officer: triaged
send_to_repair by officer: in_repair
return_from_repair by officer: returned
close_fault by school: closed`
	if got := steps(events); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if events[0].Before != nil || !events[1].Entry.Time.Equal(w.clock) {
		t.Errorf("the first step has something before it (%v), or the second is of %s", events[0].Before, events[1].Entry.Time)
	}
	if b := events[3].Before; b == nil || b.State != fleet.UnderRepair || len(events[3].After.Notes) != len(b.Notes)+1 {
		t.Errorf("before it came back it was %+v", b)
	}
}

func TestFaultHistoriesOfADevice(t *testing.T) {
	w, screen, hinge := repaired(t)
	events, err := w.as(fleet.SchoolRole, "PK6-35200001").FaultHistories(t.Context(), "5CD1")
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, e := range events {
		refs = append(refs, e.After.Ref)
	}
	if want := []string{screen, screen, screen, screen, screen, hinge}; !slices.Equal(refs, want) {
		t.Errorf("got the steps of %v, want those of %v", refs, want)
	}
}

// A fault that was reported elsewhere stays unseen when the device moves in.
func TestFaultHistoryIsOfOnesOwnPlaces(t *testing.T) {
	w, screen, _ := repaired(t)
	stranger := w.as(fleet.SchoolRole, "PK6-35200002")
	_, err := stranger.FaultHistory(context.Background(), screen)
	wantCode(t, err, "fault.not_found")
	_, err = stranger.FaultHistories(context.Background(), "5CD1")
	wantCode(t, err, "device.not_found")
	w.do(w.boss, registry.DispatchDevice{Serial: "5CD1", To: "PK6-35200002"}, registry.AcceptDevice{Serial: "5CD1"})
	events, err := stranger.FaultHistories(context.Background(), "5CD1")
	if err != nil || len(events) != 0 {
		t.Errorf("the next school reads %d steps of faults that are not its own: %v", len(events), err)
	}
	if all, err := stranger.FaultsOf(context.Background(), "5CD1"); err != nil || len(all) != 0 {
		t.Errorf("the next school is told of %d faults that it cannot read: %v", len(all), err)
	}
}
