package fleet

import (
	"testing"

	"pgregory.net/rapid"
)

func TestRupeesString(t *testing.T) {
	for amount, want := range map[Rupees]string{
		0: "0", 45_000_00: "45000", 45_000_50: "45000.50", 5: "0.05", -50: "-0.50", -45_000_00: "-45000", -45_000_07: "-45000.07",
	} {
		if got := amount.String(); got != want {
			t.Errorf("%d paisa are written %s, want %s", int64(amount), got, want)
		}
	}
}

func TestParseRupees(t *testing.T) {
	for _, c := range []struct {
		text string
		want Rupees
		code string
	}{
		{"45000", 45_000_00, ""},
		{"0", 0, ""},
		{"45000.5", 45_000_50, ""},
		{"Rs. 45,000.50", 45_000_50, ""},
		{"Rs 45,000/-", 45_000_00, ""},
		{"rs.1,25,000/=", 125_000_00, ""},
		{"PKR\u00a045,000", 45_000_00, ""},
		{"45 000", 45_000_00, ""},
		{"45,000 PKR", 45_000_00, ""},
		{"45,000 Rs.", 45_000_00, ""},
		{"45000 Rs", 45_000_00, ""},
		{"45000 rupees", 45_000_00, ""},
		{"₨45000", 45_000_00, ""},
		{"روپے ۴۵۰۰۰", 45_000_00, ""},
		{"۴۵٬۰۰۰٫۵۰ روپے", 45_000_50, ""},
		{"۴۵،۰۰۰", 45_000_00, ""},
		{"1,250,000", 1_250_000_00, ""},
		{"1,23,45,678", 12_345_678_00, ""},
		{"45000.500000000001", 45_000_50, ""}, // what a spreadsheet keeps for 45000.5
		{"44999.999999999993", 45_000_00, ""},
		{"10000000000", maxRupees, ""},

		{"", 0, "rupees.invalid"},
		{"Rs.", 0, "rupees.invalid"},
		{"free", 0, "rupees.invalid"},
		{"-45000", 0, "rupees.invalid"},
		{"45000,50", 0, "rupees.invalid"}, // would be 4500050
		{"4,5000", 0, "rupees.invalid"},
		{"1,2345,678", 0, "rupees.invalid"},
		{"1,2,345", 0, "rupees.invalid"},
		{",000", 0, "rupees.invalid"},
		{"45,", 0, "rupees.invalid"},
		{"45000.", 0, "rupees.invalid"},
		{"45000.5,0", 0, "rupees.invalid"},
		{".50", 0, "rupees.invalid"},
		{"1.2.3", 0, "rupees.invalid"},
		{"4.5E+04", 0, "rupees.invalid"},
		{"0x10", 0, "rupees.invalid"},
		{"inf", 0, "rupees.invalid"},
		{"USD 450", 0, "rupees.invalid"},
		{"45000.505", 0, "rupees.fraction"},
		{"10000000000.01", 0, "rupees.too_large"},
		{"99999999999999999999", 0, "rupees.too_large"},
	} {
		got, err := ParseRupees(c.text)
		if got != c.want || codeOf(err) != c.code {
			t.Errorf("%q: %s, %q; want %s, %q", c.text, got, codeOf(err), c.want, c.code)
		}
		if c.code != "" {
			refused(t, err, c.code, "price")
		}
	}
}

func TestRupeesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rupees(rapid.Int64Range(0, int64(maxRupees)).Draw(t, "paisa"))
		if back, err := ParseRupees(r.String()); err != nil || back != r {
			t.Fatalf("%s reads back as %s (%v)", r, back, err)
		}
	})
}
