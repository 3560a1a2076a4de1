package sheet

import (
	"bytes"
	"fmt"
)

// cellType is what a cell says of its value.
type cellType uint8

const (
	typeNumber cellType = iota + 1
	typeShared
	typeText   // of a formula
	typeInline // in the cell
	typeBool
	typeError
	typeDate
)

func cellTypeOf(b []byte) (cellType, error) {
	switch string(b) {
	case "s":
		return typeShared, nil
	case "inlineStr":
		return typeInline, nil
	case "", "n":
		return typeNumber, nil
	case "str":
		return typeText, nil
	case "b":
		return typeBool, nil
	case "e":
		return typeError, nil
	case "d":
		return typeDate, nil
	}
	return 0, damagedf("the cell is of the unknown type %.20q", b)
}

// openCell is what is known of the cell being read.
type openCell struct {
	kind     cellType
	style    int
	formula  bool
	hasValue bool
	hasRich  bool // its text stood in <is>
	from     int  // where its value begins in the arena
}

func (r *rowReader) readCell() error {
	x := r.x
	c := openCell{from: len(r.arena)}
	if err := r.startCell(&c, x.attr("r"), x.attr("s"), x.attr("t")); err != nil || x.isEmpty {
		return err
	}
	for {
		tok, err := x.next()
		if err != nil {
			return err
		}
		switch tok {
		case tokenEnd:
			return r.endCell(&c)
		case tokenText:
			err = r.blank()
		case tokenStart:
			err = r.readChild(&c)
		}
		if err != nil {
			return err
		}
	}
}

func (r *rowReader) startCell(c *openCell, ref, style, kind []byte) (err error) {
	if err := r.place(ref); err != nil {
		return err
	}
	if c.kind, err = cellTypeOf(kind); err != nil || len(style) == 0 {
		return err
	}
	n, ok := atoi(style)
	if !ok || r.formats != nil && n >= len(r.formats) {
		return damagedf("the cell has style number %.20q, and there are %d", style, len(r.formats))
	}
	c.style = n
	return nil
}

// place finds the cell's column: cells may come without their name.
func (r *rowReader) place(ref []byte) error {
	column, row := r.last+1, r.row
	if ref != nil {
		if column, row = parseRef(ref); column == 0 {
			return damagedf("a cell has the name %.20q", ref)
		}
	}
	switch {
	case row != r.row:
		return damagedf("the cell %s stands in row %d", CellName(column, row), r.row)
	case column <= r.last:
		return damagedf("the cell %s stands behind %s", CellName(column, row), CellName(r.last, row))
	case column > r.limits.Columns:
		return &defect{CodeTooWide, fmt.Sprintf("the cell %s stands beyond column %s", CellName(column, row), ColumnName(r.limits.Columns))}
	}
	r.last, r.column = column, column
	return nil
}

func (r *rowReader) readChild(c *openCell) error {
	x := r.x
	switch string(x.name) {
	case "v":
		if c.hasValue && !c.hasRich {
			return damagedf("the cell has two values")
		}
		if c.hasRich {
			return x.skip()
		}
		c.hasValue = true
		return r.readValue()
	case "is":
		if c.kind != typeInline {
			return x.skip()
		}
		if c.hasRich {
			return damagedf("the cell has two values")
		}
		c.hasValue, c.hasRich = true, true
		var err error
		r.arena, err = readRichText(x, r.arena[:c.from], r.limits.Text)
		return err
	case "f":
		c.formula = true
	}
	return x.skip()
}

func (r *rowReader) readValue() error {
	x := r.x
	if x.isEmpty {
		return nil
	}
	from := len(r.arena)
	for {
		tok, err := x.next()
		if err != nil {
			return err
		}
		switch tok {
		case tokenText:
			if r.arena = x.appendText(r.arena); len(r.arena)-from > r.limits.Text {
				return tooLargef("it holds more than %d bytes", r.limits.Text)
			}
		case tokenEnd:
			return nil
		case tokenStart:
			return damagedf("a tag stands in the cell's value")
		}
	}
}

// endCell adds the cell to the row, if it holds anything.
func (r *rowReader) endCell(c *openCell) error {
	cell := Cell{Column: r.column, Format: General, Formula: c.formula, Date1904: r.date1904}
	value, at := r.arena[c.from:], notInArena
	switch {
	case len(value) == 0 && !c.formula:
		return nil
	case c.formula && c.kind != typeText && len(trimBlanks(value)) == 0:
		cell.Kind = Empty
	case len(value) == 0: // the text without letters that a formula gave
		cell.Kind = Text
	case c.kind == typeShared:
		i, ok := atoi(bytes.TrimSpace(value))
		if !ok || i >= len(r.texts.starts) {
			return damagedf("the cell points to text number %.20q, and there are %d", value, len(r.texts.starts))
		}
		r.arena = r.arena[:c.from]
		cell.Kind, cell.Text = Text, r.texts.get(i)
		if len(cell.Text) == 0 && !c.formula {
			return nil
		}
	default:
		value = r.interpret(&cell, c, value)
		r.arena = append(r.arena[:c.from], value...)
		at = span{c.from, len(r.arena)}
		cell.Text = r.arena[at.from:]
	}
	if r.filled += len(cell.Text); r.filled > r.limits.Row {
		return tooLargef("the row holds more than %d bytes", r.limits.Row)
	}
	r.cells = append(r.cells, cell)
	r.spans = append(r.spans, at)
	return nil
}

// interpret finds the cell's kind. A value that is not what its type promises is
// given as the text that it is.
func (r *rowReader) interpret(cell *Cell, c *openCell, value []byte) []byte {
	cell.Kind = Text
	switch c.kind {
	case typeText, typeInline:
		if c.hasRich {
			return value // was unescaped run by run
		}
		return unescape(value)
	case typeError:
		cell.Kind = ErrorValue
		return bytes.TrimSpace(value)
	case typeDate:
		cell.Kind = Date
		return bytes.TrimSpace(value)
	case typeBool:
		switch trimmed := bytes.TrimSpace(value); string(trimmed) {
		case "1", "true":
			cell.Kind = Bool
			return textTrue
		case "0", "false":
			cell.Kind = Bool
			return textFalse
		}
	case typeNumber:
		if trimmed := trimBlanks(value); isNumber(trimmed) {
			cell.Kind = Number
			if c.style < len(r.formats) {
				cell.Format = r.formats[c.style]
			}
			return trimmed
		}
	}
	return value
}

var (
	textTrue  = []byte("TRUE")
	textFalse = []byte("FALSE")
)

func trimBlanks(b []byte) []byte {
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isBlank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// isNumber says whether b is a number as XML writes it, such as -1.5E+07.
func isNumber(b []byte) bool {
	i := 0
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		i++
	}
	whole := digits(b[i:])
	i += whole
	if i < len(b) && b[i] == '.' {
		fraction := digits(b[i+1:])
		i += 1 + fraction
		whole += fraction
	}
	if whole == 0 {
		return false
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '-' || b[i] == '+') {
			i++
		}
		n := digits(b[i:])
		if n == 0 {
			return false
		}
		i += n
	}
	return i == len(b)
}

func digits(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}
