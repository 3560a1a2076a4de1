package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

const (
	markedRows = 50_000
	markEvery  = 25 // rows
)

// benchMark gives a workbook back with 2,000 of its cells marked.
func benchMark(ctx context.Context, l *lab) error {
	const seconds, memory = 10, 150
	for _, form := range []sheetForm{inlineTexts, sharedTexts} {
		file := l.path("marked-" + string(form) + ".xlsx")
		l.say("marking %d rows, %s texts", markedRows, form)
		if _, err := l.child(ctx, "sheet-file", file, string(form), strconv.Itoa(markedRows)); err != nil {
			return err
		}
		var all outcomes
		err := interleave(3, func() error {
			o, err := l.child(ctx, "mark", file)
			all = append(all, o)
			return err
		})
		if err = errors.Join(err, os.Remove(file)); err != nil {
			return err
		}
		took, most := all.took(), all.peak()
		l.table.add(line{what: "mark 2000 cells in 50000 rows of 14 columns, " + string(form) + " texts", ours: inWords(took), figure: took.Seconds(), unit: " s", bound: atMost, goal: seconds})
		l.table.add(line{what: "memory of that process at most", ours: megabytes(most), figure: float64(most >> 20), unit: " MB", bound: atMost, goal: memory})
	}
	return nil
}

// markSheet is the child that marks a workbook and writes the copy to the disk.
func markSheet(ctx context.Context, args []string) (o outcome, err error) {
	began := time.Now()
	f, err := os.Open(args[0])
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return o, err
	}
	book, err := sheet.Open(f, info.Size(), sheet.Limits{})
	if err != nil {
		return o, err
	}
	marks := sheet.SheetMarks{Header: 1, Rows: map[int]sheet.RowMarks{}}
	for i := 2; i <= markedRows; i += markEvery {
		marks.Rows[i] = sheet.RowMarks{Remark: "Serial Number: the serial is in the file twice.", Cells: []sheet.CellMark{{Column: 1, Comment: "The serial is in the file twice."}}}
	}
	out, err := os.CreateTemp("", "marked-*")
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, out.Close(), os.Remove(out.Name())) }()
	to := bufio.NewWriter(out)
	err = book.Mark(ctx, to, sheet.Marks{Author: "Takhti", Heading: "Problem", Sheets: map[int]sheet.SheetMarks{0: marks}, Front: &sheet.Front{Name: "Problems"}})
	o.Rows, o.Took = len(marks.Rows), time.Since(began)
	return o, errors.Join(err, to.Flush())
}
