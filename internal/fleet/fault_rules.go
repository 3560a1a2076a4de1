package fleet

import "time"

// step checks that the fault is in one of the states from which the step named
// in the error can be taken.
func (f *Fault) step(what string, from ...FaultState) error {
	for _, s := range from {
		if f.State == s {
			return nil
		}
	}
	return Conflictf("fault."+f.State.String(), "fault %s is %s: it cannot be %s now", f.Ref, f.State, what)
}

func (f Fault) noted(by, text string, now time.Time) Fault {
	if text != "" {
		f.Notes = append(f.Notes[:len(f.Notes):len(f.Notes)], Note{Time: now.Unix(), By: by, Text: text})
	}
	return f
}

// AddNote adds a remark, as a second report of the same thing does.
func (f Fault) AddNote(by, text string, now time.Time) (Fault, error) {
	return f.noted(by, text, now), f.step("added to", Reported, Triaged, UnderRepair, BackFromRepair)
}

// Triage records that somebody looked at the report and how bad it is.
func (f Fault) Triage(s Severity, by, note string, now time.Time) (Fault, error) {
	err := f.step("triaged", Reported)
	f.State, f.Severity = Triaged, s
	return f.noted(by, note, now), err
}

// SendToRepair sends the fault's device to be repaired.
func (f Fault) SendToRepair(d Device, route Route, by, note string, now time.Time) (Fault, Device, error) {
	if err := f.step("sent to repair", Reported, Triaged); err != nil {
		return f, d, err
	}
	d, err := d.after(SendToRepair, 0, now)
	f.State, f.Route = UnderRepair, route
	return f.noted(by, note, now), d, err
}

// ReturnFromRepair brings the device back to its place, of kind at, with an outcome.
// lastOpen says that no other fault of the device is open.
func (f Fault) ReturnFromRepair(d Device, at PlaceKind, o Outcome, lastOpen bool, by, note string, now time.Time) (Fault, Device, error) {
	if err := f.step("returned from repair", UnderRepair); err != nil {
		return f, d, err
	}
	d, err := d.after(ReturnFromRepair, at, now)
	f.State, f.Outcome = BackFromRepair, o
	return f.noted(by, note, now), d.withOutcome(o, lastOpen), err
}

// Close ends the fault: the school confirms a repair, or the matter is settled
// without one. A lost or stolen device that was found goes back to its place.
func (f Fault) Close(d Device, at PlaceKind, o Outcome, lastOpen bool, by, note string, now time.Time) (Fault, Device, error) {
	if f.State == BackFromRepair && o == 0 {
		o = f.Outcome
	}
	if err := f.step("closed", Reported, Triaged, BackFromRepair); err != nil {
		return f, d, err
	}
	if o < Repaired || o > Recovered {
		return f, d, Invalidf("fault.outcome", "say what came of the fault: repaired, replaced, written_off, no_fault_found or recovered").In("outcome")
	}
	missing := d.Status == Lost || d.Status == Stolen
	if missing != (o == Recovered) && (missing && o != WrittenOff && o != Replaced || o == Recovered) {
		return f, d, Conflictf("fault.outcome_missing", "outcome %s does not fit device %s, which is %s", o, d.Serial, d.Status).In("outcome")
	}
	f.State, f.Outcome, f.Ended = FaultClosed, o, now.Unix()
	f = f.noted(by, note, now)
	if o == Recovered {
		d, err := d.Recover(at, now)
		return f, d, err
	}
	d.Changed = now.Truncate(time.Second)
	return f, d.withOutcome(o, lastOpen), nil
}

func (d Device) withOutcome(o Outcome, lastOpen bool) Device {
	switch {
	case o == WrittenOff || o == Replaced:
		d.Condition = BeyondRepair
	case lastOpen && d.Condition == Faulty:
		d.Condition = OK
	}
	return d
}
