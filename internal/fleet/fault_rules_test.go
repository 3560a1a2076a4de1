package fleet

import (
	"slices"
	"strings"
	"testing"
)

// What can be done about a fault, and its state afterwards, or the code with
// which it is refused. "back_already" is a fault in repair whose device is back
// at school without it: it was lost on the way and found again.
const faultMatrix = `
         reported        triaged         in_repair         back_already      returned          closed
note     reported        triaged         in_repair         in_repair         returned          fault.closed
triage   triaged         fault.triaged   fault.in_repair   fault.in_repair   fault.returned    fault.closed
send     in_repair       in_repair       device.in_repair  in_repair         in_repair         fault.closed
return   fault.reported  fault.triaged   returned          device.at_school  fault.returned    fault.closed
close    closed          closed          fault.in_repair   closed            closed            fault.closed
`

func TestWhatCanBeDoneAboutAFault(t *testing.T) {
	steps := map[string]func(Fault, Device) (Fault, error){
		"note":   func(f Fault, _ Device) (Fault, error) { return f.AddNote("asma", "again", noon) },
		"triage": func(f Fault, _ Device) (Fault, error) { return f.Triage(Minor, "asma", "", noon) },
		"send": func(f Fault, d Device) (Fault, error) {
			f, _, err := f.SendToRepair(d, ByWorkshop, "asma", "", noon)
			return f, err
		},
		"return": func(f Fault, d Device) (Fault, error) {
			f, _, err := f.ReturnFromRepair(d, School, Repaired, true, "asma", "", noon)
			return f, err
		},
		"close": func(f Fault, d Device) (Fault, error) {
			f, _, err := f.Close(d, School, Repaired, true, "asma", "", noon)
			return f, err
		},
	}
	cells := 0
	grid(t, faultMatrix, func(row, column, cell string) {
		after, err := steps[row](faultInState(t, column))
		if got := after.State.String() + codeOf(err); got != cell {
			t.Errorf("%s × %s: %q, want %q", column, row, got, cell)
		}
		cells++
	})
	if want := (len(FaultStates()) + 1) * len(steps); cells != want {
		t.Errorf("the matrix has %d cells, want %d: every state × every step", cells, want)
	}
}

// faultInState is a fault as a column of the matrix names it, with its device.
func faultInState(t *testing.T, column string) (Fault, Device) {
	f := Fault{Ref: "F-1", Category: FaultScreen, Severity: Major}
	d := Device{Serial: "5CD1", Status: AtSchool, Condition: Faulty}
	if column == "back_already" {
		f.State = UnderRepair
		return f, d
	}
	f.State = named(t, FaultStates(), column)
	switch f.State {
	case UnderRepair:
		d.Status = InRepair
	case BackFromRepair:
		f.Outcome = Repaired
	}
	return f, d
}

// With which outcomes a fault can be closed, by what the fault is and where its
// device stands: the condition of a faulty device afterwards, or "-" for refused.
// A loss or a theft says nothing of the condition.
const outcomeMatrix = `
                   repaired  replaced       written_off    no_fault_found  recovered
screen/in_store    ok        beyond_repair  beyond_repair  ok              -
screen/in_transit  ok        beyond_repair  beyond_repair  ok              -
screen/at_school   ok        beyond_repair  beyond_repair  ok              -
screen/issued      ok        beyond_repair  beyond_repair  ok              -
screen/in_repair   ok        beyond_repair  beyond_repair  ok              -
screen/lost        -         beyond_repair  beyond_repair  -               -
screen/stolen      -         beyond_repair  beyond_repair  -               -
screen/retired     ok        beyond_repair  beyond_repair  ok              -
other/at_school    ok        beyond_repair  beyond_repair  ok              -
lost/lost          -         faulty         faulty         -               faulty
lost/stolen        -         faulty         faulty         -               faulty
lost/at_school     -         faulty         faulty         -               faulty
lost/retired       -         faulty         faulty         -               faulty
stolen/stolen      -         faulty         faulty         -               faulty
stolen/issued      -         faulty         faulty         -               faulty
`

func TestOutcomesOfAFault(t *testing.T) {
	grid(t, outcomeMatrix, func(row, column, cell string) {
		category, status, _ := strings.Cut(row, "/")
		f := Fault{Ref: "F-1", Category: named(t, FaultCategories(), category), State: Triaged}
		d := Device{Serial: "5CD1", Status: named(t, Statuses(), status), Condition: Faulty}
		o := named(t, Outcomes(), column)

		ended, after, err := f.Close(d, School, o, true, "asma", "", noon)
		if offered := slices.Contains(f.Outcomes(&d), o); offered != (cell != "-") {
			t.Errorf("%s: %s offered: %v", row, o, offered)
		}
		if cell == "-" {
			refused(t, err, "fault.outcome_unfit", "outcome")
			return
		}
		if err != nil || after.Condition.String() != cell {
			t.Errorf("%s × %s: %s (%v), want %s", row, column, after.Condition, err, cell)
		}
		if ended.State != FaultClosed || ended.Outcome != o || ended.Ended != noon.Unix() {
			t.Errorf("%s × %s: ended as %s with %s at %d", row, column, ended.State, ended.Outcome, ended.Ended)
		}
		want := d.Status
		if o == Recovered && d.Status.Missing() {
			want = AtSchool
		}
		if after.Status != want {
			t.Errorf("%s × %s: the device is %s, want %s", row, column, after.Status, want)
		}
	})
}

// The condition in which an outcome leaves a device: closed without a repair, or
// back from one. "+" is with another fault still open.
const conditionMatrix = `
                      repaired  repaired+  replaced       written_off    no_fault_found  no_fault_found+
close/ok              ok        ok         beyond_repair  beyond_repair  ok              ok
close/faulty          ok        faulty     beyond_repair  beyond_repair  ok              faulty
close/beyond_repair   beyond_repair beyond_repair beyond_repair beyond_repair beyond_repair beyond_repair
return/faulty         ok        faulty     beyond_repair  beyond_repair  ok              faulty
return/beyond_repair  ok        faulty     beyond_repair  beyond_repair  beyond_repair   beyond_repair
`

func TestConditionAfterAnOutcome(t *testing.T) {
	grid(t, conditionMatrix, func(row, column, cell string) {
		step, condition, _ := strings.Cut(row, "/")
		name, others := strings.CutSuffix(column, "+")
		o := named(t, Outcomes(), name)
		f := Fault{Ref: "F-1", Category: FaultScreen, State: Triaged}
		d := Device{Serial: "5CD1", Status: AtSchool, Condition: named(t, Conditions(), condition)}
		var after Device
		var err error
		if step == "close" {
			_, after, err = f.Close(d, School, o, !others, "", "", noon)
		} else {
			f.State, d.Status = UnderRepair, InRepair
			f, after, err = f.ReturnFromRepair(d, Store, o, !others, "", "", noon)
			if f.Outcome != o || after.Status != InStore {
				t.Errorf("%s × %s: back with %s, %s", row, column, f.Outcome, after.Status)
			}
		}
		if err != nil || after.Condition.String() != cell {
			t.Errorf("%s × %s: %s (%v), want %s", row, column, after.Condition, err, cell)
		}
		if changed := after.Changed.Equal(noon); step == "close" && changed != (after.Condition != d.Condition) {
			t.Errorf("%s × %s: the device counts as changed: %v", row, column, changed)
		}
	})
}

// A fault that came back from repair closes with the workshop's outcome, or is
// sent again.
func TestConfirmingARepair(t *testing.T) {
	f := Fault{Ref: "F-1", Category: FaultScreen, State: BackFromRepair, Outcome: NoFaultFound, Route: ByWorkshop}
	d := Device{Serial: "5CD1", Status: AtSchool, Condition: OK}

	ended, after, err := f.Close(d, School, 0, true, "asma", "works", noon)
	if err != nil || ended.Outcome != NoFaultFound || after != d {
		t.Errorf("confirmed as %s (%v), the device %+v", ended.Outcome, err, after)
	}
	_, _, err = f.Close(d, School, WrittenOff, true, "asma", "", noon)
	refused(t, err, "fault.outcome_unfit", "outcome")

	again, after, err := f.SendToRepair(d, ByWarranty, "asma", "still dark", noon)
	if err != nil || again.State != UnderRepair || again.Route != ByWarranty || again.Outcome != 0 {
		t.Errorf("sent again: %s by %s, outcome %q (%v)", again.State, again.Route, again.Outcome, err)
	}
	if after.Status != InRepair || after.Condition != Faulty {
		t.Errorf("the device is %s and %s, want in_repair and faulty", after.Status, after.Condition)
	}
	if got := f.Outcomes(&d); !slices.Equal(got, []Outcome{NoFaultFound}) {
		t.Errorf("offered: %v", got)
	}
}

func TestSendingToRepairKeepsTheCondition(t *testing.T) {
	f := Fault{Category: FaultScreen, State: Reported}
	for _, c := range []struct{ before, want Condition }{{OK, Faulty}, {Faulty, Faulty}, {BeyondRepair, BeyondRepair}} {
		_, d, err := f.SendToRepair(Device{Status: InStore, Condition: c.before}, ByWorkshop, "", "", noon)
		if err != nil || d.Condition != c.want {
			t.Errorf("%s became %s (%v), want %s", c.before, d.Condition, err, c.want)
		}
	}
}

func TestEachStepKeepsItsNote(t *testing.T) {
	d := Device{Serial: "5CD1", Status: AtSchool, Condition: OK}
	f, d, err := d.Report(Report{Category: FaultScreen, Severity: Minor, Note: "reported", By: "a"}, School, noon)
	must(t, err)
	f, err = f.AddNote("b", "added", noon)
	must(t, err)
	f, err = f.Triage(Major, "c", "triaged", noon)
	must(t, err)
	f, d, err = f.SendToRepair(d, ByWarranty, "d", "sent", noon)
	must(t, err)
	f, d, err = f.ReturnFromRepair(d, School, Repaired, true, "e", "returned", noon)
	must(t, err)
	f, _, err = f.Close(d, School, 0, true, "f", "closed", noon)
	must(t, err)
	at := noon.Unix()
	want := []Note{{at, "a", "reported"}, {at, "b", "added"}, {at, "c", "triaged"}, {at, "d", "sent"}, {at, "e", "returned"}, {at, "f", "closed"}}
	if !slices.Equal(f.Notes, want) {
		t.Errorf("got %v, want %v", f.Notes, want)
	}
}

func TestEverySeverityAndRouteIsAllowed(t *testing.T) {
	f, d := Fault{Category: FaultScreen, State: Reported}, Device{Status: AtSchool, Condition: Faulty}
	for _, s := range Severities() {
		if got, err := f.Triage(s, "", "", noon); err != nil || got.Severity != s {
			t.Errorf("triaged as %s: %s (%v)", s, got.Severity, err)
		}
	}
	for _, r := range Routes() {
		if got, _, err := f.SendToRepair(d, r, "", "", noon); err != nil || got.Route != r {
			t.Errorf("sent by %s: %s (%v)", r, got.Route, err)
		}
	}
}

// A refused step says why in words.
func TestRefusedStepsSayWhy(t *testing.T) {
	for state, want := range map[FaultState]string{
		Reported:       "fault F-1 cannot be returned from repair, because it is reported and not in repair",
		Triaged:        "fault F-1 cannot be returned from repair, because it is triaged and not in repair",
		BackFromRepair: "fault F-1 cannot be returned from repair, because it is back from repair",
		FaultClosed:    "fault F-1 cannot be returned from repair, because it is closed",
	} {
		_, _, err := Fault{Ref: "F-1", State: state}.ReturnFromRepair(Device{}, School, Repaired, true, "", "", noon)
		if message(err) != want {
			t.Errorf("got %q, want %q", message(err), want)
		}
	}
	for want, step := range map[string]func(Fault) error{
		"fault F-1 cannot be added to, because it is closed": func(f Fault) error { _, err := f.AddNote("", "x", noon); return err },
		"fault F-1 cannot be triaged, because it is closed":  func(f Fault) error { _, err := f.Triage(Minor, "", "", noon); return err },
		"fault F-1 cannot be sent to repair, because it is closed": func(f Fault) error {
			_, _, err := f.SendToRepair(Device{}, ByWorkshop, "", "", noon)
			return err
		},
		"fault F-1 cannot be closed, because it is closed": func(f Fault) error {
			_, _, err := f.Close(Device{}, School, Repaired, true, "", "", noon)
			return err
		},
	} {
		if err := step(Fault{Ref: "F-1", State: FaultClosed}); message(err) != want {
			t.Errorf("got %q, want %q", message(err), want)
		}
	}
	_, err := Fault{Ref: "F-1", State: UnderRepair}.Triage(Minor, "", "", noon)
	if want := "fault F-1 cannot be triaged, because it is in repair"; message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
}

func TestTriageSetsTheSeverity(t *testing.T) {
	f, err := Fault{State: Reported, Severity: Major}.Triage(Unusable, "asma", "needs a panel", noon)
	if err != nil || f.Severity != Unusable || len(f.Notes) != 1 {
		t.Errorf("triaged: %+v (%v)", f, err)
	}
}

func TestStepsCheckWhatTheyAreGiven(t *testing.T) {
	long := strings.Repeat("ا", MaxNote+1)
	reported := Fault{Ref: "F-1", Category: FaultScreen, State: Reported}
	away := Fault{Ref: "F-1", Category: FaultScreen, State: UnderRepair}
	loss := Fault{Ref: "F-1", Category: FaultLost, State: Reported}
	here, inRepair := Device{Status: AtSchool, Condition: Faulty}, Device{Status: InRepair, Condition: Faulty}
	for _, c := range []struct {
		name        string
		step        func() error
		code, field string
	}{
		{"a long note", func() error { _, err := reported.AddNote("", long, noon); return err }, "fault.note_long", "note"},
		{"triage with a long note", func() error { _, err := reported.Triage(Minor, "", long, noon); return err }, "fault.note_long", "note"},
		{"triage without a severity", func() error { _, err := reported.Triage(0, "", "", noon); return err }, "fault.severity", "severity"},
		{"triage with no such severity", func() error { _, err := reported.Triage(Unusable+1, "", "", noon); return err }, "fault.severity", "severity"},
		{"sending with a long note", send(reported, here, ByWorkshop, long), "fault.note_long", "note"},
		{"sending without a route", send(reported, here, 0, ""), "fault.route", "route"},
		{"sending by no such route", send(reported, here, AwaitingParts+1, ""), "fault.route", "route"},
		{"repairing a loss", send(loss, here, ByWorkshop, ""), "fault.not_repairable", ""},
		{"returning with a long note", bringBack(away, inRepair, Repaired, long), "fault.note_long", "note"},
		{"returning without an outcome", bringBack(away, inRepair, 0, ""), "fault.outcome", "outcome"},
		{"returning as recovered", bringBack(away, inRepair, Recovered, ""), "fault.outcome", "outcome"},
		{"closing with a long note", end(reported, here, Repaired, long), "fault.note_long", "note"},
		{"closing without an outcome", end(reported, here, 0, ""), "fault.outcome", "outcome"},
		{"closing with no such outcome", end(reported, here, Recovered+1, ""), "fault.outcome", "outcome"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, c.step(), c.code, c.field) })
	}
	atMost := strings.Repeat("ا", MaxNote)
	if _, err := reported.AddNote("", atMost, noon); err != nil {
		t.Errorf("a note of %d characters was refused: %v", MaxNote, err)
	}
}

func send(f Fault, d Device, r Route, note string) func() error {
	return func() error { _, _, err := f.SendToRepair(d, r, "", note, noon); return err }
}

func bringBack(f Fault, d Device, o Outcome, note string) func() error {
	return func() error { _, _, err := f.ReturnFromRepair(d, School, o, true, "", note, noon); return err }
}

func end(f Fault, d Device, o Outcome, note string) func() error {
	return func() error { _, _, err := f.Close(d, School, o, true, "", note, noon); return err }
}

func TestRefusedOutcomeSaysWhatFits(t *testing.T) {
	f := Fault{Ref: "F-0001J", Category: FaultScreen, State: Triaged}
	d := Device{Serial: "5CD1", Status: Lost}
	_, _, err := f.Close(d, School, Repaired, true, "", "", noon)
	want := "fault F-0001J (screen) of device 5CD1 (lost) cannot end as repaired: use replaced, written_off"
	if message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
}
