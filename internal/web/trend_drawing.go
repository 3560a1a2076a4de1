package web

import (
	"slices"
	"strconv"
)

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
	top := topOf(t.totals())
	var all []column
	sum := int64(0)
	for g := range groups {
		from, to := sum*trendHeight/top, (sum+t.inGroup(month, g))*trendHeight/top
		from, to = min(from, trendHeight), min(to, trendHeight)
		sum += t.inGroup(month, g)
		if to > from {
			all = append(all, drawColumn(groups[g].name, month, trendHeight-to, to-from))
		}
	}
	return append(all, broken(month, sum, top)...)
}

// faultColumns are how many faults were open at the end of a month.
func (t trend) faultColumns(month int) []column {
	n, top := t.faults[month].Open, topOf(t.openFaults())
	long := min(n*trendHeight/top, trendHeight)
	return append([]column{drawColumn("fault", month, trendHeight-long, long)}, broken(month, n, top)...)
}

// broken is the gap in a column that goes beyond the top.
func broken(month int, n, top int64) []column {
	if n <= top {
		return nil
	}
	return []column{drawColumn("gap", month, trendHeight/12, trendHeight/40)}
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

// totals are the devices of each month.
func (t trend) totals() (all []int64) {
	for _, c := range t.devices {
		all = append(all, c.Total())
	}
	return all
}

// openFaults are the faults open at the end of each month.
func (t trend) openFaults() (all []int64) {
	for _, p := range t.faults {
		all = append(all, p.Open)
	}
	return all
}

// outstanding is how many times the rest a month has to be to go beyond the top.
const outstanding = 3

// topOf is what the top of a drawing stands for: the highest month, unless that is
// past and stands out so far that the others could not be read. A store is full in
// the month in which everything arrives, and nearly empty ever after. Then the top
// fits all months but the highest quarter.
func topOf(months []int64) int64 {
	sorted := slices.Sorted(slices.Values(months))
	highest := sorted[len(sorted)-1]
	if len(sorted) > 2 {
		rest := sorted[len(sorted)-1-max(1, len(sorted)/4)]
		past := months[len(months)-1] < highest
		if past && rest > 0 && highest > outstanding*rest {
			return ceiling(rest)
		}
	}
	return ceiling(highest)
}

// beyond are the months that go beyond the top.
func beyond(months []int64) (list []int) {
	top := topOf(months)
	for i, n := range months {
		if n > top {
			list = append(list, i)
		}
	}
	return list
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
