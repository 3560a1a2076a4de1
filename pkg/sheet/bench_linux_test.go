package sheet_test

import (
	"archive/zip"
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// BenchmarkPeak reads workbooks of 500,000 rows, each in a process of its own,
// and reports the most memory that the process had: peak-MB. The same process
// with nothing to read is idle-MB.
func BenchmarkPeak(b *testing.B) {
	const rows = 500_000
	for _, form := range []string{"inline", "shared"} {
		b.Run(form, func(b *testing.B) {
			name := filepath.Join(b.TempDir(), "book.xlsx")
			writeBook(b, name, rows, form == "shared")
			runtime.GC()
			peak := 0.0
			for b.Loop() {
				peak = peakOf(b, name)
			}
			b.ReportMetric(peak, "peak-MB")
			b.ReportMetric(peakOf(b, ""), "idle-MB")
		})
	}
}

// BenchmarkMarkPeak does what BenchmarkMark does in a process of its own, and
// reports the most memory that it had: peak-MB.
func BenchmarkMarkPeak(b *testing.B) {
	name := filepath.Join(b.TempDir(), "book.xlsx")
	check(b, os.WriteFile(name, sharedBook(b, 50_000), 0o600))
	peak := 0.0
	for b.Loop() {
		peak = peakOfChild(b, "^TestMarkChild$", markEnv, name)
	}
	b.ReportMetric(peak, "peak-MB")
}

const markEnv = "SHEET_MARK_FILE"

// TestMarkChild marks a file, for the one who measures what that takes.
func TestMarkChild(t *testing.T) {
	name := os.Getenv(markEnv)
	if name == "" {
		t.Skip("it is for BenchmarkMarkPeak")
	}
	file, err := os.Open(name)
	check(t, err)
	defer file.Close()
	info, err := file.Stat()
	check(t, err)
	book, err := sheet.Open(file, info.Size(), sheet.Limits{})
	check(t, err)
	check(t, book.Mark(t.Context(), io.Discard, manyMarks(50_000)))
	status, err := os.ReadFile("/proc/self/status")
	check(t, err)
	fmt.Println(string(status))
}

const peakEnv = "SHEET_PEAK_FILE"

// peakOf runs TestPeakChild in a process of its own.
func peakOf(b *testing.B, name string) float64 {
	b.Helper()
	return peakOfChild(b, "^TestPeakChild$", peakEnv, cmp.Or(name, "nothing"))
}

// peakOfChild runs a test in a process of its own, told of its file.
func peakOfChild(b *testing.B, test, env, name string) float64 {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", test)
	cmd.Env = append(os.Environ(), env+"="+name)
	out, err := cmd.CombinedOutput()
	check(b, err)
	var kilobytes float64
	_, peak, _ := strings.Cut(string(out), "VmHWM:")
	if _, err := fmt.Sscan(peak, &kilobytes); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return kilobytes / 1024
}

// TestPeakChild is what BenchmarkPeak runs.
func TestPeakChild(t *testing.T) {
	name := os.Getenv(peakEnv)
	if name == "" {
		t.Skip("it is for BenchmarkPeak")
	}
	if name != "nothing" {
		readWhole(t, name)
	}
	status, err := os.ReadFile("/proc/self/status")
	check(t, err)
	fmt.Println(string(status))
}

func readWhole(t *testing.T, name string) {
	t.Helper()
	file, err := os.Open(name)
	check(t, err)
	defer file.Close()
	info, err := file.Stat()
	check(t, err)
	book, err := sheet.Open(file, info.Size(), sheet.Limits{})
	check(t, err)
	for _, err := range book.Rows(0) {
		check(t, err)
	}
}

// writeBook writes packing lists that excelize would take minutes for.
func writeBook(b *testing.B, name string, rows int, shared bool) {
	b.Helper()
	file, err := os.Create(name)
	check(b, err)
	defer file.Close()
	z := zip.NewWriter(file)
	part := func(name string) *bufio.Writer {
		w, err := z.Create(name)
		check(b, err)
		return bufio.NewWriterSize(w, 64<<10)
	}
	p := bookOf("", "xl/sharedStrings.xml", "x")
	delete(p, "xl/worksheets/sheet1.xml")
	delete(p, "xl/sharedStrings.xml")
	for name, text := range p {
		w := part(name)
		fmt.Fprint(w, text)
		check(b, w.Flush())
	}
	w := part("xl/worksheets/sheet1.xml")
	index := map[string]int{}
	var texts []string
	fmt.Fprint(w, `<worksheet><sheetData>`)
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(w, `<row r="%d">`, i)
		for column, v := range deliveryRow(i, 46000) {
			at := sheet.CellName(column+1, i)
			text, ok := v.(string)
			switch {
			case !ok:
				fmt.Fprintf(w, `<c r="%s"><v>%v</v></c>`, at, v)
			case !shared:
				fmt.Fprintf(w, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, at, escapeXML.Replace(text))
			default:
				n, known := index[text]
				if !known {
					n = len(texts)
					index[text] = n
					texts = append(texts, text)
				}
				fmt.Fprintf(w, `<c r="%s" t="s"><v>%d</v></c>`, at, n)
			}
		}
		fmt.Fprint(w, `</row>`)
	}
	fmt.Fprint(w, `</sheetData></worksheet>`)
	check(b, w.Flush())
	w = part("xl/sharedStrings.xml")
	fmt.Fprint(w, `<sst>`)
	for _, text := range texts {
		fmt.Fprintf(w, `<si><t>%s</t></si>`, escapeXML.Replace(text))
	}
	fmt.Fprint(w, `</sst>`)
	check(b, w.Flush())
	check(b, z.Close())
}
