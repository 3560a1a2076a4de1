package workbook

import (
	"archive/zip"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// sheetOf makes a workbook whose one sheet is the given XML.
func sheetOf(t testing.TB, xml string, more ...string) []byte {
	t.Helper()
	return zipped(t, partsOf(xml, more...))
}

// partsOf are the parts of a workbook, those named in more among them.
func partsOf(xml string, more ...string) map[string]string {
	const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	parts := map[string]string{
		"_rels/.rels":     `<Relationships><Relationship Id="r1" Type="` + relationships + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="List" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="` + relationships + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="` + relationships + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": xml,
	}
	for i := 0; i+1 < len(more); i += 2 {
		parts[more[i]] = more[i+1]
	}
	return parts
}

func inSheet(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

// cellsOf reads the one sheet of a workbook.
func cellsOf(t testing.TB, data []byte) (rows []row, err error) {
	t.Helper()
	b, err := open(t.Context(), memFile("a.xlsx", data), Limits{}.withDefaults())
	if err != nil {
		return nil, err
	}
	for r, err := range b.tabs[0].rows(t.Context()) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, r.clone())
	}
	return rows, nil
}

func TestRowsAreReadWithTheirNumbers(t *testing.T) {
	rows, err := cellsOf(t, sheetOf(t, inSheet(
		`<row r="2"><c r="A2" t="inlineStr"><is><t>TK &amp; 1</t></is></c><c r="C2"><v>3.7330233E7</v></c></row>`+
			`<row r="4"/><row r="5"><c r="B5" t="s"><v>1</v></c><c t="str"><f>A1</f><v>x</v></c></row>`),
		"xl/sharedStrings.xml", `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>a</t></si><si><r><t>b</t></r><r><t>c</t></r></si></sst>`))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(rows)
	if want := "[{2 [TK & 1  3.7330233E7] [0 0 1] } {5 [ bc x] [0 0 0] }]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Every one of these gives fewer or other rows with excelize, and no error.
func TestDamagedSheetsAreRefused(t *testing.T) {
	const good = `<row r="1"><c r="A1"><v>1</v></c></row>`
	for name, xml := range map[string]string{
		"cut in the middle":             `<worksheet><sheetData>` + good + `<row r="2"><c r="A2"><v>2</v>`,
		"cut behind the rows":           `<worksheet><sheetData>` + good + `</sheetData>`,
		"a tag never closed":            inSheet(good + `<row r="2"><c r="A2"><v>2</c></row>`),
		"a tag closed as another":       inSheet(good + `<row r="2"><c r="A2"><v>2</x></c></row>`),
		"an unknown entity":             inSheet(good + `<row r="2"><c r="A2" t="str"><v>&nbsp;</v></c></row>`),
		"a character of no number":      inSheet(good + `<row r="2"><c r="A2" t="str"><v>&#;</v></c></row>`),
		"an instruction without a name": inSheet(`<row r="1"><c r="A1"><v>1</v></c><?0?><c r="B1"><v>1</v></c></row>`),
		"another encoding":              `<?xml version="1.0" encoding="ISO-8859-1"?><worksheet><sheetData>` + good + `</sheetData></worksheet>`,
		"a DOCTYPE":                     `<!DOCTYPE x [<!ENTITY e "y">]>` + inSheet(good),
		"a forbidden character":         inSheet(good + "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>\x01</v></c></row>"),
		"broken UTF-8":                  inSheet(good + "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>\xff</v></c></row>"),
		"rows out of order":             inSheet(`<row r="2"><c r="A2"><v>2</v></c></row>` + good),
		"cells out of order":            inSheet(`<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>`),
		"a cell of another row":         inSheet(`<row r="1"><c r="A7"><v>1</v></c></row>`),
		"a cell that is none":           inSheet(`<row r="1"><c r="17"><v>1</v></c></row>`),
		"a row beyond the last":         inSheet(`<row r="2147483647"><c r="A1"><v>1</v></c></row>`),
		"a text that is not there":      inSheet(`<row r="1"><c r="A1" t="s"><v>7</v></c></row>`),
		"a text before the first":       inSheet(`<row r="1"><c r="A1" t="s"><v>-1</v></c></row>`),
		"two lists of rows":             `<worksheet><sheetData>` + good + `</sheetData><sheetData>` + good + `</sheetData></worksheet>`,
		"no list of rows":               `<worksheet/>`,
		"something behind its end":      inSheet(good) + `<worksheet/>`,
		"an attribute cut off":          inSheet(`<row r="1><c r="A1"><v>1</v></c></row>`),
		"nothing":                       "",
	} {
		wantRefused(t, name, sheetOf(t, xml), "file.damaged", "damaged")
	}
}

func TestATruncatedWorkbookIsRefused(t *testing.T) {
	data := sheetOf(t, inSheet(`<row r="1"><c r="A1"><v>1</v></c></row>`))
	for n := 4; n < len(data); n += 7 {
		wantRefused(t, fmt.Sprint(n, " bytes"), data[:n], "file.damaged", "")
	}
}

// One flipped bit anywhere in a workbook never changes what is read of it.
func TestAFlippedBitIsNoticed(t *testing.T) {
	x := excelize.NewFile()
	defer x.Close()
	for i := 1; i <= 50; i++ {
		if err := x.SetSheetRow("Sheet1", sheet.CellName(1, i), &[]any{fmt.Sprintf("TK-%04d", i), i, "Takhti 11"}); err != nil {
			t.Fatal(err)
		}
	}
	data := bytesOf(t, saved(t, x))
	want, err := cellsOf(t, data)
	if err != nil || len(want) != 50 {
		t.Fatalf("%d rows, %v", len(want), err)
	}
	rapid.Check(t, func(r *rapid.T) {
		bad := slices.Clone(data)
		bad[rapid.IntRange(0, len(data)-1).Draw(r, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		got, err := cellsOf(t, bad)
		if err == nil && fmt.Sprint(got) != fmt.Sprint(want) {
			r.Fatalf("read without an error: %v", got)
		}
	})
}

// Some programs write a million formatted rows behind the last filled one.
func TestAMillionAnnouncedRowsAreNotVisited(t *testing.T) {
	var rows []byte
	for i := 1; i <= 1<<20; i++ {
		rows = append(strconv.AppendInt(append(rows, `<row r="`...), int64(i), 10), '"')
		if i <= 5 {
			rows = append(rows, `><c><v>1</v></c></row>`...)
		} else {
			rows = append(rows, `/>`...)
		}
	}
	got, err := cellsOf(t, packed(t, zip.Store, partsOf(inSheet(string(rows)))))
	if err != nil || len(got) != 5 {
		t.Errorf("%d rows were visited, %v", len(got), err)
	}
}

func TestBombsAreRefusedBeforeTheyBurst(t *testing.T) {
	good := inSheet(`<row r="1"><c r="A1"><v>1</v></c></row>`)
	wantRefused(t, "a sheet that shrank 400-fold", sheetOf(t, inSheet(strings.Repeat(" ", 8<<20))), "file.too_large", "packs 8 MB into")
	texts := sheetOf(t, good, "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si><t>abcdefghijklmnop</t></si>", 1<<12)+"</sst>")
	if _, err := list(t.Context(), memFile("a.xlsx", texts), setting{kind: Devices, limits: Limits{Strings: 1 << 16}}, parseDevice, nil); err == nil || !strings.Contains(err.Error(), "sharedStrings.xml would unpack to") {
		t.Errorf("a table of texts beyond the limit: %v", err)
	}
	wantRefused(t, "a workbook part beyond the limit", sheetOf(t, good, "xl/workbook.xml", strings.Repeat("<!-- "+strings.Repeat("abc", 99)+" -->", 60000)), "file.too_large", "workbook.xml")
	parts := map[string]string{}
	for i := range 513 {
		parts[fmt.Sprint(i)] = ""
	}
	wantRefused(t, "too many parts", zipped(t, parts), "file.too_large", "more than 512 parts")
}

// A table is not so wide, and what stands there may belong to it.
func TestASheetTooWideIsRefusedOnlyWhenItIsTheList(t *testing.T) {
	w := newWorld(t)
	wide := inSheet(`<row r="1"><c r="A1" t="str"><v>Serial</v></c></row><row r="2"><c r="A2" t="str"><v>TK-0001</v></c><c r="XFD2"><v>1</v></c></row>`)
	_, err := NewPlan(t.Context(), w.boss, memFile("a.xlsx", sheetOf(t, wide)), lahore())
	if err == nil || !strings.Contains(err.Error(), "cell XFD2 holds something") {
		t.Errorf("got %v", err)
	}
}

// Parts that no row depends on are not read.
func TestPicturesAndTheLikeAreLeftOut(t *testing.T) {
	data := sheetOf(t, inSheet(`<row r="1"><c r="A1"><v>1</v></c></row>`),
		"xl/media/image1.png", strings.Repeat("x", 100), "xl/theme/theme1.xml", "not XML at all", "xl/calcChain.xml", "<")
	if rows, err := cellsOf(t, data); err != nil || len(rows) != 1 {
		t.Errorf("%v, %v", rows, err)
	}
}
