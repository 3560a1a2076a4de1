package sheet_test

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"

	"github.com/xuri/excelize/v2"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// value draws what a cell can hold, and how it should read.
func value(r *rapid.T) (v any, want string) {
	switch rapid.IntRange(0, 4).Draw(r, "kind") {
	case 0:
		return nil, ""
	case 1:
		n := rapid.Int64Range(-1<<53, 1<<53).Draw(r, "number")
		return n, strconv.FormatInt(n, 10)
	case 2:
		f := float64(rapid.Int64Range(-1e12, 1e12).Draw(r, "hundredths")) / 100 // excelize keeps 15 digits
		return f, strconv.FormatFloat(f, 'f', -1, 64)
	case 3:
		b := rapid.Bool().Draw(r, "truth")
		return b, strings.ToUpper(strconv.FormatBool(b))
	}
	s := rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune("ab _x00D<>&\"'\n\t=ٹیب😀")), rapid.RuneFrom(nil, unicode.Arabic, unicode.Latin, unicode.Han))).Draw(r, "text")
	return s, s
}

// What excelize writes, by either of its ways, is read back exactly.
func TestBooksOfExcelizeReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		width := rapid.IntRange(1, 8).Draw(r, "columns")
		stream := rapid.Bool().Draw(r, "streamed")
		x := excelize.NewFile()
		defer x.Close()
		var w *excelize.StreamWriter
		if stream {
			var err error
			w, err = x.NewStreamWriter("Sheet1")
			check(t, err)
		}
		var want strings.Builder
		number := 0
		for range rapid.IntRange(0, 12).Draw(r, "rows") {
			number += rapid.IntRange(1, 3).Draw(r, "step")
			row, line := make([]any, width), ""
			for i := range row {
				v, text := value(r)
				row[i] = v
				if text != "" {
					line += fmt.Sprintf(" %s=%s", sheet.ColumnName(i+1), text)
				}
			}
			if line != "" {
				fmt.Fprintf(&want, "%d:%s\n", number, line)
			}
			at := sheet.CellName(1, number)
			if stream {
				check(t, w.SetRow(at, row))
			} else {
				check(t, x.SetSheetRow("Sheet1", at, &row))
			}
		}
		if stream {
			check(t, w.Flush())
		}
		got, err := dump(saved(t, x), sheet.Limits{})
		got = strings.NewReplacer("(number)", "", "(bool)", "").Replace(got)
		if err != nil || got != want.String() {
			r.Fatalf("%v\ngot  %q\nwant %q", err, got, want.String())
		}
	})
}

// Leaving the loop early, at whatever row, leaves nothing running behind.
func TestLeavingEarlyLeavesNothingBehind(t *testing.T) {
	var rows strings.Builder
	for i := 1; i <= 30_000; i++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><v>%d</v></c></row>`, i, i, i*7919)
	}
	data := bookOf(inSheet(rows.String())).zipped(t)
	defer goleak.VerifyNone(t)
	for _, stop := range []int{1, 2, 1000, 29_999, 30_000, 40_000} {
		book, err := open(data, sheet.Limits{})
		check(t, err)
		n := 0
		for _, err := range book.Rows(0) {
			check(t, err)
			if n++; n == stop {
				break
			}
		}
		if n != min(stop, 30_000) {
			t.Errorf("%d rows, want %d", n, stop)
		}
	}
}

// Rows beyond the first take no memory of their own.
func TestRowsShareTheirMemory(t *testing.T) {
	allocations := func(n int) float64 {
		var rows strings.Builder
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" t="inlineStr"><is><t>TK-%d &amp; ج</t></is></c><c r="B%d"><f>A1</f><v>%d</v></c></row>`, i, i, i, i, i)
		}
		data := bookOf(inSheet(rows.String())).zipped(t)
		return testing.AllocsPerRun(3, func() { count(t, data) })
	}
	if few, many := allocations(5000), allocations(20_000); many > few+100 {
		t.Errorf("%v allocations for 5,000 rows, %v for 20,000", few, many)
	}
}

// A storage that fails is no damage to the file, whenever it fails.
func TestStorageThatFailsIsNotCalledDamage(t *testing.T) {
	data := bookOf(inSheet(goodRow), "xl/sharedStrings.xml", sharedThree).zipped(t)
	for _, file := range [][]byte{data, []byte("a,b\n1,2\n")} {
		for n := 0; ; n++ {
			err := readFailingAfter(file, n)
			if err == nil {
				break
			}
			if e, ok := err.(*sheet.Error); !ok || e.Code != sheet.CodeUnreadable || e.Unwrap() != iotest.ErrTimeout || !strings.Contains(e.Message, "try again") {
				t.Fatalf("after %d reads: %v", n, err)
			}
		}
	}
}

func readFailingAfter(data []byte, n int) error {
	book, err := sheet.Open(&failing{data: data, left: n}, int64(len(data)), sheet.Limits{})
	if err != nil {
		return err
	}
	for _, err := range book.Rows(0) {
		if err != nil {
			return err
		}
	}
	return nil
}

// failing is a storage that fails for good after some reads.
type failing struct {
	data []byte
	left int
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if f.left--; f.left < 0 {
		return 0, iotest.ErrTimeout
	}
	return strings.NewReader(string(f.data)).ReadAt(p, off)
}

var _ io.ReaderAt = (*failing)(nil)
