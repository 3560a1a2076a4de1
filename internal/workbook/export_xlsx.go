package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// xlsxWriter writes a workbook of one sheet: a header that stays in view, real
// dates and numbers, texts that stay texts.
type xlsxWriter struct {
	file    *excelize.File
	stream  *excelize.StreamWriter
	to      io.Writer
	columns []column
	styles  map[form]int
	cells   []any // reused for every row
	rows    int   // written, the header included
}

func newXLSXWriter(w io.Writer, columns []column, name, tempDir string) (*xlsxWriter, error) {
	x := &xlsxWriter{
		file: excelize.NewFile(excelize.Options{TmpDir: tempDir}), to: w, columns: columns,
		styles: map[form]int{}, cells: make([]any, len(columns)),
	}
	if err := x.begin(name); err != nil {
		x.abandon()
		return nil, err
	}
	return x, nil
}

func (x *xlsxWriter) begin(name string) error {
	header, err := x.open(name, 1)
	if err != nil {
		return err
	}
	for i, c := range x.columns {
		x.cells[i] = excelize.Cell{StyleID: header, Value: c.header}
	}
	return x.put()
}

// open begins the sheet, of which the first rows stay in view, and makes the
// style of its header.
func (x *xlsxWriter) open(name string, inView int) (header int, err error) {
	if err := x.file.SetSheetName("Sheet1", name); err != nil {
		return 0, err
	}
	if err := x.file.SetSheetDimension(name, anyDimension); err != nil {
		return 0, err
	}
	x.file.SetZipWriter(func(w io.Writer) excelize.ZipWriter { return &dimensionZip{Writer: zip.NewWriter(w), x: x} })
	if header, err = x.makeStyles(); err != nil {
		return 0, err
	}
	if x.stream, err = x.file.NewStreamWriter(name); err != nil {
		return 0, err
	}
	frozen := excelize.Panes{Freeze: true, YSplit: inView, TopLeftCell: sheet.CellName(1, inView+1), ActivePane: "bottomLeft"}
	if err := x.stream.SetPanes(&frozen); err != nil {
		return 0, err
	}
	for i, c := range x.columns {
		if err := x.stream.SetColWidth(i+1, i+1, c.width); err != nil {
			return 0, err
		}
	}
	return header, nil
}

// makeStyles makes a style for each form of column, and one for the header.
func (x *xlsxWriter) makeStyles() (header int, err error) {
	day, degree, rupees := "yyyy-mm-dd", "0.000000", "#,##0.00"
	for f, style := range []*excelize.Style{
		formText:    {NumFmt: 49}, // @: Excel leaves what it shows as it is
		formCode:    {NumFmt: 49},
		formDate:    {CustomNumFmt: &day},
		formMoney:   {CustomNumFmt: &rupees},
		formCount:   {NumFmt: 1},
		formDegrees: {CustomNumFmt: &degree},
	} {
		if x.styles[form(f)], err = x.file.NewStyle(style); err != nil {
			return 0, err
		}
	}
	return x.file.NewStyle(&excelize.Style{
		NumFmt:    49,
		Font:      &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F5C4A"}},
		Alignment: &excelize.Alignment{Vertical: "center"},
	})
}

func (x *xlsxWriter) row(cells []value) error {
	for i, v := range cells {
		x.cells[i] = nil
		if content := inXLSX(x.columns[i].form, v); content != nil {
			x.cells[i] = excelize.Cell{StyleID: x.styles[x.columns[i].form], Value: content}
		}
	}
	return x.put()
}

// inXLSX is what the cell holds, nil when it is empty.
func inXLSX(f form, v value) any {
	switch {
	case f == formText || f == formCode:
		if v.text == "" {
			return nil
		}
		if unquote(v.text) != v.text {
			return "'" + v.text
		}
		return v.text // an inline string: never a formula, whatever it begins with
	case !v.filled:
		return nil
	case f == formDate:
		return int64(v.number) - epoch1900
	case f == formMoney:
		return v.number / 100
	}
	return v.number
}

func (x *xlsxWriter) put() error {
	x.rows++
	const most = 1 << 20 // Excel's own limit
	if x.rows > most {
		return fleet.Invalidf("export.too_long", "an Excel sheet has at most %d rows: export fewer, or as CSV", most)
	}
	return x.stream.SetRow(sheet.CellName(1, x.rows), x.cells)
}

func (x *xlsxWriter) finish() error {
	defer x.abandon()
	if err := x.stream.Flush(); err != nil {
		return err
	}
	return x.file.Write(x.to)
}

func (x *xlsxWriter) abandon() { _ = x.file.Close() }

// anyDimension stands in the sheet, which is written as its rows come, for its
// true size, which is known when the last has come.
const anyDimension = "A1:XFD1048576"

// dimensionZip puts the true size in its place while the parts are packed.
// Programs that trust it, such as openpyxl, otherwise see one row.
type dimensionZip struct {
	*zip.Writer
	x *xlsxWriter
}

// Create begins a part.
func (z *dimensionZip) Create(name string) (io.Writer, error) {
	w, err := z.Writer.Create(name)
	if err != nil || name != "xl/worksheets/sheet1.xml" {
		return w, err
	}
	size := fmt.Sprintf("A1:%s", sheet.CellName(len(z.x.columns), z.x.rows))
	return &replaceOnce{w: w, old: []byte(`ref="` + anyDimension + `"`), with: []byte(`ref="` + size + `"`)}, nil
}

// replaceOnce replaces old in the first piece that is written through it.
type replaceOnce struct {
	w         io.Writer
	old, with []byte
	done      bool
}

// Write implements [io.Writer].
func (r *replaceOnce) Write(b []byte) (int, error) {
	if r.done {
		return r.w.Write(b)
	}
	r.done = true
	before, after, found := bytes.Cut(b, r.old)
	if !found {
		return 0, errors.New("the sheet does not begin with its size")
	}
	for _, piece := range [][]byte{before, r.with, after} {
		if _, err := r.w.Write(piece); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}
