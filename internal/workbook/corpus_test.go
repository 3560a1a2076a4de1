package workbook

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// realData is the folder of spreadsheets that people really made.
func realData(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("TAKHTI_REAL_DATA")
	if root == "" {
		t.Skip("TAKHTI_REAL_DATA is not set: it names the folder of real spreadsheets, which are not part of the project")
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

func fileOf(t *testing.T, path string) File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return memFile(filepath.Base(path), data)
}

func memFile(name string, data []byte) File {
	return File{Name: name, Data: bytes.NewReader(data), Size: int64(len(data))}
}

// readAll reads every sheet of a file.
func readAll(t *testing.T, f File) (rows int, err error) {
	t.Helper()
	b, err := open(t.Context(), f, Limits{}.withDefaults())
	if err != nil {
		return 0, err
	}
	for _, s := range b.tabs {
		for _, err := range s.rows(t.Context()) {
			if err != nil {
				return rows, err
			}
			rows++
		}
	}
	return rows, nil
}

// Every spreadsheet of other programs' own tests, the hostile and the broken
// ones too, is read whole or refused with a sentence.
func TestCorpusIsReadOrRefused(t *testing.T) {
	root := realData(t, "corpus")
	var read, refused int
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(root, path)
		rows, err := readAll(t, fileOf(t, path))
		var e *fleet.Error
		switch {
		case err == nil:
			read++
			if want, ok := rowsByExcelize(path); ok && rows != want && !lostByExcelize[filepath.ToSlash(name)] {
				t.Errorf("%s: %d rows, excelize by itself reads %d", name, rows, want)
			}
		case errors.As(err, &e) && e.Code != "" && e.Message != "":
			refused++
		default:
			t.Errorf("%s: refused without a sentence: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read != 375 || refused != 106 {
		t.Errorf("%d read, %d refused; want 375 and 106", read, refused)
	}
}

// lostByExcelize are workbooks in which excelize misses rows.
var lostByExcelize = map[string]bool{
	"calamine/tests__empty_s_attribute.xlsx": true, // it stops at a style without a number
}

// rowsByExcelize counts the filled rows of a workbook that excelize opens.
func rowsByExcelize(path string) (rows int, ok bool) {
	x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		return 0, false
	}
	defer x.Close()
	for _, name := range x.GetSheetList() {
		r, err := x.Rows(name)
		if err != nil {
			continue // a sheet of charts
		}
		for r.Next() {
			if cells, _ := r.Columns(); strings.Join(cells, "") != "" {
				rows++
			}
		}
	}
	return rows, true
}
