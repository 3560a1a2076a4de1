package main

import (
	"bufio"
	"context"
	"errors"
	"io"
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
		var here, served outcomes
		once := func(where string, all *outcomes) func() error {
			return func() error {
				o, err := l.child(ctx, "mark", file, where)
				*all = append(*all, o)
				return err
			}
		}
		err := interleave(3, once(readHere, &here), once(readApart, &served))
		if err = errors.Join(err, os.Remove(file)); err != nil {
			return err
		}
		took, most := here.took(), here.peak()
		l.table.add(line{what: "mark 2000 cells in 50000 rows of 14 columns, " + string(form) + " texts", ours: inWords(took), figure: took.Seconds(), unit: " s", bound: atMost, goal: seconds})
		l.table.add(line{what: "memory of that process at most", ours: megabytes(most), figure: float64(most >> 20), unit: " MB", bound: atMost, goal: memory})
		took, most = served.took(), served.peak()
		l.table.add(line{what: "the same as a server does it, by another process", ours: inWords(took), figure: took.Seconds(), unit: " s", bound: atMost, goal: seconds})
		l.table.add(line{what: "memory of both processes at most", ours: megabytes(most), figure: float64(most >> 20), unit: " MB", bound: shownOnly})
	}
	return nil
}

// markSheet is the child that marks a workbook, or has it marked, and writes the
// copy to the disk: FILE, and where it is marked.
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
	stop := watchReaders()
	defer func() { o.Peak, o.Own = stop() }()
	book, done, err := openToMark(ctx, f, info.Size(), args[1])
	if err != nil {
		return o, err
	}
	defer done()
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

// marker is a workbook that can be marked.
type marker interface {
	Mark(context.Context, io.Writer, sheet.Marks) error
}

func openToMark(ctx context.Context, f *os.File, size int64, where string) (_ marker, done func(), err error) {
	if where != readApart {
		b, err := sheet.Open(f, size, sheet.Limits{})
		return b, func() {}, err
	}
	b, err := apart().ToMark().Open(ctx, f, size, sheet.Limits{})
	if err != nil {
		return nil, nil, err
	}
	return b, b.Close, nil
}
