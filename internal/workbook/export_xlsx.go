package workbook

import (
	"io"
	"os"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// xlsxWriter writes a workbook of one sheet: a header that stays in view, real
// dates and numbers, texts that stay texts. It does not say how large the sheet is,
// which is known only when the last row has come.
type xlsxWriter struct {
	out     *sheet.Writer
	spool   *os.File // holds the workbook until it is whole; nil when it is written as it comes
	to      io.Writer
	columns []column
	styles  [formDegrees + 1]int
	cells   []sheet.Value // reused for every row
	rows    int           // written, the header included
}

// headerStyle is that of the names of columns.
var headerStyle = sheet.Style{Format: "@", Bold: true, Color: "FFFFFF", Fill: "1F5C4A"}

// formStyles are those of the cells of each form of column.
var formStyles = [...]sheet.Style{
	formText:    {Format: "@"}, // Excel leaves what it shows as it is
	formCode:    {Format: "@"},
	formDate:    {Format: "yyyy-mm-dd"},
	formMoney:   {Format: "#,##0.00"},
	formCount:   {Format: "0"},
	formDegrees: {Format: "0.000000"},
}

// newXLSXWriter begins a workbook that is put together in a temporary file, so that
// nothing of it goes to w unless all does.
func newXLSXWriter(w io.Writer, columns []column, name, tempDir string) (*xlsxWriter, error) {
	spool, err := os.CreateTemp(tempDir, "export-*")
	if err != nil {
		return nil, err
	}
	x := &xlsxWriter{columns: columns, spool: spool, to: w}
	if err = x.open(spool, name, 1); err == nil {
		err = x.header()
	}
	if err != nil {
		x.abandon()
		return nil, err
	}
	return x, nil
}

// open begins the sheet, of which the first rows stay in view.
func (x *xlsxWriter) open(w io.Writer, name string, inView int) error {
	x.out, x.cells = sheet.NewWriter(w), make([]sheet.Value, len(x.columns))
	for f, style := range formStyles {
		x.styles[f] = x.out.Style(style)
	}
	s := sheet.NewSheet{Name: name, Frozen: inView}
	for _, c := range x.columns {
		s.Columns = append(s.Columns, sheet.NewColumn{Width: c.width})
	}
	return x.out.Sheet(s)
}

// header writes the names of the columns.
func (x *xlsxWriter) header() error {
	style := x.out.Style(headerStyle)
	for i, c := range x.columns {
		x.cells[i] = sheet.Value{Kind: sheet.Text, Text: c.header, Style: style}
	}
	return x.put(x.cells)
}

func (x *xlsxWriter) row(cells []value) error {
	for i, v := range cells {
		x.cells[i] = x.inXLSX(x.columns[i].form, v)
	}
	return x.put(x.cells)
}

// inXLSX is what the cell holds.
func (x *xlsxWriter) inXLSX(f form, v value) sheet.Value {
	cell := sheet.Value{Kind: sheet.Number, Number: v.number, Style: x.styles[f]}
	switch {
	case f == formText || f == formCode:
		return x.text(f, v.text)
	case !v.filled:
		return sheet.Value{}
	case f == formDate:
		cell.Number -= epoch1900
	case f == formMoney:
		cell.Number /= 100
	}
	return cell
}

// text is a text's cell, an inline string: never a formula, whatever it begins with.
func (x *xlsxWriter) text(f form, text string) sheet.Value {
	if text == "" {
		return sheet.Value{}
	}
	if unquote(text) != text {
		text = "'" + text
	}
	return sheet.Value{Kind: sheet.Text, Text: text, Style: x.styles[f]}
}

func (x *xlsxWriter) put(cells []sheet.Value) error {
	x.rows++
	const most = 1 << 20 // Excel's own limit
	if x.rows > most {
		return fleet.Invalidf("export.too_long", "an Excel sheet has at most %d rows: export fewer, or as CSV", most)
	}
	return x.out.Row(x.rows, cells)
}

func (x *xlsxWriter) finish() error {
	if x.spool == nil {
		return x.out.Close()
	}
	defer x.abandon()
	if err := x.out.Close(); err != nil {
		return err
	}
	if _, err := x.spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(x.to, x.spool)
	return err
}

func (x *xlsxWriter) abandon() {
	_ = x.spool.Close() // what is in it does not matter any more
	_ = os.Remove(x.spool.Name())
}
