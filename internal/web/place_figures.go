package web

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// figures are the numbers of a place at the end of a day.
type figures struct {
	place      fleet.Place
	asOf       fleet.Date
	now        bool // the day is today, so that every number has its rows
	byStatus   registry.StatusCounts
	total      int64
	faulty     int64
	beyond     int64 // beyond repair
	openFaults int64
	delivered  int64
	targets    []fleet.Target // as they are now
}

func (v *visit) figures(place fleet.Place, asOf fleet.Date) (figures, error) {
	f := figures{place: place, asOf: asOf, now: asOf == fleet.DateOf(v.now)}
	counts, err := v.session.Counts(v.ctx, registry.CountQuery{
		Place: place.Code, AsOf: asOf, By: []registry.Dimension{registry.ByStatus, registry.ByCondition},
	})
	if err != nil {
		return f, err
	}
	for _, row := range counts.Rows {
		f.byStatus[row.Status] += row.Count
		switch row.Condition {
		case fleet.Faulty:
			f.faulty += row.Count
		case fleet.BeyondRepair:
			f.beyond += row.Count
		}
	}
	f.total, f.delivered, f.targets = counts.Total, counts.Delivered, counts.Targets
	faults, err := v.session.FaultTrend(v.ctx, place.Code, []fleet.Date{asOf})
	if err == nil && len(faults) > 0 {
		f.openFaults = faults[0].Open
	}
	return f, err
}

func (f figures) at(s fleet.Status) int64 { return f.byStatus[s] }

// devices is the address of the devices behind a number, or empty for numbers
// of a day that has passed.
func (f figures) devices(s fleet.Status) string {
	return devicesBehind(f.now, f.place.Code, s)
}

func devicesBehind(now bool, place fleet.PlaceCode, s fleet.Status) string {
	if !now {
		return ""
	}
	status := ""
	if s != 0 {
		status = s.String()
	}
	return address("/devices", "place", string(place), "status", status)
}

// shares are the statuses that there are devices of.
func (f figures) shares(v *view) []share {
	var all []share
	for _, s := range fleet.Statuses() {
		if n := f.byStatus[s]; n > 0 {
			all = append(all, share{name: s.String(), label: v.word("status", s.String()), count: n, address: f.devices(s)})
		}
	}
	return all
}

func (f figures) inCondition(c fleet.Condition) string {
	if !f.now {
		return ""
	}
	return address("/devices", "place", string(f.place.Code), "condition", c.String())
}

func (f figures) faults() string {
	if !f.now {
		return ""
	}
	return address("/faults", "place", string(f.place.Code))
}
