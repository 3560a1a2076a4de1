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

// The drawing's own units. It is stretched to the page, so it holds no text.
const (
	trendHeight = 1000
	columnWidth = 20
	columnGap   = 4
)

// column is one rectangle of the drawing.
type column struct{ name, x, y, width, height string }

// deviceColumns are the columns of a month, one on top of the other.
func (t trend) deviceColumns(month int) []column {
	top := ceiling(t.mostDevices())
	var all []column
	sum := int64(0)
	for g := range groups {
		from, to := sum*trendHeight/top, (sum+t.inGroup(month, g))*trendHeight/top
		sum += t.inGroup(month, g)
		if to > from {
			all = append(all, drawColumn(groups[g].name, month, trendHeight-to, to-from))
		}
	}
	return all
}

// faultColumn is how many faults were open at the end of a month.
func (t trend) faultColumn(month int) column {
	long := t.faults[month].Open * trendHeight / ceiling(t.mostFaults())
	return drawColumn("fault", month, trendHeight-long, long)
}

func drawColumn(name string, month int, y, height int64) column {
	return column{
		name: name, x: strconv.Itoa(month*columnWidth + columnGap/2), width: strconv.Itoa(columnWidth - columnGap),
		y: strconv.FormatInt(y, 10), height: strconv.FormatInt(height, 10),
	}
}

func (t trend) viewBox() string {
	return "0 0 " + strconv.Itoa(len(t.days)*columnWidth) + " " + strconv.Itoa(trendHeight)
}

func (t trend) mostDevices() (most int64) {
	for _, c := range t.devices {
		most = max(most, c.Total())
	}
	return most
}

func (t trend) mostFaults() (most int64) {
	for _, p := range t.faults {
		most = max(most, p.Open)
	}
	return most
}

// ceiling is the first round number from n on: what the top of a drawing stands for.
func ceiling(n int64) int64 {
	if n <= 10 {
		return max(n, 1)
	}
	for scale := int64(1); ; scale *= 10 {
		for _, step := range [...]int64{10, 12, 15, 20, 25, 30, 40, 50, 60, 80} {
			if step*scale >= n {
				return step * scale
			}
		}
	}
}

// monthName is the month of a point, as Jun 2026.
func (v view) monthName(d fleet.Date) string {
	day := d.Time()
	return v.say("time.month", "month", v.month(day.Month()), "year", strconv.Itoa(day.Year()))
}
