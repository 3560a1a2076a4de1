package web

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// faultPage is one fault: what was reported, what was done, and what can be.
type faultPage struct {
	fleet.Fault
	at      fleet.Place
	device  *fleet.Device // nil when the visitor no longer sees it
	notice  *notice
	forms   []form
	failed  form
	history []event // oldest first
}

func (v *visit) showFault() (reply, error) { return v.faultReply(form{}) }

// faultReply is the fault's page, with a form that came back, if any.
func (v *visit) faultReply(failed form) (reply, error) {
	f, err := v.session.Fault(v.ctx, v.c.Param("ref"))
	if err != nil {
		return reply{}, err
	}
	at, err := v.session.PlacesAt(v.ctx, f.Place)
	if err != nil {
		return reply{}, err
	}
	p := faultPage{Fault: f, at: at[f.Place], notice: v.takeNotice(), failed: failed}
	if p.history, err = v.faultHistory(f.Ref); err != nil {
		return reply{}, err
	}
	switch d, err := v.session.Device(v.ctx, f.Serial); {
	case err == nil:
		p.device = &d
		p.forms = v.faultForms(f, d, failed)
	case fleet.KindOf(err) != fleet.NotFound:
		return reply{}, err
	}
	return failed.again(show(v.say("fault.title", "ref", f.Ref), faultBody(v.view, p))), nil
}

// faultActions are what can be done about a fault: in which states, and what the
// visitor has to be allowed.
var faultActions = []struct {
	name   string
	needs  fleet.Action
	states []fleet.FaultState
}{
	{"works", fleet.ReportFaults, []fleet.FaultState{fleet.BackFromRepair}},
	{"still", fleet.ReportFaults, []fleet.FaultState{fleet.BackFromRepair}},
	{"triage", fleet.RepairFaults, []fleet.FaultState{fleet.Reported}},
	{"repair", fleet.RepairFaults, []fleet.FaultState{fleet.Reported, fleet.Triaged, fleet.BackFromRepair}},
	{"repaired", fleet.RepairFaults, []fleet.FaultState{fleet.UnderRepair}},
	{"note", fleet.ReportFaults, []fleet.FaultState{fleet.Reported, fleet.Triaged, fleet.UnderRepair, fleet.BackFromRepair}},
	{"close", fleet.ReportFaults, []fleet.FaultState{fleet.Reported, fleet.Triaged, fleet.BackFromRepair}},
}

func (v *visit) faultForms(f fleet.Fault, d fleet.Device, failed form) (forms []form) {
	for _, a := range faultActions {
		switch {
		case a.name == failed.name && len(failed.problems) > 0:
			forms = append(forms, failed)
		case !slices.Contains(a.states, f.State) || !v.may(a.needs, f.Place):
		case !suits(a.name, f, d):
		default:
			forms = append(forms, blankForm(a.name))
		}
	}
	return forms
}

// suits says whether an action that the fault's state allows makes sense. What
// came back from repair to be used again is asked about in just these words.
func suits(action string, f fleet.Fault, d fleet.Device) bool {
	asked := f.State == fleet.BackFromRepair && (f.Outcome == fleet.Repaired || f.Outcome == fleet.NoFaultFound)
	switch action {
	case "repair":
		return repairable(f, d)
	case "works", "still":
		return asked
	case "note", "close":
		return !asked
	}
	return true
}

// repairable says whether the fault's device can be sent to be repaired.
func repairable(f fleet.Fault, d fleet.Device) bool {
	_, err := d.After(fleet.SendToRepair, 0)
	return err == nil && !f.Category.Missing()
}

// repairOutcomes are what can come of a repair.
var repairOutcomes = []fleet.Outcome{fleet.Repaired, fleet.Replaced, fleet.WrittenOff, fleet.NoFaultFound}
