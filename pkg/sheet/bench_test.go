package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// benchRows is what the figures in the README are for.
const benchRows = 100_000

// deliveryRow is a row of a packing list: 14 columns, of which two are dates and
// one is a number; every eighth row has a remark.
func deliveryRow(i int, day int) []any {
	remark := ""
	if i%8 == 0 {
		remark = fmt.Sprintf("carton %d opened at the depot & closed again", i)
	}
	return []any{
		fmt.Sprintf("5CD%07dK", i), fmt.Sprintf("TK-%06d", i), "HP Chromebook 11 G9 EE", fmt.Sprintf("3522%04d", i%9000),
		fmt.Sprintf("GGHS Chak No. %d/GB, Tehsil %d", i%700, i%37), "Faisalabad", fmt.Sprintf("PO-2026-%03d", i%40), day + i%90, day + 400 + i%90,
		fmt.Sprintf("CTN-%05d", i/10), 61250.5 + float64(i%7), fmt.Sprintf("mac 7c:0a:3f:%02x:%02x:%02x", i>>16&255, i>>8&255, i&255), "teacher", remark,
	}
}

// inlineBook is written by excelize's StreamWriter: texts stand in the cells.
func inlineBook(b *testing.B, rows int) []byte {
	b.Helper()
	x := excelize.NewFile()
	defer x.Close()
	style, err := x.NewStyle(&excelize.Style{NumFmt: 14})
	check(b, err)
	w, err := x.NewStreamWriter("Sheet1")
	check(b, err)
	for i := 1; i <= rows; i++ {
		row := deliveryRow(i, 46000)
		row[7], row[8] = excelize.Cell{StyleID: style, Value: row[7]}, excelize.Cell{StyleID: style, Value: row[8]}
		check(b, w.SetRow("A"+strconv.Itoa(i), row))
	}
	check(b, w.Flush())
	return saved(b, x)
}

// sharedBook is written by excelize's SetSheetRow: texts stand in a table.
func sharedBook(b *testing.B, rows int) []byte {
	b.Helper()
	x := excelize.NewFile()
	defer x.Close()
	style, err := x.NewStyle(&excelize.Style{NumFmt: 14})
	check(b, err)
	check(b, x.SetColStyle("Sheet1", "H:I", style))
	for i := 1; i <= rows; i++ {
		row := deliveryRow(i, 46000)
		check(b, x.SetSheetRow("Sheet1", "A"+strconv.Itoa(i), &row))
	}
	return saved(b, x)
}

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func saved(tb testing.TB, x *excelize.File) []byte {
	tb.Helper()
	var buf bytes.Buffer
	check(tb, x.Write(&buf))
	return buf.Bytes()
}

// count reads the first sheet and counts its cells.
func count(tb testing.TB, data []byte) (cells int) {
	tb.Helper()
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
	check(tb, err)
	for row, err := range book.Rows(0) {
		check(tb, err)
		cells += len(row.Cells)
	}
	return cells
}

func countByExcelize(tb testing.TB, data []byte, raw bool) (cells int) {
	tb.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: raw})
	check(tb, err)
	defer x.Close()
	rows, err := x.Rows("Sheet1")
	check(tb, err)
	defer rows.Close()
	for rows.Next() {
		row, err := rows.Columns()
		check(tb, err)
		for _, c := range row {
			if c != "" {
				cells++
			}
		}
	}
	check(tb, rows.Error())
	return cells
}

// BenchmarkRows times this package and, once for each form of workbook, its
// peers on the same bytes: x-excelize-raw says how many times as long
// excelize's streaming Rows takes with raw values, x-excelize with its default,
// and x-unzip is our time in multiples of unpacking alone (unzip -p | wc -c). Of
// each, the shortest run counts.
func BenchmarkRows(b *testing.B) {
	for _, form := range []struct {
		name string
		make func(*testing.B, int) []byte
	}{{"inline", inlineBook}, {"shared", sharedBook}} {
		b.Run(form.name, func(b *testing.B) {
			data := form.make(b, benchRows)
			runtime.GC()
			cells, ours := 0, time.Duration(math.MaxInt64)
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				cells = count(b, data)
				ours = min(ours, time.Since(start))
			}
			b.ReportMetric(benchRows/ours.Seconds(), "rows/s")
			for name, raw := range map[string]bool{"x-excelize-raw": true, "x-excelize": false} {
				took := timed(func() {
					if n := countByExcelize(b, data, raw); n != cells {
						b.Errorf("excelize read %d cells, this package %d", n, cells)
					}
				})
				b.ReportMetric(took.Seconds()/ours.Seconds(), name)
			}
			if floor, ok := unzipTime(b, data); ok {
				b.ReportMetric(ours.Seconds()/floor.Seconds(), "x-unzip")
			}
		})
	}
}

// timed is the shorter of two runs.
func timed(f func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 2 {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

// unzipTime is how long unzip takes to unpack the file.
func unzipTime(b *testing.B, data []byte) (time.Duration, bool) {
	unzip, err := exec.LookPath("unzip")
	if err != nil {
		return 0, false
	}
	name := filepath.Join(b.TempDir(), "book.xlsx")
	check(b, os.WriteFile(name, data, 0o600))
	return timed(func() {
		cmd := exec.Command(unzip, "-p", name)
		out, err := cmd.StdoutPipe()
		check(b, err)
		check(b, cmd.Start())
		_, err = io.Copy(io.Discard, out)
		check(b, err)
		check(b, cmd.Wait())
	}), true
}
