package registry

import (
	"fmt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/table"
)

// relations checks what records say of one another: that places lie in places that
// may hold them, that devices are of models and stand at places that are, and that shipments say of
// their devices what these say themselves.
func (v *verification) relations() findings {
	return func(yield func(table.Finding, error) bool) {
		kinds, err := v.kinds()
		if err != nil {
			yield(table.Finding{}, err)
			return
		}
		if v.tree(kinds, yield) && v.plan(kinds, yield) {
			v.lines(kinds, yield)
		}
	}
}

// kinds are those of all places.
func (v *verification) kinds() (map[fleet.Path]fleet.PlaceKind, error) {
	kinds := map[fleet.Path]fleet.PlaceKind{}
	for p, err := range places.All(v.r) {
		if err != nil {
			return nil, err
		}
		kinds[p.Path] = p.Kind
	}
	return kinds, nil
}

// tree checks what each place lies in.
func (v *verification) tree(kinds map[fleet.Path]fleet.PlaceKind, yield func(table.Finding, error) bool) bool {
	for p, err := range places.All(v.r) {
		if err != nil {
			yield(table.Finding{}, err)
			return false
		}
		if what := misplaced(&p, kinds); what != "" && !yield(finding(places.Name, uint64(p.ID()), "lies in the wrong place", what), nil) {
			return false
		}
	}
	return true
}

// misplaced says why the place may not be where it is; empty when it may.
func misplaced(p *fleet.Place, kinds map[fleet.Path]fleet.PlaceKind) string {
	above := p.Path.Parent()
	in, known := kinds[above]
	switch {
	case p.Kind == fleet.Country && above == "":
	case !known:
		return fmt.Sprintf("the place above %s is not there", p.Code)
	case !p.Kind.Below(in):
		return fmt.Sprintf("%s, a %s, lies in a %s", p.Code, p.Kind, in)
	}
	return ""
}

// plan checks that each target, and each count, is of a place that is.
func (v *verification) plan(kinds map[fleet.Path]fleet.PlaceKind, yield func(table.Finding, error) bool) bool {
	for t, err := range targets.All(v.r) {
		if err != nil {
			yield(table.Finding{}, err)
			return false
		}
		if kinds[t.Place] == 0 && !yield(finding(targets.Name, uint64(t.ID), "is for nothing", "the target is for a place that is not there"), nil) {
			return false
		}
	}
	for s, err := range stockTakes.All(v.r) {
		if err != nil {
			yield(table.Finding{}, err)
			return false
		}
		if kinds[s.Place] == 0 && !yield(finding(stockTakes.Name, uint64(s.ID), "is of nothing", "the count is of a place that is not there"), nil) {
			return false
		}
	}
	return true
}

// lines checks where devices are, and that each shipment counts its own.
func (v *verification) lines(kinds map[fleet.Path]fleet.PlaceKind, yield func(table.Finding, error) bool) {
	lines := map[fleet.ShipmentID]arrivals{}
	known := map[fleet.ModelID]bool{0: true}
	for m, err := range models.All(v.r) {
		if err != nil {
			yield(table.Finding{}, err)
			return
		}
		known[m.ID] = true
	}
	for d, err := range devices.All(v.r) {
		if err != nil {
			yield(table.Finding{}, err)
			return
		}
		if !known[d.Model] && !yield(finding(devices.Name, uint64(d.ID), "is of no model", fmt.Sprintf("device %s is of a model that is not there", d.Serial)), nil) {
			return
		}
		came := lines[d.Shipment]
		came.add(d.Arrival, 1)
		lines[d.Shipment] = came
		if kinds[d.Place] == 0 && !yield(finding(devices.Name, uint64(d.ID), "is nowhere", fmt.Sprintf("device %s is at a place that is not there", d.Serial)), nil) {
			return
		}
	}
	for s, err := range shipments.All(v.r) {
		if err != nil {
			yield(table.Finding{}, err)
			return
		}
		says, has := arrivalsOf(&s), lines[s.ID]
		if has != says && !yield(finding(shipments.Name, uint64(s.ID), "counts its devices wrongly", fmt.Sprintf("shipment %s says %s, and its devices are %s", s.Number, says, has)), nil) {
			return
		}
	}
}

// arrivals are the numbers of a shipment that its devices add up to.
type arrivals struct{ lines, received, damaged, over, short uint32 }

func arrivalsOf(s *fleet.Shipment) arrivals {
	return arrivals{s.Lines, s.Received, s.Damaged, s.Over, s.Short}
}

// add counts n devices by how they came in.
func (a *arrivals) add(how fleet.Arrival, n uint32) {
	if how == fleet.Over {
		a.over += n
		return
	}
	a.lines += n
	switch how {
	case fleet.AsListed:
		a.received += n
	case fleet.DamagedOnArrival:
		a.received += n
		a.damaged += n
	case fleet.Short:
		a.short += n
	}
}

func (a arrivals) String() string {
	return fmt.Sprintf("%d listed, %d received, %d damaged, %d over, %d short", a.lines, a.received, a.damaged, a.over, a.short)
}
