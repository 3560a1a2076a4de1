package sheet

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Writer writes a new workbook, sheet by sheet and row by row, as the rows come: it
// holds none of them. Texts are texts, whatever they begin with.
type Writer struct {
	zip    *zip.Writer
	out    *bufio.Writer // of the open sheet; nil between sheets
	sheets []NewSheet
	styles []Style
	row    int
	tail   string // what stands behind the rows of the open sheet
}

// Style is how cells look.
type Style struct {
	Format string // of numbers and dates, such as yyyy-mm-dd; @ for texts that are typed; empty: General
	Bold   bool
	Color  string // of the letters, such as FFFFFF; empty: black
	Fill   string // of the cell; empty: none
}

// NewSheet is a sheet to be written.
type NewSheet struct {
	Name        string
	Columns     []NewColumn
	Frozen      int // the first rows, which stay in view
	RightToLeft bool
	Hidden      bool
	Choices     []Choice
}

// NewColumn is how a column looks.
type NewColumn struct {
	Width float64 // in characters; zero: the usual width
	Style int     // of the cells that are not written
}

// Choice offers the cells of a column a list to choose from.
type Choice struct {
	Cells   string // such as B2:B500
	From    string // the cells with the list, such as Lists!$A$2:$A$9
	Refusal string // what is said when something else is typed; empty: it may be
}

// Value is a cell to be written. A Value of no kind leaves the cell empty.
type Value struct {
	Kind   Kind // Text, Number or Bool
	Text   string
	Number float64 // of a Bool, one or zero
	Style  int
}

// NewWriter begins a workbook.
func NewWriter(w io.Writer) *Writer {
	return &Writer{zip: zip.NewWriter(w), styles: []Style{{}}}
}

// Style gives the number by which cells and columns name a style. Zero is that of
// plain cells.
func (w *Writer) Style(s Style) int {
	for i, known := range w.styles {
		if known == s {
			return i
		}
	}
	w.styles = append(w.styles, s)
	return len(w.styles) - 1
}

// Sheet begins the next sheet.
func (w *Writer) Sheet(s NewSheet) error {
	if err := w.closeSheet(); err != nil {
		return err
	}
	if len(w.sheets) == 0 {
		if err := w.part("[Content_Types].xml", contentTypes); err != nil {
			return err
		}
	}
	w.sheets = append(w.sheets, s)
	part, err := w.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(w.sheets)))
	if err != nil {
		return err
	}
	w.out, w.row, w.tail = bufio.NewWriterSize(part, 64<<10), 0, s.tail()
	_, err = w.out.WriteString(s.head(len(w.sheets) == 1))
	return err
}

// contentTypes hold for any number of sheets: a part is one unless it is named.
const contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="` + typeBase + `worksheet+xml"/>` +
	`<Override PartName="/xl/workbook.xml" ContentType="` + typeBase + `sheet.main+xml"/>` +
	`<Override PartName="/xl/styles.xml" ContentType="` + typeBase + `styles+xml"/></Types>`

func (s *NewSheet) head(selected bool) string {
	var b strings.Builder
	b.WriteString(xmlDeclaration + `<worksheet xmlns="` + usualSpaces.main + `"><sheetViews><sheetView workbookViewId="0"`)
	if s.RightToLeft {
		b.WriteString(` rightToLeft="1"`)
	}
	if selected {
		b.WriteString(` tabSelected="1"`)
	}
	b.WriteString(`>`)
	if s.Frozen > 0 {
		fmt.Fprintf(&b, `<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>`, s.Frozen, s.Frozen+1)
	}
	b.WriteString(`</sheetView></sheetViews>`)
	if len(s.Columns) > 0 {
		b.WriteString(`<cols>`)
		for i, c := range s.Columns {
			width := c.Width
			if width == 0 {
				width = 9
			}
			fmt.Fprintf(&b, `<col min="%[1]d" max="%[1]d" width="%[2]v" customWidth="1" style="%[3]d"/>`, i+1, width, c.Style)
		}
		b.WriteString(`</cols>`)
	}
	b.WriteString(`<sheetData>`)
	return b.String()
}

func (s *NewSheet) tail() string {
	var b strings.Builder
	b.WriteString(`</sheetData>`)
	if len(s.Choices) > 0 {
		fmt.Fprintf(&b, `<dataValidations count="%d">`, len(s.Choices))
		for _, c := range s.Choices {
			fmt.Fprintf(&b, `<dataValidation type="list" allowBlank="1" sqref="%s"`, c.Cells)
			if c.Refusal != "" {
				fmt.Fprintf(&b, ` showErrorMessage="1" error="%s"`, xmlText(c.Refusal))
			}
			fmt.Fprintf(&b, `><formula1>%s</formula1></dataValidation>`, xmlText(c.From))
		}
		b.WriteString(`</dataValidations>`)
	}
	b.WriteString(`</worksheet>`)
	return b.String()
}

var errNoSheet = errors.New("sheet: a row is written before its sheet was begun")

// Row writes a row: the one with the number, which comes after those before.
func (w *Writer) Row(number int, cells []Value) error {
	switch {
	case w.out == nil:
		return errNoSheet
	case number <= w.row:
		return fmt.Errorf("sheet: row %d is written behind row %d", number, w.row)
	}
	w.row = number
	_, _ = w.out.WriteString(`<row r="` + strconv.Itoa(number) + `">`)
	for i := range cells {
		if cells[i].Kind != 0 {
			w.cell(&cells[i], CellName(i+1, number))
		}
	}
	_, err := w.out.WriteString(`</row>`)
	return err
}

func (w *Writer) cell(v *Value, at string) {
	_, _ = w.out.WriteString(`<c r="` + at)
	if v.Style != 0 {
		_, _ = w.out.WriteString(`" s="` + strconv.Itoa(v.Style))
	}
	switch v.Kind {
	case Number:
		_, _ = w.out.WriteString(`"><v>` + strconv.FormatFloat(v.Number, 'f', -1, 64) + `</v></c>`)
	case Bool:
		_, _ = w.out.WriteString(`" t="b"><v>` + strconv.FormatFloat(v.Number, 'f', 0, 64) + `</v></c>`)
	default:
		_, _ = w.out.WriteString(`"` + inlineText("", v.Text) + `</c>`)
	}
}

func (w *Writer) closeSheet() error {
	if w.out == nil {
		return nil
	}
	_, _ = w.out.WriteString(w.tail)
	err := w.out.Flush()
	w.out = nil
	return err
}

// Close ends the workbook. One that is not closed is none.
func (w *Writer) Close() error {
	if err := w.closeSheet(); err != nil {
		return err
	}
	sheets, relations := "", ""
	for i, s := range w.sheets {
		state := ""
		if s.Hidden {
			state = ` state="hidden"`
		}
		sheets += fmt.Sprintf(`<sheet name="%s" sheetId="%[2]d"%[3]s r:id="rId%[2]d"/>`, xmlText(s.Name), i+1, state)
		relations += fmt.Sprintf(`<Relationship Id="rId%[1]d" Type="%[2]s/worksheet" Target="worksheets/sheet%[1]d.xml"/>`, i+1, usualSpaces.relations)
	}
	relations += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(w.sheets)+1, usualSpaces.relations)
	const list = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	for _, p := range [][2]string{
		{"xl/styles.xml", w.stylesPart()},
		{"xl/workbook.xml", `<workbook xmlns="` + usualSpaces.main + `" xmlns:r="` + usualSpaces.relations + `"><bookViews><workbookView/></bookViews><sheets>` + sheets + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", list + relations + `</Relationships>`},
		{"_rels/.rels", list + `<Relationship Id="rId1" Type="` + usualSpaces.relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	} {
		if err := w.part(p[0], p[1]); err != nil {
			return err
		}
	}
	return w.zip.Close()
}

func (w *Writer) part(name, content string) error {
	part, err := w.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(part, xmlDeclaration+content)
	}
	return err
}

// stylesPart lists for each style a number format, a font and a fill of its own.
func (w *Writer) stylesPart() string {
	const firstFormat = 164 // of those that are not built in
	formats, fonts, fills, styles := "", "", "", ""
	count := 0
	for i, s := range w.styles {
		id := 0
		switch s.Format {
		case "":
		case "0":
			id = 1
		case "@":
			id = 49
		default:
			id = firstFormat + count
			count++
			formats += fmt.Sprintf(`<numFmt numFmtId="%d" formatCode="%s"/>`, id, xmlText(s.Format))
		}
		fonts += `<font>` + s.fontStart() + `<name val="Calibri"/></font>`
		fill := 0
		if s.Fill != "" {
			fill = 2 + strings.Count(fills, `<fill>`)
			fills += `<fill><patternFill patternType="solid"><fgColor rgb="FF` + s.Fill + `"/><bgColor indexed="64"/></patternFill></fill>`
		}
		styles += fmt.Sprintf(`<xf numFmtId="%d" fontId="%d" fillId="%d" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>`, id, i, fill)
	}
	if count > 0 {
		formats = fmt.Sprintf(`<numFmts count="%d">%s</numFmts>`, count, formats)
	}
	return `<styleSheet xmlns="` + usualSpaces.main + `">` + formats + `<fonts>` + fonts + `</fonts>` +
		`<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` + fills + `</fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs>` + styles + `</cellXfs></styleSheet>`
}

func (s Style) fontStart() string {
	start := ""
	if s.Bold {
		start = `<b/>`
	}
	start += `<sz val="11"/>`
	if s.Color != "" {
		start += `<color rgb="FF` + s.Color + `"/>`
	}
	return start
}
