package workbook

import (
	"math"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// decimal says whether a number is written in digits; 4.5E4 is what programs
// write, and 0x10, Inf and 1_000 nobody means.
func decimal(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.+-eE") == ""
}

// dropThousands leaves out the commas that group digits: in threes, or in twos
// before the last three, as lakhs and crores are written.
func dropThousands(s string) string {
	whole, rest, dot := strings.Cut(s, ".")
	groups := strings.Split(whole, ",")
	last := len(groups) - 1
	for i, g := range groups {
		if i == last && i > 0 && len(g) != 3 || i > 0 && i < last && len(g) != 2 && len(g) != 3 {
			return s
		}
	}
	whole = strings.Join(groups, "")
	if dot {
		whole += "." + rest
	}
	return whole
}

// parseCount reads a whole number.
func parseCount(s string) (uint32, error) {
	n := dropThousands(latinDigits(s))
	v, err := strconv.ParseFloat(n, 64)
	if err != nil || !decimal(n) || v < 0 || v > 1e6 || v != math.Trunc(v) {
		return 0, fleet.Invalidf("number.invalid", "%q is not a whole number: write it in digits, such as 412", s)
	}
	return uint32(v), nil
}

// parseDegrees reads a coordinate.
func parseDegrees(s string) (float64, error) {
	n := strings.TrimRight(latinDigits(s), "°NEne ")
	v, err := strconv.ParseFloat(n, 64)
	if err != nil || !decimal(n) || math.Abs(v) > 180 {
		return 0, fleet.Invalidf("coordinates.invalid", "%q is not a coordinate: write it in degrees, as 30.1798", s)
	}
	return v, nil
}

// wholeDigits undoes what programs make of a code of digits that they hold as a
// number: 37330250.0, or 3.7330233E7 as Google writes it. Numbers of more than
// 15 digits are left alone: their last ones are lost. So is 1.23E+11, which is
// what Excel shows, not what it holds.
func wholeDigits(s string) string {
	whole, rest, dot := strings.Cut(s, ".")
	if !dot {
		return s
	}
	if digits(whole) && rest != "" && strings.Trim(rest, "0") == "" {
		return whole
	}
	if !javaNumber(s) {
		return s
	}
	fraction, exponent, _ := strings.Cut(rest, "E")
	e, _ := strconv.Atoi(exponent)
	fraction = strings.TrimRight(fraction, "0")
	if e > 14 || len(fraction) > e {
		return s
	}
	return whole + fraction + strings.Repeat("0", e-len(fraction))
}

// exactNumber refuses a number that cannot be a code, or whose last digits Excel may
// have lost. What it shows as 1.23E+11 has a message of its own elsewhere.
func exactNumber(s string) error {
	const (
		kept    = 15       // digits that Excel keeps of a number
		short   = 12       // digits from which Excel shows a number as 1.23E+11
		nothing = "000000" // what is left where that was saved as text and read back
		retype  = "format the column as Text and type or paste the value again"
	)
	switch {
	case strings.Contains(s, "E+"):
		return nil
	case !digits(s):
		return fleet.Invalidf("number.no_code", "the cell holds the number %s, which is no code: %s", s, retype)
	case len(s) > kept:
		return fleet.Invalidf("number.rounded", "the cell holds a number of %d digits, of which Excel keeps %d: %s", len(s), kept, retype)
	case len(s) >= short && strings.HasSuffix(s, nothing):
		return fleet.Invalidf("number.rounded", "the cell holds the number %s, whose last digits seem to be lost: %s", s, retype)
	}
	return nil
}

// javaNumber recognises a number such as 3.7330233E7, as Java programs, Google's
// among them, write one that they hold in full.
func javaNumber(s string) bool {
	whole, rest, dot := strings.Cut(s, ".")
	fraction, exponent, found := strings.Cut(rest, "E")
	return dot && found && len(whole) == 1 && digits(whole) && digits(fraction) && digits(exponent) && len(exponent) <= 2
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
