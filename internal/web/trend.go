package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// trendMonths is how far back a trend goes, the present month included.
const trendMonths = 18

// trend is how a place came to its numbers: one point a month.
type trend struct {
	days    []fleet.Date // the last of each month, and at the end the day asked for
	devices []registry.StatusCounts
	faults  []registry.FaultPoint
	before  int64 // faults reported up to the month before the first
}

func (v *visit) trend(place fleet.Place, asOf fleet.Date) (t trend, err error) {
	days := monthEnds(asOf, trendMonths+1)
	if t.devices, err = v.session.DeviceTrend(v.ctx, place.Code, days); err != nil {
		return t, err
	}
	if t.faults, err = v.session.FaultTrend(v.ctx, place.Code, days); err != nil {
		return t, err
	}
	t.days = days
	return t.begun(), nil
}

// monthEnds are the last days of the n-1 months before the day, and the day.
func monthEnds(day fleet.Date, n int) []fleet.Date {
	ends := []fleet.Date{day}
	y, m, _ := day.Time().Date()
	for back := range n - 1 {
		ends = append(ends, fleet.NewDate(y, m-time.Month(back), 0))
	}
	slices.Reverse(ends)
	return ends
}

// begun drops the months before the first device, and keeps of the month before
// the first shown one what is needed to tell what was new in it.
func (t trend) begun() trend {
	start := 1
	for start < len(t.days)-2 && t.devices[start].Total() == 0 {
		start++
	}
	t.before = t.faults[start-1].Reported
	t.days, t.devices, t.faults = t.days[start:], t.devices[start:], t.faults[start:]
	return t
}

// shown says whether there is anything to draw.
func (t trend) shown() bool { return len(t.days) > 1 && t.devices[len(t.days)-1].Total() > 0 }

// reported is how many faults were reported in a month.
func (t trend) reported(i int) int64 {
	if i == 0 {
		return t.faults[0].Reported - t.before
	}
	return t.faults[i].Reported - t.faults[i-1].Reported
}

// groups are the statuses as a trend shows them, from the bottom up: what is in
// use, what is on its way there, and what is not to be counted on.
var groups = []struct {
	name     string
	statuses []fleet.Status
}{
	{"issued", []fleet.Status{fleet.Issued}},
	{"at_school", []fleet.Status{fleet.AtSchool}},
	{"in_store", []fleet.Status{fleet.InStore}},
	{"in_transit", []fleet.Status{fleet.InTransit}},
	{"expected", []fleet.Status{fleet.Expected}},
	{"in_repair", []fleet.Status{fleet.InRepair}},
	{"gone", []fleet.Status{fleet.Lost, fleet.Stolen, fleet.Retired}},
}

// inGroup is the number of devices of a group in a month.
func (t trend) inGroup(month, group int) (n int64) {
	for _, s := range groups[group].statuses {
		n += t.devices[month][s]
	}
	return n
}

// present are the groups that have devices in any month.
func (t trend) present() (list []int) {
	for g := range groups {
		for month := range t.days {
			if t.inGroup(month, g) > 0 {
				list = append(list, g)
				break
			}
		}
	}
	return list
}

// monthName is the month of a point, as Jun 2026.
func (v *view) monthName(d fleet.Date) string {
	day := d.Time()
	return v.say("time.month", "month", v.month(day.Month()), "year", strconv.Itoa(day.Year()))
}
