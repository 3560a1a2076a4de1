package fleet

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseSerial(t *testing.T) {
	for _, c := range []struct{ text, want, code string }{
		{"5CD3160ABC", "5CD3160ABC", ""},
		{"5cd3160abc", "5CD3160ABC", ""},
		{" 5CD 3160 ABC\t\r\n", "5CD3160ABC", ""},
		{"5CD\u00a03160ABC\u00a0", "5CD3160ABC", ""},             // no-break space
		{"\ufeff5CD\u200b3160\u200dABC\u2060", "5CD3160ABC", ""}, // zero-width
		{"\u202a5CD3160ABC\u202c", "5CD3160ABC", ""},             // marks of direction
		{"5CD\u00ad3160\u034fABC\ufe0f", "5CD3160ABC", ""},       // soft hyphen, joiner, variation
		{"5CD\u20033160\u3000ABC", "5CD3160ABC", ""},             // wide blanks
		{"5CD\x00316\x7f0ABC", "5CD3160ABC", ""},                 // control characters
		{"۵CD۳۱۶۰ABC", "5CD3160ABC", ""},                         // Urdu digits
		{"٥CD٣١٦٠ABC", "5CD3160ABC", ""},                         // Arabic digits
		{"123456789012", "123456789012", ""},
		{"NXHPX-SI.001/2_A", "NXHPX-SI.001/2_A", ""},
		{"A1B2", "A1B2", ""},
		{"az09AZ", "AZ09AZ", ""},
		{strings.Repeat("7", 40), strings.Repeat("7", 40), ""},

		{"", "", "serial.missing"},
		{" \u00a0\u200b", "", "serial.missing"},
		{"1.23E+11", "", "serial.scientific"},
		{"1.23e+11", "", "serial.scientific"},
		{"1,23E+11", "", "serial.scientific"},
		{"۱.۲۳E+۱۱", "", "serial.scientific"},
		{"5E+10", "", "serial.scientific"},
		{"A1B", "", "serial.length"},
		{strings.Repeat("7", 41), "", "serial.length"},
		{"E+11", "", "serial.characters"},
		{"1.23E+1X", "", "serial.characters"},
		{"X.23E+11", "", "serial.characters"},
		{"1.23E+", "", "serial.characters"},
		{"5CD3160ABÇ", "", "serial.characters"},
		{"5CD3160:BC", "", "serial.characters"},
		{"سیریل نمبر", "", "serial.characters"},
		{"=5CD3160", "", "serial.characters"},
		{"-----", "", "serial.empty"},
		{"n/a", "", "serial.length"},
	} {
		got, err := ParseSerial(c.text)
		if string(got) != c.want || codeOf(err) != c.code {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, got, codeOf(err), c.want, c.code)
		}
		if c.code != "" {
			refused(t, err, c.code, "serial")
		}
	}
}

func TestParseTag(t *testing.T) {
	for _, c := range []struct{ text, want, code string }{
		{"", "", ""},
		{" \u200b\u00a0 ", "", ""},
		{"moe-۰۰۱۲", "MOE-0012", ""},
		{"7", "7", ""},
		{strings.Repeat("7", 40), strings.Repeat("7", 40), ""},

		{"3.52E+07", "", "tag.scientific"},
		{"MOE#12", "", "tag.characters"},
		{strings.Repeat("7", 41), "", "tag.length"},
	} {
		got, err := ParseTag(c.text)
		if string(got) != c.want || codeOf(err) != c.code {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, got, codeOf(err), c.want, c.code)
		}
		if c.code != "" {
			refused(t, err, c.code, "asset_tag")
		}
	}
}

func TestSerialRefusalsShowWhatWasWritten(t *testing.T) {
	for text, want := range map[string]string{
		"1.23E+11":   `"1.23E+11" is not a serial: Excel turned it into a number. Format the column as Text and type or paste the serial again`,
		"5CD#\u200b": `"5CD#\u200b" is not a serial: only letters A–Z, digits and - . _ / are allowed`,
		"5\u00a0C":   `"5\u00a0C" is not a serial: it must have 4 to 40 characters`,
		"././.":      `"././." is not a serial: it has neither letters nor digits`,
		" \ufeff":    "the serial is missing",
	} {
		if _, err := ParseSerial(text); message(err) != want {
			t.Errorf("got %s\nwant %s", message(err), want)
		}
	}
}

// However a serial was written, what is kept reads back as itself.
func TestSerialsAreNormalisedOnce(t *testing.T) {
	alphabet := []rune("aZ09-._/E+۰٩ \u00a0\u200b\u202eçٹ")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 45, -1).Draw(t, "text")
		s, err := ParseSerial(text)
		if err != nil {
			return
		}
		if again, err := ParseSerial(string(s)); err != nil || again != s {
			t.Fatalf("%q was kept as %q, which reads as %q (%v)", text, s, again, err)
		}
		if tag, err := ParseTag(text); err != nil || string(tag) != string(s) {
			t.Fatalf("%q is the serial %q but the tag %q (%v)", text, s, tag, err)
		}
	})
}

func TestLatinDigit(t *testing.T) {
	for i, r := range []rune("۰۱۲۳۴۵۶۷۸۹") {
		if got := LatinDigit(r); got != '0'+rune(i) {
			t.Errorf("%c became %c", r, got)
		}
	}
	for i, r := range []rune("٠١٢٣٤٥٦٧٨٩") {
		if got := LatinDigit(r); got != '0'+rune(i) {
			t.Errorf("%c became %c", r, got)
		}
	}
	for _, r := range []rune{'۰' - 1, '۹' + 1, '٠' - 1, '٩' + 1, '7', 'ا'} {
		if got := LatinDigit(r); got != r {
			t.Errorf("%c became %c", r, got)
		}
	}
}
