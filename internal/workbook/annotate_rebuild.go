package workbook

import (
	"context"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// copiedRows are the rows of sheet i as they are to stand in the copy.
type copiedRows func(ctx context.Context, book source, i int) iter.Seq2[copiedRow, error]

// copiedRow is one of them.
type copiedRow struct {
	number int
	header []string // the names of the columns; or else the row is one of the file's:
	from   sheet.Row
}

// everyRow is the rows as they are in the file.
func (a *annotation) everyRow(_ context.Context, book source, i int) iter.Seq2[copiedRow, error] {
	return func(yield func(copiedRow, error) bool) {
		for r, err := range book.Rows(i) {
			if !yield(copiedRow{number: r.Number, from: r}, err) {
				return
			}
		}
	}
}

// leftOutRows are those that are not imported, below the names of their columns.
func (a *annotation) leftOutRows(_ context.Context, book source, i int) iter.Seq2[copiedRow, error] {
	name := a.source[i]
	left, heads := a.left, a.heads[name]
	return func(yield func(copiedRow, error) bool) {
		if len(heads) == 0 || !yield(copiedRow{number: 1, header: heads[0].plainNames(a.plan.Kind)}, nil) {
			return
		}
		next, told := 2, 0 // the number of the next row; the header that was told last
		for r, err := range book.Rows(i) {
			if err != nil {
				yield(copiedRow{}, err)
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
// would mean something else, our own. A column that is not imported, though its name
// has a meaning, says so.
func (h *header) plainNames(k Kind) []string {
	names := slices.Clone(h.texts)
	v := newVocabulary(k)
	if again := v.name(1, names, nil); again.at == h.at && len(again.missing)+len(again.rivals) == 0 {
		return names
	}
	for i, name := range names {
		if _, known := v.byKey[key(name)]; known {
			names[i] = name + " (not imported)"
		}
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
func (a *annotation) rebuild(ctx context.Context, book source, w io.Writer, rows copiedRows) error {
	b := newRebuilder(w, book.Date1904())
	for i, name := range a.source {
		if !a.wanted(name) {
			continue
		}
		if err := b.sheet(ctx, a.sheetName(name), rows(ctx, book, i)); err != nil {
			return err
		}
	}
	return b.out.Close()
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
	out    *sheet.Writer
	styles map[sheet.Format]int
	text   int
	header int
	shift  float64 // of the days of a workbook that counts them from 1904
	cells  []sheet.Value
}

// formatCodes are how the copy shows what is a time.
var formatCodes = map[sheet.Format]string{
	sheet.Day: "yyyy-mm-dd", sheet.DayClock: "yyyy-mm-dd hh:mm:ss", sheet.Clock: "hh:mm:ss", sheet.Duration: "[h]:mm:ss",
}

// days1904 is how many days later 1904 begins than 1900 does, as Excel counts.
const days1904 = 1462

func newRebuilder(w io.Writer, date1904 bool) *rebuilder {
	b := &rebuilder{out: sheet.NewWriter(w), styles: map[sheet.Format]int{}}
	for format := sheet.Day; format <= sheet.Duration; format++ {
		b.styles[format] = b.out.Style(sheet.Style{Format: formatCodes[format]})
	}
	b.text, b.header = b.out.Style(sheet.Style{Format: "@"}), b.out.Style(headerStyle)
	if date1904 {
		b.shift = days1904
	}
	return b
}

func (b *rebuilder) sheet(ctx context.Context, name string, rows iter.Seq2[copiedRow, error]) error {
	const usual, width = 40, 18
	s := sheet.NewSheet{Name: name, Columns: make([]sheet.NewColumn, usual)}
	for i := range s.Columns {
		s.Columns[i].Width = width
	}
	if err := b.out.Sheet(s); err != nil {
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
	return nil
}

func (b *rebuilder) row(r copiedRow) error {
	b.cells = b.cells[:0]
	for _, text := range r.header {
		cell := sheet.Value{Kind: sheet.Text, Text: text, Style: b.header}
		if text == "" {
			cell = sheet.Value{}
		}
		b.cells = append(b.cells, cell)
	}
	for _, c := range r.from.Cells {
		for len(b.cells) < c.Column-1 {
			b.cells = append(b.cells, sheet.Value{})
		}
		b.cells = append(b.cells, b.cell(c))
	}
	return b.out.Row(r.number, b.cells)
}

func (b *rebuilder) cell(c sheet.Cell) sheet.Value {
	switch c.Kind {
	case sheet.Number:
		n, err := strconv.ParseFloat(c.String(), 64)
		if err != nil {
			break
		}
		if c.IsDate() {
			n += b.shift
		}
		return sheet.Value{Kind: sheet.Number, Number: n, Style: b.styles[c.Format]}
	case sheet.Bool:
		if c.String() == "TRUE" {
			return sheet.Value{Kind: sheet.Bool, Number: 1}
		}
		return sheet.Value{Kind: sheet.Bool}
	case sheet.Empty: // a formula without a result, which must not become an empty cell
		return sheet.Value{Kind: sheet.Text, Text: "#N/A", Style: b.text}
	}
	return sheet.Value{Kind: sheet.Text, Text: c.String(), Style: b.text}
}
