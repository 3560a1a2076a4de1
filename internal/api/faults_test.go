package api_test

import (
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestFaultFromReportToClose(t *testing.T) {
	w := newWorld(t)
	school, officer, ctx := w.as("chak77"), w.as("lahore.officer"), t.Context()

	f := must(school.ReportFault(ctx, takhti.NewFault{Serial: "LAH0000003", Category: takhti.FaultScreen, Note: "cracked"}))(t)
	if !strings.HasPrefix(f.Ref, "F-") || f.State != takhti.FaultReported || !f.Open || f.Severity != takhti.Major || f.Place != "PK6-35200001" || f.Notes[0].By != "chak77" {
		t.Fatalf("reported: %+v", f)
	}
	again := must(school.ReportFault(ctx, takhti.NewFault{Serial: "LAH0000003", Category: takhti.FaultScreen, Note: "worse now"}))(t)
	if again.Ref != f.Ref || len(again.Notes) != 2 {
		t.Fatalf("reported again: %+v", again)
	}
	if f = must(officer.TriageFault(ctx, f.Ref, takhti.Triage{Severity: takhti.Unusable}))(t); f.State != takhti.FaultTriaged || f.Severity != takhti.Unusable {
		t.Fatalf("triaged: %+v", f)
	}
	if f = must(officer.SendToRepair(ctx, strings.ToLower(f.Ref), takhti.Repair{Route: takhti.RouteWarranty, Note: "by lorry"}))(t); f.State != takhti.FaultInRepair || f.Route != takhti.RouteWarranty {
		t.Fatalf("sent: %+v", f)
	}
	_, err := school.CloseFault(ctx, f.Ref, takhti.Closing{Outcome: takhti.OutcomeRepaired})
	if e := wantCode(t, err, "fault.in_repair"); e.Status != 409 {
		t.Errorf("%+v", e)
	}
	if f = must(officer.ReturnFromRepair(ctx, f.Ref, takhti.Returned{Outcome: takhti.OutcomeRepaired}))(t); f.State != takhti.FaultReturned {
		t.Fatalf("returned: %+v", f)
	}
	f = must(school.CloseFault(ctx, f.Ref, takhti.Closing{}))(t)
	if f.State != takhti.FaultClosed || f.Open || f.Outcome != takhti.OutcomeRepaired || !f.Ended.Equal(w.clock) {
		t.Fatalf("closed: %+v", f)
	}
	if got := must(school.Fault(ctx, f.Ref))(t); got.State != takhti.FaultClosed {
		t.Errorf("read again: %+v", got)
	}
	if d := must(school.Device(ctx, "LAH0000003"))(t); d.Condition != takhti.ConditionOK {
		t.Errorf("the device is %s", d.Condition)
	}
}

// A number that seems to be a person's is not kept until that is confirmed.
func TestNotesWithNumbersOfPeopleAreConfirmed(t *testing.T) {
	w := newWorld(t)
	school := w.as("chak77")
	fault := takhti.NewFault{Serial: "LAH0000003", Category: takhti.FaultHinge, Severity: takhti.Minor, Note: "the father is 35202-1234567-1"}
	_, err := school.ReportFault(t.Context(), fault)
	if e := wantCode(t, err, "text.personal"); e.Field != "note" {
		t.Errorf("%+v", e)
	}
	f := must(school.ReportFault(takhti.Confirmed(t.Context()), fault))(t)
	_, err = school.CloseFault(t.Context(), f.Ref, takhti.Closing{Outcome: takhti.OutcomeNoFaultFound, Note: "ask 0300 1234567"})
	wantCode(t, err, "text.personal")
	holder := takhti.Holder{Kind: takhti.HeldByTeacher, Label: "PST 0300 1234567"}
	_, err = school.AssignDevice(t.Context(), "LAH0000003", holder)
	wantCode(t, err, "text.personal")
	must(school.AssignDevice(takhti.Confirmed(t.Context()), "LAH0000003", holder))(t)
}

func TestFaultsAreListed(t *testing.T) {
	w := newWorld(t)
	ctx, school := t.Context(), w.as("chak77")
	report := func(category takhti.FaultCategory) takhti.Fault {
		return must(school.ReportFault(ctx, takhti.NewFault{Serial: "LAH0000003", Category: category, Severity: takhti.Minor}))(t)
	}
	hinge, battery, audio := report(takhti.FaultHinge), report(takhti.FaultBattery), report(takhti.FaultAudio)
	must(school.CloseFault(ctx, battery.Ref, takhti.Closing{Outcome: takhti.OutcomeNoFaultFound}))(t)
	for name, tc := range map[string]struct {
		query takhti.FaultQuery
		want  string
	}{
		"all, the newest first":     {takhti.FaultQuery{Place: "PK601"}, "audio battery hinge"},
		"open, the oldest first":    {takhti.FaultQuery{Place: "PK601", Open: true}, "hinge audio"},
		"by state":                  {takhti.FaultQuery{Place: "PK601", State: takhti.FaultClosed}, "battery"},
		"by category":               {takhti.FaultQuery{Category: takhti.FaultScreen}, "screen"},
		"of a device, oldest first": {takhti.FaultQuery{Serial: "LAH0000003"}, "hinge battery audio"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, limit := range []int{0, 1, 2} {
				var found []string
				q := tc.query
				for q.Limit = limit; ; {
					page := must(w.as("analyst").FaultPage(ctx, q))(t)
					for _, f := range page.Items {
						found = append(found, string(f.Category))
					}
					if q.Cursor = page.Next; page.Next == "" {
						break
					}
				}
				if got := strings.Join(found, " "); got != tc.want {
					t.Errorf("by %d: got %s, want %s", limit, got, tc.want)
				}
			}
		})
	}
	if hinge.Ref == audio.Ref {
		t.Error("two faults have one reference")
	}
}

func TestLossNeedsNoFIRAtOnce(t *testing.T) {
	w := newWorld(t)
	f := must(w.as("chak77").ReportFault(t.Context(), takhti.NewFault{Serial: "LAH0000003", Category: takhti.FaultStolen, FIR: "123/26"}))(t)
	if f.FIR != "123/26" {
		t.Errorf("%+v", f)
	}
	_, err := w.as("chak77").ReportFault(t.Context(), takhti.NewFault{Serial: "LAH0000003", Category: takhti.FaultOther, Note: ""})
	if e := wantCode(t, err, "fault.note_missing"); e.Field != "note" {
		t.Errorf("%+v", e)
	}
}
