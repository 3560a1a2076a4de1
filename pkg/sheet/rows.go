package sheet

import (
	"bytes"
)

// rowReader reads one worksheet part.
type rowReader struct {
	lookup
	x        *scanner
	sheet    string
	limits   Limits
	date1904 bool
	merges   *[]Range // nil when nobody asks
	drawing  string   // the relation to the drawing of the comments, once it was passed

	row    int // being read; of the last one in between
	column int // being read; zero outside cells
	last   int // the column of the row's last cell
	filled int // bytes of text in the row

	cells []Cell
	spans []span
	arena []byte // the row's texts, but for shared ones
}

// span is where in the arena a cell's text lies. The arena may move while the
// row is read, so texts are cut from it when the row is whole.
type span struct{ from, to int }

var notInArena = span{from: -1}

// locate adds the place being read to an error.
func (r *rowReader) locate(err error, part string) error {
	if err == nil {
		return nil
	}
	return locate(err, Error{Part: part, Sheet: r.sheet, Row: r.row, Column: r.column, Offset: r.x.at()})
}

// read gives each filled row to yield; whole says that it took them all, and
// that the document was read to its end.
func (r *rowReader) read(x *scanner, yield func(Row) bool) (whole bool, err error) {
	r.x = x
	empty, err := r.findRows()
	if err != nil {
		return false, err
	}
	for !empty {
		more, err := r.nextRow()
		if err != nil {
			return false, err
		}
		if !more {
			break
		}
		if len(r.cells) > 0 && !yield(r.finish()) {
			return false, nil
		}
	}
	return true, r.rest()
}

// findRows reads up to the list of rows, which may be an empty tag.
func (r *rowReader) findRows() (empty bool, err error) {
	for {
		tok, err := r.x.next()
		switch {
		case err != nil:
			return false, err
		case tok == tokenDone:
			return false, damagedf("it has no list of rows")
		case tok != tokenStart:
		case r.x.level() == 1 && string(r.x.name) != "worksheet":
			return false, damagedf("it is no sheet but a <%.40s>", r.x.name)
		case r.x.level() == 2 && string(r.x.name) == "sheetData":
			return r.x.isEmpty, nil
		}
	}
}

// rest reads what stands behind the rows, to the end of the document.
func (r *rowReader) rest() error {
	for {
		tok, err := r.x.next()
		switch {
		case err != nil || tok == tokenDone:
			return err
		case tok != tokenStart:
		case r.x.level() == 2 && string(r.x.name) == "sheetData":
			return damagedf("it has two lists of rows")
		case r.x.level() == 2 && string(r.x.name) == "legacyDrawing":
			r.drawing = string(r.x.prefixedAttr("id"))
		case r.x.level() == 3 && string(r.x.name) == "mergeCell":
			if err := r.merge(r.x.attr("ref")); err != nil {
				return err
			}
		}
	}
}

// merge notes a merged block. What is no block merges nothing, and is passed over.
func (r *rowReader) merge(ref []byte) error {
	if r.merges == nil {
		return nil
	}
	from, to, _ := bytes.Cut(ref, []byte(":"))
	left, top := parseRef(from)
	right, bottom := parseRef(to)
	if left == 0 || right < left || bottom < top || bottom > r.limits.Rows || right > r.limits.Columns {
		return nil
	}
	if len(*r.merges) >= r.limits.Merges {
		return tooLargef("it has more than %d merged blocks", r.limits.Merges)
	}
	*r.merges = append(*r.merges, Range{int32(top), int32(left), int32(bottom), int32(right)})
	return nil
}

// nextRow reads one row into cells; more is false at the end of the list.
func (r *rowReader) nextRow() (more bool, err error) {
	x := r.x
	for {
		tok, err := x.next()
		if err != nil {
			return false, err
		}
		switch tok {
		case tokenEnd:
			return false, nil
		case tokenText:
			if err := r.blank(); err != nil {
				return false, err
			}
		case tokenStart:
			if string(x.name) == "row" {
				return true, r.readRow()
			}
			if err := x.skip(); err != nil {
				return false, err
			}
		}
	}
}

// blank refuses a text where only tags may be.
func (r *rowReader) blank() error {
	for _, c := range r.x.text {
		if !isBlank(c) {
			return damagedf("the text %.20q stands outside of a cell", r.x.text)
		}
	}
	return nil
}

func (r *rowReader) readRow() error {
	if err := r.startRow(); err != nil || r.x.isEmpty {
		return err
	}
	x := r.x
	for {
		if done, err := r.quickCell(); err != nil {
			return err
		} else if done {
			r.column = 0
			continue
		}
		tok, err := x.next()
		if err != nil {
			return err
		}
		switch tok {
		case tokenEnd:
			return nil
		case tokenText:
			if err := r.blank(); err != nil {
				return err
			}
		case tokenStart:
			if string(x.name) == "c" {
				err = r.readCell()
			} else {
				err = x.skip()
			}
			if err != nil {
				return err
			}
			r.column = 0
		}
	}
}

func (r *rowReader) startRow() error {
	next := r.row + 1
	if ref := r.x.attr("r"); ref != nil {
		n, ok := atoi(ref)
		if !ok || n == 0 {
			return damagedf("a row has the number %.20q", ref)
		}
		next = n
	}
	if next <= r.row {
		return damagedf("row %d follows row %d", next, r.row)
	}
	if next > r.limits.Rows {
		return tooLargef("there is a row with the number %d, beyond %d", next, r.limits.Rows)
	}
	r.row, r.last, r.filled = next, 0, 0
	r.cells, r.spans, r.arena = r.cells[:0], r.spans[:0], r.arena[:0]
	return nil
}

// finish cuts the row's texts.
func (r *rowReader) finish() Row {
	for i, s := range r.spans {
		if s.from >= 0 {
			r.cells[i].Text = r.arena[s.from:s.to:s.to]
		}
	}
	return Row{Number: r.row, Cells: r.cells}
}
