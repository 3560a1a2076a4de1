package fleet

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// faultStep is something that can be done about a fault, and the states of the
// fault in which it can. What the device allows is up to its own rules.
type faultStep struct {
	done string // completes "it cannot be …"
	from []FaultState
}

var (
	stepNote   = faultStep{"added to", []FaultState{Reported, Triaged, UnderRepair, BackFromRepair}}
	stepTriage = faultStep{"triaged", []FaultState{Reported}}
	stepSend   = faultStep{"sent to repair", []FaultState{Reported, Triaged, UnderRepair, BackFromRepair}}
	stepReturn = faultStep{"returned from repair", []FaultState{UnderRepair}}
	stepClose  = faultStep{"closed", []FaultState{Reported, Triaged, UnderRepair, BackFromRepair}}
)

// stateWords says how far a fault has come.
var stateWords = map[FaultState]string{
	Reported: "reported and not in repair", Triaged: "triaged and not in repair", UnderRepair: "in repair",
	BackFromRepair: "back from repair", FaultClosed: "closed",
}

func (f *Fault) can(s faultStep) error {
	if slices.Contains(s.from, f.State) {
		return nil
	}
	return Conflictf("fault."+f.State.String(), "fault %s cannot be %s, because it is %s", f.Ref, s.done, stateWords[f.State])
}

// AddNote adds a remark, as a second report of the same thing does. An empty one
// changes nothing, nor does the last one once more: somebody went back in the
// browser, or a phone on a bad line sent it twice.
func (f Fault) AddNote(by, text string, now time.Time) (Fault, error) {
	if err := cmp.Or(f.can(stepNote), checkNote(text)); err != nil {
		return Fault{}, err
	}
	if n := len(f.Notes); n > 0 && f.Notes[n-1].By == by && f.Notes[n-1].Text == strings.TrimSpace(text) {
		return f, nil
	}
	f = f.noted(by, text, now)
	if len(f.Notes) > MaxNotes && strings.TrimSpace(text) != "" {
		return Fault{}, Conflictf("fault.notes_full", "fault %s holds no more than %d notes: it is time to work on it, or to close it", f.Ref, MaxNotes).In("note")
	}
	return f, nil
}

// RecordFIR adds or puts right the number of the police report, which often comes
// after the report of the loss, and may come after its end.
func (f Fault) RecordFIR(number string) (Fault, error) {
	if err := checkFIR(f.Category, number); err != nil {
		return Fault{}, err
	}
	f.FIR = strings.TrimSpace(number)
	return f, nil
}

// Triage records that somebody looked at the report and how bad it is.
func (f Fault) Triage(s Severity, by, note string, now time.Time) (Fault, error) {
	if err := cmp.Or(f.can(stepTriage), checkSeverity(s), checkNote(note)); err != nil {
		return Fault{}, err
	}
	f.State, f.Severity = Triaged, s
	return f.noted(by, note, now), nil
}

// SendToRepair sends the fault's device to be repaired: again, when it came back
// and still does not work.
func (f Fault) SendToRepair(d Device, route Route, by, note string, now time.Time) (Fault, Device, error) {
	if err := cmp.Or(f.can(stepSend), f.checkRepairable(), checkRoute(route), checkNote(note)); err != nil {
		return Fault{}, Device{}, err
	}
	d, err := d.after(SendToRepair, 0, now)
	if err != nil {
		return Fault{}, Device{}, err
	}
	if d.Condition == OK {
		d.Condition = Faulty
	}
	f.State, f.Route, f.Outcome = UnderRepair, route, 0
	return f.noted(by, note, now), d, nil
}

// ReturnFromRepair brings the device back to its place, of kind at, with an outcome.
// lastOpen says that no other fault of the device is open, loss and theft aside.
func (f Fault) ReturnFromRepair(d Device, at PlaceKind, o Outcome, lastOpen bool, by, note string, now time.Time) (Fault, Device, error) {
	if err := cmp.Or(f.can(stepReturn), checkRepairOutcome(o), checkNote(note)); err != nil {
		return Fault{}, Device{}, err
	}
	d, err := d.after(ReturnFromRepair, at, now)
	if err != nil {
		return Fault{}, Device{}, err
	}
	if o == Repaired && d.Condition == BeyondRepair {
		d.Condition = Faulty // the workshop has shown otherwise
	}
	d.Condition = d.Condition.after(o, lastOpen)
	f.State, f.Outcome = BackFromRepair, o
	return f.noted(by, note, now), d, nil
}

// Close ends the fault. After a repair the school confirms its outcome, which
// need not be given again; otherwise the matter is settled without one. A lost or
// stolen device that was found goes back to its place, of kind at. lastOpen is as
// in [Fault.ReturnFromRepair].
func (f Fault) Close(d Device, at PlaceKind, o Outcome, lastOpen bool, by, note string, now time.Time) (Fault, Device, error) {
	o = cmp.Or(o, f.Outcome)
	if err := cmp.Or(f.can(stepClose), f.checkBack(&d), f.checkOutcome(&d, o), checkNote(note)); err != nil {
		return Fault{}, Device{}, err
	}
	f.State, f.Outcome, f.Ended = FaultClosed, o, now.Unix()
	f = f.noted(by, note, now)
	if o == Recovered && d.Status.Missing() {
		d, err := d.Recover(at, now)
		return f, d, err
	}
	if next := d.Condition.after(o, lastOpen); !f.Category.Missing() && next != d.Condition {
		d.Condition, d.Changed = next, now.Truncate(time.Second)
	}
	return f, d, nil
}

// after is the condition of a device once a fault of it ended with the outcome.
// What is beyond repair stays so, and what has another open fault stays faulty.
func (c Condition) after(o Outcome, lastOpen bool) Condition {
	switch {
	case o == Replaced || o == WrittenOff:
		return BeyondRepair
	case c == Faulty && lastOpen:
		return OK
	}
	return c
}

// repairOutcomes are what can come of a fault of a device that is there.
var repairOutcomes = []Outcome{Repaired, Replaced, WrittenOff, NoFaultFound}

// Outcomes are those with which the fault, on device d, can be closed.
func (f *Fault) Outcomes(d *Device) []Outcome {
	switch {
	case f.State == BackFromRepair:
		return []Outcome{f.Outcome}
	case f.Category.Missing():
		return []Outcome{Recovered, Replaced, WrittenOff}
	case d.Status.Missing():
		return []Outcome{Replaced, WrittenOff}
	}
	return slices.Clone(repairOutcomes)
}

// noted appends a note, in memory of its own, and nothing for an empty one.
func (f Fault) noted(by, text string, now time.Time) Fault {
	if text = strings.TrimSpace(text); text != "" {
		f.Notes = append(slices.Clip(f.Notes), Note{Time: now.Unix(), By: by, Text: text})
	}
	return f
}
