package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Every one of these is read by other readers as fewer or other rows, with no
// error, or makes them fall over.
func TestDamagedSheetsAreRefusedWithTheirPlace(t *testing.T) {
	const row2 = `<row r="2"><c r="A2"><v>2</v></c></row>`
	for what, c := range map[string]struct{ sheet, words string }{
		"cut in the middle":             {`<worksheet><sheetData>` + goodRow + `<row r="2"><c r="A2"><v>2</v>`, `in the sheet "List", at cell A2, it ends inside <c>`},
		"cut inside a tag":              {`<worksheet><sheetData>` + goodRow + `<row r="2"><c r="A`, "in or behind row 2, it ends inside a tag"},
		"cut behind the rows":           {`<worksheet><sheetData>` + goodRow + `</sheetData>`, "it ends inside <worksheet>"},
		"cut inside a comment":          {`<worksheet><sheetData>` + goodRow + `<!-- `, "ends inside a tag"},
		"a tag never closed":            {inSheet(goodRow + `<row r="2"><c r="A2"><v>2</c></row>`), "<v> is closed by </c>"},
		"a tag closed as another":       {inSheet(goodRow + `<row r="2"><c r="A2"><v>2</x></c></row>`), "<v> is closed by </x>"},
		"a tag closed twice":            {inSheet(goodRow) + `</worksheet>`, "</worksheet> stands without its beginning"},
		"an entity of HTML":             {inSheet(`<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>`), `at cell A1, "&nbsp;`},
		"a character of no number":      {inSheet(`<row r="1"><c r="A1" t="str"><v>&#;</v></c></row>`), "XML knows"},
		"a character zero":              {inSheet(`<row r="1"><c r="A1" t="str"><v>&#0;</v></c></row>`), "XML knows"},
		"half a pair as a character":    {inSheet(`<row r="1"><c r="A1" t="str"><v>&#xD800;</v></c></row>`), "XML knows"},
		"an instruction without a name": {inSheet(`<row r="1"><?0?></row>`), "not an instruction"},
		"another encoding":              {`<?xml version="1.0" encoding="ISO-8859-1"?><worksheet><sheetData/></worksheet>`, `the encoding "ISO-8859-1"`},
		"another version":               {`<?xml version="9"?><worksheet><sheetData/></worksheet>`, "version"},
		"a declaration in the middle":   {inSheet(`<?xml version="1.0"?>`), "in the middle"},
		"a DOCTYPE":                     {`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + inSheet(goodRow), "DOCTYPE"},
		"a DOCTYPE without anything":    {`<!DOCTYPE x>` + inSheet(goodRow), "DOCTYPE"},
		"a forbidden character":         {inSheet("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>\x01</v></c></row>"), "XML does not allow"},
		"broken UTF-8":                  {inSheet("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>\xff</v></c></row>"), "XML does not allow"},
		"broken UTF-8 in a comment":     {inSheet("<!-- \xff -->"), "XML does not allow"},
		"broken UTF-8 in CDATA":         {inSheet("<row><![CDATA[\xff]]></row>"), "XML does not allow"},
		"half a UTF-16 character":       {"\xFF\xFE<\x00a", "half a character of UTF-16"},
		"]]> in a text":                 {inSheet(`<row r="1"><c r="A1"><v>]]></v></c></row>`), "]]>"},
		"-- in a comment":               {inSheet(`<!-- -- -->`), "a comment holds --"},
		"< in an attribute":             {inSheet(`<row r="<"></row>`), "holds <"},
		"an attribute twice":            {inSheet(`<row r="1"><c r="A1" r="B1"><v>1</v></c></row>`), "attribute r twice"},
		"an attribute cut off":          {inSheet(`<row r="1><c r="A1"><v>1</v></c></row>`), "the attribute r holds <"},
		"an attribute without quotes":   {inSheet(`<row r=1></row>`), "not in quotes"},
		"an attribute without a value":  {inSheet(`<row hidden></row>`), "no value"},
		"rows out of order":             {inSheet(row2 + goodRow), "in or behind row 2, row 1 follows row 2"},
		"a row twice":                   {inSheet(goodRow + goodRow), "row 1 follows row 1"},
		"a row of no number":            {inSheet(`<row r="x"/>`), `the number "x"`},
		"a row of a negative number":    {inSheet(`<row r="-1"/>`), `the number "-1"`},
		"row 4294967297":                {inSheet(`<row r="4294967297"/>`), `the number "4294967297"`},
		"a row in a row":                {inSheet(`<row r="1"><c r="A1"/>` + row2 + `</row>x`), "outside of a cell"},
		"cells out of order":            {inSheet(`<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>`), "A1 stands behind B1"},
		"a cell twice":                  {inSheet(`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>`), "A1 stands behind A1"},
		"a cell of another row":         {inSheet(`<row r="1"><c r="A7"><v>1</v></c></row>`), "A7 stands in row 1"},
		"a cell that is none":           {inSheet(`<row r="1"><c r="17"><v>1</v></c></row>`), `the name "17"`},
		"a cell with an empty name":     {inSheet(`<row r="1"><c r=""><v>1</v></c></row>`), `the name ""`},
		"a text that is not there":      {inSheet(`<row r="1"><c r="A1" t="s"><v>7</v></c></row>`), "at cell A1, the cell points to text number \"7\", and there are 0"},
		"a text before the first":       {inSheet(`<row r="1"><c r="A1" t="s"><v>-1</v></c></row>`), `text number "-1"`},
		"a text beyond all numbers":     {inSheet(`<row r="1"><c r="A1" t="s"><v>99999999999999999999</v></c></row>`), "text number"},
		"a style that is none":          {inSheet(`<row r="1"><c r="A1" s="-1"><v>1</v></c></row>`), `style number "-1"`},
		"a type that is none":           {inSheet(`<row r="1"><c r="A1" t="zz"><v>1</v></c></row>`), `unknown type "zz"`},
		"two values":                    {inSheet(`<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>`), "two values"},
		"two inline texts":              {inSheet(`<row r="1"><c r="A1" t="inlineStr"><is/><is/></c></row>`), "two values"},
		"a tag in a value":              {inSheet(`<row r="1"><c r="A1"><v>1<b/>2</v></c></row>`), "a tag stands in the cell's value"},
		"words between rows":            {inSheet(goodRow + `lost`), `"lost" stands outside of a cell`},
		"words between cells":           {inSheet(`<row r="1">lost</row>`), `"lost" stands outside of a cell`},
		"words in a cell":               {inSheet(`<row r="1"><c r="A1">lost<v>1</v></c></row>`), `"lost" stands outside of a cell`},
		"two lists of rows":             {`<worksheet><sheetData>` + goodRow + `</sheetData><sheetData/></worksheet>`, "two lists of rows"},
		"no list of rows":               {`<worksheet/>`, "no list of rows"},
		"a list of rows too deep":       {`<worksheet><x><sheetData/></x></worksheet>`, "no list of rows"},
		"no sheet":                      {`<chartsheet><sheetData/></chartsheet>`, "no sheet but a <chartsheet>"},
		"a tag behind its end":          {inSheet(goodRow) + `<worksheet/>`, "goes on behind its end"},
		"words behind its end":          {inSheet(goodRow) + `x`, "text stands outside"},
		"nothing":                       {"", "it is empty"},
		"blanks":                        {"  ", "it is empty"},
	} {
		e := wantRefused(t, what, bookOf(c.sheet).zipped(t), sheet.Limits{}, sheet.CodeDamaged, c.words)
		if e.Sheet != "List" || e.Part != "xl/worksheets/sheet1.xml" || !strings.HasSuffix(e.Message, "send that") {
			t.Errorf("%s: the error does not tell its place or what to do: %+v", what, e)
		}
	}
	styled := bookOf(inSheet(`<row r="1"><c r="A1" s="1"><v>1</v></c></row>`), "xl/styles.xml", `<styleSheet><cellXfs><xf/></cellXfs><other><xf/></other></styleSheet>`)
	texts := bookOf(inSheet(`<row r="1"><c r="A1" t="s"><v>3</v></c></row>`), "xl/sharedStrings.xml", sharedThree)
	wantRefused(t, "the text behind the last", texts.zipped(t), sheet.Limits{}, sheet.CodeDamaged, `text number "3", and there are 3`)
	wantRefused(t, "a style that is not there", styled.zipped(t), sheet.Limits{}, sheet.CodeDamaged, `style number "1", and there are 1`)
}

func TestDamagedWorkbooksAreRefused(t *testing.T) {
	good := inSheet(goodRow)
	for what, c := range map[string]struct {
		p     parts
		words string
	}{
		"a workbook of no XML":          {bookOf(good, "xl/workbook.xml", "hello"), "in its part xl/workbook.xml, text stands outside"},
		"a sheet without a part":        {bookOf(good, "xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="List" r:id="r9"/></sheets></workbook>`), `the sheet "List" has no part`},
		"a part that is not there":      {bookOf(good, "xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="gone.xml"/></Relationships>`), `the sheet "List" is missing`},
		"no sheets":                     {bookOf(good, "xl/workbook.xml", `<workbook/>`), "it has no sheets"},
		"a table of texts cut short":    {bookOf(good, "xl/sharedStrings.xml", `<sst><si><t>a</t></si><si><t>b`), "in its part xl/sharedStrings.xml, it ends inside <t>"},
		"a table of texts with DOCTYPE": {bookOf(good, "xl/sharedStrings.xml", `<!DOCTYPE x><sst/>`), "DOCTYPE"},
		"styles cut short":              {bookOf(good, "xl/styles.xml", `<styleSheet>`), "in its part xl/styles.xml, it ends inside <styleSheet>"},
		"a part twice":                  {bookOf(good, "xl/WORKBOOK.xml", `<workbook/>`), "it holds the part"},
	} {
		wantRefused(t, what, c.p.zipped(t), sheet.Limits{}, sheet.CodeDamaged, c.words)
	}
	missing := bookOf(good)
	delete(missing, "xl/_rels/workbook.xml.rels")
	wantRefused(t, "no list of parts", missing.zipped(t), sheet.Limits{}, sheet.CodeDamaged, "its part xl/_rels/workbook.xml.rels is missing")
}

func TestLimitsHold(t *testing.T) {
	good := inSheet(goodRow)
	texts := "<sst>" + strings.Repeat("<si><t>abcdefghijklmnop</t></si>", 1<<12) + "</sst>"
	for what, c := range map[string]struct {
		p      parts
		limits sheet.Limits
		words  string
	}{
		"a sheet that shrank 400-fold":   {bookOf(inSheet(strings.Repeat(" ", 8<<20))), sheet.Limits{}, "as no honest program does"},
		"styles that shrank 400-fold":    {bookOf(good, "xl/styles.xml", strings.Repeat(" ", 8<<20)), sheet.Limits{}, "as no honest program does"},
		"a sheet over its limit":         {bookOf(inSheet(letters(1, 1<<16))), sheet.Limits{Sheet: 1 << 10}, "sheet1.xml would unpack to"},
		"texts over their limit":         {bookOf(good, "xl/sharedStrings.xml", texts), sheet.Limits{Strings: 1 << 10}, "sharedStrings.xml would unpack to"},
		"more texts than allowed":        {bookOf(good, "xl/sharedStrings.xml", texts), sheet.Limits{SharedTexts: 100}, "more than 100 different texts"},
		"styles over their limit":        {bookOf(good, "xl/styles.xml", letters(1, 1<<16)), sheet.Limits{Part: 1 << 10}, "styles.xml would unpack to"},
		"all parts over their limit":     {bookOf(good, "xl/media/a.bin", letters(1, 1<<16)), sheet.Limits{Total: 1 << 15}, "it would unpack to more than"},
		"nested too deep":                {bookOf(inSheet(strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100))), sheet.Limits{}, "nested more than 32 deep"},
		"nested texts":                   {bookOf(good, "xl/sharedStrings.xml", "<sst><si>"+strings.Repeat("<r>", 100)), sheet.Limits{}, "nested more than 32 deep"},
		"one endless cell":               {bookOf(inSheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>` + escapeXML.Replace(letters(1, 1<<18)) + `</t></is></c></row>`)), sheet.Limits{}, "in the sheet \"List\", at cell A1, one piece of it is longer"},
		"one endless cell in pieces":     {bookOf(inSheet(`<row r="1"><c r="A1" t="inlineStr"><is>` + strings.Repeat("<r><t>"+escapeXML.Replace(letters(1, 1000))+"</t></r>", 300) + `</is></c></row>`)), sheet.Limits{}, "a text is longer than 262144 bytes"},
		"one endless number in pieces":   {bookOf(inSheet(`<row r="1"><c r="A1"><v>` + strings.Repeat("<!---->"+strings.Repeat("1234567890", 20), 3000) + `</v></c></row>`)), sheet.Limits{Ratio: 1 << 20}, "it holds more than"},
		"one endless tag":                {bookOf(inSheet(`<row ` + strings.Repeat("x", 1<<19))), sheet.Limits{}, "one piece of it is longer"},
		"one endless comment":            {bookOf(inSheet(`<!-- ` + strings.Repeat("x", 1<<19))), sheet.Limits{}, "one piece of it is longer"},
		"endless blanks":                 {bookOf(inSheet(strings.Repeat(" ", 1<<19))), sheet.Limits{}, "one piece of it is longer"},
		"more attributes than sensible":  {bookOf(inSheet(`<row` + manyAttributes() + `/>`)), sheet.Limits{}, "more than 128 attributes"},
		"a text repeated in a row":       {bookOf(inSheet(`<row r="1">`+strings.Repeat(`<c t="s"><v>0</v></c>`, 9000)+`</row>`), "xl/sharedStrings.xml", "<sst><si><t>"+strings.Repeat("x", 1000)+"</t></si></sst>"), sheet.Limits{}, "the row holds more than"},
		"row 2147483647":                 {bookOf(inSheet(goodRow + `<row r="214748364"/>`)), sheet.Limits{}, "a row with the number 214748364"},
		"more rows than allowed":         {bookOf(inSheet(goodRow + `<row r="11"/>`)), sheet.Limits{Rows: 10}, "beyond 10"},
		"more merged blocks than wanted": {bookOf(`<worksheet><sheetData/><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:B2"/>`, 11) + `</mergeCells></worksheet>`), sheet.Limits{Merges: 10}, "more than 10 merged blocks"},
	} {
		book, err := open(c.p.zipped(t), c.limits)
		if err == nil {
			_, err = book.Extent(0)
		}
		var e *sheet.Error
		if !errors.As(err, &e) || e.Code != sheet.CodeTooLarge || !strings.Contains(e.Message, c.words) {
			t.Errorf("%s: got %v, want …%s…", what, err, c.words)
		}
	}
	wide := bookOf(inSheet(`<row r="1"><c r="XFD1"><v>1</v></c></row>`)).zipped(t)
	wantRefused(t, "a cell too far right", wide, sheet.Limits{Columns: 64}, sheet.CodeTooWide, `the sheet is too wide: in the sheet "List", in or behind row 1, the cell XFD1 stands beyond column BL`)
	wantRefused(t, "a cell beyond Excel", bookOf(inSheet(`<row r="1"><c r="XFE1"><v>1</v></c></row>`)).zipped(t), sheet.Limits{}, sheet.CodeTooWide, "beyond column XFD")
	wantRefused(t, "a large file", wide, sheet.Limits{File: 100}, sheet.CodeTooLarge, "split it into several files")
}

func manyAttributes() string {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, ` a%d=""`, i)
	}
	return b.String()
}

func TestWhatIsNotWantedIsRefused(t *testing.T) {
	good := inSheet(goodRow)
	for _, c := range []struct {
		part   string
		limits sheet.Limits
		code   sheet.Code
	}{
		{"xl/vbaProject.bin", sheet.Limits{RefuseMacros: true}, sheet.CodeMacros},
		{"xl/macrosheets/sheet1.xml", sheet.Limits{RefuseMacros: true}, sheet.CodeMacros},
		{"xl/externalLinks/externalLink1.xml", sheet.Limits{RefuseExternalLinks: true}, sheet.CodeExternalLinks},
		{"xl/embeddings/oleObject1.bin", sheet.Limits{RefuseEmbedded: true}, sheet.CodeEmbedded},
		{"xl/activeX/activeX1.xml", sheet.Limits{RefuseEmbedded: true}, sheet.CodeEmbedded},
	} {
		data := bookOf(good, c.part, "x").zipped(t)
		wantRefused(t, c.part, data, c.limits, c.code, "not accepted")
		wantRows(t, c.part+" where nobody minds", data, "1: A=1(number)\n")
	}
}

func TestOtherFilesAreNamed(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 100_000)
	for what, c := range map[string]struct {
		data  string
		code  sheet.Code
		words string
	}{
		"nothing":         {"", sheet.CodeEmpty, "no bytes"},
		"blanks":          {" \r\n \n", sheet.CodeEmpty, "nothing but blanks"},
		"an empty zip":    {string(parts{}.zipped(t)), sheet.CodeEmpty, "empty archive"},
		"a zip":           {string(parts{"a.csv": "1"}.zipped(t)), sheet.CodeArchive, "unpack it"},
		"an .ods":         {string(parts{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}.zipped(t)), sheet.CodeODS, ".ods"},
		"a .numbers":      {string(parts{"Index/Document.iwa": "", "preview.jpg": ""}.zipped(t)), sheet.CodeNumbers, "Export To"},
		"an .xlsb":        {string(parts{"xl/workbook.bin": ""}.zipped(t)), sheet.CodeXLSB, ".xlsb"},
		"a .docx":         {string(parts{"word/document.xml": ""}.zipped(t)), sheet.CodeWord, "table"},
		"an .xls":         {ole, sheet.CodeXLS, ".xls"},
		"a locked .xlsx":  {ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", sheet.CodePassword, "password"},
		"a .doc":          {ole + "W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00", sheet.CodeWord, "table"},
		"a PDF":           {"%PDF-1.7", sheet.CodePDF, "PDF"},
		"a photo":         {"\xFF\xD8\xFF\xE0", sheet.CodePicture, "picture"},
		"a web page":      {" <html><table>", sheet.CodeWebPage, "web page"},
		"a program":       {"\x7FELF\x02\x01\x01" + strings.Repeat("\x00\x01\x02", 100), sheet.CodeNotSpreadsheet, ".xlsx or .csv"},
		"the half of one": {string(bookOf(inSheet(goodRow)).zipped(t)[:300]), sheet.CodeDamaged, "its end is missing"},
	} {
		wantRefused(t, what, []byte(c.data), sheet.Limits{}, c.code, c.words)
	}
}

func TestATruncatedWorkbookIsRefused(t *testing.T) {
	data := bookOf(inSheet(goodRow)).zipped(t)
	for n := 4; n < len(data); n += 3 {
		wantRefused(t, fmt.Sprint(n, " bytes"), data[:n], sheet.Limits{}, sheet.CodeDamaged, "")
	}
}

// One flipped bit anywhere in a workbook never changes what is read of it.
func TestAFlippedBitIsNoticed(t *testing.T) {
	var rows strings.Builder
	for i := 1; i <= 9; i++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" t="inlineStr"><is><t>TK-%04d</t></is></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d" s="1"><v>%d</v></c></row>`, i, i, i*7919, i, i%3, i, 46000+i)
	}
	data := bookOf(inSheet(rows.String()), "xl/sharedStrings.xml", sharedThree, "xl/styles.xml", `<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>`).zipped(t)
	want, err := dump(data, sheet.Limits{})
	check(t, err)
	for i := range data {
		bad := slices.Clone(data)
		bad[i] ^= 1 << (i % 8)
		if got, err := dump(bad, sheet.Limits{}); err == nil && got != want {
			t.Fatalf("byte %d, bit %d: read without an error: %q", i, i%8, got)
		}
	}
}

// A rapid walk over several changes at once: whatever is done to the bytes, the
// reader gives all rows or an error, and never panics.
func TestManglingNeverPassesUnnoticed(t *testing.T) {
	data := bookOf(inSheet(strings.Repeat(" ", 99)+goodRow), "xl/sharedStrings.xml", sharedThree).zipped(t)
	rapid.Check(t, func(r *rapid.T) {
		bad := slices.Clone(data)
		for range rapid.IntRange(1, 5).Draw(r, "changes") {
			i := rapid.IntRange(0, len(bad)-1).Draw(r, "at")
			bad[i] = rapid.Byte().Draw(r, "byte")
		}
		bad = bad[:rapid.IntRange(len(bad)/2, len(bad)).Draw(r, "length")]
		got, err := dump(bad, sheet.Limits{})
		var e *sheet.Error
		if err != nil && !errors.As(err, &e) {
			r.Fatalf("no sentence: %v", err)
		}
		if err == nil && got != "1: A=1(number)\n" && bytes.HasPrefix(bad, []byte("PK\x03\x04")) {
			r.Fatalf("read as %q", got)
		}
	})
}

func TestZipDirectoriesThatLie(t *testing.T) {
	sheetXML := []byte(inSheet(goodRow))
	raw := func(method uint16, data []byte, size uint64, sum uint32) []byte {
		p := bookOf("")
		delete(p, "xl/worksheets/sheet1.xml")
		var buf bytes.Buffer
		z := zip.NewWriter(&buf)
		for name, text := range p {
			w, err := z.Create(name)
			check(t, err)
			_, err = io.WriteString(w, text)
			check(t, err)
		}
		w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: method, CompressedSize64: uint64(len(data)), UncompressedSize64: size, CRC32: sum})
		check(t, err)
		_, err = w.Write(data)
		check(t, err)
		check(t, z.Close())
		return buf.Bytes()
	}
	n, sum := uint64(len(sheetXML)), crc32.ChecksumIEEE(sheetXML)
	wantRows(t, "an honest one", raw(zip.Store, sheetXML, n, sum), "1: A=1(number)\n")
	for what, data := range map[string][]byte{
		"a size too small":         raw(zip.Store, sheetXML, n-1, sum),
		"a size too large":         raw(zip.Store, sheetXML, n+1, sum),
		"another checksum":         raw(zip.Store, sheetXML, n, sum+1),
		"a checksum of zero":       raw(zip.Store, sheetXML, n, 0),
		"data that is not packed":  raw(zip.Deflate, sheetXML, n, sum),
		"packed in an unknown way": raw(99, sheetXML, n, sum),
		"a size far too large":     raw(zip.Store, sheetXML, 1<<20, sum),
	} {
		wantRefused(t, what, data, sheet.Limits{}, sheet.CodeDamaged, "")
	}
	wantRefused(t, "12 GiB announced", raw(zip.Store, sheetXML, 12<<30, sum), sheet.Limits{}, sheet.CodeTooLarge, "it would unpack to more than")
	wantRefused(t, "2 GiB announced in few bytes", raw(zip.Store, sheetXML, 1<<30, sum), sheet.Limits{}, sheet.CodeTooLarge, "as no honest program does")
}

func TestTooManyPartsAreNotEvenListed(t *testing.T) {
	p := parts{}
	for i := range 600 {
		p[fmt.Sprint(i)] = ""
	}
	data := p.zipped(t)
	wantRefused(t, "600 parts", data, sheet.Limits{}, sheet.CodeTooLarge, "more than 512 parts")

	// The number of parts in the last record is a lie.
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint16(data[end+8:], 3)
	binary.LittleEndian.PutUint16(data[end+10:], 3)
	wantRefused(t, "600 parts called 3", data, sheet.Limits{}, sheet.CodeDamaged, "")

	for i := range 1<<16 + 4 {
		p[fmt.Sprint(i)] = ""
	}
	data = p.zipped(t)
	end = bytes.LastIndex(data, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint16(data[end+8:], 4)
	binary.LittleEndian.PutUint16(data[end+10:], 4)
	wantRefused(t, "65,540 parts called 4", data, sheet.Limits{}, sheet.CodeTooLarge, "more than 512 parts")
}

// Package zip would look for the parts in front of the file's first byte.
func TestADirectoryThatPointsOutsideOfTheFile(t *testing.T) {
	data := bookOf(inSheet(goodRow)).zipped(t)
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint32(data[end+16:], binary.LittleEndian.Uint32(data[end+16:])+10_000)
	wantRefused(t, "a directory far behind its place", data, sheet.Limits{}, sheet.CodeDamaged, "packed data is not what was written")
}
