package fleet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Rupees is an amount of Pakistani rupees, in paisa.
type Rupees int64

const (
	paisa = 100 // in a rupee

	// maxRupees is ten thousand million rupees, which nothing in the register costs.
	maxRupees Rupees = 1e10 * paisa
)

// String is the amount as 45000 or 45000.50.
func (r Rupees) String() string {
	if r%paisa == 0 {
		return strconv.FormatInt(int64(r/paisa), 10)
	}
	sign := ""
	if r < 0 {
		sign, r = "-", -r
	}
	return fmt.Sprintf("%s%d.%02d", sign, r/paisa, r%paisa)
}

// ParseRupees reads an amount as people write it: 45000, 45,000.50, "Rs. 1,25,000/-",
// PKR 45000, ۴۵۰۰۰ روپے. A price is never below zero.
func ParseRupees(text string) (Rupees, error) {
	number := withoutCurrency(squeeze(text))
	whole, fraction, hasPoint := strings.Cut(number, ".")
	amount, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", ""), 64)
	switch {
	case !grouped(whole) || hasPoint && !digits(fraction) || err != nil:
		return 0, Invalidf("rupees.invalid", "%s is not an amount of rupees: write it as 45000 or 45000.50", quoted(text)).In("price")
	case amount > float64(maxRupees/paisa):
		return 0, Invalidf("rupees.too_large", "%s is too large an amount", quoted(text)).In("price")
	}
	r := math.Round(amount * paisa)
	if math.Abs(amount*paisa-r) > 0.001 { // spreadsheets write 45000.5 as 45000.500000000001
		return 0, Invalidf("rupees.fraction", "%s has a part of a paisa: write it with two decimals", quoted(text)).In("price")
	}
	return Rupees(r), nil
}

// withoutCurrency drops what people put before and after an amount, and brings
// Urdu separators to the Latin ones. Its argument is squeezed.
func withoutCurrency(s string) string {
	s = strings.NewReplacer("٫", ".", "٬", ",", "،", ",").Replace(s)
	for _, before := range []string{"RS.", "RS", "PKR", "₨", "روپے"} {
		if rest, found := strings.CutPrefix(s, before); found {
			s = rest
			break
		}
	}
	for _, after := range []string{"/-", "/=", "RS.", "RS", "PKR", "RUPEES", "روپے"} {
		if rest, found := strings.CutSuffix(s, after); found {
			return rest
		}
	}
	return s
}

// grouped says whether s is digits, or digits in groups as 45,000 or 1,25,000.
// It keeps 45,50 from being read as 4550.
func grouped(s string) bool {
	groups := strings.Split(s, ",")
	for i, g := range groups {
		last := i == len(groups)-1
		switch {
		case !digits(g):
			return false
		case i > 0 && last && len(g) != 3, i > 0 && !last && len(g) != 2 && len(g) != 3:
			return false
		}
	}
	return true
}

// digits says whether s is one or more of 0-9.
func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
