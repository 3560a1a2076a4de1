package sheet_test

import (
	"bytes"
	"io"
	"runtime"
	"testing"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// manyMarks marks every 25th row of a packing list, of two thousand in 50,000.
func manyMarks(rows int) sheet.Marks {
	marks := sheet.SheetMarks{Header: 1, Rows: map[int]sheet.RowMarks{}}
	for i := 2; i <= rows; i += 25 {
		marks.Rows[i] = sheet.RowMarks{Remark: "a serial that is in the file twice", Cells: []sheet.CellMark{{Column: 1, Comment: "twice"}}}
	}
	return sheet.Marks{
		Author: "Checker", Heading: "Remark", Sheets: map[int]sheet.SheetMarks{0: marks},
		Front: &sheet.Front{Name: "Remarks", Rows: [][]sheet.FrontCell{{{Text: "one"}}}},
	}
}

// BenchmarkMark marks 2,000 cells in a sheet of 50,000 rows and 14 columns.
func BenchmarkMark(b *testing.B) {
	const rows = 50_000
	data := sharedBook(b, rows)
	m := manyMarks(rows)
	runtime.GC()
	b.ReportAllocs()
	for b.Loop() {
		book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
		check(b, err)
		check(b, book.Mark(b.Context(), io.Discard, m))
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
