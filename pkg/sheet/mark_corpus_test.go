package sheet_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// someMarks marks the first, the middle and the last rows of every sheet: a filled
// cell of each, and one that may not be there.
func someMarks(tb testing.TB, book *sheet.Book) sheet.Marks {
	tb.Helper()
	m := sheet.Marks{Author: "Checker", Heading: "Remark", Sheets: map[int]sheet.SheetMarks{}, Front: &sheet.Front{Name: "All remarks"}}
	for i, s := range book.Sheets() {
		var rows []sheet.Row
		for row, err := range book.Rows(i) {
			check(tb, err)
			rows = append(rows, row.Clone())
		}
		if len(rows) == 0 {
			continue
		}
		marks := sheet.SheetMarks{Header: rows[0].Number, Rows: map[int]sheet.RowMarks{}}
		for _, n := range []int{1, len(rows) / 2, len(rows) - 1} {
			if n == 0 || n >= len(rows) {
				continue
			}
			cell := rows[n].Cells[len(rows[n].Cells)/2]
			cells := []sheet.CellMark{{Column: cell.Column, Comment: "why"}}
			if cell.Column > 1 {
				cells = slices.Insert(cells, 0, sheet.CellMark{Column: cell.Column - 1})
			}
			marks.Rows[rows[n].Number] = sheet.RowMarks{Remark: "what is wrong", Cells: cells}
		}
		m.Sheets[i] = marks
		m.Front.Rows = append(m.Front.Rows, []sheet.FrontCell{{Text: s.Name, Link: fmt.Sprintf("'%s'!A1", s.Name)}})
	}
	return m
}

// unmarkedDump is what the sheets of a marked copy hold beside what was marked.
func unmarkedDump(t *testing.T, data []byte, m sheet.Marks) string {
	t.Helper()
	book, err := open(data, sheet.Limits{})
	check(t, err)
	var out strings.Builder
	for i := range book.Sheets()[1:] {
		for row, err := range book.Rows(i + 1) {
			check(t, err)
			cells := row.Cells
			marks := m.Sheets[i]
			if last := len(cells) - 1; row.Number == marks.Header || marks.Rows[row.Number].Remark != "" {
				if want := "Remark"; row.Number == marks.Header && cells[last].String() != want {
					t.Errorf("row %d ends with %q, want %q", row.Number, cells[last], want)
				} else if want := "what is wrong"; row.Number != marks.Header && cells[last].String() != want {
					t.Errorf("row %d ends with %q, want %q", row.Number, cells[last], want)
				}
				cells = cells[:last]
			}
			fmt.Fprintf(&out, "%d:", row.Number)
			for _, c := range cells {
				fmt.Fprintf(&out, " %s=%s(%v %v %t)", sheet.ColumnName(c.Column), c, c.Kind, c.Format, c.Formula)
			}
			out.WriteByte('\n')
		}
	}
	return out.String()
}

func fullDump(t *testing.T, book *sheet.Book) string {
	t.Helper()
	var out strings.Builder
	for i := range book.Sheets() {
		for row, err := range book.Rows(i) {
			check(t, err)
			fmt.Fprintf(&out, "%d:", row.Number)
			for _, c := range row.Cells {
				fmt.Fprintf(&out, " %s=%s(%v %v %t)", sheet.ColumnName(c.Column), c, c.Kind, c.Format, c.Formula)
			}
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// formatOf is a cell's format as excelize has it, without its fill.
func formatOf(t *testing.T, x *excelize.File, sheet, cell string) string {
	t.Helper()
	id, err := x.GetCellStyle(sheet, cell)
	if err != nil || x.Styles == nil || x.Styles.CellXfs == nil || id >= len(x.Styles.CellXfs.Xf) {
		return "none"
	}
	xf := x.Styles.CellXfs.Xf[id]
	xf.FillID, xf.ApplyFill = nil, nil
	text, err := json.Marshal(xf)
	check(t, err)
	return string(text)
}

// wantSameFormats checks that the cells of all sheets look as they did, but for
// the fills of those that are marked.
func wantSameFormats(t *testing.T, name string, before, after []byte, m sheet.Marks) {
	t.Helper()
	was, err := excelize.OpenReader(bytes.NewReader(before))
	if err != nil {
		return // excelize cannot read it without marks either
	}
	defer was.Close()
	is, err := excelize.OpenReader(bytes.NewReader(after))
	if err != nil {
		t.Errorf("%s: excelize does not open the copy: %v", name, err)
		return
	}
	defer is.Close()
	book, err := open(before, sheet.Limits{})
	check(t, err)
	for i, s := range book.Sheets() {
		n := 0
		for row, err := range book.Rows(i) {
			check(t, err)
			if n++; n > 50 && m.Sheets[i].Rows[row.Number].Remark == "" {
				continue
			}
			for _, c := range row.Cells[:min(50, len(row.Cells))] {
				cell := sheet.CellName(c.Column, row.Number)
				if a, b := formatOf(t, was, s.Name, cell), formatOf(t, is, s.Name, cell); a != b && a != "none" {
					t.Errorf("%s: %s!%s was %s and is %s", name, s.Name, cell, a, b)
					return
				}
			}
			for _, c := range m.Sheets[i].Rows[row.Number].Cells {
				if got := fillOf(t, is, s.Name, sheet.CellName(c.Column, row.Number)); got != markFill {
					t.Errorf("%s: %s!%s is filled with %q", name, s.Name, sheet.CellName(c.Column, row.Number), got)
				}
			}
		}
	}
}

// formatsExcelizeMisses are workbooks of whose formats excelize is no judge.
var formatsExcelizeMisses = map[string]string{
	"corpus/calamine/tests__issue_174.xlsx":                                "it takes a cell without a format for one of its column's",
	"corpus/tealeg-xlsx/testdocs__panic_test.xlsx":                         "the same",
	"corpus/calamine/tests__minimal_package.xlsx":                          "it looks for formats in the folder xl only",
	"corpus/readxl/tests__testthat__sheets__los-angeles-arrests-xlsx.xlsx": "the same",
}

// Every workbook of the corpus that can be read can be marked; nothing in the copy
// differs but the marks, for our reader and for excelize.
func TestCorpusIsMarked(t *testing.T) {
	done := 0
	eachFile(t, realData(t), func(name string, data []byte) {
		if ext := filepath.Ext(name); ext != ".xlsx" && ext != ".xlsm" {
			return
		}
		if _, err := dump(data, sheet.Limits{}); err != nil {
			return
		}
		book, err := open(data, sheet.Limits{})
		check(t, err)
		m := someMarks(t, book)
		var out bytes.Buffer
		if err := book.Mark(t.Context(), &out, m); err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		done++
		if len(data) < 100<<10 {
			wantWellFormed(t, data, out.Bytes())
		}
		if want, got := fullDump(t, book), unmarkedDump(t, out.Bytes(), m); got != want {
			t.Errorf("%s: holds\n%.300s\nand held\n%.300s", name, got, want)
		}
		if formatsExcelizeMisses[name] == "" {
			wantSameFormats(t, name, data, out.Bytes(), m)
		}
	})
	t.Logf("%d workbooks marked", done)
	if done == 0 {
		t.Error(errors.New("the corpus is not what it was"))
	}
}
