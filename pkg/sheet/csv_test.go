package sheet_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

func TestTextFilesAreReadAsExcelDoes(t *testing.T) {
	for what, c := range map[string]struct{ file, dialect, want string }{
		"commas":                      {"a,b\n1,2\n", "UTF-8, comma", "1: A=a B=b\n2: A=1 B=2\n"},
		"semicolons":                  {"a;b,c\n1;2,5\n3;4\n", "UTF-8, semicolon", "1: A=a B=b,c\n2: A=1 B=2,5\n3: A=3 B=4\n"},
		"tabs":                        {"a\tb c\n1\t2\n", "UTF-8, tab", "1: A=a B=b c\n2: A=1 B=2\n"},
		"bars":                        {"a|b\n1|2\n", "UTF-8, bar", "1: A=a B=b\n2: A=1 B=2\n"},
		"one column":                  {"a\nb\n", "UTF-8, comma", "1: A=a\n2: A=b\n"},
		"a mark":                      {"\uFEFFسیریل,b\n", "UTF-8, comma", "1: A=سیریل B=b\n"},
		"CR LF":                       {"a,b\r\n1,2\r\n", "UTF-8, comma", "1: A=a B=b\n2: A=1 B=2\n"},
		"bare CR":                     {"a,b\r1,2\r\r3,4", "UTF-8, comma", "1: A=a B=b\n2: A=1 B=2\n4: A=3 B=4\n"},
		"no line end":                 {"a,b\n1,2", "UTF-8, comma", "1: A=a B=b\n2: A=1 B=2\n"},
		"blank lines count":           {"\n\na,b\n\n,,\n1,2\n\n", "UTF-8, comma", "3: A=a B=b\n6: A=1 B=2\n"},
		"empty fields are left out":   {"a,,c\n,2,\n", "UTF-8, comma", "1: A=a C=c\n2: B=2\n"},
		"quotes":                      {"\"a,b\",\"say \"\"no\"\"\"\n\"\",x\n", "UTF-8, comma", "1: A=a,b B=say \"no\"\n2: B=x\n"},
		"lines in quotes":             {"a,\"b\r\nc\"\n1,2\n", "UTF-8, comma", "1: A=a B=b\r\nc\n2: A=1 B=2\n"},
		"quotes inside a field":       {"5\" disk,\"x\"y\n", "UTF-8, comma", "1: A=5\" disk B=xy\n"},
		"a separator that is said":    {"sep=;\na,b;c\n", "UTF-8, semicolon", "2: A=a,b B=c\n"},
		"a separator said in quotes":  {"\"sep=|\"\r\na|b\r\n", "UTF-8, bar", "2: A=a B=b\n"},
		"text that only begins so":    {"sep=x\na,b\n", "UTF-8, comma", "1: A=sep=x\n2: A=a B=b\n"},
		"titles above the table":      {"Packing list\n\na;b;c\n1;2;3\n4;5;6\n7;8,1;9\n", "UTF-8, semicolon", "1: A=Packing list\n3: A=a B=b C=c\n4: A=1 B=2 C=3\n5: A=4 B=5 C=6\n6: A=7 B=8,1 C=9\n"},
		"UTF-16":                      {utf16Text("ا,b\n", binary.LittleEndian, true), "UTF-16, comma", "1: A=ا B=b\n"},
		"UTF-16, big end first":       {utf16Text("ا\t😀\n", binary.BigEndian, true), "UTF-16, tab", "1: A=ا B=😀\n"},
		"UTF-16 without its mark":     {utf16Text("abc,b\n", binary.LittleEndian, false), "UTF-16, comma", "1: A=abc B=b\n"},
		"UTF-16 in Urdu, no mark":     {utf16Text("نام,b\n", binary.LittleEndian, false), "UTF-16, comma", "1: A=نام B=b\n"},
		"the same, big end first":     {utf16Text("نام,b\n", binary.BigEndian, false), "UTF-16, comma", "1: A=نام B=b\n"},
		"Windows-1252":                {"na\xefve,caf\xe9,\x80 5\n", "Windows-1252, comma", "1: A=naïve B=café C=€ 5\n"},
		"Windows-1256, Arabic":        {"\xc7\xe1\xcf\xed\xe4;1\n\xe3\xcf\xd1\xd3\xc9;2\n", "Windows-1256, semicolon", "1: A=الدين B=1\n2: A=مدرسة B=2\n"},
		"Windows-1256, one Urdu word": {"\x81\x98;1\n", "Windows-1256, semicolon", "1: A=پک B=1\n"},
	} {
		book, err := open([]byte(c.file), sheet.Limits{})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		got, err := dumpBook(book)
		if err != nil || got != c.want || book.Dialect().String() != c.dialect {
			t.Errorf("%s: %v\ngot %s\n%swant %s\n%s", what, err, book.Dialect(), got, c.dialect, c.want)
		}
		if s := book.Sheets(); len(s) != 1 || s[0].Name != "" || s[0].State != sheet.Visible {
			t.Errorf("%s: sheets %v", what, s)
		}
	}
}

func TestDamagedTextFilesAreRefused(t *testing.T) {
	long := strings.Repeat("x", 300<<10)
	urdu := strings.Repeat("لاہور,سکول\n", 100)
	for what, c := range map[string]struct {
		file   string
		limits sheet.Limits
		code   sheet.Code
		words  string
	}{
		"a quote never closed":       {"a,b\n1,\"2\n3,4\n", sheet.Limits{}, sheet.CodeDamaged, "begins in row 2 never ends"},
		"a quote closed much later":  {"a,b\n1,\"2\n" + long + "\"\n", sheet.Limits{}, sheet.CodeDamaged, "begins in row 2 never ends"},
		"zeros where the end was":    {"a,b\n1,2\n3,4\n" + strings.Repeat("a,b\n", 9000) + strings.Repeat("\x00", 100), sheet.Limits{}, sheet.CodeDamaged, "row 9004 holds bytes of zero"},
		"zeros in quotes":            {strings.Repeat("a,b\n", 9000) + "\"\x00\"", sheet.Limits{}, sheet.CodeDamaged, "row 9001 holds bytes of zero"},
		"UTF-8 cut in a letter":      {urdu + "\xd9", sheet.Limits{}, sheet.CodeDamaged, "written in UTF-8, but for"},
		"UTF-16 cut in a letter":     {utf16Text("a,b\n", binary.LittleEndian, true) + "a", sheet.Limits{}, sheet.CodeDamaged, "half a character"},
		"half a pair in UTF-16":      {utf16Text("a,b\n", binary.LittleEndian, true) + "\x00\xd8a\x00", sheet.Limits{}, sheet.CodeDamaged, "half a character"},
		"a field too long":           {"a,b\n" + long + ",2\n", sheet.Limits{}, sheet.CodeTooLarge, "in row 2, a field is longer than 262144 bytes"},
		"a row too long":             {"a,b\n" + strings.Repeat(long[:1000]+",", 60) + "\n", sheet.Limits{Row: 50_000}, sheet.CodeTooLarge, "in row 2, a row is longer than 50000 bytes"},
		"more rows than allowed":     {"a,b\n1,2\n3,4\n", sheet.Limits{Rows: 2}, sheet.CodeTooLarge, "more than 2 rows"},
		"a field too far right":      {"a,b\n1,2,,,5\n", sheet.Limits{Columns: 4}, sheet.CodeTooWide, "row 2 holds something beyond column D"},
		"empty fields too far right": {"\"a\n" + strings.Repeat(",", 1<<18), sheet.Limits{}, sheet.CodeDamaged, "never ends"},
	} {
		e := wantRefused(t, what, []byte(c.file), c.limits, c.code, c.words)
		if e.Offset == 0 {
			t.Errorf("%s: the error has no offset", what)
		}
	}
}

// The tables of the code pages are those that everybody has.
func TestCodePages(t *testing.T) {
	for _, c := range []struct {
		page   *charmap.Charmap
		prefix string // makes the encoding certain
		want   sheet.Encoding
	}{{charmap.Windows1252, "", sheet.Windows1252}, {charmap.Windows1256, "\x81\xc7\xe1\xcf\xed\xe4", sheet.Windows1256}} {
		for b := 0x80; b <= 0xFF; b++ {
			want := string(c.page.DecodeByte(byte(b)))
			if want == "\uFFFD" {
				continue // no character: such a file is in another code page
			}
			file := []byte(c.prefix + "a," + string([]byte{byte(b)}) + ",z\n")
			book, err := open(file, sheet.Limits{})
			check(t, err)
			got, err := dumpBook(book)
			if err != nil || !strings.Contains(got, "B="+want+" C=z") || book.Dialect().Encoding != c.want {
				t.Errorf("%s, byte %x: %v %q, want %q", book.Dialect(), b, err, got, want)
			}
		}
	}
}

// What encoding/csv writes is read back, with every separator.
func TestTextFilesReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		field := rapid.StringOf(rapid.SampledFrom([]rune("ab \"\n,;\t|ج😀")))
		rows := rapid.SliceOfN(rapid.SliceOfN(field, 3, 3), 4, 40).Draw(r, "rows")
		sep := rapid.SampledFrom([]rune(",;\t|")).Draw(r, "separator")
		for i := range rows {
			rows[i][0] = "x" + rows[i][0] // or the row could be blank
		}
		var buf bytes.Buffer
		fmt.Fprintf(&buf, "sep=%c\n", sep)
		w := csv.NewWriter(&buf)
		w.Comma = sep
		check(t, w.WriteAll(rows))
		book, err := open(buf.Bytes(), sheet.Limits{})
		if err != nil {
			r.Fatal(err)
		}
		n := 0
		for row, err := range book.Rows(0) {
			if err != nil {
				r.Fatal(err)
			}
			for i, want := range rows[n] {
				if got := row.Cell(i + 1).String(); got != want {
					r.Fatalf("row %d, column %d: %q, want %q", row.Number, i+1, got, want)
				}
			}
			n++
		}
		if n != len(rows) {
			r.Fatalf("%d rows, want %d", n, len(rows))
		}
	})
}
