package sheet_test

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// small are limits that keep one input of a fuzzer from taking long.
var small = sheet.Limits{Sheet: 4 << 20, Strings: 4 << 20, Part: 1 << 20, Total: 16 << 20}

// seed adds the small files of the corpus with one of the endings given.
func seed(f *testing.F, endings ...string) {
	root := os.Getenv("TAKHTI_REAL_DATA")
	if root == "" {
		return
	}
	check(f, filepath.WalkDir(filepath.Join(root, "corpus"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains(endings, filepath.Ext(path)) {
			return err
		}
		data, err := os.ReadFile(path)
		if len(data) < 20<<10 {
			f.Add(data)
		}
		return err
	}))
}

// Whatever a file holds, it is read or refused with a sentence, and the short
// cuts read what the careful way reads.
func FuzzXLSX(f *testing.F) {
	f.Add(bookOf(inSheet(goodRow), "xl/sharedStrings.xml", sharedThree).zipped(f))
	f.Add(bookOf(inSheet(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>`), "xl/sharedStrings.xml", sharedThree, "xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`).zipped(f))
	f.Add(bookOf(utf16Text(inSheet(goodRow), binary.LittleEndian, true)).zipped(f))
	seed(f, ".xlsx", ".xlsm")
	f.Fuzz(func(t *testing.T, data []byte) {
		wantSentence(t, data)
	})
}

// The XML of a sheet, which a change to packed bytes hardly ever reaches, is
// refused or is well formed to encoding/xml too.
func FuzzSheetXML(f *testing.F) {
	f.Add([]byte(inSheet(`<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><v>a&lt;b</v></c></row>`)))
	f.Add([]byte(`<x:worksheet xmlns:x="u"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row><!-- - --></x:sheetData></x:worksheet>`))
	f.Add([]byte(inSheet(`<row r='1'><c r='A1' t='inlineStr'><is><t xml:space="preserve"> &#65;&#x41; </t></is></c></row><row r="9"><c r="B9" s="0" t="s"><v>1</v></c></row>`)))
	f.Add([]byte(`<worksheet><sheetData><row><c t="inlineStr"><is><r><t>a<![CDATA[ ]]></t></r><rPh><t>b</t></rPh></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	f.Fuzz(func(t *testing.T, sheetXML []byte) {
		data := bookOf(string(sheetXML), "xl/sharedStrings.xml", sharedThree).zipped(t)
		if !wantSentence(t, data) || bytes.Contains(sheetXML[:min(len(sheetXML), 4)], []byte{0}) || bytes.HasPrefix(sheetXML, []byte("\xFF\xFE")) || bytes.HasPrefix(sheetXML, []byte("\xFE\xFF")) {
			return
		}
		if version, _, _ := strings.Cut(string(sheetXML), "?>"); strings.Contains(version, "<?xml") {
			return // encoding/xml is choosier about declarations
		}
		for d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(sheetXML, []byte("\uFEFF")))); ; {
			if _, err := d.RawToken(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatalf("passed over: %v", err)
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,\"2\n\"\"3\"\n", "a;b\r1;2\r", "sep=|\na|b", "\xFF\xFEa\x00,\x00", "\x81\x98;1\n", "na\xefve,1\n"} {
		f.Add([]byte(s))
	}
	seed(f, ".csv", ".tsv")
	f.Fuzz(func(t *testing.T, data []byte) {
		wantSentence(t, data)
	})
}

// wantSentence reads a file both ways. It reports whether the file was read.
func wantSentence(t *testing.T, data []byte) bool {
	t.Helper()
	rows, err := dump(data, small)
	var e *sheet.Error
	if err != nil && (!errors.As(err, &e) || e.Code == "" || e.Message == "" || e.Code == sheet.CodeUnreadable) {
		t.Fatalf("refused without a sentence: %v", err)
	}
	book, openErr := open(data, small)
	if openErr != nil {
		return false
	}
	sheet.Careful(book)
	slow, slowErr := dumpBook(book)
	if slow != rows || fmt.Sprint(slowErr) != fmt.Sprint(err) {
		t.Fatalf("carefully: %v\n%q\nas usual: %v\n%q", slowErr, slow, err, rows)
	}
	wantOrder(t, book)
	return err == nil
}

// wantOrder checks what every row promises.
func wantOrder(t *testing.T, book *sheet.Book) {
	t.Helper()
	for i := range book.Sheets() {
		last := 0
		for row, err := range book.Rows(i) {
			if err != nil {
				break
			}
			column := 0
			for _, c := range row.Cells {
				if c.Column <= column || c.Kind == 0 || c.Format == 0 || (c.Kind == sheet.Empty) != (len(c.Text) == 0) && !c.Formula {
					t.Fatalf("row %d: cell %+v behind column %d", row.Number, c, column)
				}
				column = c.Column
				_, _ = c.Time()
			}
			if row.Number <= last || column == 0 {
				t.Fatalf("row %d follows %d, with %d cells", row.Number, last, len(row.Cells))
			}
			last = row.Number
		}
	}
}
