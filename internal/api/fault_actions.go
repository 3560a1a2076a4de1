package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) faultActions() {
	report := operation{
		Route: Route{http.MethodPost, "/faults", fleet.ReportFaults},
		id:    "report-fault", summary: "Report that a device does not work as it should, or is gone",
		about:  "A second report of the same category, while one is open, is added to that one as a note.",
		status: http.StatusCreated,
		sdk:    `f, err := c.ReportFault(ctx, takhti.NewFault{Serial: "5CD3160ABC", Category: takhti.FaultScreen, Note: "cracked"})`,
	}
	act := func(verb, id string, needs fleet.Action, summary, sdk string) operation {
		return operation{
			Route: Route{http.MethodPost, "/faults/{ref}/" + verb, needs},
			id:    id, summary: summary, sdk: "f, err := c." + sdk,
		}
	}
	add(a, report, a.reportFault)
	add(a, act("triage", "triage-fault", fleet.RepairFaults, "Record that a reported fault was looked at, and how bad it is",
		`TriageFault(ctx, "F-00169", takhti.Triage{Severity: takhti.Unusable})`), a.triageFault)
	add(a, act("repair", "send-to-repair", fleet.RepairFaults, "Send a fault's device to be repaired",
		`SendToRepair(ctx, "F-00169", takhti.Repair{Route: takhti.RouteWorkshop})`), a.sendToRepair)
	add(a, act("return", "return-from-repair", fleet.RepairFaults, "Bring a repaired device back to its place",
		`ReturnFromRepair(ctx, "F-00169", takhti.Returned{Outcome: takhti.OutcomeRepaired})`), a.returnFromRepair)
	add(a, act("close", "close-fault", fleet.ReportFaults, "End a fault; after a repair the school confirms it so",
		`CloseFault(ctx, "F-00169", takhti.Closing{})`), a.closeFault)
}

// OnFault names the fault of an action.
type OnFault struct {
	Worded
	Ref string `path:"ref" maxLength:"40" example:"F-00169"`
}

type (
	reportIn struct {
		Worded
		Body takhti.NewFault
	}
	triageIn struct {
		OnFault
		Body takhti.Triage
	}
	repairIn struct {
		OnFault
		Body takhti.Repair
	}
	returnedIn struct {
		OnFault
		Body takhti.Returned
	}
	closeFaultIn struct {
		OnFault
		Body takhti.Closing
	}
	faultOut = written[takhti.Fault]
)

func (a *api) reportFault(ctx context.Context, in *reportIn) (*faultOut, error) {
	b := in.Body
	serial, err := fleet.ParseSerial(b.Serial)
	if err != nil {
		return nil, err
	}
	category, err := read(b.Category, fleet.ParseFaultCategory)
	if err != nil {
		return nil, err
	}
	severity, err := fleet.ParseSeverity(string(b.Severity))
	if err != nil {
		return nil, err
	}
	return a.changeFault(ctx, in.request(), "", registry.ReportFault{Serial: serial, Category: category, Severity: severity, Note: b.Note, FIR: b.FIR})
}

func (a *api) triageFault(ctx context.Context, in *triageIn) (*faultOut, error) {
	severity, err := fleet.ParseSeverity(string(in.Body.Severity))
	if err != nil {
		return nil, err
	}
	return a.changeFault(ctx, in.request(), in.Ref, registry.TriageFault{Ref: in.Ref, Severity: severity, Note: in.Body.Note})
}

func (a *api) sendToRepair(ctx context.Context, in *repairIn) (*faultOut, error) {
	route, err := read(in.Body.Route, fleet.ParseRoute)
	if err != nil {
		return nil, err
	}
	return a.changeFault(ctx, in.request(), in.Ref, registry.SendToRepair{Ref: in.Ref, Route: route, Note: in.Body.Note})
}

func (a *api) returnFromRepair(ctx context.Context, in *returnedIn) (*faultOut, error) {
	outcome, err := read(in.Body.Outcome, fleet.ParseOutcome)
	if err != nil {
		return nil, err
	}
	return a.changeFault(ctx, in.request(), in.Ref, registry.ReturnFromRepair{Ref: in.Ref, Outcome: outcome, Note: in.Body.Note})
}

func (a *api) closeFault(ctx context.Context, in *closeFaultIn) (*faultOut, error) {
	outcome, err := read(in.Body.Outcome, fleet.ParseOutcome)
	if err != nil {
		return nil, err
	}
	return a.changeFault(ctx, in.request(), in.Ref, registry.CloseFault{Ref: in.Ref, Outcome: outcome, Note: in.Body.Note})
}

// changeFault makes a change and answers with the fault as it was then. Without
// a reference the fault is the one that the change gives out.
func (a *api) changeFault(ctx context.Context, q registry.Request, ref string, change registry.Change) (*faultOut, error) {
	s := a.session(ctx)
	receipt, err := s.Apply(ctx, q, change)
	if err != nil {
		return nil, err
	}
	if ref == "" {
		ref = receipt.Refs[0]
	}
	f, err := s.FaultAfter(ctx, receipt, ref)
	if err != nil {
		return nil, err
	}
	list, err := describeFaults(ctx, s, []fleet.Fault{f})
	if err != nil {
		return nil, err
	}
	return &faultOut{replayed(receipt.Repeated), list[0]}, nil
}
