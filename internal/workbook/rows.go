package workbook

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// row is a filled row of a sheet, valid until the next one is read.
type row struct {
	number int      // as Excel shows it, from one
	cells  []string // column A first; behind the last filled one there are none
	marks  []mark   // of the same cells; there are fewer where none is marked
	beyond string   // the first filled cell behind maxColumns, such as XFD12
}

// mark is what is known of a cell beside its text.
type mark uint8

const (
	markNumber   mark = iota + 1 // the workbook holds it as a number
	markUnsolved                 // it holds a formula without a result
)

func (r row) cell(column int) string {
	if column < len(r.cells) {
		return r.cells[column]
	}
	return ""
}

func (r row) isNumber(column int) bool { return r.mark(column) == markNumber }

func (r row) isUnsolved(column int) bool { return r.mark(column) == markUnsolved }

func (r row) mark(column int) mark {
	if column >= 0 && column < len(r.marks) {
		return r.marks[column]
	}
	return 0
}

// blank says whether the row holds nothing but formulas that gave no text.
func (r row) blank() bool {
	for i, text := range r.cells {
		if text != "" || r.isUnsolved(i) {
			return false
		}
	}
	return r.beyond == ""
}

// tooWide is the refusal of a list that goes further to the right than lists do.
func (r row) tooWide() error {
	if r.beyond == "" {
		return nil
	}
	return fleet.Invalidf("file.too_wide", "cell %s holds something, and an import has at most %d columns: delete what stands to the right of the table", r.beyond, maxColumns)
}

// clone is a row that stays valid.
func (r row) clone() row {
	r.cells, r.marks = slices.Clone(r.cells), slices.Clone(r.marks)
	return r
}

// rowMaker makes rows of what a sheet's reader gives, whose memory is used again
// for the next row. A text is copied, unless the last one in its column was the
// same: in lists that is usual, so that rows share their texts.
type rowMaker struct {
	row   row
	known []string // the last text of each column
}

func (m *rowMaker) make(from sheet.Row) row {
	r := row{number: from.Number, cells: m.row.cells[:0], marks: m.row.marks[:0]}
	for _, c := range from.Cells {
		if c.Column > maxColumns {
			r.beyond = sheet.CellName(c.Column, from.Number)
			break
		}
		for len(r.cells) < c.Column-1 {
			r.cells, r.marks = append(r.cells, ""), append(r.marks, 0)
		}
		r.cells, r.marks = append(r.cells, m.text(c)), append(r.marks, markOf(c))
	}
	m.row = r
	return r
}

func (m *rowMaker) text(c sheet.Cell) string {
	for len(m.known) < c.Column {
		m.known = append(m.known, "")
	}
	known := &m.known[c.Column-1]
	if *known != string(c.Text) {
		*known = c.String()
	}
	return *known
}

func markOf(c sheet.Cell) mark {
	switch c.Kind {
	case sheet.Number:
		return markNumber
	case sheet.Empty:
		return markUnsolved
	}
	return 0
}
