package sheet

import (
	"errors"
	"fmt"
	"io"
)

// records reads records as Excel does: a line end may be CR, LF or both; a
// quoted field may hold separators and line ends, and a doubled quote is one.
// Blank lines count, so that rows have the numbers that Excel shows.
type records struct {
	src      io.Reader
	limits   Limits
	stops    [256]bool // bytes that end a run of plain ones
	sep      byte
	buf      []byte
	pos, end int
	offset   int64 // of buf[0] in the decoded text
	failed   error // io.EOF once everything was read

	row    int
	fields int // of the record, empty ones too
	cells  []Cell
	arena  []byte
	spans  []span
}

var (
	errEndlessQuote = errors.New("a quote is never closed")
	errZeroByte     = errors.New("a byte of zero")
)

func newRecords(src io.Reader, sep byte, l Limits) *records {
	c := &records{src: src, limits: l, sep: sep, buf: make([]byte, 64<<10)}
	for _, b := range []byte{sep, '\r', '\n', 0} {
		c.stops[b] = true
	}
	return c
}

// peek is the next byte; ok is false at the end, or where reading failed.
func (c *records) peek() (b byte, ok bool) {
	for c.pos == c.end {
		if c.failed != nil {
			return 0, false
		}
		c.offset += int64(c.end)
		c.pos = 0
		c.end, c.failed = c.src.Read(c.buf)
	}
	return c.buf[c.pos], true
}

// atEnd reports whether everything was read.
func (c *records) atEnd() bool { _, ok := c.peek(); return !ok }

// next reads a record; io.EOF says that there is none left.
func (c *records) next() error {
	c.cells, c.spans, c.arena, c.fields = c.cells[:0], c.spans[:0], c.arena[:0], 0
	if c.atEnd() {
		return c.failed
	}
	c.row++
	for {
		from := len(c.arena)
		more, err := c.field()
		if err != nil {
			return err
		}
		c.fields++
		if to := len(c.arena); to > from {
			if c.fields > c.limits.Columns {
				return &defect{CodeTooWide, ""}
			}
			c.cells = append(c.cells, Cell{Column: c.fields, Kind: Text, Format: General})
			c.spans = append(c.spans, span{from, to})
		}
		if !more {
			return nil
		}
	}
}

// field reads one field; more says that another follows in the line.
func (c *records) field() (more bool, err error) {
	from := len(c.arena)
	if b, ok := c.peek(); ok && b == '"' {
		c.pos++
		if err := c.quoted(from); err != nil {
			return false, err
		}
	}
	for {
		if err := c.plain(from); err != nil {
			return false, err
		}
		b, ok := c.peek()
		if !ok {
			return false, c.ended()
		}
		c.pos++
		switch b {
		case c.sep:
			return true, nil
		case '\r':
			if b, ok := c.peek(); ok && b == '\n' {
				c.pos++
			}
			return false, nil
		case '\n':
			return false, nil
		case 0:
			return false, errZeroByte
		}
	}
}

// ended tells the end of the file from a failure.
func (c *records) ended() error {
	if c.failed == io.EOF {
		return nil
	}
	return c.failed
}

// plain appends bytes up to one that ends the field, or to the end.
func (c *records) plain(from int) error {
	for {
		if _, ok := c.peek(); !ok {
			return nil
		}
		i := c.pos
		for i < c.end && !c.stops[c.buf[i]] {
			i++
		}
		c.arena = append(c.arena, c.buf[c.pos:i]...)
		c.pos = i
		if err := c.bounded(from); err != nil || i < c.end {
			return err
		}
	}
}

// quoted appends bytes behind an opening quote, and takes the closing one.
func (c *records) quoted(from int) error {
	for {
		if c.atEnd() {
			if c.failed == io.EOF {
				return errEndlessQuote
			}
			return c.failed
		}
		i := c.pos
		for i < c.end && c.buf[i] != '"' && c.buf[i] != 0 {
			i++
		}
		c.arena = append(c.arena, c.buf[c.pos:i]...)
		c.pos = i
		if c.bounded(from) != nil {
			return errEndlessQuote
		}
		if i == c.end {
			continue
		}
		c.pos++
		if c.buf[i] == 0 {
			return errZeroByte
		}
		if b, ok := c.peek(); !ok || b != '"' {
			return nil
		}
		c.arena = append(c.arena, '"')
		c.pos++
	}
}

func (c *records) bounded(from int) error {
	if len(c.arena)-from > c.limits.Text {
		return tooLargef("a field is longer than %d bytes", c.limits.Text)
	}
	if len(c.arena) > c.limits.Row {
		return tooLargef("a row is longer than %d bytes", c.limits.Row)
	}
	return nil
}

// finish cuts the record's texts.
func (c *records) finish() Row {
	for i, s := range c.spans {
		c.cells[i].Text = c.arena[s.from:s.to:s.to]
	}
	return Row{Number: c.row, Cells: c.cells}
}

// read gives each filled row to yield until that returns false; whole says that
// it never did.
func (f *textFile) read(yield func(Row) bool) (whole bool, err error) {
	c := newRecords(f.decoded(), f.dialect.Separator, f.limits)
	for {
		err := c.next()
		switch {
		case err == io.EOF:
			return true, nil
		case err != nil:
			return false, f.explain(err, c.row, c.offset+int64(c.pos))
		case c.row > f.limits.Rows:
			return false, f.explain(tooLargef("it has more than %d rows", f.limits.Rows), c.row, c.offset+int64(c.pos))
		}
		if f.announced && c.row == 1 || len(c.cells) == 0 {
			continue
		}
		if !yield(c.finish()) {
			return false, nil
		}
	}
}

// explain says what is wrong with a text file.
func (f *textFile) explain(err error, row int, offset int64) error {
	e := &Error{Code: CodeDamaged, Row: row, Offset: offset}
	var d *defect
	switch {
	case err == errEndlessQuote:
		e.Message = fmt.Sprintf(`the text in quotes that begins in row %d never ends: close it with ", or save the file anew from Excel`, row)
	case err == errZeroByte:
		e.Message = fmt.Sprintf("the file is damaged: row %d holds bytes of zero, as files do that were cut off while they were written. Save it anew and send that", row)
	case !errors.As(err, &d):
		return locate(err, *e)
	case d.code == CodeTooWide:
		e.Code = d.code
		e.Message = fmt.Sprintf("the file is too wide: row %d holds something beyond column %s. Delete what stands to the right of the table", row, ColumnName(f.limits.Columns))
	case d.code == CodeTooLarge:
		e.Code = d.code
		e.Message = fmt.Sprintf("the file is too large: in row %d, %s. Split it into several files", row, d.text)
	default:
		e.Message = fmt.Sprintf("the file is damaged: in or behind row %d, %s. Save it anew, as .xlsx or as CSV UTF-8, and send that", row, d.text)
	}
	return e
}
