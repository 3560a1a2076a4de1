package workbook

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// copiedRows are the rows of sheet i as they are to stand in the copy.
type copiedRows func(ctx context.Context, book *sheet.Book, i int) iter.Seq2[copiedRow, error]

// copiedRow is one of them.
type copiedRow struct {
	number int
	header []string // the names of the columns; or else the row is one of the file's:
	from   sheet.Row
}

// everyRow is the rows as they are in the file.
func (a *annotation) everyRow(_ context.Context, book *sheet.Book, i int) iter.Seq2[copiedRow, error] {
	return func(yield func(copiedRow, error) bool) {
		for r, err := range book.Rows(i) {
			if !yield(copiedRow{number: r.Number, from: r}, refused(err)) {
				return
			}
		}
	}
}

// leftOutRows are those that are not imported, below the names of their columns.
func (a *annotation) leftOutRows(_ context.Context, book *sheet.Book, i int) iter.Seq2[copiedRow, error] {
	name := a.source[i]
	left, heads := a.left, a.heads[name]
	return func(yield func(copiedRow, error) bool) {
		if len(heads) == 0 || !yield(copiedRow{number: 1, header: heads[0].plainNames(a.plan.Kind)}, nil) {
			return
		}
		next, told := 2, 0 // the number of the next row; the header that was told last
		for r, err := range book.Rows(i) {
			if err != nil {
				yield(copiedRow{}, refused(err))
				return
			}
			if _, is := left[Position{name, r.Number}]; !is {
				continue
			}
			h := headOf(heads, r.Number)
			if h != told {
				if told = h; !yield(copiedRow{number: next, header: heads[h].plainNames(a.plan.Kind)}, nil) {
					return
				}
				next++
			}
			a.moved[Position{name, r.Number}] = next
			if !yield(copiedRow{number: next, from: heads[h].withoutRemarks(r)}, nil) {
				return
			}
			next++
		}
	}
}

// headOf is which of a sheet's headers names the columns of a row.
func headOf(heads []header, row int) int {
	for i := len(heads) - 1; i > 0; i-- {
		if heads[i].row < row {
			return i
		}
	}
	return 0
}

// withoutRemarks is a row without what an earlier copy said of it.
func (h *header) withoutRemarks(r sheet.Row) sheet.Row {
	if h.remarks == 0 {
		return r
	}
	r.Cells = slices.DeleteFunc(slices.Clone(r.Cells), func(c sheet.Cell) bool { return c.Column == h.remarks })
	return r
}

// plainNames are the names of the columns such that they mean the same when they
// stand alone in one row, above other rows: as the file has them, and where those
// would mean something else, our own.
func (h *header) plainNames(k Kind) []string {
	names := make([]string, len(h.texts))
	copy(names, h.texts)
	if again := newVocabulary(k).name(1, names, nil); again.at == h.at && len(again.missing) == 0 {
		return names
	}
	for _, c := range tables[k].columns {
		if at := h.at[c.id]; at >= 0 && at < len(names) {
			names[at] = c.header
		}
	}
	return names
}

// rebuild writes the rows as a new workbook, with the kinds of their cells and
// without any other formatting.
func (a *annotation) rebuild(ctx context.Context, book *sheet.Book, w io.Writer, rows copiedRows) error {
	x := excelize.NewFile()
	defer func() { _ = x.Close() }()
	date1904 := book.Date1904()
	if err := x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &date1904}); err != nil {
		return err
	}
	b, err := newRebuilder(x)
	if err != nil {
		return err
	}
	for i, name := range a.source {
		if !a.wanted(name) {
			continue
		}
		if err := b.sheet(ctx, a.sheetName(name), rows(ctx, book, i)); err != nil {
			return err
		}
	}
	return x.Write(w)
}

// wanted says whether a sheet comes into the copy: one that rows are left out of,
// or the first list when there is none.
func (a *annotation) wanted(name string) bool {
	if a.moved == nil {
		return true
	}
	for at := range a.left {
		if at.Sheet == name {
			return true
		}
	}
	return len(a.left) == 0 && name == a.plan.heads[0].sheet
}

// sheetName gives a sheet of the copy a name that Excel takes.
func (a *annotation) sheetName(name string) string {
	const most = 31
	plain := []rune(strings.Trim(strings.NewReplacer(":", " ", `\`, " ", "/", " ", "?", " ", "*", " ", "[", "(", "]", ")").Replace(name), "' "))
	if plain = plain[:min(len(plain), most)]; len(plain) == 0 {
		plain = []rune("List")
	}
	a.names[name] = string(plain)
	return string(plain)
}

// rebuilder writes the sheets of a new workbook.
type rebuilder struct {
	file   *excelize.File
	styles map[sheet.Format]int
	text   int
	header int
	sheets int
	stream *excelize.StreamWriter
	cells  []any
}

func newRebuilder(x *excelize.File) (*rebuilder, error) {
	b := &rebuilder{file: x, styles: map[sheet.Format]int{}}
	var err error
	for format, code := range map[sheet.Format]string{
		sheet.Day: "yyyy-mm-dd", sheet.DayClock: "yyyy-mm-dd hh:mm:ss", sheet.Clock: "hh:mm:ss", sheet.Duration: "[h]:mm:ss",
	} {
		if b.styles[format], err = x.NewStyle(&excelize.Style{CustomNumFmt: &code}); err != nil {
			return nil, err
		}
	}
	if b.text, err = x.NewStyle(&excelize.Style{NumFmt: 49}); err != nil {
		return nil, err
	}
	b.header, err = x.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	return b, err
}

func (b *rebuilder) sheet(ctx context.Context, name string, rows iter.Seq2[copiedRow, error]) error {
	if err := b.begin(name); err != nil {
		return err
	}
	const often = 256
	for r, err := range rows {
		if err == nil && r.number%often == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := b.row(r); err != nil {
			return err
		}
	}
	return b.stream.Flush()
}

func (b *rebuilder) begin(name string) (err error) {
	if b.sheets++; b.sheets == 1 {
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	return b.stream.SetColWidth(1, maxColumns, 18)
}

func (b *rebuilder) row(r copiedRow) error {
	b.cells = b.cells[:0]
	for _, text := range r.header {
		b.put(utf8.RuneCountInString(text), excelize.Cell{StyleID: b.header, Value: text})
	}
	for _, c := range r.from.Cells {
		for len(b.cells) < c.Column-1 {
			b.cells = append(b.cells, nil)
		}
		b.cells = append(b.cells, b.cell(c))
	}
	return b.stream.SetRow(sheet.CellName(1, r.number), b.cells)
}

// put adds a cell with a text of a length; none is left empty.
func (b *rebuilder) put(length int, c excelize.Cell) {
	if length == 0 {
		b.cells = append(b.cells, nil)
		return
	}
	b.cells = append(b.cells, c)
}

func (b *rebuilder) cell(c sheet.Cell) any {
	switch c.Kind {
	case sheet.Number:
		var n float64
		if _, err := fmt.Sscan(c.String(), &n); err == nil {
			return excelize.Cell{StyleID: b.styles[c.Format], Value: n}
		}
	case sheet.Bool:
		return excelize.Cell{Value: c.String() == "TRUE"}
	case sheet.Empty: // a formula without a result, which must not become an empty cell
		return excelize.Cell{StyleID: b.text, Value: "#N/A"}
	}
	return excelize.Cell{StyleID: b.text, Value: c.String()} // an inline string: never a formula
}
