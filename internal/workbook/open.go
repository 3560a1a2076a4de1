package workbook

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// book is an opened file.
type book struct {
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

// open opens a file, or refuses it with the sentence that helps its sender.
func open(f File, l Limits) (*book, error) {
	file, err := sheet.Open(f.Data, f.Size, sheet.Limits{
		File: l.File, Sheet: l.Sheet, Strings: l.Strings, RefuseMacros: true,
	})
	if err != nil {
		return nil, refused(err)
	}
	b := &book{date1904: file.Date1904()}
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

// refused is the reader's error in the words of the register.
func refused(err error) error {
	var e *sheet.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Code == sheet.CodeUnreadable:
		return e.Err // ours, and no fault of the file
	}
	return fleet.Invalidf("file."+string(e.Code), "%s", e.Message)
}

func rowsOf(file *sheet.Book, i int) func(context.Context) iter.Seq2[row, error] {
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

func mergesOf(file *sheet.Book, i int) mergedCells {
	return sync.OnceValues(func() ([]sheet.Range, error) {
		extent, err := file.Extent(i)
		if err != nil {
			return nil, refused(err)
		}
		return extent.Merges, nil
	})
}
