package workbook

import (
	"context"
	"iter"
)

// row is a filled row of a sheet: the texts of its cells, which of them the
// workbook holds as numbers, and which as formulas without a result.
type row struct {
	number   int      // as Excel shows it, from one
	cells    []string // column A first; empty cells behind the last are left out
	numbers  uint64   // the lowest bit is column A; always zero for text files
	unsolved uint64   // likewise
}

func (r row) cell(column int) string {
	if column < len(r.cells) {
		return r.cells[column]
	}
	return ""
}

func (r row) isNumber(column int) bool {
	return column >= 0 && column < 64 && r.numbers>>column&1 == 1
}

func (r row) isUnsolved(column int) bool {
	return column >= 0 && column < 64 && r.unsolved>>column&1 == 1
}

func (r row) blank() bool {
	if r.unsolved != 0 {
		return false
	}
	for _, c := range r.cells {
		if c != "" {
			return false
		}
	}
	return true
}

// book is an opened file.
type book struct {
	sheets   []sheet
	date1904 bool
	notes    []string
	close    func() error
}

// sheet is one of its sheets.
type sheet struct {
	name   string
	hidden bool
	merges []merge
	filled int   // rows down to the last filled one; zero when it has none
	refuse error // why it cannot be imported, should it be asked for
	// rows yields the filled rows in order. After an error it ends.
	rows func(context.Context) iter.Seq2[row, error]
}

// open sniffs a file and opens it.
func open(f File, l Limits) (*book, error) {
	format, err := sniff(f, l.File)
	if err != nil {
		return nil, err
	}
	if format == formatZip {
		return openXLSX(f, l)
	}
	return openText(f)
}
