package workbook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// packingList is a workbook of n rows and 14 columns.
func packingList(tb testing.TB, n int) File {
	tb.Helper()
	x := excelize.NewFile()
	defer x.Close()
	s, err := x.NewStreamWriter("Sheet1")
	if err != nil {
		tb.Fatal(err)
	}
	cells := []any{
		"Sr", "Serial Number", "Asset Tag", "MAC", "Model", "Carton", "Lot", "Line", "PO", "Price", "Funding", "Warranty End", "School EMIS", "District",
	}
	for i := range n + 1 {
		if err := s.SetRow(sheet.CellName(1, i+1), cells); err != nil {
			tb.Fatal(err)
		}
		cells = []any{
			i + 1, fmt.Sprintf("TK26%08d", i), fmt.Sprintf("MOE-%07d", i), fmt.Sprintf("A4:BB:6D:%02X:%02X:%02X", i>>16&255, i>>8&255, i&255), "Takhti 11 G2",
			fmt.Sprintf("C-%05d", i/10), "L-2026-03", "Line 2", "PO-2026-0017", 45999.5, "Federal PSDP", 47299, fmt.Sprint(35200001 + i%3), "Lahore",
		}
	}
	if err := s.Flush(); err != nil {
		tb.Fatal(err)
	}
	return saved(tb, x)
}

const benchRows = 10_000

// perRow reports the cost of one row of the list.
func perRow(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
}

// BenchmarkExcelize is what reading the file costs with excelize.
func BenchmarkExcelize(b *testing.B) {
	data := bytesOf(b, packingList(b, benchRows))
	for b.Loop() {
		x, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		rows, err := x.Rows("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			if _, err := rows.Columns(); err != nil {
				b.Fatal(err)
			}
		}
		_ = x.Close()
	}
	perRow(b)
}

// BenchmarkRead is what reading costs here.
func BenchmarkRead(b *testing.B) {
	f := packingList(b, benchRows)
	for b.Loop() {
		book, err := open(b.Context(), f, Limits{}.withDefaults())
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range book.tabs[0].rows(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	perRow(b)
}

// BenchmarkCheck is what follows reading: cells to facts.
func BenchmarkCheck(b *testing.B) {
	book, err := open(b.Context(), packingList(b, benchRows), Limits{}.withDefaults())
	if err != nil {
		b.Fatal(err)
	}
	var rows []row
	for r := range book.tabs[0].rows(b.Context()) {
		rows = append(rows, r.clone())
	}
	read := tab{name: "Sheet1", merges: book.tabs[0].merges, rows: func(context.Context) iter.Seq2[row, error] {
		return func(yield func(row, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		}
	}}
	for b.Loop() {
		how := setting{kind: Devices, limits: Limits{}.withDefaults()}
		w := newWalk(how, false, rowTaker(parseDevice, func(*checker, deviceRow) error { return nil }))
		if err := w.tab(b.Context(), read); err != nil || w.report.rows != benchRows || len(w.report.problems) > 0 {
			b.Fatal(err, w.report.rows, w.report.problems)
		}
	}
	perRow(b)
}

// BenchmarkPlan is all of it: reading, checking, planning and the preview.
func BenchmarkPlan(b *testing.B) {
	w := newWorld(b)
	f := packingList(b, benchRows)
	for b.Loop() {
		if p := w.plan(f, lahore()); p.New != benchRows {
			b.Fatal(p.Problems)
		}
	}
	perRow(b)
}

// BenchmarkExport is writing a workbook of the same devices.
func BenchmarkExport(b *testing.B) {
	w := newWorld(b)
	w.imported(packingList(b, benchRows), lahore())
	for _, f := range []Format{XLSX, CSV} {
		b.Run(f.String(), func(b *testing.B) {
			for b.Loop() {
				w.exported(w.boss, ExportOptions{Kind: Devices, Format: f})
			}
			perRow(b)
		})
	}
}

// BenchmarkCopy is giving a file back with its problems marked, one in every 25 rows.
func BenchmarkCopy(b *testing.B) {
	w := newWorld(b)
	f := packingList(b, benchRows)
	x, err := excelize.OpenReader(bytes.NewReader(bytesOf(b, f)))
	if err != nil {
		b.Fatal(err)
	}
	for i := 2; i <= benchRows; i += 25 {
		if err := x.SetCellStr("Sheet1", sheet.CellName(2, i), "1.23E+11"); err != nil {
			b.Fatal(err)
		}
	}
	f = saved(b, x)
	p := w.plan(f, lahore())
	for b.Loop() {
		if err := WriteCopy(b.Context(), io.Discard, Annotated, f, p, Limits{}, b.TempDir()); err != nil {
			b.Fatal(err)
		}
	}
	perRow(b)
}
