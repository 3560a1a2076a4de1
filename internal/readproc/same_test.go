//go:build linux

package readproc

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// reading is what [sheet.Book] and [Book] have in common.
type reading interface {
	Sheets() []sheet.Sheet
	Date1904() bool
	Dialect() sheet.Dialect
	Extent(int) (sheet.Extent, error)
}

var _, _ reading = (*Book)(nil), (*sheet.Book)(nil)

// wantSame reads a file here and in a process, and compares all that there is.
func wantSame(t *testing.T, f *os.File, size int64) {
	t.Helper()
	l := sheet.Limits{RefuseMacros: true}
	here, err := sheet.Open(f, size, l)
	there, thereErr := reader("none", Limits{}).Open(t.Context(), f, size, l)
	if thereErr == nil {
		defer there.Close()
	}
	if !reflect.DeepEqual(err, thereErr) {
		t.Errorf("%s: here %v, there %v", f.Name(), err, thereErr)
	}
	if err != nil || thereErr != nil {
		return
	}
	if !reflect.DeepEqual(here.Sheets(), there.Sheets()) || here.Date1904() != there.Date1904() || here.Dialect() != there.Dialect() {
		t.Errorf("%s: here %v %v %v, there %v %v %v", f.Name(), here.Sheets(), here.Date1904(), here.Dialect(), there.Sheets(), there.Date1904(), there.Dialect())
	}
	for i := range here.Sheets() {
		one, oneErr := here.Extent(i)
		two, twoErr := there.Extent(i)
		if !reflect.DeepEqual(one, two) || !reflect.DeepEqual(oneErr, twoErr) {
			t.Errorf("%s: sheet %d: here %v %v, there %v %v", f.Name(), i, one, oneErr, two, twoErr)
		}
		wantSameRows(t, f.Name(), here, there, i)
	}
}

func wantSameRows(t *testing.T, name string, here *sheet.Book, there *Book, i int) {
	t.Helper()
	var rows []sheet.Row
	var refusal error
	for row, err := range here.Rows(i) {
		if refusal = err; err == nil {
			rows = append(rows, row.Clone())
		}
	}
	n := 0
	for row, err := range there.Rows(i) {
		if err != nil {
			if !reflect.DeepEqual(err, refusal) {
				t.Errorf("%s: sheet %d: here %v, there %v", name, i, refusal, err)
			}
			refusal = nil
			break
		}
		if n >= len(rows) || !reflect.DeepEqual(row.Clone(), rows[n]) {
			t.Fatalf("%s: sheet %d: row %d of %d there is %v", name, i, n, len(rows), row)
		}
		n++
	}
	if n != len(rows) || refusal != nil {
		t.Errorf("%s: sheet %d: %d rows of %d, without %v", name, i, n, len(rows), refusal)
	}
}

// Every spreadsheet of other programs' own tests reads through a process as it
// does here, cell for cell, or is refused in the same words.
func TestCorpusReadsTheSameInAProcess(t *testing.T) {
	root := os.Getenv("TAKHTI_REAL_DATA")
	if root == "" {
		t.Skip("TAKHTI_REAL_DATA is not set: it names the folder of real spreadsheets, which are not part of the project")
	}
	files := 0
	err := filepath.WalkDir(filepath.Join(root, "corpus"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		wantSame(t, f, info.Size())
		files++
		return nil
	})
	if err != nil || files < 400 {
		t.Errorf("%d files were read, %v", files, err)
	}
}

func TestFilesReadTheSameInAProcess(t *testing.T) {
	for name, text := range map[string]string{
		"plain":             "a,b\n1,2\n",
		"Urdu":              "a;b\n\xC7\xC8\xC7;2\n",
		"many rows":         string(numbered(30_000)),
		"blank rows":        "a\n" + strings.Repeat("\n", 50_000) + "b\n",
		"long rows":         strings.Repeat(strings.Repeat("x", 100_000)+",y\n", 20),
		"damaged late":      string(numbered(5000)) + "\"never ends",
		"empty":             "",
		"blanks":            " \n",
		"a picture":         "\x89PNG\r\n\x1a\n",
		"cut-off workbook":  "PK\x03\x04 and no more",
		"long empty fields": strings.Repeat(",", 16_000) + "z\n",
	} {
		t.Run(name, func(t *testing.T) {
			f, size := stored(t, []byte(text))
			wantSame(t, f, size)
		})
	}
}

// In a loop over rows something else may be asked for, and the loop goes on where
// it was; a loop may be left at any row.
func TestPassesMayBeInterrupted(t *testing.T) {
	const rows = 20_000
	f, size := stored(t, numbered(rows))
	b, err := reader("none", Limits{}).Open(t.Context(), f, size, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, stop := range []int{1, 2, 1500, rows - 1} {
		n := 0
		for row, err := range b.Rows(0) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == stop {
				break
			}
			if n == 40 || n == rows/2 {
				wantExtent(t, b, rows)
			}
			if want := fmt.Sprintf("TK-%06d", n); row.Number != n || string(row.Cells[0].Text) != want {
				t.Fatalf("row %d is %d: %s, want %s", n, row.Number, row.Cells[0].Text, want)
			}
		}
		if n != stop {
			t.Errorf("%d rows, want %d", n, stop)
		}
	}
	wantExtent(t, b, rows)
}

func wantExtent(t *testing.T, b *Book, rows int) {
	t.Helper()
	if e, err := b.Extent(0); err != nil || e.Rows != rows || e.Columns != 3 {
		t.Fatalf("got %+v, %v", e, err)
	}
}

// A number that no sheet has is refused as it is here, and the book goes on.
func TestASheetThatIsNotThere(t *testing.T) {
	f, size := stored(t, numbered(2))
	b, err := reader("none", Limits{}).Open(t.Context(), f, size, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, err := range b.Rows(7) {
		if err == nil || !strings.Contains(err.Error(), "no sheet number 8") {
			t.Errorf("got %v", err)
		}
	}
	wantExtent(t, b, 2)
}
