package workbook

import (
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// monthLayouts are how a month without its day is written.
var monthLayouts = []string{"Jan-06", "Jan 2006", "January 2006", "Jan-2006", "January-2006", "2006-01", "01/2006"}

// monthFrom reads a date of which a file may only give the month: of Jun-20 or June
// 2030, its first day.
func (c *checker) monthFrom(id columnID) fleet.Date {
	if first, ok := monthOf(c.text(id)); ok {
		return fleet.DateOf(first)
	}
	return c.date(id)
}

// monthTo is the same for a day by which something is to be: of a month, its last.
func (c *checker) monthTo(id columnID) fleet.Date {
	if first, ok := monthOf(c.text(id)); ok {
		return fleet.DateOf(first.AddDate(0, 1, 0)) - 1
	}
	return c.date(id)
}

func monthOf(s string) (first time.Time, ok bool) {
	s = strings.TrimSpace(latinDigits(s))
	for _, layout := range monthLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return first, false
}
