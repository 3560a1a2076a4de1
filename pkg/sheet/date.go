package sheet

import (
	"math"
	"strconv"
	"time"
)

// Time is the moment that the cell shows, in UTC: a date in ISO 8601, or a
// number as the workbook counts days, whatever its format. ok is false for what
// is neither, and for the 29th of February 1900, which Excel has and the
// calendar has not. A number below one is a time of day on day zero.
func (c Cell) Time() (t time.Time, ok bool) {
	switch c.Kind {
	case Date:
		return parseISO(string(c.Text))
	case Number:
		n, err := strconv.ParseFloat(string(c.Text), 64)
		if err != nil {
			return time.Time{}, false
		}
		return FromSerial(n, c.Date1904)
	}
	return time.Time{}, false
}

// lastSerial is the 31st of December 9999, the last day of Excel's calendar.
const lastSerial = 2958465

// FromSerial is the moment that a spreadsheet counts as n days, to the
// millisecond: from the start of 1904, or from that of 1900 as day one and with
// a 29th of February in 1900, which has no moment.
func FromSerial(n float64, date1904 bool) (t time.Time, ok bool) {
	if !(n >= 0 && n < lastSerial+1) {
		return time.Time{}, false
	}
	days := math.Floor(n)
	part := time.Duration(math.Round((n-days)*86_400_000)) * time.Millisecond
	day := int(days)
	zero := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		zero = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return time.Time{}, false
	case day < 60:
		day++
	}
	return zero.AddDate(0, 0, day).Add(part), true
}

// parseISO reads the forms of ISO 8601 that workbooks hold.
func parseISO(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", time.RFC3339Nano, "2006-01-02T15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
