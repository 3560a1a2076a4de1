package readproc

import (
	"encoding/binary"
	"math"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// A row is its number and how many cells it has, then for each cell how many
// columns it stands behind the one before, its traits in a byte, and its text
// behind its length. All numbers are unsigned varints.

// The traits of a cell.
const (
	traitKind     = 0b111
	traitFormat   = 0b111 << formatShift
	traitFormula  = 1 << 6
	traitDate1904 = 1 << 7
	formatShift   = 3
)

func appendRow(b []byte, r sheet.Row) []byte {
	b = binary.AppendUvarint(b, uint64(r.Number))
	b = binary.AppendUvarint(b, uint64(len(r.Cells)))
	column := 0
	for i := range r.Cells {
		c := &r.Cells[i]
		b = binary.AppendUvarint(b, uint64(c.Column-column))
		b = append(b, traits(c))
		b = binary.AppendUvarint(b, uint64(len(c.Text)))
		b = append(b, c.Text...)
		column = c.Column
	}
	return b
}

func traits(c *sheet.Cell) byte {
	t := byte(c.Kind) | byte(c.Format)<<formatShift
	if c.Formula {
		t |= traitFormula
	}
	if c.Date1904 {
		t |= traitDate1904
	}
	return t
}

// rowDecoder takes rows out of frames. They follow each other in their numbers,
// and their cells in their columns, or the process has lost its mind.
type rowDecoder struct {
	rest  []byte // of the frame
	last  int    // the number of the row before
	cells []sheet.Cell
}

// next is the next row of the frame. Its texts are in the frame's memory.
func (d *rowDecoder) next() (sheet.Row, error) {
	number, err := d.number(math.MaxInt32)
	if err != nil {
		return sheet.Row{}, err
	}
	if number <= d.last {
		return sheet.Row{}, garbled("row %d behind row %d", number, d.last)
	}
	n, err := d.number(len(d.rest) / 3) // each takes three bytes at least
	if err != nil || n == 0 {
		return sheet.Row{}, garbled("row %d has %d cells", number, n)
	}
	d.cells = d.cells[:0]
	column := 0
	for range n {
		c, err := d.cell(column)
		if err != nil {
			return sheet.Row{}, err
		}
		d.cells = append(d.cells, c)
		column = c.Column
	}
	d.last = number
	return sheet.Row{Number: number, Cells: d.cells}, nil
}

func (d *rowDecoder) cell(before int) (c sheet.Cell, err error) {
	further, err := d.number(math.MaxInt32 - before)
	if err != nil || further == 0 || len(d.rest) == 0 {
		return c, garbled("a cell %d columns further", further)
	}
	t := d.rest[0]
	d.rest = d.rest[1:]
	size, err := d.number(math.MaxInt32)
	if err != nil || size > len(d.rest) {
		return c, garbled("a text of %d bytes where %d are left", size, len(d.rest))
	}
	c = sheet.Cell{
		Column: before + further, Kind: sheet.Kind(t & traitKind), Format: sheet.Format(t & traitFormat >> formatShift),
		Formula: t&traitFormula != 0, Date1904: t&traitDate1904 != 0, Text: d.rest[:size:size],
	}
	d.rest = d.rest[size:]
	if c.Kind < sheet.Empty || c.Kind > sheet.Date || c.Format < sheet.General || c.Format > sheet.Duration {
		return c, garbled("a cell of kind %d and format %d", uint8(c.Kind), uint8(c.Format))
	}
	return c, nil
}

// number reads one of at most most.
func (d *rowDecoder) number(most int) (int, error) {
	if len(d.rest) > 0 && d.rest[0] < 0x80 && int(d.rest[0]) <= most {
		n := int(d.rest[0])
		d.rest = d.rest[1:]
		return n, nil
	}
	n, size := binary.Uvarint(d.rest)
	if size <= 0 || most < 0 || n > uint64(most) {
		return 0, garbled("a number that is cut off or more than %d", most)
	}
	d.rest = d.rest[size:]
	return int(n), nil
}
