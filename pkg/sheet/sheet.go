package sheet

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
)

// Book is an opened workbook or text file. It holds no goroutine and nothing to
// be closed, and reads from its io.ReaderAt whenever it is asked; several
// goroutines may use it at once.
type Book struct {
	limits   Limits
	sheets   []Sheet
	date1904 bool
	text     *textFile // nil for a workbook

	archive *archive
	parts   []string // of the sheets
	load    func() (*lookup, error)
}

// Sheet is one sheet of a book.
type Sheet struct {
	Name  string // empty for a text file
	State State
}

// State says whether a sheet is shown.
type State uint8

const (
	Visible    State = iota + 1
	Hidden           // can be shown again by hand
	VeryHidden       // can be shown again by a program only
)

var stateNames = [...]string{"", "visible", "hidden", "very hidden"}

func (s State) String() string { return stateNames[s] }

// lookup is what the cells of all sheets point to.
type lookup struct {
	texts   *sharedTexts
	formats []Format // nil when the workbook has no styles
}

// Open looks at the first bytes of a file and opens it as a workbook (.xlsx,
// .xlsm) or as text (.csv, .tsv); anything else is an *Error that says what the
// file is. Sheets are listed and not read.
func Open(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	l = l.withDefaults()
	zipped, err := sniff(r, size, l)
	if err != nil {
		return nil, err
	}
	if !zipped {
		return openText(r, size, l)
	}
	a, err := openArchive(r, size, l)
	if err != nil {
		return nil, err
	}
	c, err := a.contents()
	if err != nil {
		return nil, err
	}
	b := &Book{limits: l, sheets: c.sheets, date1904: c.date1904, archive: a, parts: c.parts}
	b.load = sync.OnceValues(func() (*lookup, error) {
		formats, err := a.formats(c.styles)
		if err != nil {
			return nil, err
		}
		texts, err := a.texts(c.strings)
		return &lookup{texts, formats}, err
	})
	return b, nil
}

// Sheets lists the sheets that hold cells, hidden ones too, in the order in
// which Excel shows them. A text file has one.
func (b *Book) Sheets() []Sheet { return slices.Clone(b.sheets) }

// Date1904 reports whether the workbook counts its days from 1904, as Excel on
// old Macs did. [Cell.Time] knows it.
func (b *Book) Date1904() bool { return b.date1904 }

// Rows reads the filled rows of sheet i, counted from zero. Rows in which no cell
// holds anything are left out, however many the sheet announces.
//
// An error is an *Error, and the last thing the loop gets. A loop that ends
// without one has seen the whole sheet. Leaving the loop early frees what the
// reading took. A row and its cells are valid until the next; see [Row.Clone].
func (b *Book) Rows(i int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if _, err := b.read(i, nil, func(r Row) bool { return yield(r, nil) }); err != nil {
			yield(Row{}, err)
		}
	}
}

// Extent is how far a sheet goes.
type Extent struct {
	Rows     int     // rows in which a cell holds something
	First    int     // the number of the first of them, zero when there is none
	Last     int     // the number of the last
	Columns  int     // the number of the last column in which a cell holds something
	Formulas int     // cells that hold a formula
	Merges   []Range // blocks of cells shown as one, in the order of the file
}

// Extent reads sheet i to its end, as strictly as Rows, and says how far it goes.
func (b *Book) Extent(i int) (Extent, error) {
	var e Extent
	_, err := b.read(i, &e.Merges, func(r Row) bool {
		if e.Rows == 0 {
			e.First = r.Number
		}
		e.Rows++
		e.Last = r.Number
		e.Columns = max(e.Columns, r.Cells[len(r.Cells)-1].Column)
		for _, c := range r.Cells {
			if c.Formula {
				e.Formulas++
			}
		}
		return true
	})
	if err != nil {
		return Extent{}, err
	}
	return e, nil
}

// read gives each filled row of sheet i to yield until that returns false;
// whole says that it never did. Merged blocks are added to merges unless nil.
func (b *Book) read(i int, merges *[]Range, yield func(Row) bool) (whole bool, err error) {
	if i < 0 || i >= len(b.sheets) {
		return false, refusal(CodeEmpty, fmt.Sprintf("the file has no sheet number %d: it has %d", i+1, len(b.sheets)))
	}
	if b.text != nil {
		return b.text.read(yield)
	}
	cells, err := b.load()
	if err != nil {
		return false, err
	}
	r := &rowReader{sheet: b.sheets[i].Name, limits: b.limits, lookup: *cells, date1904: b.date1904, merges: merges}
	err = b.archive.read(b.parts[i], b.limits.Sheet, func(x *scanner) error {
		whole, err = r.read(x, yield)
		return r.locate(err, b.parts[i])
	})
	return whole, err
}
