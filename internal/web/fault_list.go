package web

import (
	"strconv"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// faultListPage is faults, and by what they were picked.
type faultListPage struct {
	filter form
	place  fleet.Place
	chosen []chosen
	rows   []faultRow
	next   string
}

// allFaults is the value of the filter "state" that lets closed ones pass, too.
const allFaults = "all"

func (v *visit) listFaults() (reply, error) {
	p := faultListPage{filter: filterOf(v.c.Request.URL.Query())}
	q, err := v.faultQuery(&p)
	if err != nil {
		return reply{}, err
	}
	found, next, err := v.session.Faults(v.ctx, q)
	if err != nil {
		return reply{}, err
	}
	if p.rows, err = v.faultRows(found); err != nil {
		return reply{}, err
	}
	if next != 0 {
		p.next = p.address("after", strconv.FormatUint(uint64(next), 10))
	}
	if p.filter.value("place") != "" {
		p.chosen = []chosen{{v.say("device.in_place", "place", p.place.Name), p.address("place", "")}}
	}
	return show(v.say("fault.list"), faultListBody(v.view, p)), nil
}

func (v *visit) faultQuery(p *faultListPage) (q registry.FaultQuery, err error) {
	q.Limit = listPage
	if p.place, err = v.placeAsked(p.filter.value("place")); err != nil {
		return q, err
	}
	q.Place = p.place.Path
	state := p.filter.value("state")
	q.Open = state == ""
	if state != allFaults {
		if q.State, err = optional(state, fleet.ParseFaultState); err != nil {
			return q, err
		}
	}
	if q.Category, err = optional(p.filter.value("category"), fleet.ParseFaultCategory); err != nil {
		return q, err
	}
	if after := p.filter.value("after"); after != "" {
		id, err := strconv.ParseUint(after, 10, 64)
		if err != nil {
			return q, fleet.Invalidf("list.after", "this page of the list cannot be found: begin the list again")
		}
		q.After = fleet.FaultID(id)
	}
	return q, nil
}

// address is that of the same list with one more value.
func (p *faultListPage) address(name, value string) string {
	query := []string{name, value}
	for _, f := range []string{"place", "state", "category"} {
		if f != name {
			query = append(query, f, p.filter.value(f))
		}
	}
	return address("/faults", query...)
}

// states are the values of the filter by state.
func (v *view) states() []choice {
	return append([]choice{{label: v.say("fault.open")}, {value: allFaults, label: v.say("fault.all")}},
		choices(v, "fault_state", fleet.FaultStates())...)
}

// export is the address of all the faults of the list as a file.
func (p *faultListPage) export(format string) string {
	open, state := "", p.filter.value("state")
	switch state {
	case "":
		open = "true"
	case allFaults:
		state = ""
	}
	return address("/api/v1/exports/faults", "format", format, "place", string(p.place.Code),
		"open", open, "state", state, "category", p.filter.value("category"))
}
