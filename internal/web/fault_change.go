package web

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// changeFault does what a form on the fault's page asks for.
func (v *visit) changeFault() (reply, error) {
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	fault, err := v.session.Fault(v.ctx, v.c.Param("ref"))
	if err != nil {
		return reply{}, err
	}
	change, err := faultChange(fault, f)
	if err == nil {
		var receipt registry.Receipt
		if receipt, err = v.apply(f, change); err == nil {
			return v.saved(f.name, receipt, faultAddress(fault.Ref)), nil
		}
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.faultReply(f)
}

// faultChange is the change that a form stands for.
func faultChange(fault fleet.Fault, f form) (registry.Change, error) {
	note := f.value("note")
	switch f.name {
	case "triage":
		severity, err := fleet.ParseSeverity(f.value("severity"))
		return registry.TriageFault{Ref: fault.Ref, Severity: severity, Note: note}, err
	case "repair":
		route, err := optional(f.value("route"), fleet.ParseRoute)
		return registry.SendToRepair{Ref: fault.Ref, Route: route, Note: note}, err
	case "repaired":
		outcome, err := optional(f.value("outcome"), fleet.ParseOutcome)
		return registry.ReturnFromRepair{Ref: fault.Ref, Outcome: outcome, Note: note}, err
	case "close":
		outcome, err := optional(f.value("outcome"), fleet.ParseOutcome)
		return registry.CloseFault{Ref: fault.Ref, Outcome: outcome, Note: note}, err
	case "works":
		return registry.CloseFault{Ref: fault.Ref}, nil
	case "note", "still":
		return faultNote(fault, note, f.value("fir"))
	}
	return nil, errUnknownForm
}

// faultNote adds to an open fault, which is what a second report of the same
// thing does. A closed one would be opened anew by it.
func faultNote(fault fleet.Fault, note, fir string) (registry.Change, error) {
	if !fault.Open() {
		return nil, fleet.Conflictf("fault.closed", "fault %s is closed: report the device again if it fails again", fault.Ref)
	}
	if note == "" && fir == "" {
		return nil, fleet.Invalidf("fault.note_empty", "write the note first").In("note")
	}
	return registry.ReportFault{Serial: fault.Serial, Category: fault.Category, Severity: fault.Severity, Note: note, FIR: fir}, nil
}
