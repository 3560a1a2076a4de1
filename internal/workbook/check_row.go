package workbook

import (
	"strings"
	"unicode/utf8"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// repeats says whether the row is the header once more, as printed lists have
// it on each page.
func (c *checker) repeats(r row) bool {
	same := 0
	for _, at := range c.head.at {
		if at < 0 || r.cell(at) == "" {
			continue
		}
		if len(r.cell(at)) > 100 || key(r.cell(at)) != c.texts[at] {
			return false
		}
		same++
	}
	return same > 1 || same == c.head.score
}

// total says whether the row sums up others: its first filled cell says so, and
// nothing in it is a serial or a code.
func (c *checker) total() bool {
	for _, cell := range c.row.cells {
		if cell = strings.TrimSpace(cell); cell != "" {
			return len(cell) < 40 && totals[key(cell)] && !c.identified()
		}
	}
	return false
}

var totals = map[string]bool{
	"total": true, "totals": true, "grandtotal": true, "subtotal": true, "sum": true, "totalschools": true, "totaldevices": true,
	"کل": true, "ٹوٹل": true, "میزان": true, "مجموعہ": true, "کلتعداد": true, "کلمیزان": true,
}

// identified says whether the row has a serial or a code that is no sum: with
// letters and digits, or of more digits than sums have.
func (c *checker) identified() bool {
	const longest = 8 // digits of a sum
	for _, id := range []columnID{colSerial, colEMIS, colCode} {
		if !c.head.has(id) {
			continue
		}
		s := strings.TrimSpace(c.row.cell(c.head.at[id]))
		_, err := fleet.ParseSerial(s)
		if err == nil && !strings.Contains(s, " ") && strings.ContainsAny(s, "0123456789") && (!digits(s) || len(s) >= longest) {
			return true
		}
	}
	return false
}

// heading says whether the text of the serial's column is a heading, such as
// "Carton 2": it stands alone in its row, and a word of it is a word.
func (c *checker) heading(text string) bool {
	if !strings.Contains(text, " ") {
		return false
	}
	for _, at := range c.head.at {
		if at >= 0 && at != c.head.at[colSerial] && strings.TrimSpace(c.row.cell(at)) != "" {
			return false
		}
	}
	for _, w := range strings.Fields(text) {
		if utf8.RuneCountInString(w) > 2 && !strings.ContainsAny(latinDigits(w), "0123456789") {
			return true
		}
	}
	return false
}

var (
	errNames   = fleet.Invalidf("row.names", "the row holds names of columns and nothing else: delete it")
	errHeading = fleet.Invalidf("row.heading", "this stands alone in its row and seems to be a heading: delete the row or, if it is a serial, write it without blanks")
)
