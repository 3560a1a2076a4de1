package workbook

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/registry"
)

// prune takes the shipments and the tehsils out of the plan that no row stands on any
// more, as those that named them are left out: what is left out leaves no trace.
func (m *planner) prune() {
	idle := map[string]bool{}
	for _, s := range m.steps {
		if made := founds(s); made != "" && len(m.bad) > 0 {
			idle[made] = true
		}
	}
	for _, s := range m.steps {
		if len(idle) == 0 {
			return
		}
		if s.effect != supports {
			delete(idle, standsOn(s.change))
		}
	}
	m.steps = slices.DeleteFunc(m.steps, func(s step) bool { return idle[founds(s)] })
}

// founds names the shipment or the tehsil that a step makes for the rows that stand on
// it; empty for any other step, and for what was asked for by no row.
func founds(s step) string {
	if s.effect != supports || s.row < 0 {
		return ""
	}
	switch c := s.change.(type) {
	case registry.AnnounceShipment:
		return "shipment " + c.Number
	case registry.SavePlace:
		return "place " + string(c.Place.Code)
	}
	return ""
}

// standsOn names what must be there for a change in the same way.
func standsOn(c registry.Change) string {
	switch c := unpacked(c).(type) {
	case registry.ExpectDevice:
		return "shipment " + c.Shipment
	case registry.SavePlace:
		return "place " + string(c.Parent)
	}
	return ""
}

// noteTehsils tells which tehsils the plan adds.
func (m *planner) noteTehsils(r *report) {
	var names []string
	for _, s := range m.steps {
		if c, is := s.change.(registry.SavePlace); is && s.effect == supports {
			names = append(names, c.Place.Name+" ("+m.gazetteer.byCode[upperCode(c.Parent)].Name+")")
		}
	}
	if len(names) > 0 {
		r.note("These tehsils are new and will be added: %s.", quoteAll(names, 20))
	}
}
