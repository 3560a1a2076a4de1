package main

import (
	"fmt"
	"os"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// cells FILE lists the filled cells of a workbook, one a line: Sheet1!B2 text.
func cells() int {
	f, err := os.Open(os.Args[1])
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fail(err)
	}
	book, err := sheet.Open(f, info.Size(), sheet.Limits{})
	if err != nil {
		return fail(err)
	}
	for i, s := range book.Sheets() {
		for r, err := range book.Rows(i) {
			if err != nil {
				return fail(err)
			}
			for _, c := range r.Cells {
				fmt.Printf("%s!%s %s\n", s.Name, sheet.CellName(c.Column, r.Number), c)
			}
		}
	}
	return 0
}

// setcells FILE SHEET [CELL TEXT]... writes texts into the cells of a workbook.
func setcells() int {
	f, err := excelize.OpenFile(os.Args[1])
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	for i := 3; i+1 < len(os.Args); i += 2 {
		if err := f.SetCellStr(os.Args[2], os.Args[i], os.Args[i+1]); err != nil {
			return fail(err)
		}
	}
	if err := f.Save(); err != nil {
		return fail(err)
	}
	return 0
}
