package workbook

import (
	"strconv"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// The years in which a date of the register can lie.
const (
	firstYear = 2000
	lastYear  = 2099
)

// The days from which spreadsheets count: the 30th of December 1899, because
// Excel holds 1900 for a leap year, or the 1st of January 1904.
const (
	epoch1900 = -25569
	epoch1904 = -24107
)

// dateReader reads the dates of one workbook.
type dateReader struct{ date1904 bool }

// dateOrder is whether the day or the month comes first in written dates.
type dateOrder uint8

const (
	anyOrder dateOrder = iota // it is not known
	dayFirst
	monthFirst
)

// codeAmbiguous is the problem of a date of which nobody can tell the order.
const codeAmbiguous = "date.ambiguous"

// errOrder says that a date can be read in either order.
var errOrder = fleet.Invalidf(codeAmbiguous, "the day or the month could come first")

// read understands what spreadsheets hold as dates and what people write. A date
// that the order makes two different days of is [errOrder] unless it is known.
func (d *dateReader) read(s string, o dateOrder) (fleet.Date, error) {
	s = latinDigits(s)
	if day, ok := d.serial(s); ok {
		return checkYear(s, day)
	}
	parts, ok := splitDate(s)
	if !ok {
		return 0, badDate(s)
	}
	return assemble(s, parts, o)
}

func badDate(s string) error {
	return fleet.Invalidf("date.invalid", "%q is not a date: write it as 30/06/2026 (day first) or 2026-06-30", s)
}

// serial reads a number as a spreadsheet's count of days; the time of day, if
// any, is left out. Eight digits such as 20260630 are no count.
func (d *dateReader) serial(s string) (fleet.Date, bool) {
	if len(s) < 4 || strings.Trim(s, "0123456789.") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n > 200_000 {
		return 0, false
	}
	if d.date1904 {
		return fleet.Date(int(n) + epoch1904), true
	}
	return fleet.Date(int(n) + epoch1900), true
}

func checkYear(s string, day fleet.Date) (fleet.Date, error) {
	if y := day.Time().Year(); y < firstYear || y > lastYear {
		return 0, fleet.Invalidf("date.year", "%q is not a date between %d and %d", s, firstYear, lastYear)
	}
	return day, nil
}

// splitDate cuts a written date into its three parts and drops the time of day.
func splitDate(s string) ([3]string, bool) {
	var parts [3]string
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		return [3]string{s[:4], s[4:6], s[6:]}, true
	}
	n := 0
	for rest := strings.TrimLeft(s, dateSeparators); rest != "" && n < 3; n++ {
		end := strings.IndexAny(rest, dateSeparators)
		if n == 2 {
			end = timeBegins(rest)
		}
		if end < 0 {
			end = len(rest)
		}
		parts[n] = rest[:end]
		rest = strings.TrimLeft(rest[end:], dateSeparators)
	}
	return parts, n == 3 && parts[2] != ""
}

const dateSeparators = " -/.,،"

// timeBegins is where behind a date's last part the time of day begins.
func timeBegins(s string) int {
	return strings.IndexAny(s, " T,،")
}

// assemble puts the parts in order.
func assemble(s string, parts [3]string, o dateOrder) (fleet.Date, error) {
	var n [3]int
	month := -1 // which part names the month in letters
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if err != nil {
			if v = monthByName(part); v == 0 || month >= 0 {
				return 0, badDate(s)
			}
			month = i
		}
		n[i] = v
	}
	year, mon, day := n[2], n[1], n[0]
	switch {
	case month == 0: // June 30, 2026
		mon, day = n[0], n[1]
	case len(parts[0]) == 4: // 2026-06-30
		year, day = n[0], n[2]
	case month < 0 && orderOf(day, mon) == monthFirst:
		mon, day = day, mon
	case month < 0 && orderOf(day, mon) == anyOrder && day != mon:
		if o == anyOrder {
			return 0, ambiguous(s, fullYear(parts[2], year), n[0], n[1])
		}
		if o == monthFirst {
			mon, day = day, mon
		}
	}
	if month == 0 || len(parts[0]) != 4 {
		year = fullYear(parts[2], year)
	}
	date := fleet.NewDate(year, time.Month(mon), day)
	if t := date.Time(); mon < 1 || mon > 12 || t.Day() != day || t.Year() != year {
		return 0, fleet.Invalidf("date.impossible", "%q is not a date: there is no such day", s)
	}
	return checkYear(s, date)
}

// orderOf is the order that the first two numbers of a date can only be in.
func orderOf(first, second int) dateOrder {
	switch {
	case first > 12 && second <= 12:
		return dayFirst
	case second > 12 && first <= 12:
		return monthFirst
	}
	return anyOrder
}

// ambiguous is [errOrder] with the two days that a date could be.
func ambiguous(s string, year, first, second int) error {
	if first == 0 || second == 0 || first > 12 {
		return fleet.Invalidf("date.impossible", "%q is not a date: there is no such day", s)
	}
	day := func(m, d int) string { return spelled(fleet.NewDate(year, time.Month(m), d)) }
	return fleet.Invalidf(codeAmbiguous, "%q can be %s or %s, and no date of the column tells which: say whether the day or the month comes first", s, day(second, first), day(first, second))
}

// spelled is a date as nobody can misread it.
func spelled(d fleet.Date) string { return d.Time().Format("2 January 2006") }

// evidence is the order that a written date shows, if it shows any.
func evidence(cell string) dateOrder {
	parts, ok := splitDate(latinDigits(shown(cell)))
	if !ok || len(parts[0]) == 4 {
		return anyOrder
	}
	first, err := strconv.Atoi(parts[0])
	second, err2 := strconv.Atoi(parts[1])
	if err != nil || err2 != nil || first < 1 || second < 1 || max(first, second) > 31 {
		return anyOrder
	}
	return orderOf(first, second)
}

func fullYear(text string, n int) int {
	if len(text) <= 2 {
		return 2000 + n
	}
	return n
}

// months are their names in English, of which three letters are enough, and Urdu.
var months = [12][2]string{
	{"january", "جنوری"},
	{"february", "فروری"},
	{"march", "مارچ"},
	{"april", "اپریل"},
	{"may", "مئی"},
	{"june", "جون"},
	{"july", "جولائی"},
	{"august", "اگست"},
	{"september", "ستمبر"},
	{"october", "اکتوبر"},
	{"november", "نومبر"},
	{"december", "دسمبر"},
}

func monthByName(s string) int {
	s = strings.ToLower(s)
	for i, names := range months {
		if s == names[1] || len(s) >= 3 && strings.HasPrefix(names[0], s) {
			return i + 1
		}
	}
	return 0
}
