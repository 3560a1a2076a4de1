package sheet

import (
	"strconv"
	"strings"
)

// Kind says what a cell holds.
type Kind uint8

const (
	// Empty is the kind of a formula with which no value was saved. A formula that
	// gave a text without letters is a Text. Other empty cells are not listed.
	Empty      Kind = iota + 1
	Text            // text, as people see it
	Number          // a number, in the digits of the file; see [Cell.Format]
	Bool            // TRUE or FALSE
	ErrorValue      // an error of Excel's, such as #N/A or #DIV/0!
	Date            // a date in ISO 8601, as strict workbooks write it
)

var kindNames = [...]string{"", "empty", "text", "number", "bool", "error", "date"}

func (k Kind) String() string { return kindNames[k] }

// Format says what Excel shows a number as.
type Format uint8

const (
	General  Format = iota + 1 // a number
	Day                        // a date
	Clock                      // a time of day
	DayClock                   // a date and a time
	Duration                   // hours, minutes or seconds that may exceed a day's
)

var formatNames = [...]string{"", "general", "day", "clock", "day and clock", "duration"}

func (f Format) String() string { return formatNames[f] }

// Cell is a cell that holds something.
type Cell struct {
	Column  int // from one: A is 1
	Kind    Kind
	Format  Format // of a Number; General for the rest
	Formula bool   // Text is what the formula gave when the workbook was saved

	Date1904 bool // a Number counts its days from 1904; see [Cell.Time]

	// Text is the value in UTF-8: texts without their formatting, numbers with
	// the digits of the file, TRUE or FALSE, #N/A. It is the reader's memory:
	// not to be changed, and valid until the next row is asked for.
	Text []byte
}

// String is a copy of the cell's text.
func (c Cell) String() string { return string(c.Text) }

// IsDate reports whether Excel shows the cell as a date, with or without a time.
func (c Cell) IsDate() bool {
	return c.Kind == Date || c.Kind == Number && (c.Format == Day || c.Format == DayClock)
}

// Row is a row in which at least one cell holds something.
type Row struct {
	Number int    // from one, as Excel shows it
	Cells  []Cell // those that hold something, from left to right; valid as long as their Text
}

// Cell gives the cell of a column, counted from one; where it holds nothing,
// a Cell of no kind.
func (r Row) Cell(column int) Cell {
	if i := column - 1; i >= 0 && i < len(r.Cells) && r.Cells[i].Column == column {
		return r.Cells[i]
	}
	for _, c := range r.Cells {
		if c.Column == column {
			return c
		}
	}
	return Cell{}
}

// Clone copies the row, so that it stays valid for good.
func (r Row) Clone() Row {
	n := 0
	for _, c := range r.Cells {
		n += len(c.Text)
	}
	text := make([]byte, 0, n)
	cells := make([]Cell, len(r.Cells))
	for i, c := range r.Cells {
		from := len(text)
		text = append(text, c.Text...)
		cells[i] = c
		cells[i].Text = text[from:len(text):len(text)]
	}
	return Row{Number: r.Number, Cells: cells}
}

// Range is a block of cells; rows and columns count from one.
type Range struct{ Top, Left, Bottom, Right int32 }

// String is the range as Excel writes it, such as A1:C2.
func (r Range) String() string {
	return CellName(int(r.Left), int(r.Top)) + ":" + CellName(int(r.Right), int(r.Bottom))
}

// Holds reports whether a cell lies in the range.
func (r Range) Holds(column, row int) bool {
	return int(r.Left) <= column && column <= int(r.Right) && int(r.Top) <= row && row <= int(r.Bottom)
}

// CellName is a cell as Excel writes it: column 2 of row 17 is B17.
func CellName(column, row int) string {
	var b strings.Builder
	b.WriteString(ColumnName(column))
	b.WriteString(strconv.Itoa(row))
	return b.String()
}

// ColumnName is a column as Excel writes it: 1 is A, 27 is AA.
func ColumnName(column int) string {
	var b [16]byte
	i := len(b)
	for ; column > 0; column = (column - 1) / 26 {
		i--
		b[i] = 'A' + byte((column-1)%26)
	}
	return string(b[i:])
}

// parseRef reads B17 as column 2 and row 17. Both are zero when it is no cell.
func parseRef(ref []byte) (column, row int) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	row, ok := atoi(ref[i:])
	if !ok || row == 0 || column == 0 {
		return 0, 0
	}
	return column, row
}

// atoi reads a decimal number of up to nine digits.
func atoi(b []byte) (n int, ok bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
