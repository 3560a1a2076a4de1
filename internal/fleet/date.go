package fleet

import (
	"strings"
	"time"
)

// PKT is Pakistan's time: five hours ahead of UTC all the year. A day of the
// register is a day there.
var PKT = time.FixedZone("PKT", aheadOfUTC)

const (
	aheadOfUTC    = 5 * 60 * 60
	secondsPerDay = 24 * 60 * 60
)

// Date is a calendar day, counted from 1970-01-01; zero means none is known.
type Date int32

// The years that a date of the register can lie in. Others are slips of the hand.
const (
	firstYear = 1990
	lastYear  = 2100
)

// NewDate is the date of y-m-d; days and months beyond their range roll over.
func NewDate(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// DateOf is the day on which t falls in Pakistan.
func DateOf(t time.Time) Date {
	y, m, d := t.In(PKT).Date()
	return NewDate(y, m, d)
}

// ParseDate reads a date as 2026-06-30.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	if err != nil {
		return 0, Invalidf("date.invalid", "%s is not a date: write it as 2026-06-30", quoted(s))
	}
	if y := t.Year(); y < firstYear || y > lastYear {
		return 0, Invalidf("date.year", "%s cannot be right: the year must lie between %d and %d", quoted(s), firstYear, lastYear)
	}
	return NewDate(t.Date()), nil
}

// Time is the beginning of the day, as UTC, for writing it as a calendar date.
func (d Date) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Start is the moment at which the day begins in Pakistan.
func (d Date) Start() time.Time { return d.Time().Add(-aheadOfUTC * time.Second) }

// String is the date as 2026-06-30, or empty when there is none.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalText writes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = 0
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}
