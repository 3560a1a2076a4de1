package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"sync"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/readproc"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// book is an opened file, which must be closed.
type book struct {
	close    func()
	tabs     []tab
	date1904 bool
	notes    []string
}

// tab is one of its sheets.
type tab struct {
	name   string
	hidden bool
	rows   func(context.Context) iter.Seq2[row, error] // the filled ones in order; an error is the last
	merges mergedCells                                 // reads the whole sheet for them, once
}

// source reads what a file holds, and copies it: in this process, or in one of its
// own.
type source interface {
	Sheets() []sheet.Sheet
	Date1904() bool
	Dialect() sheet.Dialect
	Rows(sheet int) iter.Seq2[sheet.Row, error]
	Extent(sheet int) (sheet.Extent, error)
	Mark(context.Context, io.Writer, sheet.Marks) error
}

// open opens a file, or refuses it with the sentence that helps its sender. A
// process of its own that reads it ends with ctx.
func open(ctx context.Context, f File, l Limits) (*book, error) {
	file, done, err := sourceOf(ctx, f, l)
	if err != nil {
		return nil, refused(err)
	}
	b := &book{date1904: file.Date1904(), close: done}
	for i, s := range file.Sheets() {
		t := tab{name: s.Name, hidden: s.State != sheet.Visible, rows: rowsOf(file, i), merges: mergesOf(file, i)}
		if file.Dialect() != (sheet.Dialect{}) {
			t.name = f.base()
		}
		b.tabs = append(b.tabs, t)
	}
	switch d := file.Dialect(); d.Encoding {
	case sheet.Windows1252, sheet.Windows1256:
		b.notes = append(b.notes, "The file is not in UTF-8; it was read as "+d.String()+". If letters look wrong, save it as .xlsx or as CSV UTF-8.")
	}
	return b, nil
}

func sourceOf(ctx context.Context, f File, l Limits) (_ source, done func(), err error) {
	limits := sheet.Limits{File: l.File, Sheet: l.Sheet, Strings: l.Strings, RefuseMacros: true}
	if l.Apart == nil {
		b, err := sheet.Open(f.Data, f.Size, limits)
		return b, func() {}, err
	}
	stored, ok := f.Data.(*os.File)
	if !ok {
		return nil, nil, fmt.Errorf("%s is no file that another process could read", f.Name)
	}
	b, err := l.Apart.Open(ctx, stored, f.Size, limits)
	if err != nil {
		return nil, nil, err
	}
	return b, b.Close, nil
}

// refused is the reader's error in the words of the register.
func refused(err error) error {
	var e *sheet.Error
	var failed *readproc.Error
	switch {
	case errors.As(err, &failed):
		return notFinished(failed)
	case !errors.As(err, &e):
		return err
	case e.Code == sheet.CodeUnreadable:
		return e.Err // ours, and no fault of the file
	}
	return fleet.Invalidf("file."+string(e.Code), "%s", e.Message)
}

// notFinished is what to tell the sender of a file that a process of its own could
// not read to the end. What was seen of the process is in its log.
func notFinished(e *readproc.Error) error {
	switch e.Failure {
	case readproc.OverMemory:
		return fleet.Invalidf("file.over_memory", "to read the file takes more than %d MB of memory, which no ordinary list does: copy the table alone into a new workbook, save that as .xlsx, and send it", e.Limits.Memory>>20)
	case readproc.OverTime:
		return fleet.Invalidf("file.over_time", "to read the file takes too long: copy the table alone into a new workbook, or split it into several, save them as .xlsx, and send those")
	}
	return fleet.Invalidf("file.reader_crashed", "the file could not be read: what reads it stopped before its end, and nothing was imported. Send it once more; if that does not help, save it anew as .xlsx, send that, and tell the operator of the register")
}

func rowsOf(file source, i int) func(context.Context) iter.Seq2[row, error] {
	const often = 256
	return func(ctx context.Context) iter.Seq2[row, error] {
		return func(yield func(row, error) bool) {
			var m rowMaker
			n := 0
			for from, err := range file.Rows(i) {
				if n++; err == nil && n%often == 0 {
					err = ctx.Err()
				}
				if err != nil {
					yield(row{}, refused(err))
					return
				}
				if r := m.make(from); !r.blank() && !yield(r, nil) {
					return
				}
			}
		}
	}
}

func mergesOf(file source, i int) mergedCells {
	return sync.OnceValues(func() ([]sheet.Range, error) {
		extent, err := file.Extent(i)
		if err != nil {
			return nil, refused(err)
		}
		return extent.Merges, nil
	})
}
