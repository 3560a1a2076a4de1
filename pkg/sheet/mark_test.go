package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// marked is a copy of a workbook with marks.
func marked(tb testing.TB, data []byte, m sheet.Marks) []byte {
	tb.Helper()
	book, err := open(data, sheet.Limits{})
	check(tb, err)
	var out bytes.Buffer
	check(tb, book.Mark(tb.Context(), &out, m))
	return out.Bytes()
}

// marks are a remark on a row and a comment on one of its cells.
func marks(row, column int) sheet.Marks {
	return sheet.Marks{
		Author: "Checker", Heading: "Remark",
		Sheets: map[int]sheet.SheetMarks{0: {Header: 1, Rows: map[int]sheet.RowMarks{
			row: {Remark: "=wrong & \x01odd", Cells: []sheet.CellMark{{Column: column, Comment: "not <this>"}}},
		}}},
		Front: &sheet.Front{Name: "Remarks", Widths: []int{20, 30}, Rows: [][]sheet.FrontCell{
			{{Text: "What", Bold: true}, {Text: "Where", Bold: true}},
			{{Text: "+wrong"}, {Text: "List!A2", Link: "List!A2"}},
		}},
	}
}

// partIn is what a packed workbook holds as one of its parts.
func partIn(tb testing.TB, data []byte, name string) string {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	check(tb, err)
	f, err := z.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	check(tb, err)
	return string(text)
}

func excelizeOf(tb testing.TB, data []byte) *excelize.File {
	tb.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(data))
	check(tb, err)
	tb.Cleanup(func() { _ = x.Close() })
	return x
}

func wantValue(t *testing.T, x *excelize.File, sheet, cell, want string) {
	t.Helper()
	got, err := x.GetCellValue(sheet, cell)
	check(t, err)
	if got != want {
		t.Errorf("%s!%s is %q, want %q", sheet, cell, got, want)
	}
}

// fillOf is the colour that a cell is filled with.
func fillOf(t *testing.T, x *excelize.File, sheet, cell string) string {
	t.Helper()
	id, err := x.GetCellStyle(sheet, cell)
	check(t, err)
	if x.Styles == nil || x.Styles.CellXfs == nil || id >= len(x.Styles.CellXfs.Xf) || x.Styles.CellXfs.Xf[id].FillID == nil {
		return ""
	}
	fill := x.Styles.Fills.Fill[*x.Styles.CellXfs.Xf[id].FillID]
	if fill.PatternFill == nil || fill.PatternFill.FgColor == nil {
		return ""
	}
	return fill.PatternFill.FgColor.RGB
}

// contentTypes say of a workbook's parts what they are, as Excel wants it.
var contentTypes = []string{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
	`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`}

const markFill = "FFFFCBC7"

// properSheet is a sheet as Excel writes it, in a workbook that has nothing else.
func properBook(tb testing.TB, xml string, more ...string) []byte {
	p := bookOf(xml, append(contentTypes, more...)...)
	p["xl/workbook.xml"] = `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relationships + `"><sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>`
	for name, part := range p {
		if strings.HasSuffix(name, ".rels") {
			p[name] = strings.Replace(part, "<Relationships>", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`, 1)
		}
	}
	return p.zipped(tb)
}

const mainSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

func proper(rows string) string {
	return `<worksheet xmlns="` + mainSpace + `"><sheetData>` + rows + `</sheetData></worksheet>`
}

// The smallest workbook that can be: no styles, no views, no names of cells.
func TestMarkAPoorWorkbook(t *testing.T) {
	data := properBook(t, proper(`<row><c t="inlineStr"><is><t>Serial</t></is></c><c t="inlineStr"><is><t>Model</t></is></c></row>`+
		`<row><c><v>7</v></c><c><v>8</v></c></row><row/><row><c><v>9</v></c></row>`))
	out := marked(t, data, marks(4, 2))
	wantRows(t, "the copy", out, `1: A=What B=Where
2: A=+wrong B=List!A2
1: A=Serial B=Model C=Remark
2: A=7(number) B=8(number)
4: A=9(number) C==wrong & odd
`)
	x := excelizeOf(t, out)
	if got := x.GetSheetList(); strings.Join(got, " ") != "Remarks List" {
		t.Errorf("the sheets are %v", got)
	}
	wantValue(t, x, "List", "C4", "=wrong & odd")
	if got := fillOf(t, x, "List", "B4"); got != markFill {
		t.Errorf("the cell is filled with %q", got)
	}
	comments, err := x.GetComments("List")
	check(t, err)
	if len(comments) != 1 || comments[0].Cell != "B4" || comments[0].Author != "Checker" || comments[0].Text != "not <this>" {
		t.Errorf("the comments are %+v", comments)
	}
}

// richBook is a workbook with much that must stay: formats, widths, merged cells,
// comments, a table, a filter, rules, protection, names.
func richBook(t *testing.T) []byte {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	check(t, x.SetSheetName("Sheet1", "List"))
	_, err := x.NewSheet("Other")
	check(t, err)
	bold, err := x.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}})
	check(t, err)
	date, err := x.NewStyle(&excelize.Style{NumFmt: 14})
	check(t, err)
	for i, row := range [][]any{{"A list"}, {}, {"Serial", "Model", "Date"}, {"TK-1", "Takhti", 46000}, {"TK-2", nil, 46001}, {"TK-2", "Takhti", 46002}} {
		check(t, x.SetSheetRow("List", sheet.CellName(1, i+1), &row))
	}
	check(t, x.SetCellFormula("List", "D4", "=C4+1"))
	check(t, x.SetCellStyle("List", "A3", "C3", bold))
	check(t, x.SetCellStyle("List", "C4", "C6", date))
	check(t, x.SetColWidth("List", "B", "H", 17))
	check(t, x.MergeCell("List", "A1", "H1"))
	check(t, x.AddComment("List", excelize.Comment{Cell: "A4", Author: "Aisha", Text: "seen"}))
	check(t, x.AddComment("List", excelize.Comment{Cell: "A5", Author: "Aisha", Text: "check"}))
	check(t, x.AddTable("Other", &excelize.Table{Range: "A1:B3", Name: "T"}))
	check(t, x.AutoFilter("List", "A3:C6", nil))
	check(t, x.ProtectSheet("List", &excelize.SheetProtectionOptions{Password: "x", SelectLockedCells: true}))
	check(t, x.SetDefinedName(&excelize.DefinedName{Name: "here", RefersTo: "Other!$A$1", Scope: "Other"}))
	check(t, x.SetCellHyperLink("List", "B6", "https://example.org", "External"))
	var b bytes.Buffer
	check(t, x.Write(&b))
	return b.Bytes()
}

func richMarks() sheet.Marks {
	return sheet.Marks{
		Author: "Checker", Heading: "Remark", Front: &sheet.Front{Name: "Remarks", Rows: [][]sheet.FrontCell{{{Text: "one"}}}},
		Sheets: map[int]sheet.SheetMarks{0: {Header: 3, Rows: map[int]sheet.RowMarks{
			4: {Remark: "date", Cells: []sheet.CellMark{{Column: 3, Comment: "too early"}}},
			5: {Remark: "two", Cells: []sheet.CellMark{{Column: 1, Comment: "twice"}, {Column: 2, Comment: "no model"}}},
		}}},
	}
}

func commentsOf(t *testing.T, x *excelize.File, sheet string) string {
	t.Helper()
	all, err := x.GetComments(sheet)
	check(t, err)
	var lines []string
	for _, c := range all {
		text := c.Text
		for _, p := range c.Paragraph {
			text += p.Text
		}
		lines = append(lines, c.Cell+" "+c.Author+": "+text)
	}
	return strings.Join(lines, "\n")
}

func TestMarkARichWorkbook(t *testing.T) {
	data := richBook(t)
	out := marked(t, data, richMarks())
	wantWellFormed(t, data, out)
	was, is := excelizeOf(t, data), excelizeOf(t, out)
	wantValue(t, is, "List", "E3", "Remark")
	wantValue(t, is, "List", "E5", "two")
	for cell, want := range map[string]string{"C4": markFill, "A5": markFill, "B5": markFill, "A3": "DDEBF7", "C5": "", "A6": "", "E5": ""} {
		if got := fillOf(t, is, "List", cell); !strings.HasSuffix(got, want) || want == "" && got != "" {
			t.Errorf("%s is filled with %q, want %q", cell, got, want)
		}
	}
	for _, cell := range []string{"A3", "C3", "C4", "C5", "D4", "A5", "B5"} {
		if a, b := formatOf(t, was, "List", cell), formatOf(t, is, "List", cell); a != b {
			t.Errorf("%s was %s and is %s", cell, a, b)
		}
	}
	if got, want := commentsOf(t, is, "List"), "A4 Aisha: seen\nA5 Aisha: check\nChecker: twice\nB5 Checker: no model\nC4 Checker: too early"; !sameLines(got, want) {
		t.Errorf("the comments are\n%s\nwant\n%s", got, want)
	}
	for column, want := range map[string]float64{"B": 17, "D": 17, "E": 70, "F": 17, "H": 17} {
		if got, err := is.GetColWidth("List", column); err != nil || got != want {
			t.Errorf("column %s is %v wide, want %v", column, got, want)
		}
	}
	if a, b := was.GetDefinedName(), is.GetDefinedName(); !slices.Equal(a, b) {
		t.Errorf("the names were %+v and are %+v", a, b)
	}
	if is.GetActiveSheetIndex() != 1 {
		t.Errorf("sheet %d is looked at", is.GetActiveSheetIndex())
	}
	for _, part := range []string{"xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/theme/theme1.xml"} {
		if partIn(t, out, part) != partIn(t, data, part) {
			t.Errorf("%s is not what it was", part)
		}
	}
	wantInOrder(t, partIn(t, out, "xl/worksheets/sheet1.xml"), "<dimension", "<cols>", "<sheetData>", "<sheetProtection", "<autoFilter", "<mergeCells", "<hyperlinks", "<legacyDrawing", "</worksheet>")
}

func sameLines(a, b string) bool {
	one, other := strings.Split(a, "\n"), strings.Split(b, "\n")
	slices.Sort(one)
	slices.Sort(other)
	return slices.Equal(one, other)
}

// wantInOrder checks that a text holds pieces in an order, each once.
func wantInOrder(t *testing.T, text string, pieces ...string) {
	t.Helper()
	at := -1
	for _, p := range pieces {
		next := strings.Index(text, p)
		if next <= at || strings.Count(text, p) != 1 {
			t.Errorf("%s stands at %d, behind what stands at %d, in %s", p, next, at, text)
		}
		at = next
	}
}

// wantWellFormed checks every part of a workbook that is XML and was not so before.
func wantWellFormed(t *testing.T, before, data []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	check(t, err)
	seen := map[string]bool{}
	for _, f := range z.File {
		if seen[f.Name] {
			t.Errorf("the part %s is there twice", f.Name)
		}
		seen[f.Name] = true
		if partIn(t, before, f.Name) == partIn(t, data, f.Name) || !strings.HasSuffix(f.Name, "xml") && !strings.HasSuffix(f.Name, ".rels") && !strings.HasSuffix(f.Name, ".vml") {
			continue
		}
		d := xml.NewDecoder(strings.NewReader(partIn(t, data, f.Name)))
		d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", f.Name, err)
				break
			}
		}
	}
}

// A copy that comes back and is marked again keeps nothing of its old marks.
func TestMarksGoWhenTheCopyIsMarkedAgain(t *testing.T) {
	data := richBook(t)
	once := marked(t, data, richMarks())
	again := richMarks()
	again.Sheets = map[int]sheet.SheetMarks{1: {Header: 3, Column: 5, Rows: map[int]sheet.RowMarks{
		6: {Remark: "new", Cells: []sheet.CellMark{{Column: 1, Comment: "at last"}}},
	}}}
	again.Front.Rows[0][0].Text = "another"
	out := marked(t, once, again)
	wantWellFormed(t, once, out)
	was, is := excelizeOf(t, data), excelizeOf(t, out)
	if got := strings.Join(is.GetSheetList(), " "); got != "Remarks List Other" {
		t.Errorf("the sheets are %s", got)
	}
	wantValue(t, is, "Remarks", "A1", "another")
	wantValue(t, is, "List", "E3", "Remark")
	wantValue(t, is, "List", "E4", "")
	wantValue(t, is, "List", "E5", "")
	wantValue(t, is, "List", "E6", "new")
	for _, cell := range []string{"A3", "C4", "A5", "B5"} {
		if a, b := fillOf(t, was, "List", cell), fillOf(t, is, "List", cell); a != b {
			t.Errorf("%s was filled with %q and is with %q", cell, a, b)
		}
		if a, b := formatOf(t, was, "List", cell), formatOf(t, is, "List", cell); a != b {
			t.Errorf("%s was %s and is %s", cell, a, b)
		}
	}
	if got := fillOf(t, is, "List", "A6"); got != markFill {
		t.Errorf("A6 is filled with %q", got)
	}
	if got, want := commentsOf(t, is, "List"), "A4 Aisha: seen\nA5 Aisha: check\nA6 Checker: at last"; !sameLines(got, want) {
		t.Errorf("the comments are\n%s\nwant\n%s", got, want)
	}
	if n := strings.Count(partIn(t, out, "xl/drawings/vmlDrawing1.vml"), "<v:shape "); n != 3 {
		t.Errorf("%d boxes of comments, want 3", n)
	}
}

// Prefixes, strict workbooks, UTF-16, names of columns that are missing: the marks
// are written in the workbook's own way.
func TestMarkOddWorkbooks(t *testing.T) {
	rows := `<row r="1"><c r="A1" t="inlineStr"><is><t>Serial</t></is></c></row><row r="2"><c r="A2"><v>7</v></c></row>`
	prefixed := `<x:worksheet xmlns:x="` + mainSpace + `"><x:cols><x:col min="1" max="16384" width="9"></x:col></x:cols><x:sheetData>` +
		strings.NewReplacer("<", "<x:", "<x:/", "</x:").Replace(strings.ReplaceAll(rows, "</", "<\x00")) + `</x:sheetData><x:tableParts count="0"/></x:worksheet>`
	prefixed = strings.ReplaceAll(prefixed, "<x:\x00", "</x:")
	cases := map[string][]byte{
		"with prefixes": properBook(t, prefixed),
		"in UTF-16":     properBook(t, utf16Text(`<?xml version="1.0" encoding="UTF-16"?>`+proper(rows), binary.LittleEndian, true)),
		"strict": properBook(t, `<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData>`+rows+`</sheetData></worksheet>`,
			"xl/styles.xml", `<styleSheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><fills count="1"><fill><patternFill patternType="none"/></fill></fills><cellXfs/><dxfs count="0"/></styleSheet>`),
		"with comments and spaces": properBook(t, strings.Replace(proper(rows), "<row", "<!-- a row -->\n <row", 1)),
	}
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			out := marked(t, data, marks(2, 1))
			wantWellFormed(t, data, out)
			wantRows(t, name, out, "1: A=What B=Where\n2: A=+wrong B=List!A2\n1: A=Serial B=Remark\n2: A=7(number) B==wrong & odd\n")
			x := excelizeOf(t, out)
			if got := fillOf(t, x, "List", "A2"); got != markFill {
				t.Errorf("A2 is filled with %q", got)
			}
			if got := commentsOf(t, x, "List"); got != "A2 Checker: not <this>" {
				t.Errorf("the comments are %s", got)
			}
		})
	}
}

// A text file has no cells that could be coloured.
func TestTextFilesAreNotMarked(t *testing.T) {
	book, err := open([]byte("a,b\n1,2\n"), sheet.Limits{})
	check(t, err)
	if err := book.Mark(t.Context(), io.Discard, marks(2, 1)); err == nil {
		t.Error("a text file was marked")
	}
}

// No column is taken for remarks beyond the width allowed; the cells are marked.
func TestNoRoomForRemarks(t *testing.T) {
	m := marks(2, 1)
	m.Width = 1
	out := marked(t, properBook(t, proper(`<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>7</v></c></row>`)), m)
	wantRows(t, "the copy", out, "1: A=What B=Where\n2: A=+wrong B=List!A2\n1: A=1(number)\n2: A=7(number)\n")
	if got := commentsOf(t, excelizeOf(t, out), "List"); got != "A2 Checker: not <this>" {
		t.Errorf("the comments are %s", got)
	}
}

// Whatever a sheet and its formats hold that can be read, it can be marked, and the
// copy can be read.
func FuzzMark(f *testing.F) {
	styles := `<styleSheet xmlns="` + mainSpace + `"><fonts/><fills count="1"><fill/></fills><cellXfs><xf fillId="1>2" x='"'/><xf numFmtId="14"/></cellXfs></styleSheet>`
	f.Add(proper(`<row r="1"><c r="A1" s="1"><v>1</v></c></row><row><c><v>2</v></c></row>`), styles)
	f.Add(`<x:worksheet xmlns:x="u"><x:dimension ref="A1:B2"/><x:cols><x:col min="1" max="3"/></x:cols><x:sheetData><x:row r="2"/></x:sheetData><x:extLst/></x:worksheet>`, `<styleSheet/>`)
	f.Add(`<worksheet><cols/><sheetData/><legacyDrawing xmlns:r="r" r:id="r9"/></worksheet>`, `<a:styleSheet xmlns:a="u"><a:fills/><a:cellXfs><a:xf/></a:cellXfs><a:extLst/></a:styleSheet>`)
	f.Fuzz(func(t *testing.T, xml, styles string) {
		data := properBook(t, xml, "xl/styles.xml", styles)
		if _, err := dump(data, sheet.Limits{}); err != nil {
			return
		}
		out := marked(t, data, marks(2, 1))
		if _, err := dump(out, sheet.Limits{}); err != nil {
			t.Errorf("the copy cannot be read: %v\n%s", err, partIn(t, out, "xl/worksheets/sheet1.xml"))
		}
	})
}

// The drawing of comments stands where Excel wants it: behind what comes before it
// in a sheet, and before what comes behind.
func TestTheDrawingOfCommentsStandsInOrder(t *testing.T) {
	xml := `<worksheet xmlns="` + mainSpace + `"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>7</v></c></row></sheetData>` +
		`<sheetProtection sheet="1"/><pageMargins left="1" right="1" top="1" bottom="1" header="1" footer="1"/><ignoredErrors/><picture/><tableParts count="0"/><extLst/></worksheet>`
	out := marked(t, properBook(t, xml), marks(2, 1))
	wantInOrder(t, partIn(t, out, "xl/worksheets/sheet1.xml"), "<cols>", "<sheetData>", "<sheetProtection", "<pageMargins", "<ignoredErrors", "<legacyDrawing", "<picture", "<tableParts", "<extLst")
}
