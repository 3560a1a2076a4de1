package sheet_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

func TestNumberFormatsTellDates(t *testing.T) {
	for code, want := range map[string]sheet.Format{
		"General": sheet.General, "0.00": sheet.General, "@": sheet.General, `#,##0.00;[Red]-#,##0.00`: sheet.General,
		`"dd"0`: sheet.General, `\d0`: sheet.General, "0.00E+00": sheet.General, `_-* #,##0\ "DM"_-`: sheet.General, `[$Rs-420] #,##0`: sheet.General,
		"[Blue]0": sheet.General, "[>100]0": sheet.General, "General;General;@": sheet.General, "": sheet.General, `"`: sheet.General, "[": sheet.General, `\`: sheet.General,
		"dd/mm/yyyy": sheet.Day, "d-mmm-yy": sheet.Day, "[$-F800]dddd, mmmm dd, yyyy;@": sheet.Day, "mmm": sheet.Day, "yyyy": sheet.Day, `[$-409]d\-mmm\-yy;@`: sheet.Day,
		"[ENG][$-409]DD/MM/YYYY": sheet.Day, "ggge": sheet.Day, "bbbb": sheet.Day, `dd" of "mmmm`: sheet.Day,
		"h:mm": sheet.Clock, "hh:mm AM/PM": sheet.Clock, "mm:ss.0": sheet.Clock, "h:mm a/p": sheet.Clock,
		"dd/mm/yyyy hh:mm": sheet.DayClock, "yyyy-mm-ddThh:mm:ss": sheet.DayClock,
		"[h]:mm": sheet.Duration, "[mm]:ss": sheet.Duration, "[ss]": sheet.Duration,
	} {
		if got := formatBy(t, fmt.Sprintf(`<numFmts><numFmt numFmtId="164" formatCode="%s"/></numFmts>`, escapeAttr.Replace(code)), 164); got != want {
			t.Errorf("%q: %v, want %v", code, got, want)
		}
	}
	for id, want := range map[int]sheet.Format{
		0: sheet.General, 1: sheet.General, 4: sheet.General, 13: sheet.General, 14: sheet.Day, 17: sheet.Day, 18: sheet.Clock, 22: sheet.DayClock,
		23: sheet.General, 30: sheet.Day, 37: sheet.General, 45: sheet.Clock, 46: sheet.Duration, 47: sheet.Clock, 49: sheet.General, 57: sheet.Day, 77: sheet.DayClock, 170: sheet.General,
	} {
		if got := formatBy(t, "", id); got != want {
			t.Errorf("format %d: %v, want %v", id, got, want)
		}
	}
}

// formatBy is the format of a number whose style names the number format id.
// Styles that cells cannot name stand before and behind.
func formatBy(t *testing.T, formats string, id int) (got sheet.Format) {
	t.Helper()
	styles := fmt.Sprintf(`<styleSheet>%s<cellStyleXfs><xf numFmtId="14"/><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="%d"><alignment/></xf></cellXfs><cellStyles><cellStyle/></cellStyles></styleSheet>`, formats, id)
	book, err := open(bookOf(inSheet(`<row r="1"><c r="A1" s="1"><v>46000.5</v></c><c r="B1" s="0"><v>2</v></c></row>`), "xl/styles.xml", styles).zipped(t), sheet.Limits{})
	check(t, err)
	for row, err := range book.Rows(0) {
		check(t, err)
		if row.Cells[1].Format != sheet.General {
			t.Error("the first style is General")
		}
		got = row.Cells[0].Format
		if row.Cells[0].IsDate() != (got == sheet.Day || got == sheet.DayClock) {
			t.Errorf("IsDate with %v", got)
		}
	}
	return got
}

func TestSerialsBecomeMoments(t *testing.T) {
	for _, c := range []struct {
		serial   float64
		date1904 bool
		want     string
	}{
		{0, false, "1899-12-31T00:00:00Z"},
		{1, false, "1900-01-01T00:00:00Z"},
		{59, false, "1900-02-28T00:00:00Z"},
		{60, false, "none"},
		{60.5, false, "none"},
		{61, false, "1900-03-01T00:00:00Z"},
		{46203, false, "2026-06-30T00:00:00Z"},
		{46203.34375, false, "2026-06-30T08:15:00Z"},
		{46203.999999999, false, "2026-07-01T00:00:00Z"},
		{2958465, false, "9999-12-31T00:00:00Z"},
		{2958466, false, "none"},
		{-1, false, "none"},
		{math.NaN(), false, "none"},
		{math.Inf(1), false, "none"},
		{0, true, "1904-01-01T00:00:00Z"},
		{60, true, "1904-03-01T00:00:00Z"},
		{44741, true, "2026-06-30T00:00:00Z"},
	} {
		got := "none"
		if at, ok := sheet.FromSerial(c.serial, c.date1904); ok {
			got = at.Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%v, 1904 %t: %s, want %s", c.serial, c.date1904, got, c.want)
		}
	}
}

func TestMomentsAreThoseOfExcelize(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		serial := rapid.Float64Range(61, 2958465).Draw(r, "serial")
		date1904 := rapid.Bool().Draw(r, "1904")
		want, err := excelize.ExcelDateToTime(serial, date1904)
		check(t, err)
		got, ok := sheet.FromSerial(serial, date1904)
		if d := got.Sub(want).Abs(); !ok || d > time.Second {
			r.Fatalf("%v, by excelize %v", got, want)
		}
	})
}

func TestCellsKnowTheirCalendar(t *testing.T) {
	const rows = `<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="d"><v>2026-06-30</v></c><c r="C1" t="d"><v>2026-06-30T08:15:00.5Z</v></c><c r="D1" t="str"><v>2026-06-30</v></c><c r="E1" t="d"><v>T08:15</v></c></row>`
	book, err := open(bookOf(inSheet(rows), "xl/workbook.xml", `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="List" r:id="r1"/></sheets></workbook>`).zipped(t), sheet.Limits{})
	check(t, err)
	for row, err := range book.Rows(0) {
		check(t, err)
		got := ""
		for _, c := range row.Cells {
			at, ok := c.Time()
			got += fmt.Sprint(at.Format("2006-01-02 15:04:05.0 "), ok, c.IsDate(), "; ")
		}
		if want := "1904-01-02 00:00:00.0 true false; 2026-06-30 00:00:00.0 true true; 2026-06-30 08:15:00.5 true true; 0001-01-01 00:00:00.0 false false; 0001-01-01 00:00:00.0 false true; "; got != want {
			t.Errorf("got %s", got)
		}
	}
}
