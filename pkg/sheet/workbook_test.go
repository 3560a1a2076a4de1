package sheet_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

const sharedThree = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9" uniqueCount="9">` +
	`<si><t>a</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">b </t></r><r><t>c</t></r><rPh sb="0" eb="1"><t>not said</t></rPh></si><si><t>سیریل</t></si></sst>`

func TestEveryFormOfCellIsRead(t *testing.T) {
	for what, c := range map[string]struct{ rows, want string }{
		"a number in the file's digits":  {`<row r="1"><c r="A1"><v>3.7330233E7</v></c></row>`, "1: A=3.7330233E7(number)\n"},
		"a number of many digits":        {`<row r="1"><c r="A1" t="n"><v> 352109876543210 </v></c></row>`, "1: A=352109876543210(number)\n"},
		"no number where one should be":  {`<row r="1"><c r="A1"><v>N/A</v></c></row>`, "1: A=N/A\n"},
		"shared texts":                   {`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v> 2 </v></c></row>`, "1: A=a B=b c C=سیریل\n"},
		"an inline text":                 {`<row r="1"><c r="A1" t="inlineStr"><is><t>x &amp; y</t></is></c></row>`, "1: A=x & y\n"},
		"an inline text in runs":         {`<row r="1"><c r="A1" t="inlineStr"><is><r><t>x</t></r><r><t> y</t></r></is></c></row>`, "1: A=x y\n"},
		"an inline text in CDATA":        {`<row r="1"><c r="A1" t="inlineStr"><is><t>x<![CDATA[<&>]]>y</t></is></c></row>`, "1: A=x<&>y\n"},
		"an inline text in <v>":          {`<row r="1"><c r="A1" t="inlineStr"><v>x</v></c></row>`, "1: A=x\n"},
		"an inline text and <v>":         {`<row r="1"><c r="A1" t="inlineStr"><v>no</v><is><t>x</t></is></c></row>`, "1: A=x\n"},
		"a formula's text":               {`<row r="1"><c r="A1" t="str"><f>B1&amp;"x"</f><v>yx</v></c></row>`, "1: A=yx(formula)\n"},
		"a formula's number":             {`<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>`, "1: A=2(number)(formula)\n"},
		"a formula without a value":      {`<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v> </v></c><c r="C1" t="s"><f>D1</f><v/></c></row>`, "1: A=(empty)(formula) B=(empty)(formula) C=(empty)(formula)\n"},
		"a formula's empty text":         {`<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="str"><f>""</f></c></row>`, "1: A=(formula) B=(formula)\n"},
		"truth values":                   {`<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>false</v></c><c r="C1" t="b"><v>maybe</v></c></row>`, "1: A=TRUE(bool) B=FALSE(bool) C=maybe\n"},
		"an error of Excel's":            {`<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`, "1: A=#DIV/0!(error)(formula)\n"},
		"an ISO date":                    {`<row r="1"><c r="A1" t="d"><v>2026-06-30T08:15:00</v></c></row>`, "1: A=2026-06-30T08:15:00(date)\n"},
		"characters by number":           {`<row r="1"><c r="A1" t="str"><v>&#65;&#x42;&lt;&gt;&quot;&apos;</v></c></row>`, "1: A=AB<>\"'\n"},
		"line ends":                      {"<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a\r\nb\rc\nd</v></c></row>", "1: A=a\nb\nc\nd\n"},
		"Excel's escapes":                {`<row r="1"><c r="A1" t="str"><v>a_x000d_b_x005F_x0041_ _xD83D__xDE00_ _x00zz_ _x00</v></c></row>`, "1: A=a\rb_x0041_ 😀 _x00zz_ _x00\n"},
		"blanks are kept in texts":       {`<row r="1"><c r="A1" t="str"><v> </v></c></row>`, "1: A= \n"},
		"sparse rows and cells":          {`<row r="3"><c r="B3"><v>1</v></c><c r="AA3"><v>2</v></c></row><row r="9"><c r="XFD9"><v>3</v></c></row>`, "3: B=1(number) AA=2(number)\n9: XFD=3(number)\n"},
		"rows and cells without names":   {`<row><c><v>1</v></c><c><v>2</v></c></row><row r="4"><c r="C4"><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>`, "1: A=1(number) B=2(number)\n4: C=3(number) D=4(number)\n5: A=5(number)\n"},
		"cells that hold nothing":        {`<row r="1"><c r="A1" s="0"/><c r="B1"><v/></c><c r="C1" t="s"></c><c r="D1"><v>4</v></c></row><row r="2"/><row r="3"><c r="A3"/></row>`, "1: D=4(number)\n"},
		"what newer programs add":        {`<row r="1" x14ac:dyDescent="0.2"><c r="A1"><v>1</v><extLst><ext><v>9</v></ext></extLst></c><extLst><c r="B1"><v>9</v></c></extLst></row>`, "1: A=1(number)\n"},
		"comments and instructions":      {`<!-- a - b --><row r="1"><?x y?><c r="A1"><!----><v>1<!-- x -->2</v></c></row>`, "1: A=12(number)\n"},
		"other quotes and blanks":        {"<row  r = '1' ><c\nr='A1'\tt=\"str\" ><v >x</v ></c ></row >", "1: A=x\n"},
		"a > in an attribute":            {`<row r="1" a="x>y"><c r="A1"><v>1</v></c></row>`, "1: A=1(number)\n"},
		"names in lower case":            {`<row r="1"><c r="a1"><v>1</v></c></row>`, "1: A=1(number)\n"},
		"a style and no table of styles": {`<row r="1"><c r="A1" s="7"><v>1</v></c></row>`, "1: A=1(number)\n"},
		"no rows":                        {``, ""},
	} {
		wantRows(t, what, bookOf(inSheet(c.rows), "xl/sharedStrings.xml", sharedThree).zipped(t), c.want)
	}
	wantRows(t, "an empty list of rows", bookOf(`<worksheet><sheetData/></worksheet>`).zipped(t), "")
}

func TestEveryWayOfPackingIsRead(t *testing.T) {
	const want = "1: A=1(number)\n"
	good := inSheet(goodRow)
	for what, p := range map[string]parts{
		"prefixes": bookOf(`<x:worksheet xmlns:x="u"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`),
		"strict OOXML": bookOf(good,
			"_rels/.rels", `<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
		"absolute names": bookOf(good, "xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="`+relationships+`/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>`),
		"dots in names":  bookOf(good, "xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="`+relationships+`/worksheet" Target="../xl/./worksheets/Sheet1.XML"/></Relationships>`),
		"backslashes": {
			`_rels\.rels`:                `<Relationships><Relationship Id="r1" Type="` + relationships + `/officeDocument" Target="xl\workbook.xml"/></Relationships>`,
			`xl\workbook.xml`:            bookOf("")["xl/workbook.xml"],
			`xl\_rels\workbook.xml.rels`: `<Relationships><Relationship Id="r1" Type="` + relationships + `/worksheet" Target="worksheets\sheet1.xml"/></Relationships>`,
			`xl\worksheets\sheet1.xml`:   good,
		},
		"UTF-8 with a mark":       bookOf("\uFEFF" + good),
		"UTF-16":                  bookOf(utf16Text(good, binary.LittleEndian, true)),
		"UTF-16, big end first":   bookOf(utf16Text(good, binary.BigEndian, true)),
		"UTF-16 without its mark": bookOf(utf16Text(good, binary.LittleEndian, false)),
		"hostile parts that are not read": bookOf(good, "xl/media/image1.png", strings.Repeat("x", 100),
			"xl/calcChain.xml", "<", "xl/theme/theme1.xml", "<!DOCTYPE x>"),
		"a table that announces the whole sheet": bookOf(`<worksheet><dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384"/></cols><sheetData>` + goodRow +
			`</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref=""/><mergeCell/></mergeCells></worksheet>`),
	} {
		wantRows(t, what, p.zipped(t), want)
	}
}

func utf16Text(s string, order binary.AppendByteOrder, mark bool) string {
	s = strings.Replace(s, "UTF-8", "UTF-16", 1)
	if mark {
		s = "\uFEFF" + s
	}
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// Every way of cutting the bytes into reads gives the same rows: what is longer
// than a buffer or lies across two is read no differently.
func TestLongCellsCrossBuffers(t *testing.T) {
	var rows, want strings.Builder
	for i := 1; i <= 40; i++ {
		text := letters(i, i*1997)
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c><c r="B%d"><v>%d</v></c></row>`, i, i, escapeXML.Replace(text), i, i)
		fmt.Fprintf(&want, "%d: A=%s B=%d(number)\n", i, text, i)
	}
	wantRows(t, "long cells", bookOf(inSheet(rows.String())).zipped(t), want.String())
}

// letters is a text of n characters that hardly shrinks.
func letters(seed, n int) string {
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	alphabet := []rune("abcdefghijklmnopqrstuvwxyz0123456789 &&;<>\"ابجدہوزی€😀")
	out := make([]rune, n)
	for i := range out {
		out[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(out)
}

var escapeXML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

func TestSheetsAreListedWithoutBeingRead(t *testing.T) {
	p := bookOf("this is no XML",
		"xl/workbook.xml", `<workbook xmlns:r="r"><workbookPr date1904="true"/><sheets><sheet name="A &amp; B" r:id="r1"/><sheet name="Chart" r:id="r2"/>`+
			`<sheet name="Old" state="hidden" r:id="r3"/><sheet name="Lists" state="veryHidden" r:id="r4"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/chartsheet" Target="c.xml"/>`+
			`<Relationship Id="r3" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r4" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`)
	book, err := open(p.zipped(t), sheet.Limits{})
	check(t, err)
	if got, want := fmt.Sprint(book.Sheets()), "[{A & B visible} {Old hidden} {Lists very hidden}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !book.Date1904() || book.Dialect().String() != "" {
		t.Errorf("1904: %t, dialect %q", book.Date1904(), book.Dialect())
	}
	for _, err := range book.Rows(2) {
		if err == nil || !strings.Contains(err.Error(), `damaged: in the sheet "Lists", text stands outside the document`) {
			t.Errorf("got %v", err)
		}
	}
}

func TestASheetThatIsNotThere(t *testing.T) {
	book, err := open(bookOf(inSheet(goodRow)).zipped(t), sheet.Limits{})
	check(t, err)
	for _, i := range []int{-1, 1} {
		for _, err := range book.Rows(i) {
			if err == nil || !strings.Contains(err.Error(), "no sheet number") {
				t.Errorf("sheet %d: %v", i, err)
			}
		}
	}
}

func TestExtentTellsHowFarASheetGoes(t *testing.T) {
	book, err := open(bookOf(`<worksheet><sheetData><row r="3"><c r="B3"><f>1</f><v>1</v></c></row><row r="7"><c r="A7"><v>1</v></c><c r="D7"><v>1</v></c><c r="F7"/></row><row r="20"/></sheetData>`+
		`<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B2:B3"/><mergeCell ref="C9:A1"/></mergeCells></worksheet>`).zipped(t), sheet.Limits{})
	check(t, err)
	got, err := book.Extent(0)
	check(t, err)
	if s := fmt.Sprintf("%+v", got); s != "{Rows:2 First:3 Last:7 Columns:4 Formulas:1 Merges:[A1:C1 B2:B3]}" {
		t.Error(s)
	}
}

// A row that was kept by Clone stays what it was; Cell finds cells by column.
func TestCloneOutlivesTheRow(t *testing.T) {
	book, err := open(bookOf(inSheet(`<row r="1"><c r="A1" t="str"><v>first</v></c><c r="C1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="str"><v>other</v></c></row>`),
		"xl/sharedStrings.xml", sharedThree).zipped(t), sheet.Limits{})
	check(t, err)
	var kept []sheet.Row
	for row, err := range book.Rows(0) {
		check(t, err)
		kept = append(kept, row.Clone())
	}
	first := kept[0]
	if first.Cell(1).String() != "first" || first.Cell(3).String() != "a" || first.Cell(2).Kind != 0 || first.Cell(0).Kind != 0 || kept[1].Cell(1).String() != "other" {
		t.Errorf("got %v", kept)
	}
	if !slices.Equal(first.Cell(3).Text, []byte("a")) || cap(first.Cells[0].Text) != len("first") {
		t.Error("a cell's text must not grow into the next cell's")
	}
}

// Some programs write a million formatted rows behind the last filled one.
func TestAMillionAnnouncedRowsAreNotGiven(t *testing.T) {
	var rows bytes.Buffer
	for i := 1; i <= 1<<20; i++ {
		if i <= 5 {
			fmt.Fprintf(&rows, `<row r="%d"><c><v>1</v></c></row>`, i)
		} else {
			fmt.Fprintf(&rows, `<row r="%d" spans="1:3" ht="15"/>`, i)
		}
	}
	book, err := open(bookOf(inSheet(rows.String())).zipped(t), sheet.Limits{})
	check(t, err)
	e, err := book.Extent(0)
	if check(t, err); e.Rows != 5 || e.Last != 5 {
		t.Errorf("got %+v", e)
	}
}

var escapeAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;")

func TestColumnsHaveTheirLetters(t *testing.T) {
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 702: "ZZ", 703: "AAA", 16384: "XFD"} {
		if got := sheet.ColumnName(n); got != want {
			t.Errorf("column %d: %s, not %s", n, got, want)
		}
		wantRows(t, want, bookOf(inSheet(`<row r="9"><c r="`+want+`9"><v>1</v></c></row>`)).zipped(t), "9: "+want+"=1(number)\n")
	}
}

func TestARangeHoldsItsCells(t *testing.T) {
	r := sheet.Range{Top: 2, Left: 3, Bottom: 4, Right: 5}
	for cell, want := range map[[2]int]bool{{3, 2}: true, {5, 4}: true, {4, 3}: true, {2, 3}: false, {6, 3}: false, {4, 1}: false, {4, 5}: false} {
		if r.Holds(cell[0], cell[1]) != want {
			t.Errorf("%v in %v: not %v", cell, r, want)
		}
	}
}
