package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) faults() {
	add(a, operation{
		Route: Route{http.MethodGet, "/faults", fleet.Read},
		id:    "list-faults", summary: "Faults: open ones the oldest first, otherwise all, the newest first",
		about: "A page may be shorter than its limit, even empty, and yet not the last: go on for as long as there is a next.",
		sdk:   `for f, err := range c.Faults(ctx, takhti.FaultQuery{Place: "PK601", Open: true}) { … }`,
	}, a.listFaults)
	add(a, operation{
		Route: Route{http.MethodGet, "/faults/{ref}", fleet.Read},
		id:    "get-fault", summary: "One fault",
		sdk: `f, err := c.Fault(ctx, "F-00169")`,
	}, a.getFault)
}

type listFaultsIn struct {
	Listed
	Place    string               `query:"place" doc:"At the place with this code and below it; otherwise within your home" example:"PK601"`
	Serial   string               `query:"serial" maxLength:"100" doc:"All faults of one device, the oldest first; other filters are not used with it"`
	Open     bool                 `query:"open" doc:"true: only those that still wait for something"`
	State    takhti.FaultState    `query:"state"`
	Category takhti.FaultCategory `query:"category"`
}

func (a *api) listFaults(ctx context.Context, in *listFaultsIn) (*answer[takhti.Page[takhti.Fault]], error) {
	s := a.session(ctx)
	list := faultsAt
	if in.Serial != "" {
		list = faultsOf
	}
	found, next, err := list(ctx, s, in)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.Fault]{Next: next}
	page.Items, err = describeFaults(ctx, s, found)
	return &answer[takhti.Page[takhti.Fault]]{page}, err
}

func faultsAt(ctx context.Context, s registry.Session, in *listFaultsIn) (found []fleet.Fault, next string, err error) {
	q := registry.FaultQuery{Open: in.Open, Limit: in.Limit}
	place, err := placeOr(ctx, s, in.Place)
	if err != nil {
		return nil, "", err
	}
	q.Place = place.Path
	if q.State, err = read(in.State, fleet.ParseFaultState); err != nil {
		return nil, "", err
	}
	if q.Category, err = read(in.Category, fleet.ParseFaultCategory); err != nil {
		return nil, "", err
	}
	f := filter{"faults", q.Place, q.Open, q.State, q.Category}
	after, err := f.number(in.Cursor)
	if err != nil {
		return nil, "", err
	}
	q.After = fleet.FaultID(after)
	found, last, err := s.Faults(ctx, q)
	return found, f.numberCursor(uint64(last)), err
}

func faultsOf(ctx context.Context, s registry.Session, in *listFaultsIn) (found []fleet.Fault, next string, err error) {
	serial, err := fleet.ParseSerial(in.Serial)
	if err != nil {
		return nil, "", err
	}
	f := filter{"faults of", serial}
	after, err := f.number(in.Cursor)
	if err != nil {
		return nil, "", err
	}
	all, err := s.FaultsOf(ctx, serial)
	for len(all) > 0 && uint64(all[0].ID) <= after {
		all = all[1:]
	}
	found, last := pageOf(all, in.Limit, func(f fleet.Fault) uint64 { return uint64(f.ID) })
	return found, f.numberCursor(last), err
}

type faultIn struct {
	Ref string `path:"ref" maxLength:"40" doc:"As people are given it, in either case" example:"F-00169"`
}

func (a *api) getFault(ctx context.Context, in *faultIn) (*answer[takhti.Fault], error) {
	s := a.session(ctx)
	f, err := s.Fault(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	list, err := describeFaults(ctx, s, []fleet.Fault{f})
	if err != nil {
		return nil, err
	}
	return &answer[takhti.Fault]{list[0]}, nil
}

// describeFaults describes faults with the names of their places.
func describeFaults(ctx context.Context, s registry.Session, found []fleet.Fault) ([]takhti.Fault, error) {
	paths := make([]fleet.Path, 0, len(found))
	for i := range found {
		paths = append(paths, found[i].Place)
	}
	known, err := s.PlacesAt(ctx, paths...)
	if err != nil {
		return nil, err
	}
	list := make([]takhti.Fault, 0, len(found))
	for i := range found {
		list = append(list, faultOf(&found[i], known[paths[i]]))
	}
	return list, nil
}

func faultOf(f *fleet.Fault, at fleet.Place) takhti.Fault {
	w := takhti.Fault{
		Ref: f.Ref, Serial: string(f.Serial), Place: string(at.Code), PlaceName: at.Name,
		Category: takhti.FaultCategory(f.Category.String()), Severity: takhti.Severity(f.Severity.String()),
		State: takhti.FaultState(f.State.String()), Open: f.Open(),
		Route: takhti.Route(f.Route.String()), Outcome: takhti.Outcome(f.Outcome.String()), FIR: f.FIR,
		Reported: moment(f.Reported), Ended: momentOr(f.Ended),
	}
	for _, n := range f.Notes {
		w.Notes = append(w.Notes, takhti.Note{Time: moment(n.Time), By: n.By, Text: n.Text})
	}
	return w
}
