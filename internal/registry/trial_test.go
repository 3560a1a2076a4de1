package registry_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// expected is a line of shipment SHP-1's packing list.
func expected(serial fleet.Serial, tag fleet.Tag) registry.Change {
	return registry.ExpectDevice{Shipment: "SHP-1", Device: fleet.Device{Serial: serial, Tag: tag}, Model: "T"}
}

func wantErrors(t *testing.T, trial *registry.Trial, want ...string) {
	t.Helper()
	errs, err := trial.Errors(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, err := range errs {
		got = append(got, codeOf(err))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the trial gives %q, want %q", got, want)
	}
}

func try(t *testing.T, trial *registry.Trial, changes ...registry.Change) {
	t.Helper()
	if err := trial.Try(context.Background(), changes...); err != nil {
		t.Fatal(err)
	}
}

func TestATrialInPartsJudgesLaterChangesByEarlierOnes(t *testing.T) {
	w := newWorld(t)
	trial := w.boss.Trial()
	try(t, trial, registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"}, expected("AAA001", ""))
	try(t, trial)
	try(t, trial, expected("AAA001", ""), expected("AAA002", "T1"))
	try(t, trial, expected("AAA003", "T1"), expected("AAA004", "T2"))
	wantErrors(t, trial, "<nil>", "<nil>", "serial.taken", "<nil>", "tag.taken", "<nil>")
	if got := w.counts(registry.CountQuery{Place: "PK"}); got != "= 0" {
		t.Errorf("the trial left %s", got)
	}
}

func TestATrialIsOfTheRegisterAsItIsInTheEnd(t *testing.T) {
	w := newWorld(t)
	announced := registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"}
	w.do(w.boss, announced)
	trial := w.boss.Trial()
	try(t, trial, expected("AAA001", ""))
	w.do(w.boss, expected("AAA001", "")) // by somebody else
	try(t, trial, expected("AAA002", ""))
	w.do(w.boss, expected("AAA003", ""))
	try(t, trial, expected("AAA003", ""), expected("AAA004", ""))
	wantErrors(t, trial, "serial.taken", "<nil>", "serial.taken", "<nil>")
}

// What others do meanwhile mostly has nothing to do with a list: it is not tried again.
func TestATrialIsNotMadeAgainForWhatItDidNotRead(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	w.do(w.boss, registry.AnnounceShipment{Number: "SHP-2", Destination: "PK601"})
	listed := func(serial fleet.Serial) registry.Change {
		return registry.ExpectDevice{Shipment: "SHP-2", Place: w.path("PK6-35200002"), Device: fleet.Device{Serial: serial}}
	}
	for _, tc := range []struct {
		what  string
		by    func()
		again bool
	}{
		{"a fault", func() {
			w.do(w.boss, registry.ReportFault{Serial: "AAA001", Category: fleet.FaultScreen, Severity: fleet.Minor})
		}, false},
		{"a workbook that was sent", func() {
			w.boss.Witness(registry.Act{Kind: registry.Exported})
		}, false},
		{"another school", func() { w.do(w.boss, school("35200003", "PK601", "GBHS Garhi Shahu")) }, false},
		{"another device", func() { w.do(w.boss, registry.ExpectDevice{Shipment: "SHP-1", Device: fleet.Device{Serial: "ZZZ001"}}) }, true},
		{"the school of the list", func() { w.do(w.boss, school("35200002", "PK602", "GBHS Model Town")) }, true},
		{"its shipment", func() { w.do(w.boss, registry.CloseShipment{Number: "SHP-2"}) }, true},
	} {
		trial := w.boss.Trial()
		try(t, trial, listed("BBB001"))
		tc.by()
		try(t, trial, listed("BBB002"))
		if trial.Stale() != tc.again {
			t.Errorf("%s: all is tried again: %v, want %v", tc.what, trial.Stale(), tc.again)
		}
	}
}

func TestATrialEndsWithItsContext(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	trial := w.boss.Trial()
	cancel()
	if err := trial.Try(ctx, registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"}); !errors.Is(err, context.Canceled) {
		t.Errorf("trying after the end gives %v", err)
	}
}

// After it forgot, a trial knows of the changes before only those it was told to keep.
func TestATrialForgets(t *testing.T) {
	for _, disturbed := range []bool{false, true} {
		w, ctx := newWorld(t), t.Context()
		trial := w.boss.Trial()
		announce := registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"}
		forget := func(but ...registry.Change) {
			if err := trial.Forget(ctx, but...); err != nil {
				t.Fatal(err)
			}
		}
		try(t, trial, announce, expected("AAA001", ""), expected("AAA001", ""))
		forget(announce)
		try(t, trial, expected("AAA001", ""), expected("AAA002", ""))
		if disturbed {
			w.do(w.boss, school("35200003", "PK601", "GBHS Garhi Shahu"))
		}
		forget()
		try(t, trial, expected("AAA003", ""))
		wantErrors(t, trial, "<nil>", "<nil>", "serial.taken", "<nil>", "<nil>", "shipment.not_found")
	}
}
