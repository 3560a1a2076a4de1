package sheet_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// realData is a folder of spreadsheets that other people made.
func realData(tb testing.TB, parts ...string) string {
	tb.Helper()
	root := os.Getenv("TAKHTI_REAL_DATA")
	if root == "" {
		tb.Skip("TAKHTI_REAL_DATA is not set: it names the folder of real spreadsheets, which are not part of the project")
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

// eachFile visits the files below root by their names from there.
func eachFile(tb testing.TB, root string, visit func(name string, data []byte)) {
	tb.Helper()
	check(tb, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		visit(filepath.ToSlash(name), data)
		return err
	}))
}

// excelizeIsWrong are the workbooks of the corpus on which the two readers
// differ, and why ours is the one to follow.
var excelizeIsWrong = map[string]string{
	"corpus/calamine/tests__empty_s_attribute.xlsx": `cells with s="", an empty style: excelize loses them, Excel shows them`,
}

// refusedHere are those that excelize reads without an error and we do not.
var refusedHere = map[string]string{
	"corpus/excelize/test__BadWorkbook.xlsx":                   "names no sheets; excelize makes one up",
	"corpus/exceljs/spec__integration__data__invalid-xml.xlsx": "words stand in front of the sheet's first tag; Excel refuses it too",
	"corpus/tealeg-xlsx/testdocs__badfile_noWorkbookRels.xlsx": "its sheets cannot be found; excelize reads none and says nothing",
	"corpus/tealeg-xlsx/testdocs__badfile_noWorksheets.xlsx":   "its sheet is missing; excelize reads none and says nothing",
	"corpus/xlsx2csv/test__skip_empty_lines.xlsx":              "a cell called A4 stands in row 3: nobody can say in which row it belongs",
}

// Every workbook of the corpus gives, cell for cell, what excelize reads of it.
func TestCorpusReadsAsExcelizeDoes(t *testing.T) {
	compared, cells := 0, 0
	eachFile(t, realData(t), func(name string, data []byte) {
		if ext := filepath.Ext(name); ext != ".xlsx" && ext != ".xlsm" {
			return
		}
		theirs, ok := cellsOfExcelize(data)
		if !ok {
			return
		}
		ours, err := cellsOf(data)
		if _, excepted := refusedHere[name]; excepted != (err != nil) {
			t.Errorf("%s: refused: %v; to be refused: %t", name, err, excepted)
		}
		if err != nil {
			return
		}
		differences := compare(ours, theirs)
		switch _, excepted := excelizeIsWrong[name]; {
		case len(differences) > 0 && !excepted:
			t.Errorf("%s: %d cells differ: %s", name, len(differences), strings.Join(differences[:min(3, len(differences))], "; "))
		case len(differences) == 0 && excepted:
			t.Errorf("%s is named as an exception and is none", name)
		}
		compared++
		cells += len(ours)
	})
	t.Logf("%d workbooks, %d cells", compared, cells)
}

// cellsOf reads all visible and hidden sheets into one map, by name such as
// "Sheet1!B17", as excelize's raw values would be.
func cellsOf(data []byte) (map[string]string, error) {
	book, err := open(data, sheet.Limits{})
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for i, s := range book.Sheets() {
		for row, err := range book.Rows(i) {
			if err != nil {
				return nil, err
			}
			for _, c := range row.Cells {
				if text := rawText(c); text != "" {
					all[s.Name+"!"+sheet.CellName(c.Column, row.Number)] = text
				}
			}
		}
	}
	return all, nil
}

// rawText is a cell's value as excelize gives it: truth values as the file has
// them.
func rawText(c sheet.Cell) string {
	if c.Kind == sheet.Bool {
		return map[string]string{"TRUE": "1", "FALSE": "0"}[c.String()]
	}
	return c.String()
}

// cellsOfExcelize reads by excelize's streaming rows; ok is false when it cannot
// open the file.
func cellsOfExcelize(data []byte) (all map[string]string, ok bool) {
	x, err := excelize.OpenReader(strings.NewReader(string(data)), excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, false
	}
	defer x.Close()
	all = map[string]string{}
	for _, name := range x.GetSheetList() {
		rows, err := x.Rows(name)
		if err != nil {
			continue // a sheet of charts
		}
		for number := 1; rows.Next(); number++ {
			row, err := rows.Columns()
			if err != nil {
				break
			}
			for i, text := range row {
				if text != "" {
					all[name+"!"+sheet.CellName(i+1, number)] = text
				}
			}
		}
		_ = rows.Close()
	}
	return all, true
}

func compare(ours, theirs map[string]string) (differences []string) {
	both := maps.Clone(ours)
	maps.Copy(both, theirs)
	for _, cell := range slices.Sorted(maps.Keys(both)) {
		if ours[cell] != theirs[cell] {
			differences = append(differences, fmt.Sprintf("%s is %.60q, by excelize %.60q", cell, ours[cell], theirs[cell]))
		}
	}
	return differences
}

// Every file of the corpus, the broken and the foreign ones too, is read whole
// or refused with a sentence, and both ways of reading cells agree.
func TestCorpusIsReadOrRefused(t *testing.T) {
	read := 0
	refused := map[sheet.Code]int{}
	eachFile(t, realData(t), func(name string, data []byte) {
		rows, err := dump(data, sheet.Limits{})
		var e *sheet.Error
		switch {
		case err == nil:
			read++
		case errors.As(err, &e) && e.Code != "" && e.Message != "":
			refused[e.Code]++
		default:
			t.Errorf("%s: refused without a sentence: %v", name, err)
		}
		if slow, slowErr := carefulDump(data); slow != rows || fmt.Sprint(slowErr) != fmt.Sprint(err) {
			t.Errorf("%s: the careful reader gives %v and %.200q, the usual one %v and %.200q", name, slowErr, slow, err, rows)
		}
	})
	t.Logf("%d read, refused %v", read, refused)
	if read == 0 || len(refused) == 0 {
		t.Error("the corpus is not what it was")
	}
}

func carefulDump(data []byte) (string, error) {
	book, err := open(data, sheet.Limits{})
	if err != nil {
		return "", err
	}
	sheet.Careful(book)
	return dumpBook(book)
}
