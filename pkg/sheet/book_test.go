package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

// parts are a workbook's parts by name.
type parts map[string]string

// bookOf is a workbook whose one sheet is the given XML; more are names and
// contents of further parts, or others in place of the usual ones.
func bookOf(sheetXML string, more ...string) parts {
	p := parts{
		"_rels/.rels":              `<Relationships><Relationship Id="r1" Type="` + relationships + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":          `<workbook xmlns:r="r"><sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml": sheetXML,
	}
	for i := 0; i+1 < len(more); i += 2 {
		p[more[i]] = more[i+1]
	}
	if p["xl/_rels/workbook.xml.rels"] == "" {
		p["xl/_rels/workbook.xml.rels"] = p.relations()
	}
	return p
}

func (p parts) relations() string {
	all := `<Relationship Id="r1" Type="` + relationships + `/worksheet" Target="worksheets/sheet1.xml"/>`
	for _, kind := range []string{"sharedStrings", "styles"} {
		if p["xl/"+kind+".xml"] != "" {
			all += `<Relationship Id="` + kind + `" Type="` + relationships + `/` + kind + `" Target="` + kind + `.xml"/>`
		}
	}
	return `<Relationships>` + all + `</Relationships>`
}

func inSheet(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

const goodRow = `<row r="1"><c r="A1"><v>1</v></c></row>`

// zipped packs the parts in the order of their names.
func (p parts) zipped(tb testing.TB) []byte {
	tb.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		w, err := z.Create(name)
		check(tb, err)
		_, err = w.Write([]byte(p[name]))
		check(tb, err)
	}
	check(tb, z.Close())
	return buf.Bytes()
}

func open(data []byte, l sheet.Limits) (*sheet.Book, error) {
	return sheet.Open(bytes.NewReader(data), int64(len(data)), l)
}

// dump reads all sheets of a file: a line for each row, such as
// "2: A=TK-1 C=7(number)"; the kind is left out for texts.
func dump(data []byte, l sheet.Limits) (string, error) {
	book, err := open(data, l)
	if err != nil {
		return "", err
	}
	return dumpBook(book)
}

func dumpBook(book *sheet.Book) (string, error) {
	var out strings.Builder
	for i := range book.Sheets() {
		for row, err := range book.Rows(i) {
			if err != nil {
				return out.String(), err
			}
			fmt.Fprintf(&out, "%d:", row.Number)
			for _, c := range row.Cells {
				fmt.Fprintf(&out, " %s=%s", sheet.ColumnName(c.Column), c)
				if c.Kind != sheet.Text {
					fmt.Fprintf(&out, "(%v)", c.Kind)
				}
				if c.Format != sheet.General {
					fmt.Fprintf(&out, "(%v)", c.Format)
				}
				if c.Formula {
					out.WriteString("(formula)")
				}
			}
			out.WriteByte('\n')
		}
	}
	return out.String(), nil
}

// wantRefused checks that reading a file ends with an error of the given code
// whose sentence holds the given words.
func wantRefused(t *testing.T, what string, data []byte, l sheet.Limits, code sheet.Code, words string) *sheet.Error {
	t.Helper()
	got, err := dump(data, l)
	var e *sheet.Error
	switch {
	case err == nil:
		t.Errorf("%s: was read as %.200q", what, got)
	case !errors.As(err, &e):
		t.Errorf("%s: refused without a sentence: %v", what, err)
	case e.Code != code || !strings.Contains(e.Message, words):
		t.Errorf("%s: got %s: %s\nwant %s: …%s…", what, e.Code, e.Message, code, words)
	default:
		return e
	}
	return &sheet.Error{}
}

func wantRows(t *testing.T, what string, data []byte, want string) {
	t.Helper()
	got, err := dump(data, sheet.Limits{})
	if err != nil {
		t.Errorf("%s: %v", what, err)
	} else if got != want {
		t.Errorf("%s: got\n%swant\n%s", what, got, want)
	}
}
