package workbook

import (
	"bytes"
	"fmt"
	"io"
	"math"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// sheetFacts is what a first walk over a sheet's XML found: enough to know that
// excelize, which ends early on damage without saying so, read all of it.
type sheetFacts struct {
	lastFilled int       // the last row in which a cell holds something; rows count from one
	numbers    []rowBits // the cells that hold numbers, for rows that have any
	unsolved   []rowBits // the cells whose formula was saved without a result
	merges     []merge
	tooWide    string // the first filled cell beyond maxColumns, such as "XFD12"
}

// rowBits marks columns of a row; the lowest bit is column A. Columns from the
// 65th on have no mark.
type rowBits struct {
	row  int
	bits uint64
}

// merge is a block of cells shown as one; rows and columns count from one.
type merge struct{ top, left, bottom, right int }

// maxMerges are kept of a sheet; no header has more.
const maxMerges = 4096

// sheetScan walks one sheet part.
type sheetScan struct {
	facts   sheetFacts
	strings int // shared texts there are

	inData, dataSeen  bool
	rowOpen, cellOpen bool
	row, column       int  // of the element being read
	shared, number    bool // what the open cell's type says
	formula, solved   bool // whether the open cell has a formula, and a result of it
	inValue           bool
	value             []byte // of the open cell
}

// scanSheet reads a sheet part to its very end. Rows and cells must come in
// order and the document must be whole.
func scanSheet(src io.Reader, sharedStrings int) (sheetFacts, error) {
	x := newXMLReader(src)
	s := sheetScan{strings: sharedStrings}
	for {
		tok, err := x.next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = s.token(tok)
		}
		if err != nil {
			return s.facts, s.where(err)
		}
	}
	if !s.dataSeen {
		return s.facts, xmlErrorf("it has no rows element")
	}
	return s.facts, nil
}

// where adds the row in which a defect was found.
func (s *sheetScan) where(err error) error {
	if s.row == 0 {
		return err
	}
	return fmt.Errorf("after row %d: %w", s.row, err)
}

func (s *sheetScan) token(tok xmlToken) error {
	switch {
	case tok.kind == xmlText:
		if s.inValue {
			s.value = append(s.value, tok.text...)
		}
		return nil
	case tok.kind == xmlStart:
		return s.start(tok)
	case !s.inData:
		return nil
	}
	switch string(tok.name) {
	case "v":
		return s.endValue()
	case "c":
		s.endCell()
	case "row":
		s.rowOpen = false
	case "sheetData":
		s.inData = false
	}
	return nil
}

func (s *sheetScan) start(tok xmlToken) error {
	if !s.inData {
		switch string(tok.name) {
		case "sheetData":
			if s.dataSeen {
				return xmlErrorf("it has two lists of rows")
			}
			s.dataSeen, s.inData = true, !tok.empty
		case "mergeCell":
			s.addMerge(tok.attrs)
		}
		return nil
	}
	switch string(tok.name) {
	case "row":
		return s.startRow(tok)
	case "c":
		return s.startCell(tok)
	case "v", "is", "f":
		if s.cellOpen {
			s.fill()
			s.inValue = !tok.empty && tok.name[0] == 'v'
			s.formula = s.formula || tok.name[0] == 'f'
			s.value = s.value[:0]
		}
	}
	return nil
}

func (s *sheetScan) startRow(tok xmlToken) error {
	if s.rowOpen {
		return xmlErrorf("a row inside a row")
	}
	next := s.row + 1
	if r := attr(tok.attrs, "r"); r != nil {
		next = atoi(r)
	}
	if next <= s.row || next > maxSheetRows {
		return xmlErrorf("row %d follows row %d", next, s.row)
	}
	s.row, s.column, s.rowOpen = next, 0, !tok.empty
	return nil
}

func (s *sheetScan) startCell(tok xmlToken) error {
	if !s.rowOpen || s.cellOpen {
		return xmlErrorf("a cell outside a row")
	}
	column := s.column + 1
	if ref := attr(tok.attrs, "r"); ref != nil {
		var row int
		if column, row = parseRef(ref); row != s.row {
			return xmlErrorf("cell %.20s stands in row %d", ref, s.row)
		}
	}
	if column <= s.column || column > maxExcelColumns {
		return xmlErrorf("the cells of row %d are out of order", s.row)
	}
	kind := attr(tok.attrs, "t")
	s.column, s.cellOpen = column, !tok.empty
	s.shared = string(kind) == "s"
	s.number = kind == nil || string(kind) == "n"
	s.formula, s.solved = false, string(kind) == "str" // the result may be a text without characters
	return nil
}

// fill notes that the open cell holds something.
func (s *sheetScan) fill() {
	f := &s.facts
	f.lastFilled = s.row
	if s.column > maxColumns && f.tooWide == "" {
		f.tooWide = cellName(s.column, s.row)
	}
	if s.number {
		f.numbers = s.mark(f.numbers)
	}
}

// mark adds the open cell to those marked.
func (s *sheetScan) mark(cells []rowBits) []rowBits {
	if s.column > 64 {
		return cells
	}
	if n := len(cells); n == 0 || cells[n-1].row != s.row {
		cells = append(cells, rowBits{row: s.row})
	}
	cells[len(cells)-1].bits |= 1 << (s.column - 1)
	return cells
}

func (s *sheetScan) endCell() {
	s.cellOpen = false
	if s.formula && !s.solved {
		s.facts.unsolved = s.mark(s.facts.unsolved)
	}
}

// endValue checks that a shared text is there: excelize reads a wrong number as
// an empty cell.
func (s *sheetScan) endValue() error {
	if !s.inValue {
		return nil
	}
	s.inValue = false
	s.solved = s.solved || len(bytes.TrimSpace(s.value)) > 0
	if s.shared && atoi(bytes.TrimSpace(s.value)) >= s.strings {
		return xmlErrorf("cell %s points to a text that is not there", cellName(s.column, s.row))
	}
	return nil
}

func (s *sheetScan) addMerge(attrs []xmlAttr) {
	from, to, _ := bytes.Cut(attr(attrs, "ref"), []byte(":"))
	if to == nil || len(s.facts.merges) >= maxMerges {
		return
	}
	var m merge
	m.left, m.top = parseRef(from)
	m.right, m.bottom = parseRef(to)
	if m.left > 0 && m.top > 0 && m.right >= m.left && m.bottom >= m.top {
		s.facts.merges = append(s.facts.merges, m)
	}
}

func attr(attrs []xmlAttr, name string) []byte {
	for _, a := range attrs {
		if string(a.name) == name {
			return a.value
		}
	}
	return nil
}

const maxExcelColumns = 16384

// parseRef reads B17 as column 2 and row 17; both are zero when it is no cell.
func parseRef(ref []byte) (column, row int) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	row = atoi(ref[i:])
	if column == 0 || row <= 0 || row > maxSheetRows {
		return 0, 0
	}
	return column, row
}

// atoi reads a decimal number; math.MaxInt32 stands for what is none.
func atoi(b []byte) int {
	if len(b) == 0 || len(b) > 9 {
		return math.MaxInt32
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return math.MaxInt32
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// countStrings walks the shared texts and counts them.
func countStrings(src io.Reader) (int, error) {
	x := newXMLReader(src)
	n := 0
	for {
		tok, err := x.next()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if tok.kind == xmlStart && string(tok.name) == "si" {
			n++
		}
	}
}

// maxSharedStrings bounds what excelize makes of the shared texts in memory.
const maxSharedStrings = 4_000_000

func errTooWide(cell string) error {
	return fleet.Invalidf("file.too_wide", "cell %s holds something, and an import has at most %d columns: delete what stands to the right of the table", cell, maxColumns)
}
