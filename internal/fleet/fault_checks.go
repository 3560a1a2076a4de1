package fleet

import (
	"slices"
	"unicode/utf8"
)

const (
	// MaxNote is the longest note, in characters.
	MaxNote = 500
	// MaxNotes is how many notes people can add to a fault; what is done about it
	// adds further ones.
	MaxNotes = 25

	maxFIR = 40 // characters
)

func (f *Fault) checkRepairable() error {
	if f.Category.Missing() {
		return Conflictf("fault.not_repairable", "fault %s is a loss or a theft: report what is broken as a fault of its own", f.Ref)
	}
	return nil
}

// checkBack keeps a fault open while its device is away for it.
func (f *Fault) checkBack(d *Device) error {
	if f.State == UnderRepair && d.Status == InRepair {
		return Conflictf("fault.in_repair", "fault %s is in repair: return device %s from repair first", f.Ref, d.Serial)
	}
	return nil
}

func (f *Fault) checkOutcome(d *Device, o Outcome) error {
	fitting := f.Outcomes(d)
	switch {
	case slices.Contains(fitting, o):
		return nil
	case o < Repaired || o > Recovered:
		return Invalidf("fault.outcome", "say what came of the fault: %s", namesOf(fitting)).In("outcome")
	}
	return Conflictf("fault.outcome_unfit", "fault %s (%s) of device %s (%s) cannot end as %s: use %s",
		f.Ref, f.Category, d.Serial, d.Status, o, namesOf(fitting)).In("outcome")
}

func checkRepairOutcome(o Outcome) error {
	if !slices.Contains(repairOutcomes, o) {
		return Invalidf("fault.outcome", "say what came of the repair: %s", namesOf(repairOutcomes)).In("outcome")
	}
	return nil
}

func checkSeverity(s Severity) error {
	if s < Minor || s > Unusable {
		return Invalidf("fault.severity", "say how bad it is: %s", namesOf(Severities())).In("severity")
	}
	return nil
}

func checkRoute(r Route) error {
	if r < ByWorkshop || r > AwaitingParts {
		return Invalidf("fault.route", "say how it is to be repaired: %s", namesOf(Routes())).In("route")
	}
	return nil
}

func checkNote(text string) error {
	if utf8.RuneCountInString(text) > MaxNote {
		return Invalidf("fault.note_long", "the note is longer than %d characters", MaxNote).In("note")
	}
	return checkCharacters("note", "the note", text, true)
}

func checkFIR(c FaultCategory, number string) error {
	if number != "" && !c.Missing() {
		return Invalidf("fault.fir_unfit", "only a loss or a theft has an FIR number").In("fir")
	}
	return checkTexts("fault.fir_long", fieldText{"fir", "the FIR number", number, maxFIR})
}
