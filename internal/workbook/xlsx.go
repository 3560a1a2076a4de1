package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// openXLSX checks every part that will be read, from its first byte to its last,
// and only then hands them to excelize.
func openXLSX(f File, l Limits) (*book, error) {
	a, err := openArchive(f, l)
	if err != nil {
		return nil, err
	}
	c, err := a.contents()
	if err != nil {
		return nil, err
	}
	facts, err := a.scan(c)
	if err != nil {
		return nil, err
	}
	packed, err := a.repack(c.sheets)
	if err != nil {
		return nil, damagedf("a part of it cannot be read")
	}
	x, err := openExcelize(packed, l)
	if err != nil {
		return nil, err
	}
	b := &book{date1904: c.date1904, close: x.Close}
	for i, part := range c.sheets {
		b.sheets = append(b.sheets, xlsxSheet(x, i, part, facts[i]))
	}
	return b, nil
}

// scan walks the shared texts and all sheets.
func (a *archive) scan(c contents) ([]sheetFacts, error) {
	texts := 0
	if a.parts[sharedStringsPart] != nil {
		r, err := a.unpack(sharedStringsPart, a.limits.Strings)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		if texts, err = countStrings(r); err != nil {
			return nil, damagedf("its texts (%s) cannot be read: %s", sharedStringsPart, plain(err))
		}
		if texts > maxSharedStrings {
			return nil, fleet.Invalidf("file.too_large", "the workbook holds more than %d different texts: split it into several files", maxSharedStrings)
		}
	}
	all := make([]sheetFacts, len(c.sheets))
	for i, sheet := range c.sheets {
		r, err := a.unpack(sheet.part, a.limits.Sheet)
		if err != nil {
			return nil, err
		}
		all[i], err = scanSheet(r, texts)
		_ = r.Close() // reading to the end has told all there is to tell
		if err != nil {
			return nil, damagedf("the sheet %q cannot be read whole: %s", sheet.name, plain(err))
		}
	}
	return all, nil
}

// plain turns the errors of unpacking into words.
func plain(err error) string {
	var defect xmlError
	if errors.As(err, &defect) {
		return err.Error()
	}
	return "its packed data is not what was written"
}

func xlsxSheet(x *excelize.File, i int, part sheetPart, facts sheetFacts) sheet {
	s := sheet{name: part.name, hidden: part.hidden, merges: facts.merges, filled: facts.lastFilled}
	if facts.tooWide != "" {
		s.refuse = errTooWide(facts.tooWide)
	}
	s.rows = func(ctx context.Context) iter.Seq2[row, error] {
		rows := xlsxRows{file: x, sheet: fmt.Sprintf("s%d", i+1), facts: facts}
		return readAhead(ctx, rows.read)
	}
	return s
}

func openExcelize(r io.Reader, l Limits) (x *excelize.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = damagedf("it cannot be opened")
		}
	}()
	x, err = excelize.OpenReader(r, excelize.Options{
		RawCellValue:      true,
		UnzipSizeLimit:    8 << 30, // what was unpacked before is within our own limits
		UnzipXMLSizeLimit: 16 << 20,
		TmpDir:            l.TempDir,
	})
	if err != nil {
		return nil, damagedf("it cannot be opened (%v)", err)
	}
	return x, nil
}

// xlsxRows reads one sheet through excelize.
type xlsxRows struct {
	file  *excelize.File
	sheet string
	facts sheetFacts
}

// read calls yield with each filled row until it returns false. Rows behind the
// last filled one, of which some programs announce a million, are not visited.
func (x *xlsxRows) read(yield func(row) bool) (err error) {
	last := 0
	defer func() {
		if p := recover(); p != nil {
			err = damagedf("it cannot be read beyond row %d", last)
		}
	}()
	rows, err := x.file.Rows(x.sheet)
	if err != nil {
		return damagedf("its rows cannot be read (%v)", err)
	}
	defer rows.Close()
	numbers, unsolved := x.facts.numbers, x.facts.unsolved
	for last < x.facts.lastFilled && rows.Next() {
		last++
		cells, err := rows.Columns()
		if err != nil {
			return damagedf("row %d cannot be read (%v)", last, err)
		}
		r := row{number: last, cells: cells}
		r.numbers, numbers = bitsOf(last, numbers)
		r.unsolved, unsolved = bitsOf(last, unsolved)
		if !r.blank() && !yield(r) {
			return nil
		}
	}
	if err := rows.Error(); err != nil || last < x.facts.lastFilled {
		return damagedf("%d of %d rows could be read", last, x.facts.lastFilled)
	}
	return nil
}

// bitsOf takes the marks of a row off those that are left.
func bitsOf(row int, left []rowBits) (bits uint64, rest []rowBits) {
	if len(left) > 0 && left[0].row == row {
		return left[0].bits, left[1:]
	}
	return 0, left
}
