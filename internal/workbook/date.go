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
type dateReader struct {
	date1904  bool
	ambiguous bool // a date was read day first that could be read month first
}

// read understands what spreadsheets hold as dates and what people write.
func (d *dateReader) read(s string) (fleet.Date, error) {
	s = latinDigits(s)
	if day, ok := d.serial(s); ok {
		return checkYear(s, day)
	}
	parts, ok := splitDate(s)
	if !ok {
		return 0, badDate(s)
	}
	return d.assemble(s, parts)
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

// assemble puts the parts in order. Where the day and the month could be either
// way round, the day comes first, as people write in Pakistan.
func (d *dateReader) assemble(s string, parts [3]string) (fleet.Date, error) {
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
	case month < 0 && mon > 12 && day <= 12:
		return 0, monthFirst(s, fullYear(parts[2], year), day, mon)
	case month < 0 && day <= 12 && day != mon:
		d.ambiguous = true
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

// monthFirst refuses a date that is only possible in the American order: the
// others in its column may then be in that order, too.
func monthFirst(s string, year, mon, day int) error {
	if date := fleet.NewDate(year, time.Month(mon), day); mon >= 1 && date.Time().Day() == day {
		return &suggestion{
			fleet.Invalidf("date.month_first", "%q has the month first, and dates are read day first: format the column as a date, or write %s", s, date),
			date.String(),
		}
	}
	return fleet.Invalidf("date.impossible", "%q is not a date: there is no such day", s)
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
