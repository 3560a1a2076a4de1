package workbook

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"46203": "2026-06-30", "46203.75": "2026-06-30", "36526": "2000-01-01",
		"2026-06-30": "2026-06-30", "2026/6/30": "2026-06-30", "2026-06-30T00:00:00Z": "2026-06-30", "2026-06-30 14:00": "2026-06-30", "20260630": "2026-06-30",
		"30/06/2026": "2026-06-30", "30-6-2026": "2026-06-30", "30.06.26": "2026-06-30", "3/4/2026": "2026-04-03", "30 / 06 / 2026": "2026-06-30",
		"30-Jun-2026": "2026-06-30", "30 June 2026": "2026-06-30", "30-Jun-26": "2026-06-30", "June 30, 2026": "2026-06-30", "2026-Jun-30": "2026-06-30", "1 Sept 2026": "2026-09-01",
		"۳۰/۰۶/۲۰۲۶": "2026-06-30", "٣٠-٠٦-٢٠٢٦": "2026-06-30", "30 جون 2026": "2026-06-30", "29/02/2028": "2028-02-29",

		"31/02/2026": "date.impossible", "29/02/2027": "date.impossible", "32/13/2026": "date.impossible", "00/00/2026": "date.impossible", "31-Jun-2026": "date.impossible",
		"1/23/23": "2023-01-23", "12/31/2026": "2026-12-31",
		"2026": "date.year", "1": "date.invalid", "30/06/1926": "date.year", "30/06/226": "date.year", "99999": "date.year",
		"soon": "date.invalid", "30/06": "date.invalid", "30-Juin-2026": "date.invalid", "-5": "date.invalid", "1e5": "date.invalid",
	} {
		var d dateReader
		got, err := d.read(text, dayFirst)
		if s := codeOr(err, got.String()); s != want {
			t.Errorf("%q: got %s (%v), want %s", text, s, err, want)
		}
	}
}

// codeOr is an error's code, or the value when there is no error.
func codeOr(err error, value string) string {
	var e *fleet.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return value
}

func TestDatesOfOldMacs(t *testing.T) {
	d := dateReader{date1904: true}
	if got, err := d.read("44741", anyOrder); err != nil || got.String() != "2026-06-30" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestOnlyDoubtfulDatesAreAmbiguous(t *testing.T) {
	for text, want := range map[string]bool{"03/04/2026": true, "04/04/2026": false, "30/04/2026": false, "2026-04-03": false, "3-Apr-2026": false, "46203": false, "04/30/2026": false} {
		var d dateReader
		if _, err := d.read(text, anyOrder); errors.Is(err, errOrder) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	var d dateReader
	first, _ := d.read("03/04/2026", dayFirst)
	second, _ := d.read("03/04/2026", monthFirst)
	if first.String() != "2026-04-03" || second.String() != "2026-03-04" {
		t.Errorf("%s, %s", first, second)
	}
}

func TestNumbersOfCodes(t *testing.T) {
	for text, want := range map[string]string{
		"37330250": "37330250", "37330250.0": "37330250", "37330250.00": "37330250", "3.7330233E7": "37330233", "3.73302E7": "37330200", "1.0E3": "1000",
		"1.23E+11": "1.23E+11", "1.5": "1.5", "1.25E1": "1.25E1", "1.234567890123456E15": "1.234567890123456E15", "BEF001": "BEF001", "12.0A": "12.0A", "": "", ".0": ".0",
	} {
		if got := wholeDigits(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestCountsAndDegrees(t *testing.T) {
	for text, want := range map[string]string{"118": "118", "118.0": "118", "1,180": "1180", "۱۱۸": "118", "1.18E2": "118", "-1": "number.invalid", "11.8": "number.invalid", "many": "number.invalid", "1,18": "number.invalid"} {
		got, err := parseCount(text)
		if s := codeOr(err, strconv.Itoa(int(got))); s != want {
			t.Errorf("%q: got %s, want %s", text, s, want)
		}
	}
	for text, want := range map[string]float64{"30.17": 30.17, "30.17°": 30.17, "30.17 N": 30.17, "۳۰٫۱۷": 30.17, "66.9 E": 66.9} {
		if got, err := parseDegrees(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "north", "1e9", "0x10", "Inf", "NaN"} {
		if got, err := parseDegrees(text); err == nil {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		words words
		texts string
		want  string
	}{
		{genders, "Boys|BOYS|male|لڑکے|مردانہ", "boys"},
		{genders, "Girls|Female|زنانہ", "girls"},
		{genders, "Mixed|Co-Education|co_education|Co-Ed|مخلوط", "mixed"},
		{levels, "Primary|Mosque|پرائمری", "primary"},
		{levels, "Middle|Elementary|مڈل", "middle"},
		{levels, "HIGH|Secondary|ہائی", "high"},
		{levels, "Higher Secondary|Higher-Secondary|Model College", "higher_secondary"},
		{answers, "Yes|Y|1|ہاں|TRUE", "yes"},
		{answers, "No|N|0|نہیں|not available", "no"},
	} {
		d := c.words.dictionary()
		for _, text := range strings.Split(c.texts, "|") {
			if got, ok := d.find(text); !ok || got != c.want {
				t.Errorf("%q: got %q, want %q", text, got, c.want)
			}
		}
	}
	if got, ok := genders.dictionary().find("perhaps"); ok {
		t.Errorf("perhaps is %q", got)
	}
}

func TestLevelsByClasses(t *testing.T) {
	for text, want := range map[string]string{
		"I-V": "primary", "1-5": "primary", "I to V": "primary", "VI-VIII": "middle", "I – VIII": "middle", "VI-X": "high", "IX-X": "high", "۱-۵": "primary",
		"VI-XII": "higher_secondary", "XI-XIV": "higher_secondary", "V": "", "I-Z": "", "I-0": "", "Co-Ed": "", "1-99": "",
	} {
		if got, _ := levelOfClasses(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestCellsAreCleaned(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "": "", "  x  ": "x", "GPS \u00A0SHABAN": "GPS SHABAN", "\u200Bx\uFEFF": "x", "a\u00ADb": "ab", "a\nb": "a b", "a  b": "a b",
		"\u202Eevil\u202C": "evil", "می\u200Cروم": "می\u200Cروم", "\u200Cx\u200D": "x", " \u200B ": "",
	} {
		if got, ok := clean(text); !ok || got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"a\x00b", "a\x1bb", "a\x7fb", "a\ufffdb", "a\u0085\u0086"} {
		if got, ok := clean(text); ok {
			t.Errorf("%q passes as %q", text, got)
		}
	}
}

func TestProblemsName(t *testing.T) {
	p := Problem{Sheet: "Sheet1", Row: 17, Column: "B", Message: "x"}
	for _, c := range []struct {
		sheet, column, want string
	}{
		{"Sheet1", "B", "Sheet1!B17: x"}, {"Sheet1", "", "Sheet1!17: x"}, {"LIST OF SCHOOLS", "AA", "'LIST OF SCHOOLS'!AA17: x"}, {"It's", "A", "'It''s'!A17: x"}, {"فہرست", "A", "فہرست!A17: x"},
	} {
		p.Sheet, p.Column = c.sheet, c.column
		if got := p.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
