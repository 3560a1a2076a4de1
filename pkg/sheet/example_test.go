package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// packingList is a small workbook: a serial, a date, a price and a formula.
func packingList() *bytes.Reader {
	x := excelize.NewFile()
	defer x.Close()
	day, _ := x.NewStyle(&excelize.Style{NumFmt: 14})
	_ = x.SetSheetRow("Sheet1", "A1", &[]any{"Serial", "Bought", "Price"})
	_ = x.SetSheetRow("Sheet1", "A2", &[]any{"5CD0000001K", 46203, 61250.5})
	_ = x.SetCellStyle("Sheet1", "B2", "B2", day)
	_ = x.MergeCell("Sheet1", "A4", "C4")
	buf, _ := x.WriteToBuffer()
	return bytes.NewReader(buf.Bytes())
}

func Example() {
	file := packingList() // or an *os.File
	book, err := sheet.Open(file, file.Size(), sheet.Limits{})
	if err != nil {
		fmt.Println(err) // a sentence for whoever sent the file
		return
	}
	for row, err := range book.Rows(0) {
		if err != nil {
			fmt.Println(err) // rows before this one cannot be relied on either
			return
		}
		for _, cell := range row.Cells {
			text := cell.String()
			if at, ok := cell.Time(); ok && cell.IsDate() {
				text = at.Format("2 January 2006")
			}
			fmt.Printf("%s: %s\n", sheet.CellName(cell.Column, row.Number), text)
		}
	}
	// Output:
	// A1: Serial
	// B1: Bought
	// C1: Price
	// A2: 5CD0000001K
	// B2: 30 June 2026
	// C2: 61250.5
}

func ExampleOpen_text() {
	file := strings.NewReader("Serial;School\n5CD0000001K;\xe3\xcf\xd1\xd3\xc9\n")
	book, err := sheet.Open(file, file.Size(), sheet.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("read as", book.Dialect())
	for row, err := range book.Rows(0) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(row.Number, row.Cell(2))
	}
	// Output:
	// read as Windows-1256, semicolon
	// 1 School
	// 2 مدرسة
}

func ExampleBook_Sheets() {
	file := packingList()
	book, err := sheet.Open(file, file.Size(), sheet.Limits{RefuseMacros: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, s := range book.Sheets() {
		extent, err := book.Extent(i)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s is %v: rows %d to %d, up to column %s, merged %v\n", s.Name, s.State, extent.First, extent.Last, sheet.ColumnName(extent.Columns), extent.Merges)
	}
	// Output:
	// Sheet1 is visible: rows 1 to 2, up to column C, merged [A4:C4]
}

func ExampleError() {
	file := strings.NewReader("%PDF-1.7")
	_, err := sheet.Open(file, file.Size(), sheet.Limits{})
	var e *sheet.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code)
		fmt.Println(e.Message)
	}
	// Output:
	// pdf
	// this is a PDF, not a spreadsheet: ask for the workbook that it was printed from
}

func ExampleRow_Clone() {
	file := strings.NewReader("a,b\nc,d\n")
	book, err := sheet.Open(file, file.Size(), sheet.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var kept []sheet.Row
	for row, err := range book.Rows(0) {
		if err != nil {
			fmt.Println(err)
			return
		}
		kept = append(kept, row.Clone())
	}
	fmt.Println(kept[0].Cell(1), kept[1].Cell(2))
	// Output:
	// a d
}
